//! How often a term stands in documents that are asked for in order.
//!
//! The engine looks for a document in a block of 128 as if it could be anywhere. Most often the one asked for is among the next few.

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader, Term};

/// Documents ahead that are looked at in one step, without a guess which is the one.
const NEAR: usize = 8;

/// A term of a segment, at one of its documents.
pub struct Cursor {
    block: BlockSegmentPostings,
    /// Which of the documents of the block.
    at: usize,
}

impl Cursor {
    /// Those of these terms that the segment has, each at its first document.
    pub fn all(segment: &SegmentReader, terms: &[Term]) -> tantivy::Result<Vec<Cursor>> {
        let mut cursors = Vec::new();
        for term in terms {
            let index = segment.inverted_index(term.field())?;
            let block = index.read_block_postings(term, IndexRecordOption::WithFreqs)?;
            cursors.extend(block.map(|block| Cursor { block, at: 0 }));
        }
        Ok(cursors)
    }

    /// How often the term stands in a document that is not before the last one asked for.
    pub fn frequency_in(&mut self, doc: DocId) -> u32 {
        self.at = match near(self.block.docs().get(self.at..).unwrap_or_default(), doc) {
            Some(before) => self.at + before,
            None => self.block.seek(doc),
        };
        match self.block.docs().get(self.at) == Some(&doc) {
            // Of a field that has no frequencies none is read.
            true => self.block.freqs().get(self.at).copied().unwrap_or(1),
            false => 0,
        }
    }
}

/// How many of these documents, which are in order, are before `target`, if that is one of the next few or before it.
pub fn near(docs: &[DocId], target: DocId) -> Option<usize> {
    let near = docs.first_chunk::<NEAR>().filter(|near| near.last() >= Some(&target))?;
    Some(near.iter().filter(|doc| **doc < target).count())
}
