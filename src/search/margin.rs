//! Counts the values of fields among decisions: facets, or the rows and columns of a cross table.
//!
//! Decisions are counted by the entries that they have in an aspect ([`values`](crate::index::values)), a block of them in all aspects
//! before the next, and what was counted of an entry is then counted for each value that it says.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::bits::Bits;
use super::results::{Facet, Few, Filter, Outcomes, Tally};
use crate::field::{Field, OUTCOME};
use crate::index::values::{Said, Values, place};
use crate::index::view::Segment;
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
    pub fn of_each(segment: &Segment, fields: &[&Field], decisions: &Decisions) -> tantivy::Result<Vec<Self>> {
        let mut aspects = BTreeMap::new();
        for field in fields.iter().filter(|field| field.name != OUTCOME) {
            aspects.insert(field.aspect(), Counted::none(segment.values(field.aspect())?));
        }
        count(decisions, &mut aspects.values_mut().collect::<Vec<_>>());
        let margin = |field: &&Field| match aspects.get(field.aspect()) {
            None => Self::by_outcome(decisions.outcomes),
            Some(counted) => Self::of(counted.values.said(place(field)), &counted.by_entry, decisions.outcomes),
        };
        Ok(fields.iter().map(margin).collect())
    }

    /// The values of a field, of whose entries this was counted.
    fn of(said: &Said, by_entry: &[u64], over: Outcomes) -> Self {
        let (by_value, unknown) = said.sums(by_entry);
        let known = said.values().iter().zip(by_value).filter(|(_, counted)| *counted > 0);
        Margin { over, known: known.map(|(value, counted)| (value.clone(), tally(counted))).collect(), unknown: tally(unknown) }
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

fn tally(counted: u64) -> Tally {
    Tally { decisions: counted & u64::from(u32::MAX), overturned: counted >> OVERTURNED }
}

/// The values of an aspect in a segment, with what was counted of each entry, by its number.
struct Counted {
    values: Arc<Values>,
    by_entry: Vec<u64>,
}

/// Counts decisions by the entries that they have.
fn count(decisions: &Decisions, aspects: &mut [&mut Counted]) {
    if aspects.is_empty() {
        return;
    }
    let (mut docs, mut each, mut numbers) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK), Vec::new());
    let mut add = |docs: &mut Vec<DocId>, each: &mut Vec<u64>| {
        aspects.iter_mut().for_each(|aspect| aspect.values.entries.add(docs, each, &mut aspect.by_entry, &mut numbers));
        docs.clear();
        each.clear();
    };
    decisions.all.each_beside(&decisions.overturned, |doc, overturned| {
        docs.push(doc);
        each.push(1 | u64::from(overturned) << OVERTURNED);
        if docs.len() == BLOCK {
            add(&mut docs, &mut each);
        }
    });
    add(&mut docs, &mut each);
}

impl Counted {
    fn none(values: Arc<Values>) -> Self {
        Counted { by_entry: vec![0; values.entries.count()], values }
    }
}
