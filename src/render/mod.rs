//! Results to bytes: a renderer a format over the one results struct. None of them searches.

mod cross;
pub mod csv;
mod explain;
mod facets;
mod grid;
pub mod json;
pub mod letter;
pub mod safe;
pub mod similar;
pub mod stats;
pub mod text;

use std::ops::Range;

use anstyle::{AnsiColor, Style};

use crate::record::Outcome;

/// How a terminal page is set.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Columns.
    pub width: usize,
    /// Whether matches and outcomes are set off by colour; else matches stand in `[ ]`.
    pub colour: bool,
    /// Values of a facet that are shown; 0 for all.
    pub rows: usize,
}

impl Page {
    /// `text` in `style`, or as it is on a page without colour.
    fn styled(self, style: Style, text: &str) -> String {
        match self.colour {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }

    fn bold(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    fn dim(self, text: &str) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    fn outcome(self, outcome: Option<Outcome>) -> String {
        let colour = match outcome {
            Some(Outcome::Overturned) => AnsiColor::Green,
            Some(Outcome::Upheld) => AnsiColor::Red,
            Some(Outcome::Modified) => AnsiColor::Yellow,
            None => AnsiColor::White,
        };
        self.styled(colour.on_default().bold(), &outcome.map_or("NO OUTCOME".into(), |o| o.name().to_uppercase()))
    }

    /// A text with its matches set off, folded to the page behind `indent` blanks. Control characters are taken out.
    fn marked(self, text: &str, marks: &[Range<usize>], indent: usize) -> String {
        let style = AnsiColor::Yellow.on_default().bold();
        let (open, close) = match self.colour {
            true => (style.render().to_string(), style.render_reset().to_string()),
            false => ("[".into(), "]".into()),
        };
        let mut out = String::with_capacity(text.len() + marks.len() * 8);
        let mut at = 0;
        for mark in marks {
            let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.clone())) else { continue };
            out += &safe::line(before);
            // Each word is set off by itself, so that a fold between them breaks no escape sequence.
            let words: Vec<_> = inside.split_whitespace().map(|w| format!("{open}{}{close}", safe::line(w))).collect();
            out += &match self.colour {
                true => words.join(" "),
                false => format!("[{}]", safe::line(inside)),
            };
            at = mark.end;
        }
        out += &safe::line(text.get(at..).unwrap_or_default());
        self.folded(&out, indent)
    }

    /// The columns that a line is folded to.
    fn columns(self) -> usize {
        self.width.max(40)
    }

    /// A text folded to the page behind `indent` blanks. A number stays with its per cent sign.
    pub fn folded(self, text: &str, indent: usize) -> String {
        let blanks = " ".repeat(indent);
        let folded =
            textwrap::fill(&text.replace(" %", "\u{a0}%"), self.folding().initial_indent(&blanks).subsequent_indent(&blanks));
        folded.replace("\u{a0}%", " %")
    }

    /// Folded with the first line where it is and the others behind `indent` blanks.
    fn hanging(self, text: &str, indent: usize) -> String {
        textwrap::fill(text, self.folding().subsequent_indent(&" ".repeat(indent)))
    }

    /// Folded at blanks only: a case number, a dose or a path must be found by a search of the screen. A line takes what fits and
    /// no more; the optimal fit of the crate lets a line run over its page rather than leave much of it empty.
    fn folding<'a>(self) -> textwrap::Options<'a> {
        textwrap::Options::new(self.columns())
            .break_words(false)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
    }
}

/// A number with its noun: `1 letter`, `1,234 letters`.
pub fn counted(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// A number with a comma before each three digits.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A part of 1 in per cent with one decimal.
pub fn per_cent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_would_be_left_half_empty_is_folded_all_the_same() {
        let page = Page { width: 122, colour: false, rows: 0 };
        let (short, long) = ("a".repeat(77), "b".repeat(45));
        assert_eq!(page.hanging(&format!("{short} {long}"), 5), format!("{short}\n     {long}"));
    }

    #[test]
    fn numbers_are_grouped_and_nouns_agree() {
        assert_eq!(["0", "999", "1,000", "3,200,000"], [0, 999, 1_000, 3_200_000].map(grouped).each_ref().map(String::as_str));
        assert_eq!(counted(1, "letter") + &counted(2, " letter"), "1 letter2  letters");
    }

    #[test]
    fn matches_are_set_off_with_and_without_colour() {
        let one = |mark: Range<usize>| Vec::from([mark]);
        let plain = Page { width: 80, colour: false, rows: 0 };
        assert_eq!(plain.marked("physical therapy is", &one(0..16), 2), "  [physical therapy] is");
        let colour = Page { colour: true, ..plain };
        assert_eq!(colour.marked("a therapy\u{1b}[2J", &one(2..9), 0), "a \u{1b}[1m\u{1b}[33mtherapy\u{1b}[0m[2J");
    }
}
