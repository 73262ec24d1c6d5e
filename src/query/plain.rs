//! What a query is by the looks of it: a description or a formula, and what in it is read otherwise than might be thought.

use super::lexer::{self, Lexeme, Token};
use super::word::{self, Operator};

/// What the reader should know of how the query is read, a sentence each.
pub fn notes(text: &str) -> Vec<String> {
    let lexemes = lexer::lex(text).unwrap_or_default();
    let mut notes: Vec<String> = Vec::new();
    for pair in lexemes.windows(2) {
        if let [Lexeme { token: Token::Word("not"), .. }, Lexeme { token: Token::Word(word), .. }] = pair {
            let note = format!("`not` before `{word}` is read as a word; to exclude, write NOT or -");
            notes.extend((!notes.contains(&note)).then_some(note));
        }
    }
    notes
}

/// Whether the query is a description rather than a formula: words and quotations joined by blanks, or by `and` in small
/// letters, which reads the same and is what a sentence has. Only such a query may be answered with near matches too.
pub fn is_plain(text: &str) -> bool {
    lexer::lex(text).is_ok_and(|lexemes| {
        let plain = |lexeme: &Lexeme<'_>| match lexeme.token {
            Token::Noise | Token::Quoted(_) => true,
            Token::Word(word) => !word.contains('*') && word::fuzzy(word).is_none(),
            Token::Operator(Operator::And) => text.get(lexeme.span.clone()) == Some("and"),
            _ => false,
        };
        lexemes.iter().all(plain) && lexemes.iter().any(|l| matches!(l.token, Token::Word(_) | Token::Quoted(_)))
    })
}
