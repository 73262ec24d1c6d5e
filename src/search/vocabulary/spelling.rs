//! The words of an index by their letters: which begin so, which are spelt so but for a letter or two, and which somebody may have
//! meant who wrote a word that is not there.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use tantivy::query::FuzzyTermQuery;
use tantivy::{InvertedIndexReader, Term};

use super::Vocabulary;
use crate::error::{Error, Result};
use crate::field::{self, Field};
use crate::search::form::Form;

/// Neighbours named for a word.
const NEIGHBOURS: usize = 3;

/// Letters below which a word has no neighbours.
const SHORTEST: usize = 3;

impl Vocabulary<'_> {
    /// The words in the index that are least changed from `word`, the nearest and then the most frequent first. Another number
    /// is no misspelling of a number, and what is short is near to everything: two changes make `both` of `botox`, and one makes
    /// `not` of `hot`, so that of three letters only their order may differ. Of forms of one word the first stands for all.
    pub fn near(&self, word: &str) -> Result<Vec<String>> {
        let word = word.to_lowercase();
        let letters = |word: &str| {
            let mut letters: Vec<_> = word.chars().collect();
            letters.sort_unstable();
            letters
        };
        let length = word.chars().count();
        if length < SHORTEST || word.chars().all(char::is_numeric) {
            return Ok(Vec::new());
        }
        let found = self.changed(field::texts(), &word, if length > 5 { 2 } else { 1 })?;
        let fits = |other: &str| length > SHORTEST || letters(other) == letters(&word);
        let mut near: Vec<_> = found.into_iter().filter(|(other, _)| fits(other)).collect();
        near.sort_by_key(|(other, frequency)| (strsim::osa_distance(other, &word), Reverse(*frequency)));
        let mut seen = HashSet::new();
        let firsts = near.into_iter().map(|(other, _)| other).filter(|other| seen.insert(Form::of(other)));
        Ok(firsts.take(NEIGHBOURS).collect())
    }

    /// The words of some fields that so few changes make of `word`, the most frequent first.
    pub fn spelt_like(&self, fields: impl Iterator<Item = &'static Field>, word: &str, changes: u8) -> Result<Vec<String>> {
        Ok(by_frequency(self.changed(fields, word, changes)?))
    }

    /// The words of some fields that begin so, the most frequent first.
    pub fn beginning(&self, fields: impl Iterator<Item = &'static Field>, beginning: &str) -> Result<Vec<String>> {
        let mut found = BTreeMap::new();
        self.each(fields, |inverted| {
            let mut terms = inverted.terms().range().ge(beginning).into_stream()?;
            while terms.advance() && terms.key().starts_with(beginning.as_bytes()) {
                *found.entry(String::from_utf8_lossy(terms.key()).into_owned()).or_default() += terms.value().doc_freq;
            }
            Ok(())
        })?;
        Ok(by_frequency(found))
    }

    /// Whether a word of one of some fields begins so.
    pub fn begins(&self, fields: impl Iterator<Item = &'static Field>, beginning: &str) -> Result<bool> {
        let mut begins = false;
        self.each(fields, |inverted| {
            let mut from = inverted.terms().range().ge(beginning).into_stream()?;
            begins |= from.advance() && from.key().starts_with(beginning.as_bytes());
            Ok(())
        })?;
        Ok(begins)
    }

    /// The words of some fields that so few changes make of `word`, and in how many documents they stand.
    fn changed(&self, fields: impl Iterator<Item = &'static Field>, word: &str, changes: u8) -> Result<BTreeMap<String, u32>> {
        // It says nothing of a field, and to make it takes as long as to go through a dictionary with it.
        let any = Term::from_field_text(self.handles.key, word);
        let automaton = FuzzyTermQuery::new(any, changes, true).automaton()?;
        let mut found = BTreeMap::new();
        self.each(fields, |inverted| {
            let mut terms = inverted.terms().search(&automaton).into_stream()?;
            while terms.advance() {
                *found.entry(String::from_utf8_lossy(terms.key()).into_owned()).or_default() += terms.value().doc_freq;
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Shows `see` the words of some fields, segment by segment.
    fn each(
        &self,
        fields: impl Iterator<Item = &'static Field>,
        mut see: impl FnMut(&InvertedIndexReader) -> std::io::Result<()>,
    ) -> Result<()> {
        for field in fields {
            for segment in self.searcher.segment_readers() {
                let inverted = segment.inverted_index(self.handles.of(field))?;
                see(&inverted).map_err(|e| Error::Index(e.to_string()))?;
            }
        }
        Ok(())
    }
}

fn by_frequency(found: BTreeMap<String, u32>) -> Vec<String> {
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, frequency)| Reverse(*frequency));
    found.into_iter().map(|(word, _)| word).collect()
}
