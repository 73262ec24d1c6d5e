//! Words: how a text is cut for the index, for queries and for marking matches. One rule for all three, or they disagree.
//!
//! A word is a run of letters and digits in lower case, cut where digits are followed by letters (`325mg` is `325 mg`, `L4` is
//! one word), without a possessive `'s`. The index holds each word as it is, for phrases and prefixes, and beside it, at the
//! same position, its stem behind [`STEM`], for words asked for plainly. Numbers and function words have no stem. At the
//! position of the last word of a sentence it has [`SENTENCE_END`] too, and of a text [`TEXT_END`].

use std::borrow::Cow;
use std::ops::Range;

use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::sentences::{Sentences, sentences};

/// Stands before a stem in the index. No word begins with it, so a stem is never taken for a word. Three of it keep stems out
/// of the reach of a search for near spellings of a word.
pub const STEM: &str = "\u{1}\u{1}\u{1}";

/// The term at the last word of each sentence ([`super::sentences`]). Like a stem it is taken for no word, and no stem is like it.
pub const SENTENCE_END: &str = "\u{1}\u{1}\u{1}.";

/// The term at the last word of each text: a field may have several, and nothing is near to what is in another.
pub const TEXT_END: &str = "\u{1}\u{1}\u{1}..";

/// The name under which the index knows [`Words`].
pub const ANALYZER: &str = "imr-words-2";

/// A word and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// In lower case.
    pub word: Cow<'a, str>,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// The words of a text, in order.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let range = next_run(text, from)?;
        from = after_possessive(text, range.end);
        let run = &text[range.clone()];
        let word = match run.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            true => Cow::Borrowed(run),
            false => Cow::Owned(run.to_lowercase()),
        };
        Some(Word { word, range })
    })
}

/// The next run of letters and digits at or after `from`, ended before letters that follow digits.
fn next_run(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text.get(from..)?.find(char::is_alphanumeric)?;
    let mut digits = false;
    let mut end = start;
    for c in text[start..].chars() {
        if !c.is_alphanumeric() || (digits && c.is_alphabetic()) {
            break;
        }
        digits = c.is_numeric();
        end += c.len_utf8();
    }
    Some(start..end)
}

/// Where to go on after a word that ends at `end`: past an `'s` that ends the word.
fn after_possessive(text: &str, end: usize) -> usize {
    let mut rest = text[end..].chars();
    let (Some(quote @ ('\'' | '’')), Some(s @ ('s' | 'S'))) = (rest.next(), rest.next()) else { return end };
    match rest.next() {
        Some(c) if c.is_alphanumeric() => end,
        _ => end + quote.len_utf8() + s.len_utf8(),
    }
}

/// The index term that stands for every form of `word`: its stem behind [`STEM`], or the word itself where it has none.
pub fn stem(word: &str) -> String {
    match has_stem(word) {
        true => format!("{STEM}{}", Stemmer::new(Algorithm::English).stem(word)),
        false => word.to_owned(),
    }
}

/// Words that every text is full of. They have no stem in the index, which spares two tokens in five.
const UNSTEMMED: [&str; 40] = [
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he", "her", "his",
    "in", "is", "it", "its", "of", "on", "or", "she", "that", "the", "their", "there", "these", "this", "those", "to", "was",
    "were", "which", "will", "with", "would",
];

/// Whether every text is full of a word (in lower case).
pub fn is_function(word: &str) -> bool {
    UNSTEMMED.binary_search(&word).is_ok()
}

fn has_stem(word: &str) -> bool {
    word.len() > 2 && word.chars().all(char::is_alphabetic) && !is_function(word)
}

/// The tokenizer that the index runs: each word, then at the same position its stem and what ends with it.
#[derive(Clone, Default)]
pub struct Words;

/// The stream of [`Words`].
pub struct WordStream<'a> {
    text: &'a str,
    from: usize,
    token: Token,
    /// The sentences from the one on in which the next word may stand.
    sentences: std::iter::Peekable<Sentences<'a>>,
    /// What is still to come at the word's position, the last first.
    due: Vec<Due>,
}

/// What stands in the index beside a word.
enum Due {
    Stem,
    End(&'static str),
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        WordStream { text, from: 0, token: Token::default(), sentences: sentences(text).peekable(), due: Vec::new() }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(due) = self.due.pop() {
            self.token.text = match due {
                Due::Stem => stem(&self.token.text),
                Due::End(term) => term.to_owned(),
            };
            return true;
        }
        let Some(word) = words(&self.text[self.from..]).next() else { return false };
        self.token.offset_from = self.from + word.range.start;
        self.token.offset_to = self.from + word.range.end;
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(&word.word);
        self.from = after_possessive(self.text, self.token.offset_to);
        let next = self.text[self.from..].find(char::is_alphanumeric).map(|at| self.from + at);
        if next.is_none() {
            self.due.push(Due::End(TEXT_END));
        }
        if self.sentences.peek().is_none_or(|sentence| next.is_none_or(|next| sentence.end <= next)) {
            self.due.push(Due::End(SENTENCE_END));
        }
        // The next word's sentence; one without a word ends nothing.
        while self.sentences.next_if(|sentence| next.is_some_and(|next| sentence.end <= next)).is_some() {}
        if has_stem(&word.word) {
            self.due.push(Due::Stem);
        }
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_words() {
        let table: &[(&str, &[&str])] = &[
            ("Physical therapy, 12 sessions", &["physical", "therapy", "12", "sessions"]),
            ("Norco 10/325mg #60", &["norco", "10", "325", "mg", "60"]),
            ("L4-5 and C5-C6", &["l4", "5", "and", "c5", "c6"]),
            ("the patient's workers’ neighbour’s", &["the", "patient", "workers", "neighbour"]),
            ("it'self", &["it", "self"]),
            ("ADL's; 50% ≥ 38°C", &["adl", "50", "38", "c"]),
            ("", &[]),
            ("—", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(words(text).map(|w| w.word.into_owned()).collect::<Vec<_>>(), *expected, "{text}");
        }
    }

    #[test]
    fn forms_of_a_word_share_a_stem_and_numbers_and_function_words_have_none() {
        assert_eq!(stem("injections"), stem("injection"));
        assert_eq!(stem("therapies"), stem("therapy"));
        assert_ne!(stem("operative"), "operative");
        for word in ["the", "325", "l4", "mg"] {
            assert_eq!(stem(word), word);
        }
        assert!(UNSTEMMED.is_sorted());
    }

    #[test]
    fn the_index_gets_words_stems_and_ends_at_one_position() {
        let mut analyzer = Words;
        let mut stream = analyzer.token_stream("The injections. Of 10mg. (Dr. A)");
        let mut tokens = Vec::new();
        while stream.advance() {
            tokens.push((stream.token().position, stream.token().text.clone()));
        }
        let expected = [
            (0, "the"),
            (1, "injections"),
            (1, "\u{1}\u{1}\u{1}inject"),
            (1, SENTENCE_END),
            (2, "of"),
            (3, "10"),
            (4, "mg"),
            (4, SENTENCE_END),
            (5, "dr"),
            (6, "a"),
            (6, SENTENCE_END),
            (6, TEXT_END),
        ];
        assert_eq!(tokens, expected.map(|(at, word)| (at, word.to_owned())));
    }
}
