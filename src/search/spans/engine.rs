//! [`Spans`] as a query of the engine, which has none of its own for words near to each other.
//!
//! Documents are found first, by the documents of the words alone; only in those that hold all that is needed are positions
//! read. The score is BM25, as for a phrase, of the smallest stretches that satisfy the query, by the rarity of its words (of
//! alternatives the most frequent), and more the shorter the shortest stretch is.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query as Engine, Scorer, Weight};
use tantivy::schema::Field as Handle;
use tantivy::{DocId, DocSet, Score, Searcher, SeekDangerResult, SegmentReader, TERMINATED, TantivyError};

use super::postings::{of_pattern, of_place};
use super::{At, Ends, Shape, Span, Spans};
use crate::index::words;
use crate::search::form::Form;
use crate::search::pattern::{Pattern, Place};
use crate::search::row::Row;
use crate::search::scoring::bm25;
use crate::search::union::Union;
use crate::search::vocabulary::Forms;

/// What the words of the shortest stretch all side by side would add to the score, as a part of it.
const CLOSE: Score = 0.5;

/// What a document costs, compared with one of a single word.
const COST: u64 = 10;

/// The places in one field of the index.
#[derive(Debug, Clone)]
pub struct InField {
    handle: Handle,
    spans: Arc<Spans>,
}

impl InField {
    /// What `spans` asks, in that field.
    pub fn new(handle: Handle, spans: Spans) -> Self {
        InField { handle, spans: Arc::new(spans) }
    }

    /// The words by which a match scores, each in its forms.
    fn words(&self, shape: &Shape, searcher: &Searcher, all: u64) -> tantivy::Result<Vec<Forms>> {
        let forms = |place: &Place| match place {
            Place::Form(form) => Some(Forms::of(searcher.segment_readers(), self.handle, form, all)),
            Place::Begins(_) | Place::Like(..) => None,
        };
        Ok(match shape {
            Shape::Leaf(leaf) => {
                let places = self.spans.patterns.get(*leaf).into_iter().flat_map(|pattern| &pattern.places);
                places.filter_map(forms).collect::<tantivy::Result<_>>()?
            }
            Shape::Proximity(_, sides) => {
                let mut words = self.words(&sides.0, searcher, all)?;
                words.extend(self.words(&sides.1, searcher, all)?);
                words
            }
            Shape::Any(members) => {
                let mut most: Option<(u64, Vec<Forms>)> = None;
                for member in members {
                    let words = self.words(member, searcher, all)?;
                    // Beginnings and fuzzy words are as frequent as can be.
                    let rarest = words.iter().map(|forms| forms.found).min().unwrap_or(u64::MAX);
                    if most.as_ref().is_none_or(|(frequency, _)| *frequency < rarest) {
                        most = Some((rarest, words));
                    }
                }
                most.map(|(_, words)| words).unwrap_or_default()
            }
        })
    }
}

impl Engine for InField {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let bm25 = match scoring {
            EnableScoring::Enabled { searcher, statistics_provider: statistics } => {
                let words = self.words(&self.spans.shape, searcher, statistics.total_num_docs()?)?;
                let words: Vec<_> = words.iter().filter(|forms| !forms.terms.is_empty()).collect();
                if words.is_empty() { None } else { Some(bm25(statistics, &words)?) }
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(InFieldWeight { query: self.clone(), bm25 }))
    }
}

struct InFieldWeight {
    query: InField,
    /// None where nothing is scored, or nothing has a rarity.
    bm25: Option<Bm25Weight>,
}

impl InFieldWeight {
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<InFieldScorer> {
        let InField { handle, spans } = &self.query;
        let index = reader.inverted_index(*handle)?;
        let rows = spans.patterns.iter().map(|pattern| of_pattern(&index, *handle, pattern));
        let marker = |term: &str| of_place(&index, *handle, &Place::Form(Form::Word(term.to_owned())));
        let lengths = reader.fieldnorms_readers().get_field(*handle)?;
        let mut scorer = InFieldScorer {
            spans: Arc::clone(spans),
            rows: rows.collect::<tantivy::Result<_>>()?,
            texts: marker(words::TEXT_END)?,
            sentences: if spans.shape.needs_sentences() { Some(marker(words::SENTENCE_END)?) } else { None },
            lengths: lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)),
            bm25: self.bm25.clone(),
            boost,
            doc: 0,
            found: Vec::new(),
        };
        scorer.settle(0);
        Ok(scorer)
    }
}

impl Weight for InFieldWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let scorer = self.open(reader, boost)?;
        Ok(if scorer.doc == TERMINATED { Box::new(EmptyScorer) } else { Box::new(scorer) })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.open(reader, 1.0)?;
        if scorer.doc > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document #{doc} does not match")));
        }
        let mut explanation = Explanation::new("words near to each other: BM25 by how close they are", scorer.score());
        if let Some(bm25) = &self.bm25 {
            explanation.add_detail(bm25.explain(scorer.lengths.fieldnorm_id(doc), scorer.frequency()));
        }
        explanation.add_const("how close the closest are", scorer.closeness());
        Ok(explanation)
    }
}

struct InFieldScorer {
    spans: Arc<Spans>,
    rows: Vec<Row>,
    texts: Union,
    sentences: Option<Union>,
    lengths: FieldNormReader,
    bm25: Option<Bm25Weight>,
    boost: Score,
    doc: DocId,
    /// The stretches in `doc`.
    found: Vec<Span>,
}

impl InFieldScorer {
    /// Goes to the first document from `target` on that matches.
    fn settle(&mut self, target: DocId) -> DocId {
        self.doc = target;
        loop {
            self.doc = self.spans.shape.seek(&mut self.rows, self.doc);
            if self.doc >= TERMINATED {
                self.doc = TERMINATED;
                return self.doc;
            }
            if self.look() {
                return self.doc;
            }
            self.doc += 1;
        }
    }

    /// Finds the stretches in `doc`, which holds all that is needed; says whether there are any.
    fn look(&mut self) -> bool {
        let doc = self.doc;
        let rows = self.rows.iter_mut().zip(&self.spans.patterns);
        let leaves: Vec<_> = rows.map(|(row, pattern)| places(row, pattern, doc)).collect();
        let ends = Ends {
            texts: positions(&mut self.texts, doc),
            sentences: self.sentences.as_mut().map_or_else(Vec::new, |sentences| positions(sentences, doc)),
        };
        self.found = self.spans.shape.smallest(&leaves, &ends);
        !self.found.is_empty()
    }

    fn frequency(&self) -> u32 {
        u32::try_from(self.found.len()).unwrap_or(u32::MAX)
    }

    /// 1 and more, the more the fewer words are between.
    fn closeness(&self) -> Score {
        let shortest = self.found.iter().map(|span| span.last - span.first).min().unwrap_or(0);
        1.0 + CLOSE / shortest.max(1) as Score
    }
}

/// Where a pattern stands in `doc`.
fn places(row: &mut Row, pattern: &Pattern, doc: DocId) -> Vec<At> {
    if row.beyond(doc).is_some() {
        return Vec::new();
    }
    let more = pattern.places.len() as u32 - 1;
    row.starts().iter().map(|start| (*start, start + more)).collect()
}

/// Where a term stands in `doc`.
fn positions(term: &mut Union, doc: DocId) -> Vec<u32> {
    let mut positions = Vec::new();
    if term.seek(doc) == doc {
        term.positions(&mut positions);
    }
    positions
}

impl DocSet for InFieldScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.settle(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.settle(target) }
    }

    /// Looks into that document only: what else must hold may not hold in the next that matches.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        if self.doc < target {
            let next = self.spans.shape.seek(&mut self.rows, target);
            if next > target {
                return SeekDangerResult::SeekLowerBound(next.min(TERMINATED));
            }
            self.doc = target;
            self.look();
        }
        match self.doc == target && !self.found.is_empty() {
            true => SeekDangerResult::Found,
            false => SeekDangerResult::SeekLowerBound(self.doc.max(target + 1)),
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn cost(&self) -> u64 {
        u64::from(self.size_hint()) * COST
    }

    fn size_hint(&self) -> u32 {
        self.spans.shape.size_hint(&self.rows)
    }
}

impl Scorer for InFieldScorer {
    fn score(&mut self) -> Score {
        match &self.bm25 {
            Some(bm25) => self.boost * self.closeness() * bm25.score(self.lengths.fieldnorm_id(self.doc), self.frequency()),
            None => self.boost,
        }
    }
}
