//! What a query is by the looks of it: a description or a formula, and what in it is read otherwise than might be thought.

use jiff::civil::date;

use super::lexer::{self, Lexeme, Token};
use super::word::{self, Operator};
use super::{Query, parse};

/// What the reader should know of how the query is read, a sentence each.
pub fn notes(text: &str) -> Vec<String> {
    let tokens: Vec<_> = lexer::lex(text).unwrap_or_default().into_iter().map(|lexeme| lexeme.token).collect();
    let mut notes: Vec<String> = Vec::new();
    let mut tell = |note: String| notes.extend((!notes.contains(&note)).then_some(note));
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 1)) {
            (Token::Word("not"), Some(Token::Word(word))) => {
                tell(format!("`not` before `{word}` is read as a word; to exclude, write NOT or -"));
            }
            (Token::Word(word), _) if word::is_pattern(word) => {
                tell(format!("`{word}` is read as words; there are no regular expressions"));
            }
            (Token::Word(word), _) if word::has_wildcard(word) => {
                tell(format!("`{word}` is read as words; `?` stands for no letter, and `*` only for the rest of a word"));
            }
            (Token::Word(word), _) if word::is_weighted(word) => {
                tell(format!("`{word}` is read as words; there are no weights"));
            }
            (Token::Word(word), _) if word::is_reference(word) => {
                tell(format!("`{word}` is read as a word; a saved query stands at the beginning only: `{word} …`"));
            }
            // The law libraries take words side by side for a phrase; here they are two demands.
            (Token::Word(outer), Some(Token::Word(side))) => {
                if let Some(Token::Connector(gap)) = tokens.get(at + 2) {
                    tell(format!("`{gap}` joins `{side}`; for the phrase before it, write \"{outer} {side}\" {gap} …"));
                }
                if let Some(Token::Connector(gap)) = at.checked_sub(1).and_then(|before| tokens.get(before))
                    && word::outcome(side).is_none()
                {
                    tell(format!("`{gap}` joins `{outer}`; for the phrase behind it, write … {gap} \"{outer} {side}\""));
                }
            }
            _ => {}
        }
    }
    // No word of a query is another on another day.
    if let Ok(query) = parse(text, date(2017, 1, 1)) {
        like_outcomes(&query, &mut tell);
    }
    notes
}

/// Words by themselves that mean an outcome, but in the language of other courts: they are looked for in the letters.
fn like_outcomes(query: &Query, tell: &mut impl FnMut(String)) {
    match query {
        Query::And(members) | Query::Or(members) => members.iter().for_each(|m| like_outcomes(m, tell)),
        Query::Not(inner) => like_outcomes(inner, tell),
        Query::Word { field: None, word } if word::is_like_outcome(word) => {
            tell(format!("`{word}` is read as a word of the text; outcomes are {}", word::OUTCOMES.join(", ")));
        }
        _ => {}
    }
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
