//! A long word that no term holds, read as the one term that it misses by a letter or two: "eszopicolone", "acupunture".
//!
//! Letters misspell drugs more than anything. It is asked only of items that name nothing else, and answers only where all terms
//! so near name one class: two drugs of different classes that look alike are nobody's.

use std::collections::HashSet;

use super::taxonomy::Pair;

/// Shorter words have too many neighbours.
const SHORTEST: usize = 7;
/// From this length on two letters may be wrong.
const LONG: usize = 10;

/// The terms of one long word, and every word of the tables.
#[derive(Default)]
pub struct Spelling {
    terms: Vec<(String, &'static str, Pair)>,
    known: HashSet<String>,
}

impl Spelling {
    /// Learns a term in normal form; only one that names a class can be meant by a misspelling.
    pub fn learn(&mut self, normal: &str, term: &'static str, class: Option<Pair>) {
        self.known.extend(normal.split_whitespace().map(str::to_owned));
        if let (Some(class), false) = (class, normal.trim().contains(' ')) {
            self.terms.push((normal.trim().to_owned(), term, class));
        }
    }

    /// The term that `word` misspells.
    pub fn meant(&self, word: &str) -> Option<(&'static str, Pair)> {
        if word.len() < SHORTEST || self.known.contains(word) {
            return None;
        }
        let allowed = if word.len() < LONG { 1 } else { 2 };
        let mut near = self.terms.iter().filter(|(normal, _, _)| {
            normal.len() >= SHORTEST
                && normal.len().abs_diff(word.len()) <= allowed
                && normal.chars().next() == word.chars().next()
                && strsim::damerau_levenshtein(normal, word) <= allowed
        });
        let &(_, term, class) = near.next()?;
        near.all(|(_, _, other)| *other == class).then_some((term, class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unknown_word_near_one_class_is_read() {
        let mut spelling = Spelling::default();
        let a = ("Pharmaceuticals", "Opioids");
        let b = ("Pharmaceuticals", "NSAID");
        for (term, class) in [("oxycodone", Some(a)), ("oxycodine", Some(b)), ("hydrocodone", Some(a)), ("consultation", None)] {
            spelling.learn(term, term, class);
        }
        assert_eq!(spelling.meant("hydrocondon"), Some(("hydrocodone", a)), "two letters of a long word");
        assert_eq!(spelling.meant("oxycodane"), None, "between two classes");
        assert_eq!(spelling.meant("oxycodone"), None, "a known word");
        assert_eq!(spelling.meant("consultatio"), None, "names no class");
        assert_eq!(spelling.meant("codone"), None, "short");
    }
}
