//! The footers that some letters carry on every page, which would else stand in the middle of their texts.
//!
//! What goes as a footer is in no text of the record, so a line of a sentence must not be one by how it begins.

/// How the footers begin that name the letter.
const TITLES: [&str; 2] = ["Final Determination Letter for IMR", "Final Letter of Determination"];
/// What stands behind, beside numbers: `Form Effective 10.24.13 Page 2 of 8`, `Case Number CM13-0000001`.
const WORDS: [&str; 6] = ["case", "effective", "form", "number", "of", "page"];

/// Whether a line is a footer.
pub(super) fn is_footer(line: &str) -> bool {
    is_page_number(line) || TITLES.iter().find_map(|title| line.strip_prefix(title)).is_some_and(is_rest)
}

fn is_page_number(line: &str) -> bool {
    let is_number = |w: &str| w.bytes().all(|b| b.is_ascii_digit());
    let mut words = line.split_whitespace();
    words.next().is_some_and(|w| w.eq_ignore_ascii_case("page"))
        && words.next().is_some_and(is_number)
        && words.all(|w| w.eq_ignore_ascii_case("of") || is_number(w))
}

fn is_rest(rest: &str) -> bool {
    let is_word = |w: &str| WORDS.iter().any(|known| w.trim_end_matches(':').eq_ignore_ascii_case(known));
    let is_known = |w: &str| is_word(w) || w.contains(|c: char| c.is_ascii_digit());
    rest.chars().next().is_none_or(char::is_whitespace) && rest.split_whitespace().all(is_known)
}

#[cfg(test)]
mod tests {
    use super::is_footer;

    #[test]
    fn a_sentence_is_no_footer() {
        for footer in [
            "Page 2",
            "PAGE 2 OF 3",
            "Final Letter of Determination",
            "Final Letter of Determination      Form Effective 10.24.13                Page 2 of 8",
            "Final Determination Letter for IMR Case Number: CM13-0000001   3",
        ] {
            assert!(is_footer(footer), "{footer}");
        }
        for line in [
            "Page 2 of the report",
            "Page",
            "Final Letter of DeterminationIONALES",
            "Final Letter of Determination of 2014, in which acupuncture was found necessary.",
            "The Final Letter of Determination",
        ] {
            assert!(!is_footer(line), "{line}");
        }
    }
}
