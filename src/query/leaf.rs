//! A word, a quotation or a run of words as a leaf of the tree, by the kind of the field it is asked of.

use std::ops::Range;

use jiff::civil::Date;

use super::{ParseError, Query, range, word};
use crate::field::{self, Field, Kind};

/// A piece of the query text: what it says, and where it stands as typed.
#[derive(Debug, Clone)]
pub(super) struct Piece<'q> {
    /// The word without punctuation at its edges, or the quotation without its marks.
    pub text: &'q str,
    /// As typed, without quotation marks; ranges need its punctuation.
    pub raw: &'q str,
    /// Where `raw` stands.
    pub span: Range<usize>,
}

/// A word in no field or in that field.
pub(super) fn word(field: Option<&'static Field>, piece: &Piece<'_>, today: Date) -> Result<Query, ParseError> {
    let Some(field) = field else {
        return bare(piece);
    };
    match field.kind {
        _ if piece.text == "*" => Ok(Query::Known { field }),
        Kind::Number | Kind::Date => range::parse(field, piece.raw, piece.span.start, today),
        _ if piece.text.contains('*') => prefix(Some(field), piece),
        Kind::Text { .. } => Ok(Query::Word { field: Some(field), word: piece.text.to_owned() }),
        Kind::Keyword | Kind::Case => value(field, piece),
    }
}

/// A quotation in no field or in that field.
pub(super) fn quotation(field: Option<&'static Field>, piece: &Piece<'_>, today: Date) -> Result<Query, ParseError> {
    match field {
        Some(field) => match field.kind {
            Kind::Number | Kind::Date => range::parse(field, piece.raw, piece.span.start, today),
            Kind::Keyword | Kind::Case => value(field, piece),
            Kind::Text { .. } => Ok(Query::Phrase { field: Some(field), text: spaced(piece.text) }),
        },
        None => Ok(Query::Phrase { field: None, text: spaced(piece.text) }),
    }
}

/// Several words that are one value, from the first to the last as typed.
pub(super) fn words(field: &'static Field, piece: &Piece<'_>, today: Date) -> Result<Query, ParseError> {
    match field.kind {
        Kind::Number | Kind::Date => range::parse(field, piece.raw, piece.span.start, today),
        _ if piece.text.contains('*') => {
            let found = format!("`*` among the words of one value, `{}`", piece.text);
            let expected = "a single word before `*`";
            Err(ParseError::new(piece.span.clone(), found, expected).suggest("the beginnings of a value's words are enough"))
        }
        _ => value(field, piece),
    }
}

fn bare(piece: &Piece<'_>) -> Result<Query, ParseError> {
    let text = piece.text;
    if text == "*" {
        return Ok(Query::All);
    }
    if text.contains('*') {
        return prefix(None, piece);
    }
    if let (Some(outcome), Some(field)) = (word::outcome(text), field::find("outcome")) {
        return Ok(Query::Value { field, value: outcome.to_owned() });
    }
    if let (Some((_, rest)), Some(field)) = (word::case_number(text), field::find("case"))
        && (rest.is_empty() || rest.starts_with('#'))
    {
        return value(field, piece);
    }
    Ok(Query::Word { field: None, word: text.to_owned() })
}

/// `hydrocod*`. A star elsewhere would be dropped by any analyzer, and the query would mean something else.
fn prefix(field: Option<&'static Field>, piece: &Piece<'_>) -> Result<Query, ParseError> {
    let hyphens = field.is_some_and(|f| f.kind == Kind::Case);
    let run = |p: &str| p.chars().all(|c| c.is_alphanumeric() || (hyphens && c == '-'));
    let place = piece.span.clone();
    match piece.text.strip_suffix('*') {
        Some(prefix) if run(prefix) && prefix.chars().count() >= 2 => Ok(Query::Prefix { field, prefix: prefix.to_owned() }),
        Some(prefix) if run(prefix) => {
            let found = format!("`{}`, a prefix too short to tell words apart", piece.text);
            Err(ParseError::new(place, found, "at least 2 letters or digits before `*`"))
        }
        _ => {
            let found = format!("`*` in `{}`", piece.text);
            Err(ParseError::new(place, found, "`*` only at the end of a word that is one run of letters and digits"))
        }
    }
}

fn value(field: &'static Field, piece: &Piece<'_>) -> Result<Query, ParseError> {
    let value = spaced(piece.text);
    if field.kind == Kind::Case {
        return case(field, value, piece);
    }
    if value.contains("..") || value.starts_with(['<', '>', '≤', '≥']) {
        let ranges: Vec<_> =
            field::FIELDS.iter().filter(|f| matches!(f.kind, Kind::Number | Kind::Date)).map(|f| f.name).collect();
        let found = format!("the range `{}`, but `{}` has values and no ranges", piece.raw, field.name);
        let error = ParseError::new(piece.span.clone(), found, format!("a value of `{}`", field.name));
        return Err(error.suggest(format!("ranges work in {}", ranges.join(", "))));
    }
    Ok(Query::Value { field, value })
}

fn case(field: &'static Field, value: String, piece: &Piece<'_>) -> Result<Query, ParseError> {
    match word::case_number(&value) {
        Some((number, "")) => Ok(Query::Value { field, value: number }),
        Some((number, rest)) if rest.starts_with('#') => {
            let found = format!("`{value}`, the name of one decision");
            let error = ParseError::new(piece.span.clone(), found, "the case number of a letter");
            Err(error.suggest(format!("write `case:{number}` for its letter")))
        }
        _ => Ok(Query::Value { field, value }),
    }
}

/// With one blank between words and none at the edges.
fn spaced(text: &str) -> String {
    text.split(word::is_blank).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
