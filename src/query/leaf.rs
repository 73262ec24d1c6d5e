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
        Kind::Text { .. } if word::is_pattern(piece.text) => Ok(Query::Word { field: Some(field), word: piece.text.to_owned() }),
        _ if word::is_beginning(piece.text) => prefix(Some(field), piece),
        _ if word::fuzzy(piece.text).is_some() => fuzzy(Some(field), piece),
        Kind::Text { .. } => Ok(Query::Word { field: Some(field), word: piece.text.to_owned() }),
        Kind::Keyword | Kind::Case => value(field, piece),
    }
}

/// A quotation in no field or in that field.
pub(super) fn quotation(field: Option<&'static Field>, piece: &Piece<'_>, today: Date) -> Result<Query, ParseError> {
    let text = spaced(piece.text);
    match field {
        Some(field) => match field.kind {
            Kind::Number | Kind::Date => range::parse(field, piece.raw, piece.span.start, today),
            Kind::Keyword | Kind::Case => value(field, piece),
            Kind::Text { .. } => Ok(phrase(Some(field), text)),
        },
        None => Ok(phrase(None, text)),
    }
}

/// A quoted operator is that word: it has no other form.
fn phrase(field: Option<&'static Field>, text: String) -> Query {
    match word::operator(&text) {
        Some(_) => Query::Word { field, word: text },
        None => Query::Phrase { field, text },
    }
}

/// Several words that are one value, from the first to the last as typed.
pub(super) fn words(field: &'static Field, piece: &Piece<'_>, today: Date) -> Result<Query, ParseError> {
    match field.kind {
        Kind::Number | Kind::Date => range::parse(field, piece.raw, piece.span.start, today),
        _ if word::is_beginning(piece.text) => {
            let found = format!("`*` among the words of one value, `{}`", piece.text);
            let expected = "a single word before `*`";
            Err(ParseError::new(piece.span.clone(), found, expected).suggest("the beginnings of a value's words are enough"))
        }
        _ if piece.text.split(word::is_blank).any(|w| word::fuzzy(w).is_some()) => fuzzy(Some(field), piece),
        _ => value(field, piece),
    }
}

fn bare(piece: &Piece<'_>) -> Result<Query, ParseError> {
    let text = piece.text;
    if text == "*" {
        return Ok(Query::All);
    }
    if word::is_pattern(text) {
        return Ok(Query::Word { field: None, word: text.to_owned() });
    }
    if word::is_beginning(text) {
        return prefix(None, piece);
    }
    if word::fuzzy(text).is_some() {
        return fuzzy(None, piece);
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

/// `hydrocod*`, `10/325*`, `therap!`. A star elsewhere would be dropped by any analyzer, and the query would mean something else.
fn prefix(field: Option<&'static Field>, piece: &Piece<'_>) -> Result<Query, ParseError> {
    let hyphens = field.is_some_and(|f| f.kind == Kind::Case);
    let texts = field.is_none_or(Field::is_text);
    let place = piece.span.clone();
    let Some(prefix) = piece.text.strip_suffix(['*', '!']).filter(|p| !p.contains('*') && p.ends_with(char::is_alphanumeric))
    else {
        let found = format!("`*` in `{}`", piece.text);
        return Err(ParseError::new(place, found, "`*` only at the end of a word, behind a letter or digit"));
    };
    let run = |c: char| c.is_alphanumeric() || (hyphens && c == '-');
    if !texts && !prefix.chars().all(run) {
        let found = format!("`*` in `{}`", piece.text);
        return Err(ParseError::new(place, found, "`*` only at the end of a word that is one run of letters and digits"));
    }
    // Of `L4-5*`, `5*` is what begins a word; beside the words before it, one digit tells enough apart.
    if prefix.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
        let found = format!("`{}`, a prefix too short to tell words apart", piece.text);
        return Err(ParseError::new(place, found, "at least 2 letters or digits before `*`"));
    }
    let prefix = if hyphens { lettered(prefix.to_owned()) } else { prefix.to_owned() };
    Ok(Query::Prefix { field, prefix })
}

/// `opiod~1`, in any text or in a field of text.
fn fuzzy(field: Option<&'static Field>, piece: &Piece<'_>) -> Result<Query, ParseError> {
    let error = |found: String, expected: &str| ParseError::new(piece.span.clone(), found, expected);
    if let Some(field) = field.filter(|f| !f.is_text()) {
        let found = format!("`~` in `{}`, but `{}` has values and no words", piece.text, field.name);
        let expected = format!("a value of `{}`", field.name);
        return Err(error(found, &expected).suggest("the beginnings of a value's words are enough"));
    }
    let Some((word, number)) = word::fuzzy(piece.text).filter(|(word, _)| word::is_single(word)) else {
        let found = format!("`~` in `{}`", piece.text);
        return Err(error(found, "`~` only behind a word that is one run of letters, or of letters and then digits"));
    };
    let distance = match number {
        "" | "1" => 1,
        "2" => 2,
        _ => {
            let found = format!("`{}`, which allows {number} changes to a word", piece.text);
            return Err(error(found, "`~1` or `~2`, for one or two changes").suggest(format!("write `{word}~2`")));
        }
    };
    let least = if distance == 1 { 3 } else { 5 };
    if word.chars().count() < least {
        let found = format!("`{}`, a word too short for {distance} change{}", piece.text, if distance == 1 { "" } else { "s" });
        return Err(error(found, &format!("at least {least} letters before `~{distance}`")));
    }
    Ok(Query::Fuzzy { field, word: word.to_owned(), distance })
}

fn value(field: &'static Field, piece: &Piece<'_>) -> Result<Query, ParseError> {
    let value = spaced(piece.text);
    if field.kind == Kind::Case {
        return case(field, value, piece);
    }
    if value.contains("..") || value.starts_with(['<', '>', '≤', '≥']) {
        let found = format!("the range `{}`, but `{}` has values and no ranges", piece.raw, field.name);
        let error = ParseError::new(piece.span.clone(), found, format!("a value of `{}`", field.name));
        return Err(error.suggest(match counted(field) {
            Some(counted) => format!("write `{counted}:{value}`"),
            None => {
                let ranges = field::FIELDS.iter().filter(|f| matches!(f.kind, Kind::Number | Kind::Date));
                format!("ranges work in {}", ranges.map(|f| f.name).collect::<Vec<_>>().join(", "))
            }
        }));
    }
    Ok(Query::Value { field, value })
}

/// The field in which its days or numbers can be asked for by range: itself, or the one of which its values are made.
pub(super) fn counted(field: &Field) -> Option<&'static str> {
    match field.name {
        "year" => Some(field::DECIDED),
        "age-band" => Some("age"),
        name => matches!(field.kind, Kind::Number | Kind::Date).then_some(name),
    }
}

fn case(field: &'static Field, value: String, piece: &Piece<'_>) -> Result<Query, ParseError> {
    let value = lettered(value);
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

/// A case number, or its beginning, with the letters that it is often quoted without: `16-0213037`.
fn lettered(case: String) -> String {
    if case.starts_with(|c: char| c.is_ascii_digit()) { format!("CM{case}") } else { case }
}

/// With one blank between words and none at the edges.
fn spaced(text: &str) -> String {
    text.split(word::is_blank).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
