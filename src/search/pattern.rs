//! What a word, a phrase, a beginning or a fuzzy word asks of words that stand side by side: the same for the postings of the
//! index and for a text, so that what matches and what is marked are one.

use crate::field::Field;
use crate::index::words::{self, Word};
use crate::query::Query;

/// What each of the words must be, from the first to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Never none.
    pub places: Vec<Place>,
}

/// What one word must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// That term of the index: a word as it is, or a stem.
    Term(String),
    /// Begun so.
    Begins(String),
    /// That word but for so many changes, of which one is two neighbouring letters changed in place.
    Like(String, u8),
}

impl Pattern {
    /// The pattern of a leaf that asks for words.
    pub fn of(leaf: &Query) -> Option<Pattern> {
        let terms = |text: &str, form: &dyn Fn(&str) -> String| -> Vec<Place> {
            words::words(text).map(|w| Place::Term(form(&w.word))).collect()
        };
        let places = match leaf {
            Query::Word { word, .. } | Query::Hint { word } => terms(word, &words::stem),
            Query::Phrase { text, .. } => terms(text, &str::to_owned),
            Query::Prefix { field, prefix } if field.is_none_or(Field::is_text) => {
                let mut places = terms(prefix, &str::to_owned);
                if let Some(Place::Term(last)) = places.pop() {
                    places.push(Place::Begins(last));
                }
                places
            }
            Query::Fuzzy { word, distance, .. } => vec![Place::Like(word.to_lowercase(), *distance)],
            _ => Vec::new(),
        };
        (!places.is_empty()).then_some(Pattern { places })
    }

    /// Whether it matches from the first of `words` on; each has its stem beside it.
    pub fn begins(&self, words: &[(Word<'_>, String)]) -> bool {
        words.len() >= self.places.len() && self.places.iter().zip(words).all(|(place, (word, stem))| place.is(&word.word, stem))
    }
}

impl Place {
    fn is(&self, word: &str, stem: &str) -> bool {
        match self {
            Place::Term(term) => term == word || term == stem,
            Place::Begins(prefix) => word.starts_with(prefix.as_str()),
            Place::Like(like, distance) => strsim::osa_distance(like, word) <= usize::from(*distance),
        }
    }
}
