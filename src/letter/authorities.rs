//! The authorities that the reviewer relied on, from the text of the reviewer's guideline.
//!
//! The text is a chain of citations, each opened by "Decision based on". "Non-MTUS Citation" and "outside of the MTUS
//! Guidelines" name the MTUS to say that it was not relied on.

/// The authorities in their fixed order: MTUS, ACOEM, ODG, FDA, other, none.
pub(super) fn authorities(guideline: &str) -> Vec<String> {
    let text = guideline.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let cites = |names: &[&str], text: &str| names.iter().any(|n| contains_word(text, n));
    let relied = text.replace("non-mtus", "").replace("outside of the mtus", "").replace("outside the mtus", "");
    let mut found = Vec::new();
    for (name, spellings) in NAMED {
        if cites(spellings, &relied) {
            found.push(*name);
        }
    }
    let none = text.contains("did not cite") || text.contains("no guideline");
    let unnamed = |citation: &str| {
        let of_another = citation.contains("other medical treatment");
        of_another || !NAMED.iter().skip(1).any(|(_, spellings)| cites(spellings, citation))
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

/// How the known authorities are written.
const NAMED: &[(&str, &[&str])] = &[
    ("MTUS", &["mtus", "medical treatment utilization schedule"]),
    ("ACOEM", &["acoem", "american college of occupational and environmental medicine"]),
    ("ODG", &["odg", "official disability guidelines", "official disability guideline", "odg-twc"]),
    ("FDA", &["fda", "food and drug administration"]),
];

/// Whether `text` holds `word` between other characters than letters and digits.
fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
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
