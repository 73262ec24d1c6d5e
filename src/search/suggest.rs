//! Words that occur nowhere, and the words in the index that are spelt most like them.
//!
//! They are told whatever else the query finds: a misprint beside `OR` or behind `-` changes a count as well as one that is
//! required, and is seen less.

use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::field::{self, Kind};
use crate::index::{documents, words};
use crate::query::Query;

/// A sentence for each word of the query, asked for or excluded, that occurs nowhere, and no other spelling of it either; for
/// each beginning that no word or case number has, and for each fuzzy word that none is spelt like.
pub fn notes(vocabulary: &Vocabulary<'_>, query: &Query) -> Result<Vec<String>> {
    let mut leaves = Vec::new();
    asked(query, &mut leaves);
    let mut notes = Vec::new();
    for leaf in leaves {
        for (word, said) in lacking(vocabulary, leaf)? {
            let near = vocabulary.near(&word)?;
            let note = if near.is_empty() { said } else { format!("{said}; near it: {}", near.join(", ")) };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    Ok(notes)
}

/// The leaves of a query, but for those of a widened word, of which some spelling occurs.
fn asked<'q>(query: &'q Query, leaves: &mut Vec<&'q Query>) {
    match query {
        Query::And(members) | Query::Or(members) => members.iter().for_each(|member| asked(member, leaves)),
        Query::Not(inner) => asked(inner, leaves),
        Query::Proximity { left, right, .. } => {
            asked(left, leaves);
            asked(right, leaves);
        }
        Query::Wide { .. } => {}
        leaf => leaves.push(leaf),
    }
}

/// The words of a leaf that the index lacks, each with what is said of it.
fn lacking(vocabulary: &Vocabulary<'_>, leaf: &Query) -> Result<Vec<(String, String)>> {
    let mut lacking = Vec::new();
    match leaf {
        Query::Word { word: text, .. } | Query::Phrase { text, .. } => {
            for word in words::words(text).map(|word| word.word) {
                if !vocabulary.has(&word)? {
                    lacking.push((word.to_string(), format!("`{word}` occurs nowhere in the index")));
                }
            }
        }
        Query::Prefix { field, prefix }
            if field.is_none_or(|field| field.is_text())
                && words::words(prefix).count() == 1
                && !vocabulary.begins(field::texts(), &prefix.to_lowercase())? =>
        {
            lacking.push((prefix.clone(), format!("no word in the index begins with `{prefix}`")));
        }
        Query::Value { field, value } | Query::Prefix { field: Some(field), prefix: value }
            if field.kind == Kind::Case && !vocabulary.begins(std::iter::once(*field), &documents::case_term(value))? =>
        {
            // Another number is no misspelling of a number.
            lacking.push((String::new(), format!("no case number in the index begins with `{value}`")));
        }
        Query::Fuzzy { word, distance, .. }
            if vocabulary.spelt_like(field::texts(), &word.to_lowercase(), *distance)?.is_empty() =>
        {
            lacking.push((word.clone(), format!("no word in the index is spelt like `{leaf}`")));
        }
        _ => {}
    }
    Ok(lacking)
}
