//! Where nothing was found: which words occur nowhere, and which words near them do.

use tantivy::Searcher;

use crate::error::{Error, Result};
use crate::field;
use crate::index::{Index, words};
use crate::query::Query;

/// Neighbours named for a word.
const NEIGHBOURS: usize = 3;

/// A sentence for each word of the query that occurs nowhere.
pub fn notes(searcher: &Searcher, index: &Index, query: &Query) -> Result<Vec<String>> {
    let text = |leaf: &&Query| match leaf {
        Query::Word { word: text, .. } | Query::Phrase { text, .. } => Some(text.clone()),
        _ => None,
    };
    let texts: Vec<String> = query.positive_leaves().iter().filter_map(text).collect();
    let mut notes = Vec::new();
    for word in texts.iter().flat_map(|text| words::words(text)).map(|w| w.word) {
        let vocabulary = Vocabulary { searcher, index };
        if vocabulary.has(&word)? {
            continue;
        }
        let near = vocabulary.near(&word)?;
        notes.push(match near.is_empty() {
            true => format!("`{word}` occurs nowhere in the index"),
            false => format!("`{word}` occurs nowhere in the index; near it: {}", near.join(", ")),
        });
    }
    Ok(notes)
}

struct Vocabulary<'a> {
    searcher: &'a Searcher,
    index: &'a Index,
}

impl Vocabulary<'_> {
    fn has(&self, word: &str) -> Result<bool> {
        for field in field::texts() {
            for term in [word.to_owned(), words::stem(word)] {
                let term = tantivy::Term::from_field_text(self.index.handles().of(field), &term);
                if self.searcher.doc_freq(&term)? > 0 {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The words in the index that are least changed from `word`, the nearest and then the most frequent first.
    fn near(&self, word: &str) -> Result<Vec<String>> {
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
                    let far = strsim::damerau_levenshtein(term, word);
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
