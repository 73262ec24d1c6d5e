//! Facets as tables: what was counted over what, and a line for all that a reader of a rate must know.

use std::io::{Result, Write};

use super::cross::rated;
use super::grid::{Cell, Grid};
use super::{Page, grouped, per_cent, safe};
use crate::search::results::{Facet, Filter, Tally};

/// The fewest columns that names get beside a column for each number.
const NAME: usize = 20;

/// Writes a facet of an answer that is filtered by an outcome, if it is.
pub(super) fn facet(out: &mut dyn Write, page: Page, facet: &Facet, by_outcome: Option<&Filter>) -> Result<()> {
    if let Some(line) = left_out(&facet.filter.iter().collect::<Vec<_>>(), facet.over.tally().decisions) {
        writeln!(out, "{}", page.folded(&line, 0))?;
    }
    let shown = shown(page, facet);
    let beside = beside(facet, &shown);
    // Names in many short lines are harder to read than intervals below the rates.
    let is_wide = beside.fits(page.columns()) || beside.room(page.columns()) >= NAME;
    let grid = if is_wide { beside } else { below(facet, &shown) };
    grid.narrowed(page.columns()).write(out, page)?;
    let cell = match facet.has_rates() {
        true => "overturned/decisions, rate and 95 % interval",
        false => "decisions/all, share and 95 % interval",
    };
    let mut notes = notes(facet, shown.len(), by_outcome);
    if !is_wide {
        notes.insert(0, cell.to_owned());
    }
    if notes.is_empty() { Ok(()) } else { writeln!(out, "{}", page.dim(&page.folded(&notes.join("; "), 0))) }
}

/// With a column for each number.
fn beside(facet: &Facet, shown: &[&(Option<String>, Tally)]) -> Grid {
    let interval = ("95 % interval", 15, interval as fn(Tally) -> String);
    let rate = |tally: Tally| per_cent(tally.rate().unwrap_or_default());
    let all = |tally: Tally| grouped(tally.decisions);
    let part = |tally: Tally| grouped(tally.overturned);
    let columns: Vec<(&str, usize, fn(Tally) -> String)> = match facet.has_rates() {
        true => vec![("decisions", 9, all), ("overturned", 10, part), ("rate", 7, rate), interval],
        false => vec![("decisions", 9, part), ("share", 7, rate), interval],
    };
    let cells = |tally: Tally| columns.iter().map(|(_, _, text)| [text(tally), String::new()]).collect();
    let widths: Vec<_> = columns.iter().map(|(_, width, _)| *width).collect();
    grid(facet, shown, columns.iter().map(|(head, _, _)| (*head).to_owned()).collect(), cells).at_least(&widths)
}

/// With all numbers in one column, the interval below the others, for a page that is too narrow for columns.
fn below(facet: &Facet, shown: &[&(Option<String>, Tally)]) -> Grid {
    let head = if facet.has_rates() { "overturned" } else { "share" };
    grid(facet, shown, vec![head.to_owned()], |tally| vec![rated(tally)])
}

fn grid(facet: &Facet, shown: &[&(Option<String>, Tally)], heads: Vec<String>, cells: impl Fn(Tally) -> Vec<Cell>) -> Grid {
    let head = if facet.filter.is_some() { format!("  {}", facet.field.name) } else { facet.field.name.to_owned() };
    // The rate of an outcome says nothing: what it has is a share.
    let of = |tally: Tally| match facet.has_rates() {
        true => tally,
        false => Tally { decisions: facet.over.tally().decisions, overturned: tally.decisions },
    };
    let rows = shown.iter().map(|(value, tally)| (marked(facet, value), cells(of(*tally)))).collect();
    Grid::new(head, heads, rows)
}

/// `4.8 to 30.1 %`.
pub(super) fn interval(tally: Tally) -> String {
    let [low, high] = tally.interval().unwrap_or_default();
    format!("{:.1} to {}", low * 100.0, per_cent(high))
}

/// The values that a page shows: the first ones, and what the query asks for wherever it stands.
fn shown(page: Page, facet: &Facet) -> Vec<&(Option<String>, Tally)> {
    places(page, facet).into_iter().filter_map(|place| facet.values.get(place)).collect()
}

/// Their places.
pub(super) fn places(page: Page, facet: &Facet) -> Vec<usize> {
    let values = facet.values.iter().enumerate();
    let wanted = |place: usize, value: &Option<String>| page.rows == 0 || place < page.rows || facet.is_chosen(value.as_deref());
    values.filter(|(place, (value, _))| wanted(*place, value)).map(|(place, _)| place).collect()
}

/// Which of the query's own filters the counts leave out, and over how many decisions they are then.
pub(super) fn left_out(filters: &[&Filter], over: u64) -> Option<String> {
    let texts: Vec<_> = filters.iter().map(|filter| safe::line(&filter.text)).collect();
    let chosen = filters.iter().any(|f| !f.chosen.is_empty()).then_some("asked for: *");
    let excluded = filters.iter().any(|f| !f.excluded.is_empty()).then_some("excluded: -");
    let marks: Vec<_> = [chosen, excluded].into_iter().flatten().collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    let of = super::counted(over, "decision");
    let filters = if texts.len() == 1 { "filter" } else { "filters" };
    (!texts.is_empty()).then(|| format!("counted over the {of} found without the {filters} {}{marks}", texts.join(" and ")))
}

/// A value's name; where the query filters by the facet, with a mark before what it asks for or excludes.
pub(super) fn marked(facet: &Facet, value: &Option<String>) -> String {
    let name = name(value);
    match &facet.filter {
        None => name,
        Some(_) if facet.is_chosen(value.as_deref()) => format!("* {name}"),
        Some(filter) if value.as_ref().is_some_and(|value| filter.excluded.contains(value)) => format!("- {name}"),
        Some(_) => format!("  {name}"),
    }
}

pub(super) fn name(value: &Option<String>) -> String {
    value.as_deref().map_or("(not known)".into(), safe::line)
}

/// What else a reader must know of the numbers.
pub(super) fn notes(facet: &Facet, shown: usize, by_outcome: Option<&Filter>) -> Vec<String> {
    let name = facet.field.name;
    let mut notes = Vec::new();
    let more = facet.values.len() - shown;
    notes.extend((more > 0).then(|| format!("{more} more of {name}; --facet-limit 0 shows all")));
    let few = facet.few;
    notes.extend((few.values > 0).then(|| format!("{} of {name} with fewer than {} decisions left out", few.values, few.min)));
    notes.extend(facet.several.then(|| format!("a decision counts once for each value of {name}")));
    let unknown = facet.over.unknown;
    notes.extend((unknown > 0 && facet.has_rates()).then(|| {
        let of = super::counted(facet.over.tally().decisions, "decision");
        format!("{} of the {of} print no outcome, and are in the rates as not overturned", grouped(unknown))
    }));
    if let Some(filter) = by_outcome.filter(|_| facet.has_rates()) {
        notes.push(format!("the rates only repeat the filter {}; ask without it for rates", safe::line(&filter.text)));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field;
    use crate::search::results::{Few, Outcomes};

    #[test]
    fn a_facet_says_how_many_of_its_decisions_print_no_outcome() {
        let over = Outcomes { upheld: 3, overturned: 1, modified: 0, unknown: 2 };
        let values = vec![(Some("male".to_owned()), Tally { decisions: 6, overturned: 1 })];
        let field = field::find("gender").unwrap();
        let facet = Facet { field, filter: None, over, values, several: false, few: Few::default() };
        let said = ["2 of the 6 decisions print no outcome, and are in the rates as not overturned"];
        assert_eq!(notes(&facet, 1, None), said);
        // The facet of the outcomes has them as a row.
        let outcome = field::find(field::OUTCOME).unwrap();
        assert!(notes(&Facet { field: outcome, ..facet }, 1, None).is_empty());
    }
}
