//! The first of what was found, by relevance without scoring all of it, or by day.
//!
//! A score is a sum ([`super::scoring`]) of what a document scores by each piece of the query that it holds, a word in a field, and by
//! none more than the most that BM25 gives its words. What holds the piece that can add most is scored first, then what holds the next; as
//! soon as all that are left can together lift no document among the best so far, what holds nothing else is passed over (MaxScore:
//! Turtle and Flood 1995). A document is left, too, as soon as what is still to be added cannot do it. So the first ten are those that
//! they would be if all were scored.

use std::collections::BinaryHeap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU32, Ordering};

use tantivy::columnar::Column;
use tantivy::query::Query as Engine;
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal};

use super::Sort;
use super::bits::Bits;
use super::found::Finder;
use super::keep::keep;
use super::part::{Part, of_each};
use super::score::{Piece, Scorer, Summand, pieces, summands};
use super::scoring::Statistics;
use crate::error::Result;
use crate::field;

/// So few documents, or as many as are shown, are scored all at once.
const FEW: u64 = 1_000;

/// Documents that one scorer is asked about before the next is.
const AT_ONCE: usize = 1 << 8;

/// Documents whose day is looked up at once.
const BLOCK: usize = 1 << 10;

/// Documents that a column goes through, looking for days, in the time in which the day of one is looked up.
const MANY: u64 = 8;

/// Documents that a column goes through at once.
const STRETCH: DocId = 1 << 16;

/// A place in the order of hits: by what they are ordered, then by case number and number, then by where they stand.
type Place = (u64, u64, DocAddress);

/// The best of what `query` found in each part, at most so many, with their scores.
pub fn best(
    searcher: &Searcher,
    parts: &[Part<'_>],
    statistics: &Statistics<'_>,
    query: &dyn Engine,
    found: &[Bits],
    limit: usize,
) -> Result<Vec<(f32, DocAddress)>> {
    let summands = summands(query, statistics)?;
    let pieces = pieces(&summands);
    let places = first(parts, found, limit, |part, found, first| {
        let finder = Finder::loose(searcher, part);
        let few = FEW.max(limit as u64);
        let mut left = found.clone();
        let mut rest = pieces.as_slice();
        // What can score anything leaves nothing to pass over.
        while let [piece, ..] = rest
            && !(found.len() <= few || piece.is_flat || piece.most.is_infinite() || first.passes_over(most(&summands, rest)))
        {
            let (mut holding, before) = (Bits::none(part.docs.clone()), rest);
            while let [piece, others @ ..] = rest
                && !piece.is_flat
                && holding.len() < few
            {
                finder.add_among(piece.query, &left, &mut holding)?;
                rest = others;
            }
            holding.intersect(&left);
            left.subtract(&holding);
            score(&summands, before, &finder, &holding, first)?;
        }
        // What holds no piece scores nothing, and still is found.
        if !first.passes_over(most(&summands, rest)) {
            score(&summands, rest, &finder, &left, first)?;
        }
        Ok(())
    })?;
    Ok(places.into_iter().map(|(key, _, address)| (score_of(key), address)).collect())
}

/// The latest or the earliest of what was found in each part, at most so many; those without a date last.
pub fn by_day(parts: &[Part<'_>], sort: Sort, found: &[Bits], limit: usize) -> Result<Vec<DocAddress>> {
    let places = first(parts, found, limit, |part, found, first| {
        let days = part.segment.fast_fields().i64(field::DECIDED)?;
        let are_many = found.len() * MANY > part.docs.len() as u64;
        let mut left = found.iter();
        let mut docs = Vec::new();
        loop {
            docs.clear();
            docs.extend(left.by_ref().take(BLOCK));
            let Some(last) = docs.last() else { return Ok(()) };
            let mut next = last + 1;
            offer_days(&docs, &days, sort, first);
            // Once there is a list, the column is asked for the days that would be in it.
            while are_many && let Some(better) = first.days(sort) {
                if next >= part.docs.end {
                    return Ok(());
                }
                let stretch = next..next.saturating_add(STRETCH).min(part.docs.end);
                next = stretch.end;
                docs.clear();
                days.get_docids_for_value_range(better, stretch, &mut docs);
                docs.retain(|doc| found.has(*doc));
                offer_days(&docs, &days, sort, first);
            }
        }
    })?;
    Ok(places.into_iter().map(|(_, _, address)| address).collect())
}

fn offer_days(docs: &[DocId], days: &Column<i64>, sort: Sort, first: &mut First<'_>) {
    let mut known = vec![None; docs.len()];
    days.first_vals(docs, &mut known);
    for (doc, day) in docs.iter().zip(known) {
        let day = day.and_then(|day| u64::try_from(day).ok());
        let key = day.map_or(u64::MAX, |day| if sort == Sort::Oldest { day } else { u64::MAX - 1 - day });
        first.offer(key, *doc);
    }
}

/// The first places in all parts of those that `place` offers of each.
fn first(
    parts: &[Part<'_>],
    found: &[Bits],
    limit: usize,
    place: impl Fn(&Part<'_>, &Bits, &mut First<'_>) -> Result<()> + Sync,
) -> Result<Vec<Place>> {
    let least = AtomicU32::new(0);
    let firsts = of_each(parts.iter().zip(found), |(part, found)| {
        let mut first = First { segment: part.ordinal, order: part.order()?, limit, places: BinaryHeap::new(), least: &least };
        place(part, found, &mut first)?;
        Ok(first.places.into_vec())
    });
    let mut places = firsts?.concat();
    places.sort_unstable();
    places.truncate(limit);
    Ok(places)
}

/// The first so many documents of a part; the last of them on top.
struct First<'p> {
    segment: SegmentOrdinal,
    order: &'p Column<u64>,
    limit: usize,
    places: BinaryHeap<Place>,
    /// What a document must score at least to be among the first of all parts, as far as it is known: as the bits of a float, of which
    /// none is less than nothing, so that they are in its order.
    least: &'p AtomicU32,
}

impl First<'_> {
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
        if let Some(last) = self.places.peek().filter(|_| self.places.len() >= self.limit) {
            self.least.fetch_max(score_of(last.0).to_bits(), Ordering::Relaxed);
        }
    }

    /// The days of which a document may still be among the first, once there are enough and all have one.
    fn days(&self, sort: Sort) -> Option<RangeInclusive<i64>> {
        let (key, ..) = self.places.peek().filter(|_| self.places.len() >= self.limit)?;
        let days = match sort {
            Sort::Oldest => 0..=i64::try_from(*key).ok()?,
            _ => i64::try_from((u64::MAX - 1).checked_sub(*key)?).ok()?..=i64::MAX,
        };
        Some(days)
    }

    /// Keeps the documents that may be among the best if they score so much more than they do.
    fn keep(&self, scored: &mut Vec<(DocId, f32)>, more: f32) {
        if self.passes_over(more) {
            let least = f32::from_bits(self.least.load(Ordering::Relaxed));
            keep(scored, |(_, sum)| sum + more >= least);
        }
    }

    /// Whether nothing that scores so much at most is among the best.
    fn passes_over(&self, most: f32) -> bool {
        most < f32::from_bits(self.least.load(Ordering::Relaxed)) || self.limit == 0
    }
}

/// Scores documents that were found, which hold no pieces but these.
fn score(summands: &[Summand], pieces: &[Piece<'_>], finder: &Finder<'_>, found: &Bits, first: &mut First<'_>) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let least = most_of(pieces);
    let (mut cheap, mut dear) = (Vec::new(), Vec::new());
    for summand in summands.iter().filter(|summand| summand.most(least) > 0.0) {
        let scorer = (summand.scorer(finder, found, least)?, summand.most(least));
        if summand.reads_positions { dear.push(scorer) } else { cheap.push(scorer) }
    }
    let mut scorers = Scorers { cheap, dear };
    scorers.add_up();
    let mut unscored = Vec::with_capacity(AT_ONCE);
    found.iter().for_each(|doc| {
        unscored.push((doc, 0.0));
        if unscored.len() == AT_ONCE {
            scorers.offer(&mut unscored, first);
        }
    });
    scorers.offer(&mut unscored, first);
    Ok(())
}

/// Scorers in turn, each with the most that it and all behind it add.
struct Scorers<'p> {
    /// Those that need not know where words stand.
    cheap: Vec<(Scorer<'p>, f32)>,
    /// Those that read positions, and are only asked where all else leaves it open.
    dear: Vec<(Scorer<'p>, f32)>,
}

impl Scorers<'_> {
    fn add_up(&mut self) {
        self.dear.iter_mut().rev().chain(self.cheap.iter_mut().rev()).fold(0.0, |behind, (_, most)| {
            *most += behind;
            *most
        });
    }

    /// Takes these documents, and offers those that can be among the first. A scorer is asked about all of them before the next is, and no
    /// more about those that what is left cannot lift among the first.
    fn offer(&mut self, scored: &mut Vec<(DocId, f32)>, first: &mut First<'_>) {
        for (scorer, left) in &mut self.cheap {
            first.keep(scored, *left);
            scorer.add(scored);
        }
        for (doc, sum) in scored.drain(..) {
            if let Some(score) = with_dear(&mut self.dear, doc, sum, first) {
                first.offer(key_of(score), doc);
            }
        }
    }
}

/// What a document scores that scores so much by the cheap scorers, unless that can not be among the first.
fn with_dear(dear: &mut [(Scorer<'_>, f32)], doc: DocId, sum: f32, first: &First<'_>) -> Option<f32> {
    let mut most = sum;
    for (scorer, left) in dear.iter_mut() {
        if first.passes_over(most + *left) {
            return None;
        }
        most += scorer.most(doc);
    }
    if first.passes_over(most) {
        return None;
    }
    let dear = dear.iter_mut().filter_map(|(scorer, _)| scorer.score(doc));
    Some(dear.fold(sum, |sum, score| sum + score))
}

/// The most that is scored by what holds no pieces but these, which begin with the one that can add most.
fn most(summands: &[Summand], pieces: &[Piece<'_>]) -> f32 {
    let least = most_of(pieces);
    summands.iter().map(|summand| summand.most(least)).sum()
}

/// The most that one of them adds.
fn most_of(pieces: &[Piece<'_>]) -> f32 {
    pieces.first().map_or(0.0, |piece| piece.most)
}

/// A score as a number that is less the better it is. No score is less than nothing, and such floats are in the order of their bits.
fn key_of(score: f32) -> u64 {
    u64::from(u32::MAX - score.to_bits())
}

fn score_of(key: u64) -> f32 {
    f32::from_bits(u32::MAX - key as u32)
}
