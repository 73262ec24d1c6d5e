//! What holds for a letter holds for each of its decisions: the engine's query for fields whose words are in the index once a letter.
//!
//! The documents of a letter's units stand right behind the letter's own ([`schema`]), each with a column that says how far. So from
//! the letters that a query finds one goes to the units by counting on, and from a unit that is asked for to its letter by
//! counting back. A word is as rare as it is among letters, and a unit scores what its letter does.

use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Explanation, Query as Engine, Scorer, Weight};
use tantivy::schema::Field as Handle;
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term};

use super::scored::Boxed;
use crate::index::schema;
pub use crate::index::view::Behind;

/// The units of the letters that a query finds.
#[derive(Debug)]
pub struct OfLetter(pub Boxed);

impl Clone for OfLetter {
    fn clone(&self) -> Self {
        OfLetter(self.0.box_clone())
    }
}

impl OfLetter {
    /// Gives what scores the letters themselves, of which each unit scores the same.
    pub fn of_letters<T>(
        &self,
        scoring: EnableScoring<'_>,
        give: impl FnOnce(&dyn Engine, EnableScoring<'_>) -> tantivy::Result<T>,
    ) -> tantivy::Result<T> {
        match scoring {
            EnableScoring::Enabled { searcher, .. } => {
                let letters = Letters::of(searcher)?;
                give(self.0.as_ref(), EnableScoring::enabled_from_statistics_provider(&letters, searcher))
            }
            disabled => give(self.0.as_ref(), disabled),
        }
    }
}

impl Engine for OfLetter {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(OfLetterWeight(self.of_letters(scoring, |query, scoring| query.weight(scoring))?)))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.query_terms(visitor);
    }
}

/// What BM25 knows of the letters of an index.
pub struct Letters<'a> {
    searcher: &'a Searcher,
    letters: u64,
}

impl<'a> Letters<'a> {
    /// Those of what is committed.
    pub fn of(searcher: &'a Searcher) -> tantivy::Result<Self> {
        let kind = searcher.schema().get_field(schema::DOC)?;
        Ok(Letters { searcher, letters: searcher.doc_freq(&Term::from_field_text(kind, schema::LETTER))? })
    }
}

impl Bm25StatisticsProvider for Letters<'_> {
    fn total_num_tokens(&self, field: Handle) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.letters)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}

struct OfLetterWeight(Box<dyn Weight>);

impl Weight for OfLetterWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let letters = self.0.scorer(reader, boost)?;
        let mut scorer = UnitScorer { letters, behind: Behind::of(reader)?, end: reader.max_doc(), doc: 0 };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.0.explain(reader, Behind::of(reader)?.letter(doc))
    }
}

struct UnitScorer {
    /// At the letter of `doc`.
    letters: Box<dyn Scorer>,
    behind: Behind,
    /// How many documents the segment has.
    end: DocId,
    doc: DocId,
}

impl UnitScorer {
    /// Goes to the first unit of the letter that has been found.
    fn settle(&mut self) -> DocId {
        loop {
            let letter = self.letters.doc();
            self.doc = if letter == TERMINATED { TERMINATED } else { letter + 1 };
            if letter == TERMINATED || self.is_of(letter) {
                return self.doc;
            }
            self.letters.advance();
        }
    }

    /// Whether `doc` is a unit of that letter.
    fn is_of(&self, letter: DocId) -> bool {
        self.doc > letter && self.doc < self.end && self.behind.letter(self.doc) == letter
    }
}

impl DocSet for UnitScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.doc += 1;
        if !self.is_of(self.letters.doc()) {
            self.letters.advance();
            self.settle();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if target >= self.end {
            self.letters.seek(TERMINATED);
            return self.settle();
        }
        let letter = self.behind.letter(target);
        if self.letters.doc() < letter {
            self.letters.seek(letter);
        }
        self.doc = target;
        if self.letters.doc() != letter || !self.is_of(letter) {
            self.settle();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    /// As if each letter had one unit; a few more decide nothing.
    fn size_hint(&self) -> u32 {
        self.letters.size_hint()
    }

    fn cost(&self) -> u64 {
        self.letters.cost()
    }
}

impl Scorer for UnitScorer {
    fn score(&mut self) -> Score {
        self.letters.score()
    }
}
