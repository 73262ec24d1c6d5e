//! Counts the values of one field against those of another.

use std::collections::{BTreeMap, HashMap};

use tantivy::SegmentReader;

use super::margin::{Decisions, Margin, SegmentMargin};
use super::results::{Cross, Facet, Filter, Tally};
use crate::field::Field;

/// The cells that hold anything, by the names of row and column, and the margins.
#[derive(Debug, Default)]
pub struct Table {
    rows: Margin,
    columns: Margin,
    cells: BTreeMap<(Option<String>, Option<String>), Tally>,
}

impl Table {
    /// These and those.
    pub fn merge(&mut self, other: Table) {
        self.rows.merge(other.rows);
        self.columns.merge(other.columns);
        for (place, tally) in other.cells {
            self.cells.entry(place).or_default().merge(tally);
        }
    }

    /// The table of two fields, with the query's own filters by them.
    pub fn cross(self, both: [(&'static Field, Option<Filter>); 2]) -> Cross {
        let [(row, row_filter), (column, column_filter)] = both;
        let (rows, columns) = (self.rows.facet(row, row_filter), self.columns.facet(column, column_filter));
        let places = |facet: &Facet| -> HashMap<Option<String>, usize> {
            facet.values.iter().enumerate().map(|(place, (value, _))| (value.clone(), place)).collect()
        };
        let (row_of, column_of) = (places(&rows), places(&columns));
        let mut cells = vec![vec![Tally::default(); columns.values.len()]; rows.values.len()];
        for ((row, column), tally) in &self.cells {
            let cell = row_of.get(row).zip(column_of.get(column)).and_then(|(r, c)| cells.get_mut(*r)?.get_mut(*c));
            if let Some(cell) = cell {
                *cell = *tally;
            }
        }
        Cross { rows, columns, cells }
    }
}

impl Table {
    /// The table of decisions of a segment. A decision counts once in each of its cells.
    pub fn of(segment: &SegmentReader, both: [&Field; 2], decisions: &Decisions) -> tantivy::Result<Self> {
        let [row, column] = both;
        let (mut rows, mut columns) = (SegmentMargin::open(segment, row)?, SegmentMargin::open(segment, column)?);
        let mut cells = HashMap::<_, Tally>::new();
        for doc in decisions.all.iter() {
            let one = decisions.tally(doc);
            rows.count(doc, one);
            columns.count(doc, one);
            for row in rows.ordinals(doc) {
                for column in columns.ordinals(doc) {
                    cells.entry((row, column)).or_default().merge(one);
                }
            }
        }
        let (row_names, column_names) = (rows.names()?, columns.names()?);
        let (rows, columns) = (rows.named(decisions.outcomes)?, columns.named(decisions.outcomes)?);
        let name = |names: &[String], ordinal: Option<u64>| ordinal.and_then(|o| names.get(o as usize).cloned());
        let cell = |((row, column), tally)| ((name(&row_names, row), name(&column_names, column)), tally);
        Ok(Table { rows, columns, cells: cells.into_iter().map(cell).collect() })
    }
}
