//! Counts the values of one field among decisions: a facet, or the rows or columns of a cross table.
//!
//! Where many decisions are counted, the documents of each value are gone through as they lie in the index; where few are, the
//! values of each of them are looked up.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use tantivy::columnar::StrColumn;
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

use super::bits::Bits;
use super::column::each_value;
use super::part::{Part, each_block};
use super::results::{Facet, Few, Filter, Outcomes, Tally};
use crate::field::{Field, OUTCOME};
use crate::record::Outcome;

/// Values of documents that are gone through in the time in which those of one document are looked up.
const LOOKUP: u64 = 8;

/// Of how many documents one has a value for which going through a set of all takes longer than to look for each that has it.
const SCARCE: usize = 32;

/// Decisions of a part that are counted.
pub struct Decisions {
    /// All of them.
    pub all: Bits,
    /// The overturned ones.
    pub overturned: Bits,
    /// How many of each outcome.
    pub outcomes: Outcomes,
    listed: OnceCell<Vec<DocId>>,
}

impl Decisions {
    /// Decisions, the overturned ones among them, and how many of each outcome these are.
    pub fn of(all: Bits, overturned: Bits, outcomes: Outcomes) -> Self {
        Decisions { all, overturned, outcomes, listed: OnceCell::new() }
    }

    /// All of them, one by one.
    fn listed(&self) -> &[DocId] {
        self.listed.get_or_init(|| self.all.iter().collect())
    }

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
    /// The values that decisions of a part have. A decision counts once for each of its values.
    pub fn of(part: &Part<'_>, field: &Field, handle: Handle, decisions: &Decisions) -> tantivy::Result<Self> {
        if field.name == OUTCOME {
            return Ok(Self::by_outcome(decisions.outcomes));
        }
        let count = decisions.outcomes.tally().decisions;
        if count * LOOKUP > part.docs.len() as u64 {
            return Self::by_value(part, handle, decisions);
        }
        let mut margin = SegmentMargin::open(part.segment, field)?;
        margin.count_all(decisions);
        margin.named(decisions.outcomes)
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

    fn by_value(part: &Part<'_>, handle: Handle, decisions: &Decisions) -> tantivy::Result<Self> {
        let inverted = part.segment.inverted_index(handle)?;
        let mut known = BTreeMap::new();
        let mut having_none = decisions.all.clone();
        let mut values = inverted.terms().stream()?;
        while values.advance() {
            let term = inverted.read_block_postings_from_terminfo(values.value(), IndexRecordOption::Basic)?;
            let mut tally = Tally::default();
            if part.docs.len() < SCARCE * term.doc_freq() as usize {
                let mut having = Bits::none(part.docs.clone());
                having.insert_all(term);
                let overturned = having.len_with(&decisions.overturned);
                tally = Tally { decisions: having.len_with(&decisions.all), overturned };
                having_none.subtract(&having);
            } else {
                each_block(term, &part.docs, |docs| {
                    let [counted, overturned] = decisions.all.count_out(docs, &decisions.overturned, &mut having_none);
                    tally.merge(Tally { decisions: counted, overturned });
                });
            }
            if let (Ok(value), 1..) = (std::str::from_utf8(values.key()), tally.decisions) {
                known.insert(value.to_owned(), tally);
            }
        }
        let unknown = Tally { decisions: having_none.len(), overturned: having_none.len_with(&decisions.overturned) };
        Ok(Margin { over: decisions.outcomes, known, unknown })
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

/// The values of a field in a segment, with what was counted of each by its ordinal.
pub struct SegmentMargin {
    column: Option<StrColumn>,
    by_ordinal: Vec<Tally>,
    unknown: Tally,
}

impl SegmentMargin {
    /// The column of a field in a segment, with nothing counted.
    pub fn open(segment: &SegmentReader, field: &Field) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(field.name)?;
        let by_ordinal = vec![Tally::default(); column.as_ref().map_or(0, |c| c.num_terms())];
        Ok(SegmentMargin { column, by_ordinal, unknown: Tally::default() })
    }

    /// Counts decisions, each once for each of its values.
    pub fn count_all(&mut self, decisions: &Decisions) {
        let mut known = Tally::default();
        if let Some(column) = &self.column {
            let mut last = None;
            each_value(column.ords(), decisions.listed().iter().copied(), |doc, ordinal| {
                let one = decisions.tally(doc);
                if last.replace(doc) != Some(doc) {
                    known.merge(one);
                }
                if let Some(tally) = self.by_ordinal.get_mut(ordinal as usize) {
                    tally.merge(one);
                }
            });
        }
        let all = decisions.outcomes.tally();
        self.unknown.decisions += all.decisions - known.decisions;
        self.unknown.overturned += all.overturned - known.overturned;
    }

    /// Counts a decision once for each of its values.
    pub fn count(&mut self, doc: DocId, one: Tally) {
        let mut known = false;
        for ordinal in self.column.iter().flat_map(|column| column.term_ords(doc)) {
            known = true;
            if let Some(tally) = self.by_ordinal.get_mut(ordinal as usize) {
                tally.merge(one);
            }
        }
        if !known {
            self.unknown.merge(one);
        }
    }

    /// The ordinals of a decision's values; `None` once if it has none.
    pub fn ordinals(&self, doc: DocId) -> impl Iterator<Item = Option<u64>> + '_ {
        let mut known = self.column.iter().flat_map(move |column| column.term_ords(doc)).map(Some).peekable();
        let none = known.peek().is_none().then_some(None);
        known.chain(none)
    }

    /// What was counted over decisions of these outcomes, by name.
    pub fn named(self, over: Outcomes) -> tantivy::Result<Margin> {
        let counted = || (0..).zip(&self.by_ordinal).filter(|(_, tally)| tally.decisions > 0);
        let mut known = BTreeMap::new();
        if let Some(column) = &self.column {
            let ordinals: Vec<u64> = counted().map(|(ordinal, _)| ordinal).collect();
            let mut tallies = counted().map(|(_, tally)| *tally);
            let name =
                |name: &[u8]| known.extend(tallies.next().map(|tally| (String::from_utf8_lossy(name).into_owned(), tally)));
            column.dictionary().sorted_ords_to_term_cb(&ordinals, name)?;
        }
        Ok(Margin { over, known, unknown: self.unknown })
    }

    /// The names of all values in the segment, by ordinal.
    pub fn names(&self) -> tantivy::Result<Vec<String>> {
        Ok(self.column.as_ref().map(names).transpose()?.unwrap_or_default())
    }
}

/// The values of a column, by ordinal.
pub fn names(column: &StrColumn) -> tantivy::Result<Vec<String>> {
    let ordinals: Vec<_> = (0..column.num_terms() as u64).collect();
    let mut names = Vec::with_capacity(ordinals.len());
    column.dictionary().sorted_ords_to_term_cb(&ordinals, |name| names.push(String::from_utf8_lossy(name).into_owned()))?;
    Ok(names)
}
