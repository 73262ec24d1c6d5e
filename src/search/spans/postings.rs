//! Where patterns stand in the documents of a segment, read from its postings.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED, Term};

use super::{At, Shape};
use crate::index::words;
use crate::search::pattern::{Pattern, Place};

/// The documents in which any of several terms stands. A beginning may stand for thousands of terms: those that are not yet at
/// the document asked for are found by a heap, without a look at the others.
pub struct Union {
    terms: Vec<SegmentPostings>,
    /// For each term the document at which it is; the earliest first.
    at: BinaryHeap<Reverse<(DocId, usize)>>,
}

/// The documents in which all the words of a pattern stand, side by side or not.
pub struct Row {
    words: Vec<Union>,
}

impl Union {
    /// The documents of a place of a pattern.
    pub fn open(index: &InvertedIndexReader, handle: Handle, place: &Place) -> tantivy::Result<Union> {
        let mut terms = Vec::new();
        for term in expanded(index, handle, place)? {
            terms.push(index.read_postings_from_terminfo(&term, IndexRecordOption::WithFreqsAndPositions)?);
        }
        let at = terms.iter().enumerate().map(|(number, term)| Reverse((term.doc(), number))).collect();
        Ok(Union { terms, at })
    }

    /// The first document from `target` on; no earlier one than before.
    pub fn seek(&mut self, target: DocId) -> DocId {
        while let Some(mut next) = self.at.peek_mut() {
            let Reverse((doc, number)) = *next;
            match self.terms.get_mut(number) {
                Some(term) if doc < target => *next = Reverse((term.seek(target), number)),
                _ => return doc,
            }
        }
        TERMINATED
    }

    /// Where it stands in `doc`, in order.
    pub fn positions(&mut self, doc: DocId) -> Vec<u32> {
        let mut positions = Vec::new();
        // What is at the document is at the top of the heap, each beneath one that is too.
        let mut places = vec![0];
        while let Some(place) = places.pop() {
            let Some(Reverse((_, number))) = self.at.as_slice().get(place).filter(|Reverse((at, _))| *at == doc) else {
                continue;
            };
            if let Some(term) = self.terms.get_mut(*number) {
                term.append_positions_with_offset(0, &mut positions);
            }
            places.extend([2 * place + 1, 2 * place + 2]);
        }
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn size_hint(&self) -> u32 {
        self.terms.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
    }
}

/// The terms of the index that a place stands for.
fn expanded(index: &InvertedIndexReader, handle: Handle, place: &Place) -> tantivy::Result<Vec<TermInfo>> {
    let mut terms = Vec::new();
    match place {
        Place::Term(term) => terms.extend(index.get_term_info(&Term::from_field_text(handle, term))?),
        Place::Begins(prefix) => {
            let mut stream = index.terms().range().ge(prefix).into_stream()?;
            while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
                terms.push(stream.value().clone());
            }
        }
        Place::Like(word, distance) => {
            let automaton = FuzzyTermQuery::new(Term::from_field_text(handle, word), *distance, true).automaton()?;
            let mut stream = index.terms().search(automaton).into_stream()?;
            while stream.advance() {
                if !stream.key().starts_with(words::STEM.as_bytes()) {
                    terms.push(stream.value().clone());
                }
            }
        }
    }
    Ok(terms)
}

impl Row {
    /// The documents of a pattern.
    pub fn open(index: &InvertedIndexReader, handle: Handle, pattern: &Pattern) -> tantivy::Result<Row> {
        let words = pattern.places.iter().map(|place| Union::open(index, handle, place));
        Ok(Row { words: words.collect::<tantivy::Result<_>>()? })
    }

    fn seek(&mut self, mut target: DocId) -> DocId {
        loop {
            let last = self.words.iter_mut().fold(target, |target, word| word.seek(target).max(target));
            if last == target || last >= TERMINATED {
                return last;
            }
            target = last;
        }
    }

    /// Where the words stand side by side in `doc`, the first and the last of them.
    pub fn places(&mut self, doc: DocId) -> Vec<At> {
        let mut words = self.words.iter_mut();
        let mut starts = words.next().map(|word| word.positions(doc)).unwrap_or_default();
        let mut further = 0;
        for word in words {
            further += 1;
            if starts.is_empty() {
                break;
            }
            let positions = word.positions(doc);
            starts.retain(|start| positions.binary_search(&(start + further)).is_ok());
        }
        starts.into_iter().map(|start| (start, start + further)).collect()
    }

    fn size_hint(&self) -> u32 {
        self.words.iter().map(Union::size_hint).min().unwrap_or(0)
    }
}

impl Shape {
    /// The first document from `target` on that has what the shape joins, near to each other or not.
    pub fn seek(&self, rows: &mut [Row], target: DocId) -> DocId {
        match self {
            Shape::Leaf(leaf) => rows.get_mut(*leaf).map_or(TERMINATED, |row| row.seek(target)),
            Shape::Any(members) => members.iter().map(|m| m.seek(rows, target)).min().unwrap_or(TERMINATED),
            Shape::Proximity(_, sides) => {
                let mut target = target;
                loop {
                    let left = sides.0.seek(rows, target);
                    target = sides.1.seek(rows, left);
                    if target == left || target >= TERMINATED {
                        return target;
                    }
                }
            }
        }
    }

    /// How many documents those are at most.
    pub fn size_hint(&self, rows: &[Row]) -> u32 {
        match self {
            Shape::Leaf(leaf) => rows.get(*leaf).map_or(0, Row::size_hint),
            Shape::Any(members) => members.iter().map(|m| m.size_hint(rows)).fold(0, u32::saturating_add),
            Shape::Proximity(_, sides) => sides.0.size_hint(rows).min(sides.1.size_hint(rows)),
        }
    }
}
