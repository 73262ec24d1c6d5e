//! Words side by side, or so many places apart, each in any of its forms: to the engine, and to the score, as if all forms of a word
//! were one term.
//!
//! A document counts where any of the forms stands, they add up to how often the word does, and the word is as rare as they
//! are together ([`Forms::found`]).

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query as Engine, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, TERMINATED, Term};

use super::row::{InARow, Row};
use super::scored::{Boxed, any};
use super::scoring::bm25;
use super::union::Union;
use super::vocabulary::Forms;

/// Words in a row, or one word that has several forms.
#[derive(Debug, Clone)]
pub struct AsOne {
    /// The forms of each word, with the word's place behind the first.
    words: Vec<(usize, Arc<Forms>)>,
}

/// Words each at its place behind the first, each in any of its forms in one field.
pub fn in_a_row(words: Vec<(usize, Arc<Forms>)>) -> Boxed {
    if words.is_empty() || words.iter().any(|(_, forms)| forms.terms.is_empty()) {
        return any(Vec::new());
    }
    if let [(_, forms)] = words.as_slice()
        && let [term] = forms.terms.as_slice()
    {
        return Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs));
    }
    Box::new(AsOne { words })
}

impl AsOne {
    /// The forms, where it is one word by itself.
    pub fn word(&self) -> Option<&[Term]> {
        if let [(_, forms)] = self.words.as_slice() { Some(&forms.terms) } else { None }
    }

    /// The forms of each word, with the word's place, where it is more than one word.
    pub fn row(&self) -> Option<&[(usize, Arc<Forms>)]> {
        if self.words.len() > 1 { Some(&self.words) } else { None }
    }

    /// The forms of the rarest of the words.
    pub fn rarest(&self) -> &[Term] {
        self.forms().min_by_key(|forms| forms.found).map_or(&[], |forms| &forms.terms)
    }

    /// The forms of each word.
    pub fn forms(&self) -> impl Iterator<Item = &Forms> {
        self.words.iter().map(|(_, forms)| &**forms)
    }

    /// What scores it; `None` where nothing is scored.
    pub fn bm25(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Option<Bm25Weight>> {
        match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                Ok(Some(bm25(statistics_provider, &self.forms().collect::<Vec<_>>())?))
            }
            EnableScoring::Disabled { .. } => Ok(None),
        }
    }

    /// Where the words stand in a row.
    pub fn open(&self, reader: &SegmentReader) -> tantivy::Result<Row> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let words = self.words.iter().map(|(place, forms)| Ok((*place as u32, union(reader, &forms.terms, option)?)));
        Ok(Row::of(words.collect::<tantivy::Result<_>>()?))
    }

    /// How long the texts are in which it is looked for.
    pub fn lengths(&self, reader: &SegmentReader) -> tantivy::Result<FieldNormReader> {
        lengths(reader, self.rarest())
    }
}

/// How long the texts are in the field of these terms; where that is not kept, as long as each other.
pub fn lengths(reader: &SegmentReader, terms: &[Term]) -> tantivy::Result<FieldNormReader> {
    let field = terms.first().map(Term::field);
    let lengths = field.map(|field| reader.fieldnorms_readers().get_field(field)).transpose()?.flatten();
    Ok(lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)))
}

impl Engine for AsOne {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AsOneWeight { query: self.clone(), bm25: self.bm25(scoring)? }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        let reads_positions = self.word().is_none();
        self.forms().flat_map(|forms| &forms.terms).for_each(|term| visitor(term, reads_positions));
    }
}

struct AsOneWeight {
    query: AsOne,
    /// None where nothing is scored.
    bm25: Option<Bm25Weight>,
}

impl AsOneWeight {
    /// What scores the documents of `found`.
    fn scorer_of<Found: Frequencies>(
        &self,
        found: Found,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Box<dyn Scorer>> {
        if found.doc() == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        let lengths = self.query.lengths(reader)?;
        Ok(Box::new(AsOneScorer { found, lengths, bm25: self.bm25.as_ref().map(|bm25| bm25.boost_by(boost)) }))
    }
}

impl Weight for AsOneWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match self.query.word() {
            Some(terms) => self.scorer_of(union(reader, terms, IndexRecordOption::WithFreqs)?, reader, boost),
            None => self.scorer_of(InARow::of(self.query.open(reader)?), reader, boost),
        }
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("BM25 of the forms of words as if they were one", 0.0))
    }
}

/// The documents of any of the terms.
fn union(reader: &SegmentReader, terms: &[Term], option: IndexRecordOption) -> tantivy::Result<Union> {
    let mut postings = Vec::new();
    for term in terms {
        postings.extend(reader.inverted_index(term.field())?.read_postings(term, option)?);
    }
    Ok(Union::of(postings))
}

/// Documents that know how often what is looked for stands in them.
trait Frequencies: DocSet + 'static {
    /// How often, in the document at which it is.
    fn frequency(&mut self) -> u32;
}

impl Frequencies for Union {
    fn frequency(&mut self) -> u32 {
        Union::frequency(self)
    }
}

impl Frequencies for InARow {
    fn frequency(&mut self) -> u32 {
        self.rows()
    }
}

struct AsOneScorer<Found> {
    found: Found,
    lengths: FieldNormReader,
    bm25: Option<Bm25Weight>,
}

impl<Found: Frequencies> DocSet for AsOneScorer<Found> {
    fn advance(&mut self) -> DocId {
        self.found.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.found.seek(target)
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        self.found.seek_danger(target)
    }

    fn doc(&self) -> DocId {
        self.found.doc()
    }

    fn size_hint(&self) -> u32 {
        self.found.size_hint()
    }

    fn cost(&self) -> u64 {
        self.found.cost()
    }
}

impl<Found: Frequencies> Scorer for AsOneScorer<Found> {
    fn score(&mut self) -> Score {
        match &self.bm25 {
            Some(bm25) => bm25.score(self.lengths.fieldnorm_id(self.found.doc()), self.found.frequency()),
            None => 1.0,
        }
    }
}

#[cfg(test)]
mod tests;
