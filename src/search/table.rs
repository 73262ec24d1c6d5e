//! Counts the values of one field against those of another.

use std::collections::{BTreeMap, HashMap};

use super::margin::{Decisions, Margin};
use super::results::{Cross, Facet, Filter, Tally};
use crate::field::Field;
use crate::index::values::place;
use crate::index::view::Segment;

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

    /// The table of decisions of a segment. A decision counts once in each of its cells.
    pub fn of(segment: &Segment, both: [&Field; 2], decisions: &Decisions) -> tantivy::Result<Self> {
        let [row, column] = both;
        let (rows, columns) = (segment.values(row.aspect())?, segment.values(column.aspect())?);
        let mut by_entries = HashMap::<_, Tally>::new();
        for doc in decisions.all.iter() {
            by_entries.entry((rows.entries.number(doc), columns.entries.number(doc))).or_default().merge(decisions.tally(doc));
        }
        let (rows, columns) = (rows.said(place(row)), columns.said(place(column)));
        let mut cells = BTreeMap::<_, Tally>::new();
        for ((row, column), tally) in by_entries {
            let columns = or_none(columns.by(column));
            for row in or_none(rows.by(row)) {
                for column in &columns {
                    cells.entry((row.clone(), column.clone())).or_default().merge(tally);
                }
            }
        }
        let mut margins = Margin::of_each(segment, &both, decisions)?.into_iter();
        let mut margin = || margins.next().unwrap_or_default();
        Ok(Table { rows: margin(), columns: margin(), cells })
    }
}

/// The values; `None` once where there is none.
fn or_none<'a>(values: impl Iterator<Item = &'a str>) -> Vec<Option<String>> {
    let values: Vec<_> = values.map(|value| Some(value.to_owned())).collect();
    if values.is_empty() { vec![None] } else { values }
}
