//! The two tables, compiled in and read once, and one automaton that finds all their terms in a single pass over an item.
//!
//! A section of `terms.txt` is `[Category / Subcategory]`, alone or followed by `leads` or `yields`; of `rules.txt`
//! `(circumstance)`, alone or followed by `near`. Terms stand under them, parted by commas. A rule is a line
//! `circumstance, circumstance twice + what was named -> Category / Subcategory`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::taxonomy::{self, Pair};
use super::words;

/// The tables of this program. They are part of it, so a fault in them is a fault in its source, which any test shows.
pub static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::parse(include_str!("terms.txt"), include_str!("rules.txt")).expect("the tables are well formed"));

/// Begins a new part of an item.
const PART: &str = "part";
/// Is read over: the name of a disease that holds the name of a treatment.
const IGNORED: &str = "ignored";
/// Is there without a word of its own: drugs of two classes.
const MIXTURE: &str = "mixture";

/// What a term may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Class(Pair, Standing),
    Circumstance(usize),
}

/// Which of two terms in one part decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Leads,
    Plain,
    Yields,
}

/// The terms, what they say, and the rules.
pub struct Table {
    rules: Vec<Rule>,
    terms: Vec<(&'static str, Meaning)>,
    circumstances: Vec<Circumstance>,
    automaton: AhoCorasick,
}

struct Circumstance {
    name: &'static str,
    /// Changes only what is named in its own part.
    near: bool,
}

/// One line of `rules.txt`.
pub struct Rule {
    /// As written.
    pub line: &'static str,
    /// The class it gives.
    pub result: Pair,
    once: u64,
    twice: u64,
    subject: Subject,
}

enum Subject {
    Nothing,
    Category(&'static str),
    Class(Pair),
}

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
}

impl Found {
    /// What the table's terms say in `text`.
    pub fn read(text: &str) -> Self {
        let table = &*TABLE;
        let mut found = Found::default();
        let mut part = 0;
        for hit in table.automaton.find_iter(&words::normal(text)) {
            match table.terms.get(hit.pattern().as_usize()) {
                Some(&(term, Meaning::Class(class, standing))) => found.named.push(Named { class, term, part, standing }),
                Some(&(_, Meaning::Circumstance(id))) => match table.circumstances.get(id).map(|c| c.name) {
                    Some(PART) => part += 1,
                    Some(IGNORED) | None => {}
                    Some(_) => found.round.push((id, part)),
                },
                None => {}
            }
        }
        found
    }

    /// The term that decides.
    pub fn winner(&self) -> Option<Named> {
        self.named.iter().min_by_key(|n| (n.part, n.standing)).copied()
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

    fn is_mixture(&self) -> bool {
        let drug = |n: &&Named| n.class.0 == "Pharmaceuticals" && n.class.1 != "Topical Analgesics";
        let mut drugs = self.named.iter().filter(drug).map(|n| n.class);
        let first = drugs.next();
        drugs.any(|class| Some(class) != first)
    }
}

impl Table {
    /// The first rule that fits what was found.
    pub fn rule(&self, found: &Found, winner: Option<Named>) -> Option<&Rule> {
        let (once, twice) = found.circumstances(winner);
        let fits = |rule: &&Rule| {
            rule.once & once == rule.once
                && rule.twice & twice == rule.twice
                && match rule.subject {
                    Subject::Nothing => winner.is_none(),
                    Subject::Category(category) => winner.is_some_and(|w| w.class.0 == category),
                    Subject::Class(class) => winner.is_some_and(|w| w.class == class),
                }
        };
        self.rules.iter().find(fits)
    }

    fn parse(terms: &'static str, rules: &'static str) -> Result<Self, String> {
        let mut parser = Parser::default();
        for line in terms.lines().chain(rules.lines()) {
            let text = line.split('#').next().unwrap_or_default().trim();
            if !text.is_empty() {
                parser.line(text).map_err(|e| format!("{e} in the line: {line}"))?;
            }
        }
        let Parser { terms, normal, circumstances, rules, .. } = parser;
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&normal).map_err(|e| e.to_string())?;
        Ok(Table { rules, terms, circumstances, automaton })
    }
}

#[derive(Default)]
struct Parser {
    section: Option<Meaning>,
    terms: Vec<(&'static str, Meaning)>,
    normal: Vec<String>,
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
        } else if let Some((name, flag)) = line.strip_prefix('(').and_then(|l| l.split_once(')')) {
            self.section = Some(Meaning::Circumstance(self.circumstances.len()));
            self.circumstances.push(Circumstance { name, near: flag.trim() == "near" });
        } else if let Some((when, result)) = line.split_once(" -> ") {
            let rule = self.rule(line, when, class(result)?)?;
            self.rules.push(rule);
        } else {
            let section = self.section.ok_or("a term under no section")?;
            for term in line.split(',').map(str::trim).filter(|t| !t.is_empty()) {
                self.term(term, section)?;
            }
        }
        Ok(())
    }

    fn term(&mut self, term: &'static str, meaning: Meaning) -> Result<(), String> {
        let normal = words::normal(term);
        if normal.is_empty() {
            return Err(format!("{term} has no word"));
        }
        if self.normal.contains(&normal) {
            return Err(format!("{term} stands twice"));
        }
        self.terms.push((term, meaning));
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
