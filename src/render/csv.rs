//! Facets and cross tables as CSV, for a spreadsheet.
//!
//! A spreadsheet runs a cell that begins like a formula, and the names are from letters: such a cell gets an apostrophe before it,
//! which a spreadsheet does not show (OWASP, "CSV injection"). Numbers are ours, and stay as they are.

use std::io::{Result, Write};

use super::safe;
use crate::search::results::{Answer, Cross, Facet, Tally};

const FACETS: [&str; 9] =
    ["facet", "value", "decisions", "overturned", "rate", "interval_low", "interval_high", "over_decisions", "leaves_out"];
const CROSS: [&str; 10] =
    ["of", "row", "column", "decisions", "overturned", "rate", "interval_low", "interval_high", "over_decisions", "leaves_out"];

/// Writes the facets, a value a line, or the cross table, a cell or a total a line. What is not known is empty.
pub fn facets(out: &mut dyn Write, answer: &Answer) -> Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    match &answer.cross {
        Some(cross) => table(&mut rows, cross)?,
        None => {
            rows.write_record(FACETS)?;
            for facet in &answer.facets {
                for (value, tally) in &facet.values {
                    let row = [facet.field.name, value.as_deref().unwrap_or_default()].map(str::to_owned);
                    write(&mut rows, &row, *tally, facet.has_rates(), &[facet])?;
                }
            }
        }
    }
    rows.flush()
}

fn table(rows: &mut csv::Writer<&mut dyn Write>, cross: &Cross) -> Result<()> {
    let both = [&cross.rows, &cross.columns];
    let mut heads = CROSS.map(str::to_owned);
    for (head, facet) in heads.iter_mut().skip(1).zip(both) {
        *head = format!("{head}:{}", facet.field.name);
    }
    rows.write_record(heads)?;
    let name = |value: &Option<String>| value.clone().unwrap_or_default();
    for ((row, total), cells) in cross.rows.values.iter().zip(&cross.cells) {
        for ((column, _), tally) in cross.columns.values.iter().zip(cells).filter(|(_, tally)| tally.decisions > 0) {
            write(rows, &["cell".into(), name(row), name(column)], *tally, cross.has_rates(), &both)?;
        }
        write(rows, &["row total".into(), name(row), String::new()], *total, cross.rows.has_rates(), &both)?;
    }
    for (column, total) in &cross.columns.values {
        write(rows, &["column total".into(), String::new(), name(column)], *total, cross.columns.has_rates(), &both)?;
    }
    write(rows, &["total".into(), String::new(), String::new()], cross.rows.over.tally(), true, &both)
}

fn write(rows: &mut csv::Writer<&mut dyn Write>, names: &[String], tally: Tally, rated: bool, facets: &[&Facet]) -> Result<()> {
    let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
    let rate = tally.rate().filter(|_| rated);
    let [low, high] = tally.interval().filter(|_| rated).map_or([None, None], |ends| ends.map(Some));
    let over = facets.first().map_or(0, |facet| facet.over.tally().decisions);
    let filters: Vec<_> = facets.iter().filter_map(|facet| facet.filter.as_ref()).map(|f| f.text.as_str()).collect();
    let numbers = [tally.decisions.to_string(), tally.overturned.to_string(), number(rate), number(low), number(high)];
    let last = [over.to_string(), filters.join(" and ")];
    let [over, filters] = last;
    let numbers = numbers.into_iter().chain([over]);
    rows.write_record(names.iter().map(|name| harmless(name)).chain(numbers).chain([harmless(&filters)]))?;
    Ok(())
}

/// A cell that no spreadsheet takes for a formula and no terminal obeys. White space before a formula hides none, and wide forms
/// of the characters are taken for them.
fn harmless(cell: &str) -> String {
    let cell = safe::line(cell);
    let begins = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if begins || cell.starts_with(char::is_whitespace) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@sum", " =1", " x", "＝1+1", "＠sum"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(["\t=1", "\r1", "\u{1b}=1", "a\u{9b}b"].map(harmless), ["' =1", "' 1", "'=1", "ab"]);
        assert_eq!(["40-49", "Surgery", "0.5", ""].map(harmless), ["40-49", "Surgery", "0.5", ""]);
    }
}
