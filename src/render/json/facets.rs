//! Facets and cross tables as JSON. Beside the values of each facet stands what they were counted over.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::ByOutcome;
use crate::search::results::{self, Filter, Outcomes, Tally};

/// An object with a list for each facet, in the order asked for.
pub struct Facets<'a>(pub &'a [results::Facet]);

/// An object with what is to be known of each facet.
pub struct Notes<'a>(pub &'a [results::Facet]);

impl Serialize for Facets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for facet in self.0 {
            map.serialize_entry(facet.field.name, &values(facet))?;
        }
        map.end()
    }
}

impl Serialize for Notes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for facet in self.0 {
            map.serialize_entry(facet.field.name, &Note::from(facet))?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Value<'a> {
    value: Option<&'a str>,
    decisions: u64,
    overturned: u64,
    /// `null` for an outcome, of which it would say nothing.
    rate: Option<f64>,
    interval: Option<[f64; 2]>,
}

fn values(facet: &results::Facet) -> Vec<Value<'_>> {
    facet.values.iter().map(|(name, tally)| value(name.as_deref(), tally, facet.has_rates())).collect()
}

fn value<'a>(value: Option<&'a str>, tally: &Tally, rated: bool) -> Value<'a> {
    Value {
        value,
        decisions: tally.decisions,
        overturned: tally.overturned,
        rate: tally.rate().filter(|_| rated),
        interval: tally.interval().filter(|_| rated),
    }
}

/// The decisions that something was counted over.
#[derive(Serialize)]
struct Over {
    decisions: u64,
    #[serde(flatten)]
    outcomes: ByOutcome,
}

impl From<&Outcomes> for Over {
    fn from(outcomes: &Outcomes) -> Self {
        Over { decisions: outcomes.tally().decisions, outcomes: outcomes.into() }
    }
}

#[derive(Serialize)]
struct Note<'a> {
    over: Over,
    /// The query's own filter by the facet, which the counts leave out.
    leaves_out: Option<&'a str>,
    #[serde(flatten)]
    of: Named<'a>,
}

/// What is to be known of the values of a field.
#[derive(Serialize)]
struct Named<'a> {
    /// Those that the filter asks for.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    chosen: &'a [String],
    /// Those that it excludes.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    excluded: &'a [String],
    /// Whether decisions have several values, and count once for each.
    several_values: bool,
    /// Values left out for having fewer decisions than asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    few: Option<Few>,
}

#[derive(Serialize)]
struct Few {
    min_decisions: u64,
    values: usize,
}

impl<'a> From<&'a results::Facet> for Note<'a> {
    fn from(facet: &'a results::Facet) -> Self {
        Note { over: (&facet.over).into(), leaves_out: facet.filter.as_ref().map(|f| f.text.as_str()), of: facet.into() }
    }
}

impl<'a> From<&'a results::Facet> for Named<'a> {
    fn from(facet: &'a results::Facet) -> Self {
        let filter = facet.filter.as_ref();
        let few = facet.few;
        Named {
            chosen: filter.map(|f| f.chosen.as_slice()).unwrap_or_default(),
            excluded: filter.map(|f| f.excluded.as_slice()).unwrap_or_default(),
            several_values: facet.several,
            few: (few.min > 0).then_some(Few { min_decisions: few.min, values: few.values }),
        }
    }
}

/// A cross table: the columns with their totals, and for each row its total and the cells that hold anything.
#[derive(Serialize)]
pub struct Cross<'a> {
    over: Over,
    leaves_out: Vec<&'a str>,
    rows: Margin<'a>,
    columns: Margin<'a>,
    cells: Vec<Cell<'a>>,
}

#[derive(Serialize)]
struct Margin<'a> {
    field: &'a str,
    #[serde(flatten)]
    of: Named<'a>,
    totals: Vec<Value<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    row: Option<&'a str>,
    column: Option<&'a str>,
    decisions: u64,
    overturned: u64,
    rate: Option<f64>,
    interval: Option<[f64; 2]>,
}

impl<'a> From<&'a results::Cross> for Cross<'a> {
    fn from(cross: &'a results::Cross) -> Self {
        let margin = |facet: &'a results::Facet| Margin { field: facet.field.name, of: facet.into(), totals: values(facet) };
        let filters: [&Option<Filter>; 2] = [&cross.rows.filter, &cross.columns.filter];
        let row = |((row, _), cells): (&'a (Option<String>, Tally), &'a Vec<Tally>)| {
            let held = cross.columns.values.iter().zip(cells).filter(|(_, tally)| tally.decisions > 0);
            held.map(|((column, _), tally)| {
                let Value { decisions, overturned, rate, interval, .. } = value(None, tally, cross.has_rates());
                Cell { row: row.as_deref(), column: column.as_deref(), decisions, overturned, rate, interval }
            })
        };
        Cross {
            over: (&cross.rows.over).into(),
            leaves_out: filters.into_iter().flatten().map(|filter| filter.text.as_str()).collect(),
            rows: margin(&cross.rows),
            columns: margin(&cross.columns),
            cells: cross.rows.values.iter().zip(&cross.cells).flat_map(row).collect(),
        }
    }
}
