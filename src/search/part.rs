//! The parts of an index that are searched at once: its segments, and the pieces of those that are too large for one core.
//!
//! A merge makes one segment of many, and an index that has grown holds most of its letters in one. A piece begins with a letter, so
//! that the units of a letter are in one piece, as they are in one segment.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tantivy::columnar::Column;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, Searcher, SegmentOrdinal, SegmentReader};

use super::of_letter::Behind;
use crate::index::schema;

/// Documents that are searched before another core could have begun.
const LEAST: usize = 1 << 17;

/// Parts for each core, at least: they are not done at the same time.
const A_CORE: usize = 2;

/// A segment, or a piece of it.
pub struct Part<'a> {
    /// The segment.
    pub segment: &'a SegmentReader,
    /// Its number.
    pub ordinal: SegmentOrdinal,
    /// Which of its documents.
    pub docs: Range<DocId>,
    /// What has been opened of the segment, for all of its pieces: of a large one that takes long.
    columns: Arc<Columns>,
}

#[derive(Default)]
struct Columns {
    behind: OnceLock<Behind>,
    order: OnceLock<Column<u64>>,
}

impl Part<'_> {
    /// How far its documents stand behind their letters.
    pub fn behind(&self) -> tantivy::Result<&Behind> {
        opened(&self.columns.behind, || Behind::of(self.segment))
    }

    /// What orders its documents where nothing else does.
    pub fn order(&self) -> tantivy::Result<&Column<u64>> {
        opened(&self.columns.order, || self.segment.fast_fields().u64(schema::ORDER))
    }
}

fn opened<T>(known: &OnceLock<T>, open: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
    if let Some(known) = known.get() {
        return Ok(known);
    }
    let opened = open()?;
    Ok(known.get_or_init(|| opened))
}

/// The parts of what is committed.
pub fn parts(searcher: &Searcher) -> tantivy::Result<Vec<Part<'_>>> {
    let all: usize = searcher.segment_readers().iter().map(|segment| segment.max_doc() as usize).sum();
    pieces(searcher, (all / (A_CORE * rayon::current_num_threads())).max(LEAST))
}

/// The parts of what is committed, each with so many documents or about as many.
fn pieces(searcher: &Searcher, largest: usize) -> tantivy::Result<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let end = segment.max_doc();
        let pieces = (end as usize).div_ceil(largest);
        let columns = Arc::new(Columns::default());
        let mut begins = Vec::new();
        if pieces > 1 {
            let behind = Behind::of(segment)?;
            begins.extend((1..pieces).map(|piece| behind.letter((end as usize * piece / pieces) as DocId)));
        }
        let starts = std::iter::once(0).chain(begins.iter().copied());
        let ends = begins.iter().copied().chain([end]);
        parts.extend(starts.zip(ends).map(|(start, end)| Part {
            segment,
            ordinal,
            docs: start..end,
            columns: Arc::clone(&columns),
        }));
    }
    Ok(parts)
}

/// Gives the documents of a term that are among some, a block at a time.
pub fn each_block(mut term: BlockSegmentPostings, among: &Range<DocId>, mut take: impl FnMut(&[DocId])) {
    if among.start > 0 {
        term.seek(among.start);
    }
    loop {
        let docs = term.docs();
        let (Some(first), Some(last)) = (docs.first(), docs.last()) else { return };
        if *first >= among.end {
            return;
        }
        if among.contains(first) && among.contains(last) {
            take(docs);
        } else {
            let here = docs.partition_point(|doc| *doc < among.start)..docs.partition_point(|doc| *doc < among.end);
            take(docs.get(here).unwrap_or_default());
        }
        term.advance();
    }
}

#[cfg(test)]
mod tests;
