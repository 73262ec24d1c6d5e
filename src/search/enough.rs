//! Holds enough of several words: the engine's query for near matches.
//!
//! A word weighs its inverse document frequency ([`super::scoring::Statistics::rarity`]). What holds words of more than [`LEAST`]
//! of the weight of all matches, and scores the sum of its words' scores, times the part of the weight that it holds.

use tantivy::query::{EnableScoring, Explanation, Query as Engine, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

use super::scored::Boxed;

/// The part of the words' weight that a match holds more of.
pub const LEAST: f32 = 0.125;

/// One of the words, or what stands for it, with what it weighs.
#[derive(Debug)]
pub struct Part {
    /// The word as typed; `None` for what is only related to one.
    pub word: Option<String>,
    /// What finds it.
    pub query: Boxed,
    /// How rare it is.
    pub weight: f32,
}

impl Clone for Part {
    fn clone(&self) -> Self {
        Part { word: self.word.clone(), query: self.query.box_clone(), weight: self.weight }
    }
}

/// Matches where the parts that match weigh more than [`LEAST`] of the whole; scores the sum of their scores, times the part of
/// the whole that they weigh.
#[derive(Debug, Clone)]
pub struct Enough {
    /// The heaviest first.
    pub parts: Vec<Part>,
    /// Words that occur nowhere, and nothing that stands for them.
    pub nowhere: Vec<String>,
    whole: f32,
    /// How many of the first there are of which a match must hold one: the others together do not weigh enough.
    leading: usize,
}

impl Enough {
    /// Of these parts, by what all words weigh, also those that occur nowhere.
    pub fn new(mut parts: Vec<Part>, nowhere: Vec<String>, whole: f32) -> Self {
        parts.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut rest = 0.0;
        let light = |part: &&Part| {
            rest += part.weight;
            rest <= LEAST * whole
        };
        let leading = parts.len() - parts.iter().rev().take_while(light).count();
        Enough { parts, nowhere, whole, leading }
    }

    /// What the sum of the parts' scores is multiplied with where they weigh so much; `None` where that is not enough.
    pub fn factor(&self, held: f32) -> Option<f32> {
        (held > LEAST * self.whole).then(|| factor(held, self.whole))
    }
}

fn factor(held: f32, whole: f32) -> f32 {
    (held / whole).min(1.0)
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
        Ok(Explanation::new("the sum of the scores of the words that match, times their part of the weight", 0.0))
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
