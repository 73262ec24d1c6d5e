//! Query text to lexemes: parentheses, operators, connectors, field names with their colon, quoted text, words.
//!
//! What only looks like a word but means something in another search language, or in a later version of this one, is refused
//! here: read as a word it would change what the query means.

use std::ops::Range;

use super::error::clip;
use super::gap::{self, Connector};
use super::leaf;
use super::word::{self, Operator, Sign};
use super::{Gap, MAX_WORD, MAX_WORDS, ParseError};
use crate::field::{self, FIELDS, Field, Kind};

/// A piece of the query and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Lexeme<'q> {
    pub span: Range<usize>,
    pub token: Token<'q>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'q> {
    Open,
    Close,
    Operator(Operator),
    /// What joins words that are near to each other.
    Connector(Gap),
    /// A hyphen that negates what follows it.
    Minus,
    /// A field's name or alias with its colon.
    Field(&'static Field),
    /// A word without the punctuation at its edges; the span has it as typed.
    Word(&'q str),
    /// What stands between two quotation marks, as typed.
    Quoted(&'q str),
    /// A run without letter or digit, passed over except within a value (`Medicine & Rehabilitation`).
    Noise,
}

/// The lexemes of a query.
pub(super) fn lex(text: &str) -> Result<Vec<Lexeme<'_>>, ParseError> {
    let mut lexer = Lexer { text, at: 0, lexemes: Vec::new(), words: 0 };
    while let Some(c) = lexer.rest().chars().next() {
        match c {
            c if word::is_blank(c) => lexer.at += c.len_utf8(),
            '(' => lexer.push(1, Token::Open),
            ')' => lexer.push(1, Token::Close),
            c if word::is_quote(c) => lexer.quoted(c)?,
            _ => lexer.run()?,
        }
    }
    not_as_a_word(text, &mut lexer.lexemes);
    Ok(lexer.lexemes)
}

/// Makes a word of each `not` in small letters that stands before a predicate: `quantity not specified`.
fn not_as_a_word<'q>(text: &'q str, lexemes: &mut [Lexeme<'q>]) {
    for at in 1..lexemes.len() {
        let [.., before, here] = &mut lexemes[..=at] else { continue };
        let typed = text.get(before.span.clone()).unwrap_or_default();
        if before.token == Token::Operator(Operator::Not)
            && typed == "not"
            && matches!(here.token, Token::Word(word) if word::is_predicate(word))
        {
            before.token = Token::Word(typed);
        }
    }
}

struct Lexer<'q> {
    text: &'q str,
    at: usize,
    lexemes: Vec<Lexeme<'q>>,
    words: usize,
}

impl<'q> Lexer<'q> {
    fn rest(&self) -> &'q str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Whether a quotation or a group begins that many bytes further on.
    fn opens_at(&self, ahead: usize) -> bool {
        self.rest().get(ahead..).is_some_and(|rest| rest.starts_with(|c| c == '(' || word::is_quote(c)))
    }

    fn push(&mut self, len: usize, token: Token<'q>) {
        self.lexemes.push(Lexeme { span: self.at..self.at + len, token });
        self.at += len;
    }

    fn count(&mut self, words: usize, len: usize) -> Result<(), ParseError> {
        self.words += words;
        if self.words <= MAX_WORDS {
            return Ok(());
        }
        let found = format!("more than {MAX_WORDS} words");
        Err(ParseError::new(self.at..self.at + len, found, format!("at most {MAX_WORDS} words")))
    }

    fn quoted(&mut self, mark: char) -> Result<(), ParseError> {
        let inside = &self.rest().get(mark.len_utf8()..).unwrap_or_default();
        let Some(len) = inside.find(word::is_quote) else {
            return Err(ParseError::new(
                self.at..self.at + mark.len_utf8(),
                "a quotation mark that is never closed",
                "another `\"` where the quotation ends",
            ));
        };
        let (inside, close) = inside.split_at(len);
        let total = mark.len_utf8() + len + close.chars().next().map_or(0, char::len_utf8);
        let place = self.at..self.at + total;
        let pieces = || inside.split(word::is_blank);
        self.count(pieces().filter(|p| word::has_content(p)).count(), total)?;
        if !word::has_content(inside) {
            return Err(ParseError::new(
                place,
                "quotation marks without a word between them",
                "words between the quotation marks",
            ));
        }
        if let Some(star) = pieces().find(|p| p.ends_with(['*', '!']) && word::has_content(p)) {
            let found = format!("the prefix `{star}` in quotation marks");
            return Err(ParseError::new(place, found, "whole words there").suggest("a prefix works outside of quotation marks"));
        }
        self.push(total, Token::Quoted(inside));
        Ok(())
    }

    /// All up to the next blank, quotation mark or parenthesis: a negation, a field's name, a word, or what begins with one.
    fn run(&mut self) -> Result<(), ParseError> {
        let rest = self.rest();
        let end = rest.find(|c| word::is_blank(c) || word::is_quote(c) || matches!(c, '(' | ')')).unwrap_or(rest.len());
        let whole = rest.get(..end).unwrap_or_default();
        let glued = self.lexemes.last().filter(|last| last.span.end == self.at);
        let run = match glued.map(|last| last.token) {
            Some(Token::Field(field)) if matches!(field.kind, Kind::Number | Kind::Date) => whole,
            Some(Token::Field(field)) if word::first_of_list(whole) != whole => return Err(self.list_in_field(field, whole)),
            _ => word::first_of_list(whole),
        };
        if self.minus(run)? || self.field(run)? {
            return Ok(());
        }
        self.word(run)
    }

    /// The error for a list glued to a field, `item:pain,knee`: of which words it is the field must be said.
    fn list_in_field(&self, field: &Field, list: &str) -> ParseError {
        let words: Vec<_> = word::list(list).map(word::clean).collect();
        let (expected, sign) = if field.is_text() { ("words", " ") } else { ("values", " OR ") };
        let place = self.at..self.at + list.len();
        let error = ParseError::new(place, format!("`{list}` after `{}:`", field.name), format!("a group of {expected}"));
        error.suggest(format!("write `{}:({})`", field.name, words.join(sign)))
    }

    /// A hyphen at the start, after a blank or after `(`, with something directly behind it.
    fn minus(&mut self, run: &'q str) -> Result<bool, ParseError> {
        let begins = self.text.get(..self.at).and_then(|t| t.chars().next_back()).is_none_or(|c| c == '(' || word::is_blank(c));
        let behind = run.trim_start_matches(word::is_dash);
        let dashes = run.len() - behind.len();
        let negates = word::has_content(behind) || behind.contains('*') || (behind.is_empty() && self.opens_at(run.len()));
        let Some(first) = run.chars().next().filter(|_| begins && dashes > 0 && negates) else {
            return Ok(false);
        };
        if dashes > first.len_utf8() {
            let place = self.at..self.at + dashes;
            let found = "more than one `-` in a row";
            return Err(ParseError::new(place, found, "a single `-` directly before what is to be left out"));
        }
        self.push(dashes, Token::Minus);
        Ok(true)
    }

    /// A name directly before a colon. With a value glued to it an unknown name is an error; otherwise the colon is
    /// punctuation (`norco: 10/325`), as it is in times, ratios and addresses.
    fn field(&mut self, run: &'q str) -> Result<bool, ParseError> {
        let cleaned = word::clean_start(run);
        if let Some(error) = self.compared(cleaned, self.at + run.len() - cleaned.len()) {
            return Err(error);
        }
        let Some((name, value)) = cleaned.split_once(':') else {
            return Ok(false);
        };
        if !name.starts_with(char::is_alphabetic) || !name.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '_')) {
            return Ok(false);
        }
        let skipped = run.len() - cleaned.len();
        if let Some(field) = field::find(name) {
            self.at += skipped;
            self.push(name.len() + 1, Token::Field(field));
            return Ok(true);
        }
        if value.starts_with("//") || (word::clean(value).is_empty() && !self.opens_at(run.len())) {
            return Ok(false);
        }
        let names: Vec<_> = FIELDS.iter().map(|f| f.name).collect();
        let start = self.at + skipped;
        let found = format!("unknown field `{name}`");
        let quoted = clip(format!("\"{}\"", word::clean(cleaned)));
        let expected = format!("one of {}; or, for the words themselves, quotation marks: {quoted}", names.join(", "));
        let error = ParseError::new(start..start + name.len(), found, expected);
        Err(match field::nearest(name) {
            Some(near) => error.suggest(format!("did you mean `{near}:`?")),
            None => error,
        })
    }

    /// The error for a field compared as in other languages, `age>40` or `outcome=upheld`.
    fn compared(&self, run: &str, start: usize) -> Option<ParseError> {
        let (name, rest) = run.split_at_checked(run.find(word::is_comparison)?)?;
        let value = rest.trim_start_matches('=');
        let ranges = leaf::counted(field::find(name)?);
        let field = ranges.filter(|_| value.starts_with(word::is_comparison)).or(field::find(name).map(|f| f.name))?;
        let meant = word::has_content(value) && (value.len() < rest.len() || ranges.is_some());
        let error =
            || ParseError::new(start..start + run.len(), format!("`{run}`, a field without a colon"), "a colon behind the field");
        meant.then(|| error().suggest(format!("write `{field}:{value}`")))
    }

    fn word(&mut self, run: &'q str) -> Result<(), ParseError> {
        if run.len() > MAX_WORD {
            let found = format!("a word of {} bytes", run.len());
            return Err(ParseError::new(self.at..self.at + run.len(), found, format!("at most {MAX_WORD} without a blank")));
        }
        let word = word::clean_with_root(run);
        if let Some(connector) = gap::connector(run) {
            // `(7)/10` is a part of a text, `(a OR b)/s c` is not.
            let glued = matches!(self.lexemes.last(), Some(before) if before.span.end == self.at && before.token != Token::Open);
            return if glued { Err(self.refused(run, word, Sign::Connector)) } else { self.connector(run, connector) };
        }
        let after_quote = matches!(self.lexemes.last(), Some(Lexeme { span, token: Token::Quoted(_) }) if span.end == self.at);
        let sign = match word::sign(run, word) {
            None if gap::connector(word).is_some() => Some(Sign::Connector),
            None if after_quote && run.starts_with('~') => Some(Sign::Slop),
            None if run.ends_with('!') && self.opens_at(run.len()) => Some(Sign::Not),
            sign => sign,
        };
        if let Some(sign) = sign {
            return Err(self.refused(run, word, sign));
        }
        let token = match word::operator(word) {
            Some(operator) => Token::Operator(operator),
            None if word::has_content(word) || word.contains('*') => Token::Word(word),
            None => Token::Noise,
        };
        self.count((token != Token::Noise).into(), run.len())?;
        self.push(run.len(), token);
        Ok(())
    }

    fn connector(&mut self, run: &str, connector: Connector) -> Result<(), ParseError> {
        match connector {
            Connector::Gap(gap) => {
                self.push(run.len(), Token::Connector(gap));
                Ok(())
            }
            Connector::OutOfRange => {
                let found = format!("`{run}`, which is not from 1 to 255 words");
                let error = ParseError::new(self.at..self.at + run.len(), found, "a number from 1 to 255 there");
                Err(error.suggest("`/s` stands for the same sentence, `/p` for the same paragraph"))
            }
        }
    }

    fn refused(&self, run: &str, word: &str, sign: Sign) -> ParseError {
        let (found, expected, suggestion) = match sign {
            Sign::Slop => (
                format!("`{run}` behind a quotation: quoted words stand side by side"),
                "a blank behind a quotation",
                self.spelt_with_connectors(word.trim_start_matches('~')),
            ),
            Sign::Connector => (
                format!("`{run}`, a connector without a blank round it"),
                "a connector between blanks",
                format!("write ` {word} `, or, for the word itself, \"{word}\""),
            ),
            Sign::Not if !word::has_content(word) => {
                (format!("`{run}` is not an operator"), "NOT or `-` before what is to be left out", "write NOT or `-`".to_owned())
            }
            Sign::Not => (
                format!("`{run}`: `!` is not an operator"),
                "NOT or `-` before what is to be left out",
                format!("write `-{word}`"),
            ),
            Sign::Bar => {
                let words: Vec<_> = word.split('|').map(word::clean).filter(|w| word::has_content(w)).collect();
                let spelt = if words.len() > 1 { format!("({})", words.join(" OR ")) } else { "OR".to_owned() };
                let found = if word::has_content(word) { format!("`{run}`: `|`") } else { format!("`{run}`") };
                (format!("{found} is not an operator"), "OR between alternatives", format!("write `{spelt}`"))
            }
        };
        ParseError::new(self.at..self.at + run.len(), found, expected).suggest(suggestion)
    }

    /// The quotation just read, its words joined by connectors.
    fn spelt_with_connectors(&self, number: &str) -> String {
        let quoted = match self.lexemes.last() {
            Some(Lexeme { token: Token::Quoted(text), .. }) => *text,
            _ => "",
        };
        let words: Vec<_> = quoted.split(word::is_blank).map(word::clean).filter(|w| word::has_content(w)).collect();
        let number = if matches!(number.parse::<u8>(), Ok(1..)) { number } else { "5" };
        match words.len() {
            0 | 1 => "leave it out".to_owned(),
            _ => format!("write `{}`", words.join(&format!(" /{number} "))),
        }
    }
}
