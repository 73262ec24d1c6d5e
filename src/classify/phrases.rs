//! Finds the phrases of a list in a text, both in normal form ([`super::words`]), in a single pass.
//!
//! Phrases are of whole words, so that one can only begin where a word does: the words with which phrases begin are looked up, and
//! of the phrases that begin with one there are few. An automaton over letters takes longer, and a hundred times as long to be made.

use rustc_hash::FxHashMap;

/// Phrases, each with a number.
#[derive(Debug, Default)]
pub struct Phrases {
    /// By the word with which they begin, the longest first.
    begun: FxHashMap<String, Vec<(String, usize)>>,
}

impl Phrases {
    /// Those of a list, each numbered by its place.
    pub fn of(normal: &[String]) -> Self {
        let mut phrases = Phrases::default();
        for (id, phrase) in normal.iter().enumerate() {
            let begun = phrases.begun.entry(first_word(phrase).to_owned()).or_default();
            begun.push((phrase.clone(), id));
        }
        phrases.begun.values_mut().for_each(|begun| begun.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len())));
        phrases
    }

    /// The numbers of those in a text, in its order: of two that begin at one word the longer, and none within another.
    pub fn find(&self, normal: &str) -> impl Iterator<Item = usize> {
        let mut rest = normal;
        std::iter::from_fn(move || {
            while !rest.is_empty() {
                let word = first_word(rest);
                let found =
                    self.begun.get(word).and_then(|begun| begun.iter().find(|(phrase, _)| rest.starts_with(phrase.as_str())));
                // A word has a blank on either side.
                let read = found.map_or(word.len() + 2, |(phrase, _)| phrase.len());
                rest = rest.get(read..).unwrap_or_default();
                if let Some((_, id)) = found {
                    return Some(*id);
                }
            }
            None
        })
    }
}

/// The word with which a text begins, without its blanks.
fn first_word(normal: &str) -> &str {
    let word = normal.strip_prefix(' ').unwrap_or(normal);
    word.get(..memchr::memchr(b' ', word.as_bytes()).unwrap_or(word.len())).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What `find` finds, by trying every phrase at every word.
    fn tried(phrases: &[String], text: &str) -> Vec<usize> {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let (text, phrases) = (words(text), phrases.iter().map(|phrase| words(phrase)).collect::<Vec<_>>());
        let (mut found, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let here = (0..phrases.len()).filter(|id| text[at..].starts_with(&phrases[*id]));
            let longest = here.max_by_key(|id| phrases[*id].len());
            at += longest.map_or(1, |id| phrases[id].len());
            found.extend(longest);
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn phrases_are_found_at_whole_words_and_the_longest_is_read(
            phrases in prop::collection::btree_set("( (a|b|ab|é) ){1,3}", 0..6), text in "( (a|b|ab|é|c) ){0,12}"
        ) {
            let phrases: Vec<_> = phrases.into_iter().collect();
            prop_assert_eq!(Phrases::of(&phrases).find(&text).collect::<Vec<_>>(), tried(&phrases, &text));
        }
    }
}
