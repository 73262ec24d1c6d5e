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
    terms: Vec<(String, usize, Pair)>,
    known: HashSet<String>,
}

impl Spelling {
    /// Learns a term in normal form; only one that names a class can be meant by a misspelling.
    pub fn learn(&mut self, normal: &str, term: usize, class: Option<Pair>) {
        self.known.extend(normal.split_whitespace().map(str::to_owned));
        if let (Some(class), false) = (class, normal.trim().contains(' ')) {
            self.terms.push((normal.trim().to_owned(), term, class));
        }
    }

    /// The terms that `word` may misspell, all of one class.
    pub fn meant(&self, word: &str) -> Vec<usize> {
        if word.len() < SHORTEST || self.known.contains(word) {
            return Vec::new();
        }
        let allowed = if word.len() < LONG { 1 } else { 2 };
        let near = self.terms.iter().filter(|(normal, _, _)| {
            normal.len() >= SHORTEST
                && normal.len().abs_diff(word.len()) <= allowed
                && normal.chars().next() == word.chars().next()
                && strsim::damerau_levenshtein(normal, word) <= allowed
        });
        let (terms, mut classes): (Vec<_>, Vec<_>) = near.map(|&(_, term, class)| (term, class)).unzip();
        classes.dedup();
        if classes.len() > 1 { Vec::new() } else { terms }
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
        let terms = [("oxycodone", Some(a)), ("oxycodine", Some(b)), ("hydrocodone", Some(a)), ("consultation", None)];
        for (id, (term, class)) in terms.into_iter().enumerate() {
            spelling.learn(term, id, class);
        }
        assert_eq!(spelling.meant("hydrocondon"), [2], "two letters of a long word");
        assert!(spelling.meant("oxycodane").is_empty(), "between two classes");
        assert!(spelling.meant("oxycodone").is_empty(), "a known word");
        assert!(spelling.meant("consultatio").is_empty(), "names no class");
        assert!(spelling.meant("codone").is_empty(), "short");
    }
}
