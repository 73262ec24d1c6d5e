//! `imr index --watch`: brings the index up to date, and again whenever something has changed, until it is interrupted.
//!
//! The index is open for writing only while letters are written, so that other runs come to their turn.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use imr::error::Error;
use imr::ingest::Settings;
use imr::source::watch::{Burst, Watcher};

use super::interrupt::Interrupt;
use super::{index, told};
use crate::cli::IndexArgs;
use crate::exit::Exit;

/// How long another run is given before the index is asked for again.
const TURN: Duration = Duration::from_millis(500);

pub fn run(index: &Path, paths: &[PathBuf], args: &IndexArgs, interrupt: Interrupt) -> Result<Exit> {
    let real = |path: &PathBuf| path.canonicalize().with_context(|| format!("{} cannot be watched", path.display()));
    let real = paths.iter().map(real).collect::<Result<Vec<_>>>()?;
    // It watches before the first run begins, so that nothing is missed between them.
    let watcher = Watcher::new(&real)?;
    let is_mine = |path: &PathBuf| index.canonicalize().is_ok_and(|index| path.starts_with(index));
    let mut changed = None;
    loop {
        let settings = Settings { changed: changed.clone(), ..args.settings() };
        if !refreshed(index, paths, &settings, &interrupt)? {
            return Ok(Exit::Done);
        }
        anstream::eprintln!("{}", told("watching; interrupt it to end"));
        changed = loop {
            match watcher.next(&|| interrupt.is_asked()) {
                None => return Ok(Exit::Done),
                Some(Burst::Anything) => break None,
                Some(Burst::Paths(paths)) => {
                    // The index may lie in a folder that is watched.
                    let others: BTreeSet<_> = paths.into_iter().filter(|path| !is_mine(path)).collect();
                    if !others.is_empty() {
                        break Some(others);
                    }
                }
            }
        };
    }
}

/// Brings the index up to date once no other run writes it; false if it is to end.
fn refreshed(index: &Path, paths: &[PathBuf], settings: &Settings, interrupt: &Interrupt) -> Result<bool> {
    let mut waits = false;
    while !interrupt.is_asked() {
        match index::refresh(index, paths, settings, interrupt.clone()) {
            Ok(_) => return Ok(!interrupt.is_asked()),
            Err(e) if matches!(e.downcast_ref(), Some(Error::IndexBusy(_))) => {
                if !std::mem::replace(&mut waits, true) {
                    anstream::eprintln!("{}", told("another imr is writing the index; waiting for its end"));
                }
                std::thread::sleep(TURN);
            }
            Err(e) => return Err(e),
        }
    }
    Ok(false)
}
