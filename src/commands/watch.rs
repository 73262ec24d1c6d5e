//! `imr index --watch`: brings the index up to date, and again whenever something has changed, until it is interrupted.
//!
//! The index is open for writing only while letters are written, so that other runs come to their turn. The first run is reported
//! as any other; later ones only if there was something to do, for much that changes in a folder is no letter.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use imr::ingest::Settings;
use imr::render::safe;
use imr::source::watch::{Burst, Watcher};

use super::interrupt::Interrupt;
use super::{index, told};
use crate::cli::IndexArgs;
use crate::exit::Exit;

pub fn run(path: &Path, paths: &[PathBuf], args: &IndexArgs, interrupt: Interrupt) -> Result<Exit> {
    // One that is not there yet is more likely a slip than a folder to come.
    for path in paths {
        path.canonicalize().with_context(|| format!("{} cannot be watched", path.display()))?;
    }
    // It watches before the first run begins, so that nothing is missed between them.
    let mut watcher = Watcher::new(paths)?;
    let mut gone = BTreeSet::new();
    let mut changed = None;
    let mut is_first = true;
    loop {
        let there = those_there(paths, &mut gone);
        // Where all is looked at, what is gone is looked at too if it may be taken out.
        let asked = if changed.is_none() && args.prune.is_some() { paths } else { &there };
        // Whatever other run writes the index comes to its end.
        let settings = Settings { changed, wait: Some(Duration::MAX), ..args.settings() };
        let (index, report) = index::refresh(path, asked, &settings, interrupt.clone())?;
        if is_first || !report.is_idle() {
            index::tell(&index, asked, &report)?;
            anstream::eprintln!("{}", told("watching; interrupt it to end"));
        }
        if report.stopped {
            return Ok(Exit::Partly);
        }
        is_first = false;
        changed = loop {
            match watcher.next(&|| interrupt.is_asked())? {
                None => return Ok(Exit::Done),
                Some(Burst::Anything) => break None,
                Some(Burst::Paths(paths)) => {
                    // The index may lie in a folder that is watched.
                    let mine = path.canonicalize().ok();
                    let is_mine = |path: &PathBuf| mine.as_ref().is_some_and(|mine| path.starts_with(mine));
                    let others: BTreeSet<_> = paths.into_iter().filter(|path| !is_mine(path)).collect();
                    if !others.is_empty() {
                        break Some(others);
                    }
                }
            }
        };
    }
}

/// The paths that are there; which are `gone`, and which have come back, is said once.
fn those_there(paths: &[PathBuf], gone: &mut BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let (there, missing): (Vec<_>, Vec<_>) = paths.iter().cloned().partition(|path| path.exists());
    for path in &there {
        if gone.remove(path) {
            anstream::eprintln!("{}", told(&format!("{} is there again", safe::line(&path.to_string_lossy()))));
        }
    }
    for path in missing {
        let name = safe::line(&path.to_string_lossy());
        if gone.insert(path) {
            anstream::eprintln!("{}", told(&format!("{name} is gone; waiting for it to come back")));
        }
    }
    there
}
