//! The reviewer's credentials: the states of licensure and the specialties.
//!
//! Letters give them as two labelled lists, or, until 2015, as one sentence ("is Board Certified in X, has a subspecialty in Y
//! and is licensed to practice in W").

use std::ops::Range;

use super::lines::{Gap, Lines, Pos};
use super::ocr::{Folded, Title, title};
use super::specialty;

const LICENSURE: &[Title] = &[title("statesoflicensure"), title("stateoflicensure"), title("licensure")];
const SPECIALTY: &[Title] = &[
    title("certificationsspecialty"),
    title("certificationspecialty"),
    title("certificationsspecialties"),
    title("certificationspecialties"),
];

/// The states in which the reviewer is licensed, and the specialties.
pub(super) fn credentials(lines: &Lines, range: Range<usize>) -> (Vec<String>, Vec<String>) {
    let label = |line: usize, names: &[Title]| names.iter().find_map(|n| lines.label(line, n));
    let find = |names: &[Title]| range.clone().find_map(|i| label(i, names));
    let (states, certified) = (find(LICENSURE), find(SPECIALTY));
    if states.is_none() && certified.is_none() {
        return sentence(&lines.text(Pos { line: range.start, col: 0 }, range.end).unwrap_or_default());
    }
    // A list ends at a gap or at the other label; a page may break inside it.
    let list = |from: Pos| {
        let ends = |i: &usize| lines.get(*i).gap == Gap::Blank || label(*i, LICENSURE).or_else(|| label(*i, SPECIALTY)).is_some();
        let end = (from.line + 1..range.end).find(ends).unwrap_or(range.end);
        lines.text(from, end).unwrap_or_default()
    };
    (states.map(|s| split_states(&list(s))).unwrap_or_default(), certified.map(|c| specialty::list(&list(c))).unwrap_or_default())
}

/// The credentials from the sentence that tells them. Its words are told by their letters, since old PDFs glue them together.
fn sentence(text: &str) -> (Vec<String>, Vec<String>) {
    let Some((before, after)) = parted(text, "licensedtopracticein") else { return Default::default() };
    // "Washington, D.C. and Maryland" is one sentence, "California.He/she has" are two.
    let ends = |at: &usize| {
        let rest = after.get(at + 1..).unwrap_or_default();
        rest.starts_with(' ') && !rest.starts_with(" and ") || rest.starts_with("He/she")
    };
    let end = after.match_indices('.').map(|(at, _)| at).find(ends);
    let states = split_states(end.and_then(|end| after.get(..end)).unwrap_or(after));
    let mut claim = before;
    while let Some((_, rest)) = parted(claim, "revieweris") {
        claim = rest;
    }
    let mut specialties: Vec<String> = Vec::new();
    let mut rest = Some(claim).filter(|claim| claim.len() < before.len());
    while let Some(part) = rest {
        let (part, next) = parted(part, "subspecialtyin").map_or((part, None), |(part, next)| (part, Some(next)));
        for name in specialty::list(without_verb(part)) {
            if !specialties.contains(&name) {
                specialties.push(name);
            }
        }
        rest = next;
    }
    (states, specialties)
}

/// What stands before and behind the first `phrase`, in small letters without blanks.
fn parted<'a>(text: &'a str, phrase: &str) -> Option<(&'a str, &'a str)> {
    let folded = Folded::of(text);
    let at = *folded.find(phrase).first()?;
    let place = |letter: usize| folded.byte(letter, text.len());
    Some((text.get(..place(at))?, text.get(place(at + phrase.len())..)?))
}

/// A part of the sentence without the words around the list.
fn without_verb(part: &str) -> &str {
    let mut part = part.trim();
    for verb in ["boardcertifiedin", "licensedin", "alicensed"] {
        part = parted(part, verb).filter(|(before, _)| before.is_empty()).map_or(part, |(_, rest)| rest.trim_start());
    }
    part = part.strip_prefix("a ").unwrap_or(part);
    for verb in ["is", "and", "has a", "hasa", "with a", "and", ","] {
        let at = part.len().saturating_sub(verb.len());
        let ends = part.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(verb));
        part = part.get(..at).filter(|_| ends).unwrap_or(part).trim_end();
    }
    part
}

/// States as printed: `Texas,New York,California`, `Ohio and Iowa`.
fn split_states(text: &str) -> Vec<String> {
    let mut states: Vec<String> = Vec::new();
    for part in text.split([',', ';', '&']).flat_map(|s| s.split(" and ")) {
        let state = part.trim().trim_start_matches("and ").trim_start_matches("the State of ").trim_end_matches('.');
        match states.last_mut() {
            // The one name that holds a comma.
            Some(before) if before == "Washington" && state == "D.C" => before.push_str(", D.C."),
            _ if state.chars().any(char::is_alphabetic) => states.push(state.to_owned()),
            _ => {}
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn credentials_are_read_in_both_wordings() {
        for (text, states, specialties) in [
            (
                "State(s) of Licensure: Texas,New York,\nCalifornia\nCertification(s)/Specialty: Preventive Medicine, Public Health &\nGeneral Preventive Medicine\n\nmore",
                vec!["Texas", "New York", "California"],
                vec!["Preventive Medicine", "Public Health & General Preventive Medicine"],
            ),
            ("CERTIFICATION(S)/SPECIALTY: Urology", vec![], vec!["Urology"]),
            (
                "The expert reviewer is Board Certified in Physical Medicine and Rehabilitation,\nhas a subspecialty in Pain Medicine, Hand Surgery and is licensed to practice in\nOhio, Iowa and Maine.He/she has been",
                vec!["Ohio", "Iowa", "Maine"],
                vec!["Physical Medicine & Rehabilitation", "Pain Medicine", "Hand Surgery"],
            ),
            (
                "The physician reviewer is Board Certified in Urology and is licensed to practice in Utah.",
                vec!["Utah"],
                vec!["Urology"],
            ),
            (
                "The expert reviewer is a licensed Chiropractor, and is licensed to practice in Utah.",
                vec!["Utah"],
                vec!["Chiropractor"],
            ),
            (
                "The reviewer is a Licensed Psychologist and is licensed to practice in the State of\nNew York.",
                vec!["New York"],
                vec!["Psychologist"],
            ),
            (
                "The reviewer is Board Certified in Urology and is licensed to practice in Washington, D.C. and\nMaryland. He/she is",
                vec!["Washington, D.C.", "Maryland"],
                vec!["Urology"],
            ),
            (
                "The physicianreviewer is BoardCertified inUrology, hasa subspecialty in Pain Medicineand islicensed to practicein\nUtah.",
                vec!["Utah"],
                vec!["Urology", "Pain Medicine"],
            ),
            ("State(s) of Licensure: Washington, Utah", vec!["Washington", "Utah"], vec![]),
            ("No one is named.", vec![], vec![]),
        ] {
            let text = Text { text: text.into(), ..Text::default() };
            let lines = Lines::read(&text);
            let (s, c) = credentials(&lines, 0..lines.len());
            assert_eq!(
                (s, c),
                (states.iter().map(|s| s.to_string()).collect(), specialties.iter().map(|s| s.to_string()).collect())
            );
        }
    }
}
