//! Where patterns stand in the documents of a segment, read from its postings.

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, TERMINATED, Term};

use super::Shape;
use crate::search::beginning::beginning_with;
use crate::search::pattern::{Pattern, Place};
use crate::search::row::Row;
use crate::search::union::Union;

/// The postings of a place of a pattern.
pub fn of_place(index: &InvertedIndexReader, handle: Handle, place: &Place) -> tantivy::Result<Union> {
    let option = IndexRecordOption::WithFreqsAndPositions;
    let terms = expanded(index, handle, place)?;
    let postings = terms.iter().map(|term| index.read_postings_from_terminfo(term, option));
    Ok(Union::of(postings.collect::<std::io::Result<_>>()?))
}

/// The postings of a pattern.
pub fn of_pattern(index: &InvertedIndexReader, handle: Handle, pattern: &Pattern) -> tantivy::Result<Row> {
    let words = pattern.places.iter().zip(0..).map(|(place, at)| Ok((at, of_place(index, handle, place)?)));
    Ok(Row::of(words.collect::<tantivy::Result<_>>()?))
}

/// The terms of the index that a place stands for.
fn expanded(index: &InvertedIndexReader, handle: Handle, place: &Place) -> tantivy::Result<Vec<TermInfo>> {
    let mut terms = Vec::new();
    match place {
        Place::Form(form) => form.find(index.terms(), &mut |_, term| terms.push(term.clone()))?,
        Place::Begins(prefix) => terms = beginning_with(index, prefix)?,
        Place::Like(word, distance) => {
            let automaton = FuzzyTermQuery::new(Term::from_field_text(handle, word), *distance, true).automaton()?;
            let mut stream = index.terms().search(automaton).into_stream()?;
            while stream.advance() {
                terms.push(stream.value().clone());
            }
        }
    }
    Ok(terms)
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
