//! Counts the values of fields among decisions: facets, or the rows and columns of a cross table.
//!
//! Decisions are counted by the entries that they have in an aspect ([`values`](crate::index::values)), a block of them in all aspects
//! before the next, and what was counted of an entry is then counted for each value that it says.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use tantivy::{DocId, SegmentReader};

use super::bits::Bits;
use super::results::{Facet, Few, Filter, Outcomes, Tally};
use crate::field::{Field, OUTCOME};
use crate::index::values::{Entries, column, place, said};
use crate::record::Outcome;

/// Decisions that are counted in all aspects before others are.
const BLOCK: usize = 1 << 10;

/// Decisions of a part that are counted.
pub struct Decisions {
    /// All of them.
    pub all: Bits,
    /// The overturned ones.
    pub overturned: Bits,
    /// How many of each outcome.
    pub outcomes: Outcomes,
}

impl Decisions {
    /// A decision as it counts.
    pub fn tally(&self, doc: DocId) -> Tally {
        Tally { decisions: 1, overturned: u64::from(self.overturned.has(doc)) }
    }
}

/// The values of a field with what was counted of each.
#[derive(Debug, Default)]
pub struct Margin {
    over: Outcomes,
    known: FxHashMap<String, Tally>,
    unknown: Tally,
}

impl Margin {
    /// The values that decisions of a segment have in each of some fields. A decision counts once for each of its values.
    pub fn of_each(segment: &SegmentReader, fields: &[&Field], decisions: &Decisions) -> tantivy::Result<Vec<Self>> {
        let mut aspects = BTreeMap::<_, Vec<_>>::new();
        for (at, field) in fields.iter().enumerate().filter(|(_, field)| field.name != OUTCOME) {
            aspects.entry(field.aspect()).or_default().push((at, place(field)));
        }
        let counted = aspects.into_iter().map(|(aspect, fields)| Counted::none(segment, aspect, fields));
        let mut counted = counted.collect::<tantivy::Result<Vec<_>>>()?;
        count(decisions, &mut counted);
        let margin = |field: &&Field| match field.name {
            OUTCOME => Self::by_outcome(decisions.outcomes),
            _ => Margin { over: decisions.outcomes, ..Margin::default() },
        };
        let mut margins: Vec<_> = fields.iter().map(margin).collect();
        counted.iter().try_for_each(|aspect| aspect.add_to(&mut margins))?;
        Ok(margins)
    }

    /// Adds what was counted of what has these values.
    fn add<'a>(&mut self, values: impl Iterator<Item = &'a str>, tally: Tally) {
        let mut values = values.peekable();
        if values.peek().is_none() {
            self.unknown.merge(tally);
        }
        for value in values {
            match self.known.get_mut(value) {
                Some(known) => known.merge(tally),
                None => drop(self.known.insert(value.to_owned(), tally)),
            }
        }
    }

    /// Outcomes are counted already.
    fn by_outcome(over: Outcomes) -> Self {
        let Outcomes { upheld, overturned, modified, unknown } = over;
        let counted = [
            (Outcome::Upheld, Tally { decisions: upheld, overturned: 0 }),
            (Outcome::Overturned, Tally { decisions: overturned, overturned }),
            (Outcome::Modified, Tally { decisions: modified, overturned: 0 }),
        ];
        let known = counted.into_iter().filter(|(_, tally)| tally.decisions > 0);
        let known = known.map(|(outcome, tally)| (outcome.name().to_owned(), tally)).collect();
        Margin { over, known, unknown: Tally { decisions: unknown, overturned: 0 } }
    }

    /// These and those.
    pub fn merge(&mut self, other: Margin) {
        self.over.merge(other.over);
        self.unknown.merge(other.unknown);
        for (value, tally) in other.known {
            self.known.entry(value).or_default().merge(tally);
        }
    }

    /// The facet of that field, the most frequent value first.
    pub fn facet(self, field: &'static Field, filter: Option<Filter>) -> Facet {
        let mut values: Vec<_> = self.known.into_iter().map(|(value, tally)| (Some(value), tally)).collect();
        values.sort_by(|a, b| b.1.decisions.cmp(&a.1.decisions).then_with(|| a.0.cmp(&b.0)));
        values.extend((self.unknown.decisions > 0).then_some((None, self.unknown)));
        let sum: u64 = values.iter().map(|(_, tally)| tally.decisions).sum();
        let several = sum > self.over.tally().decisions;
        Facet { field, filter, over: self.over, values, several, few: Few::default() }
    }
}

/// Decisions and overturned ones are counted at once, in the lower and the upper half of a number; a segment has fewer than either holds.
const OVERTURNED: u32 = 32;

/// The entries of an aspect in a segment, with what was counted of each, by its number.
struct Counted {
    entries: Entries,
    by_entry: Vec<u64>,
    /// For each field that is asked for, where among those asked for and where in the aspect it is.
    fields: Vec<(usize, usize)>,
}

/// Counts decisions by the entries that they have.
fn count(decisions: &Decisions, aspects: &mut [Counted]) {
    let mut rest = if aspects.is_empty() { None } else { Some(decisions.all.iter()) };
    let (mut docs, mut each, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        docs.clear();
        docs.extend(rest.iter_mut().flatten().take(BLOCK));
        if docs.is_empty() {
            return;
        }
        each.clear();
        each.extend(docs.iter().map(|doc| 1 | u64::from(decisions.overturned.has(*doc)) << OVERTURNED));
        aspects.iter_mut().for_each(|aspect| aspect.add(&docs, &each, &mut numbers));
    }
}

impl Counted {
    fn none(segment: &SegmentReader, aspect: &str, fields: Vec<(usize, usize)>) -> tantivy::Result<Self> {
        let entries = Entries::of(segment, &column(aspect))?;
        Ok(Counted { by_entry: vec![0; entries.count()], entries, fields })
    }

    /// Counts some documents, each as it counts. `numbers` is room for those of their entries.
    fn add(&mut self, docs: &[DocId], each: &[u64], numbers: &mut Vec<u64>) {
        self.entries.numbers(docs, numbers);
        for (number, one) in numbers.iter().zip(each) {
            if let Some(counted) = self.by_entry.get_mut(*number as usize) {
                *counted += one;
            }
        }
    }

    /// Adds what was counted of each entry to what it says of the fields.
    fn add_to(&self, margins: &mut [Margin]) -> tantivy::Result<()> {
        let counted = || (0..).zip(&self.by_entry).filter(|(_, counted)| **counted > 0);
        let numbers: Vec<u64> = counted().map(|(number, _)| number).collect();
        let mut counted = counted().map(|(_, counted)| *counted);
        self.entries.texts(&numbers, |entry| {
            let counted = counted.next().unwrap_or_default();
            let tally = Tally { decisions: counted & u64::from(u32::MAX), overturned: counted >> OVERTURNED };
            for (at, place) in &self.fields {
                if let Some(margin) = margins.get_mut(*at) {
                    margin.add(said(entry, *place), tally);
                }
            }
        })
    }
}
