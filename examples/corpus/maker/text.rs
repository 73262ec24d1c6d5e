//! Pages as text: as `pdftotext -layout` prints the published PDFs, or as the text corpora keep them.

use super::layout::{Line, Place};
use super::style::Style;

/// Where the columns of the header table begin.
const COLUMNS: [usize; 4] = [0, 22, 54, 75];
/// The width of a page in characters, for titles in the middle.
const MIDDLE: usize = 96;

/// Every page ends with a form feed.
pub fn as_pdftotext(pages: &[Vec<Line>], style: &Style) -> String {
    let mut text = String::new();
    for page in pages {
        let header = page.iter().take_while(|line| line.place == Place::Columns).count();
        let (header, rest) = page.split_at(if style.labels_first { header } else { 0 });
        text.push_str(&labels_then_values(header));
        for line in rest {
            text.push_str(&printed(line));
            text.push('\n');
        }
        text.push('\u{c}');
    }
    text
}

/// The header table as some extractors give it: column by column, labels before values.
fn labels_then_values(rows: &[Line]) -> String {
    let column =
        |c: usize| rows.iter().filter_map(move |row| row.runs.get(c)).map(|run| run.0.as_str()).filter(|cell| !cell.is_empty());
    let labels: Vec<_> = column(0).chain(column(2)).collect();
    let values: Vec<_> = column(1).chain(column(3)).collect();
    let block = |lines: Vec<&str>| if lines.is_empty() { String::new() } else { lines.join("\n") + "\n\n" };
    block(labels) + &block(values)
}

/// A line at its place.
fn printed(line: &Line) -> String {
    match line.place {
        Place::Left => line.text(),
        Place::Centre => " ".repeat(MIDDLE.saturating_sub(line.text().len()) / 2) + &line.text(),
        Place::Columns => {
            let mut row = String::new();
            for (column, (cell, _)) in COLUMNS.iter().zip(&line.runs).filter(|(_, run)| !run.0.is_empty()) {
                row = format!("{row:column$}{cell}");
            }
            row
        }
    }
}

/// No centred titles, a blank and an empty line after every line, and nothing but more of them at a page break.
pub fn double_spaced(pages: &[Vec<Line>]) -> String {
    let page = |page: &Vec<Line>| page.iter().map(|line| line.text() + " \n\n").collect::<String>();
    pages.iter().map(page).collect::<Vec<_>>().join("\n\n")
}
