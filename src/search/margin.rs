//! Counts the values of fields among decisions: facets, or the rows and columns of a cross table.
//!
//! Decisions are counted by the entries that they have in an aspect ([`values`](crate::index::values)), a block of them in all aspects
//! before the next, and what was counted of an entry is then counted for each value that it says.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use tantivy::{DocId, SegmentReader};

use super::bits::Bits;
use super::results::{Facet, Few, Filter, Outcomes, Tally};
use crate::field::{Field, OUTCOME};
use crate::index::values::{Entries, Values, column};
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
    known: BTreeMap<String, Tally>,
    unknown: Tally,
}

impl Margin {
    /// The values that decisions of a segment have in each of some fields. A decision counts once for each of its values.
    pub fn of_each(segment: &SegmentReader, fields: &[&Field], decisions: &Decisions) -> tantivy::Result<Vec<Self>> {
        let mut aspects = BTreeMap::new();
        for field in fields.iter().filter(|field| field.name != OUTCOME) {
            if let Entry::Vacant(aspect) = aspects.entry(field.aspect()) {
                aspect.insert(Counted::none(Entries::of(segment, &column(field.aspect()))?));
            }
        }
        if !aspects.is_empty() {
            let mut rest = decisions.all.iter();
            let (mut docs, mut each, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
            loop {
                docs.clear();
                docs.extend(rest.by_ref().take(BLOCK));
                if docs.is_empty() {
                    break;
                }
                each.clear();
                each.extend(docs.iter().map(|doc| 1 | u64::from(decisions.overturned.has(*doc)) << OVERTURNED));
                aspects.values_mut().for_each(|aspect| aspect.add(&docs, &each, &mut numbers));
            }
        }
        let margin = |field: &&Field| match aspects.get(field.aspect()) {
            Some(aspect) => aspect.margin(field, decisions.outcomes),
            None => Ok(Self::by_outcome(decisions.outcomes)),
        };
        fields.iter().map(margin).collect()
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
}

impl Counted {
    fn none(entries: Entries) -> Self {
        Counted { by_entry: vec![0; entries.count()], entries }
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

    /// What was counted over decisions of these outcomes, by the values of a field of the aspect.
    fn margin(&self, field: &Field, over: Outcomes) -> tantivy::Result<Margin> {
        let counted = || (0..).zip(&self.by_entry).filter(|(_, counted)| **counted > 0);
        let numbers: Vec<u64> = counted().map(|(number, _)| number).collect();
        let mut counted = counted().map(|(_, counted)| *counted);
        let mut margin = Margin { over, ..Margin::default() };
        Values::among(&self.entries, field).said(&numbers, |values| {
            let counted = counted.next().unwrap_or_default();
            let tally = Tally { decisions: counted & u64::from(u32::MAX), overturned: counted >> OVERTURNED };
            let mut values = values.peekable();
            if values.peek().is_none() {
                margin.unknown.merge(tally);
            }
            for value in values {
                match margin.known.get_mut(value) {
                    Some(known) => known.merge(tally),
                    None => drop(margin.known.insert(value.to_owned(), tally)),
                }
            }
        })?;
        Ok(margin)
    }
}
