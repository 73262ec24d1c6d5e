//! The text of a letter to its record.
//!
//! A letter is recognised by its layout, and each layout has a module that takes its decisions apart. Nothing here fails: what
//! cannot be read stays unknown and is named in `warnings`, and a letter without a readable decision keeps its whole text, so
//! that it can still be found. A file that holds several letters gives its first; the text of the others is kept apart from
//! its decisions. Category and subcategory are another module's.

use std::ops::Range;

use crate::record::{Layout, Letter};
use crate::text::Text;

mod argued;
mod authorities;
pub mod check;
mod dates;
mod decisions;
mod disputed;
mod flow;
pub mod footer;
mod header;
mod heading;
mod join;
mod lines;
mod notice;
mod numbered;
mod ocr;
mod outline;
mod place;
mod professional_review;
mod reflow;
pub mod request;
mod reviewer;
mod rewrap;
mod sections;
mod several;
mod specialty;
mod summary;
mod told;
mod verdict;

use dates::Day;
use header::Header;
use lines::{Lines, Pos};
use outline::{Outline, Part};
use sections::Sections;

/// Takes a letter apart. `source` names where it came from.
pub fn parse(source: &str, text: &Text) -> Letter {
    let lines = Lines::read(text);
    let joined = reflow::joined(&lines);
    let lines = joined.as_ref().map_or(lines, Lines::unwrapped);
    let mut letter = Letter { warnings: text.warnings.clone(), ..Letter::unread(source) };
    let outline = Outline::read(&lines);
    match several::second(&lines, &outline) {
        None => read(&mut letter, &lines, &outline),
        Some((line, case)) => {
            let (first, rest) = lines.split(line);
            read(&mut letter, &first, &Outline::read(&first));
            let case = case.map(|c| format!(" ({c})")).unwrap_or_default();
            warn(&mut letter, true, &format!("more than one letter in the file: only the text of what follows{case} was kept"));
            let whole = letter.text.take().map(|t| t + "\n\n").unwrap_or_default();
            letter.text = Some(whole + &rest.whole());
        }
    }
    letter
}

/// Reads one letter.
fn read(letter: &mut Letter, lines: &Lines, outline: &Outline) {
    let sections = sections::sections(lines);
    letter.layout = layout(lines, &sections, outline);
    match letter.layout {
        Layout::Current => current(letter, lines, &sections),
        Layout::Numbered | Layout::Notice | Layout::ProfessionalReview => older(letter, lines, outline),
        Layout::Unknown => unknown(letter, lines, &sections),
    }
    if letter.decisions.is_empty() {
        warn(letter, letter.layout != Layout::Unknown, "no decision could be read");
        letter.text = Some(lines.whole()).filter(|t| !t.is_empty());
    }
}

/// The layout that the headings tell.
fn layout(lines: &Lines, sections: &Sections, outline: &Outline) -> Layout {
    let older = outline.has(Part::Decisions);
    if !sections.issues.is_empty()
        && (decisions::are_labelled(lines, sections.issues.clone(), !older) || !older && !states(lines, sections))
    {
        return Layout::Current;
    }
    outline.layout().filter(|_| !outline::is_of_another_body(&lines.whole())).unwrap_or(Layout::Unknown)
}

/// Whether the issues are argued as in the numbered layout, below the title of the current one.
fn states(lines: &Lines, sections: &Sections) -> bool {
    let from = Pos { line: sections.issues.start, col: 0 };
    lines.text(from, sections.issues.end).is_some_and(|text| !verdict::verdicts(&text).is_empty())
}

/// The layout of 2014 and later.
fn current(letter: &mut Letter, lines: &Lines, sections: &Sections) {
    let (decisions, doubts) = decisions::decisions(lines, sections.issues.clone());
    letter.decisions = decisions;
    letter.summary = sections::summary_text(lines, sections.summary.clone());
    about(letter, lines, sections.header.clone(), Some(sections.reviewer.clone()));
    letter.warnings.extend(doubts);
}

/// The layouts of 2013 and 2014.
fn older(letter: &mut Letter, lines: &Lines, outline: &Outline) {
    let (decisions, doubts) = match letter.layout {
        Layout::Notice => notice::decisions(lines),
        Layout::ProfessionalReview => professional_review::decisions(lines, outline),
        _ => {
            let issues = outline
                .first(Part::Decisions)
                .or(outline.first(Part::Issues))
                .map(|h| h.text.line + usize::from(h.text.col > 0)..lines.len());
            issues.map(|range| numbered::decisions(lines, range)).unwrap_or_default()
        }
    };
    letter.decisions = decisions;
    letter.summary =
        outline.first(Part::Summary).and_then(|h| sections::older_summary(lines, h.text, outline.range(h, lines).end));
    let reviewer = outline.first(Part::Reviewer).map(|h| outline.range(h, lines));
    about(letter, lines, outline.header(lines), reviewer);
    letter.warnings.extend(doubts);
}

/// A layout that is not known: what stands in the header and the summary, and the text.
fn unknown(letter: &mut Letter, lines: &Lines, sections: &Sections) {
    let other = outline::is_of_another_body(&lines.whole());
    warn(letter, other, "a decision of another body than workers' compensation: only the text was kept");
    warn(letter, !other, "layout not known: only the text was kept");
    letter.summary = sections::summary_text(lines, sections.summary.clone());
    about(letter, lines, sections.header.clone(), None);
}

/// What stands around the decisions: the reviewer, the worker and the dates.
fn about(letter: &mut Letter, lines: &Lines, header: Range<usize>, reviewer: Option<Range<usize>>) {
    if letter.layout != Layout::Unknown {
        (letter.licensure, letter.specialties) = reviewer.map(|r| reviewer::credentials(lines, r)).unwrap_or_default();
        warn(letter, letter.licensure.is_empty(), "no licensure");
        warn(letter, letter.specialties.is_empty(), "no specialty");
    }
    worker(letter);
    dates(letter, lines, header);
}

/// Age and gender.
fn worker(letter: &mut Letter) {
    let rationales = letter.decisions.iter().filter_map(|d| d.rationale.as_deref());
    let (age, gender) = summary::worker(letter.summary.as_deref().unwrap_or(""), rationales);
    letter.age = age;
    letter.gender = gender.map(str::to_owned);
    warn(letter, letter.summary.is_none(), "no case summary");
    warn(letter, age.is_none(), "no age stated");
    warn(letter, gender.is_none(), "no gender stated");
}

/// Case number, priority and dates, from the header; from the summary what a letter without header still tells.
fn dates(letter: &mut Letter, lines: &Lines, header: Range<usize>) {
    let header = header::header(lines, header);
    for (day, name) in [
        (header.date_assigned, "date assigned"),
        (header.decision_date, "decision date"),
        (header.injury_date, "date of injury"),
        (header.ur_denial_date, "UR denial date"),
        (header.received_date, "date received"),
    ] {
        match day {
            Some(Day::Impossible) => warn(letter, true, &format!("impossible {name}")),
            None if header.present || name == "decision date" => warn(letter, true, &format!("no {name}")),
            _ => {}
        }
    }
    warn(letter, !header.present, "no header");
    let Header { case_number, priority, date_assigned, decision_date, injury_date, ur_denial_date, received_date, present } =
        header;
    let summary = letter.summary.as_deref().filter(|_| !present).unwrap_or("");
    letter.injury_date = header::known(injury_date).or_else(|| told::injury_date(summary));
    letter.ur_denial_date = header::known(ur_denial_date).or_else(|| told::ur_denial_date(summary));
    letter.date_assigned = header::known(date_assigned);
    letter.decision_date = header::known(decision_date);
    letter.received_date = header::known(received_date);
    letter.case_number = case_number.or_else(|| header::case_number(lines));
    letter.priority = priority;
    warn(letter, letter.case_number.is_none(), "no case number");
    warn(letter, present && letter.priority.is_none(), "no priority");
}

fn warn(letter: &mut Letter, when: bool, sentence: &str) {
    if when {
        letter.warnings.push(sentence.to_owned());
    }
}
