//! What the index holds, as a page and as JSON.

use std::io::{Result, Write};

use serde::Serialize;

use super::json::{ByOutcome, Facets, Notes, rounded};
use super::{Page, counted, facets, grouped, per_cent, safe, text};
use crate::record::SCHEMA;
use crate::search::results::Stats;

/// Writes the page.
pub fn page(out: &mut dyn Write, page: Page, stats: &Stats) -> Result<()> {
    let total = stats.total;
    let held = format!("{} in {}", counted(total.decisions, "decision"), counted(total.letters, "letter"));
    let copies =
        if stats.copies == 1 { "1 a copy of another".into() } else { format!("{} copies of others", grouped(stats.copies)) };
    writeln!(out, "{}", page.bold(&format!("{held}, from {}, {copies}", counted(stats.sources, "source"))))?;
    writeln!(out, "{}", text::split(&stats.outcomes))?;
    writeln!(out, "no decision could be read: {} of {}", grouped(total.unread), counted(total.letters, "letter"))?;
    for facet in &stats.facets {
        writeln!(out)?;
        facets::facet(out, page, facet, None)?;
    }
    let layouts: Vec<_> = stats.layouts.iter().map(|(name, n)| row(name, [(*n, Some(total.letters)), (0, None)])).collect();
    table(out, page, ["layout", "letters", ""], &layouts)?;
    let full = |f: &crate::search::results::Filled| {
        row(f.field.name, [(f.decisions, Some(total.decisions)), (f.letters, Some(total.letters))])
    };
    table(out, page, ["field known", "decisions", "letters"], &stats.fields.iter().map(full).collect::<Vec<_>>())?;
    if stats.warnings.is_empty() {
        return writeln!(out, "\nno warnings");
    }
    let noted: Vec<_> =
        stats.warnings.iter().map(|n| row(&n.warning, [(n.letters, Some(total.letters)), (n.times, None)])).collect();
    table(out, page, ["warning", "letters", "times"], &noted)
}

/// A name and two columns: a number and, where it is a part of something, its share.
struct Row(String, [String; 2]);

fn row(name: &str, columns: [(u64, Option<u64>); 2]) -> Row {
    let column = |(n, of): (u64, Option<u64>)| match of {
        Some(0) => format!("{}         ", grouped(n)),
        Some(of) => format!("{}  {:>7}", grouped(n), per_cent(n as f64 / of as f64)),
        None if n == 0 => String::new(),
        None => grouped(n),
    };
    Row(safe::line(name), columns.map(column))
}

fn table(out: &mut dyn Write, page: Page, heads: [&str; 3], rows: &[Row]) -> Result<()> {
    let [name, first, second] = heads;
    let width = rows.iter().map(|row| row.0.chars().count()).chain([name.chars().count()]).max().unwrap_or(0);
    writeln!(out, "\n{}", page.bold(format!("{name:width$}  {first:>18}  {second:>18}").trim_end()))?;
    for Row(name, [first, second]) in rows {
        writeln!(out, "{}", format!("{name:width$}  {first:>18}  {second:>18}").trim_end())?;
    }
    Ok(())
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
        overturn_rate: stats.outcomes.tally().rate().map(rounded),
        overturn_interval: stats.outcomes.tally().interval().map(|ends| ends.map(rounded)),
        facets: Facets(&stats.facets),
        facet_notes: Notes(&stats.facets),
        layouts: stats.layouts.iter().map(|(layout, letters)| Layout { layout, letters: *letters }).collect(),
        fields: stats.fields.iter().map(|f| Field { field: f.field.name, decisions: f.decisions, letters: f.letters }).collect(),
        warnings: stats.warnings.iter().map(|n| Warning { warning: &n.warning, letters: n.letters, times: n.times }).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}
