//! Keeps letters in the index: adds them, replaces them, takes them out.
//!
//! A letter is its case number. Where several sources hold the same letter, one of them is kept: the one that gave most
//! decisions, of equals the first by name. The choice depends on the sources alone, not on the order in which they come, so
//! that a run repeated or resumed ends in the same index. The others are remembered as copies, so that they are not read again.
//! Whatever changes which source should hold a letter is settled by reading that source again: see [`Writer::unsettled`].
//!
//! A container's members are sources like others. The container itself is written behind its last member, so that one that was
//! not read to its end is never taken for current; until then its members of old give way to any that is read now. Nor is one
//! current of which a member was taken out otherwise than by reading it: the next run that comes upon it opens it.

use std::io;
use std::sync::Arc;
use std::thread;

use tantivy::directory::error::LockError;
use tantivy::indexer::UserOperation;
use tantivy::{IndexWriter, TantivyError, Term};

use super::anew::Old;
use super::documents::{self, Documents, Maker};
use super::generation::Generations;
use super::merge::Sound;
use super::queue::{Queue, Queued};
use super::sources::{Holds, Known, Sources};
use super::store::{self, Packer, Samples};
use super::{Commit, Index, Stamp, lock, merge, schema};
use crate::error::{Error, Result};

/// Memory that tantivy may fill before it writes a segment, in bytes, for all its threads: the more, the fewer segments there are to
/// merge and to look into.
const HEAP: usize = 256 << 20;
/// Segments are written by this many threads at most; more would only make more segments.
const THREADS: usize = 2;

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

/// What a source held that was taken out.
#[derive(PartialEq, Eq)]
enum Forgotten {
    Nothing,
    /// A letter whose text is another source's.
    Copy,
    /// The text of a letter.
    Letter,
}

/// The one writer of an index.
pub struct Writer {
    pub(super) tantivy: IndexWriter<Queued>,
    queue: Queue,
    sound: Sound,
    handles: schema::Handles,
    packer: Arc<Packer>,
    /// Of which the dictionary is to be made.
    samples: Samples,
    sources: Sources,
    /// Documents that this run has written.
    written: u64,
    /// The last commit.
    last: Commit,
    generations: Generations,
}

/// How many threads write segments. Letters are read on all cores meanwhile, which takes about as much, so that half of the cores are the
/// engine's. With more, each has a table of words of its own beside those of the others, and less of them in the caches.
fn threads() -> usize {
    thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, THREADS))
}

/// The engine's writer; `None` where another is open and `go_on` says that it is not waited for.
fn engine(index: &Index, go_on: &mut dyn FnMut(Error) -> bool) -> Result<Option<IndexWriter<Queued>>> {
    let mut pauses = lock::Pauses::default();
    loop {
        match index.for_writing()?.writer_with_num_threads(threads(), HEAP) {
            Ok(writer) => return Ok(Some(writer)),
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) => {
                if !pauses.take() {
                    if !go_on(lock::busy(&index.path)) {
                        return Ok(None);
                    }
                    thread::sleep(lock::PAUSE);
                }
            }
            Err(TantivyError::LockFailure(LockError::IoError(e), _)) => {
                let e = e.raw_os_error().map_or_else(|| e.kind().into(), io::Error::from_raw_os_error);
                return Err(lock::refused(&index.path, e));
            }
            Err(e) => return Err(e.into()),
        }
    }
}

impl Writer {
    /// Opens the index for writing.
    ///
    /// # Errors
    /// [`Error::IndexBusy`] while another writer is open, in this process or another.
    pub fn open(index: &Index) -> Result<Self> {
        let mut refused = None;
        let opened = Self::open_when_free(index, &mut |busy| {
            refused = Some(busy);
            false
        })?;
        opened.ok_or_else(|| refused.unwrap_or_else(|| lock::busy(&index.path)))
    }

    /// The same, but asks `go_on` again and again whether to wait while another writer is open; `None` where it says no.
    ///
    /// # Errors
    /// Where the index cannot be written at all.
    pub fn open_when_free(index: &Index, go_on: &mut dyn FnMut(Error) -> bool) -> Result<Option<Self>> {
        engine(index, go_on)?.map(|tantivy| Self::with(index, tantivy)).transpose()
    }

    fn with(index: &Index, tantivy: IndexWriter<Queued>) -> Result<Self> {
        let sound = Sound::of(&index.files);
        tantivy.set_merge_policy(Box::new(sound.clone()));
        let last = index.commit()?;
        let handles = index.handles.clone();
        let sources = Sources::of(&index.tantivy, &handles, last.unsettled)?;
        let packer = Arc::new(Packer::of(&sources.searcher())?);
        let generations = Generations::new(handles.clone());
        let (queue, samples) = (Queue::default(), Samples::default());
        Ok(Writer { generations, tantivy, queue, sound, handles, packer, samples, sources, written: 0, last })
    }

    /// Goes on counting where the index ended in whose place this one comes.
    ///
    /// # Errors
    /// Where that cannot be read.
    pub fn inherit(&mut self, old: &Old) -> Result<()> {
        if let Some(commit) = &old.commit {
            self.last = Commit { unsettled: false, ..commit.clone() };
            self.generations.inherited = old.added()?;
        }
        Ok(())
    }

    /// What makes the documents that this writer takes.
    pub fn maker(&self) -> Maker {
        Maker::new(self.handles.clone(), self.packer.clone())
    }

    /// The source whose text stands for a letter.
    pub fn holder_of(&self, key: &str) -> Result<Option<String>> {
        self.sources.holder(key)
    }

    /// How many decisions of a letter the source gave whose text stands for it.
    pub fn decisions_of(&self, key: &str) -> Result<Option<u64>> {
        let Some(holder) = self.sources.holder(key)? else { return Ok(None) };
        Ok(self.sources.get(&holder)?.and_then(|known| match known.holds {
            Holds::Letter { decisions, .. } => Some(decisions),
            Holds::Members { .. } => None,
        }))
    }

    /// Whether the letter `source` is in the index as `stamp` says it is now.
    pub fn is_current(&self, source: &str, stamp: Stamp) -> Result<bool> {
        let known = self.sources.get(source)?;
        Ok(known.is_some_and(|known| known.stamp == stamp && matches!(known.holds, Holds::Letter { .. })))
    }

    /// Of many at once: the places of those that are.
    pub fn current(&self, asked: &[(String, Stamp)]) -> Result<Vec<usize>> {
        self.sources.current(asked)
    }

    /// Of a container that is in the index as `stamp` says it is now: what of it could not be read, in number.
    pub fn faults_of(&self, container: &str, stamp: Stamp) -> Result<Option<u64>> {
        Ok(match self.sources.get(container)? {
            Some(Known { stamp: known, holds: Holds::Members { faults } }) if known == stamp => Some(faults),
            _ => None,
        })
    }

    /// How many letters of a container are in the index.
    pub fn members(&self, container: &str) -> Result<u64> {
        let mut members = 0;
        self.sources.each_below(&format!("{container}!"), |_, _, _| {
            members += 1;
            Ok(())
        })?;
        Ok(members)
    }

    /// The container of which `source` is a member.
    pub fn container_of<'a>(&self, source: &'a str) -> Result<Option<&'a str>> {
        self.sources.container_of(source)
    }

    /// Says that the container is about to be read.
    pub fn begin(&mut self, container: &str, stamp: Stamp) {
        self.sources.begin(container, stamp);
    }

    /// Leaves in the index what `source` held, although it could not be read now; not if it was read with other options.
    pub fn keep(&mut self, source: &str, stamp: Stamp) -> Result<()> {
        if self.sources.get(source)?.is_some_and(|known| known.stamp.options == stamp.options) {
            self.sources.keep(source);
        }
        Ok(())
    }

    /// Says that the container has been read; `whole` to its end, which is when what it no longer holds is taken out of the
    /// index. Returns how many letters that are.
    pub fn end(&mut self, container: &str, stamp: Stamp, faults: u64, whole: bool) -> Result<u64> {
        let mut gone = Vec::new();
        if whole {
            self.sources.each_below(&format!("{container}!"), |source, stamp, _| {
                gone.extend(self.sources.is_old(source, stamp).then(|| source.to_owned()));
                Ok(())
            })?;
        }
        let mut work = Vec::new();
        let mut letters = 0;
        for source in &gone {
            letters += u64::from(self.forget(source, &mut work)? == Forgotten::Letter);
        }
        self.contains(container, stamp, faults, &mut work)?;
        self.tantivy.run(work)?;
        Ok(letters)
    }

    /// Writes that a source is a container.
    fn contains(&mut self, container: &str, stamp: Stamp, faults: u64, work: &mut Vec<UserOperation<Queued>>) -> Result<()> {
        if self.sources.get(container)?.is_some() {
            work.push(UserOperation::Delete(Term::from_field_text(self.handles.source, container)));
        }
        self.sources.set(container, Known { stamp, holds: Holds::Members { faults } });
        work.push(UserOperation::Add(documents::container(&self.handles, container, stamp, faults).into()));
        Ok(())
    }

    /// The stamp of a source as it was when it was read.
    pub fn stamp_of(&self, source: &str) -> Result<Option<Stamp>> {
        Ok(self.sources.get(source)?.map(|known| known.stamp))
    }

    /// The sources that should hold their letter and do not, since what held it has changed or gone. They are to be read
    /// again, and dropped if they cannot be; then there may be others.
    pub fn unsettled(&mut self) -> Result<Vec<String>> {
        self.sources.unsettled()
    }

    /// Takes out of the index what `source` held, and says which letter that was; what a container held are sources themselves.
    pub fn drop_source(&mut self, source: &str) -> Result<Option<String>> {
        let mut work = Vec::new();
        let letter = match self.sources.get(source)?.map(|known| known.holds) {
            Some(Holds::Members { .. }) => {
                work.push(UserOperation::Delete(Term::from_field_text(self.handles.source, source)));
                self.sources.remove(source);
                None
            }
            Some(Holds::Letter { key, .. }) => {
                self.forget(source, &mut work)?;
                self.outdate_container_of(source, &mut work)?;
                Some(key)
            }
            None => None,
        };
        self.tantivy.run(work)?;
        Ok(letter)
    }

    /// Has the container of a member that was taken out looked at again: the member may be in it still.
    fn outdate_container_of(&mut self, member: &str, work: &mut Vec<UserOperation<Queued>>) -> Result<()> {
        let Some(container) = self.sources.container_of(member)? else { return Ok(()) };
        match self.sources.get(container)? {
            Some(Known { stamp, holds: Holds::Members { faults } }) if stamp != Stamp::NONE => {
                self.contains(container, Stamp::NONE, faults, work)
            }
            _ => Ok(()),
        }
    }

    /// Visits the sources that lie in `path`, or are it, or are members of it; of each it is told whether it is a letter.
    pub fn each_in(&self, path: &str, mut each: impl FnMut(&str, bool) -> Result<()>) -> Result<()> {
        self.sources.each_below(path, |source, _, is_letter| {
            let rest = source.strip_prefix(path).unwrap_or(source);
            match rest.is_empty() || path.ends_with('/') || rest.starts_with(['/', '!']) {
                true => each(source, is_letter),
                false => Ok(()),
            }
        })
    }

    /// Puts a letter into the index, in place of what its source held before.
    ///
    /// Nothing is seen by a search before [`Writer::commit`].
    pub fn add(&mut self, source: &str, stamp: Stamp, letter: Documents) -> Result<Added> {
        let mut work = Vec::new();
        let before = self.forget(source, &mut work)? != Forgotten::Nothing;
        let (key, decisions) = (letter.key.clone(), letter.decisions);
        let holder = match self.sources.holder(&key)? {
            Some(holder) => self.sources.get(&holder)?.map(|known| (holder, known)),
            None => None,
        };
        let added = match holder {
            None => {
                self.write((source, stamp), letter, &mut work);
                if before { Added::Replaced } else { Added::New }
            }
            Some((holder, Known { stamp: its, holds: Holds::Letter { decisions: others, .. } }))
                if self.sources.rank(source, stamp, decisions) > self.sources.rank(&holder, its, others) =>
            {
                self.generations.remember(&self.sources.searcher(), &key)?;
                work.push(UserOperation::Delete(Term::from_field_text(self.handles.key, &key)));
                self.copy((&holder, its), &key, others, &mut work);
                self.write((source, stamp), letter, &mut work);
                match self.sources.is_old(&holder, its) {
                    true => Added::Replaced,
                    false => Added::Copy { kept: source.to_owned(), other: holder },
                }
            }
            Some((holder, _)) => {
                self.copy((source, stamp), &key, decisions, &mut work);
                Added::Copy { kept: holder, other: source.to_owned() }
            }
        };
        self.sources.set(source, Known { stamp, holds: Holds::Letter { key, decisions } });
        self.written += work.len() as u64;
        self.tantivy.run(work)?;
        Ok(added)
    }

    /// Takes out what `source` held.
    fn forget(&mut self, source: &str, work: &mut Vec<UserOperation<Queued>>) -> Result<Forgotten> {
        let Some(Known { holds: Holds::Letter { key, .. }, .. }) = self.sources.get(source)? else {
            return Ok(Forgotten::Nothing);
        };
        if !self.sources.forget(source, &key)? {
            work.push(UserOperation::Delete(Term::from_field_text(self.handles.source, source)));
            return Ok(Forgotten::Copy);
        }
        self.generations.remember(&self.sources.searcher(), &key)?;
        work.push(UserOperation::Delete(Term::from_field_text(self.handles.key, &key)));
        Ok(Forgotten::Letter)
    }

    /// Writes that `source` holds the letter too.
    fn copy(&mut self, (source, stamp): (&str, Stamp), key: &str, decisions: u64, work: &mut Vec<UserOperation<Queued>>) {
        work.push(UserOperation::Add(documents::copy(&self.handles, source, stamp, key, decisions).into()));
        self.sources.has_copy(key);
    }

    /// Writes the documents of a letter, which `from` holds now.
    fn write(&mut self, from: (&str, Stamp), letter: Documents, work: &mut Vec<UserOperation<Queued>>) {
        let now = self.last.generation + 1;
        if let Some(sample) = &letter.sample
            && let Some(dictionary) = self.samples.add(sample, &self.packer)
        {
            let dictionary = documents::dictionary(&self.handles, &store::sealed(dictionary));
            work.extend([dictionary.clone(), dictionary].map(|document| UserOperation::Add(document.into())));
        }
        let key = letter.key.clone();
        let added = |number, outcome| self.generations.of_decision(&key, number, outcome, now);
        work.extend(letter.written(&self.handles, from, added).map(|document| UserOperation::Add(document.into())));
        if let Some(UserOperation::Add(last)) = work.last_mut() {
            last.place = Some(self.queue.place());
        }
        self.sources.hold(&key, from.0);
    }

    /// Makes all that was added visible and lasting.
    pub fn commit(&mut self) -> Result<()> {
        let mut commit = self.tantivy.prepare_commit()?;
        let unsettled = self.sources.is_unsettled();
        let this = Commit { generation: self.last.generation + 1, unsettled, ..self.last.clone() };
        commit.set_payload(&this.payload());
        commit.commit()?;
        self.last = this;
        self.generations.committed();
        self.sources.committed()
    }

    /// Commits and closes.
    pub fn finish(mut self) -> Result<()> {
        self.commit()?;
        self.close()
    }

    /// Waits for segments that are being merged, so that none is left half done, and leaves few. What was added since the last
    /// commit is lost.
    pub fn close(self) -> Result<()> {
        let index = self.tantivy.index().clone();
        // Segments that have been merged stay in memory as long as someone looks at them.
        drop(self.sources);
        self.tantivy.wait_merging_threads()?;
        merge::smallest(&index, &self.sound, self.written)?;
        self.sound.told()
    }
}
