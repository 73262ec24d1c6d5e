//! The reviewer's credentials: the states of licensure and the specialties.
//!
//! Letters give them as two labelled lists, or, until 2015, as one sentence ("is Board Certified in X, has a subspecialty in Y
//! and is licensed to practice in W").

use std::ops::Range;

use super::lines::{Gap, Lines, Pos};
use super::ocr::{Folded, Title, key, title};
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
    (
        states.map(|s| split_states(&list(s))).unwrap_or_default(),
        certified.map(|c| specialty::list([list(c).as_str()])).unwrap_or_default(),
    )
}

/// The credentials from the sentence that tells them. Its words are told by their letters, since old PDFs glue them together.
fn sentence(text: &str) -> (Vec<String>, Vec<String>) {
    let folded = Folded::of(text);
    let [licensed, claims, again] = ["licensedtopracticein", "revieweris", "subspecialtyin"].map(key);
    let Some(end) = folded.key.find(&licensed) else { return Default::default() };
    let part = |from: usize, to: usize| text.get(folded.byte(from, text.len())..folded.byte(to, text.len())).unwrap_or("");
    let mut certified = Vec::new();
    let mut next = folded.key[..end].rfind(&claims).map(|at| at + claims.len());
    while let Some(from) = next {
        let to = folded.key[from..end].find(&again).map(|at| from + at);
        certified.push(without_verb(part(from, to.unwrap_or(end))));
        next = to.map(|at| at + again.len());
    }
    (split_states(of_sentence(part(end + licensed.len(), folded.key.len()))), specialty::list(certified))
}

/// The text up to the end of its sentence: "Washington, D.C. and Maryland" is within one, "California.He/she has" is of two.
fn of_sentence(text: &str) -> &str {
    let ends = |at: &usize| {
        let rest = text.get(at + 1..).unwrap_or_default();
        rest.starts_with(' ') && !rest.starts_with(" and ") || rest.starts_with("He/she")
    };
    let end = text.match_indices('.').map(|(at, _)| at).find(ends);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// A part of the sentence without the words around the list.
fn without_verb(part: &str) -> &str {
    let mut part = part.trim();
    for verb in ["boardcertifiedin", "licensedin", "alicensed"] {
        let folded = Folded::of(part);
        let begins = folded.key.starts_with(&key(verb));
        part = part.get(folded.byte(verb.len(), part.len())..).filter(|_| begins).unwrap_or(part);
    }
    part = part.strip_prefix("a ").unwrap_or(part);
    for verb in ["is", "has a", "hasa", "with a", "and", ","] {
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
            (
                "The expert reviewer is Board Certified in Plastic Surgery, has a subspecialty in Surgery of the Hand and is licensed to\npractice in Utah.",
                vec!["Utah"],
                vec!["Plastic Surgery", "Surgery of the Hand"],
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
