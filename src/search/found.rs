//! What a query of the engine finds in a segment, as a set of documents without scores.
//!
//! The engine goes through a query document by document. A count needs no order and no scores, so that each word's documents can be
//! taken as they lie in the index, a block at a time, and joined as sets ([`Bits`]). What reads positions (phrases, words near to
//! each other) is asked last, and only about documents that hold all else.

use std::cell::OnceCell;

use rayon::prelude::*;
use tantivy::query::{EnableScoring, Occur, PhraseQuery, Query as Engine, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, Searcher, SeekDangerResult, SegmentReader, Term};

use super::as_one::AsOne;
use super::bits::Bits;
use super::of_letter::{Behind, OfLetter};
use super::scored::{Boxed, Scored, unwrapped};
use super::spans::engine::InField;
use crate::error::Result;
use crate::index::schema;

/// Postings that are read through in the time in which one is looked up.
const LOOKUP: u64 = 64;

/// Finds documents in one segment.
pub struct Finder<'a> {
    searcher: &'a Searcher,
    segment: &'a SegmentReader,
    others: OnceCell<Bits>,
}

/// Documents to which what is looked for may be confined: what is found is right among them alone.
#[derive(Clone, Copy)]
struct Among<'b> {
    bits: &'b Bits,
    len: u64,
}

impl<'a> Finder<'a> {
    /// Finds in that segment.
    pub fn of(searcher: &'a Searcher, segment: &'a SegmentReader) -> Self {
        Finder { searcher, segment, others: OnceCell::new() }
    }

    /// What the query finds, but for what is deleted.
    pub fn found(&self, query: &dyn Engine) -> Result<Bits> {
        let mut found = self.bits(query, None)?;
        if let Some(alive) = self.segment.alive_bitset() {
            let deleted = found.iter().filter(|doc| alive.is_deleted(*doc));
            found.subtract(&Bits::of(self.segment.max_doc(), deleted));
        }
        Ok(found)
    }

    /// Of these documents those that the query finds.
    pub fn found_among(&self, query: &dyn Engine, bits: &Bits) -> Result<Bits> {
        let mut found = self.bits(query, Some(Among { bits, len: bits.len() }))?;
        found.intersect(bits);
        Ok(found)
    }

    /// The documents with that term, deleted or not.
    pub fn with(&self, term: &Term) -> Result<Bits> {
        let mut found = Bits::none(self.segment.max_doc());
        self.add_term(term, None, &mut found)?;
        Ok(found)
    }

    fn bits(&self, query: &dyn Engine, among: Option<Among<'_>>) -> tantivy::Result<Bits> {
        if let Some(Scored::All(clauses)) = unwrapped(query).1.downcast_ref() {
            return self.all(clauses, among);
        }
        let mut found = Bits::none(self.segment.max_doc());
        self.add(query, among, &mut found)?;
        Ok(found)
    }

    fn add(&self, query: &dyn Engine, among: Option<Among<'_>>, found: &mut Bits) -> tantivy::Result<()> {
        let (_, query) = unwrapped(query);
        match query.downcast_ref() {
            Some(Scored::Any(queries) | Scored::Best(queries)) => {
                return queries.iter().try_for_each(|query| self.add(query.as_ref(), among, found));
            }
            Some(Scored::All(clauses)) => {
                found.unite(&self.all(clauses, among)?);
                return Ok(());
            }
            _ => {}
        }
        if let Some(terms) = terms_of(query) {
            return terms.iter().try_for_each(|term| self.add_term(term, among, found));
        }
        if let Some(OfLetter(query)) = query.downcast_ref() {
            found.unite(&self.letters(query.as_ref(), among)?.behind(self.others()?));
            return Ok(());
        }
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        let Some(among) = among.filter(|_| reads_positions(query)) else {
            return weight.for_each_no_score(self.segment, &mut |docs| docs.iter().for_each(|doc| found.insert(*doc)));
        };
        let mut scorer = weight.scorer(self.segment, 1.0)?;
        let first = scorer.doc();
        let mut next = first;
        for doc in among.bits.iter() {
            if doc == first {
                found.insert(doc);
            } else if doc >= next {
                match scorer.seek_danger(doc) {
                    SeekDangerResult::Found => found.insert(doc),
                    SeekDangerResult::SeekLowerBound(bound) => next = bound,
                }
            }
        }
        Ok(())
    }

    /// The letters that a query finds.
    fn letters(&self, query: &dyn Engine, among: Option<Among<'_>>) -> tantivy::Result<Bits> {
        let Some(among) = among.filter(|_| reads_positions(query)) else { return self.bits(query, None) };
        let behind = Behind::of(self.segment)?;
        let letters = Bits::of(self.segment.max_doc(), among.bits.iter().map(|doc| behind.letter(doc)));
        self.bits(query, Some(Among { len: letters.len(), bits: &letters }))
    }

    /// The documents that stand between the units of one letter and those of the next, deleted or not.
    pub fn others(&self) -> tantivy::Result<&Bits> {
        if let Some(others) = self.others.get() {
            return Ok(others);
        }
        let kind = self.searcher.schema().get_field(schema::DOC)?;
        let mut others = Bits::none(self.segment.max_doc());
        for other in schema::OTHERS {
            self.add_term(&Term::from_field_text(kind, other), None, &mut others)?;
        }
        Ok(self.others.get_or_init(|| others))
    }

    fn all(&self, clauses: &[(Occur, Boxed)], among: Option<Among<'_>>) -> tantivy::Result<Bits> {
        let those = |occur: Occur| clauses.iter().filter(move |(o, _)| *o == occur).map(|(_, query)| query.as_ref());
        let mut must: Vec<&dyn Engine> = those(Occur::Must).collect();
        must.sort_by_cached_key(|query| (reads_positions(*query), self.at_most(*query)));
        let mut found: Option<Bits> = None;
        for query in must {
            let here = match &found {
                Some(found) => self.bits(query, Some(Among { bits: found, len: found.len() }))?,
                None => self.bits(query, among)?,
            };
            match &mut found {
                Some(found) => found.intersect(&here),
                None => found = Some(here),
            }
            if found.as_ref().is_some_and(Bits::is_empty) {
                break;
            }
        }
        let mut found = match found {
            Some(found) => found,
            None => {
                let mut any = Bits::none(self.segment.max_doc());
                those(Occur::Should).try_for_each(|query| self.add(query, among, &mut any))?;
                any
            }
        };
        for query in those(Occur::MustNot) {
            let not = self.bits(query, Some(Among { bits: &found, len: found.len() }))?;
            found.subtract(&not);
        }
        Ok(found)
    }

    fn add_term(&self, term: &Term, among: Option<Among<'_>>, found: &mut Bits) -> tantivy::Result<()> {
        let inverted = self.segment.inverted_index(term.field())?;
        let Some(info) = inverted.get_term_info(term)? else { return Ok(()) };
        if let Some(among) = among.filter(|among| among.len * LOOKUP < u64::from(info.doc_freq)) {
            let mut postings = inverted.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            for doc in among.bits.iter() {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                if postings.doc() == doc {
                    found.insert(doc);
                }
            }
            return Ok(());
        }
        found.insert_all(inverted.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?);
        Ok(())
    }

    /// About how many documents a query finds at most, as far as that is known without looking.
    fn at_most(&self, query: &dyn Engine) -> u64 {
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

/// What a query finds in each segment.
pub fn in_all(searcher: &Searcher, query: &dyn Engine) -> Result<Vec<Bits>> {
    let segments = searcher.segment_readers().par_iter();
    segments.map(|segment| Finder::of(searcher, segment).found(query)).collect()
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
            None => query.is::<PhraseQuery>() || query.is::<InField>() || (query.is::<AsOne>() && terms_of(query).is_none()),
        },
    }
}

/// The terms of any of which a query finds all documents, and no others.
fn terms_of(query: &dyn Engine) -> Option<&[Term]> {
    match query.downcast_ref::<TermQuery>() {
        Some(query) => Some(std::slice::from_ref(query.term())),
        None => query.downcast_ref::<AsOne>()?.word(),
    }
}
