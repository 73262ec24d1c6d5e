//! Making an index anew: from the files of its letters where they are there, else from what it has stored of them.
//!
//! The paths that the user names are read as in any run, and with them every file that the old index knows. What could not be read, or
//! is not there, comes from the old index, so that no letter is lost that either has; and what came into the old one when is kept, so
//! that nothing is new that is not.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use super::batch::{self, Sink};
use super::reading::{self, Ready};
use super::timings::{Clock, Phase};
use super::{Progress, Report, Run, Settings, fate, reason, waiting};
use crate::error::{Error, Result};
use crate::index::anew::{Anew, Old, Stored};
use crate::index::held::{Document, Source as Known};
use crate::index::{Index, Stamp, Writer};
use crate::record::Letter;
use crate::source::{self, Input, Options, Source};

/// Makes the index in `folder` anew, from the letters in `paths` and all that it knows. Until that is done the old one is the index.
///
/// # Errors
/// Those of [`super::run`], and [`Error::NoIndex`] where there is none.
pub fn rebuild(folder: &Path, paths: &[PathBuf], settings: &Settings, progress: &dyn Progress) -> Result<(Index, Report)> {
    let begun = waiting(settings.wait, progress, |go_on| Anew::begin(folder, go_on))?;
    let Some(anew) = begun else {
        return Ok((Index::open(folder)?, Report { stopped: true, ..Report::default() }));
    };
    match made(&anew, paths, settings, progress) {
        Ok(report) if report.stopped => {
            anew.give_up();
            Ok((Index::open(folder)?, report))
        }
        Ok(report) => {
            anew.finish()?;
            Ok((Index::open(folder)?, report))
        }
        Err(e) => {
            let e = anew.new.explained(e);
            anew.give_up();
            Err(if matches!(e, Error::DiskFull(_)) { Error::DiskFull(folder.to_owned()) } else { e })
        }
    }
}

fn made(anew: &Anew, paths: &[PathBuf], settings: &Settings, progress: &dyn Progress) -> Result<Report> {
    let clock = Clock::start(settings.timings);
    let (old, options) = (&anew.old, &settings.options);
    let mut writer = Writer::open(&anew.new)?;
    writer.inherit(old)?;
    let found = clock.alone(Phase::Find, || source::find(paths, anew.new.path(), options));
    let mut report = Report { skipped: found.skipped, ..Report::default() };
    report.failed.extend(found.failed.into_iter().map(|(path, why)| (path, reason(&why))));
    let mut inputs = found.inputs;
    let containers = containers(old)?;
    clock.alone(Phase::Compare, || add_known(old, &containers, options, &mut inputs))?;
    progress.start(inputs.len() as u64);

    let mut run = Run::new(writer, report, progress, &clock, settings.commit_every);
    let maker = run.writer.maker();
    let work = |source: &Source| reading::ready(source, &maker, &clock);
    let mut reading = Rebuilding { run: &mut run, unread: HashSet::new(), whole: HashSet::new() };
    batch::read(&inputs, options, &work, &mut reading)?;
    let read = Read { unread: reading.unread, whole: reading.whole };
    drop(inputs);
    run.report.stopped = progress.stop();
    if !run.report.stopped {
        restore(&mut run, old, &read)?;
    }
    run.report.failed.extend(old.lost.iter().cloned());
    let Run { mut writer, mut report, .. } = run;
    clock.time(Phase::Commit, || writer.commit())?;
    clock.alone(Phase::Merge, || writer.close())?;
    report.timings = clock.stop();
    Ok(report)
}

/// What was read of what the old index knows.
struct Read {
    /// Sources that could not be read.
    unread: HashSet<String>,
    /// Containers that were read to their ends.
    whole: HashSet<String>,
}

impl Read {
    /// Whether a source is a member that its container no longer holds.
    fn is_gone(&self, id: &str) -> bool {
        container_of(id, &self.whole).is_some() && !self.unread.contains(id)
    }
}

/// The files with many letters that the old index knows.
fn containers(old: &Old) -> Result<HashSet<String>> {
    let mut containers = HashSet::new();
    old.each(|document, _| {
        if let Document::Container { source, .. } = document {
            containers.insert(source.id.clone());
        }
        Ok(())
    })?;
    Ok(containers)
}

/// The file of which a source is a member.
fn container_of<'a>(id: &'a str, containers: &HashSet<String>) -> Option<&'a str> {
    id.match_indices('!').filter_map(|(at, _)| id.get(..at)).find(|file| containers.contains(*file))
}

/// Adds to the files that were found those that the old index knows and that are there, under the names that they had. What was read
/// with other options is not read with these, which might make another letter of it.
fn add_known(old: &Old, containers: &HashSet<String>, options: &Options, inputs: &mut Vec<Input>) -> Result<()> {
    let hasher = RandomState::new();
    let mut empty = Vec::new();
    let mut seen: HashSet<u64> = inputs.iter().map(|input| hasher.hash_one(input.id())).collect();
    old.each(|document, stored| {
        let (Document::Letter { source, .. } | Document::Copy { source, .. } | Document::Container { source, .. }) = document
        else {
            return Ok(());
        };
        let file = container_of(&source.id, containers).unwrap_or(&source.id);
        // A container is named by its members, as long as it has any.
        if matches!(document, Document::Container { .. }) {
            empty.push((source.clone(), hasher.hash_one(file)));
        } else if seen.insert(hasher.hash_one(file)) {
            inputs.extend(known(file, source, Some(stored), options));
        }
        Ok(())
    })?;
    empty.retain(|(_, hash)| !seen.contains(hash));
    inputs.extend(empty.iter().filter_map(|(source, _)| known(&source.id, source, None, options)));
    old.each_unplaced(|stored| {
        let named = stored.letter().ok().and_then(|letter| file_named(&letter.source));
        let input = named.and_then(|named| Input::named(&named, options).ok());
        inputs.extend(input.filter(|input| seen.insert(hasher.hash_one(input.id()))));
        Ok(())
    })
}

/// The file that a letter names as its source, or of which that is a member, if it is there.
fn file_named(source: &str) -> Option<PathBuf> {
    let ends = source.match_indices('!').map(|(at, _)| at).chain([source.len()]);
    ends.filter_map(|end| source.get(..end)).map(PathBuf::from).find(|path| path.is_file())
}

/// The file, if it is there and can be read as it was; under the name by which a letter of it is known.
fn known(file: &str, source: &Known, letter: Option<&Stored<'_>>, options: &Options) -> Option<Input> {
    if fate::of(&source::path_of(file), &mut fate::missing_in) != fate::Fate::There {
        return None;
    }
    let name = letter.filter(|stored| stored.known.is_some()).and_then(|stored| stored.letter().ok()).map(|letter| letter.source);
    let member = source.id.get(file.len()..).unwrap_or_default();
    let named = name.and_then(|name| name.strip_suffix(member).map(PathBuf::from));
    let input = match named {
        Some(named) => Input::known_as(file, named, options),
        None => Input::known(file, options),
    };
    input.ok().filter(|input| input.state.options == source.stamp.options)
}

/// Takes over what was not read, but for members that are no longer in their containers. A letter that has been read from another
/// file is kept as it is there, unless its own file is there and could not be read.
fn restore(run: &mut Run<'_>, old: &Old, read: &Read) -> Result<()> {
    old.each(|_, stored| {
        let Some((key, source)) = &stored.known else { return Ok(()) };
        let is_held = run.writer.holder_of(key)?.is_some() && !read.unread.contains(&source.id);
        if is_held || read.is_gone(&source.id) || run.writer.stamp_of(&source.id)?.is_some() {
            return Ok(());
        }
        match stored.letter() {
            Ok(letter) => run.restore(&source.id, source.stamp, &letter),
            Err(_) if run.writer.holder_of(key)?.is_some() => Ok(()),
            Err(e) => {
                let why = format!("{key} cannot be had from this file, nor from the index: {e}");
                run.report.failed.push((source.id.clone(), why));
                Ok(())
            }
        }
    })?;
    old.each(|document, _| match document {
        Document::Container { source, faults } if run.writer.stamp_of(&source.id)?.is_none() => {
            run.writer.end(&source.id, source.stamp, *faults, false).map(drop)
        }
        _ => Ok(()),
    })?;
    old.each_unplaced(|stored| restore_unplaced(run, stored, read))
}

/// A letter of which is told only what it says itself: taken over where no file has been read that gives as much of it.
fn restore_unplaced(run: &mut Run<'_>, stored: &Stored<'_>, read: &Read) -> Result<()> {
    match stored.letter() {
        Ok(letter) => {
            let named = PathBuf::from(&letter.source);
            let path = named.canonicalize().or_else(|_| std::path::absolute(&named)).unwrap_or(named);
            let id = source::identity(&path);
            let here = run.writer.decisions_of(&letter.key())?;
            let is_here = here.is_some_and(|here| here >= letter.decisions.len() as u64);
            if is_here || read.is_gone(&id) || run.writer.stamp_of(&id)?.is_some() {
                return Ok(());
            }
            // It is looked at again by the next run that comes upon it.
            run.restore(&id, Stamp::NONE, &letter)
        }
        Err(e) => {
            run.report.failed.push(("a letter in the index".to_owned(), format!("it cannot be had from it: {e}")));
            Ok(())
        }
    }
}

impl Run<'_> {
    fn restore(&mut self, id: &str, stamp: Stamp, letter: &Letter) -> Result<()> {
        let documents = self.writer.maker().documents(letter)?;
        self.writer.add(id, stamp, documents)?;
        self.report.restored += 1;
        self.wrote()
    }
}

/// Reads into the new index, and remembers what could not be read.
struct Rebuilding<'r, 'a> {
    run: &'r mut Run<'a>,
    unread: HashSet<String>,
    /// Containers that were read to their ends.
    whole: HashSet<String>,
}

impl Sink for Rebuilding<'_, '_> {
    type Error = Error;
    type Read = Ready;

    fn wants(&mut self, source: &Source) -> Result<bool> {
        self.run.wants(source)
    }

    fn begin(&mut self, container: &Input) -> Result<()> {
        self.run.begin(container)
    }

    fn letter(&mut self, source: &Source, outcome: Result<Self::Read>) -> Result<()> {
        if outcome.is_err() {
            self.unread.insert(source.id.clone());
        }
        self.run.letter(source, outcome)
    }

    fn stopped(&self) -> bool {
        self.run.stopped()
    }

    fn passed_over(&mut self, counted: String) {
        self.run.passed_over(counted);
    }

    fn end(&mut self, container: &Input, outcome: Result<()>) -> Result<()> {
        if outcome.is_ok() {
            self.whole.insert(container.id());
        }
        self.run.end(container, outcome)
    }
}
