//! The score of a document, summand by summand, each with the most that it can be.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25Weight, EnableScoring, FuzzyTermQuery, Occur, Query as Engine, TermQuery, Weight};
use tantivy::{DocId, Score, SeekDangerResult, Term};

use super::as_one::{AsOne, lengths};
use super::beginning::Beginning;
use super::bits::Bits;
use super::cursor::Cursor;
use super::found::{Finder, Letters, reads_positions};
use super::of_letter::OfLetter;
use super::scored::{Boxed, Scored, unwrapped};
use super::scoring::Statistics;
use crate::error::{Error, Result};

/// What BM25 gives at most for each unit of rarity: k1 + 1, and a little for what rounding adds.
const MOST: f32 = 2.2 * 1.001;

/// What rounding may add to a score that is none the less for a word that stands there more often.
const ROUNDED: f32 = 1.0 + 1e-6;

/// A part of a score that is added to the others.
pub struct Summand<'q> {
    /// What finds the documents that have it.
    pub query: &'q dyn Engine,
    /// The most that it can be.
    pub most: f32,
    /// Whether it takes reading where words stand.
    pub reads_positions: bool,
    /// Whether it is the same wherever there is any.
    pub is_flat: bool,
    weight: Tree<Leaf>,
}

/// What scores documents that match a query of the engine.
enum Leaf {
    Scored {
        /// Whether it is of the documents' letters.
        of_letter: bool,
        weight: Box<dyn Weight>,
        /// What bounds it, where it reads positions.
        most: Option<Terms>,
    },
    Term {
        of_letter: bool,
        term: Terms,
    },
    /// Each scores one.
    Flat(Boxed),
}

/// Terms of which any scores as BM25 says of their sum.
struct Terms {
    terms: Vec<Term>,
    bm25: Bm25Weight,
}

/// What a score is made of: of weights for all segments, of scorers in one.
enum Tree<Leaf> {
    Leaf(Leaf, f32),
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

/// The summands of what a query scores where it matches, the one that can be the greatest first.
pub fn summands<'q>(query: &'q dyn Engine, statistics: &Statistics<'_>, scoring: EnableScoring<'_>) -> Result<Vec<Summand<'q>>> {
    let mut parts = Vec::new();
    take_apart(query, true, 1.0, &mut parts);
    let mut summands = Vec::new();
    for (query, times) in parts {
        summands.push(Summand {
            query,
            most: times * most(query, statistics)?,
            reads_positions: reads_positions(query),
            is_flat: is_flat(query),
            weight: Tree::of(query, times, scoring)?,
        });
    }
    summands.sort_by(|a, b| b.most.total_cmp(&a.most));
    Ok(summands)
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
    match query.downcast_ref() {
        Some(OfLetter(query)) => is_flat(query.as_ref()),
        None => query.is::<Beginning>() || query.is::<FuzzyTermQuery>(),
    }
}

/// The most that a query scores.
fn most(query: &dyn Engine, statistics: &Statistics<'_>) -> Result<f32> {
    let each = |queries: &[Boxed]| queries.iter().map(|query| most(query.as_ref(), statistics)).collect::<Result<Vec<_>>>();
    let of = |terms: &[Term]| -> Result<f32> {
        let rarities = terms.iter().map(|term| statistics.rarity_of(term));
        Ok(MOST * rarities.collect::<Result<Vec<_>>>()?.into_iter().sum::<f32>())
    };
    let (times, query) = unwrapped(query);
    if times == 0.0 {
        return Ok(0.0);
    }
    let once = match query.downcast_ref() {
        Some(Scored::Any(queries)) => each(queries)?.into_iter().sum(),
        Some(Scored::Best(queries)) => each(queries)?.into_iter().fold(0.0, f32::max),
        Some(Scored::All(clauses)) => {
            let scoring = clauses.iter().filter(|(occur, _)| *occur != Occur::MustNot);
            let each = scoring.map(|(_, query)| most(query.as_ref(), statistics));
            each.collect::<Result<Vec<_>>>()?.into_iter().sum()
        }
        _ => {
            if let Some(query) = query.downcast_ref::<TermQuery>() {
                of(std::slice::from_ref(query.term()))?
            } else if let Some(query) = query.downcast_ref::<AsOne>() {
                MOST * query.forms().map(|forms| statistics.rarity(forms.found)).sum::<f32>()
            } else if let Some(OfLetter(query)) = query.downcast_ref() {
                most(query.as_ref(), &statistics.of_letters()?)?
            } else if is_flat(query) {
                1.0
            } else {
                f32::INFINITY
            }
        }
    };
    Ok(times * once)
}

impl Tree<Leaf> {
    fn of(query: &dyn Engine, times: f32, scoring: EnableScoring<'_>) -> tantivy::Result<Self> {
        let (factor, query) = unwrapped(query);
        let times = times * factor;
        let part = |query: &Boxed| Tree::of(query.as_ref(), times, scoring);
        let parts = |queries: &[Boxed]| queries.iter().map(part).collect::<tantivy::Result<Vec<_>>>();
        Ok(match query.downcast_ref() {
            Some(Scored::Any(queries)) => Tree::Any(parts(queries)?),
            Some(Scored::Best(queries)) => Tree::Best(parts(queries)?),
            Some(Scored::All(clauses)) => {
                let those = |occur: Occur| {
                    let those = clauses.iter().filter(move |(o, _)| *o == occur);
                    those.map(|(_, query)| part(query)).collect::<tantivy::Result<Vec<_>>>()
                };
                Tree::All { must: those(Occur::Must)?, not: those(Occur::MustNot)?, may: those(Occur::Should)? }
            }
            _ if is_flat(query) => Tree::Leaf(Leaf::Flat(query.box_clone()), times),
            _ => match query.downcast_ref::<OfLetter>() {
                Some(letters) => letters.of_letters(scoring, |query, scoring| Leaf::scored(query, true, scoring)),
                None => Leaf::scored(query, false, scoring),
            }
            .map(|leaf| Tree::Leaf(leaf, times))?,
        })
    }

    fn open<'p>(&self, finder: &'p Finder<'_>, found: &Bits) -> Result<Tree<At<'p>>> {
        let each = |parts: &[Self]| parts.iter().map(|part| part.open(finder, found)).collect::<Result<Vec<_>>>();
        let letters = |of_letter: bool| of_letter.then(|| finder.letters_of(found)).transpose();
        Ok(match self {
            Tree::Leaf(Leaf::Scored { of_letter, weight, most }, times) => {
                let most = most.as_ref().map(|most| most.open(finder, *times)).transpose()?;
                let scorer = weight.scorer(finder.part().segment, *times).map_err(Error::from)?;
                Tree::Leaf(At::first(scorer, most, letters(*of_letter)?), 1.0)
            }
            Tree::Leaf(Leaf::Term { of_letter, term }, times) => {
                let (letters, term) = (letters(*of_letter)?, term.open(finder, *times)?);
                Tree::Leaf(At::Term { term, letters }, 1.0)
            }
            Tree::Leaf(Leaf::Flat(query), times) => Tree::Leaf(At::Flat(finder.found_among(query.as_ref(), found)?), *times),
            Tree::Any(parts) => Tree::Any(each(parts)?),
            Tree::Best(parts) => Tree::Best(each(parts)?),
            Tree::All { must, not, may } => Tree::All { must: each(must)?, not: each(not)?, may: each(may)? },
        })
    }
}

impl Leaf {
    fn scored(query: &dyn Engine, of_letter: bool, scoring: EnableScoring<'_>) -> tantivy::Result<Self> {
        if let Some(query) = query.downcast_ref::<TermQuery>()
            && let EnableScoring::Enabled { statistics_provider, .. } = scoring
        {
            let terms = vec![query.term().clone()];
            let bm25 = Bm25Weight::for_terms(statistics_provider, &terms)?;
            return Ok(Leaf::Term { of_letter, term: Terms { terms, bm25 } });
        }
        let row = query.downcast_ref::<AsOne>().filter(|query| query.row().is_some());
        let most = match row {
            Some(row) => row.bm25(scoring)?.map(|bm25| Terms { terms: row.rarest().to_vec(), bm25 }),
            None => None,
        };
        Ok(Leaf::Scored { of_letter, weight: query.weight(scoring)?, most })
    }
}

impl Terms {
    fn open(&self, finder: &Finder<'_>, times: Score) -> tantivy::Result<TermsAt> {
        let segment = finder.part().segment;
        let forms = Cursor::all(segment, &self.terms)?;
        Ok(TermsAt { forms, lengths: lengths(segment, &self.terms)?, bm25: self.bm25.boost_by(times) })
    }
}

impl Summand<'_> {
    /// Scores what was found in a part of the index.
    pub fn scorer<'p>(&self, finder: &'p Finder<'_>, found: &Bits) -> Result<Scorer<'p>> {
        Ok(Scorer(self.weight.open(finder, found)?))
    }
}

/// Scores documents of one segment, asked for in order.
pub struct Scorer<'p>(Tree<At<'p>>);

impl Scorer<'_> {
    /// What a document scores; `None` where it does not match.
    pub fn score(&mut self, doc: DocId) -> Option<Score> {
        self.0.score(doc)
    }

    /// What a document scores at most, without a look at where words stand.
    pub fn most(&mut self, doc: DocId) -> Score {
        self.0.most(doc)
    }
}

impl Tree<At<'_>> {
    fn score(&mut self, doc: DocId) -> Option<Score> {
        let sum = |parts: &mut [Self]| parts.iter_mut().filter_map(|part| part.score(doc)).reduce(|a, b| a + b);
        match self {
            Tree::Leaf(at, times) => at.score(doc).map(|score| score * *times),
            Tree::Any(parts) => sum(parts),
            Tree::Best(parts) => parts.iter_mut().filter_map(|part| part.score(doc)).reduce(Score::max),
            Tree::All { must, not, may } => {
                let mut all = 0.0;
                for part in must.iter_mut() {
                    all += part.score(doc)?;
                }
                if not.iter_mut().any(|part| part.score(doc).is_some()) {
                    return None;
                }
                let also = sum(may);
                (!must.is_empty() || also.is_some()).then(|| all + also.unwrap_or(0.0))
            }
        }
    }

    fn most(&mut self, doc: DocId) -> Score {
        match self {
            Tree::Leaf(at, times) => at.most(doc) * *times,
            Tree::Any(parts) => parts.iter_mut().map(|part| part.most(doc)).sum(),
            Tree::Best(parts) => parts.iter_mut().map(|part| part.most(doc)).fold(0.0, Score::max),
            Tree::All { must, may, .. } => must.iter_mut().chain(may).map(|part| part.most(doc)).sum(),
        }
    }
}

/// Terms in one segment.
struct TermsAt {
    forms: Vec<Cursor>,
    lengths: FieldNormReader,
    bm25: Bm25Weight,
}

impl TermsAt {
    fn score(&mut self, doc: DocId) -> Option<Score> {
        let frequency: u32 = self.forms.iter_mut().map(|form| form.frequency_in(doc)).sum();
        (frequency > 0).then(|| self.bm25.score(self.lengths.fieldnorm_id(doc), frequency))
    }
}

/// Where the scores of a query's documents come from.
enum At<'p> {
    /// A scorer of the engine, and where it is: a document that it looked for and did not find leaves it in no place.
    Scorer {
        scorer: Box<dyn tantivy::query::Scorer>,
        /// The rarest of words in a row: these score no more than if they stood in one wherever it stands.
        most: Option<TermsAt>,
        /// Where the letters of documents are, if it is of these.
        letters: Option<Letters<'p>>,
        /// The document at which it stands.
        doc: Option<DocId>,
        /// It matches none before.
        next: DocId,
    },
    /// A term.
    Term { term: TermsAt, letters: Option<Letters<'p>> },
    /// Each of these scores one.
    Flat(Bits),
}

/// The document that is asked for where a unit is.
fn letter(letters: Option<&Letters<'_>>, unit: DocId) -> DocId {
    letters.map_or(unit, |letters| letters.letter(unit))
}

impl<'p> At<'p> {
    fn first(scorer: Box<dyn tantivy::query::Scorer>, most: Option<TermsAt>, letters: Option<Letters<'p>>) -> Self {
        let doc = scorer.doc();
        At::Scorer { scorer, most, letters, doc: Some(doc), next: doc }
    }

    fn most(&mut self, unit: DocId) -> Score {
        match self {
            At::Scorer { most: Some(most), letters, .. } => {
                let doc = letter(letters.as_ref(), unit);
                most.score(doc).map_or(0.0, |most| most * ROUNDED)
            }
            _ => self.score(unit).unwrap_or(0.0),
        }
    }

    fn score(&mut self, unit: DocId) -> Option<Score> {
        let (scorer, letters, doc, next) = match self {
            At::Flat(found) => return found.has(unit).then_some(1.0),
            At::Term { term, letters } => return term.score(letter(letters.as_ref(), unit)),
            At::Scorer { scorer, letters, doc, next, .. } => (scorer, letters, doc, next),
        };
        let target = letter(letters.as_ref(), unit);
        if *doc != Some(target) {
            if target < *next {
                return None;
            }
            match scorer.seek_danger(target) {
                SeekDangerResult::Found => (*doc, *next) = (Some(target), target),
                SeekDangerResult::SeekLowerBound(bound) => {
                    (*doc, *next) = (None, bound);
                    return None;
                }
            }
        }
        Some(scorer.score())
    }
}
