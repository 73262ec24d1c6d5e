//! What scores documents of one segment, which are asked for in order.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score, SeekDangerResult};

use super::{ROUNDED, Tree};
use crate::search::bits::Bits;
use crate::search::cursor::Cursor;
use crate::search::found::Letters;
use crate::search::row::Row;

/// Scores documents of one segment, asked for in order.
pub struct Scorer<'p>(pub(super) Tree<At<'p>>);

impl Scorer<'_> {
    /// Adds to the sum beside each document what it scores.
    pub fn add(&mut self, scored: &mut [(DocId, Score)]) {
        let scored = scored.iter_mut();
        match &mut self.0 {
            Tree::Leaf(At::Term { term, letters }) => {
                scored.for_each(|(doc, sum)| *sum += term.score_or_nothing(letter(letters.as_ref(), *doc)));
            }
            Tree::Leaf(At::Flat(found, score)) => {
                scored.for_each(|(doc, sum)| *sum += if found.has(*doc) { *score } else { 0.0 });
            }
            tree => scored.for_each(|(doc, sum)| *sum += tree.score(*doc).unwrap_or(0.0)),
        }
    }

    /// What a document scores; `None` where it does not match.
    pub fn score(&mut self, doc: DocId) -> Option<Score> {
        self.0.score(doc)
    }

    /// What a document scores at most, without a look at where words stand.
    pub fn most(&mut self, doc: DocId) -> Score {
        self.0.most(doc)
    }
}

impl Tree<At<'_>> {
    fn score(&mut self, doc: DocId) -> Option<Score> {
        let sum = |parts: &mut [Self]| parts.iter_mut().filter_map(|part| part.score(doc)).reduce(|a, b| a + b);
        match self {
            Tree::Leaf(at) => at.score(doc),
            Tree::Any(parts) => sum(parts),
            Tree::Best(parts) => parts.iter_mut().filter_map(|part| part.score(doc)).reduce(Score::max),
            Tree::All { must, not, may } => {
                let mut all = 0.0;
                for part in must.iter_mut() {
                    all += part.score(doc)?;
                }
                if not.iter_mut().any(|part| part.score(doc).is_some()) {
                    return None;
                }
                let also = sum(may);
                (!must.is_empty() || also.is_some()).then(|| all + also.unwrap_or(0.0))
            }
        }
    }

    fn most(&mut self, doc: DocId) -> Score {
        match self {
            Tree::Leaf(at) => at.most(doc),
            Tree::Any(parts) => parts.iter_mut().map(|part| part.most(doc)).sum(),
            Tree::Best(parts) => parts.iter_mut().map(|part| part.most(doc)).fold(0.0, Score::max),
            Tree::All { must, may, .. } => must.iter_mut().chain(may).map(|part| part.most(doc)).sum(),
        }
    }
}

/// Terms in one segment.
pub struct TermsAt {
    pub forms: Vec<Cursor>,
    pub lengths: FieldNormReader,
    pub bm25: Bm25Weight,
}

impl TermsAt {
    fn score(&mut self, doc: DocId) -> Option<Score> {
        let frequency = self.frequency_in(doc);
        (frequency > 0).then(|| self.bm25.score(self.lengths.fieldnorm_id(doc), frequency))
    }

    /// The same, or 0, which is what BM25 gives what stands there no time. Nothing branches on whether it does.
    fn score_or_nothing(&mut self, doc: DocId) -> Score {
        let frequency = self.frequency_in(doc);
        self.bm25.score(self.lengths.fieldnorm_id(doc), frequency)
    }

    /// What a document scores if they stand in it as often as the words in a row; `next` is one before which none has all of these.
    fn score_in(&self, row: &mut Row, doc: DocId, next: &mut DocId) -> Option<Score> {
        if doc < *next {
            return None;
        }
        if let Some(beyond) = row.beyond(doc) {
            *next = beyond;
            return None;
        }
        let rows = row.starts().len() as u32;
        (rows > 0).then(|| self.bm25.score(self.lengths.fieldnorm_id(doc), rows))
    }

    fn frequency_in(&mut self, doc: DocId) -> u32 {
        match self.forms.as_mut_slice() {
            [form] => form.frequency_in(doc),
            forms => forms.iter_mut().map(|form| form.frequency_in(doc)).sum(),
        }
    }
}

/// Where the scores of a query's documents come from.
pub enum At<'p> {
    /// A scorer of the engine, and where it is: a document that it looked for and did not find leaves it in no place.
    Scorer {
        scorer: Box<dyn tantivy::query::Scorer>,
        /// Where the letters of documents are, if it is of these.
        letters: Option<Letters<'p>>,
        /// The document at which it stands.
        doc: Option<DocId>,
        /// It matches none before.
        next: DocId,
    },
    /// Words in a row, with the rarest of them: they score no more than if they stood in a row wherever it stands.
    Row {
        row: Row,
        rarest: TermsAt,
        /// Where the letters of documents are, if it is of these.
        letters: Option<Letters<'p>>,
        /// The document that was asked for last, and what it scores.
        last: (DocId, Option<Score>),
        /// None before has all of the words.
        next: DocId,
    },
    /// A term.
    Term { term: TermsAt, letters: Option<Letters<'p>> },
    /// Each of these scores so much.
    Flat(Bits, Score),
}

/// The document that is asked for where a unit is.
fn letter(letters: Option<&Letters<'_>>, unit: DocId) -> DocId {
    letters.map_or(unit, |letters| letters.letter(unit))
}

impl<'p> At<'p> {
    /// At its first document.
    pub fn first(scorer: Box<dyn tantivy::query::Scorer>, letters: Option<Letters<'p>>) -> Self {
        let doc = scorer.doc();
        At::Scorer { scorer, letters, doc: Some(doc), next: doc }
    }

    /// Of words in a row, before all documents.
    pub fn of_row(row: Row, rarest: TermsAt, letters: Option<Letters<'p>>) -> Self {
        At::Row { row, rarest, letters, last: (DocId::MAX, None), next: 0 }
    }

    fn most(&mut self, unit: DocId) -> Score {
        match self {
            At::Row { rarest, letters, .. } => {
                let doc = letter(letters.as_ref(), unit);
                rarest.score(doc).map_or(0.0, |most| most * ROUNDED)
            }
            _ => self.score(unit).unwrap_or(0.0),
        }
    }

    fn score(&mut self, unit: DocId) -> Option<Score> {
        let (scorer, letters, doc, next) = match self {
            At::Flat(found, score) => return found.has(unit).then_some(*score),
            At::Term { term, letters } => return term.score(letter(letters.as_ref(), unit)),
            At::Row { row, rarest, letters, last, next } => {
                let doc = letter(letters.as_ref(), unit);
                if last.0 != doc {
                    *last = (doc, rarest.score_in(row, doc, next));
                }
                return last.1;
            }
            At::Scorer { scorer, letters, doc, next } => (scorer, letters, doc, next),
        };
        let target = letter(letters.as_ref(), unit);
        if *doc != Some(target) {
            if target < *next {
                return None;
            }
            match scorer.seek_danger(target) {
                SeekDangerResult::Found => (*doc, *next) = (Some(target), target),
                SeekDangerResult::SeekLowerBound(bound) => {
                    (*doc, *next) = (None, bound);
                    return None;
                }
            }
        }
        Some(scorer.score())
    }
}
