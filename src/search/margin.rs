//! Counts the values of fields among decisions: facets, or the rows and columns of a cross table.
//!
//! Decisions are counted by the entries that they have in a field ([`values`](crate::index::values)), a block of them in all fields
//! before the next, and what was counted of an entry is then counted for each value that it says.

use std::collections::BTreeMap;

use tantivy::{DocId, SegmentReader};

use super::bits::Bits;
use super::results::{Facet, Few, Filter, Outcomes, Tally};
use crate::field::{Field, OUTCOME};
use crate::index::values::{Entries, parted};
use crate::record::Outcome;

/// Decisions that are counted in all fields before others are.
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
        let counting = |field: &&Field| match field.name {
            OUTCOME => Ok(None),
            name => Counting::of(segment, name).map(Some),
        };
        let mut counting: Vec<_> = fields.iter().map(counting).collect::<tantivy::Result<_>>()?;
        if counting.iter().any(Option::is_some) {
            let mut counted = decisions.all.iter();
            let (mut docs, mut each, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
            loop {
                docs.clear();
                docs.extend(counted.by_ref().take(BLOCK));
                if docs.is_empty() {
                    break;
                }
                each.clear();
                each.extend(docs.iter().map(|doc| 1 | u64::from(decisions.overturned.has(*doc)) << OVERTURNED));
                counting.iter_mut().flatten().for_each(|field| field.add(&docs, &each, &mut numbers));
            }
        }
        let margin = |counting: Option<Counting>| match counting {
            Some(counting) => counting.margin(decisions.outcomes),
            None => Ok(Self::by_outcome(decisions.outcomes)),
        };
        counting.into_iter().map(margin).collect()
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

/// The entries of a field in a segment, with what was counted of each, by its number.
struct Counting {
    entries: Entries,
    counted: Vec<u64>,
}

impl Counting {
    fn of(segment: &SegmentReader, field: &str) -> tantivy::Result<Self> {
        let entries = Entries::of(segment, field)?;
        Ok(Counting { counted: vec![0; entries.count()], entries })
    }

    /// Counts some documents, each as it counts. `numbers` is room for their entries.
    fn add(&mut self, docs: &[DocId], each: &[u64], numbers: &mut Vec<u64>) {
        self.entries.numbers(docs, numbers);
        for (number, one) in numbers.iter().zip(each) {
            if let Some(counted) = self.counted.get_mut(*number as usize) {
                *counted += one;
            }
        }
    }

    /// What was counted over decisions of these outcomes, by value.
    fn margin(self, over: Outcomes) -> tantivy::Result<Margin> {
        let (numbers, counted): (Vec<_>, Vec<_>) = (0..).zip(self.counted).filter(|(_, counted)| *counted > 0).unzip();
        let mut counted = counted.into_iter();
        let mut margin = Margin { over, ..Margin::default() };
        self.entries.texts(&numbers, |entry| {
            let counted = counted.next().unwrap_or_default();
            let tally = Tally { decisions: counted & u64::from(u32::MAX), overturned: counted >> OVERTURNED };
            if entry.is_empty() {
                margin.unknown = tally;
            }
            for value in parted(entry) {
                match margin.known.get_mut(value) {
                    Some(known) => known.merge(tally),
                    None => drop(margin.known.insert(value.to_owned(), tally)),
                }
            }
        })?;
        Ok(margin)
    }
}
