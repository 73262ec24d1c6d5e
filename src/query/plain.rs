//! What a query is by the looks of it: a description or a formula, and what in it is read otherwise than might be thought.

use super::lexer::{self, Lexeme, Token};
use super::word::{self, Operator};

/// What the reader should know of how the query is read, a sentence each.
pub fn notes(text: &str) -> Vec<String> {
    let lexemes = lexer::lex(text).unwrap_or_default();
    let token = |at: usize| lexemes.get(at).map(|lexeme| lexeme.token);
    let mut notes: Vec<String> = Vec::new();
    for (at, lexeme) in lexemes.iter().enumerate() {
        let told = match lexeme.token {
            Token::Word(word) if word::is_pattern(word) => {
                vec![format!("`{word}` is read as words; there are no regular expressions")]
            }
            Token::Word(word) => {
                let before = at.checked_sub(1).and_then(token);
                [not_as_a_word(word, token(at + 1)), unjoined(before, word, token(at + 1), token(at + 2))].concat()
            }
            Token::Noise => bar(text.get(lexeme.span.clone()).unwrap_or_default()).into_iter().collect(),
            _ => Vec::new(),
        };
        for note in told {
            notes.extend((!notes.contains(&note)).then_some(note));
        }
    }
    notes
}

fn not_as_a_word(word: &str, next: Option<Token<'_>>) -> Vec<String> {
    match next {
        Some(Token::Word(next)) if word == "not" => {
            vec![format!("`not` before `{next}` is read as a word; to exclude, write NOT or -")]
        }
        _ => Vec::new(),
    }
}

/// The law libraries take words side by side for a phrase; here they are two demands, of which a connector joins one.
fn unjoined(before: Option<Token<'_>>, word: &str, next: Option<Token<'_>>, behind: Option<Token<'_>>) -> Vec<String> {
    let Some(Token::Word(next)) = next else { return Vec::new() };
    let mut notes = Vec::new();
    if let Some(Token::Connector(gap)) = behind {
        notes.push(format!("`{gap}` joins `{next}`; for the phrase before it, write \"{word} {next}\" {gap} …"));
    }
    if let Some(Token::Connector(gap)) = before.filter(|_| word::outcome(next).is_none()) {
        notes.push(format!("`{gap}` joins `{word}`; for the phrase behind it, write … {gap} \"{word} {next}\""));
    }
    notes
}

/// Elsewhere `|` is an operator.
fn bar(sign: &str) -> Option<String> {
    sign.contains('|').then(|| format!("`{sign}` is passed over; for either of two, write OR"))
}

/// Whether the query is a description rather than a formula: words and quotations joined by blanks, or by `and` in small
/// letters, which reads the same and is what a sentence has. Only such a query may be answered with near matches too.
pub fn is_plain(text: &str) -> bool {
    lexer::lex(text).is_ok_and(|lexemes| {
        let plain = |lexeme: &Lexeme<'_>| match lexeme.token {
            Token::Noise | Token::Quoted(_) => true,
            Token::Word(word) => word::is_pattern(word) || (!word.contains('*') && word::fuzzy(word).is_none()),
            Token::Operator(Operator::And) => text.get(lexeme.span.clone()) == Some("and"),
            _ => false,
        };
        lexemes.iter().all(plain) && lexemes.iter().any(|l| matches!(l.token, Token::Word(_) | Token::Quoted(_)))
    })
}
