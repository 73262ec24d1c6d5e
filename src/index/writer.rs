//! Keeps letters in the index: adds them, replaces them, knows which sources are in it.
//!
//! A letter is its case number. Where several sources hold the same letter, one of them is kept: the one that gave most
//! decisions, of equals the first by name. The choice depends on the sources alone, not on the order in which they come, so
//! that a run repeated or resumed ends in the same index. The others are remembered as copies, so that they are not read again.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use tantivy::indexer::UserOperation;
use tantivy::schema::Field as Handle;
use tantivy::{IndexWriter, TantivyDocument, TantivyError, Term};

use super::{Index, schema, warning};
use crate::error::{Error, Result};
use crate::field::{FIELDS, Kind, Unit, Value};
use crate::record::Letter;

/// Memory that tantivy may fill before it writes a segment, in bytes, for all its threads.
const HEAP: usize = 128 << 20;
/// Segments are written by this many threads; more would only make more segments.
const THREADS: usize = 2;

/// What tells whether a source has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Time of change, in nanoseconds since 1970.
    pub changed: i64,
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
}

/// The source whose text stands for a letter.
#[derive(Clone)]
struct Holder {
    source: String,
    decisions: u64,
}

/// The one writer of an index.
pub struct Writer {
    tantivy: IndexWriter,
    handles: schema::Handles,
    sources: HashMap<String, Known>,
    letters: HashMap<String, Holder>,
}

impl Writer {
    /// Opens the index for writing and reads which sources are in it.
    ///
    /// # Errors
    /// [`Error::IndexBusy`] while another writer is open, in this process or another.
    pub fn open(index: &Index) -> Result<Self> {
        let tantivy = index.tantivy.writer_with_num_threads(THREADS, HEAP).map_err(|e| match e {
            TantivyError::LockFailure(..) => Error::IndexBusy(index.path.clone()),
            e => e.into(),
        })?;
        let mut writer = Writer { tantivy, handles: index.handles.clone(), sources: HashMap::new(), letters: HashMap::new() };
        writer.read_sources(index)?;
        Ok(writer)
    }

    fn read_sources(&mut self, index: &Index) -> Result<()> {
        for segment in index.searcher()?.segment_readers() {
            let fast = segment.fast_fields();
            let text = |name: &str| -> Result<_> { Ok(fast.str(name)?) };
            let (Some(source), key, copy_of) = (text("source")?, text("key")?, text("copy-of")?) else { continue };
            let (size, changed, count) = (fast.u64("size")?, fast.i64("changed")?, fast.u64("count")?);
            for doc in segment.doc_ids_alive() {
                let value = |column: &Option<tantivy::columnar::StrColumn>| -> Result<Option<String>> {
                    let Some(column) = column else { return Ok(None) };
                    let Some(ord) = column.ords().first(doc) else { return Ok(None) };
                    let mut text = String::new();
                    column.ord_to_str(ord, &mut text).map_err(|e| Error::Index(e.to_string()))?;
                    Ok(Some(text))
                };
                let Some(source) = value(&Some(source.clone()))? else { continue };
                let stamp = Stamp { size: size.first(doc).unwrap_or(0), changed: changed.first(doc).unwrap_or(0) };
                let key = match value(&copy_of)? {
                    Some(key) => key,
                    None => {
                        let key = value(&key)?.unwrap_or_default();
                        let holder = Holder { source: source.clone(), decisions: count.first(doc).unwrap_or(0) };
                        self.letters.insert(key.clone(), holder);
                        key
                    }
                };
                self.sources.insert(source, Known { stamp, key });
            }
        }
        Ok(())
    }

    /// Whether `source` is in the index as `stamp` says it is now.
    pub fn is_current(&self, source: &str, stamp: Stamp) -> bool {
        self.sources.get(source).is_some_and(|known| known.stamp == stamp)
    }

    /// The sources that hold the same letter as one of `changed`. When that one changes, the choice between them is open again.
    pub fn copies_of<'a>(&'a self, changed: impl Iterator<Item = &'a str>) -> Vec<String> {
        let keys: std::collections::HashSet<&str> =
            changed.filter_map(|source| self.sources.get(source)).map(|known| known.key.as_str()).collect();
        self.sources.iter().filter(|(_, known)| keys.contains(known.key.as_str())).map(|(source, _)| source.clone()).collect()
    }

    /// Puts a letter into the index, in place of what its source held before.
    ///
    /// `key` is the letter's identity. Nothing is seen by a search before [`Writer::commit`].
    pub fn add(&mut self, source: &str, stamp: Stamp, key: &str, letter: &Letter) -> Result<Added> {
        let mut work = Vec::new();
        let before = self.forget(source, &mut work);
        let new = Holder { source: source.to_owned(), decisions: letter.decisions.len() as u64 };
        self.sources.insert(new.source.clone(), Known { stamp, key: key.to_owned() });
        let added = match self.letters.entry(key.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(new);
                self.write(source, stamp, key, letter, &mut work)?;
                if before { Added::Replaced } else { Added::New }
            }
            Entry::Occupied(mut place) => {
                let old = place.get().clone();
                let rank = |h: &Holder| (h.decisions, Reverse(h.source.clone()));
                if rank(&new) > rank(&old) {
                    place.insert(new);
                    work.push(UserOperation::Delete(Term::from_field_text(self.handles.key, key)));
                    let stamp_of_old = self.sources.get(&old.source).map_or(stamp, |known| known.stamp);
                    work.push(UserOperation::Add(self.copy(&old.source, stamp_of_old, key)));
                    self.write(source, stamp, key, letter, &mut work)?;
                    Added::Copy { kept: source.to_owned(), other: old.source }
                } else {
                    work.push(UserOperation::Add(self.copy(source, stamp, key)));
                    Added::Copy { kept: old.source, other: source.to_owned() }
                }
            }
        };
        self.tantivy.run(work)?;
        Ok(added)
    }

    /// Takes out what `source` held; says whether it held anything.
    fn forget(&mut self, source: &str, work: &mut Vec<UserOperation>) -> bool {
        let Some(known) = self.sources.remove(source) else { return false };
        if self.letters.get(&known.key).is_some_and(|holder| holder.source == source) {
            self.letters.remove(&known.key);
            work.push(UserOperation::Delete(Term::from_field_text(self.handles.key, &known.key)));
        } else {
            work.push(UserOperation::Delete(Term::from_field_text(self.handles.source, source)));
        }
        true
    }

    fn copy(&self, source: &str, stamp: Stamp, key: &str) -> TantivyDocument {
        let mut doc = self.stamped(schema::COPY, source, stamp);
        doc.add_text(self.handles.copy_of, key);
        doc
    }

    fn stamped(&self, kind: &str, source: &str, stamp: Stamp) -> TantivyDocument {
        let mut doc = TantivyDocument::default();
        doc.add_text(self.handles.doc, kind);
        doc.add_text(self.handles.source, source);
        doc.add_u64(self.handles.size, stamp.size);
        doc.add_i64(self.handles.changed, stamp.changed);
        doc
    }

    /// The documents of a letter: one for the letter, one for each of its units.
    fn write(&self, source: &str, stamp: Stamp, key: &str, letter: &Letter, work: &mut Vec<UserOperation>) -> Result<()> {
        let h = &self.handles;
        let json = |l: &Letter| serde_json::to_string(l).map_err(|e| Error::Index(e.to_string()));
        let head = Letter { decisions: Vec::new(), ..letter.clone() };
        let mut doc = self.stamped(schema::LETTER, source, stamp);
        doc.add_text(h.key, key);
        doc.add_u64(h.count, letter.decisions.len() as u64);
        doc.add_text(h.layout, letter.layout.name());
        letter.warnings.iter().for_each(|w| doc.add_text(h.warning, warning::folded(w)));
        doc.add_text(h.stored, json(&head)?);
        work.push(UserOperation::Add(doc));

        // A decision is stored with its letter's short fields: a hit then takes one fetch, and the store's compression makes
        // the repetition free.
        let short = Letter { summary: None, text: None, warnings: Vec::new(), ..head };
        let hash = blake3::hash(key.as_bytes());
        let hash = hash.as_bytes().iter().take(8).fold(0, |n, b| n << 8 | u64::from(*b));
        for unit in Unit::all(letter) {
            let number = u64::from(unit.decision.map_or(0, |d| d.number));
            // What could not be taken apart counts as a letter of its own, also behind decisions that could.
            let hash = if unit.decision.is_some() { hash } else { !hash };
            let mut doc = TantivyDocument::default();
            doc.add_text(h.doc, if unit.decision.is_some() { schema::DECISION } else { schema::UNREAD });
            doc.add_text(h.key, key);
            doc.add_u64(h.number, number);
            doc.add_u64(h.letter_hash, hash);
            doc.add_u64(h.order, order(key, number));
            doc.add_text(h.stored, json(&Letter { decisions: unit.decision.cloned().into_iter().collect(), ..short.clone() })?);
            for field in FIELDS {
                let values = (field.values)(unit);
                if !values.is_empty() {
                    doc.add_text(h.known, field.name);
                }
                for value in values {
                    add_value(&mut doc, h.of(field), field.kind, value);
                }
            }
            work.push(UserOperation::Add(doc));
        }
        Ok(())
    }

    /// Makes all that was added visible and lasting.
    pub fn commit(&mut self) -> Result<()> {
        let mut commit = self.tantivy.prepare_commit()?;
        commit.set_payload(&schema::FORMAT.to_string());
        commit.commit()?;
        Ok(())
    }

    /// Waits for segments that are being merged, so that none is left half done.
    pub fn finish(mut self) -> Result<()> {
        self.commit()?;
        self.tantivy.wait_merging_threads()?;
        Ok(())
    }
}

fn add_value(doc: &mut TantivyDocument, handle: Handle, kind: Kind, value: Value<'_>) {
    match (kind, value) {
        (Kind::Case, Value::Text(text)) => doc.add_text(handle, case_term(&text)),
        (_, Value::Text(text)) => doc.add_text(handle, text),
        (_, Value::Number(n)) => doc.add_i64(handle, n),
    }
}

/// A case number as the index knows it: letters and digits only, in upper case.
pub fn case_term(case: &str) -> String {
    case.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Sorts by year and serial of the case number, then by the decision's number. Letters without a case number come last.
fn order(key: &str, number: u64) -> u64 {
    let digits: String = key.strip_prefix("CM").unwrap_or_default().chars().filter(char::is_ascii_digit).take(12).collect();
    let case = digits.parse().unwrap_or(999_999_999_999_u64);
    case * 10_000 + number.min(9_999)
}
