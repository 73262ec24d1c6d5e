//! A stretch of a letter as running text, in which the older layouts hide their labels.
//!
//! Their labels are beginnings of sentences ("The Claims Administrator based its decision on ...") and may stand anywhere on a
//! line. So the lines are joined into one text, which remembers where each of them began and below what gap.

use super::join::{join, push_collapsed};
use super::lines::{Gap, Lines, Pos, ends_sentence};
use super::ocr::{Folded, begins_with, key};
use super::verdict::{self, Head};

/// The joined text.
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub text: String,
    /// The byte at which each line begins, and the gap before it.
    pub starts: Vec<(usize, Gap)>,
    folded: Folded,
}

impl Flow {
    pub fn of(lines: &Lines, range: std::ops::Range<usize>) -> Self {
        Flow::of_text(lines, Pos { line: range.start, col: 0 }, range.end)
    }

    /// The text from a place to the end of the line before `end`.
    pub fn of_text(lines: &Lines, from: Pos, end: usize) -> Self {
        let mut flow = Flow::default();
        for i in from.line..end {
            let mut line = lines.get(i);
            if i == from.line {
                line.text = lines.rest(from);
            }
            if line.text.is_empty() {
                continue;
            }
            // As joined lines are, but that a line's beginning must be known: one blank between all but broken words.
            let before = flow.text.rsplit(char::is_whitespace).next().unwrap_or("").to_owned();
            let first = line.text.split_whitespace().next().unwrap_or("");
            let glued = !before.is_empty() && !join([before.as_str(), first]).contains(' ');
            if !flow.text.is_empty() && !glued {
                flow.text.push(' ');
            }
            flow.starts.push((flow.text.len(), line.gap));
            push_collapsed(line.text, &mut flow.text);
        }
        flow.folded = Folded::of(&flow.text);
        flow
    }

    /// The places where `phrase` begins a sentence or a line, and where what follows it begins.
    pub fn find(&self, phrase: &str) -> Vec<(usize, usize)> {
        self.find_anywhere(phrase).into_iter().filter(|(at, _)| self.opens(*at)).collect()
    }

    /// The places where `phrase` begins, and where what follows it begins.
    pub fn find_anywhere(&self, phrase: &str) -> Vec<(usize, usize)> {
        let len = key(phrase).len();
        let found = self.folded.find(phrase).into_iter().map(|i| {
            let last = self.folded.byte(i + len - 1, self.text.len());
            (
                self.folded.byte(i, self.text.len()),
                last + self.text.get(last..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8),
            )
        });
        found.collect()
    }

    /// The places at which a sentence or a line opens with one of `before`, `word` and one of `after`; "The" may stand first.
    pub fn find_between(&self, before: &[&str], word: &str, after: &[&str]) -> Vec<(usize, usize)> {
        let text = &self.folded.key;
        let [before, after] = [before, after].map(|words| words.iter().map(|w| key(w)).collect::<Vec<_>>());
        let found = self.folded.find(word).into_iter().filter_map(|at| {
            let rest = text.get(..at)?;
            let rest = before.iter().find_map(|b| rest.strip_suffix(b.as_str()))?;
            let start = rest.strip_suffix("the").filter(|r| self.opens(self.folded.byte(r.len(), 0))).unwrap_or(rest).len();
            let follows = text.get(at + word.len()..)?;
            let end = at + word.len() + after.iter().find(|a| follows.starts_with(a.as_str()))?.len();
            let last = self.folded.byte(end - 1, self.text.len());
            let end = last + self.text.get(last..)?.chars().next().map_or(0, char::len_utf8);
            Some((self.folded.byte(start, self.text.len()), end))
        });
        found.filter(|(at, _)| self.opens(*at)).collect()
    }

    /// Whether a sentence or a line begins at this byte.
    pub fn opens(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("").trim_end();
        before.is_empty() || ends_sentence(before) || before.ends_with([':', '-', '•']) || self.line_at(at).is_some()
    }

    /// The gap before the line that begins at this byte.
    pub fn line_at(&self, at: usize) -> Option<Gap> {
        self.starts.binary_search_by_key(&at, |s| s.0).ok().and_then(|i| self.starts.get(i)).map(|s| s.1)
    }

    /// What a heading between two bytes says. One with which the letter breaks off may have gone on: it says no outcome.
    pub fn head(&self, from: usize, to: usize) -> Head {
        let text = self.text.get(from..to).unwrap_or("");
        let head = verdict::head(text);
        let broken = to >= self.text.len() && !ends_sentence(text.trim_end());
        Head { outcome: head.outcome.filter(|_| !broken), ..head }
    }

    /// The text between two bytes; `None` if there is none.
    pub fn slice(&self, from: usize, to: usize) -> Option<String> {
        let text = self.text.get(from..to.max(from))?.trim();
        text.chars().any(char::is_alphanumeric).then(|| text.to_owned())
    }
}

/// How an item's argument begins in a notice, in folded letters.
pub(super) const REGARDS: [&str; 2] = ["regardingtherequest", "regardingrequest"];

/// If a line opens an item's argument in a notice (`1) Regarding the request for ITEM:`): the item's number, and what follows
/// the number. Without a number the line stands below a gap.
pub(super) fn regards(text: &str, gap: Gap) -> Option<(Option<u32>, &str)> {
    let (number, rest) = numbered(text).map_or((None, text), |(n, rest)| (Some(n), rest));
    let regards = REGARDS.iter().any(|r| begins_with(rest.chars().take(40), r));
    (regards && (number.is_some() || gap != Gap::None)).then_some((number, rest))
}

/// The number with which a line begins, in any of its forms (`1.`, `1)`, `(1)`, `#1`, `Item 1:`), and what follows.
pub(super) fn numbered(text: &str) -> Option<(u32, &str)> {
    let start = text.trim_start();
    let marked = ["item ", "issue ", "request ", "no. ", "#", "("].iter().find_map(|m| verdict::starts_with(start, m));
    let body = marked.unwrap_or(start).trim_start().trim_start_matches('#');
    // A scanned 1 may be a letter, but only as a number of its own.
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = match digits {
        0 if body.starts_with(['l', 'I']) => (1, body.get(1..)?),
        1..=3 => (body.get(..digits)?.parse().ok()?, body.get(digits..)?),
        _ => return None,
    };
    let close = rest.trim_start();
    let after = close.strip_prefix(['.', ')', ':']).or(if marked.is_some() && digits > 0 { Some(rest) } else { None })?;
    // A quantity at a line's beginning is no number: "#40 is not medically necessary".
    let counts =
        close.starts_with(['.', ')', ':']) || !start.starts_with('#') || after.trim_start().starts_with(char::is_uppercase);
    let set_off = after.is_empty() || after.starts_with(char::is_whitespace) || after.starts_with(char::is_alphabetic);
    (number > 0 && counts && set_off).then(|| (number, after.trim_start_matches(['.', ')', ':', ' '])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_form() {
        for (text, want) in [
            ("1. A brace", Some((1, "A brace"))),
            ("2) A brace", Some((2, "A brace"))),
            ("(3) A brace", Some((3, "A brace"))),
            ("#4 A brace", Some((4, "A brace"))),
            ("#4. a brace", Some((4, "a brace"))),
            ("#40 is not medically necessary", None),
            ("Item 5: A brace", Some((5, "A brace"))),
            ("6.", Some((6, ""))),
            ("7.A brace", Some((7, "A brace"))),
            ("l) A brace", Some((1, "A brace"))),
            ("1.5 mg", None),
            ("12/14/2013 was", None),
            ("2013. He", None),
            ("12 visits", None),
            ("10 - 20 mg", None),
            ("It is", None),
        ] {
            assert_eq!(numbered(text), want, "{text}");
        }
    }
}
