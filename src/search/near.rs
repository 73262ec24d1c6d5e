//! Near matches: what holds most of the words of a plain query, though not all.
//!
//! Plain words are a description rather than a formula, and demanding each of five words finds a third of what is meant. Words
//! weigh as much as they are rare, by the inverse document frequency of BM25, so that `therapy` alone never stands for `physical
//! therapy exceeding guidelines`; a match is near when what it holds weighs more than [`MOST`] of the whole. A word that
//! occurs nowhere is replaced by the words that are spelt most like it.

use tantivy::query::{BooleanQuery, EnableScoring, Explanation, Occur, Query as Engine, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::suggest::Vocabulary;
use super::translate::{Boxed, Translator};
use crate::error::Result;
use crate::query::Query;

/// The part of the words' weight that a near match holds more of.
pub const MOST: f32 = 0.5;

/// The query for near matches, and what to mark in them.
pub struct Near {
    /// Finds near matches and no others.
    pub engine: Boxed,
    /// What a near match may hold.
    pub wanted: Query,
}

impl Near {
    /// The near matches of a plain query, which `all` is the engine's form of; `None` where there are no two words of which
    /// one could be missing.
    pub fn of(query: &Query, all: &Boxed, translator: &Translator<'_>, vocabulary: &Vocabulary<'_>) -> Result<Option<Near>> {
        let Query::And(members) = query else { return Ok(None) };
        let mut clauses = vec![(Occur::MustNot, all.box_clone())];
        let (mut parts, mut wanted, mut asked, mut missing) = (Vec::new(), Vec::new(), 0, 0.0);
        for member in members {
            let (of, also) = match member {
                Query::Wide { of, also } => (&**of, also.as_slice()),
                other => (other, [].as_slice()),
            };
            for part in if let Query::And(parts) = of { parts.as_slice() } else { std::slice::from_ref(of) } {
                match part {
                    Query::Word { field: None, word } => {
                        asked += 1;
                        match stand_in(word, part, also, vocabulary)? {
                            Some(stand_in) => {
                                let weight = vocabulary.weight(&stand_in)?;
                                parts.push(Part { query: translator.query(&stand_in)?, weight });
                                wanted.push(stand_in);
                            }
                            // What occurs nowhere is as rare as can be, and what lacks it lacks that much.
                            None => missing += vocabulary.weight(part)?,
                        }
                    }
                    Query::Hint { .. } => clauses.push((Occur::Should, translator.query(part)?)),
                    filter => clauses.push((Occur::Must, translator.query(filter)?)),
                }
            }
        }
        if asked < 2 || parts.is_empty() {
            return Ok(None);
        }
        let need = MOST * (missing + parts.iter().map(|p| p.weight).sum::<f32>());
        clauses.push((Occur::Must, Box::new(Enough { parts, need })));
        if let Query::And(words) = query.narrow() {
            clauses.extend(translator.neighbours(&words).into_iter().map(|q| (Occur::Should, q)));
        }
        Ok(Some(Near { engine: Box::new(BooleanQuery::new(clauses)), wanted: Query::And(wanted) }))
    }
}

/// The word with its other spellings, where there are any; the word itself where it occurs; else the words most like it; `None`
/// where there are none. In words that are a term together, another spelling of the term stands for each of them.
fn stand_in(word: &str, member: &Query, also: &[Query], vocabulary: &Vocabulary<'_>) -> Result<Option<Query>> {
    if !also.is_empty() {
        return Ok(Some(Query::Wide { of: Box::new(member.clone()), also: also.to_vec() }));
    }
    if vocabulary.has(word)? {
        return Ok(Some(member.clone()));
    }
    let near = vocabulary.near(word)?;
    let words: Vec<_> = near.into_iter().map(|word| Query::Word { field: None, word }).collect();
    Ok((!words.is_empty()).then_some(Query::Or(words)))
}

/// One of the words, with what it weighs.
#[derive(Debug)]
struct Part {
    query: Boxed,
    weight: f32,
}

impl Clone for Part {
    fn clone(&self) -> Self {
        Part { query: self.query.box_clone(), weight: self.weight }
    }
}

/// Matches where the parts that match weigh more than is needed; scores the sum of their scores.
#[derive(Debug, Clone)]
struct Enough {
    parts: Vec<Part>,
    need: f32,
}

impl Engine for Enough {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self.parts.iter().map(|part| Ok((part.query.weight(scoring)?, part.weight)));
        Ok(Box::new(EnoughWeight { parts: parts.collect::<tantivy::Result<_>>()?, need: self.need }))
    }
}

struct EnoughWeight {
    parts: Vec<(Box<dyn Weight>, f32)>,
    need: f32,
}

impl Weight for EnoughWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let parts = self.parts.iter().map(|(part, weight)| Ok((part.scorer(reader, boost)?, *weight)));
        let mut scorer = EnoughScorer { parts: parts.collect::<tantivy::Result<_>>()?, need: self.need, doc: 0 };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("the sum of the scores of the words that match", 0.0))
    }
}

/// The parts, each at its first document from `doc` on.
struct EnoughScorer {
    parts: Vec<(Box<dyn Scorer>, f32)>,
    need: f32,
    doc: DocId,
}

impl EnoughScorer {
    /// Goes to the first document from the earliest part on that holds enough.
    fn settle(&mut self) -> DocId {
        loop {
            self.doc = self.parts.iter().map(|(part, _)| part.doc()).min().unwrap_or(TERMINATED);
            if self.doc == TERMINATED || self.here().map(|(_, weight)| weight).sum::<f32>() > self.need {
                return self.doc;
            }
            self.pass();
        }
    }

    /// Leaves the current document.
    fn pass(&mut self) {
        let doc = self.doc;
        for (part, _) in self.parts.iter_mut().filter(|(part, _)| part.doc() == doc) {
            part.advance();
        }
    }

    fn here(&self) -> impl Iterator<Item = (&dyn Scorer, f32)> {
        self.parts.iter().filter(|(part, _)| part.doc() == self.doc).map(|(part, weight)| (&**part, *weight))
    }
}

impl DocSet for EnoughScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.pass();
            self.settle();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for (part, _) in self.parts.iter_mut().filter(|(part, _)| part.doc() < target) {
            part.seek(target);
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.parts.iter().map(|(part, _)| part.size_hint()).max().unwrap_or(0)
    }
}

impl Scorer for EnoughScorer {
    fn score(&mut self) -> Score {
        let doc = self.doc;
        self.parts.iter_mut().filter(|(part, _)| part.doc() == doc).map(|(part, _)| part.score()).sum()
    }
}

impl Vocabulary<'_> {
    /// What a word weighs: BM25's inverse document frequency, of the field in which it is most frequent.
    fn weight(&self, word: &Query) -> Result<f32> {
        let total = self.searcher.num_docs() as f32;
        let found = self.frequency(word)? as f32;
        Ok((1.0 + (total - found + 0.5).max(0.0) / (found + 0.5)).ln())
    }
}
