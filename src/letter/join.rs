//! Lines put together again as one text.
//!
//! A text has single blanks, wherever its lines were broken; a word or an address that was broken itself is made whole.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// Finds where a blank follows another.
static DOUBLED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("  "));

/// Lines as one text with single blanks. A hyphen at a line end is kept and needs no blank, nor does a broken address.
pub(super) fn join<'a>(lines: impl IntoIterator<Item = &'a str, IntoIter: Clone>) -> String {
    let lines = lines.into_iter();
    let mut out = String::with_capacity(lines.clone().map(|line| line.len() + 1).sum());
    let mut before = "";
    for line in lines {
        if !out.is_empty() && !is_glued(before, line.trim_start()) {
            out.push(' ');
        }
        push_collapsed(line, &mut out);
        before = line.trim_end();
    }
    out.truncate(out.trim_end().len());
    out
}

/// Appends a line with single blanks between its words, and none round them.
pub(super) fn push_collapsed(line: &str, out: &mut String) {
    // Nearly every line has no other white space than blanks, which are sought many bytes at a time.
    if has_only_blanks(line) {
        let mut rest = line.trim();
        while let Some(at) = DOUBLED.find(rest.as_bytes()) {
            out.push_str(rest.get(..=at).unwrap_or_default());
            rest = rest.get(at..).unwrap_or_default().trim_start();
        }
        return out.push_str(rest);
    }
    for (i, word) in line.split_whitespace().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

/// Whether a line is sure to have no other white space than blanks. Without an early end the bytes are looked at many at a time.
fn has_only_blanks(line: &str) -> bool {
    let is_other = |byte: u8| u8::from(byte.wrapping_sub(b'\t') < 5);
    line.is_ascii() && line.bytes().fold(0, |so_far, byte| so_far | is_other(byte)) == 0
}

/// Whether `after` goes on with the word that ends `before`.
fn is_glued(before: &str, after: &str) -> bool {
    if !before.ends_with(['-', '/', '_', '=', '&', '?']) {
        return false;
    }
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let Some(first) = after.chars().next().filter(|c| c.is_alphanumeric()) else { return false };
    if let Some(stem) = word.strip_suffix('-') {
        // `pre- and post-operative` is not a broken word.
        let next = after.split_whitespace().next().unwrap_or("");
        return stem.ends_with(char::is_alphanumeric) && !matches!(next, "and" | "or" | "to");
    }
    let address = word.contains("://") || word.starts_with("www.");
    // A capital letter begins the next sentence, unless what it begins is no word: `http://a.org/` and `D12.pdf`.
    let no_word = || {
        after.split_whitespace().next().is_some_and(|next| next.trim_end_matches(['.', ',', ')']).contains(['.', '/', '_', '=']))
    };
    address && word.ends_with(['/', '_', '=', '&', '?']) && (!first.is_uppercase() || no_word())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn white_space_is_collapsed(line in "[a-z. \t\u{b}\u{a0}“]{0,20}|\\PC{0,20}") {
            let mut out = String::new();
            push_collapsed(&line, &mut out);
            prop_assert_eq!(out, line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    #[test]
    fn lines_are_joined_with_single_blanks() {
        for (lines, want) in [
            (vec!["a  b", "c"], "a b c"),
            (vec!["a\tb", "c\u{a0}d", "“e”  f"], "a b c d “e” f"),
            (vec!["work-", "related"], "work-related"),
            (vec!["pre-", "and post-operative"], "pre- and post-operative"),
            (vec!["Wrist -", "Repair"], "Wrist - Repair"),
            (vec!["see http://a.org/b_", "c/d"], "see http://a.org/b_c/d"),
            (vec!["see http://a.org/b/", "D12.5.htm. It says"], "see http://a.org/b/D12.5.htm. It says"),
            (vec!["see http://a.org/b/", "The. next"], "see http://a.org/b/ The. next"),
            (vec!["left/", "right"], "left/ right"),
        ] {
            assert_eq!(join(lines), want);
        }
    }
}
