//! Near matches: what holds part of a description, behind what holds all of it.
//!
//! Plain words and quotations are a description rather than a formula, and demanding each of five words finds a third of what is
//! meant. Words weigh as much as they are rare, by the inverse document frequency of BM25; a match is near when what it holds
//! weighs more than [`LEAST`] of the whole, so that a word of every letter alone is none, and it scores the less, the less it
//! holds. A near match holds a word also by what is related to it ([`crate::query::related`]), and a quotation by its words. A
//! word that occurs nowhere, and nothing related to it, is replaced by the words that are spelt most like it.

use tantivy::query::{EnableScoring, Explanation, Occur, Query as Engine, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::scored::{Boxed, all as all_of};
use super::scoring::{ALSO, RELATED};
use super::subjects::Subjects;
use super::suggest::Vocabulary;
use super::translate::Translator;
use crate::error::Result;
use crate::query::{Query, Widening, loose, related};

/// The part of the words' weight that a near match holds more of.
pub const LEAST: f32 = 0.125;

/// The query for near matches, and what to say of them.
pub struct Near {
    /// Finds near matches and no others.
    pub engine: Boxed,
    /// What a near match may hold, to be marked.
    pub wanted: Query,
    /// What is related to words of the query, of what occurs in the index.
    pub related: Vec<Widening>,
}

/// A word of the description.
struct Asked<'a> {
    word: &'a Query,
    /// Its other spellings.
    also: &'a [Query],
    /// What is related to it.
    related: Vec<Query>,
}

impl Near {
    /// The near matches of a plain query, which `all` is the engine's form of; `None` where there are no two words of which
    /// one could be missing, and nothing is related to the one there is.
    pub fn of(
        query: &Query,
        all: &Boxed,
        translator: &Translator<'_>,
        vocabulary: &Vocabulary<'_>,
        subjects: &Subjects,
        with_related: bool,
    ) -> Result<Option<Near>> {
        let description = loose(query);
        let mut clauses = vec![(Occur::MustNot, all.box_clone())];
        // Hints keep their place among the words, as in what is related to several.
        let mut line = Vec::new();
        for member in &description {
            let (of, also) = match member {
                Query::Wide { of, also } => (&**of, also.as_slice()),
                other => (other, [].as_slice()),
            };
            for part in if let Query::And(parts) = of { parts.as_slice() } else { std::slice::from_ref(of) } {
                match part {
                    Query::Word { field: None, .. } | Query::Hint { .. } => {
                        line.push(Asked { word: part, also, related: vec![] })
                    }
                    Query::Phrase { .. } => clauses.push((Occur::Should, translator.query(part)?)),
                    filter => clauses.push((Occur::Must, translator.query(filter)?)),
                }
            }
        }
        let related = if with_related { add_related(&mut line, vocabulary)? } else { Vec::new() };
        // Of the field in which the word or a spelling of it is most frequent.
        let rarity = |word: &Query| -> Result<f32> { Ok(translator.statistics.rarity(vocabulary.frequency(word)?)) };
        let (mut parts, mut wanted, mut missing, mut nowhere) = (Vec::new(), Vec::new(), 0.0, Vec::new());
        for asked in line.iter().filter(|asked| matches!(asked.word, Query::Word { .. })) {
            match asked.stand_in(vocabulary)? {
                Some(word) => {
                    let others = [(ALSO, asked.also), (RELATED, asked.related.as_slice())];
                    let weight = rarity(&Query::Or([&[word.clone()], asked.also].concat()))?;
                    let query = match &word {
                        Query::Word { .. } => translator.forms(&word, &others)?,
                        other => translator.query(other)?,
                    };
                    parts.push(Part { name: asked.word.to_string(), query, weight });
                    let marked = Query::Or([&[word], asked.also, &asked.related].concat());
                    wanted.push(marked);
                }
                // What occurs nowhere is as rare as can be, and what lacks it lacks that much.
                None => {
                    missing += rarity(asked.word)?;
                    nowhere.push(asked.word.to_string());
                }
            }
        }
        let words = line.iter().filter(|asked| matches!(asked.word, Query::Word { .. })).count();
        if parts.is_empty() || (words < 2 && related.is_empty()) {
            return Ok(None);
        }
        let whole = missing + parts.iter().map(|p| p.weight).sum::<f32>();
        clauses.push((Occur::Must, Box::new(Enough::new(parts, whole, nowhere))));
        let plain: Vec<_> = line.iter().map(|asked| asked.word.clone()).collect();
        clauses.extend(translator.neighbours(&plain).into_iter().map(|q| (Occur::Should, q)));
        clauses.extend(subjects.named_by(query).into_iter().map(|q| (Occur::Should, q)));
        Ok(Some(Near { engine: all_of(clauses), wanted: Query::And(wanted), related }))
    }
}

/// Gives each word what is related to it, or to words that it is among; tells what of it occurs.
fn add_related(line: &mut [Asked<'_>], vocabulary: &Vocabulary<'_>) -> Result<Vec<Widening>> {
    let words: Vec<_> = line.iter().map(|asked| asked.word.clone()).collect();
    let mut told = Vec::new();
    for (run, mut widening) in related(&words) {
        let mut occurring = Vec::new();
        for word in widening.also {
            let query = Query::Word { field: None, word };
            if vocabulary.frequency(&query)? > 0 {
                occurring.push(query);
            }
        }
        let text = |query: &Query| if let Query::Word { word, .. } = query { Some(word.clone()) } else { None };
        widening.also = occurring.iter().filter_map(text).collect();
        for asked in line.get_mut(run).into_iter().flatten() {
            asked.related.extend(occurring.iter().filter(|query| !asked.also.contains(query)).cloned());
        }
        if !widening.also.is_empty() {
            told.push(widening);
        }
    }
    Ok(told)
}

impl Asked<'_> {
    /// The word itself where it or what stands for it occurs; else the words most like it; `None` where there are none.
    fn stand_in(&self, vocabulary: &Vocabulary<'_>) -> Result<Option<Query>> {
        let Query::Word { word, .. } = self.word else { return Ok(None) };
        if !self.also.is_empty() || !self.related.is_empty() || vocabulary.has(word)? {
            return Ok(Some(self.word.clone()));
        }
        let near = vocabulary.near(word)?;
        let words: Vec<_> = near.into_iter().map(|word| Query::Word { field: None, word }).collect();
        Ok((!words.is_empty()).then_some(Query::Or(words)))
    }
}

/// One of the words, with what it weighs.
#[derive(Debug)]
pub struct Part {
    /// The word as typed.
    pub name: String,
    /// Finds it.
    pub query: Boxed,
    /// How rare it is.
    pub weight: f32,
}

impl Clone for Part {
    fn clone(&self) -> Self {
        Part { name: self.name.clone(), query: self.query.box_clone(), weight: self.weight }
    }
}

/// Matches where the parts that match weigh more than [`LEAST`] of the whole; scores the sum of their scores, times the square
/// root of the part of the whole that they weigh.
#[derive(Debug, Clone)]
pub struct Enough {
    /// The heaviest first.
    pub parts: Vec<Part>,
    /// Words that occur nowhere.
    pub nowhere: Vec<String>,
    whole: f32,
    /// How many of the first there are of which a match must hold one: the others together do not weigh enough.
    leading: usize,
}

impl Enough {
    fn new(mut parts: Vec<Part>, whole: f32, nowhere: Vec<String>) -> Self {
        parts.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut rest = 0.0;
        let light = |part: &&Part| {
            rest += part.weight;
            rest <= LEAST * whole
        };
        let leading = parts.len() - parts.iter().rev().take_while(light).count();
        Enough { parts, nowhere, whole, leading }
    }

    /// What a match's score is multiplied with that holds so much; `None` where that is not enough.
    pub fn factor(&self, held: f32) -> Option<f32> {
        (held > LEAST * self.whole).then(|| factor(held, self.whole))
    }
}

fn factor(held: f32, whole: f32) -> f32 {
    (held / whole).sqrt()
}

impl Engine for Enough {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self.parts.iter().map(|part| Ok((part.query.weight(scoring)?, part.weight)));
        let parts = parts.collect::<tantivy::Result<_>>()?;
        Ok(Box::new(EnoughWeight { parts, whole: self.whole, leading: self.leading }))
    }
}

struct EnoughWeight {
    parts: Vec<(Box<dyn Weight>, f32)>,
    whole: f32,
    leading: usize,
}

impl Weight for EnoughWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let parts = self.parts.iter().map(|(part, weight)| Ok((part.scorer(reader, boost)?, *weight)));
        let mut leading: Vec<_> = parts.collect::<tantivy::Result<_>>()?;
        let following = leading.split_off(self.leading.min(leading.len()));
        let mut scorer = EnoughScorer { leading, following, whole: self.whole, doc: 0, held: 0.0 };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("the sum of the scores of the words that match, by the root of their part of the weight", 0.0))
    }
}

/// The parts: the leading ones each at its first document from `doc` on, the others at theirs or before.
struct EnoughScorer {
    leading: Vec<(Box<dyn Scorer>, f32)>,
    following: Vec<(Box<dyn Scorer>, f32)>,
    whole: f32,
    doc: DocId,
    /// What the parts that match weigh.
    held: f32,
}

impl EnoughScorer {
    /// Goes to the first document from the earliest leading part on that holds enough.
    fn settle(&mut self) -> DocId {
        loop {
            self.doc = self.leading.iter().map(|(part, _)| part.doc()).min().unwrap_or(TERMINATED);
            let doc = self.doc;
            if doc == TERMINATED {
                return doc;
            }
            for (part, _) in self.following.iter_mut().filter(|(part, _)| part.doc() < doc) {
                part.seek(doc);
            }
            self.held = self.here().map(|(_, weight)| *weight).sum();
            if self.held > LEAST * self.whole {
                return doc;
            }
            self.pass();
        }
    }

    /// Leaves the current document.
    fn pass(&mut self) {
        let doc = self.doc;
        for (part, _) in self.leading.iter_mut().filter(|(part, _)| part.doc() == doc) {
            part.advance();
        }
    }

    fn here(&mut self) -> impl Iterator<Item = &mut (Box<dyn Scorer>, f32)> {
        let doc = self.doc;
        self.leading.iter_mut().chain(&mut self.following).filter(move |(part, _)| part.doc() == doc)
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
        for (part, _) in self.leading.iter_mut().filter(|(part, _)| part.doc() < target) {
            part.seek(target);
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.leading.iter().map(|(part, _)| part.size_hint()).max().unwrap_or(0)
    }
}

impl Scorer for EnoughScorer {
    fn score(&mut self) -> Score {
        factor(self.held, self.whole) * self.here().map(|(part, _)| part.score()).sum::<Score>()
    }
}
