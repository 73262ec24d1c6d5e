//! What other search tools would make of a query, where this one reads it as words: the connectors of the law libraries with a
//! blank too many or under another name, comparisons, patterns, weights.
//!
//! Each of these can also be a part of what somebody describes, so it is answered; a line of the answer says how it was read.
//! What can be meant in one way only is understood (`w/5`, `therap!`), and what cannot be meant as words is an error.

use super::lexer::{Lexeme, Token};
use super::{gap, leaf, word};
use crate::field;

const CONNECTORS: &str = "connectors are `/5` (from 1 to 255 words), `/s` and `/p`, or `+5` in that order";

/// What a word would mean in other languages, and does not here.
pub(super) fn of_word(word: &str) -> Option<String> {
    let why = if word::is_pattern(word) {
        "words; there are no regular expressions".to_owned()
    } else if word::has_wildcard(word) {
        "words; `?` stands for no letter, and `*` only for the rest of a word".to_owned()
    } else if word::is_weighted(word) {
        "words; there are no weights".to_owned()
    } else if word::is_reference(word) {
        format!("a word; a saved query stands at the beginning only: `{word} …`")
    } else if let Some(root) = word.strip_suffix('!') {
        format!("`{root}*`, every word that begins so")
    } else if word.strip_prefix('/').is_some_and(|rest| rest.chars().all(char::is_alphabetic)) {
        format!("a word; {CONNECTORS}")
    } else {
        return None;
    };
    Some(format!("`{word}` is read as {why}"))
}

/// What a lexeme means there together with the next one.
pub(super) fn note(text: &str, lexemes: &[Lexeme<'_>], at: usize) -> Option<String> {
    let raw = |at: usize| lexemes.get(at).and_then(|lexeme| text.get(lexeme.span.clone())).unwrap_or_default();
    let (here, next) = (raw(at), raw(at + 1));
    let opens = |at: usize| {
        matches!((lexemes.get(at), lexemes.get(at + 1)),
        (Some(here), Some(next)) if next.token == Token::Open && here.span.end == next.span.start)
    };
    let (joined, inside) = (format!("{here}{next}"), at > 0 && at + 1 < lexemes.len());
    let number = at.checked_sub(1).is_some_and(|before| raw(before).ends_with(|c: char| c.is_ascii_digit()));
    match lexemes.get(at)?.token {
        // `3 / 10` is a score of pain.
        Token::Noise | Token::Word(_) if here.ends_with(['/', '+']) && !number && gap::connector(&joined).is_some() => {
            Some(format!("`{here} {next}` is read as words; a connector has no blank in it: `{joined}`"))
        }
        Token::Word(word) if inside && is_named_connector(word) && text.contains(char::is_lowercase) => {
            Some(format!("`{word}` is read as a word; {CONNECTORS}"))
        }
        Token::Word(word) if is_glued(word, !next.is_empty()) => {
            Some(format!("`{word}` is read as words; a connector stands between blanks: `pain /5 relief`"))
        }
        Token::Word(word) if opens(at) && is_counted(word) => {
            Some(format!("`{word}` is read as a word; how often a word stands cannot be asked for"))
        }
        Token::Word(word) if opens(at) && field::find(word).is_some() => {
            Some(format!("`{word}` is read as a word; the field has a colon: `{word}:( … )`"))
        }
        Token::Word(word) if next.starts_with(word::is_comparison) => {
            let field = field::find(word).and_then(leaf::counted)?;
            let end = if word::has_content(next) { "" } else { raw(at + 2) };
            Some(format!(
                "`{word} {next}` is read as words; the field has a colon: `{field}:{}{end}`",
                next.trim_start_matches('=')
            ))
        }
        _ => None,
    }
}

/// Connectors of other tools, which are written in capitals there.
fn is_named_connector(word: &str) -> bool {
    matches!(word.trim_end_matches(|c: char| c.is_ascii_digit()), "NEAR" | "ONEAR" | "ADJ" | "SAME" | "WITHIN" | "NOTNEAR")
}

/// `functional/5 improvement`, `functional /5improvement`: letters and a connector; a word `follows` or not.
fn is_glued(word: &str, follows: bool) -> bool {
    let Some((left, behind)) = word.split_once('/') else { return false };
    let right = behind.trim_start_matches(|c: char| c.is_ascii_digit());
    let a_word = |text: &str| text.chars().count() > 2 && text.chars().all(char::is_alphabetic);
    let joins = if right.is_empty() { a_word(left) && follows } else { a_word(right) && (left.is_empty() || a_word(left)) };
    joins && right.len() < behind.len()
}

/// `atleast5(pain)`.
fn is_counted(word: &str) -> bool {
    let count = word.to_ascii_lowercase();
    count.strip_prefix("atleast").is_some_and(|count| count.chars().all(|c| c.is_ascii_digit()))
}
