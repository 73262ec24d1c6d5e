//! The overturned against the upheld: the nearest of each side by side, and what separates the sides.

use std::io::{Result, Write};

use crate::record::Outcome;
use crate::render::grid::Grid;
use crate::render::{Page, counted, grouped, safe, text};
use crate::search::results::similar::{Contrast, Separating, Side};

/// From so many columns on two decisions stand side by side.
const WIDE: usize = 100;

/// Columns between them.
const GAP: usize = 4;

pub fn contrast(out: &mut dyn Write, page: Page, contrast: &Contrast, own: Option<Outcome>) -> Result<()> {
    let (overturned, upheld) = (contrast.overturned.decisions, contrast.upheld.decisions);
    // The side that the subject is on stands first, in the heading as below it.
    let mut sides = [(Outcome::Overturned, &contrast.overturned), (Outcome::Upheld, &contrast.upheld)];
    if own == Some(Outcome::Upheld) {
        sides.reverse();
    }
    let [(one, of_one), (other, of_other)] = sides;
    let (one, other) = (one.name(), other.name());
    let numbers = format!("{} against {} decisions", grouped(of_one.decisions), grouped(of_other.decisions));
    let head = format!("the nearest {one} against the nearest {other}: {numbers}");
    writeln!(out, "\n{}\n", page.bold(&page.folded(&head, 0)))?;
    let of_side = |page: Page, (outcome, side): (Outcome, &Side)| -> Result<Vec<String>> {
        let Some(hit) = &side.nearest else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        writeln!(bytes, "{} ({})", page.outcome(Some(outcome)), grouped(side.decisions))?;
        text::hit(&mut bytes, page, hit)?;
        Ok(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
    };
    if page.width >= WIDE && sides.iter().all(|(_, side)| side.nearest.is_some()) {
        let column = Page { width: (page.width - GAP) / 2, ..page };
        let [left, right] = sides.map(|side| of_side(column, side));
        side_by_side(out, column.width, &left?, &right?)?;
    } else {
        for lines in sides.map(|side| of_side(page, side)) {
            lines?.iter().try_for_each(|line| writeln!(out, "{line}"))?;
            writeln!(out)?;
        }
    }
    if contrast.is_too_small() {
        let few = format!(
            "too few to compare: {} overturned and {} upheld are similar enough, and it takes {} of each",
            counted(overturned, "decision"),
            upheld,
            Contrast::FEWEST
        );
        return writeln!(out, "{}", page.folded(&few, 0));
    }
    table(out, page, "words of the rationale", contrast, &contrast.terms)?;
    if !contrast.values.is_empty() {
        writeln!(out)?;
        table(out, page, "fields", contrast, &contrast.values)?;
    }
    if contrast.is_of_different_treatments() {
        let note = "note: the sides are about different treatments (subcategory), and so may their words be; --where 'subcategory:...' \
                    keeps to one";
        writeln!(out, "\n{}", page.folded(note, 0))?;
    }
    let caution = "Each decision counts once; sentences that state the verdict are left out. Of so many words some differ by chance, \
                   and words also tell reviewers apart.";
    writeln!(out, "\n{}", page.dim(&page.folded(caution, 0)))
}

/// Two texts in two columns of that width.
fn side_by_side(out: &mut dyn Write, width: usize, left: &[String], right: &[String]) -> Result<()> {
    for at in 0..left.len().max(right.len()) {
        let [left, right] = [left, right].map(|lines| lines.get(at).map_or("", String::as_str));
        // Escape sequences take no columns.
        let blanks = (width + GAP).saturating_sub(textwrap::core::display_width(left)).max(1);
        writeln!(out, "{}", format!("{left}{}{right}", " ".repeat(blanks)).trim_end())?;
    }
    writeln!(out)
}

/// What each side has more, with how many of each side have it.
fn table(out: &mut dyn Write, page: Page, what: &str, contrast: &Contrast, rows: &[Separating]) -> Result<()> {
    if rows.is_empty() {
        return writeln!(out, "{}", page.folded(&format!("{what}: none separates them by two standard errors"), 0));
    }
    let name = |row: &Separating| match row.field {
        Some(field) => format!("{}: {}", field.name, safe::line(&row.term)),
        None => safe::line(&row.term),
    };
    let (all_overturned, all_upheld) = (contrast.overturned.decisions, contrast.upheld.decisions);
    let line = |row: &Separating| {
        let of = |n: u64, all: u64| format!("{n} of {all}");
        let cells = [of(row.overturned, all_overturned), of(row.upheld, all_upheld), format!("{:.1}", row.z.abs())];
        (name(row), cells.map(|text| [text, String::new()]).to_vec())
    };
    let grids: Vec<_> = [("overturned", true), ("upheld", false)]
        .map(|(side, of_side)| {
            let rows: Vec<_> = rows.iter().filter(|row| (row.z > 0.0) == of_side).map(line).collect();
            let heads = ["overturned", "upheld", "z"].map(str::to_owned).to_vec();
            (!rows.is_empty()).then(|| Grid::new(format!("more in the {side}: {what}"), heads, rows).at_least(&[10, 10, 4]))
        })
        .into_iter()
        .flatten()
        .collect();
    let width = grids.iter().map(|grid| grid.name_width).max().unwrap_or_default();
    grids.into_iter().try_for_each(|mut grid| {
        grid.name_width = width;
        grid.narrowed(page.columns()).write(out, page)
    })
}
