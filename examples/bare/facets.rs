//! Counts of the values of the facets, in the one pass that also counts the hits.

use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Result, Score, SegmentOrdinal, SegmentReader};

/// The fields whose values are counted.
pub const FACETS: [&str; 3] = ["outcome", "category", "specialty"];

/// Values and how many documents have each, by facet.
pub type Counts = [BTreeMap<String, u64>; FACETS.len()];

/// The collector.
pub struct Facets;

/// Counts by ordinal within a segment; the values are looked up once, at its end.
pub struct OfSegment {
    hits: u64,
    facets: Vec<(StrColumn, Vec<u64>)>,
}

impl Collector for Facets {
    type Fruit = (u64, Counts);
    type Child = OfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> Result<OfSegment> {
        // A segment in which no document has the field has no column of it.
        let columns = FACETS.iter().filter_map(|name| segment.fast_fields().str(name).transpose());
        let counted = |column: StrColumn| {
            let counts = vec![0; column.num_terms()];
            (column, counts)
        };
        Ok(OfSegment { hits: 0, facets: columns.map(|column| column.map(counted)).collect::<Result<_>>()? })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Result<(u64, Counts)>>) -> Result<(u64, Counts)> {
        let mut all = (0, Counts::default());
        for segment in segments {
            let (hits, counts) = segment?;
            all.0 += hits;
            for (all, counts) in all.1.iter_mut().zip(counts) {
                counts.into_iter().for_each(|(value, n)| *all.entry(value).or_default() += n);
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for OfSegment {
    type Fruit = Result<(u64, Counts)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.hits += 1;
        for (column, counts) in &mut self.facets {
            for ord in column.term_ords(doc) {
                if let Some(count) = counts.get_mut(ord as usize) {
                    *count += 1;
                }
            }
        }
    }

    fn harvest(self) -> Result<(u64, Counts)> {
        let mut all = Counts::default();
        for (all, (column, counts)) in all.iter_mut().zip(&self.facets) {
            for (ord, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let mut value = String::new();
                column.ord_to_str(ord as u64, &mut value)?;
                all.insert(value, *count);
            }
        }
        Ok((self.hits, all))
    }
}
