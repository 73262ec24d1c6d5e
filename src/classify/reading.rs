//! What the words of an item say: the classes and drugs that they name, what stands round these, and which class decides.

use super::table::{IGNORED, MIXTURE, Meaning, PART, Rule, Standing, Subject, TABLE};
use super::taxonomy::Pair;
use super::{Mention, Origin};

/// A term that names a class, where it was found.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// What it names.
    pub class: Pair,
    /// As the table writes it.
    pub term: &'static str,
    part: usize,
    standing: Standing,
}

/// All that an item's words say.
#[derive(Debug, Default)]
pub struct Found {
    /// In the item's order.
    pub named: Vec<Named>,
    /// Circumstances with their parts.
    round: Vec<(usize, usize)>,
    /// Each drug once.
    drugs: Vec<Mention>,
}

impl Found {
    /// What the table's terms say in a text, given in normal form.
    pub fn read(normal: &str) -> Self {
        let table = &*TABLE;
        let mut found = Found::default();
        let mut part = 0;
        for term in table.phrases.find(normal).filter_map(|id| table.terms.get(id)) {
            match term.meaning {
                Meaning::Class(class, standing) => found.named.push(Named { class, term: term.text, part, standing }),
                Meaning::Circumstance(id) => match table.circumstances.get(id).map(|c| c.name) {
                    Some(PART) => part += 1,
                    Some(IGNORED) | None => {}
                    Some(_) => found.round.push((id, part)),
                },
            }
            let new = |drug: &&&str| !found.drugs.iter().any(|known| known.value == **drug);
            let drugs: Vec<_> = term.drugs.iter().filter(new).map(|value| Mention { value, term: term.text }).collect();
            found.drugs.extend(drugs);
        }
        found
    }

    /// The drugs named. Beside a fixed combination its ingredients explain it: "Norco (hydrocodone)" is one drug.
    pub fn drugs(&self) -> impl Iterator<Item = Mention> {
        let explains = |drug: &Mention| {
            let combined = |other: &Mention| other.value != drug.value && other.value.split('/').any(|i| i == drug.value);
            self.drugs.iter().any(combined)
        };
        self.drugs.iter().filter(move |drug| !explains(drug)).copied()
    }

    /// The same, and if that names nothing, what its misspelt words are meant to name.
    pub fn read_leniently(normal: &str) -> (Self, Origin) {
        let mut found = Found::read(normal);
        if found.named.is_empty() {
            let meant = normal.split_whitespace().map(|word| TABLE.spelling.meant(word)).find(|terms| !terms.is_empty());
            if let Some(terms) = meant {
                found.guess(&terms);
                return (found, Origin::Misspelling);
            }
        }
        (found, Origin::Item)
    }

    /// Takes the class of the terms that a word may misspell, and their drug if it is the same.
    fn guess(&mut self, terms: &[usize]) {
        let terms: Vec<_> = terms.iter().filter_map(|id| TABLE.terms.get(*id)).collect();
        let Some(first) = terms.first() else { return };
        if let Meaning::Class(class, _) = first.meaning {
            self.named.push(Named { class, term: first.text, part: 0, standing: Standing::Plain });
        }
        if terms.iter().all(|t| t.drugs == first.drugs) {
            self.drugs.extend(first.drugs.iter().map(|value| Mention { value, term: first.text }));
        }
    }

    /// The term that decides.
    pub fn winner(&self) -> Option<Named> {
        self.named.iter().min_by_key(|n| (n.part, n.standing)).copied()
    }

    /// The first rule that fits.
    pub fn rule(&self, winner: Option<Named>) -> Option<&'static Rule> {
        let (once, twice) = self.circumstances(winner);
        TABLE.rules.iter().find(|rule| {
            rule.once & once == rule.once
                && rule.twice & twice == rule.twice
                && match rule.subject {
                    Subject::Nothing => winner.is_none(),
                    Subject::Category(category) => winner.is_some_and(|w| w.class.0 == category),
                    Subject::Class(class) => winner.is_some_and(|w| w.class == class),
                }
        })
    }

    /// The circumstances that may change `winner`, as bits: those found, and those found more than once.
    fn circumstances(&self, winner: Option<Named>) -> (u64, u64) {
        let (mut once, mut twice) = (0, 0);
        for &(id, part) in &self.round {
            let near = TABLE.circumstances.get(id).is_some_and(|c| c.near);
            if !near || winner.is_none_or(|w| w.part == part) {
                twice |= once & (1 << id);
                once |= 1 << id;
            }
        }
        if self.is_mixture() {
            once |= TABLE.circumstances.iter().position(|c| c.name == MIXTURE).map_or(0, |id| 1 << id);
        }
        (once, twice)
    }

    /// Drugs of two classes, or three drugs. Lidocaine and its like are in so many creams, and a brand stands so often beside its
    /// generic name, that two with one of them are not enough.
    fn is_mixture(&self) -> bool {
        let drugs = || self.named.iter().filter(|n| n.class.0 == "Pharmaceuticals");
        let mut deeper = drugs().map(|n| n.class).filter(|class| class.1 != "Topical Analgesics");
        let first = deeper.next();
        // A combination that is written out is as many drugs as it has names.
        let names: usize = drugs().map(|n| 1 + n.term.matches('/').count()).sum();
        names > 2 && first.is_some() || drugs().count() > 2 || deeper.any(|class| Some(class) != first)
    }
}
