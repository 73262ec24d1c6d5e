//! What a word, a phrase or anything else scores in documents of one segment, for which it is asked in order, or the most that it
//! can score there.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::query::{Bm25Weight, Scorer, Weight};
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, DocSet as _, Score, SeekDangerResult, SegmentReader, Term};

/// A document whose score is being added up.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// The document.
    pub unit: DocId,
    /// That of its letter.
    pub letter: DocId,
    /// What it scores so far.
    pub sum: Score,
    /// What can still be added.
    pub more: Score,
}

/// What documents score; [`NONE`] where they do not match.
pub type Scores = Vec<Score>;

/// No score: less than any.
pub const NONE: Score = -1.0;

/// Scores documents, or those of their letters.
pub struct Leaf<'s> {
    kind: Kind<'s>,
    of_letter: bool,
}

enum Kind<'s> {
    Word(Option<Word>),
    Phrase(Option<Phrase>),
    Other(Other<'s>),
    /// No more is known than that it scores.
    Anything,
}

impl<'s> Leaf<'s> {
    /// A word; `None` where the segment has none of it.
    pub fn word(word: Option<Word>, of_letter: bool) -> Self {
        Leaf { kind: Kind::Word(word), of_letter }
    }

    /// The most that a phrase scores; `None` where the segment lacks a word of it.
    pub fn phrase(phrase: Option<Phrase>, of_letter: bool) -> Self {
        Leaf { kind: Kind::Phrase(phrase), of_letter }
    }

    /// What the engine scores.
    pub fn other(other: Other<'s>, of_letter: bool) -> Self {
        Leaf { kind: Kind::Other(other), of_letter }
    }

    /// More than anything scores.
    pub fn anything() -> Self {
        Leaf { kind: Kind::Anything, of_letter: false }
    }

    /// What each document scores.
    pub fn scores(&mut self, live: &[Live]) -> tantivy::Result<Scores> {
        let of_letter = self.of_letter;
        let docs = live.iter().map(|live| if of_letter { live.letter } else { live.unit });
        match &mut self.kind {
            Kind::Word(None) | Kind::Phrase(None) => Ok(vec![NONE; live.len()]),
            Kind::Word(Some(word)) => Ok(docs.map(|doc| word.score(doc)).collect()),
            Kind::Phrase(Some(phrase)) => Ok(docs.map(|doc| phrase.at_most(doc)).collect()),
            Kind::Other(other) => docs.map(|doc| other.score(doc)).collect(),
            Kind::Anything => Ok(vec![Score::INFINITY; live.len()]),
        }
    }
}

/// A word's documents, as the engine scores them.
pub struct Word {
    postings: SegmentPostings,
    lengths: FieldNormReader,
    bm25: Bm25Weight,
}

impl Word {
    /// In a segment.
    pub fn of(segment: &SegmentReader, term: &Term, bm25: &Bm25Weight) -> tantivy::Result<Option<Self>> {
        let Some(postings) = postings(segment, term)? else { return Ok(None) };
        Ok(Some(Word { postings, lengths: lengths(segment, term.field())?, bm25: bm25.clone() }))
    }

    fn score(&mut self, doc: DocId) -> Score {
        let times = times(&mut self.postings, doc);
        if times == 0 { NONE } else { self.bm25.score(self.lengths.fieldnorm_id(doc), times) }
    }
}

/// Words side by side. It stands in a text no more often than each of its words does, so that much is known of its score before
/// any position is read.
pub struct Phrase {
    words: Vec<SegmentPostings>,
    lengths: FieldNormReader,
    bm25: Bm25Weight,
}

impl Phrase {
    /// In a segment.
    pub fn of(segment: &SegmentReader, terms: &[Term], bm25: &Bm25Weight) -> tantivy::Result<Option<Self>> {
        let words = terms.iter().map(|term| postings(segment, term)).collect::<tantivy::Result<Option<Vec<_>>>>()?;
        let (Some(words), Some(first)) = (words, terms.first()) else { return Ok(None) };
        Ok(Some(Phrase { words, lengths: lengths(segment, first.field())?, bm25: bm25.clone() }))
    }

    fn at_most(&mut self, doc: DocId) -> Score {
        let fewest = self.words.iter_mut().map(|word| times(word, doc)).min().unwrap_or(0);
        if fewest == 0 { NONE } else { self.bm25.score(self.lengths.fieldnorm_id(doc), fewest) }
    }
}

/// What the engine alone knows to score. To find its first document may take as long as all the others, so that it is begun at the
/// first that is asked for.
pub struct Other<'s> {
    segment: &'s SegmentReader,
    weight: &'s dyn Weight,
    boost: Score,
    scorer: Option<Box<dyn Scorer>>,
    /// The document at which it stands: one that it looked for and did not find leaves it in no place.
    doc: Option<DocId>,
    /// It matches none before.
    next: DocId,
}

impl<'s> Other<'s> {
    /// In a segment.
    pub fn of(segment: &'s SegmentReader, weight: &'s dyn Weight, boost: Score) -> Self {
        Other { segment, weight, boost, scorer: None, doc: None, next: 0 }
    }

    /// Whether it matches a document.
    pub fn finds(&mut self, doc: DocId) -> tantivy::Result<bool> {
        if self.doc != Some(doc) && doc >= self.next {
            let sought = match &mut self.scorer {
                Some(scorer) => scorer.seek_danger(doc),
                None => {
                    let (sought, scorer) = self.weight.scorer_danger(self.segment, doc, self.boost)?;
                    self.scorer = Some(scorer);
                    sought
                }
            };
            (self.doc, self.next) = match sought {
                SeekDangerResult::Found => (Some(doc), doc),
                SeekDangerResult::SeekLowerBound(next) => (None, next),
            };
        }
        Ok(self.doc == Some(doc))
    }

    fn score(&mut self, doc: DocId) -> tantivy::Result<Score> {
        let found = self.finds(doc)?;
        Ok(self.scorer.as_mut().filter(|_| found).map_or(NONE, |scorer| scorer.score()))
    }
}

fn postings(segment: &SegmentReader, term: &Term) -> tantivy::Result<Option<SegmentPostings>> {
    Ok(segment.inverted_index(term.field())?.read_postings(term, IndexRecordOption::WithFreqs)?)
}

/// How long texts are; where that is not in the index, all as long as one word.
fn lengths(segment: &SegmentReader, field: Handle) -> tantivy::Result<FieldNormReader> {
    let lengths = segment.fieldnorms_readers().get_field(field)?;
    Ok(lengths.unwrap_or_else(|| FieldNormReader::constant(segment.max_doc(), 1)))
}

/// How often a word stands in a document.
fn times(postings: &mut SegmentPostings, doc: DocId) -> u32 {
    if postings.doc() < doc {
        postings.seek(doc);
    }
    if postings.doc() == doc { postings.term_freq() } else { 0 }
}
