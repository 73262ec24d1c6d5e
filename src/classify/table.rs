//! The tables of terms, drugs and rules, compiled in and read once.
//!
//! A section of `terms.txt` and `drugs.txt` is `[Category / Subcategory]`, alone or followed by `leads` or `yields`; of `rules.txt`
//! `(circumstance)`, alone or followed by `near`. Terms stand under them, parted by commas; `drug: terms` says which drug they name
//! (the drug's own name too, unless it is in parentheses or several). A rule is a line
//! `circumstance, circumstance twice + what was named -> Category / Subcategory`.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::misspelt::Spelling;
use super::phrases::Phrases;
use super::taxonomy::{self, Pair};
use super::words;

/// The tables of this program. They are part of it, so a fault in them is a fault in its source, which any test shows.
pub static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(OWN).expect("the tables are well formed"));

const OWN: [&str; 3] = [include_str!("terms.txt"), include_str!("drugs.txt"), include_str!("rules.txt")];

/// Begins a new part of an item.
pub const PART: &str = "part";
/// Is read over: the name of a disease that holds the name of a treatment.
pub const IGNORED: &str = "ignored";
/// Is there without a word of its own: several drugs in one item.
pub const MIXTURE: &str = "mixture";

/// A term, and what it says.
pub struct Term {
    /// As written.
    pub text: &'static str,
    /// Its class, if it names one.
    pub meaning: Meaning,
    /// The drugs that it names, by their generic names.
    pub drugs: Vec<&'static str>,
}

/// What a term may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Names a class.
    Class(Pair, Standing),
    /// Names nothing, but may change what is named.
    Circumstance(usize),
}

/// Which of two terms in one part decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Before all others.
    Leads,
    /// In between.
    Plain,
    /// Where no other is.
    Yields,
}

/// The terms, what they say, and the rules.
pub struct Table {
    /// In the order in which they are tried.
    pub rules: Vec<Rule>,
    /// A term is its place in this list, and that number among the phrases.
    pub terms: Vec<Term>,
    /// A circumstance is its place in this list, and that bit of a rule.
    pub circumstances: Vec<Circumstance>,
    /// The terms in normal form.
    pub phrases: Phrases,
    /// Reads what is none of them.
    pub spelling: Spelling,
}

/// What stands round a treatment.
pub struct Circumstance {
    /// As rules call it.
    pub name: &'static str,
    /// Changes only what is named in its own part.
    pub near: bool,
}

/// One line of `rules.txt`.
pub struct Rule {
    /// As written.
    pub line: &'static str,
    /// The class it gives.
    pub result: Pair,
    /// The circumstances it asks for, as bits.
    pub once: u64,
    /// Those that it asks for more than once.
    pub twice: u64,
    /// What it changes.
    pub subject: Subject,
}

/// What must have been named for a rule to fit.
pub enum Subject {
    /// No class at all.
    Nothing,
    /// Any class of the category.
    Category(&'static str),
    /// This class.
    Class(Pair),
}

impl Table {
    fn parse(tables: [&'static str; 3]) -> Result<Self, String> {
        let mut parser = Parser::default();
        for line in tables.iter().flat_map(|t| t.lines()) {
            let text = line.split('#').next().unwrap_or_default().trim();
            if !text.is_empty() {
                parser.line(text).map_err(|e| format!("{e} in the line: {line}"))?;
            }
        }
        let Parser { terms, normal, circumstances, rules, .. } = parser;
        let mut spelling = Spelling::default();
        for (id, (normal, term)) in normal.iter().zip(&terms).enumerate() {
            let class = if let Meaning::Class(class, _) = term.meaning { Some(class) } else { None };
            spelling.learn(normal, id, class);
        }
        Ok(Table { rules, terms, circumstances, phrases: Phrases::of(&normal), spelling })
    }
}

#[derive(Default)]
struct Parser {
    section: Option<Meaning>,
    terms: Vec<Term>,
    normal: Vec<String>,
    seen: HashSet<String>,
    circumstances: Vec<Circumstance>,
    rules: Vec<Rule>,
}

impl Parser {
    fn line(&mut self, line: &'static str) -> Result<(), String> {
        if let Some((name, flag)) = line.strip_prefix('[').and_then(|l| l.split_once(']')) {
            let standing = match flag.trim() {
                "" => Standing::Plain,
                "leads" => Standing::Leads,
                "yields" => Standing::Yields,
                other => return Err(format!("{other} is not known")),
            };
            self.section = Some(Meaning::Class(class(name)?, standing));
        } else if let Some((drugs, terms)) = line.split_once(':') {
            self.drug(drugs, terms)?;
        } else if let Some((name, flag)) = line.strip_prefix('(').and_then(|l| l.split_once(')')) {
            self.section = Some(Meaning::Circumstance(self.circumstances.len()));
            self.circumstances.push(Circumstance { name, near: flag.trim() == "near" });
        } else if let Some((when, result)) = line.split_once(" -> ") {
            let rule = self.rule(line, when, class(result)?)?;
            self.rules.push(rule);
        } else {
            for term in line.split(',').map(str::trim).filter(|t| !t.is_empty()) {
                self.term(term, &[])?;
            }
        }
        Ok(())
    }

    /// `generic: names`, `(generic): more names` or `one + other: names of both`.
    fn drug(&mut self, drugs: &'static str, terms: &'static str) -> Result<(), String> {
        let elsewhere = drugs.strip_prefix('(').and_then(|d| d.strip_suffix(')'));
        let names: Vec<_> = elsewhere.unwrap_or(drugs).split(" + ").map(str::trim).collect();
        let own = (elsewhere.is_none() && names.len() == 1).then_some(drugs.trim());
        for term in own.into_iter().chain(terms.split(',').map(str::trim).filter(|t| !t.is_empty())) {
            self.term(term, &names)?;
        }
        Ok(())
    }

    fn term(&mut self, term: &'static str, drugs: &[&'static str]) -> Result<(), String> {
        let meaning = self.section.ok_or("a term under no section")?;
        let normal = words::normal(term);
        if normal.is_empty() {
            return Err(format!("{term} has no word"));
        }
        if !self.seen.insert(normal.clone()) {
            return Err(format!("{term} stands twice"));
        }
        if term != term.to_lowercase() {
            return Err(format!("{term} is not in lower case"));
        }
        self.terms.push(Term { text: term, meaning, drugs: drugs.to_vec() });
        self.normal.push(normal);
        Ok(())
    }

    fn rule(&self, line: &'static str, when: &'static str, result: Pair) -> Result<Rule, String> {
        let (circumstances, subject) = when.split_once(" + ").ok_or("no + in a rule")?;
        let mut rule = Rule { line, result, once: 0, twice: 0, subject: Subject::Nothing };
        for name in circumstances.split(',').map(str::trim) {
            let (name, bits) = match name.strip_suffix(" twice") {
                Some(name) => (name, &mut rule.twice),
                None => (name, &mut rule.once),
            };
            let id = self.circumstances.iter().position(|c| c.name == name).ok_or_else(|| format!("no section ({name})"))?;
            *bits |= 1 << id;
        }
        let category = taxonomy::CATEGORIES.iter().map(|(c, _)| *c).find(|c| *c == subject.trim());
        rule.subject = match (subject.trim(), category) {
            ("nothing", _) => Subject::Nothing,
            (_, Some(category)) => Subject::Category(category),
            (name, None) => Subject::Class(class(name)?),
        };
        Ok(rule)
    }
}

fn class(name: &str) -> Result<Pair, String> {
    let (category, subcategory) = name.split_once(" / ").ok_or_else(|| format!("{name} is no category / subcategory"))?;
    taxonomy::pair(category.trim(), subcategory.trim()).ok_or_else(|| format!("the hierarchy has no {name}"))
}

#[cfg(test)]
mod tests {
    use super::super::reading::Found;
    use super::*;

    fn fault(terms: &'static str, rules: &'static str) -> String {
        Table::parse([terms, "", rules]).err().unwrap_or_default()
    }

    #[test]
    fn the_tables_hold() {
        let table = Table::parse(OWN).unwrap();
        let has_terms = |pair| table.terms.iter().any(|t| matches!(t.meaning, Meaning::Class(p, _) if p == pair));
        let bare: Vec<_> = taxonomy::pairs().filter(|p| !has_terms(*p)).collect();
        assert!(bare.is_empty(), "no terms for {bare:?}");
        assert!(table.circumstances.len() <= 64, "circumstances are the bits of a u64");
    }

    #[test]
    fn every_circumstance_is_used() {
        let table = &*TABLE;
        for (id, circumstance) in table.circumstances.iter().enumerate() {
            let used = table.rules.iter().any(|r| (r.once | r.twice) & (1 << id) != 0);
            assert!(used || [PART, IGNORED].contains(&circumstance.name), "no rule names {}", circumstance.name);
        }
        for name in [PART, IGNORED, MIXTURE] {
            assert!(table.circumstances.iter().any(|c| c.name == name), "{name}");
        }
    }

    #[test]
    fn every_term_is_found_as_written() {
        for Term { text, meaning, drugs } in &TABLE.terms {
            let found = Found::read(&words::normal(text));
            match meaning {
                Meaning::Class(class, _) => assert_eq!(found.named.first().map(|n| n.class), Some(*class), "{text}"),
                Meaning::Circumstance(_) => assert!(found.named.is_empty(), "{text}"),
            }
            assert_eq!(found.drugs().map(|n| n.value).collect::<Vec<_>>(), *drugs, "{text}");
        }
    }

    #[test]
    fn a_drug_has_one_name() {
        let drugs: HashSet<_> = TABLE.terms.iter().flat_map(|t| &t.drugs).copied().collect();
        let named = |name: &str| TABLE.terms.iter().find(|t| t.text == name).map(|t| t.drugs.as_slice());
        for drug in &drugs {
            assert_eq!(named(drug), Some([*drug].as_slice()), "{drug} is the name of one line");
            let mut ingredients: Vec<_> = drug.split('/').collect();
            ingredients.sort_unstable();
            let again = drugs.iter().filter(|other| {
                let mut others: Vec<_> = other.split('/').collect();
                others.sort_unstable();
                others == ingredients
            });
            assert_eq!(again.count(), 1, "{drug} under one order of its ingredients");
        }
        assert!(drugs.len() > 500, "{}", drugs.len());
    }

    /// A drug is written in drugs.txt and nowhere else.
    #[test]
    fn no_drug_is_without_its_name() {
        for term in TABLE.terms.iter().filter(|t| t.drugs.is_empty()) {
            let Meaning::Class(("Pharmaceuticals", _), _) = term.meaning else { continue };
            let words: Vec<_> = term.text.split_whitespace().collect();
            for word in words {
                let drug = Found::read(&words::normal(word)).drugs().next().map(|n| n.value);
                assert!(drug.is_none() || term.text == "calcium channel blocker", "{} names no drug, but {drug:?}", term.text);
            }
        }
    }

    #[test]
    fn a_fault_in_a_table_is_named() {
        for (terms, rules, said) in [
            ("[Surgery / Spine]\nacdf, acdf", "", "acdf stands twice in the line: acdf, acdf"),
            ("[Surgery / Spine]\nbrace\n[DMEPOS / DME]\nBraces", "", "Braces stands twice in the line: Braces"),
            ("[Surgery / Spine]\nACDF", "", "ACDF is not in lower case in the line: ACDF"),
            ("[Surgery / Spines]", "", "the hierarchy has no Surgery / Spines in the line: [Surgery / Spines]"),
            ("[Surgery / Spine] first", "", "first is not known in the line: [Surgery / Spine] first"),
            ("mri", "", "a term under no section in the line: mri"),
            ("", "x + nothing -> Surgery / Spine", "no section (x) in the line: x + nothing -> Surgery / Spine"),
        ] {
            assert_eq!(fault(terms, rules), said);
        }
    }
}
