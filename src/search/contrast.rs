//! What tells decisions that were overturned from decisions that were upheld: words and phrases of two words in the argument of
//! their rationales (`argument`), and values of their fields.
//!
//! A decision counts once for a term however often it uses it. Terms are ordered by the log-odds ratio of the two sides with an
//! informative prior, in standard errors (B. L. Monroe, M. P. Colaresi, K. M. Quinn, "Fightin' Words", Political Analysis 16,
//! 2008), with decisions in the place of tokens: the prior draws each side towards what both have together, so that three of
//! three do not pass for more than twenty of twenty-five.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::argument;
use super::form::Form;
use super::like::most_frequent;
use super::results::similar::Separating;
use crate::field::{self, Field, Unit};
use crate::record::Letter;

/// Of how many further decisions on each side, which have a term as often as both sides together, the prior consists.
const PRIOR: f64 = 10.0;

/// Standard errors below which a difference is none.
const LEAST: f64 = 1.96;

/// Decisions of the side that has a term more, below which it is left out.
const SUPPORT: usize = 3;

/// Terms told of each side.
const TERMS: usize = 12;

/// The fields whose values are compared.
const FIELDS: [&str; 6] = ["subcategory", "body", "drug", "guidelines", "specialty", "age-band"];

/// The terms of the argument that separate two sides, at most twelve of each. `common` tells of a word whether most decisions
/// of the index use it.
pub fn terms(overturned: &[Letter], upheld: &[Letter], common: &dyn Fn(&Form) -> bool) -> Vec<Separating> {
    let mut texts: BTreeMap<Vec<Form>, BTreeMap<String, usize>> = BTreeMap::new();
    let mut terms_of = |letter: &Letter| -> BTreeSet<Vec<Form>> {
        let rationale = letter.decisions.first().and_then(|d| d.rationale.as_deref()).unwrap_or_default();
        let terms = argument::terms(rationale, common).into_iter().map(|term| {
            *texts.entry(term.forms.clone()).or_default().entry(term.text).or_default() += 1;
            term.forms
        });
        terms.collect()
    };
    let [overturned, upheld] = [overturned, upheld].map(|side| side.iter().map(&mut terms_of).collect::<Vec<_>>());

    // A phrase and its words say the same: what separates most says it.
    let mut said: [BTreeSet<Form>; 2] = Default::default();
    let mut told = [0; 2];
    let mut terms = Vec::new();
    for (forms, counts) in separated(&overturned, &upheld) {
        let side = usize::from(counts.z > 0.0);
        if told[side] == TERMS || forms.iter().any(|form| said[side].contains(form)) {
            continue;
        }
        told[side] += 1;
        terms.push(Separating { term: texts.get(&forms).map(most_frequent).unwrap_or_default(), ..counts });
        // Two negated words are two reasons.
        said[side].extend(forms.into_iter().filter(|form| !argument::is_negation(form.text())));
    }
    terms
}

/// The values of fields that separate two sides.
pub fn values(overturned: &[Letter], upheld: &[Letter]) -> Vec<Separating> {
    let fields: Vec<&'static Field> = FIELDS.iter().filter_map(|name| field::find(name)).collect();
    let mut separating = Vec::new();
    for field in fields {
        let [one, other] =
            [overturned, upheld].map(|side| side.iter().map(|letter| values_of(field, letter)).collect::<Vec<_>>());
        let counted = separated(&one, &other);
        separating.extend(counted.into_iter().map(|(term, counts)| Separating { field: Some(field), term, ..counts }));
    }
    separating.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
    separating
}

fn values_of(field: &Field, letter: &Letter) -> BTreeSet<String> {
    let unit = Unit { letter, decision: letter.decisions.first() };
    field.texts(unit).map(Cow::into_owned).collect()
}

/// What of the decisions' sets separates the sides, what separates most first.
fn separated<T: Ord + Clone>(overturned: &[BTreeSet<T>], upheld: &[BTreeSet<T>]) -> Vec<(T, Separating)> {
    let mut counts: BTreeMap<&T, [usize; 2]> = BTreeMap::new();
    for (side, sets) in [overturned, upheld].into_iter().enumerate() {
        sets.iter().flatten().for_each(|term| counts.entry(term).or_default()[side] += 1);
    }
    let of = [overturned.len(), upheld.len()];
    let mut separating: Vec<(T, Separating)> = Vec::new();
    for (term, with) in counts {
        let z = z(with, of);
        let more = with[usize::from(z < 0.0)];
        if z.abs() >= LEAST && more >= SUPPORT {
            let [overturned, upheld] = with.map(|n| n as u64);
            separating.push((term.clone(), Separating { field: None, term: String::new(), overturned, upheld, z }));
        }
    }
    separating.sort_by(|(a_term, a), (b_term, b)| b.z.abs().total_cmp(&a.z.abs()).then_with(|| a_term.cmp(b_term)));
    separating
}

/// The log-odds ratio of having a term, on the first side against the second, in standard errors.
fn z(with: [usize; 2], of: [usize; 2]) -> f64 {
    let together = (with[0] + with[1]) as f64 + 0.5;
    let share = together / ((of[0] + of[1]) as f64 + 1.0);
    let [one, other] = [0, 1].map(|side| {
        let (with, of) = (with[side] as f64, of[side] as f64);
        (with + PRIOR * share, of - with + PRIOR * (1.0 - share))
    });
    let ratio = (one.0 / one.1).ln() - (other.0 / other.1).ln();
    ratio / (1.0 / one.0 + 1.0 / one.1 + 1.0 / other.0 + 1.0 / other.1).sqrt()
}
