//! Settling: which source holds a letter, once the one that held it has changed or gone.
//!
//! No letter is lost with it. What a source held that cannot be read now is taken out, so that the next run that comes upon the
//! source reads it as one that is new; and where no other source has the letter, the report says so.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::batch::{self, Sink};
use super::fate::{self, Fate};
use super::reading::{self, Ready};
use super::{Run, reason};
use crate::error::Result;
use crate::source::{self, Input, Options, Root, Source};

/// A source that was to be read again and was not.
struct Lost {
    source: String,
    letter: String,
    why: Option<String>,
}

impl Run<'_> {
    /// Forgets the source that holds the letter `key` if its file is not there: what is gone must not win over what is read now. If
    /// it was on a disk that is not mounted, it is read again when it is.
    pub(super) fn let_go_of_gone(&mut self, key: &str, reading: &str) -> Result<bool> {
        let Some(holder) = self.writer.holder_of(key)?.filter(|holder| *holder != reading) else { return Ok(false) };
        let gone = self.fate(&holder)? != Fate::There;
        if gone {
            self.writer.drop_source(&holder)?;
        }
        Ok(gone)
    }

    /// What became of the file that a source is or is in.
    fn fate(&self, source: &str) -> Result<Fate> {
        let file = self.writer.container_of(source)?.unwrap_or(source);
        Ok(fate::of(&source::path_of(file), &mut fate::missing_in))
    }

    /// Reads the sources that should hold their letter since what held it has changed or gone.
    pub(super) fn settle(&mut self, roots: &[Arc<Root>], options: &Options) -> Result<()> {
        let mut lost = Vec::new();
        loop {
            let unsettled = self.writer.unsettled()?;
            if unsettled.is_empty() {
                break;
            }
            self.dirty = true;
            let (files, wanted) = self.readable(&unsettled, roots, options)?;
            let (maker, clock) = (self.writer.maker(), self.clock);
            let work = |source: &Source| reading::ready(source, &maker, clock);
            let mut settling = Settling { run: self, wanted, failed: HashMap::new(), read: HashSet::new() };
            batch::read(&files, options, &work, &mut settling)?;
            let Settling { read, mut failed, .. } = settling;
            if self.progress.stop() {
                // What is not settled is, by the next run.
                self.report.stopped = true;
                break;
            }
            for source in unsettled.into_iter().filter(|source| !read.contains(source)) {
                let is_gone = self.fate(&source)? == Fate::Gone;
                let why = failed.remove(&source);
                if let Some(letter) = self.writer.drop_source(&source)?.filter(|_| !is_gone) {
                    lost.push(Lost { source, letter, why });
                }
            }
        }
        for Lost { source, letter, why } in lost {
            if let Some(why) = why {
                self.report.failed.push((source, why));
            } else if self.writer.holder_of(&letter)?.is_none() {
                let why = format!("it alone has {letter} now, and cannot be read as before; index it again when it is there");
                self.report.failed.push((source, why));
            }
        }
        Ok(())
    }

    /// The files of sources that can be read as they were before, and these sources. What was read with other options is not read
    /// with these, which might make another letter of it.
    fn readable(&self, sources: &[String], roots: &[Arc<Root>], options: &Options) -> Result<(Vec<Input>, HashSet<String>)> {
        let mut files: BTreeMap<&str, Option<Input>> = BTreeMap::new();
        let mut readable = HashSet::new();
        for source in sources {
            let id = self.writer.container_of(source)?.unwrap_or(source);
            let file = files.entry(id).or_insert_with(|| {
                let named = roots.iter().find_map(|root| root.input(id, options));
                named.unwrap_or_else(|| Input::known(id, options)).ok()
            });
            let before = self.writer.stamp_of(source)?.map(|stamp| stamp.options);
            readable.extend(file.as_ref().filter(|file| before == Some(file.state.options)).map(|_| source.clone()));
        }
        Ok((files.into_values().flatten().collect(), readable))
    }
}

/// Reads sources again, one letter here and there: the containers that they are in are not read anew by it.
struct Settling<'r, 'a> {
    run: &'r mut Run<'a>,
    wanted: HashSet<String>,
    read: HashSet<String>,
    /// What could not be read, with the reason.
    failed: HashMap<String, String>,
}

impl Sink for Settling<'_, '_> {
    type Error = crate::error::Error;
    type Read = Ready;

    fn wants(&mut self, source: &Source) -> Result<bool> {
        Ok(self.wanted.contains(&source.id))
    }

    fn letter(&mut self, source: &Source, outcome: Result<Self::Read>) -> Result<()> {
        match outcome {
            Err(e) => {
                self.failed.insert(source.id.clone(), reason(&e));
                Ok(())
            }
            read => {
                self.read.insert(source.id.clone());
                self.run.letter(source, read)
            }
        }
    }

    fn stopped(&self) -> bool {
        self.run.stopped()
    }
}
