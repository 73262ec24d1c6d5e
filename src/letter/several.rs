//! Two letters in one file: where the second begins.
//!
//! A letter's own case number stands on its first page. So where another case number is announced behind the body of one
//! letter and before the body of another, a new letter has begun; where numbers are lost, the first heading of a body that
//! comes again behind the last tells the same. A case that a rationale quotes has no body behind it.

use super::header::case_on;
use super::lines::Lines;
use super::ocr::{Key, Title, key, title};
use super::outline::{Outline, Part};

/// The headings with which a body opens its decisions: one a letter.
const BODIES: &[Part] = &[Part::Issues, Part::Decisions, Part::NoticeDecisions, Part::Issue];
/// The heading that stands once in a letter, above its body, whatever runs along the head of its pages.
const OPENING: Title = title("howtheimrfinaldeterminationwasmade");
/// A title that may run along the head of its pages, and counts only where no case number is known.
const TITLES: &[Title] = &[title("medicalprofessionalreview"), title("noticeofindependentmedicalreviewdetermination")];

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
pub(super) fn second(lines: &Lines, outline: &Outline) -> Option<(usize, Option<String>)> {
    let mut bodies = outline.lines(BODIES);
    let first = bodies.next()?;
    let last = bodies.last()?;
    let own = (0..first).find_map(|i| case_on(lines, i));
    let announced = (first + 1..last).find_map(|i| Some((i, case_on(lines, i).filter(|c| Some(c) != own.as_ref())?)));
    let opens = |i: usize| {
        let found = Key::of(lines.key(i));
        let spelled = |title: &Title| lines.get(i).text.len() < 120 && title.is(&found);
        spelled(&OPENING) || own.is_none() && TITLES.iter().any(spelled)
    };
    let (line, case) = match announced {
        Some((line, case)) => (line, Some(case)),
        None => ((first + 1..last).find(|i| opens(*i))?, None),
    };
    let cover = |i: &usize| {
        let found = key(lines.get(*i).text);
        found.len() < 80 && COVER.iter().any(|c| found.starts_with(&key(c)))
    };
    let start = (line.saturating_sub(COVER_LINES).max(first + 1)..line).find(cover).unwrap_or(line);
    Some((start, case))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_second_letter_has_a_number_or_an_opening_of_its_own() {
        const BODY: &str = "IMR ISSUES, DECISIONS AND RATIONALES\na: Upheld\n";
        const HOW: &str = "HOW THE IMR FINAL DETERMINATION WAS MADE\n";
        const ONE: &str = "Case Number: CM15-0000001\n";
        const TWO: &str = "Case Number: CM15-0000002\n";
        for (text, want) in [
            (format!("{ONE}{BODY}{TWO}{BODY}"), Some((3, Some("CM15-0000002")))),
            (format!("{ONE}{BODY}MAXIMUS Federal Services\n1 Street\n{TWO}{BODY}"), Some((3, Some("CM15-0000002")))),
            (format!("{ONE}{HOW}{BODY}{HOW}{BODY}"), Some((4, None))),
            (format!("{ONE}{BODY}see {TWO}b"), None),
            (format!("{ONE}{BODY}{ONE}{BODY}"), None),
            (format!("{ONE}{BODY}"), None),
        ] {
            let source = Text { text: text.clone(), ..Text::default() };
            let lines = Lines::read(&source);
            let got = second(&lines, &Outline::read(&lines));
            assert_eq!(got, want.map(|(line, case)| (line, case.map(str::to_owned))), "{text}");
        }
    }
}
