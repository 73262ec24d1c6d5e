//! The first places of all parts, which are found at once: what is last in one of them says what is too far behind for the others.

use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, SegmentOrdinal};

use crate::error::Result;
use crate::search::bits::Bits;
use crate::search::keep::keep;
use crate::search::part::{Part, of_each};

/// A place in the order of hits: by what they are ordered, then by case number and number, then by where they stand.
pub type Place = (u64, u64, DocAddress);

/// The first places in all parts of those that `place` offers of each.
pub fn first(
    parts: &[Part<'_>],
    found: &[Bits],
    limit: usize,
    place: impl Fn(&Part<'_>, &Bits, &mut First<'_>) -> Result<()> + Sync,
) -> Result<Vec<Place>> {
    let beyond = AtomicU64::new(u64::MAX);
    let firsts = of_each(parts.iter().zip(found), |(part, found)| {
        let mut first = First { segment: part.ordinal, order: part.order()?, limit, places: BinaryHeap::new(), beyond: &beyond };
        place(part, found, &mut first)?;
        Ok(first.places.into_vec())
    });
    let mut places = firsts?.concat();
    places.sort_unstable();
    places.truncate(limit);
    Ok(places)
}

/// The first so many documents of a part; the last of them on top.
pub struct First<'p> {
    segment: SegmentOrdinal,
    order: &'p Column<u64>,
    limit: usize,
    places: BinaryHeap<Place>,
    /// The key beyond which nothing is among the first of all parts, as far as it is known.
    beyond: &'p AtomicU64,
}

impl First<'_> {
    /// Takes a document if it is among the first.
    pub fn offer(&mut self, key: u64, doc: DocId) {
        let full = self.places.len() >= self.limit;
        if full && self.places.peek().is_none_or(|last| last.0 < key) {
            return;
        }
        let address = DocAddress { segment_ord: self.segment, doc_id: doc };
        let place = (key, self.order.first(doc).unwrap_or(u64::MAX), address);
        if !full {
            self.places.push(place);
        } else if let Some(mut last) = self.places.peek_mut().filter(|last| place < **last) {
            *last = place;
        }
        if let Some(last) = self.last() {
            self.beyond.fetch_min(last, Ordering::Relaxed);
        }
    }

    /// The key of the last, once there are as many as are asked for.
    pub fn last(&self) -> Option<u64> {
        self.places.peek().filter(|_| self.places.len() >= self.limit).map(|(key, ..)| *key)
    }

    /// Keeps the documents that may be among the best if they score so much more than they do.
    pub fn keep(&self, scored: &mut Vec<(DocId, f32)>, more: f32) {
        if self.passes_over(more) {
            let least = self.least();
            keep(scored, |(_, sum)| sum + more >= least);
        }
    }

    /// Whether nothing that scores so much at most is among the best.
    pub fn passes_over(&self, most: f32) -> bool {
        most < self.least() || self.limit == 0
    }

    /// What a document must score at least to be among the best of all parts.
    fn least(&self) -> f32 {
        score_of(self.beyond.load(Ordering::Relaxed))
    }
}

/// A score as a number that is less the better it is. No score is less than nothing, and such floats are in the order of their bits.
pub fn key_of(score: f32) -> u64 {
    u64::from(u32::MAX - score.to_bits())
}

/// The score of which that is the number.
pub fn score_of(key: u64) -> f32 {
    f32::from_bits(u32::MAX - key as u32)
}
