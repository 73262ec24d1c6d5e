//! Words that occur nowhere, and the words in the index that are spelt most like them.

use tantivy::{Searcher, Term};

use crate::error::{Error, Result};
use crate::field;
use crate::index::{Index, words};
use crate::query::Query;

/// Neighbours named for a word.
const NEIGHBOURS: usize = 3;

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
        let near = vocabulary.near(word)?;
        if near.iter().any(|other| strsim::osa_distance(other, &word.to_lowercase()) <= usize::from(*distance)) {
            continue;
        }
        notes.push(match near.is_empty() {
            true => format!("no word in the index is spelt like `{leaf}`"),
            false => format!("no word in the index is spelt like `{leaf}`; near it: {}", near.join(", ")),
        });
    }
    Ok(notes)
}

/// The words of an index.
pub struct Vocabulary<'a> {
    /// What is committed.
    pub searcher: &'a Searcher,
    /// Its index.
    pub index: &'a Index,
}

impl Vocabulary<'_> {
    /// Whether every word of `text` occurs, in any form.
    pub fn has(&self, text: &str) -> Result<bool> {
        for word in words::words(text) {
            if self.in_any_field(&[words::stem(&word.word), word.word.into_owned()])? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// In how many documents a word, or the most frequent of several, stands: in the field where it is most frequent.
    pub fn frequency(&self, query: &Query) -> Result<u64> {
        let mut most = 0;
        for leaf in query.positive_leaves() {
            let Query::Word { word, .. } = leaf else { continue };
            // Of words that must stand side by side, the rarest says how rare they are.
            let mut rarest = None;
            for part in words::words(word) {
                let found = self.in_any_field(&[words::stem(&part.word)])?;
                rarest = Some(rarest.map_or(found, |least: u64| least.min(found)));
            }
            most = most.max(rarest.unwrap_or(0));
        }
        Ok(most)
    }

    fn in_any_field(&self, terms: &[String]) -> Result<u64> {
        let mut most = 0;
        for field in field::texts() {
            for term in terms {
                most = most.max(self.searcher.doc_freq(&Term::from_field_text(self.index.handles().of(field), term))?);
            }
        }
        Ok(most)
    }

    /// The words in the index that are least changed from `word`, the nearest and then the most frequent first.
    pub fn near(&self, word: &str) -> Result<Vec<String>> {
        let word = word.to_lowercase();
        let failed = |e: std::io::Error| Error::Index(e.to_string());
        let farthest = if word.chars().count() > 4 { 2 } else { 1 };
        let mut found = std::collections::BTreeMap::<String, (usize, u32)>::new();
        for field in field::texts() {
            for segment in self.searcher.segment_readers() {
                let inverted = segment.inverted_index(self.index.handles().of(field))?;
                let mut terms = inverted.terms().stream().map_err(failed)?;
                while terms.advance() {
                    let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
                    if term.starts_with(words::STEM) || term.len().abs_diff(word.len()) > farthest {
                        continue;
                    }
                    let far = strsim::damerau_levenshtein(term, &word);
                    if far <= farthest {
                        found.entry(term.to_owned()).or_insert((far, 0)).1 += terms.value().doc_freq;
                    }
                }
            }
        }
        let mut near: Vec<_> = found.into_iter().collect();
        near.sort_by_key(|(_, (far, frequency))| (*far, std::cmp::Reverse(*frequency)));
        Ok(near.into_iter().take(NEIGHBOURS).map(|(term, _)| term).collect())
    }
}
