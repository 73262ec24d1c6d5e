//! `imr index`: brings the index up to date and reports.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use imr::error::Error;
use imr::index::Index;
use imr::ingest::{self, Progress, Report, Settings};
use imr::render::safe;
use imr::search::{self, Request};
use indicatif::{ProgressBar, ProgressStyle};

use super::interrupt::{self, Interrupt};
use super::{report, told, watch};
use crate::cli::{IndexArgs, InputArgs};
use crate::exit::Exit;

pub fn run(index: &Path, args: &IndexArgs) -> Result<Exit> {
    let interrupt = interrupt::watched()?;
    let paths = super::paths::paths(&args.paths, &args.input)?;
    if args.watch {
        return watch::run(index, &paths, args, interrupt);
    }
    ensure_some(&paths, &args.settings())?;
    let (index, report) = match args.rebuild {
        true => rebuild(index, &paths, &args.settings(), interrupt)?,
        false => refresh(index, &paths, &args.settings(), interrupt)?,
    };
    tell(&index, &paths, &report)?;
    // An inbox that is empty today is no fault, but an index without a letter is not what anybody wanted.
    let is_empty = report.is_nothing() && index.size(&index.searcher()?)?.letters == 0;
    Ok(if report.is_clean() && !is_empty { Exit::Done } else { Exit::Partly })
}

/// Brings the index up to date before a query.
pub fn once(path: &Path, paths: &[PathBuf], input: &InputArgs) -> Result<(Index, Report)> {
    let settings = Settings { options: input.options(), ..Settings::default() };
    let paths = super::paths::paths(paths, input)?;
    ensure_some(&paths, &settings)?;
    let (index, report) = refresh(path, &paths, &settings, Interrupt::never())?;
    tell(&index, &paths, &report)?;
    Ok((index, report))
}

/// Refuses paths none of which is there, before an index is made of nothing.
fn ensure_some(paths: &[PathBuf], settings: &Settings) -> Result<()> {
    // What is pruned may be gone altogether.
    if !paths.is_empty() && settings.prune.is_none() && paths.iter().all(|p| !p.exists()) {
        let names: Vec<_> = paths.iter().map(|p| p.to_string_lossy()).collect();
        bail!("nothing to read, there is no {}", names.join(", "));
    }
    Ok(())
}

/// Reads `paths` into the index, making it where there is none.
pub fn refresh(path: &Path, paths: &[PathBuf], settings: &Settings, interrupt: Interrupt) -> Result<(Index, Report)> {
    let index = Index::open_or_create(path)?;
    let bar = Bar { bar: ProgressBar::hidden(), interrupt };
    let report = ingest::run_with(&index, paths, settings, &bar)?;
    bar.bar.finish_and_clear();
    Ok((index, report))
}

/// Makes the index anew.
fn rebuild(path: &Path, paths: &[PathBuf], settings: &Settings, interrupt: Interrupt) -> Result<(Index, Report)> {
    let bar = Bar { bar: ProgressBar::hidden(), interrupt };
    let made = ingest::rebuild(path, paths, settings, &bar)?;
    bar.bar.finish_and_clear();
    Ok(made)
}

/// Writes to standard error what a run did and, if that was asked for, where its time went.
pub fn tell(index: &Index, paths: &[PathBuf], report: &Report) -> Result<()> {
    if report.is_nothing() {
        let names: Vec<_> = paths.iter().map(|p| safe::line(&p.to_string_lossy())).collect();
        anstream::eprintln!("{}", told(&format!("no letters found in {}", names.join(", "))));
    }
    let held = search::search(index, &everything())?;
    report::report(&mut anstream::stderr(), report, held.index, &held.outcomes)?;
    if let Some(timings) = &report.timings {
        report::timings(&mut anstream::stderr(), timings)?;
    }
    Ok(())
}

fn everything() -> Request {
    Request { limit: 0, ..Request::default() }
}

/// A bar on standard error; nothing where that is no terminal.
struct Bar {
    bar: ProgressBar,
    interrupt: Interrupt,
}

impl Progress for Bar {
    fn start(&self, sources: u64) {
        let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} letters, {per_sec:.0}, {eta} left");
        self.bar.set_length(sources);
        self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
    }

    fn advance(&self, sources: u64) {
        self.bar.inc(sources);
    }

    fn more(&self, sources: u64) {
        self.bar.inc_length(sources);
    }

    fn stop(&self) -> bool {
        self.interrupt.is_asked()
    }

    fn waits(&self, why: &Error) {
        let why = why.to_string();
        let who = why.split_once(';').map_or(&*why, |(who, _)| who);
        anstream::eprintln!("{}", told(&format!("{}; waiting for its end", safe::line(who))));
    }
}
