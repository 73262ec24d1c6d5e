//! What is known of a query without looking into the index, or with a look at its terms alone: of what it is made, and whether it is
//! cheap to ask.

use tantivy::Term;
use tantivy::query::{Occur, Query as Engine, TermQuery};

use super::Finder;
use crate::search::as_one::AsOne;
use crate::search::of_letter::OfLetter;
use crate::search::scored::{Boxed, Scored, unwrapped};
use crate::search::spans::engine::InField;

impl Finder<'_> {
    /// About how many documents a query finds at most, as far as that is known without looking.
    pub(super) fn at_most(&self, query: &dyn Engine) -> u64 {
        let sum = |queries: &[Boxed]| queries.iter().map(|q| self.at_most(q.as_ref())).fold(0, u64::saturating_add);
        let (_, query) = unwrapped(query);
        match query.downcast_ref() {
            Some(Scored::Any(queries) | Scored::Best(queries)) => sum(queries),
            Some(Scored::All(clauses)) => {
                let must = clauses.iter().filter(|(occur, _)| *occur == Occur::Must);
                must.map(|(_, q)| self.at_most(q.as_ref())).min().unwrap_or(u64::MAX)
            }
            _ => match (terms_of(query), query.downcast_ref()) {
                (Some(terms), _) => {
                    let each = terms.iter().map(|term| self.searcher.doc_freq(term).unwrap_or(u64::MAX));
                    each.fold(0, u64::saturating_add)
                }
                (_, Some(OfLetter(query))) => self.at_most(query.as_ref()),
                _ => u64::MAX,
            },
        }
    }
}

/// Adds the queries of any of which a query finds all documents, and no others.
pub(super) fn add_any<'q>(query: &'q dyn Engine, queries: &mut Vec<&'q dyn Engine>) {
    let (_, query) = unwrapped(query);
    match query.downcast_ref() {
        Some(Scored::Any(members) | Scored::Best(members)) => {
            members.iter().for_each(|member| add_any(member.as_ref(), queries));
        }
        _ => queries.push(query),
    }
}

/// Whether a query looks where in a text words stand.
pub fn reads_positions(query: &dyn Engine) -> bool {
    let (_, query) = unwrapped(query);
    match query.downcast_ref() {
        Some(Scored::Any(queries) | Scored::Best(queries)) => queries.iter().any(|q| reads_positions(q.as_ref())),
        Some(Scored::All(clauses)) => {
            clauses.iter().filter(|(occur, _)| *occur != Occur::Should).any(|(_, q)| reads_positions(q.as_ref()))
        }
        _ => match query.downcast_ref() {
            Some(OfLetter(query)) => reads_positions(query.as_ref()),
            None => query.is::<InField>() || query.downcast_ref().and_then(AsOne::row).is_some(),
        },
    }
}

/// The terms of any of which a query finds all documents, and no others.
pub(super) fn terms_of(query: &dyn Engine) -> Option<&[Term]> {
    match query.downcast_ref::<TermQuery>() {
        Some(query) => Some(std::slice::from_ref(query.term())),
        None => query.downcast_ref::<AsOne>()?.word(),
    }
}
