//! Counts the values of one field among decisions: a facet, or the rows or columns of a cross table.
//!
//! Where many decisions are counted, the documents of each value are gone through as they lie in the index; where few are, the
//! values of each of them are looked up.

use std::collections::BTreeMap;

use tantivy::columnar::StrColumn;
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

use super::bits::Bits;
use super::results::{Facet, Few, Filter, Outcomes, Tally};
use crate::field::Field;

/// Values of documents that are gone through in the time in which those of one document are looked up.
const LOOKUP: u64 = 16;

/// Decisions of a segment that are counted.
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
    /// The values that decisions of a segment have. A decision counts once for each of its values.
    pub fn of(segment: &SegmentReader, field: &Field, handle: Handle, decisions: &Decisions) -> tantivy::Result<Self> {
        let count = decisions.outcomes.tally().decisions;
        if count * LOOKUP > u64::from(segment.max_doc()) {
            return Self::by_value(segment, handle, decisions);
        }
        let mut margin = SegmentMargin::open(segment, field)?;
        decisions.all.iter().for_each(|doc| margin.count(doc, decisions.tally(doc)));
        Ok(margin.named(decisions.outcomes)?.0)
    }

    fn by_value(segment: &SegmentReader, handle: Handle, decisions: &Decisions) -> tantivy::Result<Self> {
        let inverted = segment.inverted_index(handle)?;
        let mut known = BTreeMap::new();
        let mut having_none = decisions.all.clone();
        let mut values = inverted.terms().stream()?;
        while values.advance() {
            let mut block = inverted.read_block_postings_from_terminfo(values.value(), IndexRecordOption::Basic)?;
            let mut tally = Tally::default();
            while !block.docs().is_empty() {
                for doc in block.docs().iter().filter(|doc| decisions.all.has(**doc)) {
                    tally.merge(decisions.tally(*doc));
                    having_none.remove(*doc);
                }
                block.advance();
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

    /// What was counted over decisions of these outcomes, by name, and the names by ordinal.
    pub fn named(self, over: Outcomes) -> tantivy::Result<(Margin, Vec<String>)> {
        let names = self.column.as_ref().map(names).transpose()?.unwrap_or_default();
        let counted = names.iter().cloned().zip(self.by_ordinal).filter(|(_, tally)| tally.decisions > 0);
        Ok((Margin { over, known: counted.collect(), unknown: self.unknown }, names))
    }
}

/// The values of a column, by ordinal.
pub fn names(column: &StrColumn) -> tantivy::Result<Vec<String>> {
    let name = |ordinal: usize| {
        let mut name = String::new();
        column.ord_to_str(ordinal as u64, &mut name)?;
        Ok(name)
    };
    (0..column.num_terms()).map(name).collect()
}
