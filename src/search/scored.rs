//! Queries of the engine put together so that they remember what they are made of: a hit's score can then be told part by part
//! ([`super::explain`]), from the very query that found it.

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EnableScoring, Occur, Query as Engine, Weight,
};

use super::of_letter::OfLetter;
use crate::field::Field;

/// A query of the engine.
pub type Boxed = Box<dyn Engine>;

/// A query made of others.
#[derive(Debug)]
pub enum Scored {
    /// Scores what it scores, under a name for the reader.
    Named(String, Boxed),
    /// Scores so much times what it scores, in that field.
    Field(&'static Field, f32, Boxed),
    /// Scores so much times what it scores.
    Times(f32, Boxed),
    /// Decides whether, and adds nothing to how well.
    Filter(Boxed),
    /// Any of them; scores the sum of those that match.
    Any(Vec<Boxed>),
    /// Any of them; scores what the best one scores.
    Best(Vec<Boxed>),
    /// What must and must not match; scores the sum of what must and what may.
    All(Vec<(Occur, Boxed)>),
}

impl Scored {
    fn engine(&self) -> Boxed {
        let each = |queries: &[Boxed]| queries.iter().map(|query| query.box_clone()).collect::<Vec<_>>();
        match self {
            Scored::Named(_, query) => query.box_clone(),
            Scored::Field(_, factor, query) | Scored::Times(factor, query) => {
                Box::new(BoostQuery::new(query.box_clone(), *factor))
            }
            Scored::Filter(query) => Box::new(ConstScoreQuery::new(query.box_clone(), 0.0)),
            Scored::Any(queries) => Box::new(BooleanQuery::union(each(queries))),
            Scored::Best(queries) => Box::new(DisjunctionMaxQuery::new(each(queries))),
            Scored::All(clauses) => {
                Box::new(BooleanQuery::new(clauses.iter().map(|(occur, query)| (*occur, query.box_clone())).collect()))
            }
        }
    }

    /// The one query whose documents are its own, and how many times it scores what that does; `None` where it is made of several.
    pub fn inner(&self) -> Option<(f32, &dyn Engine)> {
        match self {
            Scored::Named(_, query) => Some((1.0, query.as_ref())),
            Scored::Field(_, factor, query) | Scored::Times(factor, query) => Some((*factor, query.as_ref())),
            Scored::Filter(query) => Some((0.0, query.as_ref())),
            Scored::Any(_) | Scored::Best(_) | Scored::All(_) => None,
        }
    }
}

/// A query without what is round it, and how many times it scores what that does.
pub fn unwrapped(query: &dyn Engine) -> (f32, &dyn Engine) {
    match query.downcast_ref::<Scored>().and_then(Scored::inner) {
        Some((times, inner)) => {
            let (factor, inner) = unwrapped(inner);
            (times * factor, inner)
        }
        None => (1.0, query),
    }
}

impl Clone for Scored {
    fn clone(&self) -> Self {
        let each = |queries: &[Boxed]| queries.iter().map(|query| query.box_clone()).collect::<Vec<_>>();
        match self {
            Scored::Named(name, query) => Scored::Named(name.clone(), query.box_clone()),
            Scored::Field(field, factor, query) => Scored::Field(field, *factor, query.box_clone()),
            Scored::Times(factor, query) => Scored::Times(*factor, query.box_clone()),
            Scored::Filter(query) => Scored::Filter(query.box_clone()),
            Scored::Any(queries) => Scored::Any(each(queries)),
            Scored::Best(queries) => Scored::Best(each(queries)),
            Scored::All(clauses) => Scored::All(clauses.iter().map(|(occur, query)| (*occur, query.box_clone())).collect()),
        }
    }
}

impl Engine for Scored {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        self.engine().weight(scoring)
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        match self {
            Scored::Any(queries) | Scored::Best(queries) => queries.iter().for_each(|query| query.query_terms(visitor)),
            Scored::All(clauses) => clauses.iter().for_each(|(_, query)| query.query_terms(visitor)),
            one => one.inner().into_iter().for_each(|(_, query)| query.query_terms(visitor)),
        }
    }
}

/// A query under a name for the reader: the word that it is of.
pub fn called(name: impl Into<String>, query: Boxed) -> Boxed {
    Box::new(Scored::Named(name.into(), query))
}

/// A query for words in that field, where they are worth so much: the only way to one, since the words of some fields are in the
/// letter's document and hold for its units.
pub fn in_field(field: &'static Field, factor: f32, query: Boxed) -> Boxed {
    let query = if field.is_of_letter() { Box::new(OfLetter(query)) } else { query };
    Box::new(Scored::Field(field, factor, query))
}

/// Worth so much.
pub fn boosted(factor: f32, query: Boxed) -> Boxed {
    Box::new(Scored::Times(factor, query))
}

/// Decides whether, and adds nothing to how well.
pub fn filter(query: Boxed) -> Boxed {
    Box::new(Scored::Filter(query))
}

/// Any of them.
pub fn any(mut queries: Vec<Boxed>) -> Boxed {
    if queries.len() == 1 { queries.remove(0) } else { Box::new(Scored::Any(queries)) }
}

/// Any of them, scored by the one that scores best.
pub fn best(mut queries: Vec<Boxed>) -> Boxed {
    if queries.len() == 1 { queries.remove(0) } else { Box::new(Scored::Best(queries)) }
}

/// What must match, what must not, and what may.
pub fn all(clauses: Vec<(Occur, Boxed)>) -> Boxed {
    Box::new(Scored::All(clauses))
}
