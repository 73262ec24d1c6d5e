//! Disputed item -> category and subcategory of the state's search page, regions of the body, drugs.
//!
//! What the words mean stands in tables beside this file, not in code: `terms.txt` and `drugs.txt` (which term names which class,
//! which name which drug), `rules.txt` (which words round a term change the class) and `body.txt` (which word names which region).
//! Regions and drugs are those named in the item, nothing else. A class is chosen so:
//!
//! 1. The item is cut into parts at words such as "for", "with", "after": the first part says what is asked, the rest why or how.
//! 2. The earliest part that names a class decides; within it terms that lead, then plain ones, then those that yield; then the
//!    first. Where two terms begin at one word, the longer is read.
//! 3. The first rule that fits what was found, or that nothing was found, may name another class.
//!
//! Where no term is found at all, a long word that misses one by a letter or two is read as it. An item that says nothing is left
//! to the first sentences of the rationale, if these name one class only, and else to nobody: unknown is `None`, never a guess.

mod body;
mod misspelt;
mod phrases;
mod reading;
mod table;
pub mod taxonomy;
mod words;

use std::collections::BTreeMap;

use reading::Found;

use crate::record::Explain;

/// What a decision is about, with the reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// `None` where neither the item nor the beginning of the rationale names a class.
    pub class: Option<Class>,
    /// Regions of the body, from the head down.
    pub body: Vec<Mention>,
    /// Drugs by their generic names, in the item's order; `one/other` is a fixed combination.
    pub drug: Vec<Mention>,
}

/// A class, and what decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// The category, as [`taxonomy::CATEGORIES`] spells it.
    pub category: &'static str,
    /// The subcategory; for drugs the class.
    pub subcategory: &'static str,
    /// The term, or the line of the rules, that decided.
    pub rule: &'static str,
    /// Where it stood.
    pub from: Origin,
}

/// Where the words stood that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The item.
    Item,
    /// The item, misspelt.
    Misspelling,
    /// The first sentences of the rationale.
    Rationale,
}

/// A region or drug, and the term that named it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// The name that records use.
    pub value: &'static str,
    /// The word of the tables.
    pub term: &'static str,
}

impl Subject {
    /// The reasons, as records write them.
    pub fn explain(&self) -> Explain {
        let category = match self.class {
            None => "no term named a class".to_owned(),
            Some(class) => match (class.rule.contains(" -> "), class.from) {
                (true, Origin::Item) => format!("rule: {}", class.rule),
                (true, _) => format!("rule, for a misspelt word: {}", class.rule),
                (false, Origin::Item) => format!("term: {}", class.rule),
                (false, Origin::Misspelling) => format!("misspelt term: {}", class.rule),
                (false, Origin::Rationale) => format!("term of the rationale: {}", class.rule),
            },
        };
        let terms = |mentions: &[Mention]| -> BTreeMap<_, _> {
            mentions.iter().map(|m| (m.value.to_owned(), m.term.to_owned())).collect()
        };
        Explain { category, body: terms(&self.body), drug: terms(&self.drug) }
    }
}

/// Reads a disputed item, and for the class, if the item is silent, the beginning of its rationale.
pub fn classify(item: &str, rationale: &str) -> Subject {
    let item = words::normal(item);
    let (found, from) = Found::read_leniently(&item);
    let class = class_of(&found, from).or_else(|| of_rationale(rationale));
    Subject { class, body: body::regions(&item), drug: found.drugs().collect() }
}

fn class_of(found: &Found, from: Origin) -> Option<Class> {
    let winner = found.winner();
    if let Some(rule) = found.rule(winner) {
        let (category, subcategory) = rule.result;
        return Some(Class { category, subcategory, rule: rule.line, from });
    }
    winner.map(|w| Class { category: w.class.0, subcategory: w.class.1, rule: w.term, from })
}

/// A rationale tells of much beside what is asked, so it decides only where its first sentences name one class and no other.
fn of_rationale(rationale: &str) -> Option<Class> {
    const SENTENCES: usize = 2;
    let end = rationale.match_indices(". ").nth(SENTENCES - 1).map_or(rationale.len(), |(at, _)| at);
    let found = Found::read(&words::normal(rationale.get(..end)?));
    let first = found.named.first()?;
    let alone = found.named.iter().all(|n| n.class == first.class);
    alone.then_some(Class { category: first.class.0, subcategory: first.class.1, rule: first.term, from: Origin::Rationale })
}
