//! What must hold of a letter and the record read from it, whatever the letter says.
//!
//! The check knows nothing of how a record is made but its layout's name: it looks for the record's texts in the letter, counts
//! which words of the decision section no text holds, and compares the dates with one another. So it finds a reading that lost
//! or moved something in letters that nobody has read by hand. A finding may be true of the letter itself: dates are misprinted.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;

use super::decisions::LABELS;
use super::lines::Lines;
use super::ocr::{Key, Title, key, title};
use super::place::{Words, split};
use super::reflow;
use super::sections::{introduction, sections};
use crate::record::{Layout, Letter};
use crate::text::Text;

/// Of the decision section's words at least so many in a hundred are in the record.
const COVERED: usize = 99;
/// Texts that are looked for from the letter's beginning before the check gives up on the others: each costs a pass over it.
const PASSES: usize = 64;
/// Words of the letter that a finding quotes.
const QUOTED: usize = 8;
/// Nobody works at a lower age.
const WORKING_AGE: i16 = 12;

/// What is wrong with a letter or its record; its text is one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A text of the record is not in the letter.
    Foreign {
        /// Which text.
        what: String,
        /// Its first words.
        begins: String,
    },
    /// A text of the record is in the letter, but not behind the texts that the record has before it.
    Misplaced {
        /// Which text.
        what: String,
        /// Its first words.
        begins: String,
    },
    /// So many texts were not in their places that the others were not looked for.
    GaveUp,
    /// Words of the letter are in no text of the record.
    Uncovered {
        /// The words that are in one.
        covered: usize,
        /// All that should be.
        of: usize,
        /// The first that are not.
        first: String,
    },
    /// Two dates in an order in which they cannot have been.
    Dates {
        /// What must have been first, and when it was.
        first: (&'static str, Date),
        /// What must have been later, and when it was.
        later: (&'static str, Date),
    },
    /// The worker was a child when injured.
    Age {
        /// The age in the record.
        age: u8,
        /// The day of the injury.
        injured: Date,
    },
    /// A decision without its outcome.
    NoOutcome {
        /// The decision's number.
        number: u32,
    },
    /// A letter without decisions.
    NoDecision,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Foreign { what, begins } => write!(f, "{what} is not in the letter: \"{begins} ...\""),
            Finding::Misplaced { what, begins } => write!(f, "{what} is not behind what stands before it: \"{begins} ...\""),
            Finding::GaveUp => write!(f, "{PASSES} texts are not in their places; the others were not looked for"),
            Finding::Uncovered { covered, of, first } => {
                let share = *covered as f64 * 100.0 / (*of).max(1) as f64;
                write!(
                    f,
                    "{share:.1} % of the decisions' words are in the record ({covered} of {of}); the first not: \"{first} ...\""
                )
            }
            Finding::Dates { first: (a, early), later: (b, late) } => write!(f, "{b} ({late}) before {a} ({early})"),
            Finding::Age { age, injured } => write!(f, "age {age}, but injured as long ago as {injured}"),
            Finding::NoOutcome { number } => write!(f, "no outcome for item {number}"),
            Finding::NoDecision => f.write_str("no decision could be read"),
        }
    }
}

/// Checks a record against the text it was read from.
pub fn check(text: &Text, letter: &Letter) -> Vec<Finding> {
    let lines = Lines::read(text);
    let joined = reflow::joined(&lines);
    let lines = joined.as_ref().map_or(lines, Lines::unwrapped);
    let words = Words::read(&lines);
    let mut findings = Vec::new();
    let (issues, section) = section(&lines, &words, letter);
    let places = texts(&words, letter, issues, &mut findings);
    match (&letter.text, letter.layout) {
        (Some(whole), _) if letter.decisions.is_empty() => kept_whole(&words, whole, &mut findings),
        (Some(rest), Layout::Current) => {
            // Another letter in the same file: what is kept of it covers itself.
            let rest = words.find(rest, section.start);
            let end = rest.as_ref().map_or(section.end, |place| place.start);
            covered(&words, section.start..end.max(section.start), &places, &mut findings);
        }
        (None, Layout::Current) => covered(&words, section, &places, &mut findings),
        (_, _) => {}
    }
    if letter.decisions.is_empty() {
        findings.push(Finding::NoDecision);
    }
    let without = letter.decisions.iter().filter(|d| d.outcome.is_none());
    findings.extend(without.map(|d| Finding::NoOutcome { number: d.number }));
    dates(letter, &mut findings);
    findings
}

/// Finds the record's texts in the letter, those of the decisions from the word `at` on, and in order but in layouts that state
/// all decisions before they argue them. Gives the places of the decisions' texts.
fn texts(words: &Words, letter: &Letter, mut at: usize, findings: &mut Vec<Finding>) -> Vec<Range<usize>> {
    let (mut places, mut passes) = (Vec::new(), 0);
    if let Some(summary) = letter.summary.as_deref().filter(|s| words.find(s, 0).is_none()) {
        findings.push(Finding::Foreign { what: "the case summary".into(), begins: beginning(summary) });
    }
    let decisions = letter.decisions.iter().flat_map(|d| {
        let parts = [
            ("the heading", Some(d.item.as_str())),
            ("the claims administrator guideline", d.claims_guideline.as_deref()),
            ("the reviewer guideline", d.imr_guideline.as_deref()),
            ("the rationale", d.rationale.as_deref()),
        ];
        parts.into_iter().filter_map(|(what, text)| Some((d.number, what, text?)))
    });
    for (number, what, text) in decisions {
        let ahead = words.find(text, at);
        passes += usize::from(ahead.is_none());
        if passes > PASSES {
            findings.push(Finding::GaveUp);
            break;
        }
        let anywhere = ahead.is_none().then(|| words.find(text, 0)).flatten();
        let misplaced = anywhere.is_some() && letter.layout == Layout::Current;
        if let Some(place) = ahead.or(anywhere).filter(|_| !misplaced) {
            at = place.end;
            places.push(place);
            continue;
        }
        let (what, begins) = (format!("{what} of item {number}"), beginning(text));
        findings.push(match misplaced {
            true => Finding::Misplaced { what, begins },
            false => Finding::Foreign { what, begins },
        });
    }
    for d in &letter.decisions {
        if !d.item.contains(&d.disputed) {
            let what = format!("the disputed part of item {}", d.number);
            findings.push(Finding::Foreign { what, begins: beginning(&d.disputed) });
        }
    }
    places
}

fn beginning(text: &str) -> String {
    split(text).take(QUOTED).collect::<Vec<_>>().join(" ")
}

/// Where the decision section begins, and its words behind its introduction; all words where the layout has no such section.
fn section(lines: &Lines, words: &Words, letter: &Letter) -> (usize, Range<usize>) {
    let issues = sections(lines).issues;
    if letter.layout != Layout::Current || issues.is_empty() {
        return (0, 0..words.len());
    }
    let first = introduction(lines, issues.start..issues.end.min(issues.start + 8)).unwrap_or(issues.start);
    (words.of_line(issues.start), words.of_line(first)..words.of_line(issues.end))
}

/// Counts the words of the section that are neither in one of the texts, which are in order, nor part of a label or an outcome,
/// nor the number of a heading.
fn covered(words: &Words, section: Range<usize>, places: &[Range<usize>], findings: &mut Vec<Finding>) {
    let (mut covered, mut missing, mut first) = (0, 0, None);
    let mut at = section.start;
    for place in places.iter().cloned().chain(std::iter::once(section.end..section.end)) {
        while at < place.start {
            if let Some(n) = fixed(words, at).or_else(|| (at + 1 == place.start && is_number(words.get(at))).then_some(1)) {
                at += n;
                continue;
            }
            first = first.or(Some(at));
            missing += 1;
            at += 1;
        }
        covered += place.end.saturating_sub(at.max(place.start));
        at = at.max(place.end);
    }
    let of = covered + missing;
    if covered * 100 < of * COVERED {
        findings.push(Finding::Uncovered { covered, of, first: words.beginning(first.unwrap_or(at), QUOTED) });
    }
}

/// How many words from `at` on spell a label, as scanning leaves it too, or an outcome.
fn fixed(words: &Words, at: usize) -> Option<usize> {
    const OUTCOMES: [Title; 5] = [title("upheld"), title("overturned"), title("modified"), title("partially"), title("inpart")];
    /// "Claims Administrator's guideline(s)".
    const LONGEST: usize = 5;
    let mut printed = String::new();
    let mut spelled = None;
    for n in 1..=LONGEST {
        printed.push_str(&key(words.get(at + n - 1)));
        let found = Key::of(printed.as_bytes());
        if LABELS.iter().copied().flatten().chain(&OUTCOMES).any(|name| name.is(&found)) {
            spelled = Some(n);
        }
    }
    spelled
}

fn is_number(word: &str) -> bool {
    word.len() < 3 && word.bytes().all(|b| b.is_ascii_digit())
}

/// A letter without decisions keeps every word of its text.
fn kept_whole(words: &Words, whole: &str, findings: &mut Vec<Finding>) {
    let kept = split(whole).enumerate().take_while(|(i, word)| words.get(*i) == *word).count();
    if kept < words.len() {
        findings.push(Finding::Uncovered { covered: kept, of: words.len(), first: words.beginning(kept, QUOTED) });
    }
}

/// Compares each date with the one before it in the course of a review, and the decision with the injury.
fn dates(letter: &Letter, findings: &mut Vec<Finding>) {
    let course = [
        ("date of injury", letter.injury_date),
        ("UR denial date", letter.ur_denial_date),
        ("date received", letter.received_date),
        ("date assigned", letter.date_assigned),
        ("decision date", letter.decision_date),
    ];
    let known: Vec<_> = course.iter().filter_map(|&(name, day)| Some((name, day?))).collect();
    let ends = letter.injury_date.and(letter.decision_date).and(Some([known.first(), known.last()]));
    let whole = ends.into_iter().filter(|_| known.len() > 2).filter_map(|[first, last]| Some((*first?, *last?)));
    let neighbours = known.iter().zip(known.iter().skip(1)).map(|(first, later)| (*first, *later));
    let wrong = neighbours.chain(whole).filter(|(first, later)| later.1 < first.1);
    findings.extend(wrong.map(|(first, later)| Finding::Dates { first, later }));
    if let (Some(age), Some(injured), Some(decided)) = (letter.age, letter.injury_date, letter.decision_date)
        && i16::from(age) - (decided.year() - injured.year()) < WORKING_AGE
    {
        findings.push(Finding::Age { age, injured });
    }
}
