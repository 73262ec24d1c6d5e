//! The lines of a table of ours in which a word stands.
//!
//! A table is a text that people read and mend, and holds thousands of spellings. Taking it apart takes longer than a query, which
//! asks for a few words of it: so the lines that hold these are looked for in the text, and no others are read.

use std::collections::BTreeSet;

use memchr::memmem;

/// A table as text.
pub(super) struct Lines {
    text: &'static str,
    /// The same in lower case, byte by byte.
    small: String,
}

impl Lines {
    pub(super) fn of(text: &'static str) -> Self {
        Lines { text, small: text.to_ascii_lowercase() }
    }

    /// The lines in which one of the words (runs of letters and digits, in lower case) stands, in any letter case; in order.
    pub(super) fn with<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Vec<&'static str> {
        let mut begins = BTreeSet::new();
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            let stands = |at: &usize| {
                let (before, behind) = (self.small.get(..*at), self.small.get(at + word.len()..));
                let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                ends(before.and_then(|text| text.chars().next_back())) && ends(behind.and_then(|text| text.chars().next()))
            };
            let places = memmem::find_iter(self.small.as_bytes(), word).filter(stands);
            begins.extend(places.map(|at| self.small[..at].rfind('\n').map_or(0, |newline| newline + 1)));
        }
        begins.into_iter().filter_map(|begin| self.text.get(begin..)?.lines().next()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_by_whole_words_once_and_in_order() {
        let lines = Lines::of("one = Two-one\n\ntwofold\nthree, TWO");
        assert_eq!(lines.with(["two"]), ["one = Two-one", "three, TWO"]);
        assert_eq!(lines.with(["three", "one"]), ["one = Two-one", "three, TWO"]);
        assert_eq!(lines.with(["fold", ""]), Vec::<&str>::new());
    }
}
