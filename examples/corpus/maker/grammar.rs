//! The grammar of what letters say: sections of sentences, each with slots for others.
//!
//! `grammar.txt` holds them: `[section]`, then a production a line, `3*` before one that is three times as likely. `{section}` is
//! another expanded, `{a|b|c}` one of these, `{2-9}` a number; `{term}`, `{name}` and `{code}` are words of the lexicon. All else
//! in braces is what the letter knows: its dates, its worker, its item. `{^x}` begins with a capital letter.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::{List, capitalised};
use super::rng::Rng;

/// The grammar of this program.
pub static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| Grammar::parse(include_str!("grammar.txt")));

/// What a text is about: the slots that the grammar does not fill by itself.
pub trait Subject {
    /// The words of a slot, if it is known.
    fn words(&self, slot: &str, rng: &mut Rng) -> Option<String>;
}

/// Nothing in particular: what a reviewer says in every letter.
pub struct Anything;

impl Subject for Anything {
    fn words(&self, _: &str, _: &mut Rng) -> Option<String> {
        None
    }
}

/// Sections by name.
pub struct Grammar(HashMap<&'static str, Vec<Production>>);

struct Production {
    weight: u32,
    text: &'static str,
}

impl Grammar {
    fn parse(text: &'static str) -> Self {
        let mut sections: HashMap<_, Vec<_>> = HashMap::new();
        let mut section = "";
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = name;
                continue;
            }
            let weighted = line.split_once("* ").and_then(|(weight, text)| Some((weight.parse().ok()?, text)));
            let (weight, text) = weighted.unwrap_or((1, line));
            sections.entry(section).or_default().push(Production { weight, text });
        }
        Grammar(sections)
    }

    /// One text of a section.
    pub fn say(&self, section: &str, subject: &dyn Subject, rng: &mut Rng) -> String {
        let productions = self.0.get(section).unwrap_or_else(|| panic!("grammar.txt has no section [{section}]"));
        self.fill(rng.weighted(productions, |p| p.weight).text, subject, rng)
    }

    /// A text with its slots filled.
    fn fill(&self, text: &str, subject: &dyn Subject, rng: &mut Rng) -> String {
        let (mut said, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let end = closing(after).unwrap_or_else(|| panic!("a brace is not closed: {text}"));
            said.push_str(before);
            match after[..end].strip_prefix('^') {
                Some(slot) => said.push_str(&capitalised(&self.slot(slot, subject, rng))),
                None => said.push_str(&self.slot(&after[..end], subject, rng)),
            }
            rest = &after[end + 1..];
        }
        said + rest
    }

    fn slot(&self, slot: &str, subject: &dyn Subject, rng: &mut Rng) -> String {
        let choices = alternatives(slot);
        if choices.len() > 1 {
            return self.fill(rng.pick(&choices), subject, rng);
        }
        if let Some(words) = subject.words(slot, rng) {
            return words;
        }
        let number = slot.split_once('-').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        match (slot, number) {
            (_, Some((low, high))) => rng.between(low, high).to_string(),
            ("term", _) => List::Term.draw(rng),
            ("name", _) => List::Name.draw(rng),
            ("code", _) => List::Code.draw(rng),
            _ => self.say(slot, subject, rng),
        }
    }
}

/// Where the brace is closed that was opened before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    text.bytes().position(|b| {
        open += i32::from(b == b'{') - i32::from(b == b'}');
        open == 0
    })
}

/// The parts of a slot between bars that stand in no braces of their own.
fn alternatives(slot: &str) -> Vec<&str> {
    let mut open = 0;
    slot.split(|c: char| {
        open += i32::from(c == '{') - i32::from(c == '}');
        c == '|' && open == 0
    })
    .collect()
}
