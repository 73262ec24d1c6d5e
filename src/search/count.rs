//! Counts the matches: how many, by outcome, by the values of each facet, and in a cross table, all in one pass without scores.
//!
//! A count by a field leaves out the query's own filter by that field ([`super::sideways`]). What is run is the query without
//! such filters; they go along, and a document counts wherever no filter but those left out there fails. Values are counted
//! by their ordinals in a segment's dictionary and named once a segment. A letter's documents stand side by side in one
//! segment, so its decisions are told from the next letter's by a hash that changes.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{EnableScoring, Scorer, Weight};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::margin::{Margin, SegmentMargin, names};
use super::results::{Cross, Facet, Outcomes, Tally, Total};
use super::sideways::Split;
use super::table::{SegmentTable, Table};
use super::translate::Translator;
use crate::error::Result;
use crate::field::{self, Field};
use crate::index::schema::{LETTER_HASH, NUMBER};
use crate::query::Query;
use crate::record::Outcome;

/// What was counted.
#[derive(Debug)]
pub struct Counts {
    /// Matches.
    pub total: Total,
    /// Decisions by outcome.
    pub outcomes: Outcomes,
    /// The facets asked for; behind one that the query chooses values of, the facet that divides them further.
    pub facets: Vec<Facet>,
    /// The cross table asked for.
    pub cross: Option<Cross>,
    /// Decisions by outcome without the query's filter by outcome, if it has one.
    pub any_outcome: Option<Facet>,
}

/// Counts what a query finds, by the values of `facets`, and by those of two fields against each other.
///
/// # Errors
/// Only where the index fails.
pub fn count(
    translator: &Translator<'_>,
    query: &Query,
    facets: &[&'static Field],
    cross: Option<[&'static Field; 2]>,
) -> Result<Counts> {
    let finer = facets.iter().filter_map(|f| f.finer());
    let outcome = field::find(field::OUTCOME);
    let counted: Vec<_> = facets.iter().copied().chain(finer).chain(cross.into_iter().flatten()).chain(outcome).collect();
    let split = Split::of(query, &counted);

    let mut fields = facets_to_count(facets, &split);
    let asked = fields.len();
    // What the query finds with any outcome is what a facet by outcome is counted over.
    fields.extend(outcome.filter(|outcome| split.filter(outcome).is_some()));
    let without = |fields: &[&Field]| {
        let left_out = split.filters.iter().enumerate().filter(|(_, (field, _))| fields.contains(field));
        left_out.map(|(place, _)| 1 << place).sum()
    };
    let scoring = EnableScoring::disabled_from_searcher(translator.searcher);
    let weight = |(_, filter): &(_, Query)| Ok(translator.query(filter)?.weight(scoring)?);
    let counter = Counter {
        filters: split.filters.iter().map(weight).collect::<Result<_>>()?,
        facets: fields.iter().map(|&field| Counted { field, without: without(&[field]) }).collect(),
        cross: cross.map(|both| both.map(|field| Counted { field, without: without(&both) })),
    };
    let tallies = translator.searcher.search(&translator.found(&split.rest)?, &counter)?;

    let named = fields.into_iter().zip(tallies.facets);
    let mut facets: Vec<_> = named.map(|(field, margin)| margin.facet(field, split.filter(field))).collect();
    let any_outcome = facets.split_off(asked).pop();
    let cross = cross.zip(tallies.cross).map(|(both, table)| table.cross(both.map(|field| (field, split.filter(field)))));
    Ok(Counts { total: tallies.total, outcomes: tallies.outcomes, facets, cross, any_outcome })
}

/// The facets asked for, and behind one of which the query chooses values, the one that divides these.
fn facets_to_count(asked: &[&'static Field], split: &Split) -> Vec<&'static Field> {
    let mut fields = Vec::new();
    for &field in asked {
        let chosen = split.filter(field).is_some_and(|filter| !filter.chosen.is_empty());
        let finer = field.finer().filter(|finer| chosen && !asked.contains(finer));
        fields.extend([Some(field), finer].into_iter().flatten());
    }
    fields
}

/// A field whose values are counted, and the filters, as bits, that this count leaves out.
struct Counted {
    field: &'static Field,
    without: u32,
}

/// The collector.
struct Counter {
    filters: Vec<Box<dyn Weight>>,
    facets: Vec<Counted>,
    cross: Option<[Counted; 2]>,
}

/// What the collector gives.
#[derive(Default)]
struct Tallies {
    total: Total,
    outcomes: Outcomes,
    facets: Vec<Margin>,
    cross: Option<Table>,
}

impl Tallies {
    fn merge(&mut self, other: Tallies) {
        self.total.decisions += other.total.decisions;
        self.total.letters += other.total.letters;
        self.total.unread += other.total.unread;
        self.outcomes.merge(other.outcomes);
        self.facets.iter_mut().zip(other.facets).for_each(|(mine, theirs)| mine.merge(theirs));
        if let (Some(mine), Some(theirs)) = (&mut self.cross, other.cross) {
            mine.merge(theirs);
        }
    }
}

/// The counter of one segment.
struct SegmentCounter {
    number: Column<u64>,
    letter: Column<u64>,
    last_letter: Option<u64>,
    outcomes: Option<StrColumn>,
    /// The outcome of each ordinal.
    outcome_names: Vec<Option<Outcome>>,
    filters: Vec<Along>,
    facets: Vec<(u32, SegmentMargin)>,
    cross: Option<(u32, SegmentTable)>,
    tallies: Tallies,
}

/// A filter that goes along with the documents that are counted.
struct Along(Box<dyn Scorer>);

impl Along {
    /// Whether it holds for a document; never asked for an earlier one than before.
    fn holds(&mut self, doc: DocId) -> bool {
        if self.0.doc() < doc {
            self.0.seek(doc);
        }
        self.0.doc() == doc
    }
}

impl Collector for Counter {
    type Fruit = Tallies;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        let fast = segment.fast_fields();
        let outcomes = fast.str(field::OUTCOME)?;
        let outcome_names = match &outcomes {
            Some(column) => names(column)?.iter().map(|n| Outcome::ALL.into_iter().find(|o| o.name() == n)).collect(),
            None => Vec::new(),
        };
        let margin = |counted: &Counted| SegmentMargin::open(segment, counted.field);
        let facets = self.facets.iter().map(|counted| Ok((counted.without, margin(counted)?)));
        let cross = match &self.cross {
            Some([rows, columns]) => Some((rows.without, SegmentTable::new(margin(rows)?, margin(columns)?))),
            None => None,
        };
        Ok(SegmentCounter {
            number: fast.u64(NUMBER)?,
            letter: fast.u64(LETTER_HASH)?,
            last_letter: None,
            outcomes,
            outcome_names,
            filters: self.filters.iter().map(|f| Ok(Along(f.scorer(segment, 1.0)?))).collect::<tantivy::Result<_>>()?,
            facets: facets.collect::<tantivy::Result<_>>()?,
            cross,
            tallies: Tallies::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Tallies>>) -> tantivy::Result<Tallies> {
        let mut all = Tallies {
            facets: self.facets.iter().map(|_| Margin::default()).collect(),
            cross: self.cross.as_ref().map(|_| Table::default()),
            ..Tallies::default()
        };
        for tallies in fruits {
            all.merge(tallies?);
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = tantivy::Result<Tallies>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let mut failed = 0;
        for (place, filter) in self.filters.iter_mut().enumerate() {
            failed |= u32::from(!filter.holds(doc)) << place;
        }
        let counts = |without: u32| failed & !without == 0;
        if !counts(0) && !self.facets.iter().map(|(w, _)| *w).chain(self.cross.iter().map(|(w, _)| *w)).any(counts) {
            return;
        }
        let read = self.number.first(doc) != Some(0);
        if counts(0) {
            let letter = self.letter.first(doc);
            self.tallies.total.letters += u64::from(letter != self.last_letter);
            self.last_letter = letter;
            self.tallies.total.decisions += u64::from(read);
            self.tallies.total.unread += u64::from(!read);
        }
        if !read {
            return;
        }
        let ordinal = self.outcomes.as_ref().and_then(|column| column.ords().first(doc));
        let outcome = ordinal.and_then(|o| self.outcome_names.get(o as usize).copied().flatten());
        if counts(0) {
            self.tallies.outcomes.add(outcome);
        }
        for (_, facet) in self.facets.iter_mut().filter(|(without, _)| counts(*without)) {
            facet.count(doc, outcome);
        }
        if let Some((_, table)) = self.cross.as_mut().filter(|(without, _)| counts(*without)) {
            table.count(doc, outcome);
        }
    }

    fn harvest(mut self) -> tantivy::Result<Tallies> {
        let facets = self.facets.into_iter().map(|(_, facet)| Ok(facet.named()?.0));
        self.tallies.facets = facets.collect::<tantivy::Result<_>>()?;
        self.tallies.cross = self.cross.map(|(_, table)| table.named()).transpose()?;
        Ok(self.tallies)
    }
}

impl Tally {
    /// One decision with that outcome.
    pub(super) fn one(outcome: Option<Outcome>) -> Tally {
        Tally { decisions: 1, overturned: u64::from(outcome == Some(Outcome::Overturned)) }
    }
}
