//! A query that cannot be read: where, what was found there, what was expected, and what was perhaps meant.
//!
//! The query is untrusted at the terminal: what is shown of it has no control characters, and columns are counted as the
//! terminal shows them, so that the caret stands under the place whatever the script.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::visible::steers;

/// Columns of the query that are shown; of a longer one the surroundings of the place.
const SHOWN: usize = 76;

/// Columns shown before the place when the query is cut.
const BEFORE: usize = 24;

/// Characters of a message that are kept.
const CLIP: usize = 160;

/// Why and where a query could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found}: expected {expected}{}", suggestion.as_ref().map(|s| format!("; {s}")).unwrap_or_default())]
pub struct ParseError {
    /// The place, as a range of bytes of the query; empty only in an empty query.
    pub span: Range<usize>,
    /// What was found there.
    pub found: String,
    /// What would have been right.
    pub expected: String,
    /// What was perhaps meant, or what to do.
    pub suggestion: Option<String>,
}

impl ParseError {
    pub(super) fn new(span: Range<usize>, found: impl Into<String>, expected: impl Into<String>) -> Self {
        ParseError { span, found: clip(found.into()), expected: expected.into(), suggestion: None }
    }

    pub(super) fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(clip(suggestion.into()));
        self
    }

    /// The error for a terminal: what was found, the query with a caret under the place, what was expected.
    pub fn render(&self, query: &str) -> String {
        let (line, pad, carets) = self.point(query);
        let suggestion = self.suggestion.as_ref().map(|s| format!(" {}", visible(s))).unwrap_or_default();
        let (found, expected) = (visible(&self.found), visible(&self.expected));
        let lines = [
            format!("error: {found}"),
            format!("  {line}"),
            format!("  {}{}{suggestion}", " ".repeat(pad), "^".repeat(carets)),
            textwrap::fill(
                &format!("expected {expected}"),
                textwrap::Options::new(SHOWN + 4).initial_indent("  ").subsequent_indent("    "),
            ),
        ];
        lines.iter().flat_map(|l| [l.trim_end(), "\n"]).collect()
    }

    /// The line that shows the query, the columns before the carets, and the number of carets.
    fn point(&self, query: &str) -> (String, usize, usize) {
        let width = |c: char| shown(c).width().unwrap_or(0);
        let columns = |from: usize, to: usize| -> usize {
            query.char_indices().filter(|(at, _)| (from..to).contains(at)).map(|(_, c)| width(c)).sum()
        };
        let all = columns(0, query.len());
        let before = columns(0, self.span.start);
        let place = columns(self.span.start, self.span.end).max(1);
        if all <= SHOWN {
            return (visible(query), before, place);
        }
        let first = before.saturating_sub(BEFORE).min(all - SHOWN);
        let mut line = String::new();
        let (mut column, mut start) = (0, None);
        for c in query.chars() {
            // A character that takes no column of its own goes with the one before it.
            let inside = column >= first && column + width(c) <= first + SHOWN;
            if inside && (start.is_some() || width(c) > 0) {
                start.get_or_insert(column);
                line.push(shown(c));
            }
            column += width(c);
        }
        let start = start.unwrap_or(0);
        let head = if start > 0 { "…" } else { "" };
        let tail = if first + SHOWN < all { "…" } else { "" };
        let carets = place.min((first + SHOWN).saturating_sub(before)).max(1);
        (format!("{head}{line}{tail}"), before.saturating_sub(start) + head.chars().count(), carets)
    }
}

/// A character as it may be shown: controls, and marks that reorder the line, cannot reach the terminal.
fn shown(c: char) -> char {
    match c {
        c if c.is_whitespace() => ' ',
        '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '\u{fffd}',
        c if steers(c) => '\u{fffd}',
        c => c,
    }
}

/// A message repeats what was typed, which may be of any length.
pub(super) fn clip(text: String) -> String {
    match text.char_indices().nth(CLIP) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn visible(text: &str) -> String {
    text.chars().map(shown).collect()
}
