//! Disputed item -> category and subcategory of the state's search page.
//!
//! What the words mean stands in two tables beside this file, not in code: `terms.txt` (which term names which class) and
//! `rules.txt` (which words round it change the class). Here is only how a reading is chosen:
//!
//! 1. The item is cut into parts at words such as "for", "with", "after": the first part says what is asked, the rest why or how.
//! 2. The earliest part that names a class decides; within it terms that lead, then plain ones, then those that yield; then the
//!    first. Where two terms begin at one word, the longer is read.
//! 3. The first rule that fits what was found, or that nothing was found, may name another class.
//!
//! Where no term is found at all, a long word that misses one by a letter or two is read as it. An item that says nothing is left
//! to the first sentences of the rationale, if these name one class only, and else to nobody: unknown is `None`, never a guess.

mod misspelt;
mod reading;
mod table;
pub mod taxonomy;
mod words;

use reading::Found;

/// A class, and what decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// The category, as [`taxonomy::CATEGORIES`] spells it.
    pub category: &'static str,
    /// The subcategory; for drugs the class.
    pub subcategory: &'static str,
    /// The term, or the line of the rules, that decided.
    pub rule: &'static str,
}

/// The class of a disputed item; `None` where neither it nor the beginning of the rationale names one.
pub fn classify(item: &str, rationale: &str) -> Option<Class> {
    of_item(item).or_else(|| of_rationale(rationale))
}

fn of_item(item: &str) -> Option<Class> {
    let found = Found::read_leniently(item);
    let winner = found.winner();
    if let Some(rule) = found.rule(winner) {
        let (category, subcategory) = rule.result;
        return Some(Class { category, subcategory, rule: rule.line });
    }
    winner.map(|w| Class { category: w.class.0, subcategory: w.class.1, rule: w.term })
}

/// A rationale tells of much beside what is asked, so it decides only where its first sentences name one class and no other.
fn of_rationale(rationale: &str) -> Option<Class> {
    const SENTENCES: usize = 2;
    let end = rationale.match_indices(". ").nth(SENTENCES - 1).map_or(rationale.len(), |(at, _)| at);
    let found = Found::read(rationale.get(..end)?);
    let first = found.named.first()?;
    let alone = found.named.iter().all(|n| n.class == first.class);
    alone.then_some(Class { category: first.class.0, subcategory: first.class.1, rule: first.term })
}
