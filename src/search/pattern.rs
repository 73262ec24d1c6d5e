//! What a word, a phrase, a beginning or a fuzzy word asks of words that stand side by side: the same for the postings of the
//! index and for a text, so that what matches and what is marked are one.

use memchr::memmem;

use super::form::Form;
use crate::field::Field;
use crate::index::words::Word;
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
    /// That word, or any form of it.
    Form(Form),
    /// Begun so.
    Begins(String),
    /// That word but for so many changes, of which one is two neighbouring letters changed in place.
    Like(String, u8),
}

impl Pattern {
    /// The pattern of a leaf that asks for words.
    pub fn of(leaf: &Query) -> Option<Pattern> {
        let all = |forms: Vec<Form>| forms.into_iter().map(Place::Form).collect::<Vec<_>>();
        let places = match leaf {
            Query::Word { word, .. } | Query::Hint { word } => all(Form::all_of(word)),
            Query::Phrase { text, .. } => all(Form::as_written(text)),
            Query::Prefix { field, prefix } if field.is_none_or(Field::is_text) => {
                let mut places = all(Form::as_written(prefix));
                if let Some(Place::Form(last)) = places.pop() {
                    places.push(Place::Begins(last.text().to_owned()));
                }
                places
            }
            Query::Fuzzy { word, distance, .. } => vec![Place::Like(word.to_lowercase(), *distance)],
            _ => Vec::new(),
        };
        (!places.is_empty()).then_some(Pattern { places })
    }

    /// Whether it may stand somewhere in a text, which is in lower case.
    pub fn may_stand_in(&self, lower: &str) -> bool {
        self.places.iter().all(|place| place.may_stand_in(lower))
    }

    /// Whether it matches from the first of `words` on.
    pub fn begins(&self, words: &[Word<'_>]) -> bool {
        words.len() >= self.places.len() && self.places.iter().zip(words).all(|(place, word)| place.is(&word.word))
    }
}

impl Place {
    /// Whether a text, in lower case, has the letters without which no word of it is one.
    fn may_stand_in(&self, lower: &str) -> bool {
        let letters = match self {
            Place::Form(form) => form.beginning(),
            Place::Begins(prefix) => prefix,
            Place::Like(..) => "",
        };
        memmem::find(lower.as_bytes(), letters.as_bytes()).is_some()
    }

    fn is(&self, word: &str) -> bool {
        match self {
            Place::Form(form) => form.is(word),
            Place::Begins(prefix) => word.starts_with(prefix.as_str()),
            Place::Like(like, distance) => strsim::osa_distance(like, word) <= usize::from(*distance),
        }
    }
}
