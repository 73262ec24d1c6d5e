//! Generations: an index's commits, counted. What is new since a reader last looked is told by them, never by a clock.
//!
//! Each decision carries the generation in which it came into the index. A letter that is read again keeps it for each decision
//! that was there with the same outcome; a decision whose outcome has changed is news again. Whoever has seen a committed view
//! has seen all up to its greatest generation, and whatever comes later has a greater one.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::anew::Added;
use super::schema;
use super::values::{self, Entries};
use crate::error::Result;
use crate::field;
use crate::record::Outcome;

/// What a payload ends with where letters were left unsettled.
const UNSETTLED: &str = " unsettled";

/// What is committed beside the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// How many commits there have been.
    pub generation: u64,
    /// Which index it is: one that is made anew counts its generations anew, under another name.
    pub index: String,
    /// Whether letters had changed whose copies were still to be settled, as in the midst of a run that was killed then.
    pub unsettled: bool,
}

impl Commit {
    /// Of an index without commits.
    pub(super) fn none() -> Self {
        let random = RandomState::new().build_hasher().finish();
        Commit { generation: 0, index: format!("{random:016x}"), unsettled: false }
    }

    /// As it is written: behind the number of the format.
    pub(super) fn payload(&self) -> String {
        let unsettled = if self.unsettled { UNSETTLED } else { "" };
        format!("{} {} {}{unsettled}", schema::FORMAT, self.generation, self.index)
    }

    /// Reads a payload; the format that it names if that is another.
    pub(super) fn read(payload: &str) -> std::result::Result<Self, String> {
        let mut parts = payload.split(' ');
        let format = parts.next().unwrap_or_default();
        match (parts.next().and_then(|n| n.parse().ok()), parts.next()) {
            (Some(generation), Some(index)) if format == schema::FORMAT.to_string() => {
                Ok(Commit { generation, index: index.to_owned(), unsettled: payload.ends_with(UNSETTLED) })
            }
            _ => Err(format.to_owned()),
        }
    }

    /// Reads a payload of whatever format, and the number of that.
    pub(super) fn read_any(payload: &str) -> Option<(u32, Self)> {
        let (format, rest) = payload.split_once(' ').unwrap_or((payload, ""));
        let this = format!("{} {rest}", schema::FORMAT);
        // The first formats counted no commits.
        Some((format.parse().ok()?, Commit::read(&this).unwrap_or_else(|_| Commit::none())))
    }
}

/// The greatest generation that a view shows; what comes into the index later has a greater one.
pub fn newest(searcher: &Searcher) -> Result<u64> {
    let mut newest = 0;
    for segment in searcher.segment_readers() {
        newest = newest.max(segment.fast_fields().u64(schema::ADDED)?.max_value());
    }
    Ok(newest)
}

/// Says of decisions that are written in which generation they came into the index.
pub(super) struct Generations {
    handles: schema::Handles,
    /// The decisions of letters that have been taken out since the last commit. Who looks at a commit that a letter is missing
    /// from sees it come back later, so what is older does not count.
    before: HashMap<String, Vec<Before>>,
    /// Those of an index in whose place this one comes.
    pub inherited: Added,
}

/// A decision of the last commit.
struct Before {
    number: u64,
    added: u64,
    outcome: Option<String>,
}

impl Generations {
    pub fn new(handles: schema::Handles) -> Self {
        Generations { handles, before: HashMap::new(), inherited: Added::default() }
    }

    /// To be called before a letter's documents are deleted, with a view of the last commit.
    pub fn remember(&mut self, searcher: &Searcher, key: &str) -> Result<()> {
        if self.before.contains_key(key) {
            return Ok(());
        }
        let letter = TermQuery::new(Term::from_field_text(self.handles.key, key), IndexRecordOption::Basic);
        let mut decisions = Vec::new();
        for address in searcher.search(&letter, &DocSetCollector)? {
            let segment = searcher.segment_reader(address.segment_ord);
            let fast = segment.fast_fields();
            let number = |name| Ok::<_, tantivy::TantivyError>(fast.u64(name)?.first(address.doc_id));
            let (Some(number), Some(added)) = (number(schema::NUMBER)?, number(schema::ADDED)?) else { continue };
            let outcome = Entries::of(segment, &values::column(field::OUTCOME))?.first_of(address.doc_id)?;
            decisions.push(Before { number, added, outcome });
        }
        self.before.insert(key.to_owned(), decisions);
        Ok(())
    }

    /// The generation of a decision that is written while `now` is being made.
    pub fn of_decision(&self, key: &str, number: u64, outcome: Option<Outcome>, now: u64) -> u64 {
        let same = |before: &&Before| before.number == number && before.outcome.as_deref() == outcome.map(|o| o.name());
        let before = self.before.get(key).and_then(|all| all.iter().find(same)).map(|before| before.added);
        before.or_else(|| self.inherited.of(key, number, outcome.map(|o| o.name()))).unwrap_or(now)
    }

    /// To be called after a commit.
    pub fn committed(&mut self) {
        self.before.clear();
    }
}
