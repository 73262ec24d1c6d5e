//! What the index holds, as a page and as JSON.

use std::io::{Result, Write};

use serde::Serialize;

use super::grid::{Cell, Grid};
use super::json::{ByOutcome, Facets, Notes};
use super::{Page, counted, facets, grouped, json, per_cent, safe, text};
use crate::record::SCHEMA;
use crate::search::results::Stats;

/// From so many columns on.
const ROOMY: usize = 80;

/// Writes the page.
pub fn page(out: &mut dyn Write, page: Page, stats: &Stats) -> Result<()> {
    let total = stats.total;
    let held = format!("{} in {}", counted(total.decisions, "decision"), counted(total.letters, "letter"));
    let copies =
        if stats.copies == 1 { "1 a copy of another".into() } else { format!("{} copies of others", grouped(stats.copies)) };
    writeln!(out, "{}", page.bold(&page.folded(&format!("{held}, from {}, {copies}", counted(stats.sources, "source")), 0)))?;
    writeln!(out, "{}", page.folded(&text::split(&stats.outcomes), 0))?;
    let unread = format!("no decision could be read: {} of {}", grouped(total.unread), counted(total.letters, "letter"));
    writeln!(out, "{}", page.folded(&unread, 0))?;
    for facet in stats.facets.iter().filter(|facet| !facet.values.is_empty()) {
        writeln!(out)?;
        facets::facet(out, page, facet, None)?;
    }
    let layouts: Vec<_> = stats.layouts.iter().map(|(name, n)| row(name, [(*n, Some(total.letters)), (0, None)])).collect();
    table(out, page, ["layout", "letters", ""], layouts)?;
    let full = |f: &crate::search::results::Filled| {
        row(f.field.name, [(f.decisions, Some(total.decisions)), (f.letters, Some(total.letters))])
    };
    table(out, page, ["field known", "decisions", "letters"], stats.fields.iter().map(full).collect())?;
    if stats.warnings.is_empty() {
        return writeln!(out, "\nno warnings");
    }
    let noted: Vec<_> =
        stats.warnings.iter().map(|n| row(&n.warning, [(n.letters, Some(total.letters)), (n.times, None)])).collect();
    table(out, page, ["warning", "letters", "times"], noted)
}

/// A name and two columns: a number and, where it is a part of something, its share.
type Row = (String, Vec<Cell>);

fn row(name: &str, columns: [(u64, Option<u64>); 2]) -> Row {
    let column = |(n, of): (u64, Option<u64>)| match of {
        Some(0) => format!("{}         ", grouped(n)),
        Some(of) => format!("{}  {:>7}", grouped(n), per_cent(n as f64 / of as f64)),
        None if n == 0 => String::new(),
        None => grouped(n),
    };
    (safe::line(name), columns.map(column).map(|text| [text, String::new()]).to_vec())
}

fn table(out: &mut dyn Write, page: Page, heads: [&str; 3], rows: Vec<Row>) -> Result<()> {
    let [name, first, second] = heads.map(str::to_owned);
    let grid = Grid::new(name, vec![first, second], rows);
    // Tables below each other have the same columns where the page has room for them.
    let columns = if page.columns() < ROOMY { [0, 0] } else { [18, 18] };
    writeln!(out)?;
    grid.at_least(&columns).narrowed(page.columns()).write(out, page)
}

#[derive(Serialize)]
struct Wire<'a> {
    schema: u32,
    sources: u64,
    copies: u64,
    letters: u64,
    decisions: u64,
    unread: u64,
    outcomes: ByOutcome,
    overturn_rate: Option<f64>,
    overturn_interval: Option<[f64; 2]>,
    facets: Facets<'a>,
    facet_notes: Notes<'a>,
    layouts: Vec<Layout<'a>>,
    fields: Vec<Field<'a>>,
    warnings: Vec<Warning<'a>>,
}

#[derive(Serialize)]
struct Layout<'a> {
    layout: &'a str,
    letters: u64,
}

#[derive(Serialize)]
struct Field<'a> {
    field: &'a str,
    decisions: u64,
    letters: u64,
}

#[derive(Serialize)]
struct Warning<'a> {
    warning: &'a str,
    letters: u64,
    times: u64,
}

/// Writes one object.
pub fn json(out: &mut dyn Write, stats: &Stats) -> Result<()> {
    let wire = Wire {
        schema: SCHEMA,
        sources: stats.sources,
        copies: stats.copies,
        letters: stats.total.letters,
        decisions: stats.total.decisions,
        unread: stats.total.unread,
        outcomes: (&stats.outcomes).into(),
        overturn_rate: stats.outcomes.tally().rate(),
        overturn_interval: stats.outcomes.tally().interval(),
        facets: Facets(&stats.facets),
        facet_notes: Notes(&stats.facets),
        layouts: stats.layouts.iter().map(|(layout, letters)| Layout { layout, letters: *letters }).collect(),
        fields: stats.fields.iter().map(|f| Field { field: f.field.name, decisions: f.decisions, letters: f.letters }).collect(),
        warnings: stats.warnings.iter().map(|n| Warning { warning: &n.warning, letters: n.letters, times: n.times }).collect(),
    };
    json::pretty(out, &wire)
}
