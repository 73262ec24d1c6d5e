//! A table of texts that fits its page: a name that is too long for its column goes on in the next line.

use std::io::{Result, Write};

use super::Page;

/// What stands in a cell: the numbers, and below them what has no room beside them.
pub(super) type Cell = [String; 2];

/// Characters of a head; a longer one goes on in the next line.
const HEAD: usize = 16;

/// The fewest characters that a column of names is narrowed to.
const NAME: usize = 8;

/// A table: a row has a name and a cell for each head.
pub(super) struct Grid {
    title: String,
    heads: Vec<String>,
    rows: Vec<(String, Vec<Cell>)>,
    widths: Vec<usize>,
    /// Columns of the names.
    pub name_width: usize,
}

impl Grid {
    /// A table with what stands above the names and above each column, as wide as its texts.
    pub fn new(title: String, heads: Vec<String>, rows: Vec<(String, Vec<Cell>)>) -> Grid {
        let widest = |(at, head): (usize, &String)| {
            let cells = rows.iter().flat_map(|(_, cells)| cells.get(at)).flatten().map(|text| text.chars().count());
            cells.chain([head.chars().count().min(HEAD)]).max().unwrap_or(0)
        };
        let widths = heads.iter().enumerate().map(widest).collect();
        let name_width = rows.iter().map(|(name, _)| name).chain([&title]).map(|name| name.chars().count()).max().unwrap_or(0);
        Grid { title, heads, rows, widths, name_width }
    }

    /// With columns that are at least so wide, so that one table is set like the next.
    pub fn at_least(mut self, widths: &[usize]) -> Grid {
        self.widths.iter_mut().zip(widths).for_each(|(width, least)| *width = (*width).max(*least));
        self
    }

    /// With names that leave room for the cells on a page of that width, if names can.
    pub fn narrowed(mut self, width: usize) -> Grid {
        self.name_width = self.name_width.min(self.room(width).max(NAME));
        self
    }

    /// Columns that a page of that width has for the names.
    pub fn room(&self, width: usize) -> usize {
        width.saturating_sub(self.widths.iter().map(|width| width + 2).sum())
    }

    /// Whether it is no wider than that.
    pub fn fits(&self, width: usize) -> bool {
        self.name_width <= self.room(width)
    }

    pub fn write(&self, out: &mut dyn Write, page: Page) -> Result<()> {
        let line = |texts: &mut dyn Iterator<Item = &str>| {
            let name = texts.next().unwrap_or_default();
            let cells: String = texts.zip(&self.widths).map(|(cell, width)| format!("  {cell:>width$}")).collect();
            format!("{name:width$}{cells}", width = self.name_width).trim_end().to_owned()
        };
        let title = std::iter::once(wrapped(&self.title, self.name_width));
        let heads: Vec<_> = title.chain(self.heads.iter().zip(&self.widths).map(|(head, width)| wrapped(head, *width))).collect();
        let height = heads.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let part = |head: &Vec<String>| (at + head.len()).checked_sub(height);
            let mut texts = heads.iter().map(|head| part(head).and_then(|at| head.get(at)).map_or("", String::as_str));
            writeln!(out, "{}", page.bold(&line(&mut texts)))?;
        }
        for (name, cells) in &self.rows {
            let name = wrapped(name, self.name_width);
            let below = cells.iter().any(|[_, below]| !below.is_empty());
            for at in 0..name.len().max(1 + usize::from(below)) {
                let name = name.get(at).map_or("", String::as_str);
                let mut texts = std::iter::once(name).chain(cells.iter().map(|c| c.get(at).map_or("", String::as_str)));
                writeln!(out, "{}", line(&mut texts))?;
            }
        }
        Ok(())
    }
}

/// A name in lines; what goes on stands as far in as behind a mark.
fn wrapped(name: &str, width: usize) -> Vec<String> {
    // Most names are short, and none has more columns than bytes.
    if name.len() <= width {
        return vec![name.to_owned()];
    }
    let indent = if ["  ", "* ", "- "].iter().any(|mark| name.starts_with(mark)) { "  " } else { "" };
    let options = textwrap::Options::new(width.max(1)).subsequent_indent(indent);
    textwrap::wrap(name, options).into_iter().map(|line| line.into_owned()).collect()
}
