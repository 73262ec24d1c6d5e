//! Counts the matches: how many, by outcome, by the values of each facet, and in a cross table.
//!
//! A count by a field leaves out the query's own filter by that field ([`super::sideways`]). What is found is the query without
//! such filters, and what each filter finds by itself; a count is over what the query finds and no filter but those left out there
//! fails. All of it is done on sets of documents ([`Bits`]), part by part ([`super::part`]). A letter's documents stand side by side in
//! one part, its own before those of its decisions, so that letters are counted by where the next begins.

use tantivy::Term;
use tantivy::schema::Field as Handle;

use super::bits::Bits;
use super::found::Finder;
use super::margin::{Decisions, Margin};
use super::part::{Part, of_each};
use super::results::{Cross, Facet, Outcomes, Total};
use super::scored::Boxed;
use super::sideways::Split;
use super::table::Table;
use super::translate::Translator;
use crate::error::{Error, Result};
use crate::field::{self, Field};
use crate::index::schema;
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
    /// What matches, in each part.
    pub found: Vec<Bits>,
}

/// Counts what a query finds, by the values of `facets`, and by those of two fields against each other.
///
/// # Errors
/// Only where the index fails.
pub fn count(
    translator: &Translator<'_>,
    parts: &[Part<'_>],
    query: &Query,
    facets: &[&'static Field],
    cross: Option<[&'static Field; 2]>,
) -> Result<Counts> {
    let finer = facets.iter().filter_map(|f| f.finer());
    let outcome = field::find(field::OUTCOME).ok_or_else(|| Error::Index("no field is the outcome".into()))?;
    let counted: Vec<_> = facets.iter().copied().chain(finer).chain(cross.into_iter().flatten()).chain([outcome]).collect();
    let split = Split::of(query, &counted);

    let mut fields = facets_to_count(facets, &split);
    let asked = fields.len();
    // What the query finds with any outcome is what a facet by outcome is counted over.
    fields.extend(split.filter(outcome).map(|_| outcome));
    let counter = Counter {
        translator,
        outcome: translator.handles.of(outcome),
        rest: translator.found(&split.rest)?,
        filters: split.filters.iter().map(|(_, filter)| translator.query(filter)).collect::<Result<_>>()?,
        facets: fields.iter().map(|&field| (field, split.without(&[field]))).collect(),
        cross: cross.map(|both| (both, split.without(&both))),
    };
    let mut tallies = counter.nothing();
    of_each(parts, |part| counter.count(part))?.into_iter().for_each(|part| tallies.merge(part));

    let named = fields.into_iter().zip(tallies.facets);
    let mut facets: Vec<_> = named.map(|(field, margin)| margin.facet(field, split.filter(field))).collect();
    let any_outcome = facets.split_off(asked).pop();
    let cross = cross.zip(tallies.cross).map(|(both, table)| table.cross(both.map(|field| (field, split.filter(field)))));
    Ok(Counts { total: tallies.total, outcomes: tallies.outcomes, facets, cross, any_outcome, found: tallies.found })
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

/// What is counted, in each part. Beside a field stands which filters, as bits, its count leaves out.
struct Counter<'a> {
    translator: &'a Translator<'a>,
    outcome: Handle,
    rest: Boxed,
    filters: Vec<Boxed>,
    facets: Vec<(&'static Field, u32)>,
    cross: Option<([&'static Field; 2], u32)>,
}

/// What was counted in a part, or in several.
struct Tallies {
    total: Total,
    outcomes: Outcomes,
    facets: Vec<Margin>,
    cross: Option<Table>,
    found: Vec<Bits>,
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
        self.found.extend(other.found);
    }
}

impl Counter<'_> {
    fn nothing(&self) -> Tallies {
        Tallies {
            total: Total::default(),
            outcomes: Outcomes::default(),
            facets: self.facets.iter().map(|_| Margin::default()).collect(),
            cross: self.cross.as_ref().map(|_| Table::default()),
            found: Vec::new(),
        }
    }

    fn count(&self, part: &Part<'_>) -> Result<Tallies> {
        let Translator { searcher, handles, .. } = self.translator;
        let finder = Finder::of(searcher, part);
        let rest = finder.found(self.rest.as_ref())?;
        let filters = self.filters.iter().map(|filter| finder.found_among(filter.as_ref(), &rest));
        let filters: Vec<_> = filters.collect::<Result<_>>()?;
        let passing = |without: u32| {
            let mut passing = rest.clone();
            let asked = filters.iter().enumerate().filter(|(place, _)| without >> place & 1 == 0);
            asked.for_each(|(_, filter)| passing.intersect(filter));
            passing
        };
        let unread = finder.with(&Term::from_field_text(handles.doc, schema::UNREAD))?;
        let decisions = |without: u32| {
            let mut all = passing(without);
            all.subtract(&unread);
            self.by_outcome(&finder, all)
        };

        let found = passing(0);
        let matching = decisions(0)?;
        let mut counted = self.nothing();
        counted.outcomes = matching.outcomes;
        counted.total.decisions = matching.outcomes.tally().decisions;
        counted.total.unread = found.len_with(&unread);
        counted.total.letters = finder.count_letters(&matching.all)? + counted.total.unread;

        let mut sets = vec![(0, matching)];
        for without in self.facets.iter().map(|(_, w)| *w).chain(self.cross.iter().map(|(_, w)| *w)) {
            if !sets.iter().any(|(w, _)| *w == without) {
                sets.push((without, decisions(without)?));
            }
        }
        for (without, decisions) in &sets {
            let over_these = self.facets.iter().zip(&mut counted.facets).filter(|((_, w), _)| w == without);
            let (fields, margins): (Vec<_>, Vec<_>) = over_these.map(|((field, _), margin)| (*field, margin)).unzip();
            let counts = Margin::of_each(part.view, &fields, decisions)?;
            margins.into_iter().zip(counts).for_each(|(margin, counted)| *margin = counted);
            if let Some((both, _)) = self.cross.filter(|(_, w)| w == without) {
                counted.cross = Some(Table::of(part.view, both, decisions)?);
            }
        }
        counted.found.push(found);
        Ok(counted)
    }

    /// Decisions with what became of them.
    fn by_outcome(&self, finder: &Finder<'_>, all: Bits) -> Result<Decisions> {
        let term = |outcome: Outcome| Term::from_field_text(self.outcome, outcome.name());
        let overturned = finder.with_among(&term(Outcome::Overturned), &all)?;
        let modified = finder.with_among(&term(Outcome::Modified), &all)?.len();
        let others = all.len() - overturned.len() - modified;
        // Most are upheld. Where every decision of the segment has an outcome, these are what is left.
        let with_outcome = Outcome::ALL.map(|outcome| finder.frequency(&term(outcome)));
        let with_outcome = with_outcome.into_iter().sum::<Result<u64>>()?;
        let decisions = finder.frequency(&Term::from_field_text(self.translator.handles.doc, schema::DECISION))?;
        let upheld = match with_outcome == decisions {
            true => others,
            false => finder.with_among(&term(Outcome::Upheld), &all)?.len(),
        };
        let outcomes = Outcomes { upheld, overturned: overturned.len(), modified, unknown: others - upheld };
        Ok(Decisions { all, overturned, outcomes })
    }
}
