//! Counts the values of one field: a facet, or the rows or columns of a cross table.

use std::collections::BTreeMap;

use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::results::{Facet, Few, Filter, Outcomes, Tally};
use crate::field::Field;
use crate::record::Outcome;

/// The values of a field with what was counted of each.
#[derive(Debug, Default)]
pub struct Margin {
    over: Outcomes,
    known: BTreeMap<String, Tally>,
    unknown: Tally,
}

impl Margin {
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

/// The same within a segment, by ordinals.
pub struct SegmentMargin {
    column: Option<StrColumn>,
    over: Outcomes,
    by_ordinal: Vec<Tally>,
    unknown: Tally,
}

impl SegmentMargin {
    /// The column of a field in a segment, with nothing counted.
    pub fn open(segment: &SegmentReader, field: &Field) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(field.name)?;
        let by_ordinal = vec![Tally::default(); column.as_ref().map_or(0, |c| c.num_terms())];
        Ok(SegmentMargin { column, over: Outcomes::default(), by_ordinal, unknown: Tally::default() })
    }

    /// Counts a decision once for each of its values.
    pub fn count(&mut self, doc: DocId, outcome: Option<Outcome>) {
        let one = Tally::one(outcome);
        self.over.add(outcome);
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

    /// What was counted, by name, and the names by ordinal.
    pub fn named(self) -> tantivy::Result<(Margin, Vec<String>)> {
        let names = self.column.as_ref().map(names).transpose()?.unwrap_or_default();
        let counted = names.iter().cloned().zip(self.by_ordinal).filter(|(_, tally)| tally.decisions > 0);
        Ok((Margin { over: self.over, known: counted.collect(), unknown: self.unknown }, names))
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
