//! The argument of a rationale: its sentences without those that state the verdict, and the terms in them.
//!
//! A sentence states the verdict if it speaks of medical necessity, names an outcome, or judges the request ("the request is not
//! supported"). What is left says why.

use std::collections::HashSet;

use crate::index::sentences::sentences;
use crate::index::words::{self, STEM, Word};

/// Words that turn round what follows them: `no evidence` is not `evidence`.
const NEGATIONS: [&str; 4] = ["no", "not", "never", "without"];

/// Necessity, in the form of each of its stems.
const NECESSITY: [&str; 2] = ["necessary", "necessity"];
/// An outcome by its name.
const OUTCOMES: [&str; 3] = ["upheld", "uphold", "overturned"];
/// What is judged.
const REQUESTS: [&str; 2] = ["request", "recommendation"];
/// How it is judged.
const JUDGEMENTS: [&str; 13] = [
    "appropriate",
    "approved",
    "authorization",
    "certified",
    "certification",
    "denied",
    "established",
    "indicated",
    "justified",
    "reasonable",
    "recommended",
    "supported",
    "warranted",
];

/// A term: one word, or two that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Their index terms: what makes two forms of a term one.
    pub stems: Vec<String>,
    /// As written, in lower case.
    pub form: String,
}

/// The terms of the argument, each as often as it stands there. Single words are only those that are not `common`; of two words
/// one must not be, or the first a negation.
pub fn terms(rationale: &str, common: &dyn Fn(&str) -> bool) -> Vec<Term> {
    let mut terms = Vec::new();
    for sentence in sentences(rationale).filter_map(|range| rationale.get(range)) {
        let words: Vec<(Word<'_>, String)> =
            words::words(sentence).map(|w| (words::stem(&w.word), w)).map(|(s, w)| (w, s)).collect();
        let stems: HashSet<&str> = words.iter().map(|(_, stem)| stem.as_str()).collect();
        if states_verdict(&stems) {
            continue;
        }
        for (at, (word, stem)) in words.iter().enumerate() {
            let says = |stem: &str| stem.starts_with(STEM) && !common(stem);
            if says(stem) {
                terms.push(Term { stems: vec![stem.clone()], form: word.word.to_string() });
            }
            let Some((next, next_stem)) = words.get(at + 1).filter(|(_, stem)| stem.starts_with(STEM)) else { continue };
            // Only a blank may stand between them, or they are no phrase.
            let together = sentence.get(word.range.end..next.range.start).is_some_and(|between| between.trim().is_empty());
            let negated = is_negation(&word.word) && !is_negation(&next.word);
            if together && (negated || stem.starts_with(STEM) && (says(stem) || says(next_stem))) {
                terms.push(Term { stems: vec![stem.clone(), next_stem.clone()], form: format!("{} {}", word.word, next.word) });
            }
        }
    }
    terms
}

/// Whether a word, or its stem, turns round what follows it.
pub fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word.trim_start_matches(STEM))
}

fn states_verdict(stems: &HashSet<&str>) -> bool {
    let any = |words: &[&str]| words.iter().any(|word| stems.contains(words::stem(word).as_str()));
    any(&["medical"]) && any(&NECESSITY) || any(&OUTCOMES) || any(&REQUESTS) && (any(&JUDGEMENTS) || any(&NECESSITY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(rationale: &str) -> String {
        let common = |stem: &str| stem == words::stem("patient");
        terms(rationale, &common).into_iter().map(|term| term.form).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn the_argument_is_what_states_no_verdict() {
        let table = [
            ("Pain fell. The request is not medically necessary.", "pain|pain fell|fell"),
            ("No medical necessity was shown. Pain fell.", "pain|pain fell|fell"),
            ("The requested therapy is supported.", ""),
            ("Recommendation is for authorization: it may go on.", ""),
            ("The denial is upheld. It was overturned before.", ""),
            ("As such, the request is denied", ""),
            // A request, or a judgement, by itself is a fact.
            ("He requests therapy.", "requests|requests therapy|therapy"),
            ("Surgery is indicated.", "surgery|indicated"),
            ("Six visits were authorized.", "six|six visits|visits|authorized"),
        ];
        for (rationale, expected) in table {
            assert_eq!(forms(rationale), expected, "{rationale}");
        }
    }

    #[test]
    fn terms_are_words_that_say_something_and_pairs_of_them() {
        let table = [
            ("No evidence of instability", "no evidence|evidence|instability"),
            ("not documented", "not|not documented|documented"),
            ("the patient has pain", "pain"),
            ("patient pain", "patient pain|pain"),
            // Pairs hold no numbers, and nothing stands between them.
            ("6 visits, then pain; L4-5", "visits|then|then pain|pain"),
            ("failed, conservative. Care failed", "failed|conservative|care|care failed|failed"),
            ("", ""),
        ];
        for (rationale, expected) in table {
            assert_eq!(forms(rationale), expected, "{rationale}");
        }
    }
}
