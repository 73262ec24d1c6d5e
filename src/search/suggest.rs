//! Words that occur nowhere, and the words in the index that are spelt most like them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::{Searcher, Term};

use super::scoring::frequency;
use crate::error::{Error, Result};
use crate::field;
use crate::index::{Index, words};
use crate::query::Query;

/// Neighbours named for a word.
const NEIGHBOURS: usize = 3;

/// Letters below which a word has no neighbours.
const SHORTEST: usize = 3;

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

    /// In how many decisions a word, or the most frequent of several, stands: in the field where it is most frequent.
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
                most = most.max(frequency(self.searcher, self.index.handles(), field, term)?);
            }
        }
        Ok(most)
    }

    /// The words in the index that are least changed from `word`, the nearest and then the most frequent first. Another number
    /// is no misspelling of a number, and what has one or two letters is near to everything.
    pub fn near(&self, word: &str) -> Result<Vec<String>> {
        let word = word.to_lowercase();
        match word.chars().count() {
            0..SHORTEST => Ok(Vec::new()),
            _ if word.chars().all(char::is_numeric) => Ok(Vec::new()),
            length => self.spelt_like(&word, if length > 4 { 2 } else { 1 }),
        }
    }

    /// The words in the index that so few changes make of `word`, the nearest and then the most frequent first.
    fn spelt_like(&self, word: &str, changes: u8) -> Result<Vec<String>> {
        let failed = |e: std::io::Error| Error::Index(e.to_string());
        let mut found = BTreeMap::<String, (usize, u32)>::new();
        for field in field::texts() {
            let handle = self.index.handles().of(field);
            for segment in self.searcher.segment_readers() {
                let inverted = segment.inverted_index(handle)?;
                let automaton = FuzzyTermQuery::new(Term::from_field_text(handle, word), changes, true).automaton()?;
                let mut terms = inverted.terms().search(automaton).into_stream().map_err(failed)?;
                while terms.advance() {
                    let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
                    if !term.starts_with(words::STEM) {
                        let far = strsim::osa_distance(term, word);
                        found.entry(term.to_owned()).or_insert((far, 0)).1 += terms.value().doc_freq;
                    }
                }
            }
        }
        let mut near: Vec<_> = found.into_iter().collect();
        near.sort_by_key(|(_, (far, frequency))| (*far, Reverse(*frequency)));
        Ok(near.into_iter().take(NEIGHBOURS).map(|(term, _)| term).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Stamp, Writer};
    use crate::record::{Decision, Letter};

    #[test]
    fn numbers_and_scraps_are_near_to_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open_or_create(dir.path()).unwrap();
        let mut writer = Writer::open(&index).unwrap();
        let rationale = Some("Norco 64493 x acupuncture".to_owned());
        let decisions = vec![Decision { number: 1, rationale, ..Decision::default() }];
        let letter = Letter { decisions, ..Letter::unread("1.txt") };
        let documents = writer.maker().documents(&letter).unwrap();
        writer.add("1.txt", Stamp { size: 1, changed: 1, options: 0 }, documents).unwrap();
        writer.finish().unwrap();
        let vocabulary = Vocabulary { searcher: &index.searcher().unwrap(), index: &index };
        for (word, near) in [("narco", "norco"), ("ACCUPUNTURE", "acupuncture"), ("64495", ""), ("θ", ""), ("zz", "")] {
            assert_eq!(vocabulary.near(word).unwrap().join(" "), near, "{word}");
        }
    }
}
