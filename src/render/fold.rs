//! Lines folded to a page, at blanks only: a case number, a dose or a path must be found by a search of the screen. A line takes what
//! fits and no more, and a word that is longer than a line stands on one of its own.
//!
//! It does what `textwrap` does with such settings, to the byte, as the test says. That crate splits words, weighs penalties and
//! measures each character twice, and so took as long for a page of hits as to find them.

use textwrap::core::display_width;

/// A text folded to so many columns, its first line behind `first` and the others behind `others`.
pub fn fold(text: &str, columns: usize, first: &str, others: &str) -> String {
    let rooms = [first, others].map(|indent| columns.saturating_sub(width(indent)));
    let mut out = String::with_capacity(text.len() + text.len() / 16 + first.len());
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        // Nothing needs no indent.
        if !line.is_empty() {
            out.push_str(if at == 0 { first } else { others });
            fold_line(&mut out, line, rooms, others);
        }
    }
    out
}

/// Writes a line, the first of its folds into the first of the rooms.
fn fold_line(out: &mut String, line: &str, [mut room, rest]: [usize; 2], indent: &str) {
    // What of the line is on the page already, how wide the fold is with the blanks behind its last word, and where that word ends.
    let (mut written, mut taken, mut end) = (0, 0, 0);
    for (start, word, behind) in words(line) {
        let wide = width(word);
        if taken + wide > room && start > written {
            out.push_str(&line[written..end]);
            out.push('\n');
            out.push_str(indent);
            (written, taken, room) = (start, 0, rest);
        }
        taken += wide + behind;
        end = start + word.len();
    }
    out.push_str(&line[written..end]);
}

/// The words of a line, each with where it begins and how many blanks are behind it. Blanks at the beginning are behind an empty word.
fn words(line: &str) -> impl Iterator<Item = (usize, &str, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = line.get(at..).filter(|rest| !rest.is_empty())?;
        let word = &rest[..rest.find(' ').unwrap_or(rest.len())];
        let behind = rest[word.len()..].bytes().take_while(|byte| *byte == b' ').count();
        let start = at;
        at += word.len() + behind;
        Some((start, word, behind))
    })
}

/// The columns that a text takes.
fn width(text: &str) -> usize {
    match text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        true => text.len(),
        false => display_width(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

    use super::*;

    fn by_the_crate(text: &str, columns: usize, first: &str, others: &str) -> String {
        let options = Options::new(columns).initial_indent(first).subsequent_indent(others);
        let options = options.break_words(false).wrap_algorithm(WrapAlgorithm::FirstFit);
        textwrap::fill(text, options.word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_000, ..ProptestConfig::default() })]

        #[test]
        fn lines_are_folded_as_the_crate_folds_them(
            text in "([a-z]{0,9}|[ ]{1,3}|-|é|疼|\u{a0}|\u{301}|\u{1b}\\[1m|\n){0,30}",
            columns in 1_usize..40,
            first in 0_usize..4,
            others in 0_usize..6,
        ) {
            let (first, others) = (" ".repeat(first), " ".repeat(others));
            prop_assert_eq!(fold(&text, columns, &first, &others), by_the_crate(&text, columns, &first, &others));
        }
    }
}
