//! The score of a document, summand by summand, each with the most that it can be.

use tantivy::Term;
use tantivy::query::{Bm25Weight, EnableScoring, FuzzyTermQuery, Occur, Query as Engine, TermQuery, Weight};

use super::as_one::{AsOne, lengths};
use super::beginning::Beginning;
use super::bits::Bits;
use super::cursor::Cursor;
use super::found::{Finder, reads_positions};
use super::of_letter::OfLetter;
use super::scored::{Boxed, Scored, unwrapped};
use super::scoring::Statistics;
use crate::error::Result;

mod at;

pub use at::Scorer;
use at::{At, TermsAt};

/// What BM25 gives at most for each unit of rarity: k1 + 1, and a little for what rounding adds.
const MOST: f32 = 2.2 * 1.001;

/// What rounding may add to a score that is none the less for a word that stands there more often.
const ROUNDED: f32 = 1.0 + 1e-6;

/// What BM25 knows of units, and of letters.
struct Known<'a> {
    units: &'a Statistics<'a>,
    letters: Statistics<'a>,
}

/// A part of a score that is added to the others.
pub struct Summand {
    /// Whether it takes reading where words stand.
    pub reads_positions: bool,
    weight: Tree<Leaf>,
}

/// What scores documents that match a query of the engine.
struct Leaf {
    /// What finds them.
    query: Boxed,
    /// The most that one scores.
    most: f32,
    /// Whether what scores is their letters.
    of_letter: bool,
    by: By,
}

/// How a leaf scores.
enum By {
    /// As the engine says, so many times.
    Weight(Box<dyn Weight>, f32),
    Terms(Terms),
    /// By how often the words stand in a row, which is no more often than the rarest stands.
    Row(AsOne, Terms),
    /// Each scores so much.
    Flat(f32),
}

/// Terms of which any scores as BM25 says of their sum.
struct Terms {
    terms: Vec<Term>,
    bm25: Bm25Weight,
}

/// What a score is made of: of weights for all segments, of scorers in one.
enum Tree<Leaf> {
    Leaf(Leaf),
    /// The sum of those that match.
    Any(Vec<Tree<Leaf>>),
    /// The best of those that match.
    Best(Vec<Tree<Leaf>>),
    /// The sum of what must match and what may, where what must does and what must not does not.
    All {
        must: Vec<Tree<Leaf>>,
        not: Vec<Tree<Leaf>>,
        may: Vec<Tree<Leaf>>,
    },
}

/// A query that some documents score by.
pub struct Piece<'s> {
    /// What finds them.
    pub query: &'s dyn Engine,
    /// The most that it adds.
    pub most: f32,
    /// Whether it adds the same wherever it adds anything.
    pub is_flat: bool,
}

/// The summands of what a query scores where it matches, the one that can be the greatest first.
pub fn summands(query: &dyn Engine, statistics: &Statistics<'_>) -> Result<Vec<Summand>> {
    let known = Known { units: statistics, letters: statistics.of_letters()? };
    let mut parts = Vec::new();
    take_apart(query, true, 1.0, &mut parts);
    let mut summands = Vec::new();
    for (query, times) in parts {
        let weight = Tree::of(query, times, false, &known)?;
        summands.push(Summand { reads_positions: reads_positions(query), weight });
    }
    let most = |summand: &Summand| summand.most(f32::INFINITY);
    summands.sort_by(|a, b| most(b).total_cmp(&most(a)));
    Ok(summands)
}

/// What documents score by, the piece that can add most first: what holds none scores nothing.
pub fn pieces(summands: &[Summand]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    summands.iter().for_each(|summand| summand.weight.add_pieces(&mut pieces));
    pieces.sort_by(|a, b| b.most.total_cmp(&a.most));
    pieces
}

/// The queries that are added, each so many times; `matches` where documents are known to match.
fn take_apart<'q>(query: &'q dyn Engine, matches: bool, times: f32, parts: &mut Vec<(&'q dyn Engine, f32)>) {
    let (factor, query) = unwrapped(query);
    let times = times * factor;
    match query.downcast_ref() {
        _ if times == 0.0 => {}
        Some(Scored::Any(queries)) => queries.iter().for_each(|query| take_apart(query.as_ref(), false, times, parts)),
        Some(Scored::All(clauses)) if matches => {
            for (occur, query) in clauses.iter().filter(|(occur, _)| *occur != Occur::MustNot) {
                take_apart(query.as_ref(), *occur == Occur::Must, times, parts);
            }
        }
        _ => parts.push((query, times)),
    }
}

/// Whether all that a query finds scores one: words that begin alike or are spelt alike.
fn is_flat(query: &dyn Engine) -> bool {
    query.is::<Beginning>() || query.is::<FuzzyTermQuery>()
}

/// The most that a query which is made of no others scores.
fn most(query: &dyn Engine, statistics: &Statistics<'_>) -> Result<f32> {
    Ok(if let Some(query) = query.downcast_ref::<TermQuery>() {
        MOST * statistics.rarity_of(query.term())?
    } else if let Some(query) = query.downcast_ref::<AsOne>() {
        MOST * query.forms().map(|forms| statistics.rarity(forms.found)).sum::<f32>()
    } else if is_flat(query) {
        1.0
    } else {
        f32::INFINITY
    })
}

impl Summand {
    /// The most that it is of what holds no piece that could add more than `greatest`.
    pub fn most(&self, greatest: f32) -> f32 {
        self.weight.most(greatest)
    }

    /// Scores those found in a part of the index that hold no piece that could add more than `greatest`.
    pub fn scorer<'p>(&self, finder: &'p Finder<'_>, found: &Bits, greatest: f32) -> Result<Scorer<'p>> {
        Ok(Scorer(self.weight.open(finder, found, greatest)?))
    }
}

impl Tree<Leaf> {
    /// What a query scores, so many times, which is asked of the documents of letters if it is `of_letter`.
    fn of(query: &dyn Engine, times: f32, of_letter: bool, known: &Known<'_>) -> Result<Self> {
        let (factor, query) = unwrapped(query);
        let times = times * factor;
        let part = |query: &Boxed| Tree::of(query.as_ref(), times, of_letter, known);
        let parts = |queries: &[Boxed]| queries.iter().map(part).collect::<Result<Vec<_>>>();
        if let Some(OfLetter(query)) = query.downcast_ref() {
            return Tree::of(query.as_ref(), times, true, known);
        }
        Ok(match query.downcast_ref() {
            Some(Scored::Any(queries)) => Tree::Any(parts(queries)?),
            Some(Scored::Best(queries)) => Tree::Best(parts(queries)?),
            Some(Scored::All(clauses)) => {
                let those = |occur: Occur| {
                    let those = clauses.iter().filter(move |(o, _)| *o == occur);
                    those.map(|(_, query)| part(query)).collect::<Result<Vec<_>>>()
                };
                Tree::All { must: those(Occur::Must)?, not: those(Occur::MustNot)?, may: those(Occur::Should)? }
            }
            _ => Tree::Leaf(Leaf::of(query, times, of_letter, known)?),
        })
    }

    fn add_pieces<'s>(&'s self, pieces: &mut Vec<Piece<'s>>) {
        match self {
            Tree::Leaf(leaf) if leaf.most == 0.0 => {}
            Tree::Leaf(Leaf { query, most, by, .. }) => {
                pieces.push(Piece { query: query.as_ref(), most: *most, is_flat: matches!(by, By::Flat(_)) });
            }
            Tree::Any(parts) | Tree::Best(parts) => parts.iter().for_each(|part| part.add_pieces(pieces)),
            // What must not match adds nothing.
            Tree::All { must, may, .. } => must.iter().chain(may).for_each(|part| part.add_pieces(pieces)),
        }
    }

    fn most(&self, greatest: f32) -> f32 {
        let each = |parts: &[Self]| parts.iter().map(|part| part.most(greatest)).collect::<Vec<_>>();
        match self {
            Tree::Leaf(leaf) if leaf.most > greatest => 0.0,
            Tree::Leaf(leaf) => leaf.most,
            Tree::Any(parts) => each(parts).into_iter().sum(),
            Tree::Best(parts) => each(parts).into_iter().fold(0.0, f32::max),
            Tree::All { must, may, .. } => [each(must), each(may)].concat().into_iter().sum(),
        }
    }

    fn open<'p>(&self, finder: &'p Finder<'_>, found: &Bits, greatest: f32) -> Result<Tree<At<'p>>> {
        let each = |parts: &[Self]| parts.iter().map(|part| part.open(finder, found, greatest)).collect::<Result<Vec<_>>>();
        let any = |parts: &[Self]| parts.iter().map(|part| part.open(finder, found, f32::INFINITY)).collect::<Result<Vec<_>>>();
        Ok(match self {
            Tree::Leaf(leaf) if leaf.most > greatest => Tree::Any(Vec::new()),
            Tree::Leaf(leaf) => Tree::Leaf(leaf.open(finder, found)?),
            Tree::Any(parts) => Tree::Any(each(parts)?),
            Tree::Best(parts) => Tree::Best(each(parts)?),
            Tree::All { must, not, may } => Tree::All { must: each(must)?, not: any(not)?, may: each(may)? },
        })
    }
}

impl Leaf {
    fn of(query: &dyn Engine, times: f32, of_letter: bool, known: &Known<'_>) -> Result<Self> {
        let statistics = if of_letter { &known.letters } else { known.units };
        let own = || if of_letter { Box::new(OfLetter(query.box_clone())) } else { query.box_clone() };
        Ok(Leaf {
            query: own(),
            most: if times == 0.0 { 0.0 } else { times * most(query, statistics)? },
            of_letter,
            by: By::of(query, times, statistics.scoring())?,
        })
    }

    fn open<'p>(&self, finder: &'p Finder<'_>, found: &Bits) -> Result<At<'p>> {
        let letters = || self.of_letter.then(|| finder.letters_of(found)).transpose();
        Ok(match &self.by {
            By::Weight(weight, times) => At::first(weight.scorer(finder.part().segment, *times)?, letters()?),
            By::Terms(terms) => At::Term { term: terms.open(finder)?, letters: letters()? },
            By::Row(row, rarest) => At::of_row(row.open(finder.part().segment)?, rarest.open(finder)?, letters()?),
            By::Flat(score) => At::Flat(finder.found_among(self.query.as_ref(), found)?, *score),
        })
    }
}

impl By {
    fn of(query: &dyn Engine, times: f32, scoring: EnableScoring<'_>) -> tantivy::Result<Self> {
        let terms = |terms: &[Term], bm25: Bm25Weight| Terms { terms: terms.to_vec(), bm25: bm25.boost_by(times) };
        if is_flat(query) {
            return Ok(By::Flat(times));
        }
        if let Some(query) = query.downcast_ref::<TermQuery>()
            && let EnableScoring::Enabled { statistics_provider, .. } = scoring
        {
            let term = std::slice::from_ref(query.term());
            return Ok(By::Terms(terms(term, Bm25Weight::for_terms(statistics_provider, term)?)));
        }
        if let Some(query) = query.downcast_ref::<AsOne>()
            && let Some(bm25) = query.bm25(scoring)?
        {
            return Ok(match query.word() {
                Some(forms) => By::Terms(terms(forms, bm25)),
                None => By::Row(query.clone(), terms(query.rarest(), bm25)),
            });
        }
        Ok(By::Weight(query.weight(scoring)?, times))
    }
}

impl Terms {
    fn open(&self, finder: &Finder<'_>) -> tantivy::Result<TermsAt> {
        let segment = finder.part().segment;
        let forms = Cursor::all(segment, &self.terms)?;
        Ok(TermsAt { forms, lengths: lengths(segment, &self.terms)?, bm25: self.bm25.clone() })
    }
}
