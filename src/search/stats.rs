//! What the whole index holds: how much of everything, how full each field is, what was doubtful in reading it.
//!
//! Outcomes, years and categories are counted as a query for everything counts them. The rest is counted at index time into
//! columns of its own (see [`schema`]), so that no stored letter has to be read.

use std::collections::{BTreeMap, HashMap};

use tantivy::DocId;
use tantivy::columnar::{ColumnIndex, StrColumn};

use super::count::{Counts, count};
use super::part::parts;
use super::results::{Arrangement, Filled, Noted, Stats};
use super::translate::Translator;
use crate::error::Result;
use crate::field::{self, FIELDS, Field, Kind};
use crate::index::values::{Entries, Values, place};
use crate::index::view::Segment;
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
    for segment in searcher.segments() {
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
    known: HashMap<&'static str, (u64, u64)>,
    /// By warning: letters, times.
    warnings: BTreeMap<String, (u64, u64)>,
}

impl Tallies {
    fn add(&mut self, segment: &Segment) -> Result<()> {
        let fast = segment.reader().fast_fields();
        let (layout, warning) = (fast.str(schema::LAYOUT)?, fast.str(schema::WARNING)?);
        let (source, key, copy_of) = (fast.str("source")?, fast.str("key")?, fast.str("copy-of")?);
        let (number, behind) = (fast.u64(schema::NUMBER)?, segment.behind()?);
        let mut fields: Vec<_> = FIELDS.iter().map(|field| Filling::of(segment, field)).collect::<Result<_>>()?;
        let has = |column: &Option<StrColumn>, doc| column.as_ref().is_some_and(|c| c.ords().first(doc).is_some());

        let (mut layouts, mut warnings) = (ByOrdinal::of(&layout), ByOrdinal::of(&warning));
        for doc in segment.reader().doc_ids_alive() {
            // A container has neither key nor copy: its members are the sources.
            self.sources += u64::from(has(&source, doc) && (has(&key, doc) || has(&copy_of, doc)));
            self.copies += u64::from(has(&copy_of, doc));
            layouts.count(&layout, doc);
            warnings.count(&warning, doc);
            if let Some(number) = number.first(doc) {
                // What could not be taken apart counts as a letter of its own, also behind decisions that could.
                let letter = if number > 0 { behind.letter(doc) } else { doc };
                fields.iter_mut().for_each(|filling| filling.count(doc, letter, number > 0));
            }
        }
        for (name, (_, letters)) in layouts.named(&layout)? {
            *self.layouts.entry(name).or_default() += letters;
        }
        for (name, (times, letters)) in warnings.named(&warning)? {
            let sum = self.warnings.entry(name).or_default();
            *sum = (sum.0 + letters, sum.1 + times);
        }
        for Filling { field, decisions, letters, .. } in fields {
            let sum = self.known.entry(field.name).or_default();
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

/// How full a field is in one segment.
struct Filling {
    field: &'static Field,
    known: Known,
    decisions: u64,
    letters: u64,
    last: Option<DocId>,
}

/// Which documents have a value of a field.
enum Known {
    /// Those with an entry of which it is told here, by its number.
    Entries(Entries, Vec<bool>),
    /// Those with a number; none where no document has one.
    Numbers(Option<ColumnIndex>),
}

impl Filling {
    fn of(segment: &Segment, field: &'static Field) -> Result<Self> {
        let known = match field.kind {
            Kind::Keyword => Known::by_entry(&*segment.values(field.aspect())?, place(field), |_| true),
            Kind::Number | Kind::Date => {
                let columns = segment.reader().fast_fields().dynamic_column_handles(field.name)?;
                let values = columns.first().map(|column| column.open()).transpose().map_err(tantivy::TantivyError::from)?;
                Known::Numbers(values.map(|column| column.column_index().clone()))
            }
            Kind::Text { .. } | Kind::Case => Known::by_entry(&Values::known(segment.reader())?, 0, |known| known == field.name),
        };
        Ok(Filling { field, known, decisions: 0, letters: 0, last: None })
    }

    fn count(&mut self, doc: DocId, letter: DocId, is_decision: bool) {
        if self.known.of(doc) {
            self.decisions += u64::from(is_decision);
            self.letters += u64::from(self.last != Some(letter));
            self.last = Some(letter);
        }
    }
}

impl Known {
    /// By the entries that say a value that tells it.
    fn by_entry(values: &Values, place: usize, tells: impl Fn(&str) -> bool) -> Self {
        let said = values.said(place);
        let told = (0..values.entries.count() as u64).map(|entry| said.by(entry).any(&tells)).collect();
        Known::Entries(values.entries.clone(), told)
    }

    fn of(&self, doc: DocId) -> bool {
        match self {
            Known::Entries(entries, told) => told.get(entries.number(doc) as usize).copied().unwrap_or_default(),
            Known::Numbers(index) => index.as_ref().is_some_and(|index| index.has_value(doc)),
        }
    }
}

/// How often each value of a column was seen in one segment, and in how many documents.
struct ByOrdinal(Vec<(u64, u64, Option<DocId>)>);

impl ByOrdinal {
    fn of(column: &Option<StrColumn>) -> Self {
        ByOrdinal(vec![(0, 0, None); column.as_ref().map_or(0, |c| c.num_terms())])
    }

    fn count(&mut self, column: &Option<StrColumn>, doc: DocId) {
        for ordinal in column.iter().flat_map(|c| c.term_ords(doc)) {
            if let Some((times, documents, last)) = self.0.get_mut(ordinal as usize) {
                *times += 1;
                *documents += u64::from(*last != Some(doc));
                *last = Some(doc);
            }
        }
    }

    fn named(self, column: &Option<StrColumn>) -> Result<Vec<(String, (u64, u64))>> {
        let Some(column) = column else { return Ok(Vec::new()) };
        let ordinals: Vec<_> = (0..column.num_terms() as u64).collect();
        let (mut counted, mut named) = (self.0.into_iter(), Vec::new());
        let name = |name: &[u8]| {
            let (times, documents, _) = counted.next().unwrap_or_default();
            named.extend((documents > 0).then(|| (String::from_utf8_lossy(name).into_owned(), (times, documents))));
        };
        column.dictionary().sorted_ords_to_term_cb(&ordinals, name).map_err(tantivy::TantivyError::from)?;
        Ok(named)
    }
}
