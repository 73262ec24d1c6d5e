//! Numbers and days between two ends: to find them, or to tell which of some documents have one.
//!
//! The engine goes through all values of a segment and looks for the document of each that is between the ends, which takes
//! several times as long as to look for the value of a document. So where other words have been found already, theirs are looked up.

use std::ops::{Bound, RangeInclusive};

use tantivy::query::{EnableScoring, Query as Engine, RangeQuery, Weight};
use tantivy::schema::Field as Handle;
use tantivy::{DocId, SegmentReader, Term};

use super::bits::Bits;

/// Documents whose values are looked up at once: to look up one takes several times as long as one of many.
const BLOCK: usize = 1 << 10;

/// The documents that have a value of a field between two ends, which count.
#[derive(Debug, Clone)]
pub struct Between {
    field: Handle,
    ends: RangeInclusive<i64>,
    engine: RangeQuery,
}

impl Between {
    /// Of a field with one value a document at most.
    pub fn of(field: Handle, ends: RangeInclusive<i64>) -> Self {
        let [low, high] = [ends.start(), ends.end()].map(|end| Term::from_field_i64(field, *end));
        Between { field, ends, engine: RangeQuery::new(Bound::Included(low), Bound::Included(high)) }
    }

    /// Adds those of some documents of a segment, which are in order.
    pub fn add(&self, segment: &SegmentReader, docs: impl IntoIterator<Item = DocId>, found: &mut Bits) -> tantivy::Result<()> {
        let column = segment.fast_fields().i64(segment.schema().get_field_name(self.field))?;
        let mut left = docs.into_iter();
        let (mut block, mut known, mut rows, mut values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        loop {
            block.clear();
            block.extend(left.by_ref().take(BLOCK));
            if block.is_empty() {
                return Ok(());
            }
            known.clear();
            rows.clear();
            column.row_ids_for_docs(&block, &mut known, &mut rows);
            values.resize(rows.len(), 0);
            column.values.get_vals(&rows, &mut values);
            let between = known.iter().zip(&values).filter(|(_, value)| self.ends.contains(value));
            between.for_each(|(doc, _)| found.insert(*doc));
        }
    }
}

impl Engine for Between {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        self.engine.weight(scoring)
    }
}
