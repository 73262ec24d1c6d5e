//! Sentences: where a text may be cut, and what `/s` means. One rule for the index, for marking matches and for passages.
//!
//! A sentence ends behind `.`, `?` or `!` (and what closes with it) where a blank follows and then an upper-case letter or a
//! digit, with or without an opening quotation mark or bracket. A full stop ends none behind an abbreviation that wants
//! something after it (`Dr.`, `vs.`), behind single letters (`e.g.`, `p.o.`, `John A.`), behind `No.` and the like before a
//! digit, and behind the number of an enumeration (`2. Physical therapy`). A heading or a list without full stops is one
//! sentence with what follows it: rather one end too few than a sentence torn apart.

use std::ops::Range;

/// Letters of the longest abbreviation.
const LONGEST: usize = "messrs".len();

/// Abbreviations behind which a sentence goes on.
const GOES_ON: [&str; 24] = [
    "al", "approx", "capt", "cf", "col", "dept", "dr", "drs", "eg", "est", "gen", "hon", "ie", "incl", "jr", "messrs", "mr",
    "mrs", "ms", "prof", "rev", "sr", "st", "vs",
];

/// Abbreviations that want a number after them.
const BEFORE_NUMBER: [&str; 29] = [
    "apr", "art", "aug", "ch", "chap", "dec", "ed", "feb", "fig", "figs", "ht", "jan", "mar", "no", "nos", "nov", "oct", "para",
    "pg", "pgs", "pp", "ref", "sec", "sect", "sep", "sept", "tab", "vol", "wt",
];

/// The sentences of a text, in order, without the blanks between them; together they hold all else.
pub fn sentences(text: &str) -> Sentences<'_> {
    Sentences { text: text.trim_end(), from: 0 }
}

/// The iterator of [`sentences`].
#[derive(Debug, Clone)]
pub struct Sentences<'a> {
    text: &'a str,
    from: usize,
}

impl Iterator for Sentences<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.from..)?;
        let start = self.from + rest.len() - rest.trim_start().len();
        let whole = self.text.len();
        if start >= whole {
            return None;
        }
        let mut at = start;
        while let Some(found) = memchr::memchr3(b'.', b'?', b'!', &self.text.as_bytes()[at..]) {
            at += found + 1;
            let end = at + closing(&self.text[at..]);
            if self.ends_at(start, at, end) {
                self.from = end;
                return Some(start..end);
            }
            at = end;
        }
        self.from = whole;
        Some(start..whole)
    }
}

impl Sentences<'_> {
    /// Whether the sentence that begins at `start` ends with the mark before `mark`, and what closes with it before `end`.
    fn ends_at(&self, start: usize, mark: usize, end: usize) -> bool {
        let Some(first) = self.begins_behind(end) else { return false };
        match self.text[start..mark].strip_suffix('.') {
            Some(before) => !goes_on(before, first.is_numeric()),
            None => true,
        }
    }

    /// With what a sentence begins that may begin behind `end`: a blank, and then what is not in lower case, but for opening marks.
    fn begins_behind(&self, end: usize) -> Option<char> {
        let behind = &self.text[end..];
        // Nearly all begin so.
        if let [b' ', first @ (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9'), ..] = behind.as_bytes() {
            return Some(char::from(*first)).filter(|first| !first.is_ascii_lowercase());
        }
        let next = behind.trim_start();
        let first = next.trim_start_matches(opens).chars().next().filter(|_| next.len() < behind.len())?;
        // Scripts without letter case have no lower case to begin with.
        (first.is_alphanumeric() && !first.is_lowercase() || next.starts_with(is_quote)).then_some(first)
    }
}

/// Whether a full stop behind `before`, the sentence so far, belongs to its last word.
fn goes_on(before: &str, number_follows: bool) -> bool {
    let blank = before.rfind(char::is_whitespace);
    let word = before[blank.unwrap_or(0)..].trim_start().trim_start_matches(|c: char| !c.is_alphanumeric());
    // Only the first word of a sentence can be the number of an enumeration.
    if blank.is_none() && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        return !word.is_empty();
    }
    let short =
        |part: &str, most: usize| !part.is_empty() && part.chars().count() <= most && part.chars().all(char::is_alphabetic);
    if short(word, 1) || (word.contains('.') && word.split('.').all(|part| short(part, 2))) {
        return true;
    }
    // Most words are longer than any abbreviation.
    let listed = |table: &[&str]| word.len() <= LONGEST && table.iter().any(|short| short.eq_ignore_ascii_case(word));
    listed(&GOES_ON) || (number_follows && listed(&BEFORE_NUMBER))
}

/// The bytes of the quotation marks and brackets that close with the mark before `text`, and of further such marks.
fn closing(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c| is_quote(c) || matches!(c, ')' | ']' | '.' | '?' | '!')).len()
}

fn opens(c: char) -> bool {
    is_quote(c) || matches!(c, '(' | '[')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’' | '«' | '»')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each sentence on one side of a `|`.
    const TABLE: &[&str] = &[
        "The request is denied.| The patient appealed.| It was overturned",
        "Was it tried?| No!| It was not.",
        "He said \"stop.\"| Then he left.| (So did she.| 3 visits remain.)| End.",
        "See above.| \"functional improvement\" is required.| (MTUS, 2009) Pain.| [DWC] says so.",
        "Dr. Smith and Mr. Jones vs. the carrier, St. Mary and approx. 5 visits.| Next.",
        "For relief, e.g. NSAIDs, i.e. Naproxen 500 mg p.o. The rest b.i.d. Daily.",
        "Johnson et al. 2009 found none.| See John A. Smith, p. 45.| End.",
        "No. 5 of Nos. 6, Fig. 2, pg. 60, Jan. 5.| The answer is no.| The end.",
        "Pain is 7.5 of 10.| VAS 4.| The gait is normal.| 12 sessions were done.",
        "1. Physical therapy is denied.| 2. Norco is not.| (3. Later.)| End.",
        "Norco 10 mg. twice a day. #60 was asked.| Done.",
        "ends without a mark",
        "Wait... what?!| \"Really?\"| Yes…",
        "Visit www.dir.ca.gov.| It says 9792.20.| End. of file",
        "  Blanks around.|  And between.  ",
        "Im Größenvergleich.| Über alles.| 鍼治療。終",
        ".| A",
        "... .",
    ];

    #[test]
    fn no_abbreviation_is_longer_than_the_longest() {
        assert_eq!(GOES_ON.iter().chain(&BEFORE_NUMBER).map(|short| short.len()).max(), Some(LONGEST));
    }

    #[test]
    fn a_text_is_cut_into_sentences() {
        for row in TABLE {
            let text = row.replace('|', "");
            let found: Vec<_> = sentences(&text).map(|range| &text[range]).collect();
            assert_eq!(found, row.split('|').map(str::trim).collect::<Vec<_>>());
        }
        assert_eq!(sentences("").count() + sentences(" \n").count(), 0);
    }

    proptest! {
        #[test]
        fn sentences_hold_everything_but_the_blanks_between_them(
            text in "([a-zA-Z0-9ü“]{0,3}[.?!)\"]{0,3}[ \n]{0,2}){0,40}|\\PC{0,60}"
        ) {
            let mut end = 0;
            for range in sentences(&text) {
                prop_assert!(range.start >= end && !range.is_empty());
                prop_assert!(text[end..range.start].trim().is_empty());
                prop_assert_eq!(text[range.clone()].trim(), &text[range.clone()]);
                end = range.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }

    /// With work that grew with the square of the text, this would not end.
    #[test]
    fn any_text_takes_work_that_grows_with_it() {
        for piece in ["a. ", ".", ".)", "1. ", "A.b", "? \"", ". (((", "e.g.", ".\u{300}"] {
            assert!(sentences(&piece.repeat(200_000)).count() > 0);
        }
    }
}
