//! A form: what a word of a query asks of a word in a text. Asked for plainly it is any word with the same stem (Porter 2), asked for
//! as written the word alone. Numbers, function words and words of two letters have no stem, and stand for themselves.
//!
//! The index holds no stems. A word begins as its stem does, all but the stem's end, and there it differs in few ways
//! (`CHANGED`). So the words of a stem stand together in the sorted words of an index, and finding them takes stemming a few dozen.

use std::io;

use frostem::{Algorithm, Stemmer};
use tantivy::postings::TermInfo;
use tantivy::termdict::TermDictionary;

use crate::index::words;

/// The ends of stems that their words do not have, with what the words have there: `hope` is the stem of `hoping`, `therapi` of
/// `therapy`, `disabl` of `disability`, `die` of `dying`, `sky` of `skies`.
const CHANGED: [(&str, &str); 5] = [("e", "ing"), ("i", "y"), ("l", "ili"), ("ie", "ying"), ("y", "ies")];

/// Words that are one for a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Every word with that stem.
    Stem(String),
    /// That word alone.
    Word(String),
}

impl Form {
    /// All forms of a word, which is in lower case.
    pub fn of(word: &str) -> Form {
        let has_stem = word.len() > 2 && word.chars().all(char::is_alphabetic) && !words::is_function(word);
        match has_stem {
            true => Form::Stem(Stemmer::new(Algorithm::English).stem(word).into_owned()),
            false => Form::Word(word.to_owned()),
        }
    }

    /// The forms of each word of a text.
    pub fn all_of(text: &str) -> Vec<Form> {
        words::words(text).map(|w| Form::of(&w.word)).collect()
    }

    /// Each word of a text as it is.
    pub fn as_written(text: &str) -> Vec<Form> {
        words::words(text).map(|w| Form::Word(w.word.into_owned())).collect()
    }

    /// Whether a word is one of them.
    pub fn is(&self, word: &str) -> bool {
        match self {
            Form::Word(own) => own == word,
            // Most words need no stemming to be told from these.
            Form::Stem(stem) => beginnings(stem).any(|(kept, end)| begins(word, kept, end)) && Form::of(word) == *self,
        }
    }

    /// The word, or the stem.
    pub fn text(&self) -> &str {
        let (Form::Word(text) | Form::Stem(text)) = self;
        text
    }

    /// What each of them begins with.
    pub fn beginning(&self) -> &str {
        match self {
            Form::Word(word) => word,
            Form::Stem(stem) => beginnings(stem).map(|(kept, _)| kept).min_by_key(|kept| kept.len()).unwrap_or_default(),
        }
    }

    /// Gives those of a dictionary, in no order.
    pub fn find(&self, dictionary: &TermDictionary, each: &mut dyn FnMut(&str, &TermInfo)) -> io::Result<()> {
        let stem = match self {
            Form::Stem(stem) => stem,
            Form::Word(word) => {
                dictionary.get(word)?.iter().for_each(|info| each(word, info));
                return Ok(());
            }
        };
        for (kept, end) in beginnings(stem) {
            let beginning = [kept, end].concat();
            let mut words = dictionary.range().ge(&beginning).into_stream()?;
            while words.advance() && words.key().starts_with(beginning.as_bytes()) {
                let word = std::str::from_utf8(words.key()).unwrap_or_default();
                if Form::of(word) == *self {
                    each(word, words.value());
                }
            }
        }
        Ok(())
    }
}

/// How the words of a stem may begin: what they keep of it, and what they have behind that.
fn beginnings(stem: &str) -> impl Iterator<Item = (&str, &'static str)> {
    let changed = CHANGED.iter().filter_map(|(end, instead)| Some((stem.strip_suffix(end)?, *instead)));
    std::iter::once((stem, "")).chain(changed)
}

fn begins(word: &str, kept: &str, end: &str) -> bool {
    word.strip_prefix(kept).is_some_and(|rest| rest.starts_with(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem_and_numbers_and_function_words_have_none() {
        for (word, other) in [("injections", "injection"), ("therapies", "therapy"), ("dying", "die"), ("disability", "disable")]
        {
            assert_eq!(Form::of(word), Form::of(other));
            assert!(Form::of(word).is(other));
        }
        assert!(!Form::of("therapy").is("therapist"));
        for word in ["the", "325", "l4", "mg"] {
            assert_eq!(Form::of(word), Form::Word(word.to_owned()));
        }
        // It is the stem of `thes`, which is no function word.
        assert!(!Form::of("thes").is("the"));
    }

    fn begins_as_its_stem_may(word: &str) -> bool {
        match Form::of(word) {
            Form::Stem(stem) => {
                word.starts_with(Form::of(word).beginning()) && beginnings(&stem).any(|(kept, end)| begins(word, kept, end))
            }
            Form::Word(_) => true,
        }
    }

    #[test]
    #[allow(clippy::print_stderr, reason = "it says that it was skipped")]
    fn every_word_of_letters_is_found_by_its_stem() {
        for folder in ["data", "../shared/letters"] {
            let Ok(letters) = std::fs::read_dir(folder) else {
                eprintln!("skipped: {folder} is not there");
                continue;
            };
            let letters = letters.map(|entry| entry.unwrap().path());
            for letter in letters.filter(|path| path.extension().is_some_and(|extension| extension == "txt")) {
                for word in words::words(&std::fs::read_to_string(letter).unwrap()) {
                    assert!(begins_as_its_stem_may(&word.word), "{}", word.word);
                }
            }
        }
    }

    /// What Porter's rules take away, and what stands before it where they put something else.
    const ENDINGS: &str = "s es sses ies ied us ss y ly li ed ing edly ingly eed eedly ying yed tional enci ency anci ancy abli ably able \
        entli ently izer ization ational ation ator alism aliti ality alli ally fulness fully ously ousness iveness iviti ivity \
        biliti bility bli bly logi logy ogist lessly alize icate iciti icity ical ful ness ative al ance ence er ic ible ant \
        ement ment ent ism ate iti ity ous ive ize ion sion tion e l ll";

    fn word() -> impl Strategy<Value = String> {
        let endings = prop::sample::select(ENDINGS.split(' ').collect::<Vec<_>>());
        let ended = ("[a-z]{1,6}", prop::collection::vec(endings, 0..4)).prop_map(|(root, ends)| root + &ends.concat());
        prop_oneof![9 => ended, 1 => "[a-zé]{1,9}"]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn every_word_is_found_by_its_stem(word in word()) {
            prop_assert!(begins_as_its_stem_may(&word));
        }
    }
}
