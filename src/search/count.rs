//! Counts the matches: how many, by outcome, and by the values of each facet, all in one pass without scores.
//!
//! Values are counted by their ordinals in a segment's dictionary and named once a segment. A letter's documents stand side by
//! side in one segment, so its decisions are told from the next letter's by a hash that changes.

use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::results::{Facet, Outcomes, Tally, Total};
use crate::field::{self, Field};
use crate::index::schema::{LETTER_HASH, NUMBER};
use crate::record::Outcome;

/// The collector; it holds the facets to count.
pub struct Counter {
    /// The fields whose values are counted.
    pub facets: Vec<&'static Field>,
}

/// What was counted.
#[derive(Debug, Default)]
pub struct Counts {
    /// Matches.
    pub total: Total,
    /// Decisions by outcome.
    pub outcomes: Outcomes,
    /// For each facet, in order, the values.
    values: Vec<Values>,
}

#[derive(Debug, Default)]
struct Values {
    known: BTreeMap<String, Tally>,
    unknown: Tally,
}

impl Counts {
    /// The facets as answers hold them.
    pub fn facets(self, fields: &[&'static Field]) -> Vec<Facet> {
        let sorted = |values: Values| {
            let mut known: Vec<_> = values.known.into_iter().map(|(value, tally)| (Some(value), tally)).collect();
            known.sort_by(|a, b| b.1.decisions.cmp(&a.1.decisions).then_with(|| a.0.cmp(&b.0)));
            known.extend((values.unknown.decisions > 0).then_some((None, values.unknown)));
            known
        };
        fields.iter().zip(self.values).map(|(&field, values)| Facet { field, values: sorted(values) }).collect()
    }
}

/// The counter of one segment.
pub struct SegmentCounter {
    number: Column<u64>,
    letter: Column<u64>,
    last_letter: Option<u64>,
    outcomes: Option<StrColumn>,
    /// The outcome of each ordinal.
    outcome_names: Vec<Option<Outcome>>,
    facets: Vec<SegmentFacet>,
    counts: Counts,
}

struct SegmentFacet {
    column: Option<StrColumn>,
    by_ordinal: Vec<Tally>,
    unknown: Tally,
}

impl Collector for Counter {
    type Fruit = Counts;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        let fast = segment.fast_fields();
        let outcomes = fast.str(field::OUTCOME)?;
        let outcome_names = match &outcomes {
            Some(column) => names(column)?.iter().map(|n| Outcome::ALL.into_iter().find(|o| o.name() == n)).collect(),
            None => Vec::new(),
        };
        let facets = self.facets.iter().map(|f| {
            let column = fast.str(f.name)?;
            let by_ordinal = vec![Tally::default(); column.as_ref().map_or(0, |c| c.num_terms())];
            Ok(SegmentFacet { column, by_ordinal, unknown: Tally::default() })
        });
        Ok(SegmentCounter {
            number: fast.u64(NUMBER)?,
            letter: fast.u64(LETTER_HASH)?,
            last_letter: None,
            outcomes,
            outcome_names,
            facets: facets.collect::<tantivy::Result<_>>()?,
            counts: Counts::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Counts>>) -> tantivy::Result<Counts> {
        let mut all = Counts { values: self.facets.iter().map(|_| Values::default()).collect(), ..Counts::default() };
        for counts in fruits {
            all.merge(counts?);
        }
        Ok(all)
    }
}

impl Counts {
    fn merge(&mut self, other: Counts) {
        self.total.decisions += other.total.decisions;
        self.total.letters += other.total.letters;
        self.total.unread += other.total.unread;
        self.outcomes.upheld += other.outcomes.upheld;
        self.outcomes.overturned += other.outcomes.overturned;
        self.outcomes.modified += other.outcomes.modified;
        self.outcomes.unknown += other.outcomes.unknown;
        for (mine, theirs) in self.values.iter_mut().zip(other.values) {
            mine.unknown.merge(theirs.unknown);
            for (value, tally) in theirs.known {
                mine.known.entry(value).or_default().merge(tally);
            }
        }
    }
}

impl Tally {
    fn merge(&mut self, other: Tally) {
        self.decisions += other.decisions;
        self.overturned += other.overturned;
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = tantivy::Result<Counts>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let letter = self.letter.first(doc);
        if letter != self.last_letter {
            self.last_letter = letter;
            self.counts.total.letters += 1;
        }
        if self.number.first(doc) == Some(0) {
            self.counts.total.unread += 1;
            return;
        }
        self.counts.total.decisions += 1;
        let ordinal = self.outcomes.as_ref().and_then(|column| column.ords().first(doc));
        let outcome = ordinal.and_then(|o| self.outcome_names.get(o as usize).copied().flatten());
        self.counts.outcomes.add(outcome);
        let one = Tally { decisions: 1, overturned: u64::from(outcome == Some(Outcome::Overturned)) };
        for facet in &mut self.facets {
            let mut known = false;
            for ordinal in facet.column.iter().flat_map(|c| c.term_ords(doc)) {
                known = true;
                if let Some(tally) = facet.by_ordinal.get_mut(ordinal as usize) {
                    tally.merge(one);
                }
            }
            if !known {
                facet.unknown.merge(one);
            }
        }
    }

    fn harvest(mut self) -> tantivy::Result<Counts> {
        for facet in self.facets {
            let mut values = Values { unknown: facet.unknown, ..Values::default() };
            if let Some(column) = &facet.column {
                let counted = names(column)?.into_iter().zip(facet.by_ordinal).filter(|(_, tally)| tally.decisions > 0);
                values.known.extend(counted);
            }
            self.counts.values.push(values);
        }
        Ok(self.counts)
    }
}

/// The values of a column, by ordinal.
pub(super) fn names(column: &StrColumn) -> tantivy::Result<Vec<String>> {
    let name = |ordinal: usize| {
        let mut name = String::new();
        column.ord_to_str(ordinal as u64, &mut name)?;
        Ok(name)
    };
    (0..column.num_terms()).map(name).collect()
}
