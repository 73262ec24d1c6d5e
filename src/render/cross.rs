//! A cross table as a page. A cell has the overturned of its decisions with their rate, and below it the interval; columns that
//! the page has no room for are folded into one.

use std::cmp::Reverse;
use std::io::{Result, Write};

use super::facets::{left_out, marked, notes, places};
use super::grid::{Cell, Grid};
use super::{Page, grouped, per_cent};
use crate::search::results::{Cross, Filter, Tally};

/// Characters of the name of a row; a longer one goes on in the next line.
const NAME: usize = 28;

/// Writes the table of an answer that is filtered by an outcome, if it is.
pub(super) fn cross(out: &mut dyn Write, page: Page, cross: &Cross, by_outcome: Option<&Filter>) -> Result<()> {
    let (rows, columns) = (&cross.rows, &cross.columns);
    let filters: Vec<_> = rows.filter.iter().chain(&columns.filter).collect();
    if let Some(line) = left_out(&filters, rows.over.tally().decisions) {
        writeln!(out, "{}", page.folded(&line, 0))?;
    }
    let shown = places(page, rows);
    let fitted = Fitted::of(cross, &shown, page.columns());
    fitted.grid.write(out, page)?;

    let cell = match cross.has_rates() {
        true => "a cell has overturned/decisions, rate and 95 % interval",
        false => "a cell has its decisions, a total overturned/decisions, rate and 95 % interval",
    };
    let mut said = vec![cell.to_owned()];
    said.extend((fitted.folded > 0).then(|| match fitted.together {
        true => format!("{} of {} are folded for want of room; --format json has them", fitted.folded, columns.field.name),
        false => format!("no room for {} more of {}; --format json has them", fitted.folded, columns.field.name),
    }));
    said.extend(notes(rows, shown.len(), by_outcome.filter(|_| cross.has_rates())));
    said.extend(columns.several.then(|| format!("a decision counts once for each value of {}", columns.field.name)));
    if rows.several
        || columns.several
        || (fitted.folded > 0 && !fitted.together)
        || shown.len() < rows.values.len()
        || rows.few.values > 0
    {
        said.push("totals are of all decisions, not sums of what is shown".to_owned());
    }
    writeln!(out, "{}", page.dim(&page.folded(&said.join("; "), 0)))
}

/// A table of as many columns as its page has room for.
struct Fitted {
    grid: Grid,
    /// Columns that are not shown by themselves.
    folded: usize,
    /// Whether these stand together in a column of their own.
    together: bool,
}

impl Fitted {
    /// With as many columns as fit, the least frequent folded first, what the query asks for last.
    fn of(cross: &Cross, shown: &[usize], width: usize) -> Fitted {
        let columns = &cross.columns;
        let mut order: Vec<_> = columns.values.iter().enumerate().collect();
        order.sort_by_key(|(_, (value, tally))| (!columns.is_chosen(value.as_deref()), Reverse(tally.decisions)));
        let order: Vec<_> = order.into_iter().map(|(place, _)| place).collect();
        // Of decisions with several values a sum is no count of decisions.
        let together = !columns.several;
        let mut best = Fitted::with(cross, shown, &order, order.len().min(1), together);
        // The more columns, the wider; but the last one takes the place of the one that others are folded into.
        for kept in 2..=order.len() {
            let fitted = Fitted::with(cross, shown, &order, kept, together);
            if fitted.grid.fits(width) {
                best = fitted;
            } else if kept + 1 < order.len() {
                break;
            }
        }
        best.grid = best.grid.narrowed(width);
        if !best.grid.fits(width) && best.together {
            best = Fitted::with(cross, shown, &order, order.len().min(1), false);
            best.grid = best.grid.narrowed(width);
        }
        best
    }

    /// With the first `kept` columns of `order`, in the order of the table, and one for all others if they are put together.
    fn with(cross: &Cross, shown: &[usize], order: &[usize], kept: usize, together: bool) -> Fitted {
        let (rows, columns) = (&cross.rows, &cross.columns);
        let (kept, others) = order.split_at_checked(kept).unwrap_or((order, &[]));
        let mut kept = kept.to_vec();
        kept.sort_unstable();
        let together = together && !others.is_empty();
        let cells = |tallies: &[Tally], total: Tally, text: fn(Tally) -> Cell, text_of_total: fn(Tally) -> Cell| {
            let at = |place: &usize| tallies.get(*place).copied().unwrap_or_default();
            let mut cells: Vec<_> = kept.iter().map(|place| text(at(place))).collect();
            cells.extend(together.then(|| {
                let mut other = Tally::default();
                others.iter().for_each(|place| other.merge(at(place)));
                text(other)
            }));
            cells.push(text_of_total(total));
            cells
        };

        // The rate of an outcome says nothing; that of all outcomes together does.
        let cell = if cross.has_rates() { rated } else { number };
        let of_row = if rows.has_rates() { rated } else { number };
        let of_column = if columns.has_rates() { rated } else { number };
        let row = |place: &usize| {
            let (value, total) = rows.values.get(*place)?;
            Some((marked(rows, value), cells(cross.cells.get(*place)?, *total, cell, of_row)))
        };
        let mut lines: Vec<_> = shown.iter().filter_map(row).collect();
        let totals: Vec<_> = columns.values.iter().map(|(_, tally)| *tally).collect();
        lines.push(("total".to_owned(), cells(&totals, rows.over.tally(), of_column, rated)));

        let head = |place: &usize| columns.values.get(*place).map(|(value, _)| marked(columns, value).trim_start().to_owned());
        let mut heads: Vec<_> = kept.iter().filter_map(head).collect();
        heads.extend(together.then(|| format!("other {}", others.len())));
        heads.push("total".to_owned());
        let title = format!("{} by {}", rows.field.name, columns.field.name);
        let mut grid = Grid::new(title, heads, lines);
        grid.name_width = grid.name_width.min(NAME);
        Fitted { grid, folded: others.len(), together }
    }
}

/// `8`.
fn number(tally: Tally) -> Cell {
    [if tally.decisions == 0 { "-".into() } else { grouped(tally.decisions) }, String::new()]
}

/// `4/8 50.0 %`, and below it `21.5-78.5 %`.
pub(super) fn rated(tally: Tally) -> Cell {
    let (Some(rate), Some([low, high])) = (tally.rate(), tally.interval()) else { return number(tally) };
    let of = format!("{}/{}", grouped(tally.overturned), grouped(tally.decisions));
    [format!("{of} {}", per_cent(rate)), format!("{:.1}-{}", low * 100.0, per_cent(high))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::find;
    use crate::search::results::{Facet, Few, Outcomes};

    fn facet(name: &str, values: &[&str], tally: Tally, several: bool) -> Facet {
        let over = Outcomes { upheld: 7, overturned: 1, ..Outcomes::default() };
        let values = values.iter().map(|value| (Some((*value).to_owned()), tally)).collect();
        Facet { field: find(name).unwrap(), filter: None, over, values, several, few: Few::default() }
    }

    /// Two rows and eight columns, with one decision in each cell, the first row's overturned.
    fn table(several: bool) -> Cross {
        let names = ["Pain Management", "Surgery", "Neurology", "Psychology", "Urology", "Cardiology", "Podiatry", "Dentistry"];
        let rows = facet("gender", &["female", "male"], Tally { decisions: 8, overturned: 4 }, false);
        let columns = facet("specialty", &names, Tally { decisions: 2, overturned: 1 }, several);
        let row = |overturned| vec![Tally { decisions: 1, overturned }; names.len()];
        Cross { rows, columns, cells: vec![row(1), row(0)] }
    }

    fn page(width: usize, table: &Cross) -> String {
        let mut out = Vec::new();
        cross(&mut out, Page { width, colour: false, rows: 0 }, table, None).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_is_as_wide_as_its_page_allows() {
        let mut shown = Vec::new();
        for width in 70..180 {
            let page = page(width, &table(false));
            assert!(page.lines().all(|line| line.chars().count() <= width), "{width}:\n{page}");
            let columns = page.lines().find(|line| line.starts_with("female")).unwrap().matches('%').count();
            shown.push(columns);
        }
        assert!(shown.is_sorted() && shown[0] == 3 && shown.last() == Some(&9), "{shown:?}");
    }

    #[test]
    fn what_has_no_room_is_folded_into_one_column_and_named() {
        let folded = page(80, &table(false)).replace('\n', " ");
        assert!(folded.contains("other 6") && folded.contains("6/6 100.0 %"), "{folded}");
        assert!(folded.contains("6 of specialty are folded for want of room"), "{folded}");
        // Where decisions have several values, the sum of the columns is no count of decisions.
        let left_out = page(80, &table(true)).replace('\n', " ");
        assert!(!left_out.contains("other") && left_out.contains("no room for"), "{left_out}");
        assert!(left_out.contains("totals are of all decisions, not sums"), "{left_out}");
    }

    #[test]
    fn a_column_that_is_asked_for_is_never_folded() {
        let mut table = table(false);
        let chosen = vec!["Dentistry".to_owned()];
        let field = table.columns.field;
        table.columns.filter = Some(Filter { field, text: "specialty:Dentistry".into(), chosen, excluded: vec![] });
        assert!(page(60, &table).contains("* Dentistry"));
    }
}
