//! The first of what was found, by relevance without scoring all of it, or by day.
//!
//! A score is a sum ([`super::scoring`]), and no summand is more than the most that BM25 gives its words. The summand that can be the
//! greatest is added first, and a document is left as soon as what is still to be added cannot lift it among the best so far
//! (MaxScore: Turtle and Flood 1995). What reads positions comes last: of a phrase, how often its words stand in a text says how
//! much it can add there. So the first ten are those that they would be if all were scored.

use std::collections::BinaryHeap;

use rayon::prelude::*;
use tantivy::columnar::Column;
use tantivy::query::Query as Engine;
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal, SegmentReader};

use super::Sort;
use super::bits::Bits;
use super::leaf::{Leaf, Live};
use super::of_letter::Behind;
use super::score::{Summand, summands};
use super::scoring::Statistics;
use super::sums::Part;
use crate::error::Result;
use crate::field;
use crate::index::schema;

/// Documents that are scored at a time: their numbers and scores lie near to the processor.
const AT_A_TIME: usize = 512;

/// Of these so many whose positions are read before those that are left are looked at again.
const POSITIONS_AT_A_TIME: usize = 64;

/// What the order in which numbers are added can make of a sum.
const ROUNDING: f32 = 1.000_01;

/// A place in the order of hits: by what they are ordered, then by case number and number, then by where they stand.
type Place = (u64, u64, DocAddress);

/// The best of what `query` found in each segment, at most so many, with their scores.
pub fn best(
    searcher: &Searcher,
    statistics: &Statistics<'_>,
    query: &dyn Engine,
    found: &[Bits],
    limit: usize,
) -> Result<Vec<(f32, DocAddress)>> {
    let summands = summands(query, statistics, searcher)?;
    let places = first(searcher, found, limit, |segment, found, first| {
        let mut scorer = Scorer::of(&summands, segment)?;
        let mut docs = found.iter();
        loop {
            let live: Vec<_> = docs.by_ref().take(AT_A_TIME).map(|doc| scorer.begin(doc)).collect();
            if live.is_empty() {
                return Ok(());
            }
            scorer.score(live, first)?;
        }
    })?;
    Ok(places.into_iter().map(|(key, _, address)| (score_of(key), address)).collect())
}

/// The latest or the earliest of what was found in each segment, at most so many; those without a date last.
pub fn by_day(searcher: &Searcher, sort: Sort, found: &[Bits], limit: usize) -> Result<Vec<DocAddress>> {
    let places = first(searcher, found, limit, |segment, found, first| {
        let days = segment.fast_fields().i64(field::DECIDED)?;
        for doc in found.iter() {
            let day = days.first(doc).and_then(|day| u64::try_from(day).ok());
            first.offer(day.map_or(u64::MAX, |day| if sort == Sort::Oldest { day } else { u64::MAX - 1 - day }), doc);
        }
        Ok(())
    })?;
    Ok(places.into_iter().map(|(_, _, address)| address).collect())
}

/// The first places in all segments of those that `place` offers of each.
fn first(
    searcher: &Searcher,
    found: &[Bits],
    limit: usize,
    place: impl Fn(&SegmentReader, &Bits, &mut First) -> Result<()> + Sync,
) -> Result<Vec<Place>> {
    let segments = searcher.segment_readers().par_iter().zip(found).enumerate();
    let firsts = segments.map(|(ordinal, (segment, found))| {
        let order = segment.fast_fields().u64(schema::ORDER)?;
        let mut first = First { segment: ordinal as SegmentOrdinal, order, limit, places: BinaryHeap::new() };
        place(segment, found, &mut first)?;
        Ok(first.places.into_vec())
    });
    let mut places = firsts.collect::<Result<Vec<_>>>()?.concat();
    places.sort_unstable();
    places.truncate(limit);
    Ok(places)
}

/// The first so many documents of a segment; the last of them on top.
struct First {
    segment: SegmentOrdinal,
    order: Column<u64>,
    limit: usize,
    places: BinaryHeap<Place>,
}

impl First {
    fn offer(&mut self, key: u64, doc: DocId) {
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
    }

    /// Whether nothing that scores so much at most is among the best.
    fn passes_over(&self, most: f32) -> bool {
        self.places.len() >= self.limit && self.places.peek().is_none_or(|last| most * ROUNDING < score_of(last.0))
    }
}

/// Scores what was found in a segment.
struct Scorer<'s> {
    behind: Behind,
    /// The summands, and the most that each adds together with those behind it.
    cheap: Vec<(Part<Leaf<'s>>, f32)>,
    /// The most that each of those adds that read positions, and what it adds.
    dear: Vec<(Part<Leaf<'s>>, Part<Leaf<'s>>)>,
}

impl<'s> Scorer<'s> {
    fn of(summands: &'s [Summand], segment: &'s SegmentReader) -> tantivy::Result<Self> {
        let (mut cheap, mut dear) = (Vec::new(), Vec::new());
        for (at, summand) in summands.iter().enumerate() {
            let scorer = summand.scorer(segment)?;
            match summand.reads_positions {
                true => dear.push((summand.at_most(segment)?, scorer)),
                false => cheap.push((scorer, summands[at..].iter().map(|summand| summand.most).sum())),
            }
        }
        Ok(Scorer { behind: Behind::of(segment)?, cheap, dear })
    }

    fn begin(&self, doc: DocId) -> Live {
        Live { unit: doc, letter: self.behind.letter(doc), sum: 0.0, more: 0.0 }
    }

    /// Scores the next documents, and offers them.
    fn score(&mut self, mut live: Vec<Live>, first: &mut First) -> Result<()> {
        for (part, left) in &mut self.cheap {
            live.retain(|live| !first.passes_over(live.sum + *left));
            let scores = part.scores(&live)?;
            live.iter_mut().zip(scores).for_each(|(live, score)| live.sum += score.max(0.0));
        }
        for (at_most, _) in &mut self.dear {
            let most = at_most.scores(&live)?;
            live.iter_mut().zip(most).for_each(|(live, most)| live.more += most.max(0.0));
        }
        for some in live.chunks(POSITIONS_AT_A_TIME) {
            let mut some: Vec<_> = some.iter().filter(|live| !first.passes_over(live.sum + live.more)).copied().collect();
            for (_, part) in &mut self.dear {
                let scores = part.scores(&some)?;
                some.iter_mut().zip(scores).for_each(|(live, score)| live.sum += score.max(0.0));
            }
            some.into_iter().for_each(|live| first.offer(key_of(live.sum), live.unit));
        }
        Ok(())
    }
}

/// A score as a number that is less the better it is. No score is less than nothing, and such floats are in the order of their bits.
fn key_of(score: f32) -> u64 {
    u64::from(u32::MAX - score.to_bits())
}

fn score_of(key: u64) -> f32 {
    f32::from_bits(u32::MAX - key as u32)
}
