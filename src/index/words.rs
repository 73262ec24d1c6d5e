//! Words: how a text is cut for the index, for queries and for marking matches. One rule for all three, or they disagree.
//!
//! A word is a run of letters and digits in lower case, cut where digits are followed by letters (`325mg` is `325 mg`, `L4` is
//! one word), without a possessive `'s`. The index holds each word as it is and no stem of it: a word asked for plainly finds its
//! other forms among the words of the index, of which there are few beside the places where they stand. At the position of the last
//! word of a sentence the index has [`SENTENCE_END`] too, and of a text [`TEXT_END`].

use std::borrow::Cow;
use std::ops::Range;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::sentences::{Sentences, sentences};

mod ascii;

/// The term at the last word of each sentence ([`super::sentences`]). No word begins so, and no search for near spellings of a
/// word reaches it, since it differs from any word by three letters and more.
pub const SENTENCE_END: &str = "\u{1}\u{1}\u{1}.";

/// The term at the last word of each text: a field may have several, and nothing is near to what is in another.
pub const TEXT_END: &str = "\u{1}\u{1}\u{1}..";

/// The name under which the index knows [`Words`].
pub const ANALYZER: &str = "imr-words-3";

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
    let mut runs = Runs::of(text);
    std::iter::from_fn(move || {
        let range = runs.take()?;
        let run = &text[range.clone()];
        let word = match run.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            true => Cow::Borrowed(run),
            false => Cow::Owned(run.to_lowercase()),
        };
        Some(Word { word, range })
    })
}

/// The runs of letters and digits of a text. Where the next begins is known before it is taken.
struct Runs<'a> {
    text: &'a str,
    next: Option<usize>,
}

impl<'a> Runs<'a> {
    fn of(text: &'a str) -> Self {
        Runs { text, next: next_letter(text, 0) }
    }

    #[inline]
    fn take(&mut self) -> Option<Range<usize>> {
        let start = self.next?;
        let bytes = self.text.as_bytes();
        let letters = start + ascii::letters(bytes.get(start..)?);
        // Nearly every word is of ASCII letters only, with a blank behind it, or a stop or comma and a blank.
        let between = match bytes.get(letters..) {
            Some([b' ', next, ..]) if next.is_ascii_alphanumeric() => 1,
            Some([b'.' | b',', b' ', next, ..]) if next.is_ascii_alphanumeric() => 2,
            _ => return Some(start..self.pass(letters)),
        };
        self.next = Some(letters + between);
        Some(start..letters)
    }

    /// Goes on from a run of which the ASCII letters end at `letters`, and tells where it ends; apart, so that little is done for
    /// the words that do not want it.
    #[inline(never)]
    fn pass(&mut self, letters: usize) -> usize {
        let end = run_end(self.text, letters);
        self.next = next_letter(self.text, after_possessive(self.text, end));
        end
    }
}

/// The first letter or digit at or after `from`.
fn next_letter(text: &str, from: usize) -> Option<usize> {
    let at = from + ascii::marks(text.as_bytes().get(from..)?);
    match text.as_bytes().get(at)?.is_ascii() {
        true => Some(at),
        false => Some(at + text.get(at..)?.find(char::is_alphanumeric)?),
    }
}

/// The end of the run whose ASCII letters end at `letters`: before letters that follow digits, if they do.
fn run_end(text: &str, letters: usize) -> usize {
    let mut end = letters;
    if text.as_bytes().get(end).is_none_or(|b| b.is_ascii() && !b.is_ascii_digit()) {
        return end;
    }
    let mut digits = false;
    for c in text[end..].chars() {
        if !c.is_alphanumeric() || (digits && c.is_alphabetic()) {
            break;
        }
        digits = c.is_numeric();
        end += c.len_utf8();
    }
    end
}

/// Where to go on after a word that ends at `end`: past an `'s` that ends the word.
fn after_possessive(text: &str, end: usize) -> usize {
    if text.as_bytes().get(end).is_none_or(|b| b.is_ascii() && *b != b'\'') {
        return end;
    }
    let mut rest = text[end..].chars();
    let Some(quote @ ('\'' | '’')) = rest.next() else { return end };
    let Some(s @ ('s' | 'S')) = rest.next() else { return end };
    match rest.next() {
        Some(c) if c.is_alphanumeric() => end,
        _ => end + quote.len_utf8() + s.len_utf8(),
    }
}

/// Words that every text is full of.
const FUNCTION_WORDS: [&str; 40] = [
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he", "her", "his",
    "in", "is", "it", "its", "of", "on", "or", "she", "that", "the", "their", "there", "these", "this", "those", "to", "was",
    "were", "which", "will", "with", "would",
];

/// Whether every text is full of a word (in lower case).
pub fn is_function(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

/// The tokenizer that the index runs: each word, then at the same position what ends with it. It keeps its room from one text to the
/// next.
#[derive(Clone, Default)]
pub struct Words {
    token: Token,
    /// The text with its ASCII letters in lower case, as nearly every word is then.
    lower: String,
}

/// The stream of [`Words`].
pub struct WordStream<'a> {
    runs: Runs<'a>,
    token: &'a mut Token,
    lower: &'a str,
    is_ascii: bool,
    /// The sentences behind the one in which the next word stands.
    sentences: Sentences<'a>,
    /// Where that one ends.
    sentence_end: usize,
    /// What is still to come at the word's position.
    ends_sentence: bool,
    ends_text: bool,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        self.lower.clear();
        self.lower.push_str(text);
        self.lower.make_ascii_lowercase();
        let mut stream = WordStream {
            runs: Runs::of(text),
            token: &mut self.token,
            lower: &self.lower,
            is_ascii: text.is_ascii(),
            sentences: sentences(text),
            sentence_end: 0,
            ends_sentence: false,
            ends_text: false,
        };
        stream.pass_sentences();
        stream
    }
}

impl WordStream<'_> {
    /// Goes on to the next word, if there is one.
    fn next_word(&mut self) -> bool {
        let Some(range) = self.runs.take() else { return false };
        let run = &self.lower[range.clone()];
        self.token.text.clear();
        match self.is_ascii || run.is_ascii() {
            true => self.token.text.push_str(run),
            false => self.token.text.push_str(&self.runs.text[range.clone()].to_lowercase()),
        }
        (self.token.offset_from, self.token.offset_to) = (range.start, range.end);
        self.token.position = self.token.position.wrapping_add(1);
        if self.runs.next.is_none_or(|next| self.sentence_end <= next) {
            self.ends_text = self.runs.next.is_none();
            self.ends_sentence = true;
            self.pass_sentences();
        }
        true
    }

    /// Goes on to the next word's sentence; one without a word ends nothing.
    fn pass_sentences(&mut self) {
        let Some(next) = self.runs.next else { return };
        while self.sentence_end <= next {
            let Some(sentence) = self.sentences.next() else { return };
            self.sentence_end = sentence.end;
        }
    }

    fn set(&mut self, term: &str) -> bool {
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if self.ends_sentence {
            self.ends_sentence = false;
            return self.set(SENTENCE_END);
        }
        if self.ends_text {
            self.ends_text = false;
            return self.set(TEXT_END);
        }
        self.next_word()
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests;
