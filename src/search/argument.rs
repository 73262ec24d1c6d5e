//! The argument of a rationale: its sentences without those that state the verdict, and the terms in them.
//!
//! A sentence states the verdict if it speaks of medical necessity, names an outcome, or judges the request ("the request is not
//! supported"). What is left says why.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::form::Form;
use crate::index::sentences::sentences;
use crate::index::words::{self, Word};

/// Words that turn round what follows them: `no evidence` is not `evidence`.
const NEGATIONS: [&str; 4] = ["no", "not", "never", "without"];

/// Necessity, by a word of each of its stems.
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

/// Words of which a verdict is made, in any form.
static VERDICT: LazyLock<[Vec<Form>; 5]> = LazyLock::new(|| {
    [&["medical"][..], &NECESSITY, &OUTCOMES, &REQUESTS, &JUDGEMENTS]
        .map(|words| words.iter().map(|word| Form::of(word)).collect())
});

/// A term: one word, or two that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What makes two forms of a term one.
    pub forms: Vec<Form>,
    /// As written, in lower case.
    pub text: String,
}

/// The terms of the argument, each as often as it stands there. Single words are only those that are not `common`; of two words
/// one must not be, or the first a negation.
pub fn terms(rationale: &str, common: &dyn Fn(&Form) -> bool) -> Vec<Term> {
    let mut terms = Vec::new();
    for sentence in sentences(rationale).filter_map(|range| rationale.get(range)) {
        let words: Vec<(Word<'_>, Form)> =
            words::words(sentence).map(|w| (Form::of(&w.word), w)).map(|(form, word)| (word, form)).collect();
        if states_verdict(&words.iter().map(|(_, form)| form).collect()) {
            continue;
        }
        let has_stem = |form: &Form| matches!(form, Form::Stem(_));
        let says = |form: &Form| has_stem(form) && !common(form);
        for (at, (word, form)) in words.iter().enumerate() {
            if says(form) {
                terms.push(Term { forms: vec![form.clone()], text: word.word.to_string() });
            }
            let Some((next, next_form)) = words.get(at + 1).filter(|(_, next)| has_stem(next)) else { continue };
            // Only a blank may stand between them, or they are no phrase.
            let together = sentence.get(word.range.end..next.range.start).is_some_and(|between| between.trim().is_empty());
            let negated = is_negation(&word.word) && !is_negation(&next.word);
            if together && (negated || has_stem(form) && (says(form) || says(next_form))) {
                let text = format!("{} {}", word.word, next.word);
                terms.push(Term { forms: vec![form.clone(), next_form.clone()], text });
            }
        }
    }
    terms
}

/// Whether a word, or its stem, turns round what follows it.
pub fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word)
}

fn states_verdict(said: &HashSet<&Form>) -> bool {
    let [medical, necessity, outcomes, requests, judgements] = &*VERDICT;
    let any = |forms: &[Form]| forms.iter().any(|form| said.contains(form));
    any(medical) && any(necessity) || any(outcomes) || any(requests) && (any(judgements) || any(necessity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(rationale: &str) -> String {
        let common = |form: &Form| *form == Form::of("patient");
        terms(rationale, &common).into_iter().map(|term| term.text).collect::<Vec<_>>().join("|")
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
