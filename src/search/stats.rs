//! What the whole index holds: how much of everything, how full each field is, what was doubtful in reading it.
//!
//! Outcomes, years and categories are counted as a query for everything counts them. The rest is counted at index time into
//! columns of its own (see [`schema`]), so that no stored letter has to be read.

use std::collections::{BTreeMap, HashMap};

use tantivy::columnar::{ColumnIndex, StrColumn};
use tantivy::{DocId, SegmentReader};

use super::count::{Counts, count};
use super::margin::names;
use super::of_letter::Behind;
use super::part::parts;
use super::results::{Arrangement, Filled, Noted, Stats};
use super::translate::Translator;
use crate::error::Result;
use crate::field::{self, FIELDS, Field};
use crate::index::{Index, schema};
use crate::query::Query;

/// The facets that the statistics show.
const FACETS: [&str; 2] = ["year", "category"];

/// Counts what the index holds.
///
/// # Errors
/// Only where the index fails.
pub fn stats(index: &Index) -> Result<Stats> {
    let searcher = index.view()?;
    let facets: Vec<_> = FACETS.iter().filter_map(|name| field::find(name)).collect();
    let translator = Translator::of(&searcher, index.handles())?;
    let Counts { total, outcomes, mut facets, .. } = count(&translator, &parts(&searcher)?, &Query::All, &facets, None)?;
    facets.iter_mut().for_each(|facet| facet.arrange(Arrangement::default()));
    let mut tallies = Tallies::default();
    for segment in searcher.segment_readers() {
        tallies.add(segment)?;
    }
    Ok(tallies.stats(Stats { total, outcomes, facets, ..Stats::default() }))
}

/// What is counted beside the facets.
#[derive(Default)]
struct Tallies {
    sources: u64,
    copies: u64,
    layouts: BTreeMap<String, u64>,
    /// By field: decisions, letters.
    known: HashMap<String, (u64, u64)>,
    /// By warning: letters, times.
    warnings: BTreeMap<String, (u64, u64)>,
}

impl Tallies {
    fn add(&mut self, segment: &SegmentReader) -> Result<()> {
        let fast = segment.fast_fields();
        let (layout, warning, known) = (fast.str(schema::LAYOUT)?, fast.str(schema::WARNING)?, fast.str(schema::KNOWN)?);
        let (source, key, copy_of) = (fast.str("source")?, fast.str("key")?, fast.str("copy-of")?);
        let (number, behind) = (fast.u64(schema::NUMBER)?, Behind::of(segment)?);
        let mut columns: Vec<_> =
            FIELDS.iter().filter(|f| f.has_column()).map(|f| Filling::of(segment, f)).collect::<Result<_>>()?;
        let has = |column: &Option<StrColumn>, doc| column.as_ref().is_some_and(|c| c.ords().first(doc).is_some());

        let (mut layouts, mut warnings, mut fields) = (ByOrdinal::of(&layout), ByOrdinal::of(&warning), ByOrdinal::of(&known));
        for doc in segment.doc_ids_alive() {
            // A container has neither key nor copy: its members are the sources.
            self.sources += u64::from(has(&source, doc) && (has(&key, doc) || has(&copy_of, doc)));
            self.copies += u64::from(has(&copy_of, doc));
            layouts.count(&layout, doc, u64::from(doc), true);
            warnings.count(&warning, doc, u64::from(doc), true);
            if let Some(number) = number.first(doc) {
                // What could not be taken apart counts as a letter of its own, also behind decisions that could.
                let letter = if number > 0 { behind.letter(doc) } else { doc };
                fields.count(&known, doc, letter.into(), number > 0);
                columns.iter_mut().for_each(|column| column.count(doc, letter, number > 0));
            }
        }
        for (name, (_, letters)) in layouts.named(&layout)? {
            *self.layouts.entry(name).or_default() += letters;
        }
        for (name, (times, letters)) in warnings.named(&warning)? {
            let sum = self.warnings.entry(name).or_default();
            *sum = (sum.0 + letters, sum.1 + times);
        }
        let columns = columns.into_iter().map(|filling| (filling.field.name.to_owned(), (filling.decisions, filling.letters)));
        for (name, (decisions, letters)) in fields.named(&known)?.into_iter().chain(columns) {
            let sum = self.known.entry(name).or_default();
            *sum = (sum.0 + decisions, sum.1 + letters);
        }
        Ok(())
    }

    fn stats(self, stats: Stats) -> Stats {
        let filled = |field: &'static field::Field| {
            let (decisions, letters) = self.known.get(field.name).copied().unwrap_or_default();
            Filled { field, decisions, letters }
        };
        let mut layouts: Vec<_> = self.layouts.into_iter().collect();
        layouts.sort_by_key(|(_, letters)| std::cmp::Reverse(*letters));
        let noted = self.warnings.into_iter().map(|(warning, (letters, times))| Noted { warning, letters, times });
        let mut warnings: Vec<_> = noted.collect();
        warnings.sort_by_key(|noted| std::cmp::Reverse(noted.letters));
        let fields = FIELDS.iter().map(filled).collect();
        Stats { sources: self.sources, copies: self.copies, layouts, fields, warnings, ..stats }
    }
}

/// How full the column of a field is in one segment.
struct Filling {
    field: &'static Field,
    /// For each document the values it has, of whatever type; `None` where no document has any.
    values: Option<ColumnIndex>,
    decisions: u64,
    letters: u64,
    last: Option<DocId>,
}

impl Filling {
    fn of(segment: &SegmentReader, field: &'static Field) -> Result<Self> {
        let columns = segment.fast_fields().dynamic_column_handles(field.name)?;
        let values = columns.first().map(|column| column.open()).transpose().map_err(tantivy::TantivyError::from)?;
        let values = values.map(|column| column.column_index().clone());
        Ok(Filling { field, values, decisions: 0, letters: 0, last: None })
    }

    fn count(&mut self, doc: DocId, letter: DocId, is_decision: bool) {
        if self.values.as_ref().is_some_and(|values| values.has_value(doc)) {
            self.decisions += u64::from(is_decision);
            self.letters += u64::from(self.last != Some(letter));
            self.last = Some(letter);
        }
    }
}

/// Counts of a column's values in one segment: how often each was seen, and in how many groups of documents.
struct ByOrdinal(Vec<(u64, u64, Option<u64>)>);

impl ByOrdinal {
    fn of(column: &Option<StrColumn>) -> Self {
        ByOrdinal(vec![(0, 0, None); column.as_ref().map_or(0, |c| c.num_terms())])
    }

    fn count(&mut self, column: &Option<StrColumn>, doc: u32, group: u64, seen: bool) {
        for ordinal in column.iter().flat_map(|c| c.term_ords(doc)) {
            if let Some((times, groups, last)) = self.0.get_mut(ordinal as usize) {
                *times += u64::from(seen);
                *groups += u64::from(*last != Some(group));
                *last = Some(group);
            }
        }
    }

    fn named(self, column: &Option<StrColumn>) -> Result<Vec<(String, (u64, u64))>> {
        let Some(column) = column else { return Ok(Vec::new()) };
        let counted = names(column)?.into_iter().zip(self.0).filter(|(_, (_, groups, _))| *groups > 0);
        Ok(counted.map(|(name, (times, groups, _))| (name, (times, groups))).collect())
    }
}
