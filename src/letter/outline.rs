//! The section headings of the older layouts, and which layout they tell.
//!
//! A heading is a line of its own, or opens one before a colon; it may wrap, and scanning may have changed a letter of it. The
//! three layouts share most of their sections under slightly different names, so one table has them all.

use std::ops::Range;
use std::sync::LazyLock;

use crate::record::Layout;

use super::flow;
use super::lines::{Line, Lines, Pos};
use super::ocr::{Folded, Key, Title, key, key_len, title};

/// What a heading opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The letter itself: a title of its first page.
    Notice,
    ProfessionalReview,
    /// How the determination was made, and by whom.
    Reviewer,
    Documents,
    Summary,
    /// The decisions of a numbered letter.
    Decisions,
    /// The decisions of a letter of 2014 and later.
    Issues,
    /// The decisions of a notice, and the argument of one.
    NoticeDecisions,
    Argument,
    /// Of a professional review: what is in dispute, the guidelines, the rationale.
    Issue,
    Guidelines,
    Rationale,
    /// What the determination means for the parties: no part of any rationale.
    Effect,
}

/// The headings, in small letters without blanks.
const HEADINGS: &[(Title, Part)] = &[
    (title("noticeofindependentmedicalreviewdetermination"), Part::Notice),
    (title("medicalprofessionalreview"), Part::ProfessionalReview),
    (title("howtheimrfinaldeterminationwasmade"), Part::Reviewer),
    (title("medicalqualificationsoftheexpertreviewer"), Part::Reviewer),
    (title("medicalqualificationsofthephysicianreviewer"), Part::Reviewer),
    (title("medicalreviewerqualifications"), Part::Reviewer),
    (title("documentsreviewed"), Part::Documents),
    (title("documentsreviewedfordetermination"), Part::Documents),
    (title("clinicalcasesummary"), Part::Summary),
    (title("expertreviewercasesummary"), Part::Summary),
    (title("casesummary"), Part::Summary),
    (title("imrdecisionsandrationales"), Part::Decisions),
    (title("imrdecisionandrationale"), Part::Decisions),
    (title("imrissuesdecisionsandrationales"), Part::Issues),
    (title("independentmedicalreviewdecisionandrationale"), Part::NoticeDecisions),
    (title("independentmedicalreviewdecisionsandrationales"), Part::NoticeDecisions),
    (title("issueatdispute"), Part::Issue),
    (title("issuesatdispute"), Part::Issue),
    (title("issuesindispute"), Part::Issue),
    (title("medicaltreatmentguidelinesrelieduponbyprofessionalreviewerandwhy"), Part::Guidelines),
    (title("effectofthedecision"), Part::Effect),
];

/// How the heading of a professional review's rationale begins; it goes on with the outcome.
pub(super) const WHY: Title = title("rationaleforwhytherequestedtreatment");

/// How many lines a heading may have.
const LONGEST: usize = 3;

/// What of [`HEADINGS`] a line of so many letters may spell, for each number of letters that any of them has: their beginnings, each
/// once, and those with fewer letters, of which a spelling may have so many.
static OPENINGS: LazyLock<Vec<Openings>> = LazyLock::new(|| {
    let titles = || HEADINGS.iter().map(|(title, _)| title);
    let openings = |letters: usize| {
        let mut begun: Vec<_> = titles().filter_map(|heading| heading.name.get(..letters)).collect();
        begun.sort_unstable();
        begun.dedup();
        let shorter = titles().filter(|heading| heading.name.len() < letters && heading.fits(letters));
        Openings { begun: begun.into_iter().map(title).collect(), shorter: shorter.collect() }
    };
    let most = titles().map(|heading| heading.name.len() * 9 / 8).max().unwrap_or(0);
    (0..=most).map(openings).collect()
});

struct Openings {
    begun: Vec<Title<'static>>,
    shorter: Vec<&'static Title<'static>>,
}

/// A heading of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heading {
    pub part: Part,
    /// Its first line.
    pub line: usize,
    /// Where its text begins.
    pub text: Pos,
}

/// The headings of a letter, in order.
#[derive(Debug, Default)]
pub(super) struct Outline(Vec<Heading>);

impl Outline {
    pub fn read(lines: &Lines) -> Self {
        let mut headings: Vec<Heading> = Vec::new();
        let regarding: Vec<_> = flow::REGARDS.iter().flat_map(|words| lines.with(words)).map(|(line, _)| line).collect();
        let mut line = 0;
        while line < lines.len() {
            let argument = if regarding.contains(&line) { argument(lines, line) } else { None };
            let found = argument.or_else(|| heading(lines, line));
            headings.extend(found);
            // The last line of a heading is none by itself, though its words may spell a shorter one.
            line = found.map_or(line, |h| h.text.line + usize::from(h.text.col > 0)).max(line + 1);
        }
        Outline(headings)
    }

    pub fn first(&self, part: Part) -> Option<Heading> {
        self.0.iter().find(|h| h.part == part).copied()
    }

    /// The lines of all headings of these parts, in order.
    pub fn lines(&self, parts: &[Part]) -> impl Iterator<Item = usize> {
        self.0.iter().filter(|h| parts.contains(&h.part)).map(|h| h.line)
    }

    pub fn has(&self, part: Part) -> bool {
        self.first(part).is_some()
    }

    /// The lines of a heading and of its text, up to the next heading.
    pub fn range(&self, heading: Heading, lines: &Lines) -> Range<usize> {
        let next = self.0.iter().find(|h| h.line > heading.line).map_or(lines.len(), |h| h.line);
        heading.line..next
    }

    /// The text of the first such part.
    pub fn text(&self, part: Part, lines: &Lines) -> Option<String> {
        let heading = self.first(part)?;
        lines.text(heading.text, self.range(heading, lines).end)
    }

    /// The lines before the first section.
    pub fn header(&self, lines: &Lines) -> Range<usize> {
        const COVER: usize = 60;
        let titles = [Part::Notice, Part::ProfessionalReview];
        0..self.0.iter().find(|h| !titles.contains(&h.part)).map_or(lines.len().min(COVER), |h| h.line)
    }

    /// The older layout that the headings tell.
    pub fn layout(&self) -> Option<Layout> {
        let reviewed = [Part::ProfessionalReview, Part::Issue, Part::Guidelines, Part::Rationale];
        if reviewed.iter().filter(|p| self.has(**p)).count() >= 2 {
            Some(Layout::ProfessionalReview)
        } else if self.has(Part::NoticeDecisions) {
            Some(Layout::Notice)
        } else if self.has(Part::Decisions) || self.has(Part::Issues) {
            // Their cover may have the title of a notice.
            Some(Layout::Numbered)
        } else if self.has(Part::Notice) {
            Some(Layout::Notice)
        } else if self.has(Part::Reviewer) && self.has(Part::Documents) {
            Some(Layout::Numbered)
        } else if self.has(Part::ProfessionalReview) {
            Some(Layout::ProfessionalReview)
        } else {
            None
        }
    }
}

/// The argument of a notice that opens on `line`.
fn argument(lines: &Lines, line: usize) -> Option<Heading> {
    let Line { text, gap, .. } = lines.get(line);
    flow::regards(text, gap).map(|_| Heading { part: Part::Argument, line, text: Pos { line, col: 0 } })
}

/// The heading that opens on `line`.
fn heading(lines: &Lines, line: usize) -> Option<Heading> {
    let first = Piece::of(lines, line, true).filter(|piece| may_begin(piece.key))?;
    let begins = Key::of(first.key);
    let mut joined = Vec::new();
    for end in line..(line + LONGEST).min(lines.len()) {
        let piece = if end == line { first } else { Piece::of(lines, end, false)? };
        joined.extend_from_slice(piece.key);
        let found = Key::of(&joined);
        let part = HEADINGS.iter().find(|(title, _)| title.is(&found) && title.begins_with(&begins)).map(|(_, part)| *part);
        if let Some(part) = part.or_else(|| why(&joined, piece.colon.is_some()).then_some(Part::Rationale)) {
            let text = piece.colon.map_or(Pos { line: end + 1, col: 0 }, |c| Pos { line: end, col: c + 1 });
            return Some(Heading { part, line, text });
        }
        if piece.colon.is_some() {
            return None;
        }
    }
    None
}

/// Whether a line with these letters may begin a heading. Nearly every line tells by itself that it begins none.
fn may_begin(first: &[u8]) -> bool {
    let begin = Key::of(first.get(..WHY.name.len()).unwrap_or(first));
    may_be_why(&begin)
        || OPENINGS.get(first.len()).is_some_and(|openings| {
            // What has too many other letters at its beginning has them as a whole.
            let holds = |title: &&Title| title.holds(&begin);
            let mut begun = openings.begun.iter().filter(holds).peekable();
            let mut shorter = openings.shorter.iter().copied().filter(holds).peekable();
            if begun.peek().is_none() && shorter.peek().is_none() {
                return false;
            }
            let first = begin.grown(first);
            begun.any(|title| title.is(&first)) || shorter.any(|title| title.holds(&first))
        })
}

/// What a line may give to a heading.
#[derive(Debug, Clone, Copy)]
struct Piece<'k> {
    /// Its folded letters.
    key: &'k [u8],
    /// Where the colon stands that ends the heading.
    colon: Option<usize>,
}

impl<'k> Piece<'k> {
    /// `None` for a line that is too long.
    fn of(lines: &'k Lines, line: usize, first: bool) -> Option<Self> {
        let Line { text, mark, .. } = lines.get(line);
        let colon = mark.and_then(|mark| Some(mark.col + memchr::memchr(b':', text.as_bytes().get(mark.col..)?)?));
        let colon = colon.filter(|_| text.len() < 400 || first);
        let piece = colon.map_or(text, |c| text.get(..c).unwrap_or(text));
        let key = lines.key(line);
        let len = match (colon, mark) {
            (None, _) => key.len(),
            (Some(colon), Some(mark)) if mark.col == colon => mark.letters,
            _ => key_len(piece),
        };
        (piece.len() <= 160).then_some(Piece { key: key.get(..len).unwrap_or(key), colon })
    }
}

/// Whether the heading of a professional review's rationale may begin so; no more letters than its own.
fn may_be_why(begin: &Key) -> bool {
    if begin.letters.len() < WHY.name.len() { WHY.may_open_with(begin) } else { WHY.is(begin) }
}

/// Whether this is the whole heading of a professional review's rationale.
fn why(found: &[u8], colon: bool) -> bool {
    found.get(..WHY.name.len()).is_some_and(|begin| WHY.is(&Key::of(begin)))
        && (colon || found.ends_with(key("medicallynecessary").as_bytes()))
}

/// Whether the letter is a decision of another body than the one for workers' compensation: of a health plan's review.
pub(super) fn is_of_another_body(text: &str) -> bool {
    const THEIRS: &[&str] =
        &["managedhealthcare", "departmentofinsurance", "healthinsurer", "enrollee", "medicare", "healthplan"];
    const OURS: &[&str] =
        &["claimsadministrator", "workerscompensation", "utilizationreview", "administrativedirector", "injuredworker"];
    let folded = Folded::of(text);
    let says = |phrases: &[&str]| phrases.iter().any(|p| folded.key.contains(&key(p)));
    says(THEIRS) && !says(OURS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn headings_tell_the_layout() {
        for (text, want) in [
            ("IMR DECISION(S) AND RATIONALE(S)\n1. A", Some(Layout::Numbered)),
            ("lMR DEC1SION(S) AND RATI0NALE(S)\n1. A", Some(Layout::Numbered)),
            ("HOW THE IMR FINAL DETERMINATION WAS MADE\na\nDOCUMENTS REVIEWED\nb", Some(Layout::Numbered)),
            ("Notice of Independent Medical\nReview Determination\na", Some(Layout::Notice)),
            (
                "Notice of Independent Medical Review Determination\na\nIMR DECISION(S) AND RATIONALE(S)\n1. A",
                Some(Layout::Numbered),
            ),
            ("INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE", Some(Layout::Notice)),
            ("MEDICAL PROFESSIONAL REVIEW\nISSUE AT DISPUTE: a brace", Some(Layout::ProfessionalReview)),
            (
                "ISSUE AT DISPUTE:\na\nRATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT\nMEDICALLY NECESSARY:\nb",
                Some(Layout::ProfessionalReview),
            ),
            ("CASE SUMMARY: a worker", None),
            ("The documents reviewed were many.", None),
        ] {
            let text = Text { text: text.into(), ..Text::default() };
            assert_eq!(Outline::read(&Lines::read(&text)).layout(), want, "{text:?}");
        }
    }

    #[test]
    fn a_heading_on_two_lines_is_one() {
        let text = Text { text: "Expert Reviewer\nCase Summary: a worker\nwho fell".into(), ..Text::default() };
        let lines = Lines::read(&text);
        assert_eq!(Outline::read(&lines).text(Part::Summary, &lines).as_deref(), Some("a worker who fell"));
    }

    #[test]
    fn a_review_of_a_health_plan_is_another_body_s() {
        assert!(is_of_another_body("The enrollee asked the Department of Managed Health Care."));
        assert!(!is_of_another_body("The Claims Administrator and Medicare."));
        assert!(!is_of_another_body("A worker fell."));
    }
}
