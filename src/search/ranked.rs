//! The first of what was found: by relevance, without scoring all of it, or by day ([`by_day()`]).
//!
//! A score is a sum ([`super::scoring`]) of what a document scores by each piece of the query that it holds, a word in a field, and by
//! none more than the most that BM25 gives its words. What holds the piece that can add most is scored first, then what holds the next; as
//! soon as all that are left can together lift no document among the best so far, what holds nothing else is passed over (MaxScore:
//! Turtle and Flood 1995). A document is left, too, as soon as what is still to be added cannot do it. So the first ten are those that
//! they would be if all were scored.

use tantivy::query::Query as Engine;
use tantivy::{DocAddress, DocId, Searcher};

use super::bits::Bits;
use super::found::Finder;
use super::part::Part;
use super::score::{Piece, Scorer, Summand, pieces, summands};
use super::scoring::Statistics;
use crate::error::Result;

mod by_day;
mod first;

pub use by_day::by_day;
use first::{First, first, key_of, score_of};

/// So few documents, or as many as are shown, are scored all at once.
const FEW: u64 = 1_000;

/// Documents that one scorer is asked about before the next is.
const AT_ONCE: usize = 1 << 8;

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

/// Scores documents that were found, which hold no pieces but these.
fn score(summands: &[Summand], pieces: &[Piece<'_>], finder: &Finder<'_>, found: &Bits, first: &mut First<'_>) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let greatest = most_of(pieces);
    let (mut cheap, mut dear) = (Vec::new(), Vec::new());
    for summand in summands.iter().filter(|summand| summand.most(greatest) > 0.0) {
        let scorer = (summand.scorer(finder, found, greatest)?, summand.most(greatest));
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
    let greatest = most_of(pieces);
    summands.iter().map(|summand| summand.most(greatest)).sum()
}

/// The most that one of them adds.
fn most_of(pieces: &[Piece<'_>]) -> f32 {
    pieces.first().map_or(0.0, |piece| piece.most)
}
