//! The text of a letter to its record.
//!
//! A letter is recognised by its layout, and each layout has a function that takes it apart. Nothing here fails: what cannot be
//! read stays unknown and is named in `warnings`, and a letter without a readable decision keeps its whole text, so that it can
//! still be found. Category and subcategory are another module's.

use crate::record::{Layout, Letter};
use crate::text::Text;

mod authorities;
pub mod check;
mod dates;
mod decisions;
mod disputed;
mod header;
mod heading;
mod lines;
mod place;
mod reviewer;
mod rewrap;
mod sections;
mod specialty;
mod summary;

use dates::Day;
use header::Header;
use lines::Lines;
use sections::Sections;

/// Takes a letter apart. `source` names where it came from.
pub fn parse(source: &str, text: &Text) -> Letter {
    let lines = Lines::read(text);
    let sections = sections::sections(&lines);
    let mut letter = Letter { warnings: text.warnings.clone(), layout: layout(&sections), ..Letter::unread(source) };
    match letter.layout {
        Layout::Current => current(&mut letter, &lines, sections),
        Layout::Unknown => unknown(&mut letter, &lines, sections),
    }
    letter
}

/// The layout that the section titles tell.
fn layout(sections: &Sections) -> Layout {
    if sections.issues.is_empty() { Layout::Unknown } else { Layout::Current }
}

/// The layout of 2014 and later.
fn current(letter: &mut Letter, lines: &Lines, sections: Sections) {
    let (decisions, doubts) = decisions::decisions(lines, sections.issues.clone());
    letter.decisions = decisions;
    (letter.licensure, letter.specialties) = reviewer::credentials(lines, sections.reviewer.clone());
    warn(letter, letter.licensure.is_empty(), "no licensure");
    warn(letter, letter.specialties.is_empty(), "no specialty");
    worker(letter, lines, &sections);
    dates(letter, lines, &sections);
    letter.warnings.extend(doubts);
    if letter.decisions.is_empty() {
        warn(letter, true, "no decision could be read");
        letter.text = Some(lines.whole());
    }
}

/// A layout that is not known yet: what stands in the header and the summary, and the text.
fn unknown(letter: &mut Letter, lines: &Lines, sections: Sections) {
    warn(letter, true, "layout not known: only the text was kept");
    worker(letter, lines, &sections);
    dates(letter, lines, &sections);
    letter.text = Some(lines.whole()).filter(|t| !t.is_empty());
}

/// Summary, age and gender.
fn worker(letter: &mut Letter, lines: &Lines, sections: &Sections) {
    letter.summary = sections::summary_text(lines, sections.summary.clone());
    let rationales = letter.decisions.iter().filter_map(|d| d.rationale.as_deref());
    let (age, gender) = summary::worker(letter.summary.as_deref().unwrap_or(""), rationales);
    letter.age = age;
    letter.gender = gender.map(str::to_owned);
    warn(letter, letter.summary.is_none(), "no case summary");
    warn(letter, age.is_none(), "no age stated");
    warn(letter, gender.is_none(), "no gender stated");
}

/// Case number, priority and dates, from the header; from the summary what a letter without header still tells.
fn dates(letter: &mut Letter, lines: &Lines, sections: &Sections) {
    let header = header::header(lines, sections.header.clone());
    for (day, name) in [
        (header.date_assigned, "date assigned"),
        (header.decision_date, "decision date"),
        (header.injury_date, "date of injury"),
        (header.ur_denial_date, "UR denial date"),
        (header.received_date, "date received"),
    ] {
        warn(letter, day == Some(Day::Impossible), &format!("impossible {name}"));
        warn(letter, day.is_none() && (header.present || name == "decision date"), &format!("no {name}"));
    }
    warn(letter, !header.present, "no header");
    let Header { case_number, priority, date_assigned, decision_date, injury_date, ur_denial_date, received_date, present } =
        header;
    let summary = letter.summary.as_deref().filter(|_| !present).unwrap_or("");
    letter.injury_date = header::known(injury_date).or_else(|| summary::injury_date(summary));
    letter.ur_denial_date = header::known(ur_denial_date).or_else(|| summary::ur_denial_date(summary));
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
