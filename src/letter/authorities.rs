//! The authorities that the reviewer relied on, from the text of the reviewer's guideline.
//!
//! The text is a chain of citations, each opened by "Decision based on". "Non-MTUS Citation" and "outside of the MTUS
//! Guidelines" name the MTUS to say that it was not relied on.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::join::join;

/// The authorities in their fixed order: MTUS, ACOEM, ODG, FDA, other, none.
pub(super) fn authorities(guideline: &str) -> Vec<String> {
    let mut text = join([guideline]);
    text.make_ascii_lowercase();
    let denials = ["non-mtus", "outside of the mtus", "outside the mtus"];
    let relied = denials.into_iter().fold(Cow::from(&text), |text, denial| match text.contains(denial) {
        true => text.replace(denial, "").into(),
        false => text,
    });
    let cited = cited(&relied);
    let mut found: Vec<_> = NAMES.iter().zip(cited).filter(|(_, cited)| *cited).map(|(name, _)| *name).collect();
    let none = text.contains("did not cite") || text.contains("no guideline");
    let unnamed = |citation: &str| {
        let [_mtus, others @ ..] = self::cited(citation);
        citation.contains("other medical treatment") || !others.contains(&true)
    };
    // Each "Non-MTUS Citation" names its source; one that is none of the known is another.
    let mut citations = text.split("non-mtus citation").skip(1).map(|c| c.split("decision based on").next().unwrap_or(c));
    if citations.any(unnamed) || found.is_empty() && !none && !text.is_empty() {
        found.push("other");
    }
    if found.is_empty() && none {
        found.push("none");
    }
    found.into_iter().map(str::to_owned).collect()
}

/// The known authorities.
const NAMES: [&str; 4] = ["MTUS", "ACOEM", "ODG", "FDA"];

/// How they are written; each with its place among them.
const SPELLINGS: [(&str, usize); 9] = [
    ("mtus", 0),
    ("medical treatment utilization schedule", 0),
    ("acoem", 1),
    ("american college of occupational and environmental medicine", 1),
    ("odg", 2),
    ("official disability guidelines", 2),
    ("official disability guideline", 2),
    ("fda", 3),
    ("food and drug administration", 3),
];

/// Finds them, of two that begin at one place the longer; that it can be built, any test shows.
static AUTOMATON: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let longest = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(SPELLINGS.map(|(spelling, _)| spelling));
    longest.expect("a few words")
});

/// Which of the authorities a text in small letters names, between other characters than letters and digits.
fn cited(text: &str) -> [bool; NAMES.len()] {
    let mut cited = [false; NAMES.len()];
    for hit in AUTOMATON.find_iter(text) {
        let before = text[..hit.start()].chars().next_back();
        let after = text[hit.end()..].chars().next();
        if !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric) {
            cited[SPELLINGS[hit.pattern()].1] = true;
        }
    }
    cited
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_those_relied_on() {
        for (text, want) in [
            ("Decision based on MTUS Low Back Complaints 2004.", vec!["MTUS"]),
            (
                "Decision based on MTUS ACOEM Chapter 12. Decision based on Non-MTUS Citation ODG, Low Back.",
                vec!["MTUS", "ACOEM", "ODG"],
            ),
            (
                "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. Decision based on Non-MTUS Citation Official Disability Guidelines.",
                vec!["ODG"],
            ),
            ("Decision based on Non-MTUS\nCitation A Textbook of Surgery.", vec!["other"]),
            (
                "Decision based on MTUS. Decision based on Non-MTUS Citation FDA and Other Medical Treatment Guidelines.",
                vec!["MTUS", "FDA", "other"],
            ),
            ("The Expert Reviewer did not cite any medical evidence for its decision.", vec!["none"]),
            ("Cochrane review.", vec!["other"]),
            ("", vec![]),
        ] {
            assert_eq!(authorities(text), want, "{text}");
        }
    }
}
