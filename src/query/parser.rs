//! Lexemes to tree, by recursive descent along the grammar at the head of the module.

use std::ops::Range;

use jiff::civil::Date;

use super::leaf::{self, Piece};
use super::lexer::{self, Lexeme, Token};
use super::word::{self, Operator};
use super::{Gap, MAX_DEPTH, ParseError, Query, proximity};
use crate::field::{Field, Kind};

const SIDES: &str = "words, phrases, beginnings of words or groups of alternatives on both sides, in one field of words";
const OPERAND: &str = "a word, a quotation, a field or a group";

/// Reads a query; `today` is what `last-90-days` counts back from.
pub fn parse(text: &str, today: Date) -> Result<Query, ParseError> {
    let lexemes = lexer::lex(text)?;
    let mut parser = Parser { text, lexemes, at: 0, depth: 0, in_range: false, today };
    if parser.peek().is_none() {
        let expected = "words to search for, or `*` for everything";
        return Err(ParseError::new(0..text.trim_end().len(), "a query without a word", expected));
    }
    let query = parser.or(None)?;
    if parser.peek().is_some() {
        return Err(parser.unopened());
    }
    let query = query.simplify();
    match query.depth() > MAX_DEPTH {
        true => Err(too_deep(0..text.trim_end().len())),
        false => Ok(query),
    }
}

struct Parser<'q> {
    text: &'q str,
    lexemes: Vec<Lexeme<'q>>,
    at: usize,
    depth: usize,
    /// Within a value that is a range, where `..` and `>` by themselves count.
    in_range: bool,
    today: Date,
}

/// A member of a conjunction, and what decides whether it is a hint.
struct Member {
    query: Query,
    /// A function word by itself, in no field, not negated.
    function: bool,
    /// It stands beside an `AND` as typed.
    joined: bool,
}

impl<'q> Parser<'q> {
    fn or(&mut self, field: Option<&'static Field>) -> Result<Query, ParseError> {
        let mut alternatives = vec![self.and(field)?];
        while self.take(Operator::Or) {
            alternatives.push(self.and(field)?);
        }
        Ok(if alternatives.len() == 1 { alternatives.remove(0) } else { Query::Or(alternatives) })
    }

    fn and(&mut self, field: Option<&'static Field>) -> Result<Query, ParseError> {
        let mut members: Vec<Member> = Vec::new();
        loop {
            let joined = !members.is_empty() && self.take(Operator::And);
            let ends = matches!(self.peek(), None | Some(Token::Close | Token::Operator(Operator::Or)));
            if ends && !joined && !members.is_empty() {
                break;
            }
            if let (true, Some(last)) = (joined, members.last_mut()) {
                last.joined = true;
            }
            let start = self.at;
            let query = self.not(field)?;
            let bare = self.at == start + 1 && field.is_none();
            let function = bare && matches!(&query, Query::Word { word, .. } if word::is_function(word));
            members.push(Member { query, function, joined });
        }
        let asks = members.iter().any(|m| !m.function && m.query.asks());
        let mut members: Vec<Query> = members
            .into_iter()
            .map(|m| match m.query {
                Query::Word { word, .. } if m.function && !m.joined && asks => Query::Hint { word },
                query => query,
            })
            .collect();
        Ok(if members.len() == 1 { members.remove(0) } else { Query::And(members) })
    }

    fn not(&mut self, field: Option<&'static Field>) -> Result<Query, ParseError> {
        let mut negated = false;
        while matches!(self.peek(), Some(Token::Minus | Token::Operator(Operator::Not))) {
            self.at += 1;
            negated = !negated;
        }
        let query = self.proximity(field)?;
        Ok(if negated { Query::Not(Box::new(query)) } else { query })
    }

    fn proximity(&mut self, field: Option<&'static Field>) -> Result<Query, ParseError> {
        let start = self.place().start;
        let mut left = self.primary(field)?;
        while let Some(Token::Connector(gap)) = self.peek() {
            let connector = self.place();
            self.at += 1;
            if matches!(self.peek(), Some(Token::Minus | Token::Operator(Operator::Not))) {
                let found = format!("`{}` on a side of `{gap}`", self.text.get(self.place()).unwrap_or_default());
                let error = ParseError::new(connector.start..self.place().end, found, SIDES);
                return Err(error.suggest(format!("put NOT before the whole: `NOT … {gap} …`")));
            }
            let right = self.primary(field)?;
            left = self.join(gap, left, right, start)?;
        }
        Ok(left)
    }

    /// Joins the sides of a connector, of which the left one begins at `start` and the right one has just been read.
    fn join(&self, gap: Gap, left: Query, right: Query, start: usize) -> Result<Query, ParseError> {
        let end = self.at.checked_sub(1).and_then(|last| self.lexemes.get(last)).map_or(self.text.len(), |l| l.span.end);
        let joined = proximity::join(gap, left, right);
        let joined = joined.map_err(|refused| ParseError::new(start..end, refused.found, SIDES).suggest(refused.suggestion))?;
        match joined.depth() > MAX_DEPTH {
            true => Err(too_deep(start..end)),
            false => Ok(joined),
        }
    }

    fn primary(&mut self, field: Option<&'static Field>) -> Result<Query, ParseError> {
        let Some(token) = self.peek() else {
            return Err(self.missing());
        };
        match (token, field) {
            (Token::Open, _) => self.group(field),
            (Token::Field(inner), Some(outer)) => {
                let found = format!("the field `{}` within `{}:( … )`", inner.name, outer.name);
                Err(ParseError::new(self.place(), found, format!("words of `{}`, or `)` before another field", outer.name)))
            }
            (Token::Field(field), None) => self.field(field),
            (Token::Quoted(_), _) => leaf::quotation(field, &self.advance(), self.today),
            (Token::Word(_) | Token::Noise, Some(field)) if !field.is_text() => self.words(field),
            (Token::Word(_), _) => leaf::word(field, &self.advance(), self.today),
            _ => Err(self.missing()),
        }
    }

    fn group(&mut self, field: Option<&'static Field>) -> Result<Query, ParseError> {
        let open = self.place();
        if self.depth == MAX_DEPTH {
            return Err(too_deep(open));
        }
        self.at += 1;
        self.depth += 1;
        if self.peek() == Some(Token::Close) {
            return Err(ParseError::new(
                open.start..self.place().end,
                "an empty group",
                format!("{OPERAND} between `(` and `)`"),
            ));
        }
        if self.peek().is_none() {
            return Err(unclosed(open));
        }
        let query = self.or(field)?;
        if self.peek().is_none() {
            return Err(unclosed(open));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(query)
    }

    /// What stands after a field's colon.
    fn field(&mut self, field: &'static Field) -> Result<Query, ParseError> {
        let name = self.place();
        self.at += 1;
        self.in_range = matches!(field.kind, Kind::Number | Kind::Date);
        let query = self.value(field, name);
        self.in_range = false;
        query
    }

    fn value(&mut self, field: &'static Field, name: Range<usize>) -> Result<Query, ParseError> {
        match self.peek() {
            Some(Token::Open) => self.group(Some(field)),
            Some(Token::Quoted(_)) => leaf::quotation(Some(field), &self.advance(), self.today),
            Some(Token::Word(_) | Token::Noise) => {
                let piece = self.advance();
                if !self.in_range && piece.raw.starts_with(word::is_dash) {
                    let found = format!("`-` after `{}:`", field.name);
                    let error = ParseError::new(piece.span, found, "`-` before the field's name, or within its group");
                    return Err(error.suggest(format!("write `-{}:{}`", field.name, piece.text)));
                }
                let query = leaf::word(Some(field), &piece, self.today)?;
                self.goes_on(field, &piece).map_or(Ok(query), Err)
            }
            Some(Token::Operator(_)) => {
                let (name, operator) = (field.name, self.place());
                let word = self.text.get(operator.clone()).unwrap_or_default();
                let error = ParseError::new(operator, format!("the operator `{word}` after `{name}:`"), "a value");
                Err(error.suggest(format!("to search the word itself, quote it: {name}:\"{word}\"")))
            }
            _ => Err(ParseError::new(name, format!("`{}:` without a value", field.name), "a value directly after the colon")),
        }
    }

    /// An error if a range goes on after a blank: `age:40 .. 60` must not be the age 40 and a word `60`.
    fn goes_on(&self, field: &'static Field, first: &Piece<'_>) -> Option<ParseError> {
        let mut last = self.lexemes.get(self.at).filter(|_| self.in_range)?;
        let raw = self.raw(last);
        let digits = |l: &&Lexeme<'_>| self.raw(l).starts_with(|c: char| c.is_ascii_digit());
        let beyond = self.lexemes.get(self.at + 1).filter(digits);
        let joins = raw == "to" || raw == "through" || raw.chars().all(word::is_dash);
        let mut high = raw.strip_prefix("..").or(joins.then_some(""))?;
        if let (true, Some(beyond)) = (high.is_empty(), beyond) {
            (high, last) = (self.raw(beyond), beyond);
        } else if joins {
            return None;
        }
        let found = format!("a blank in the range after `{}:{}`", field.name, first.raw);
        let error = ParseError::new(first.span.start..last.span.end, found, "a range without blanks");
        Some(error.suggest(format!("write `{}:{}..{high}`", field.name, first.text)))
    }

    /// Words side by side in the group of a field of values: one value, with what stands between them.
    fn words(&mut self, field: &'static Field) -> Result<Query, ParseError> {
        let first = self.advance();
        let mut last = None;
        while matches!(self.peek(), Some(Token::Word(_) | Token::Noise)) {
            last = Some(self.advance());
        }
        let Some(last) = last else {
            return leaf::word(Some(field), &first, self.today);
        };
        let span = first.span.start..last.span.end;
        let raw = self.text.get(span.clone()).unwrap_or_default();
        leaf::words(field, &Piece { text: word::clean(raw), raw, span }, self.today)
    }

    /// The next lexeme that counts.
    fn peek(&mut self) -> Option<Token<'q>> {
        while !self.in_range && matches!(self.lexemes.get(self.at), Some(Lexeme { token: Token::Noise, .. })) {
            self.at += 1;
        }
        self.lexemes.get(self.at).map(|l| l.token)
    }

    fn take(&mut self, operator: Operator) -> bool {
        let found = self.peek() == Some(Token::Operator(operator));
        self.at += usize::from(found);
        found
    }

    /// The next lexeme as a piece of text.
    fn advance(&mut self) -> Piece<'q> {
        let lexeme = self.lexemes.get(self.at).cloned().unwrap_or(Lexeme { span: self.place(), token: Token::Noise });
        self.at += 1;
        let raw = self.raw(&lexeme);
        let span = lexeme.span;
        match lexeme.token {
            Token::Word(text) => Piece { text, raw, span },
            // Straight and curly marks differ in their bytes.
            Token::Quoted(text) => {
                let mark = raw.chars().next().map_or(0, char::len_utf8);
                Piece { text, raw: text, span: span.start + mark..span.start + mark + text.len() }
            }
            _ => Piece { text: raw, raw, span },
        }
    }

    fn raw(&self, lexeme: &Lexeme<'_>) -> &'q str {
        self.text.get(lexeme.span.clone()).unwrap_or_default()
    }

    /// Where the next lexeme stands; the end of the query if there is none.
    fn place(&self) -> Range<usize> {
        self.lexemes.get(self.at).map_or(self.text.len()..self.text.len(), |l| l.span.clone())
    }

    /// The error for an operator that has nothing to join.
    fn missing(&self) -> ParseError {
        let joins = |l: &&Lexeme<'q>| matches!(l.token, Token::Operator(_) | Token::Connector(_) | Token::Minus);
        let before = self.lexemes.iter().take(self.at).rev().find(|l| l.token != Token::Noise).filter(joins);
        let (lexeme, side) = match (self.lexemes.get(self.at).filter(joins), before) {
            (Some(here), Some(before)) => (here, format!("directly after `{}`", self.raw(before))),
            (Some(here), None) => (here, "with nothing before it".to_owned()),
            (None, Some(before)) => (before, "with nothing after it".to_owned()),
            (None, None) => return self.unopened(),
        };
        let operator = self.raw(lexeme);
        if let (Token::Connector(gap), Some(Token::Operator(Operator::Not) | Token::Minus)) =
            (lexeme.token, before.map(|l| l.token))
        {
            let error = ParseError::new(lexeme.span.clone(), format!("`{operator}` {side}"), SIDES);
            return error.suggest(format!("to leave out what has both that near, write `… NOT (… {gap} …)`"));
        }
        let error = ParseError::new(lexeme.span.clone(), format!("`{operator}` {side}"), format!("{OPERAND} there"));
        error.suggest(format!("to search the word itself, quote it: \"{operator}\""))
    }

    fn unopened(&self) -> ParseError {
        ParseError::new(self.place(), "`)` without its `(`", "a `(` before it, or no `)`")
    }
}

fn too_deep(place: Range<usize>) -> ParseError {
    ParseError::new(place, format!("groups more than {MAX_DEPTH} deep"), format!("at most {MAX_DEPTH}"))
}

fn unclosed(open: Range<usize>) -> ParseError {
    ParseError::new(open, "`(` that is never closed", "a `)` where the group ends")
}
