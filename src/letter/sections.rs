//! The section titles of the current layout, which divide the letter into the parts that the other modules read.

use std::ops::Range;

use super::decisions;
use super::lines::{Gap, Lines, Pos, letters};
use super::ocr::{Key, Title, key_begins_with, title};

/// The parts of a letter, as ranges of lines without their titles. A part whose title is missing is empty.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sections {
    /// Everything before the first title: the header table, and the credentials too if their title is missing.
    pub header: Range<usize>,
    /// How the determination was made: the reviewer's credentials.
    pub reviewer: Range<usize>,
    /// The clinical case summary.
    pub summary: Range<usize>,
    /// The issues with their decisions.
    pub issues: Range<usize>,
}

/// The titles in their order, in small letters without blanks.
const REVIEWER: &[Title] = &[title("howtheimrfinaldeterminationwasmade")];
const SUMMARY: &[Title] = &[title("clinicalcasesummary")];
const ISSUES: &[Title] = &[
    title("imrissuesdecisionsandrationales"),
    title("imrissuesdecisionsandrationale"),
    title("imrissuesdecisionandrationale"),
    title("imrissuedecisionandrationale"),
];

/// A label that only this layout has.
const RATIONALE: Title = title("decisionrationale");

/// Divides the letter at its titles.
pub(super) fn sections(lines: &Lines) -> Sections {
    let find = |titles: &[Title]| (0..lines.len()).find(|&i| titles.iter().any(|t| lines.is_title(i, t)));
    let (reviewer, summary) = (find(REVIEWER), find(SUMMARY));
    // Without their title the issues are known by their introduction, which other layouts have too, and by their labels.
    let labelled = |i: &usize| (*i..lines.len()).any(|l| lines.label(l, &RATIONALE).is_some());
    let titled = find(ISSUES).map(|i| i + 1).or_else(|| introduction(lines, 0..lines.len()).filter(labelled));
    // Without that too, by the first heading above a label.
    let issues = titled.or_else(|| decisions::first_heading(lines, summary.map_or(0, |s| s + 1)).filter(labelled));
    let title = titled.map_or(issues, |issues| issues.checked_sub(1));
    let starts = [reviewer, summary, title];
    let end_of = |start: usize| starts.iter().flatten().copied().filter(|&s| s > start).min().unwrap_or(lines.len());
    let part = |title: Option<usize>| title.map_or(0..0, |t| t + 1..end_of(t));
    // No header table is longer; without any title it may be the beginning of the letter.
    let header = 0..starts.iter().flatten().copied().min().unwrap_or(lines.len().min(40));
    Sections {
        reviewer: if reviewer.is_some() { part(reviewer) } else { header.clone() },
        header,
        summary: part(summary),
        issues: issues.map_or(0..0, |i| i..closing(lines, i)),
    }
}

/// The line behind the last rationale: what a letter ends with, where it ends with anything else, or a section out of its place.
fn closing(lines: &Lines, issues: usize) -> usize {
    const ENDS: &[Title] = &[title("effectofthedecision"), title("sincerely")];
    const BEGINS: &[&str] = &["disclaimermaximus", "thedeterminationofmaximusfederalservicesanditsphysicianreviewer"];
    let alone = || [ENDS, REVIEWER, SUMMARY].into_iter().flatten();
    let argued = (issues..lines.len()).rev().find(|i| lines.label(*i, &RATIONALE).is_some());
    let closes = |i: &usize| {
        let begins = || BEGINS.iter().any(|b| key_begins_with(lines.key(*i), b));
        alone().any(|t| lines.is_title(*i, t)) || lines.get(*i).gap != Gap::None && begins()
    };
    argued.and_then(|a| (a + 1..lines.len()).find(closes)).unwrap_or(lines.len())
}

/// How that sentence ends; "below" in folded letters.
const SET_FORTH_BELOW: Title = title("setforthbelow");
const BELOW: &[u8] = b"beiow";

/// The line after the sentence that stands between the last title and the first heading, if it is among the first lines.
pub(super) fn introduction(lines: &Lines, range: Range<usize>) -> Option<usize> {
    let is_last = |i: &usize| {
        let (text, said) = (lines.get(*i).text, lines.key(*i));
        let set_forth = |len: usize| said.len().checked_sub(len).is_some_and(|at| SET_FORTH_BELOW.is(&Key::of(&said[at..])));
        let name = SET_FORTH_BELOW.name.len();
        text.len() < 200 && (text.ends_with([':', ';']) && said.ends_with(BELOW) || (name - 1..=name + 1).any(set_forth))
    };
    range.clone().find(is_last).map(|i| i + 1)
}

/// The summary's text without the sentence that opens it in every letter.
pub(super) fn summary_text(lines: &Lines, range: Range<usize>) -> Option<String> {
    let opens = range.clone().take(2).any(|i| letters(lines.get(i).text).contains("clinicalcasesummary"));
    let end = range.clone().take(4).find_map(|i| lines.get(i).text.find("records:").map(|col| Pos { line: i, col: col + 8 }));
    let from = end.filter(|_| opens).unwrap_or(Pos { line: range.start, col: 0 });
    lines.text(from, range.end)
}

/// The summary of an older letter, without the sentence or the disclaimer that opens it.
pub(super) fn older_summary(lines: &Lines, from: Pos, end: usize) -> Option<String> {
    let from = match from.col {
        0 => (from.line..end).take(4).find_map(|i| lines.get(i).text.find("records:").map(|col| Pos { line: i, col: col + 8 })),
        _ => None,
    }
    .unwrap_or(from);
    let text = lines.text(from, end)?;
    let disclaimed = text.starts_with("Disclaimer:").then(|| text.split_once(". ")).flatten();
    Some(disclaimed.map_or(text.as_str(), |(_, rest)| rest).trim().to_owned()).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn titles_divide_the_letter() {
        for (text, want) in [
            (
                "a\nHOW THE IMR FINAL DETERMINATION WAS MADE\nb\n CLINICAL CASE SUMMARY\nc\n\u{c}IMR ISSUES, DECISIONS AND RATIONALES\nd",
                [0..1, 2..3, 4..5, 6..7],
            ),
            ("Clinical case summary\nc\nIMR ISSUES,DECISIONS AND RATIONALES\nd", [0..0, 0..0, 1..2, 3..4]),
            ("CLINICAL CASE SUMMARY\nthe clinical case summary\nc", [0..0, 0..0, 1..3, 0..0]),
            ("x set forth below:\n1. y", [0..2, 0..2, 0..0, 0..0]),
            ("x set forth below\ny: Upheld\nDecision rationale: z", [0..0, 0..0, 0..0, 1..3]),
            ("x set forth below:\ny: Upheld\nDecision rationale: z", [0..0, 0..0, 0..0, 1..3]),
            ("x set forth bclow:\ny: Upheld\nDecision rationale: z", [0..0, 0..0, 0..0, 1..3]),
            (
                "CLINICAL CASE SUMMARY\nc.\n\nd e.\n\ny: Upheld\n\nClaims Administrator guideline: g\nDecision rationale: z",
                [0..0, 0..0, 1..3, 3..6],
            ),
            ("x set f0rth be|ow;\ny: Upheld\nDecision rationale: z", [0..0, 0..0, 0..0, 1..3]),
            ("IMR ISSUES, DECISIONS AND RATIONALES\ny: Upheld\nDecision rationale: z\nSincerely,\nA", [0..0, 0..0, 0..0, 1..3]),
            (
                "IMR ISSUES, DECISIONS AND RATIONALES\ny: Upheld\nDecision rationale: z\n\nDisclaimer: MAXIMUS is\nA",
                [0..0, 0..0, 0..0, 1..3],
            ),
            (
                "IMR ISSUES, DECISIONS AND RATIONALES\ny: Upheld\nDecision rationale: z\nCLINICAL CASE SUMMARY\nc",
                [0..0, 0..0, 4..5, 1..3],
            ),
            ("IMR ISSUES, DECISIONS AND RATIONALES\nSincerely\ny: Upheld\nDecision rationale: z", [0..0, 0..0, 0..0, 1..4]),
            ("nothing", [0..1, 0..1, 0..0, 0..0]),
        ] {
            let text = Text { text: text.into(), ..Text::default() };
            let s = sections(&Lines::read(&text));
            assert_eq!([s.header, s.reviewer, s.summary, s.issues], want, "{text:?}");
        }
    }

    #[test]
    fn the_opening_sentence_is_no_part_of_the_summary() {
        let text = Text {
            text: "The reviewer developed the following clinical case summary based on a\nreview of all medical records:\nA worker.\nHe fell."
                .into(),
            ..Text::default()
        };
        let lines = Lines::read(&text);
        assert_eq!(summary_text(&lines, 0..lines.len()).as_deref(), Some("A worker. He fell."));
    }
}
