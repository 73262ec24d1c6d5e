//! Text whose paragraphs were never wrapped, as lines.
//!
//! Some corpora keep a paragraph, or a whole letter, on one line. The parser's rules are about lines, so such a line is broken
//! where a line of a letter would begin at the latest: at titles, at labels, and in long lines at sentences.

use super::lines::ends_sentence;

/// Longer lines are unwrapped paragraphs; wrapped ones have about a hundred bytes.
pub(super) const UNWRAPPED: usize = 250;

/// Phrases before which an unwrapped paragraph is broken, in small letters without blanks.
const OPENERS: &[&str] = &[
    "claimsadministratorguideline",
    "maximusguideline",
    "imrguideline",
    "decisionrationale",
    "statesoflicensure",
    "certificationsspecialty",
    "effectofthedecision",
    "medicalqualificationsoftheexpertreviewer",
    "expertreviewercasesummary",
    "casesummary",
    "issueatdispute",
    "medicaltreatmentguidelinesrelieduponbyprofessionalreviewerandwhy",
    "rationaleforwhytherequestedtreatmentserviceiswasnotmedicallynecessary",
    "rationaleforwhytherequestedtreatmentserviceiswasmedicallynecessary",
    "medicalreviewerqualifications",
];

/// Phrases before and after which it is broken: titles, written in capitals there.
const TITLES: &[&str] = &[
    "HOWTHEIMRFINALDETERMINATIONWASMADE",
    "CLINICALCASESUMMARY",
    "IMRISSUESDECISIONSANDRATIONALES",
    "IMRDECISIONSANDRATIONALES",
    "INDEPENDENTMEDICALREVIEWDECISIONANDRATIONALE",
    "DOCUMENTSREVIEWEDFORDETERMINATION:",
    "DOCUMENTSREVIEWED",
];

/// A line of unwrapped text as titles, labels and, if it is long, sentences.
pub(super) fn rewrapped(line: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let mut cut = |start: &mut usize, at: usize| {
        parts.push(line[*start..at].trim());
        *start = at;
    };
    let mut title_end = 0;
    for (at, c) in line.char_indices() {
        let before = &line[..at];
        if at < title_end || c.is_whitespace() || at > 0 && !before.ends_with(char::is_whitespace) {
            continue;
        }
        let title = TITLES.iter().find_map(|t| phrase(&line[at..], t, false));
        let opener = OPENERS.iter().any(|o| phrase(&line[at..], o, true).is_some_and(|n| line[at + n..].starts_with(':')));
        let ended = before.trim_end();
        let sentence =
            line.len() >= UNWRAPPED && !c.is_lowercase() && ends_sentence(ended) || ended.ends_with("set forth below:");
        if title.is_some() || opener || sentence {
            cut(&mut start, at);
        }
        if let Some(n) = title {
            title_end = at + n;
            cut(&mut start, title_end);
        }
    }
    cut(&mut start, line.len());
    parts.retain(|p| !p.is_empty());
    parts
}

/// The length of `text`'s beginning that spells `name`, which has no blanks; a plural in brackets may follow.
fn phrase(text: &str, name: &str, any_case: bool) -> Option<usize> {
    let mut name = name.chars();
    let mut next = name.next();
    let mut between = 0;
    for (at, c) in text.char_indices() {
        let Some(n) = next else { return Some(at) };
        let c = if any_case { c.to_ascii_lowercase() } else { c };
        if c == n {
            (next, between) = (name.next(), 0);
        } else if matches!(c, ' ' | ',' | '(' | ')' | '/') && between < 3 {
            between += 1;
        } else {
            return None;
        }
    }
    next.is_none().then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unwrapped_paragraph_is_broken_at_sentences_titles_and_labels() {
        let long = "word ".repeat(60);
        let text = format!("{long}end. CLINICAL CASE SUMMARY Next one. Knee brace: Upheld Claims Administrator guideline: None.");
        let got: Vec<_> = rewrapped(&text).into_iter().skip(1).collect();
        assert_eq!(got, ["CLINICAL CASE SUMMARY", "Next one.", "Knee brace: Upheld", "Claims Administrator guideline: None."]);
    }

    #[test]
    fn a_title_before_its_text_on_one_line_is_broken_off() {
        assert_eq!(rewrapped("CLINICAL CASE SUMMARY Next one. And more."), ["CLINICAL CASE SUMMARY", "Next one. And more."]);
    }
}
