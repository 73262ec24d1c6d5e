//! The overturned against the upheld: the nearest of each side by side, and what separates the sides.

use std::io::{Result, Write};

use crate::record::Outcome;
use crate::render::{Page, counted, safe, text};
use crate::search::results::Hit;
use crate::search::results::similar::{Contrast, Separating};

/// From so many columns on two decisions stand side by side.
const WIDE: usize = 100;

/// Columns between them.
const GAP: usize = 4;

pub fn contrast(out: &mut dyn Write, page: Page, contrast: &Contrast, own: Option<Outcome>) -> Result<()> {
    let (overturned, upheld) = (contrast.overturned.decisions, contrast.upheld.decisions);
    let head = format!("the nearest overturned against the nearest upheld: {overturned} against {upheld} decisions");
    writeln!(out, "\n{}\n", page.bold(&page.folded(&head, 0)))?;
    let mut pair = [&contrast.overturned.nearest, &contrast.upheld.nearest];
    if own == Some(Outcome::Upheld) {
        pair.reverse();
    }
    match pair {
        [Some(one), Some(other)] if page.width >= WIDE => side_by_side(out, page, one, other)?,
        pair => {
            for hit in pair.into_iter().flatten() {
                text::hit(out, page, hit)?;
                writeln!(out)?;
            }
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

/// Two decisions in two columns.
fn side_by_side(out: &mut dyn Write, page: Page, one: &Hit, other: &Hit) -> Result<()> {
    let column = Page { width: (page.width - GAP) / 2, ..page };
    let lines = |hit: &Hit| -> Result<Vec<String>> {
        let mut bytes = Vec::new();
        text::hit(&mut bytes, column, hit)?;
        Ok(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
    };
    let (left, right) = (lines(one)?, lines(other)?);
    for at in 0..left.len().max(right.len()) {
        let [left, right] = [&left, &right].map(|lines| lines.get(at).map_or("", String::as_str));
        // Escape sequences take no columns.
        let blanks = (column.width + GAP).saturating_sub(textwrap::core::display_width(left)).max(1);
        writeln!(out, "{}", format!("{left}{}{right}", " ".repeat(blanks)).trim_end())?;
    }
    writeln!(out)
}

/// What each side has more, with how many of each side have it.
fn table(out: &mut dyn Write, page: Page, what: &str, contrast: &Contrast, rows: &[Separating]) -> Result<()> {
    if rows.is_empty() {
        return writeln!(out, "{what}: none separates them by two standard errors");
    }
    let name = |row: &Separating| match row.field {
        Some(field) => format!("{}: {}", field.name, safe::line(&row.term)),
        None => safe::line(&row.term),
    };
    let width = rows
        .iter()
        .map(|row| name(row).chars().count())
        .chain([what.len() + "more in the overturned: ".len()])
        .max()
        .unwrap_or(0);
    for (side, of_side) in [("overturned", true), ("upheld", false)] {
        let mut rows = rows.iter().filter(|row| (row.z > 0.0) == of_side).peekable();
        if rows.peek().is_none() {
            continue;
        }
        let head = format!("more in the {side}: {what}");
        writeln!(out, "{}", page.bold(&format!("{head:width$}  {:>10}  {:>10}  {:>4}", "overturned", "upheld", "z")))?;
        for row in rows {
            let of = |n: u64, all: u64| format!("{n} of {all}");
            let overturned = of(row.overturned, contrast.overturned.decisions);
            let upheld = of(row.upheld, contrast.upheld.decisions);
            writeln!(out, "{:width$}  {overturned:>10}  {upheld:>10}  {:>4.1}", name(row), row.z.abs())?;
        }
    }
    Ok(())
}
