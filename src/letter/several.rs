//! Two letters in one file: where the second begins.
//!
//! A letter's own case number stands on its first page. So where another case number is announced behind the body of one
//! letter and before the body of another, a new letter has begun; where numbers are lost, the first heading of a body that
//! comes again behind the last tells the same. A case that a rationale quotes has no body behind it.

use super::header::case_on;
use super::lines::Lines;
use super::ocr::{key, spells};

/// The headings of a body, in small letters without blanks: those with which one opens, and those of its decisions.
const OPENING: &[&str] =
    &["howtheimrfinaldeterminationwasmade", "medicalprofessionalreview", "noticeofindependentmedicalreviewdetermination"];
const DECISIONS: &[&str] = &[
    "imrissuesdecisionsandrationales",
    "imrdecisionsandrationales",
    "independentmedicalreviewdecisionandrationale",
    "medicaltreatmentguidelinesrelieduponbyprofessional",
];

/// What may stand on a first page above its case number.
const COVER: &[&str] = &[
    "maximusfederalservices",
    "independentmedicalreview",
    "noticeofindependent",
    "medicalprofessionalreview",
    "finaldetermination",
];
/// How far above.
const COVER_LINES: usize = 12;

/// The line with which a second letter begins, and its case number if it is printed.
pub(super) fn second(lines: &Lines) -> Option<(usize, Option<String>)> {
    let is_one_of = |line: usize, titles: &[&str]| {
        let text = lines.get(line).text;
        text.len() < 120 && {
            let found = key(text);
            titles.iter().any(|t| spells(&found, t))
        }
    };
    let bodies: Vec<usize> = (0..lines.len()).filter(|&i| is_one_of(i, DECISIONS)).collect();
    let (first, last) = (*bodies.first()?, *bodies.last()?);
    if first == last {
        return None;
    }
    let own = (0..first).find_map(|i| case_on(lines, i));
    let announced = (first + 1..last).find_map(|i| Some((i, case_on(lines, i).filter(|c| Some(c) != own.as_ref())?)));
    let opened = || (first + 1..last).find(|&i| is_one_of(i, OPENING));
    let (line, case) = match announced {
        Some((line, case)) => (line, Some(case)),
        None => (opened()?, None),
    };
    let cover = |i: &usize| {
        let found = key(lines.get(*i).text);
        found.len() < 80 && COVER.iter().any(|c| found.starts_with(&key(c)))
    };
    let start = (line.saturating_sub(COVER_LINES).max(first + 1)..line).find(cover).unwrap_or(line);
    Some((start, case))
}
