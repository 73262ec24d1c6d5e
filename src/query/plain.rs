//! What a query is by the looks of it: a description or a formula, and what in it is read otherwise than might be thought.
//! What other tools would make of it is told by [`super::habits`].

use jiff::civil::date;

use super::lexer::{self, Lexeme, Token};
use super::word::{self, Operator};
use super::{Query, habits, parse};

/// What the reader should know of how the query is read, a sentence each.
pub fn notes(text: &str) -> Vec<String> {
    let lexemes = lexer::lex(text).unwrap_or_default();
    let token = |at: usize| lexemes.get(at).map(|lexeme| lexeme.token);
    let mut notes: Vec<String> = Vec::new();
    let mut tell = |note: String| notes.extend((!notes.contains(&note)).then_some(note));
    for (at, lexeme) in lexemes.iter().enumerate() {
        habits::note(text, &lexemes, at).into_iter().for_each(&mut tell);
        let Token::Word(word) = lexeme.token else { continue };
        let before = at.checked_sub(1).and_then(token);
        let told = match habits::of_word(word) {
            Some(note) => vec![note],
            None => [not_as_a_word(word, token(at + 1)), unjoined(before, word, token(at + 1), token(at + 2))].concat(),
        };
        told.into_iter().for_each(&mut tell);
    }
    // No word of a query is another on another day.
    if let Ok(query) = parse(text, date(2017, 1, 1)) {
        like_outcomes(&query, &mut tell);
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
            Token::Word(word) => word::is_pattern(word) || (!word::is_beginning(word) && word::fuzzy(word).is_none()),
            Token::Operator(Operator::And) => text.get(lexeme.span.clone()) == Some("and"),
            _ => false,
        };
        lexemes.iter().all(plain) && lexemes.iter().any(|l| matches!(l.token, Token::Word(_) | Token::Quoted(_)))
    })
}
