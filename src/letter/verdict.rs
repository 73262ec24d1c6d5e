//! Statements that something "is (not) medically necessary and appropriate", in which the older layouts say their outcomes.
//!
//! Old PDFs glue the words together (`programis notmedically necessary`), so a statement is found by its letters, and read
//! backwards from "medically necessary": known words only, then "is" or "are". Anything else between them, a condition after
//! them, or an item that begins with "Neither" leaves the outcome unknown: an outcome is what is printed, never a guess.

use crate::record::Outcome;

use super::heading::{self, Heading};
use super::ocr::{Folded, key, spelled};

/// One statement, with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Where "is" begins, and with it the item ends.
    pub start: usize,
    /// Where the sentence ends.
    pub end: usize,
    /// `None` where the sentence says more than yes or no.
    pub outcome: Option<Outcome>,
}

/// Words that may stand between "is" and "medically".
const BETWEEN: &[&str] = &["deemed", "considered", "found", "determined", "to", "be", "both"];
const IN_PART: &[&str] = &["partially", "partly"];
const COPULAS: &[&str] = &["is", "are", "was", "were"];

/// Words of a sentence's end that make its statement a condition or half of one.
const CONDITIONS: &[&str] =
    &["but", "except", "exception", "unless", "only", "if", "however", "limited", "provided", "not", "remaining", "while"];

/// The statements of a text, in order.
pub(super) fn verdicts(text: &str) -> Vec<Verdict> {
    let folded = Folded::of(text);
    folded.find("medicallynecessary").into_iter().filter_map(|at| verdict(text, &folded, at)).collect()
}

/// The statement whose "medically necessary" begins at `at` of the key.
fn verdict(text: &str, folded: &Folded, at: usize) -> Option<Verdict> {
    let mut before = folded.key.get(..at)?;
    let (mut negations, mut in_part) = (0, false);
    loop {
        let strip = |words: &[&str]| words.iter().find_map(|w| before.strip_suffix(key(w).as_str()));
        before = if let Some(rest) = before.strip_suffix("not") {
            negations += 1;
            rest
        } else if let Some(rest) = strip(IN_PART) {
            in_part = true;
            rest
        } else if let Some(rest) = strip(BETWEEN) {
            rest
        } else {
            break;
        };
    }
    let item = COPULAS.iter().find_map(|c| before.strip_suffix(c))?;
    let start = folded.byte(item.len(), text.len());
    let after = skip(&folded.key, at, "medicallynecessary");
    let after =
        ["and", "or"].iter().find_map(|w| folded.key.get(after..)?.starts_with(w).then_some(after + w.len())).unwrap_or(after);
    let after = skip(&folded.key, after, "appropriate");
    let tail_start = after.checked_sub(1).map_or(0, |i| folded.byte(i, text.len()) + 1);
    let tail = text.get(tail_start..).map(sentence).unwrap_or_default();
    // A glued "is" may be the end of a word ("for this medically necessary brace"): a statement says "not" or ends there.
    let glued = text.get(..start).is_some_and(|t| t.ends_with(char::is_alphanumeric));
    if glued && negations == 0 && tail.chars().any(char::is_alphanumeric) {
        return None;
    }
    let outcome = match (negations, in_part || is_in_part(tail)) {
        (0, true) => Some(Outcome::Modified),
        _ if is_conditional(tail) || negations > 1 => None,
        (0, false) => Some(Outcome::Overturned),
        (_, true) => None,
        (_, false) => Some(Outcome::Upheld),
    };
    Some(Verdict { start, end: tail_start + tail.len(), outcome })
}

/// Past `word`, if the key has it at `at`.
fn skip(folded: &str, at: usize, word: &str) -> usize {
    let word = key(word);
    if folded.get(at..).is_some_and(|k| k.starts_with(&word)) { at + word.len() } else { at }
}

/// What is left of a sentence, with its full stop. No sentence is longer than a few lines.
fn sentence(text: &str) -> &str {
    const LONGEST: usize = 600;
    let cut = (0..=LONGEST.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let text = text.get(..cut).unwrap_or(text);
    let stop = |(at, c): (usize, char)| {
        let ends = matches!(c, '.' | ';') && text[at + 1..].chars().next().is_none_or(|n| !n.is_alphanumeric());
        ends.then_some(at + 1)
    };
    text.char_indices().find_map(stop).and_then(|end| text.get(..end)).unwrap_or(text)
}

fn is_in_part(tail: &str) -> bool {
    let tail = key(tail);
    ["inpart", "partiaiiy", "asmodified"].iter().any(|w| tail.contains(w))
}

fn is_conditional(tail: &str) -> bool {
    tail.split(|c: char| !c.is_alphanumeric()).any(|w| CONDITIONS.contains(&w.to_ascii_lowercase().as_str()))
}

/// What a heading made of statements says: the item, and the outcome if all of them agree.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Head {
    pub item: String,
    pub outcome: Option<Outcome>,
    /// Whether anything was stated at all.
    pub stated: bool,
}

/// Takes a heading apart, its number and the words around the treatment's name left out.
pub(super) fn head(text: &str) -> Head {
    let verdicts = verdicts(text);
    if verdicts.is_empty()
        && let Heading { item, outcome: Some(outcome), .. } = heading::read(text)
    {
        // As later letters print it.
        return Head { item: bare(&item).to_owned(), outcome: Some(outcome), stated: true };
    }
    let end = verdicts.last().map_or(text.len(), |v| v.start);
    let mut item = bare(text.get(..end).unwrap_or(text));
    let negative = ["neither ", "none ", "no "].iter().any(|n| starts_with(item, n).is_some());
    let first = verdicts.first().and_then(|v| v.outcome);
    let agreed = first.filter(|o| !negative && verdicts.iter().all(|v| v.outcome == Some(*o)));
    let in_part = || is_in_part(text).then_some(Outcome::Modified).filter(|_| verdicts.len() > 1);
    let outcome = agreed.or_else(in_part);
    if outcome.is_none() {
        // Whoever reads the item has to see why.
        item = bare(text);
    }
    Head { item: item.to_owned(), outcome, stated: !verdicts.is_empty() }
}

/// The formulas before the name of a treatment, in small letters without blanks: old PDFs glue their words together.
const FORMULAS: &[&str] = &["regarding", "decisionfor", "therequestfor", "therequestsfor", "requestfor"];

/// The name of the treatment alone.
pub(super) fn bare(text: &str) -> &str {
    let mut item = text.trim();
    while let Some(rest) = FORMULAS.iter().find_map(|f| spelled(item, f).filter(|rest| rest.starts_with(char::is_whitespace))) {
        item = rest.trim_start();
    }
    item.trim_end_matches([':', ',', '-', '–']).trim_end()
}

/// What follows a word at the beginning of `text`, in any letter case.
pub(super) fn starts_with<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    text.get(..word.len()).filter(|t| t.eq_ignore_ascii_case(word)).and_then(|_| text.get(word.len()..))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Modified, Overturned, Upheld};

    #[test]
    fn the_outcome_is_what_is_printed_and_nothing_else() {
        for (text, item, outcome) in [
            ("A knee brace is medically necessary and appropriate.", "A knee brace", Some(Overturned)),
            ("A knee brace is not medically necessary and appropriate.", "A knee brace", Some(Upheld)),
            ("The request for two braces are NOT medically necessary", "two braces", Some(Upheld)),
            ("A 28 day program is notmedically necessary and appropriate.", "A 28 day program", Some(Upheld)),
            ("A 28 day programis not medicallynecessaryand appropriate.", "A 28 day program", Some(Upheld)),
            ("A 28 day programis medically necessary and appropriate.", "A 28 day program", Some(Overturned)),
            ("A pelvis x-ray is n0t medica1ly necessary", "A pelvis x-ray", Some(Upheld)),
            ("Decision for a brace was found to be medically necessary.", "a brace", Some(Overturned)),
            ("A brace is not medically necessary and appropriate at this time.", "A brace", Some(Upheld)),
            ("A brace is partially medically necessary and appropriate.", "A brace", Some(Modified)),
            ("A brace is medically necessary and appropriate, in part.", "A brace", Some(Modified)),
            ("A brace is medically necessary, but not both.", "A brace is medically necessary, but not both.", None),
            ("A brace is medically necessary only if worn.", "A brace is medically necessary only if worn.", None),
            (
                "A brace is likely medically necessary and appropriate.",
                "A brace is likely medically necessary and appropriate.",
                None,
            ),
            ("A brace is not not medically necessary.", "A brace is not not medically necessary.", None),
            ("Neither brace is medically necessary.", "Neither brace is medically necessary.", None),
            ("None of these is medically necessary.", "None of these is medically necessary.", None),
            (
                "A is medically necessary. B is not medically necessary.",
                "A is medically necessary. B is not medically necessary.",
                None,
            ),
            ("A is not medically necessary. B is not medically necessary.", "A is not medically necessary. B", Some(Upheld)),
            ("A brace medically necessary and appropriate.", "A brace medically necessary and appropriate.", None),
            ("For this medically necessary brace he asked", "For this medically necessary brace he asked", None),
            ("Therequest for a brace is not medically necessary", "a brace", Some(Upheld)),
            ("Regardingly", "Regardingly", None),
            ("The request for \"Norco\" is not medically necessary", "\"Norco\"", Some(Upheld)),
            ("A brace", "A brace", None),
            ("The request for a brace: Upheld", "a brace", Some(Upheld)),
        ] {
            let got = head(text);
            assert_eq!((got.item.as_str(), got.outcome), (item, outcome), "{text}");
        }
    }
}
