//! The decisions most like one, or like a text that is no IMR letter; and the nearest overturned against the nearest upheld ones.
//!
//! `like` makes a query of the subject. What scores little is not similar: decisions below `FLOOR` of the best score
//! are no part of the answer, so that in a small index the nearest are not simply all. The subject itself is never among them,
//! nor, unless asked for, are other decisions of its letter, which share its summary and its reviewer.

use std::cmp::Reverse;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader, Term};

use super::form::Form;
use super::hit::Hits;
use super::like::{Like, Rarity};
use super::marks::Marker;
use super::results::similar::{Contrast, Nearest, Separating, Side, Similar, Subject};
use super::results::{Outcomes, Total};
use super::scored::{Boxed, any, filter};
use super::sideways::filters_by;
use super::translate::{Translator, term};
use super::vocabulary::Vocabulary;
use super::{contrast, lookup, resolve};
use crate::error::Result;
use crate::field;
use crate::index::view::View;
use crate::index::{Index, schema};
use crate::query::{Query, widenings};
use crate::record::{Layout, Letter, Outcome};

/// The part of the best score below which a decision is not similar.
const FLOOR: f32 = 0.15;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Restricts what is looked at.
    pub among: Option<Query>,
    /// How many of the most similar the outcomes are counted of; half as many of each outcome are contrasted.
    pub nearest: usize,
    /// Hits to show.
    pub limit: usize,
    /// Hits to pass over.
    pub offset: usize,
    /// Whether other decisions of the subject's letter are looked at too.
    pub same_letter: bool,
    /// Whether the overturned are contrasted with the upheld.
    pub contrast: bool,
}

/// Finds the decisions most like `subject`.
///
/// # Errors
/// Only where the index fails.
pub fn similar(index: &Index, subject: Subject, request: &Request) -> Result<Similar> {
    let view = index.view()?;
    let vocabulary = Vocabulary::of(&view, index.handles())?;
    let mut notes = Vec::new();
    let among = match &request.among {
        Some(query) => Some(resolve::spellings(resolve::values(&view, query, &mut notes)?, &vocabulary)?),
        None => None,
    };
    let size = index.size(&view)?;
    let others = others(index, &view, &subject)?;
    // A text of no known layout is not the letter whose number it names: a request for authorization names earlier decisions,
    // and these are to be found.
    let read = !subject.letter.decisions.is_empty() || subject.letter.layout != Layout::Unknown;
    let own = !subject.requested && (read || others == 0);
    let with_subject = own && view.doc_freq(&Term::from_field_text(index.handles().key, &subject.key))? > 0;
    let left_out = match (own, request.same_letter) {
        (true, false) => Some(term(index.handles().key, &subject.key)),
        (true, true) => Some(itself(index, &subject)),
        (false, _) => None,
    };
    let rarity = Rarity {
        handles: index.handles(),
        searcher: &view,
        vocabulary: &vocabulary,
        letters: size.letters,
        decisions: size.decisions,
        with_subject,
    };
    let like = rarity.like(&subject)?;
    let search = Search { index, view: &view, floor: like.best * FLOOR };
    let clauses = search.clauses(&like, among.as_ref(), left_out)?;

    let shown = request.offset.saturating_add(request.limit);
    let found = search.top(&clauses, None, shown.saturating_add(1).max(request.nearest))?;
    let nearest = &found[..found.len().min(request.nearest)];
    let by_outcome = among.as_ref().is_some_and(|query| filters_by(query, field::OUTCOME));
    let outcomes = if by_outcome { None } else { Some(search.outcomes(nearest)?) };
    let page = found.get(request.offset..found.len().min(shown)).unwrap_or_default();
    let hits = Hits { index, view: &view, marker: &like.marker, passages: 1 };
    Ok(Similar {
        hits: hits.all(page, request.offset + 1)?,
        more: found.len() > shown,
        contrast: request.contrast.then(|| search.contrast(&clauses, &rarity, request.nearest / 2)).transpose()?,
        left_out: if own && !request.same_letter { others } else { 0 },
        terms: like.shown,
        widened: among.as_ref().map(widenings).unwrap_or_default(),
        among: among.map(|query| query.narrow().to_string()),
        notes,
        index: Total { decisions: size.decisions, letters: size.letters, unread: 0 },
        nearest: Nearest { asked: request.nearest, found: nearest.len(), outcomes },
        offset: request.offset,
        subject,
    })
}

/// A search for what is similar enough.
struct Search<'a> {
    index: &'a Index,
    view: &'a View,
    floor: f32,
}

type Clauses = Vec<(Occur, Boxed)>;

impl Search<'_> {
    fn clauses(&self, like: &Like, among: Option<&Query>, left_out: Option<Boxed>) -> Result<Clauses> {
        let handles = self.index.handles();
        let words = any(like.words.iter().map(|q| q.box_clone()).collect());
        let mut clauses = vec![(Occur::Must, filter(term(handles.doc, schema::DECISION))), (Occur::Must, words)];
        clauses.extend(like.shared.iter().map(|q| (Occur::Should, q.box_clone())));
        if let Some(among) = among {
            let translator = Translator::of(self.view, handles)?;
            clauses.push((Occur::Must, filter(translator.query(among)?)));
        }
        clauses.extend(left_out.map(|left_out| (Occur::MustNot, left_out)));
        Ok(clauses)
    }

    /// The best, of one outcome if it is given. The engine adds up in the order in which it stores: scores that differ by less
    /// than a hundredth are equal, and equals are ordered by case number, so that the list is the same in every index of the
    /// same letters.
    fn top(&self, clauses: &Clauses, outcome: Option<Outcome>, limit: usize) -> Result<Vec<(f32, DocAddress)>> {
        let mut clauses: Clauses = clauses.iter().map(|(occur, q)| (*occur, q.box_clone())).collect();
        if let (Some(outcome), Some(field)) = (outcome, field::find(field::OUTCOME)) {
            clauses.push((Occur::Must, filter(term(self.index.handles().of(field), outcome.name()))));
        }
        if limit == 0 {
            return Ok(Vec::new());
        }
        let limit = limit.min(usize::try_from(self.view.num_docs()).unwrap_or(usize::MAX)).max(1);
        let rank = |segment: &SegmentReader| {
            let order = segment.fast_fields().u64(schema::ORDER).ok();
            move |doc: DocId, score: Score| {
                let order = order.as_ref().and_then(|column| column.first(doc)).unwrap_or(u64::MAX);
                ((score * 100.0).round() as i64, Reverse(order))
            }
        };
        let found = self.view.search(&BooleanQuery::new(clauses), &TopDocs::with_limit(limit).tweak_score(rank))?;
        let scored = found.into_iter().map(|((hundredths, _), address)| (hundredths as f32 / 100.0, address));
        Ok(scored.take_while(|(score, _)| *score > self.floor).collect())
    }

    fn outcomes(&self, found: &[(f32, DocAddress)]) -> Result<Outcomes> {
        let mut outcomes = Outcomes::default();
        for (_, address) in found {
            outcomes.add(self.letter(*address)?.decisions.first().and_then(|d| d.outcome));
        }
        Ok(outcomes)
    }

    fn letter(&self, address: DocAddress) -> Result<Letter> {
        Ok(lookup::at(self.index, self.view, address)?.alone())
    }

    /// The `most` nearest overturned against as many upheld.
    fn contrast(&self, clauses: &Clauses, rarity: &Rarity<'_>, most: usize) -> Result<Contrast> {
        let near = |outcome| self.top(clauses, Some(outcome), most);
        let (overturned, upheld) = (near(Outcome::Overturned)?, near(Outcome::Upheld)?);
        let letters = |side: &[(f32, DocAddress)]| side.iter().map(|(_, at)| self.letter(*at)).collect::<Result<Vec<_>>>();
        let (one, other) = (letters(&overturned)?, letters(&upheld)?);
        let common = |form: &Form| is_common(form, rarity);
        let (terms, values) = match one.len().min(other.len()) as u64 >= Contrast::FEWEST {
            true => (contrast::terms(&one, &other, &common), contrast::values(&one, &other)),
            false => (Vec::new(), Vec::new()),
        };
        let side = |found: &[(f32, DocAddress)], more: &dyn Fn(&Separating) -> bool| -> Result<Side> {
            let marker = marker(terms.iter().filter(|t| more(t)));
            let hits = Hits { index: self.index, view: self.view, marker: &marker, passages: 1 };
            let nearest = found.first().map(|(score, at)| hits.at(*at, 1, *score));
            Ok(Side { decisions: found.len() as u64, nearest: nearest.transpose()? })
        };
        Ok(Contrast { overturned: side(&overturned, &|t| t.z > 0.0)?, upheld: side(&upheld, &|t| t.z < 0.0)?, terms, values })
    }
}

/// Whether more than half of all rationales use a word.
fn is_common(form: &Form, rarity: &Rarity<'_>) -> bool {
    let found = field::find("rationale").map(|rationale| rarity.found(rationale, form));
    found.is_some_and(|found| found.is_ok_and(|found| found * 2 > rarity.decisions))
}

/// The subject's own document.
fn itself(index: &Index, subject: &Subject) -> Boxed {
    let handles = index.handles();
    let number = subject.letter.decisions.first().map_or(0, |d| u64::from(d.number));
    let number = Term::from_field_u64(handles.number, number);
    let number = tantivy::query::TermQuery::new(number, tantivy::schema::IndexRecordOption::Basic);
    Box::new(BooleanQuery::intersection(vec![term(handles.key, &subject.key), Box::new(number)]))
}

/// How many decisions the letter of the subject's key has beside it.
fn others(index: &Index, searcher: &Searcher, subject: &Subject) -> Result<u64> {
    let handles = index.handles();
    let others = BooleanQuery::new(vec![
        (Occur::Must, term(handles.key, &subject.key)),
        (Occur::Must, term(handles.doc, schema::DECISION)),
        (Occur::MustNot, itself(index, subject)),
    ]);
    Ok(searcher.search(&others, &Count)? as u64)
}

/// Marks terms in rationales.
fn marker<'t>(terms: impl Iterator<Item = &'t Separating>) -> Marker {
    let mut marker = Marker::default();
    let Some(rationale) = field::find("rationale") else { return marker };
    for separating in terms {
        marker.add(rationale, Form::all_of(&separating.term));
    }
    marker
}
