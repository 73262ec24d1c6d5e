//! Paragraphs as pages: wrapped into lines as the published letters are, by the widths of their glyphs, and a full page followed by the
//! next. A blank line is lost where a page ends.

use super::content::GAP;
use super::paragraphs::Paragraph;
use super::style::Style;
use super::widths::width;

/// What a redacted name leaves behind.
const BLANK: &str = "              ";

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the left margin.
    Left,
    /// In the middle.
    Centre,
    /// In the columns of the header table, a run in each.
    Columns,
}

/// A printed line.
pub struct Line {
    /// Its parts, bold or not; none in an empty line.
    pub runs: Vec<(String, bool)>,
    /// Where it stands.
    pub place: Place,
    /// Which paragraph it is of.
    pub paragraph: usize,
}

impl Line {
    fn new(place: Place, paragraph: usize) -> Self {
        Line { runs: Vec::new(), place, paragraph }
    }

    fn add(&mut self, text: &str, bold: bool) {
        match self.runs.last_mut().filter(|r| r.1 == bold) {
            Some(run) => run.0.push_str(text),
            None => self.runs.push((text.to_owned(), bold)),
        }
    }

    /// The line without its weights.
    pub fn text(&self) -> String {
        self.runs.iter().map(|r| r.0.as_str()).collect()
    }
}

/// The pages of a letter, each without blank lines at its ends.
pub fn pages(paragraphs: Vec<Paragraph>, style: &Style) -> Vec<Vec<Line>> {
    let mut pages: Vec<Vec<Line>> = vec![Vec::new()];
    for line in lines(paragraphs, style) {
        if pages.last().is_some_and(|page| page.len() >= style.page) {
            pages.push(Vec::new());
        }
        if let Some(page) = pages.last_mut().filter(|page| !page.is_empty() || !line.runs.is_empty()) {
            page.push(line);
        }
    }
    for page in &mut pages {
        while page.last().is_some_and(|line| line.runs.is_empty()) {
            page.pop();
        }
    }
    if style.empty_page {
        pages.push(Vec::new());
    }
    for (page, number) in pages.iter_mut().zip(1..) {
        let foot = style.footer.as_ref().map(|words| vec![(format!("{words} {number}"), false)]);
        let foot = foot.map(|runs| Line { runs, ..Line::new(Place::Left, usize::MAX) });
        page.extend(foot.into_iter().flat_map(|line| [Line::new(Place::Left, 0), line]));
    }
    pages
}

fn lines(paragraphs: Vec<Paragraph>, style: &Style) -> Vec<Line> {
    let mut all = Vec::new();
    let mut number = 0;
    for paragraph in paragraphs {
        number += 1;
        match paragraph {
            Paragraph::Blank => all.push(Line::new(Place::Left, number)),
            Paragraph::Break => number -= 1,
            Paragraph::Title(text) => all.push(Line { runs: vec![(text.to_owned(), true)], ..Line::new(Place::Centre, number) }),
            Paragraph::Row(cells) => {
                let runs = cells.into_iter().enumerate().map(|(column, cell)| (cell, column % 2 == 0)).collect();
                all.push(Line { runs, ..Line::new(Place::Columns, number) });
            }
            Paragraph::Text(runs) => all.extend(wrapped(&runs, number, style)),
        }
    }
    all
}

/// Running text as lines no wider than the column.
fn wrapped(runs: &[(String, bool)], paragraph: usize, style: &Style) -> Vec<Line> {
    let mut done = Vec::new();
    let mut line = Line::new(Place::Left, paragraph);
    let mut at = 0;
    let mut gap = "";
    for (text, bold) in runs {
        for word in text.split(' ').filter(|w| !w.is_empty()) {
            let blank = word.replace(GAP, BLANK);
            for part in breakable(&blank) {
                if !line.runs.is_empty() && at + width(gap, *bold) + width(part, *bold) > style.column {
                    done.push(std::mem::replace(&mut line, Line::new(Place::Left, paragraph)));
                    at = 0;
                    gap = "";
                }
                line.add(gap, *bold);
                line.add(part, *bold);
                at += width(gap, *bold) + width(part, *bold);
                gap = "";
            }
            gap = if style.wide && word.ends_with(['.', ':']) { "  " } else { " " };
        }
    }
    done.push(line);
    done
}

/// The parts between which a word may be broken: behind a hyphen within it, and in an address behind a slash.
fn breakable(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let path = word.find("://").map_or(word.len(), |at| at + "://".len());
    for (at, _) in word.match_indices(['-', '/']).filter(|(at, mark)| *mark == "-" || *at > path) {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if inside(word[..at].chars().next_back()) && inside(word[at + 1..].chars().next()) {
            parts.push(&word[from..=at]);
            from = at + 1;
        }
    }
    parts.push(&word[from..]);
    parts
}
