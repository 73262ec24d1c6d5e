//! `imr index`: brings the index up to date and reports.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use imr::index::Index;
use imr::ingest::{self, Progress, Report};
use imr::render::safe;
use imr::search::{self, Request};
use indicatif::{ProgressBar, ProgressStyle};

use super::{report, told};
use crate::cli::{IndexArgs, InputArgs};
use crate::exit::Exit;

pub fn run(index: &Path, args: &IndexArgs) -> Result<Exit> {
    let (index, report) = refresh(index, &args.paths, &args.input)?;
    // An inbox that is empty today is no fault, but an index without a letter is not what anybody wanted.
    let is_empty = report.is_nothing() && index.size(&index.searcher()?)?.letters == 0;
    Ok(if report.is_clean() && !is_empty { Exit::Done } else { Exit::Partly })
}

/// Reads `paths` into the index, making it where there is none, and writes the report to standard error.
pub fn refresh(path: &Path, paths: &[PathBuf], input: &InputArgs) -> Result<(Index, Report)> {
    let paths = super::paths::paths(paths, input)?;
    if !paths.is_empty() && paths.iter().all(|p| !p.exists()) {
        let names: Vec<_> = paths.iter().map(|p| p.to_string_lossy()).collect();
        bail!("nothing to read, there is no {}", names.join(", "));
    }
    let index = Index::open_or_create(path)?;
    let bar = Bar(ProgressBar::hidden());
    let report = ingest::run_with(&index, &paths, &input.options(), &bar)?;
    bar.0.finish_and_clear();
    if report.is_nothing() {
        let names: Vec<_> = paths.iter().map(|p| safe::line(&p.to_string_lossy())).collect();
        anstream::eprintln!("{}", told(&format!("no letters found in {}", names.join(", "))));
    }
    let held = search::search(&index, &everything())?;
    report::report(&mut anstream::stderr(), &report, held.index, &held.outcomes)?;
    Ok((index, report))
}

fn everything() -> Request {
    Request { limit: 0, ..Request::default() }
}

/// A bar on standard error; nothing where that is no terminal.
struct Bar(ProgressBar);

impl Progress for Bar {
    fn start(&self, sources: u64) {
        let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} letters, {per_sec}, {eta} left");
        self.0.set_length(sources);
        self.0.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        self.0.set_draw_target(indicatif::ProgressDrawTarget::stderr());
    }

    fn advance(&self, sources: u64) {
        self.0.inc(sources);
    }

    fn more(&self, sources: u64) {
        self.0.inc_length(sources);
    }
}
