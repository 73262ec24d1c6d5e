//! Numbers and days between two ends: to find them, or to tell which of some documents have one.
//!
//! The engine goes through all values of a segment and looks for the document of each that is between the ends, which takes
//! several times as long as to look for the value of a document. So where other words have been found already, theirs are looked up.

use std::ops::{Bound, RangeInclusive};

use tantivy::query::{EnableScoring, Query as Engine, RangeQuery, Weight};
use tantivy::schema::Field as Handle;
use tantivy::{DocId, SegmentReader, Term};

use super::bits::Bits;
use super::column::each_value;

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
        each_value(&column, docs, |doc, value| {
            if self.ends.contains(&value) {
                found.insert(doc);
            }
        });
        Ok(())
    }
}

impl Engine for Between {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        self.engine.weight(scoring)
    }
}
