//! Words that occur nowhere, and the words in the index that are spelt most like them.

use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::index::words;
use crate::query::Query;

/// A sentence for each word of the query that occurs nowhere, and no other spelling of it either; for each fuzzy word that no
/// word is spelt like.
pub fn notes(vocabulary: &Vocabulary<'_>, query: &Query) -> Result<Vec<String>> {
    let text = |leaf: &&Query| match leaf {
        Query::Word { word: text, .. } | Query::Phrase { text, .. } => Some(text.clone()),
        _ => None,
    };
    // Of a widened word some spelling occurs.
    let mut widened = Vec::new();
    query.visit(&mut |q| widened.extend(matches!(q, Query::Wide { .. }).then(|| q.positive_leaves()).into_iter().flatten()));
    let plain = |leaf: &&&Query| !widened.iter().any(|wide| std::ptr::eq(*wide, **leaf));
    let texts: Vec<String> = query.positive_leaves().iter().filter(plain).filter_map(text).collect();
    let mut notes = Vec::new();
    for word in texts.iter().flat_map(|text| words::words(text)).map(|w| w.word) {
        if vocabulary.has(&word)? {
            continue;
        }
        let near = vocabulary.near(&word)?;
        notes.push(match near.is_empty() {
            true => format!("`{word}` occurs nowhere in the index"),
            false => format!("`{word}` occurs nowhere in the index; near it: {}", near.join(", ")),
        });
    }
    for leaf in query.positive_leaves() {
        let Query::Fuzzy { word, distance, .. } = leaf else { continue };
        if !vocabulary.spelt_like(&word.to_lowercase(), *distance)?.is_empty() {
            continue;
        }
        let near = vocabulary.near(word)?;
        notes.push(match near.is_empty() {
            true => format!("no word in the index is spelt like `{leaf}`"),
            false => format!("no word in the index is spelt like `{leaf}`; near it: {}", near.join(", ")),
        });
    }
    Ok(notes)
}
