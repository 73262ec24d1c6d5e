//! What the score of a document is made of: its summands, each with the most that it can be.

use tantivy::query::{Bm25Weight, EnableScoring, Occur, PhraseQuery, Query as Engine, TermQuery, Weight};
use tantivy::{Searcher, SegmentReader, Term};

use super::found::reads_positions;
use super::leaf::{Leaf, Other, Phrase, Word};
use super::of_letter::OfLetter;
use super::scored::{Boxed, Scored};
use super::scoring::Statistics;
use super::sums::Part;
use crate::error::Result;

/// What BM25 gives at most for each unit of rarity: k1 + 1, and a little for what rounding adds.
const MOST: f32 = 2.2 * 1.001;

/// A part of a score that is added to the others.
pub struct Summand {
    /// The most that it can be.
    pub most: f32,
    /// Whether it takes reading where words stand.
    pub reads_positions: bool,
    weight: Part<Weights>,
}

/// What a leaf weighs in all segments.
pub struct Weights {
    kind: Kind,
    times: f32,
    /// Whether the words are in the letter's document.
    of_letter: bool,
}

enum Kind {
    Word(Term, Bm25Weight),
    Phrase(Vec<Term>, Bm25Weight, Box<dyn Weight>),
    Other(Box<dyn Weight>),
}

/// The summands of what a query scores where it matches: behind those that read no positions those that do, and of either the one
/// that can be the greatest first.
pub fn summands(query: &dyn Engine, statistics: &Statistics<'_>, searcher: &Searcher) -> Result<Vec<Summand>> {
    let mut parts = Vec::new();
    take_apart(query, true, 1.0, &mut parts);
    let mut summands = Vec::new();
    for (query, times) in parts {
        summands.push(Summand {
            most: times * most(query, statistics)?,
            reads_positions: reads_positions(query),
            weight: weights(query, times, false, statistics, searcher)?,
        });
    }
    summands.sort_by(|a, b| a.reads_positions.cmp(&b.reads_positions).then(b.most.total_cmp(&a.most)));
    Ok(summands)
}

/// The queries that are added, each so many times; `matches` where documents are known to match.
fn take_apart<'q>(query: &'q dyn Engine, matches: bool, times: f32, parts: &mut Vec<(&'q dyn Engine, f32)>) {
    match query.downcast_ref() {
        Some(Scored::Named(_, query)) => take_apart(query.as_ref(), matches, times, parts),
        Some(Scored::Field(_, factor, query) | Scored::Times(factor, query)) => {
            take_apart(query.as_ref(), matches, times * factor, parts);
        }
        Some(Scored::Filter(_)) => {}
        Some(Scored::Any(queries)) => queries.iter().for_each(|query| take_apart(query.as_ref(), false, times, parts)),
        Some(Scored::All(clauses)) if matches => {
            for (occur, query) in clauses.iter().filter(|(occur, _)| *occur != Occur::MustNot) {
                take_apart(query.as_ref(), *occur == Occur::Must, times, parts);
            }
        }
        _ => parts.push((query, times)),
    }
}

/// The most that a query scores.
fn most(query: &dyn Engine, statistics: &Statistics<'_>) -> Result<f32> {
    let each = |queries: &[Boxed]| queries.iter().map(|query| most(query.as_ref(), statistics)).collect::<Result<Vec<_>>>();
    let of = |terms: &[Term]| -> Result<f32> {
        let rarities = terms.iter().map(|term| statistics.rarity_of(term));
        Ok(MOST * rarities.collect::<Result<Vec<_>>>()?.into_iter().sum::<f32>())
    };
    Ok(match query.downcast_ref() {
        Some(Scored::Named(_, query)) => most(query.as_ref(), statistics)?,
        Some(Scored::Field(_, factor, query) | Scored::Times(factor, query)) => factor * most(query.as_ref(), statistics)?,
        Some(Scored::Filter(_)) => 0.0,
        Some(Scored::Any(queries)) => each(queries)?.into_iter().sum(),
        Some(Scored::Best(queries)) => each(queries)?.into_iter().fold(0.0, f32::max),
        Some(Scored::All(clauses)) => {
            let scoring = clauses.iter().filter(|(occur, _)| *occur != Occur::MustNot);
            let each = scoring.map(|(_, query)| most(query.as_ref(), statistics));
            each.collect::<Result<Vec<_>>>()?.into_iter().sum()
        }
        None => match (query.downcast_ref::<TermQuery>(), query.downcast_ref::<PhraseQuery>(), query.downcast_ref()) {
            (Some(query), ..) => of(std::slice::from_ref(query.term()))?,
            (_, Some(query), _) => of(&query.phrase_terms())?,
            (.., Some(OfLetter(query))) => most(query.as_ref(), &statistics.of_letters()?)?,
            _ => f32::INFINITY,
        },
    })
}

/// What a query weighs so many times, part by part.
fn weights(
    query: &dyn Engine,
    times: f32,
    of_letter: bool,
    statistics: &Statistics<'_>,
    searcher: &Searcher,
) -> Result<Part<Weights>> {
    let part = |query: &Boxed| weights(query.as_ref(), times, of_letter, statistics, searcher);
    let parts = |queries: &[Boxed]| queries.iter().map(part).collect::<Result<Vec<_>>>();
    Ok(match query.downcast_ref() {
        Some(Scored::Named(_, query)) => part(query)?,
        Some(Scored::Field(_, factor, query) | Scored::Times(factor, query)) => {
            weights(query.as_ref(), times * factor, of_letter, statistics, searcher)?
        }
        Some(Scored::Filter(query)) => Part::Filter(Box::new(part(query)?)),
        Some(Scored::Any(queries)) => Part::Any(parts(queries)?),
        Some(Scored::Best(queries)) => Part::Best(parts(queries)?),
        Some(Scored::All(clauses)) => {
            let those = |occur: Occur| {
                let those = clauses.iter().filter(move |(o, _)| *o == occur);
                those.map(|(_, query)| part(query)).collect::<Result<Vec<_>>>()
            };
            Part::All { must: those(Occur::Must)?, not: those(Occur::MustNot)?, may: those(Occur::Should)? }
        }
        None => {
            if let Some(OfLetter(query)) = query.downcast_ref() {
                return weights(query.as_ref(), times, true, &statistics.of_letters()?, searcher);
            }
            let scoring = EnableScoring::enabled_from_statistics_provider(statistics, searcher);
            let bm25 = |terms: &[Term]| tantivy::Result::Ok(Bm25Weight::for_terms(statistics, terms)?.boost_by(times));
            let kind = match (query.downcast_ref::<TermQuery>(), query.downcast_ref::<PhraseQuery>()) {
                (Some(query), _) => Kind::Word(query.term().clone(), bm25(std::slice::from_ref(query.term()))?),
                (_, Some(phrase)) => {
                    let terms = phrase.phrase_terms();
                    let bm25 = bm25(&terms)?;
                    Kind::Phrase(terms, bm25, query.weight(scoring)?)
                }
                _ => Kind::Other(query.weight(scoring)?),
            };
            Part::Leaf(Weights { kind, times, of_letter })
        }
    })
}

impl Part<Weights> {
    /// Opens it in a segment; where not `exact`, so that no positions are read, and what is scored is no less.
    fn open<'s>(&'s self, segment: &'s SegmentReader, exact: bool) -> tantivy::Result<Part<Leaf<'s>>> {
        let each = |parts: &'s [Self]| parts.iter().map(|part| part.open(segment, exact)).collect::<tantivy::Result<Vec<_>>>();
        Ok(match self {
            Part::Leaf(Weights { kind, times, of_letter }) => Part::Leaf(match kind {
                Kind::Word(term, bm25) => Leaf::word(Word::of(segment, term, bm25)?, *of_letter),
                Kind::Phrase(terms, bm25, _) if !exact => Leaf::phrase(Phrase::of(segment, terms, bm25)?, *of_letter),
                Kind::Other(_) if !exact => Leaf::anything(),
                Kind::Phrase(.., weight) | Kind::Other(weight) => {
                    Leaf::other(Other::of(segment, weight.as_ref(), *times), *of_letter)
                }
            }),
            Part::Filter(part) => Part::Filter(Box::new(part.open(segment, exact)?)),
            Part::Any(parts) => Part::Any(each(parts)?),
            Part::Best(parts) => Part::Best(each(parts)?),
            Part::All { must, not, may } => {
                // What can match at most says nothing of what does not.
                let not = if exact { each(not)? } else { Vec::new() };
                Part::All { must: each(must)?, not, may: each(may)? }
            }
        })
    }
}

impl Summand {
    /// Scores in a segment.
    pub fn scorer<'s>(&'s self, segment: &'s SegmentReader) -> tantivy::Result<Part<Leaf<'s>>> {
        self.weight.open(segment, true)
    }

    /// Says in a segment how much documents can score, without reading positions.
    pub fn at_most<'s>(&'s self, segment: &'s SegmentReader) -> tantivy::Result<Part<Leaf<'s>>> {
        self.weight.open(segment, false)
    }
}
