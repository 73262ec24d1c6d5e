//! The letter as lines, with what stands between them.
//!
//! Every rule of the parser is about lines, because that is how letters are laid out: a label opens a line, a heading is a
//! few lines below a gap. What differs between sources is settled here, once: line ends, form feeds, double spacing, page
//! footers, and text whose paragraphs were never wrapped (see [`super::rewrap`]).

use std::ops::Range;

use super::footer::footers;
use super::join::{join, push_collapsed};
use super::ocr::{self, Key, Title, key_begins_with};
use super::rewrap::{UNWRAPPED, rewrapped};
use crate::text::Text;

/// What stands between a line and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing but the line end.
    None,
    /// A page break, which may have swallowed a blank line.
    Page,
    /// A blank line.
    Blank,
}

/// A line that holds text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// The text without blanks at either end.
    pub text: &'a str,
    /// Where it begins in the source.
    pub start: usize,
    /// What stands before it.
    pub gap: Gap,
    /// Its folded letters, in [`Lines::keys`].
    key: (usize, usize),
    /// The first mark that may end a label.
    pub mark: Option<Mark>,
}

/// A mark on a line, `:` or `;`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Where it stands.
    pub col: usize,
    /// How many folded letters stand before it.
    pub letters: usize,
}

/// A place in the letter: a line, and a byte of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pos {
    pub line: usize,
    pub col: usize,
}

/// The lines of a letter.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    lines: Vec<Line<'a>>,
    /// The folded letters of all lines: every line is held against every title, so they are made once.
    keys: Vec<u8>,
    bold: &'a [Range<usize>],
    /// The heads and feet of the pages, which are no lines of the letter.
    footers: Vec<&'a str>,
}

impl<'a> Lines<'a> {
    pub fn read(text: &'a Text) -> Self {
        let printed = printed_lines(&text.text);
        let wrapped = printed.iter().all(|l| l.text.len() < UNWRAPPED);
        Lines::of(text, &printed, wrapped)
    }

    /// The lines of a text that has one for each paragraph, however short.
    pub fn unwrapped(text: &'a Text) -> Self {
        Lines::of(text, &printed_lines(&text.text), false)
    }

    fn of(text: &'a Text, printed: &[Printed<'a>], wrapped: bool) -> Self {
        let spacing = if wrapped { Spacing::of(printed) } else { Spacing::default() };
        let mut read = Lines {
            lines: Vec::with_capacity(printed.len()),
            keys: Vec::with_capacity(text.text.len()),
            bold: &text.bold,
            footers: Vec::new(),
        };
        let mut beside_footer = false;
        let pages: Vec<_> = printed.iter().map(|p| (p.text, p.page)).collect();
        for (p, is_footer) in printed.iter().zip(footers(&pages)) {
            // A blank line above or below a head or foot is the page's, not a paragraph's.
            let mut gap = if std::mem::replace(&mut beside_footer, is_footer) { Gap::Page } else { p.gap(spacing) };
            if is_footer {
                read.footers.push(p.text);
            } else if wrapped {
                read.push(p.text, p.start, gap);
            } else {
                for part in rewrapped(p.text) {
                    read.push(part, p.start + offset(p.text, part), std::mem::replace(&mut gap, Gap::None));
                }
            }
        }
        read
    }

    fn push(&mut self, text: &'a str, start: usize, gap: Gap) {
        let from = self.keys.len();
        let col = memchr::memchr2(b':', b';', text.as_bytes());
        let (before, rest) = text.split_at(col.unwrap_or(0));
        ocr::push_key(before, &mut self.keys);
        let mark = col.map(|col| Mark { col, letters: self.keys.len() - from });
        ocr::push_key(rest, &mut self.keys);
        self.lines.push(Line { text, start, gap, key: (from, self.keys.len()), mark });
    }

    /// The lines before `line`, and those from it on.
    pub fn split(self, line: usize) -> (Lines<'a>, Lines<'a>) {
        let mut first = self.lines;
        let rest = first.split_off(line.min(first.len()));
        (
            Lines { lines: first, keys: self.keys.clone(), bold: self.bold, footers: self.footers },
            Lines { lines: rest, keys: self.keys, bold: self.bold, footers: Vec::new() },
        )
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The line, or an empty one beyond the end.
    pub fn get(&self, line: usize) -> Line<'a> {
        const NONE: Line<'_> = Line { text: "", start: usize::MAX, gap: Gap::None, key: (0, 0), mark: None };
        self.lines.get(line).copied().unwrap_or(NONE)
    }

    /// The folded letters of the line.
    pub fn key(&self, line: usize) -> &[u8] {
        self.lines.get(line).and_then(|line| self.keys.get(line.key.0..line.key.1)).unwrap_or_default()
    }

    /// The heads and feet of the pages.
    pub fn footers(&self) -> &[&'a str] {
        &self.footers
    }

    /// Where folded letters stand: on which line they begin, and how many of its letters before them. They may end on the next.
    pub fn with(&self, letters: &str) -> impl Iterator<Item = (usize, usize)> {
        memchr::memmem::find_iter(&self.keys, letters).filter_map(|at| {
            let line = self.lines.partition_point(|line| line.key.1 <= at);
            Some((line, at.checked_sub(self.lines.get(line)?.key.0)?))
        })
    }

    /// What follows `at` on its line.
    pub fn rest(&self, at: Pos) -> &'a str {
        self.get(at.line).text.get(at.col..).unwrap_or("").trim()
    }

    /// Whether any of the lines has something in bold.
    pub fn is_bold(&self, line: usize, cols: Range<usize>) -> bool {
        let at = self.get(line).start;
        let (start, end) = (at.saturating_add(cols.start), at.saturating_add(cols.end));
        let first = self.bold.partition_point(|b| b.end <= start);
        self.bold.get(first).is_some_and(|b| b.start < end)
    }

    /// The text from `from` to the end of the line before `end`, white space collapsed; `None` if there is none.
    pub fn text(&self, from: Pos, end: usize) -> Option<String> {
        let lines = (from.line + 1..end).map(|i| self.get(i).text);
        let text = join((from.line < end).then(|| self.rest(from)).into_iter().chain(lines));
        (!text.is_empty()).then_some(text)
    }

    /// Every line, white space collapsed, with an empty one for a gap.
    pub fn whole(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            if !out.is_empty() {
                out.push_str(if line.gap == Gap::None { "\n" } else { "\n\n" });
            }
            push_collapsed(line.text, &mut out);
        }
        out
    }

    /// If line `line` opens with the label `name:`, the place after the colon. Letter case, blanks, brackets, a plural `s` and a
    /// line end inside the label do not count, nor does what scanning changed.
    pub fn label(&self, line: usize, name: &Title) -> Option<Pos> {
        self.printed_label(line, name.name).or_else(|| self.scanned_label(line, name))
    }

    /// A label with letters changed, or with another mark than its colon.
    fn scanned_label(&self, line: usize, name: &Title) -> Option<Pos> {
        let Line { text, mark, .. } = self.lines.get(line)?;
        // A label has at most a blank between its letters; what comes later ends no label.
        if let Some(&Mark { col, letters }) = mark.as_ref().filter(|mark| mark.col <= 3 * name.name.len()) {
            let spelled = name.fits(letters) && name.is(&Key::of(self.key(line).get(..letters)?));
            return spelled.then_some(Pos { line, col: col + 1 });
        }
        // Alone on its line it needs no mark.
        let alone =
            text.len() <= 2 * name.name.len() && text.starts_with(char::is_uppercase) && letters_of(text).eq(name.name.chars());
        alone.then_some(Pos { line: line + 1, col: 0 })
    }

    fn printed_label(&self, line: usize, name: &str) -> Option<Pos> {
        // Nearly every line begins with another letter.
        if !self.key(line).is_empty() && !name.get(..1).is_some_and(|first| key_begins_with(self.key(line), first)) {
            return None;
        }
        let mut name = name.chars();
        let mut next = name.next();
        for i in line..(line + 2).min(self.len()) {
            let text = self.get(i).text;
            for (col, c) in text.char_indices() {
                match next {
                    Some(n) if ocr::fold(c) == ocr::fold(n) => next = name.next(),
                    None if c == ':' => return Some(Pos { line: i, col: col + 1 }),
                    Some(_) if matches!(c, ' ' | '(' | ')' | '/' | '-' | '\t') => {}
                    None if matches!(c, ' ' | '(' | ')' | 's' | 'S' | '\t') => {}
                    // Another mark than its own ends a label only where no sentence can go on with it.
                    None if matches!(c, '.' | '-' | '–' | '—') => {
                        let at = col + c.len_utf8();
                        let apart = text.get(at..).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
                        let opens = self.get(line).text.starts_with(char::is_uppercase);
                        return (apart && opens).then_some(Pos { line: i, col: at });
                    }
                    _ => return None,
                }
            }
        }
        None
    }

    /// Whether the letters of the line are just those of `title`; scanning may have changed one in eight.
    pub fn is_title(&self, line: usize, title: &Title) -> bool {
        let Some(Line { text, .. }) = self.lines.get(line) else { return false };
        // A title has at most a blank between its letters; longer lines need no look.
        text.len() <= 3 * title.name.len()
            && (letters_of(text).eq(title.name.chars()) || title.fits(self.key(line).len()) && title.is(&Key::of(self.key(line))))
    }
}

/// The letters of a text, small.
pub(super) fn letters(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    letters.extend(letters_of(text));
    letters
}

fn letters_of(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphabetic()).map(|c| c.to_ascii_lowercase())
}

/// A line as it stands in the source.
#[derive(Debug)]
struct Printed<'a> {
    text: &'a str,
    start: usize,
    blanks: usize,
    /// Whether one of the empty lines holds a blank.
    spaced: bool,
    page: bool,
}

impl Printed<'_> {
    fn gap(&self, spacing: Spacing) -> Gap {
        match self {
            p if p.blanks > spacing.usual && spacing.marked && !p.spaced => Gap::Page,
            p if p.blanks > spacing.usual => Gap::Blank,
            p if p.page => Gap::Page,
            _ => Gap::None,
        }
    }
}

/// Bytes of a line, with the blanks before it.
const USUAL_LINE: usize = 64;

/// The lines that hold text, each with the number of empty ones before it.
fn printed_lines(source: &str) -> Vec<Printed<'_>> {
    let mut lines: Vec<Printed> = Vec::with_capacity(source.len() / USUAL_LINE);
    let (mut blanks, mut spaced, mut page, mut at) = (0, false, false, 0);
    let ends = memchr::memchr3_iter(b'\n', b'\r', b'\x0c', source.as_bytes()).map(|end| end + 1);
    for end in ends.chain((!source.ends_with(['\n', '\r', '\u{c}'])).then_some(source.len())) {
        let raw = source.get(at..end).unwrap_or_default();
        let text = raw.trim();
        if !text.is_empty() {
            lines.push(Printed { text, start: at + offset(raw, text), blanks, spaced, page });
            (blanks, spaced, page) = (0, false, false);
        } else if raw != "\n" || !source[..at].ends_with('\r') {
            // An empty piece is an empty line, but for the second half of CR LF and for a form feed.
            blanks += usize::from(raw.as_bytes().last() != Some(&b'\x0c'));
            spaced |= raw.starts_with([' ', '\t']);
        }
        page |= raw.as_bytes().last() == Some(&b'\x0c');
        at = end;
    }
    lines
}

/// How a text is spaced.
#[derive(Debug, Clone, Copy, Default)]
struct Spacing {
    /// The empty lines between any two lines.
    usual: usize,
    /// Whether paragraphs are parted by a line of blanks, so that more empty lines without one are a page break: text corpora
    /// are double-spaced so.
    marked: bool,
}

impl Spacing {
    fn of(lines: &[Printed]) -> Self {
        let usual = usual_blanks(lines);
        let wide = || lines.iter().skip(1).filter(|l| l.blanks > usual);
        let marked = usual > 0 && wide().filter(|l| l.spaced).count() * 2 > wide().count();
        Spacing { usual, marked }
    }
}

/// How many empty lines stand between any two lines: none, unless the text is double-spaced, which a few lines cannot tell.
fn usual_blanks(lines: &[Printed]) -> usize {
    let inner = lines.get(1..).unwrap_or_default();
    let spaced = inner.iter().filter(|l| l.blanks > 0).count();
    if inner.len() < 8 || spaced * 10 < inner.len() * 9 {
        return 0;
    }
    let ones = inner.iter().filter(|l| l.blanks == 1).count();
    if ones * 2 >= inner.len() { 1 } else { inner.iter().map(|l| l.blanks).min().unwrap_or(0) }
}

/// Whether a text ends as a sentence does, closing quotes and brackets aside.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', '\'', ')', ']']).ends_with(['.', '?', '!'])
}

/// Where `part`, a piece of `whole`, begins in it.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

#[cfg(test)]
mod tests {
    use super::super::ocr::title;
    use super::*;

    fn gaps(text: &str) -> Vec<(String, Gap)> {
        let text = Text { text: text.into(), ..Text::default() };
        let lines = Lines::read(&text);
        (0..lines.len()).map(|i| (lines.get(i).text.to_owned(), lines.get(i).gap)).collect()
    }

    #[test]
    fn gaps_are_seen_in_any_spacing() {
        use Gap::{Blank, None, Page};
        for (text, want) in [
            ("a\nb\n\nc", vec![("a", None), ("b", None), ("c", Blank)]),
            ("a\r\nb\r\n\r\nc\r\n", vec![("a", None), ("b", None), ("c", Blank)]),
            ("  a  \n \t \n b", vec![("a", None), ("b", Blank)]),
            ("a\n\u{c}b\n\n\u{c}c", vec![("a", None), ("b", Page), ("c", Blank)]),
            ("a\n\u{c}\n\u{c}", vec![("a", None)]),
            (
                "a\n\nb\n\nc\n\n\n\nd\n\ne\n\nf\n\ng\n\n\u{c}h\n\n \n\ni",
                vec![
                    ("a", None),
                    ("b", None),
                    ("c", None),
                    ("d", Blank),
                    ("e", None),
                    ("f", None),
                    ("g", None),
                    ("h", Page),
                    ("i", Blank),
                ],
            ),
            ("a\nPage 2 of 3\nb", vec![("a", None), ("b", Page)]),
            ("a\n\nPage 2 of 3\n\u{c}b\n\nc", vec![("a", None), ("b", Page), ("c", Blank)]),
            ("a\n\u{c}Page 2 of 3\n\nb\n\nc", vec![("a", None), ("b", Page), ("c", Blank)]),
            (
                "a \n\nb \n\nc \n\n \n\nd \n\ne \n\nf \n\n \n\ng \n\n\n\nh \n\ni \n\nj",
                vec![
                    ("a", None),
                    ("b", None),
                    ("c", None),
                    ("d", Blank),
                    ("e", None),
                    ("f", None),
                    ("g", Blank),
                    ("h", Page),
                    ("i", None),
                    ("j", None),
                ],
            ),
        ] {
            let want: Vec<_> = want.into_iter().map(|(t, g)| (t.to_owned(), g)).collect();
            assert_eq!(gaps(text), want, "{text:?}");
        }
    }

    #[test]
    fn labels_are_read_however_they_are_spelled() {
        for (text, want) in [
            ("Decision rationale: x", Some("x")),
            ("DECISIONRATIONALE :x", Some("x")),
            ("Decision\nRationale(s): x", Some("x")),
            ("The decision rationale: x", None),
            ("Decision rationale is", None),
            ("Decislon ratlonale: x", Some("x")),
            ("Decision rationale; x", Some("x")),
            ("Decision rationale. X", Some("X")),
            ("Decision rationale – x", Some("x")),
            ("Decision rationale-based x", None),
            ("decision rationale. X", None),
            ("Decision rationales and more: x", None),
            ("Decision Rationale\nx", Some("x")),
            ("decision rationale\nx", None),
            ("Division nationale: x", None),
        ] {
            let text = Text { text: text.into(), ..Text::default() };
            let lines = Lines::read(&text);
            assert_eq!(lines.label(0, &title("decisionrationale")).map(|p| lines.rest(p)), want, "{text:?}");
        }
    }
}
