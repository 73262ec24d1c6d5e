//! The parts of an index that are searched at once: its segments, and the pieces of those that are too large for one core.
//!
//! A merge makes one segment of many, and an index that has grown holds most of its letters in one. A piece begins with a letter, so
//! that the units of a letter are in one piece, as they are in one segment.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;
use tantivy::columnar::Column;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

use super::of_letter::Behind;
use crate::error::Result;
use crate::index::view::{Segment, View};

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
    /// What the view keeps of the segment.
    pub view: &'a Segment,
}

impl Part<'_> {
    /// How far its documents stand behind their letters.
    pub fn behind(&self) -> tantivy::Result<&Behind> {
        self.view.behind()
    }

    /// What orders its documents where nothing else does.
    pub fn order(&self) -> tantivy::Result<&Column<u64>> {
        self.view.order()
    }
}

/// The parts of what is committed.
pub fn parts(view: &View) -> tantivy::Result<Vec<Part<'_>>> {
    let all: usize = view.segment_readers().iter().map(|segment| segment.max_doc() as usize).sum();
    pieces(view, (all / (A_CORE * rayon::current_num_threads())).max(LEAST))
}

/// What is said of each part, or of each with what belongs to it, on all cores. Who is done with one takes the next.
pub fn of_each<P: Send, T: Send>(
    parts: impl IntoIterator<Item = P, IntoIter: Send>,
    say: impl Fn(P) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let said = parts.into_iter().enumerate().par_bridge().map(|(place, part)| Ok((place, say(part)?)));
    let mut said = said.collect::<Result<Vec<_>>>()?;
    said.sort_unstable_by_key(|(place, _)| *place);
    Ok(said.into_iter().map(|(_, said)| said).collect())
}

/// The parts of what is committed, each with so many documents or about as many. The largest come first: no core is left with one of
/// them when the others are done.
fn pieces(view: &View, largest: usize) -> tantivy::Result<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    for (ordinal, segment) in (0..).zip(view.segments()) {
        let end = segment.reader().max_doc();
        let pieces = (end as usize).div_ceil(largest);
        let mut begins = Vec::new();
        if pieces > 1 {
            let behind = segment.behind()?;
            begins.extend((1..pieces).map(|piece| behind.letter((end as usize * piece / pieces) as DocId)));
        }
        let starts = std::iter::once(0).chain(begins.iter().copied());
        let ends = begins.iter().copied().chain([end]);
        let part = |(start, end)| Part { segment: segment.reader(), ordinal, docs: start..end, view: segment };
        parts.extend(starts.zip(ends).map(part));
    }
    parts.sort_by_key(|part| Reverse(part.docs.len()));
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
