//! Keeps letters in the index: adds them, replaces them, knows which sources are in it.
//!
//! A letter is its case number. Where several sources hold the same letter, one of them is kept: the one that gave most
//! decisions, of equals the first by name. The choice depends on the sources alone, not on the order in which they come, so
//! that a run repeated or resumed ends in the same index. The others are remembered as copies, so that they are not read again.
//! Whatever changes which source should hold a letter is settled by reading that source again: see [`Writer::unsettled`].
//!
//! A container's members are sources like others. The container itself is written behind its last member, so that one that was
//! not read to its end is never taken for current; until then its members of old give way to any that is read now.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use tantivy::indexer::UserOperation;
use tantivy::{IndexWriter, TantivyDocument, TantivyError, Term};

use super::documents::{self, Documents};
use super::generation::Generations;
use super::{Commit, Index, schema};
use crate::error::{Error, Result};
use crate::record::Letter;

/// Memory that tantivy may fill before it writes a segment, in bytes, for all its threads.
const HEAP: usize = 128 << 20;
/// How often and how long a writer waits for the one before it.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
/// Segments are written by this many threads; more would only make more segments.
const THREADS: usize = 2;

/// What tells whether a source has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Time of change, in nanoseconds since 1970.
    pub changed: i64,
    /// A digest of the options on which its reading depended; 0 where it depended on none.
    pub options: u64,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It was not in the index.
    New,
    /// Its source held a letter before, which it replaced.
    Replaced,
    /// Another source holds the same letter.
    Copy {
        /// The source whose text is in the index.
        kept: String,
        /// The source that is only remembered.
        other: String,
    },
}

/// A source in the index.
struct Known {
    stamp: Stamp,
    key: String,
    decisions: u64,
    /// It is a member of a container that is being read again, and has not come up yet.
    old: bool,
}

impl Known {
    /// The document of a source that does not hold its letter.
    fn copy(&self, handles: &schema::Handles, source: &str) -> TantivyDocument {
        documents::copy(handles, source, self.stamp, &self.key, self.decisions)
    }
}

/// A container in the index.
struct Container {
    stamp: Stamp,
    faults: u64,
}

/// The one writer of an index.
pub struct Writer {
    tantivy: IndexWriter,
    handles: schema::Handles,
    /// In order, so that the members of a container stand together.
    sources: BTreeMap<String, Known>,
    containers: HashMap<String, Container>,
    /// The source that holds each letter.
    letters: HashMap<String, String>,
    /// The last commit.
    last: Commit,
    generations: Generations,
    /// Letters of which another source than their holder may now be the one to keep.
    open: HashSet<String>,
}

/// The engine's writer, of which there is one at a time. A run that has just ended may need a moment to let go of the lock.
fn lock(index: &Index) -> Result<IndexWriter> {
    let mut tries = 0;
    loop {
        match index.tantivy.writer_with_num_threads(THREADS, HEAP) {
            Ok(writer) => return Ok(writer),
            Err(TantivyError::LockFailure(..)) if tries < LOCK_TRIES => {
                tries += 1;
                std::thread::sleep(LOCK_PAUSE);
            }
            Err(TantivyError::LockFailure(..)) => return Err(Error::IndexBusy(index.path.clone())),
            Err(e) => return Err(e.into()),
        }
    }
}

impl Writer {
    /// Opens the index for writing and reads which sources are in it.
    ///
    /// # Errors
    /// [`Error::IndexBusy`] while another writer is open, in this process or another.
    pub fn open(index: &Index) -> Result<Self> {
        let tantivy = lock(index)?;
        let mut writer = Writer {
            last: index.commit()?,
            generations: Generations::of(tantivy.index(), index.handles.clone())?,
            tantivy,
            handles: index.handles.clone(),
            sources: BTreeMap::new(),
            containers: HashMap::new(),
            letters: HashMap::new(),
            open: HashSet::new(),
        };
        writer.read_sources(index)?;
        Ok(writer)
    }

    fn read_sources(&mut self, index: &Index) -> Result<()> {
        for segment in index.searcher()?.segment_readers() {
            let fast = segment.fast_fields();
            let text = |name: &str| -> Result<_> { Ok(fast.str(name)?) };
            let (Some(source), key, copy_of) = (text("source")?, text("key")?, text("copy-of")?) else { continue };
            let (size, changed, options) = (fast.u64("size")?, fast.i64("changed")?, fast.u64("options")?);
            let count = fast.u64("count")?;
            for doc in segment.doc_ids_alive() {
                let value = |column: &Option<tantivy::columnar::StrColumn>| -> Result<Option<String>> {
                    let Some(column) = column else { return Ok(None) };
                    let Some(ord) = column.ords().first(doc) else { return Ok(None) };
                    let mut text = String::new();
                    column.ord_to_str(ord, &mut text).map_err(|e| Error::Index(e.to_string()))?;
                    Ok(Some(text))
                };
                let Some(source) = value(&Some(source.clone()))? else { continue };
                let (size, changed) = (size.first(doc).unwrap_or(0), changed.first(doc).unwrap_or(0));
                let stamp = Stamp { size, changed, options: options.first(doc).unwrap_or(0) };
                let count = count.first(doc).unwrap_or(0);
                let key = match (value(&key)?, value(&copy_of)?) {
                    (Some(key), _) => {
                        self.letters.insert(key.clone(), source.clone());
                        key
                    }
                    (None, Some(key)) => key,
                    (None, None) => {
                        self.containers.insert(source, Container { stamp, faults: count });
                        continue;
                    }
                };
                self.sources.insert(source, Known { stamp, key, decisions: count, old: false });
            }
        }
        // A run that was killed may have left some unsettled.
        let holds = |known: &Known| self.letters.get(&known.key).and_then(|holder| self.sources.get_key_value(holder));
        let better = self.sources.iter().filter(|entry| holds(entry.1).is_none_or(|holder| rank(*entry) > rank(holder)));
        self.open = better.map(|(_, known)| known.key.clone()).collect();
        Ok(())
    }

    /// The source whose text stands for a letter.
    pub fn holder_of(&self, key: &str) -> Option<&str> {
        self.letters.get(key).map(String::as_str)
    }

    /// Whether the letter `source` is in the index as `stamp` says it is now.
    pub fn is_current(&self, source: &str, stamp: Stamp) -> bool {
        self.sources.get(source).is_some_and(|known| known.stamp == stamp)
    }

    /// Of a container that is in the index as `stamp` says it is now: what of it could not be read, in number.
    pub fn faults_of(&self, container: &str, stamp: Stamp) -> Option<u64> {
        self.containers.get(container).filter(|known| known.stamp == stamp).map(|known| known.faults)
    }

    /// How many letters of a container are in the index.
    pub fn members(&self, container: &str) -> u64 {
        members(&self.sources, container).count() as u64
    }

    /// The container of which `source` is a member.
    pub fn container_of<'a>(&self, source: &'a str) -> Option<&'a str> {
        source.match_indices('!').map(|(at, _)| &source[..at]).find(|name| self.containers.contains_key(*name))
    }

    /// Says that the container is about to be read.
    pub fn begin(&mut self, container: &str, stamp: Stamp) {
        let prefix = format!("{container}!");
        let after = self.sources.range_mut(prefix.clone()..);
        for (_, known) in after.take_while(|(source, _)| source.starts_with(&prefix)) {
            known.old = known.stamp != stamp;
        }
    }

    /// Leaves in the index what `source` held, although it could not be read now; not if it was read with other options.
    pub fn keep(&mut self, source: &str, stamp: Stamp) {
        if let Some(known) = self.sources.get_mut(source).filter(|known| known.stamp.options == stamp.options) {
            known.old = false;
        }
    }

    /// Says that the container has been read; `whole` to its end, which is when what it no longer holds is taken out of the
    /// index. Returns how many letters that are.
    pub fn end(&mut self, container: &str, stamp: Stamp, faults: u64, whole: bool) -> Result<u64> {
        let gone = members(&self.sources, container).filter(|(_, known)| known.old && whole);
        let gone: Vec<String> = gone.map(|(source, _)| source.clone()).collect();
        let mut work = Vec::new();
        let mut letters = 0;
        for source in &gone {
            let known = self.sources.get(source);
            letters += u64::from(known.is_some_and(|known| self.letters.get(&known.key) == Some(source)));
            self.forget(source, &mut work)?;
        }
        if self.containers.insert(container.to_owned(), Container { stamp, faults }).is_some() {
            work.push(UserOperation::Delete(Term::from_field_text(self.handles.source, container)));
        }
        work.push(UserOperation::Add(documents::container(&self.handles, container, stamp, faults)));
        self.tantivy.run(work)?;
        Ok(letters)
    }

    /// The sources that should hold their letter and do not, since what held it has changed or gone. They are to be read
    /// again, and dropped if they cannot be; then there may be others.
    pub fn unsettled(&mut self) -> Vec<String> {
        let open = std::mem::take(&mut self.open);
        let mut best: HashMap<&str, (&String, &Known)> = HashMap::new();
        for entry in self.sources.iter().filter(|(_, known)| !open.is_empty() && open.contains(&known.key)) {
            let place = best.entry(&entry.1.key).or_insert(entry);
            *place = if rank(entry) > rank(*place) { entry } else { *place };
        }
        let unsettled = best.into_iter().filter(|(key, (source, _))| self.letters.get(*key) != Some(source));
        let mut unsettled: Vec<_> = unsettled.map(|(_, (source, _))| source.clone()).collect();
        unsettled.sort();
        unsettled
    }

    /// Takes out of the index what `source` held.
    pub fn drop_source(&mut self, source: &str) -> Result<()> {
        let mut work = Vec::new();
        self.forget(source, &mut work)?;
        self.tantivy.run(work)?;
        Ok(())
    }

    /// Puts a letter into the index, in place of what its source held before.
    ///
    /// `key` is the letter's identity. Nothing is seen by a search before [`Writer::commit`].
    pub fn add(&mut self, source: &str, stamp: Stamp, key: &str, letter: &Letter) -> Result<Added> {
        let mut work = Vec::new();
        let before = self.forget(source, &mut work)?;
        let new = Known { stamp, key: key.to_owned(), decisions: letter.decisions.len() as u64, old: false };
        let holder = self.letters.get(key).and_then(|holder| self.sources.get_key_value(holder));
        let source_of_new = source.to_owned();
        let added = match holder {
            None => {
                self.letters.insert(key.to_owned(), source.to_owned());
                self.write((source, stamp), key, letter, &mut work)?;
                if before { Added::Replaced } else { Added::New }
            }
            Some(old) if rank((&source_of_new, &new)) > rank(old) => {
                let (other, known) = (old.0.clone(), old.1);
                self.generations.remember(key)?;
                work.push(UserOperation::Delete(Term::from_field_text(self.handles.key, key)));
                work.push(UserOperation::Add(known.copy(&self.handles, &other)));
                let was_old = known.old;
                self.write((source, stamp), key, letter, &mut work)?;
                self.letters.insert(key.to_owned(), source.to_owned());
                if was_old { Added::Replaced } else { Added::Copy { kept: source.to_owned(), other } }
            }
            Some(old) => {
                let kept = old.0.clone();
                work.push(UserOperation::Add(new.copy(&self.handles, source)));
                Added::Copy { kept, other: source.to_owned() }
            }
        };
        self.sources.insert(source_of_new, new);
        self.tantivy.run(work)?;
        Ok(added)
    }

    /// Takes out what `source` held; says whether it held anything.
    fn forget(&mut self, source: &str, work: &mut Vec<UserOperation>) -> Result<bool> {
        let Some(known) = self.sources.remove(source) else { return Ok(false) };
        if self.letters.get(&known.key).is_some_and(|holder| holder == source) {
            self.letters.remove(&known.key);
            self.generations.remember(&known.key)?;
            work.push(UserOperation::Delete(Term::from_field_text(self.handles.key, &known.key)));
        } else {
            work.push(UserOperation::Delete(Term::from_field_text(self.handles.source, source)));
        }
        self.open.insert(known.key);
        Ok(true)
    }

    /// Writes the documents of a letter.
    fn write(&self, from: (&str, Stamp), key: &str, letter: &Letter, work: &mut Vec<UserOperation>) -> Result<()> {
        let now = self.last.generation + 1;
        let added = |number, outcome| self.generations.of_decision(key, number, outcome, now);
        let documents = Documents::of(&self.handles, key, letter)?.written(&self.handles, from, added);
        work.extend(documents.map(UserOperation::Add));
        Ok(())
    }

    /// Makes all that was added visible and lasting.
    pub fn commit(&mut self) -> Result<()> {
        let mut commit = self.tantivy.prepare_commit()?;
        let this = Commit { generation: self.last.generation + 1, ..self.last.clone() };
        commit.set_payload(&this.payload());
        commit.commit()?;
        self.last = this;
        self.generations.committed();
        Ok(())
    }

    /// Waits for segments that are being merged, so that none is left half done.
    pub fn finish(mut self) -> Result<()> {
        self.commit()?;
        self.tantivy.wait_merging_threads()?;
        Ok(())
    }
}

/// Of the sources of a letter the one with the highest rank holds it.
fn rank<'a>((source, known): (&'a String, &Known)) -> (bool, u64, Reverse<&'a str>) {
    (!known.old, known.decisions, Reverse(source))
}

fn members<'a>(sources: &'a BTreeMap<String, Known>, container: &str) -> impl Iterator<Item = (&'a String, &'a Known)> {
    let prefix = format!("{container}!");
    sources.range(prefix.clone()..).take_while(move |(source, _)| source.starts_with(&prefix))
}
