//! What a query of the engine finds in a part of an index, as a set of documents without scores.
//!
//! The engine goes through a query document by document. A count needs no order and no scores, so that each word's documents can be
//! taken as they lie in the index, a block at a time, and joined as sets ([`Bits`]). What reads positions (phrases, words near to
//! each other) is asked last, and only about documents that hold all else.

use std::cell::OnceCell;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::query::{EnableScoring, Occur, Query as Engine};
use tantivy::schema::IndexRecordOption;
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocSet as _, Searcher, SeekDangerResult, TantivyError, Term};

use super::as_one::AsOne;
use super::beginning::Beginning;
use super::between::Between;
use super::bits::Bits;
use super::of_letter::OfLetter;
use super::part::{Part, of_each};
use super::scored::{Boxed, Scored, unwrapped};
use crate::error::Result;

mod known;
mod letters;
mod rows;

pub use known::reads_positions;
use known::{add_any, terms_of};
pub use letters::Letters;

/// Postings that are read through in the time in which one is looked up.
const LOOKUP: u64 = 64;

/// Finds documents in one part of an index.
pub struct Finder<'a> {
    searcher: &'a Searcher,
    part: &'a Part<'a>,
    /// Whether words in a row are found wherever the rarest of them stands.
    is_loose: bool,
    others: OnceCell<Bits>,
}

/// Documents to which what is looked for may be confined: what is found is right among them alone.
#[derive(Clone, Copy)]
struct Among<'b> {
    bits: &'b Bits,
    len: u64,
}

impl<'b> Among<'b> {
    fn of(bits: &'b Bits) -> Self {
        Among { bits, len: bits.len() }
    }
}

impl<'a> Finder<'a> {
    /// Finds in that part.
    pub fn of(searcher: &'a Searcher, part: &'a Part<'a>) -> Self {
        Finder { searcher, part, is_loose: false, others: OnceCell::new() }
    }

    /// Finds all that a query finds in that part, and what holds the rarest of words that are to stand in a row.
    pub fn loose(searcher: &'a Searcher, part: &'a Part<'a>) -> Self {
        Finder { is_loose: true, ..Finder::of(searcher, part) }
    }

    /// The part.
    pub fn part(&self) -> &'a Part<'a> {
        self.part
    }

    fn none(&self) -> Bits {
        Bits::none(self.part.docs.clone())
    }

    /// What the query finds, but for what is deleted.
    pub fn found(&self, query: &dyn Engine) -> Result<Bits> {
        let mut found = self.bits(query, None)?;
        if let Some(alive) = self.part.segment.alive_bitset() {
            let deleted = found.iter().filter(|doc| alive.is_deleted(*doc));
            found.subtract(&Bits::of(self.part.docs.clone(), deleted));
        }
        Ok(found)
    }

    /// Of these documents those that the query finds.
    pub fn found_among(&self, query: &dyn Engine, bits: &Bits) -> Result<Bits> {
        let mut found = self.bits(query, Some(Among::of(bits)))?;
        found.intersect(bits);
        Ok(found)
    }

    /// Adds those of these documents that the query finds, and maybe others.
    pub fn add_among(&self, query: &dyn Engine, bits: &Bits, found: &mut Bits) -> Result<()> {
        Ok(self.add(query, Some(Among::of(bits)), found)?)
    }

    /// The documents with that term, deleted or not.
    pub fn with(&self, term: &Term) -> Result<Bits> {
        let mut found = self.none();
        self.add_term(term, None, &mut found)?;
        Ok(found)
    }

    /// Of these documents those with that term.
    pub fn with_among(&self, term: &Term, bits: &Bits) -> Result<Bits> {
        let mut found = self.none();
        self.add_term(term, Some(Among::of(bits)), &mut found)?;
        found.intersect(bits);
        Ok(found)
    }

    /// How many documents of the segment have that term, deleted or not.
    pub fn frequency(&self, term: &Term) -> Result<u64> {
        let frequency = self.part.segment.inverted_index(term.field())?.doc_freq(term);
        Ok(frequency.map_err(TantivyError::from)?.into())
    }

    fn bits(&self, query: &dyn Engine, among: Option<Among<'_>>) -> tantivy::Result<Bits> {
        if let Some(Scored::All(clauses)) = unwrapped(query).1.downcast_ref() {
            return self.all(clauses, among);
        }
        let mut found = self.none();
        self.add(query, among, &mut found)?;
        Ok(found)
    }

    fn add(&self, query: &dyn Engine, among: Option<Among<'_>>, found: &mut Bits) -> tantivy::Result<()> {
        let (_, query) = unwrapped(query);
        match query.downcast_ref() {
            Some(Scored::Any(_) | Scored::Best(_)) => return self.any(query, among, found),
            Some(Scored::All(clauses)) => {
                found.unite(&self.all(clauses, among)?);
                return Ok(());
            }
            _ => {}
        }
        if let Some(terms) = terms_of(query) {
            return terms.iter().try_for_each(|term| self.add_term(term, among, found));
        }
        if let Some(beginning) = query.downcast_ref::<Beginning>() {
            let index = self.part.segment.inverted_index(beginning.field)?;
            let words = beginning.words(&index)?;
            return words.iter().try_for_each(|word| self.add_postings(&index, word, among, found));
        }
        if let (Some(between), Some(among)) = (query.downcast_ref::<Between>(), among) {
            return between.add(self.part.segment, among.bits.iter(), found);
        }
        if let Some(OfLetter(query)) = query.downcast_ref() {
            found.unite(&self.units(&self.letters(query.as_ref(), among)?)?);
            return Ok(());
        }
        if let Some(query) = query.downcast_ref::<AsOne>()
            && self.add_row(query, among, found)?
        {
            return Ok(());
        }
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        let mut scorer = weight.scorer(self.part.segment, 1.0)?;
        let Some(among) = among.filter(|_| reads_positions(query)) else {
            if scorer.doc() < self.part.docs.start {
                scorer.seek(self.part.docs.start);
            }
            let mut docs = [0; COLLECT_BLOCK_BUFFER_LEN];
            while scorer.doc() < self.part.docs.end {
                let filled = scorer.fill_buffer(&mut docs);
                docs.iter().take(filled).for_each(|doc| found.insert(*doc));
            }
            return Ok(());
        };
        // It stands at its first.
        let first = scorer.doc();
        if among.bits.has(first) {
            found.insert(first);
        }
        let mut next = first.saturating_add(1);
        while let Some(doc) = among.bits.first_from(next) {
            next = doc + 1;
            match scorer.seek_danger(doc) {
                SeekDangerResult::Found => found.insert(doc),
                SeekDangerResult::SeekLowerBound(bound) => next = next.max(bound),
            }
        }
        Ok(())
    }

    /// Adds what any of the queries finds of which that one is made. Places are read last, and only of what has not been found without.
    fn any(&self, query: &dyn Engine, among: Option<Among<'_>>, found: &mut Bits) -> tantivy::Result<()> {
        let mut queries = Vec::new();
        add_any(query, &mut queries);
        let (reading, others): (Vec<_>, Vec<_>) =
            queries.into_iter().partition(|query| reads_positions(*query) && !self.is_loose);
        for query in others {
            // Where all that it is asked of has been found in one field, others can add nothing.
            if among.is_some_and(|among| found.holds_all(among.bits)) {
                return Ok(());
            }
            self.add(query, among, found)?;
        }
        for query in reading {
            if among.is_none() && found.is_empty() {
                self.add(query, None, found)?;
                continue;
            }
            let mut bits = among.map_or_else(|| Bits::all(self.part.docs.clone()), |among| among.bits.clone());
            bits.subtract(found);
            let open = Among::of(&bits);
            if open.len == 0 {
                return Ok(());
            }
            self.add(query, Some(open), found)?;
        }
        Ok(())
    }

    fn all(&self, clauses: &[(Occur, Boxed)], among: Option<Among<'_>>) -> tantivy::Result<Bits> {
        let those = |occur: Occur| clauses.iter().filter(move |(o, _)| *o == occur).map(|(_, query)| query.as_ref());
        let (mut reading, mut must): (Vec<_>, Vec<_>) = those(Occur::Must).partition(|query| reads_positions(*query));
        must.sort_by_cached_key(|query| self.at_most(*query));
        reading.sort_by_cached_key(|query| self.at_most(*query));
        let loose = Finder::loose(self.searcher, self.part);
        // Where several read places, they do so where all their words meet.
        let meeting = if reading.len() > 1 && !self.is_loose { reading.as_slice() } else { &[] };
        let meeting = meeting.iter().map(|query| (&loose, *query));
        let must = must.into_iter().map(|query| (self, query));
        let steps: Vec<_> = must.chain(meeting).chain(reading.iter().map(|query| (self, *query))).collect();
        let mut found: Option<Bits> = None;
        for (finder, query) in steps {
            let here = match &found {
                Some(found) => finder.bits(query, Some(Among::of(found)))?,
                None => finder.bits(query, among)?,
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
                let mut any = self.none();
                those(Occur::Should).try_for_each(|query| self.add(query, among, &mut any))?;
                any
            }
        };
        // Of what must not match too much would be found, and taken away.
        for query in those(Occur::MustNot).filter(|_| !self.is_loose) {
            let not = self.bits(query, Some(Among::of(&found)))?;
            found.subtract(&not);
        }
        Ok(found)
    }

    fn add_term(&self, term: &Term, among: Option<Among<'_>>, found: &mut Bits) -> tantivy::Result<()> {
        let inverted = self.part.segment.inverted_index(term.field())?;
        match inverted.get_term_info(term)? {
            Some(info) => self.add_postings(&inverted, &info, among, found),
            None => Ok(()),
        }
    }

    fn add_postings(
        &self,
        inverted: &InvertedIndexReader,
        info: &TermInfo,
        among: Option<Among<'_>>,
        found: &mut Bits,
    ) -> tantivy::Result<()> {
        if let Some(among) = among.filter(|among| among.len * LOOKUP < u64::from(info.doc_freq)) {
            let mut postings = inverted.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
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
        found.insert_all(inverted.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?);
        Ok(())
    }
}

/// What a query finds in each part.
pub fn in_all(searcher: &Searcher, parts: &[Part<'_>], query: &dyn Engine) -> Result<Vec<Bits>> {
    of_each(parts, |part| Finder::of(searcher, part).found(query))
}
