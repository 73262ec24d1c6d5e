//! Query tree to tantivy query.
//!
//! What decides whether a document matches is here; what decides its rank is in `scoring`. Filters, exclusions and
//! function words score nothing. A query that matches by exclusion alone starts from all documents that can be found.

use std::ops::Bound;

use tantivy::collector::Count;
use tantivy::query::{ExistsQuery, FuzzyTermQuery, Occur, RangeQuery, TermQuery};
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::beginning::Beginning;
use super::between::Between;
use super::form::Form;
use super::scored::{Boxed, all, any, called, filter, in_field};
use super::scoring::weight;
use super::spans::{Spans, engine::InField};
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::field::{self, Field, Kind};
use crate::index::{documents, schema, words};
use crate::query::Query;

/// Translates queries for one index.
pub struct Translator<'a> {
    /// The index's fields.
    pub handles: &'a schema::Handles,
    /// What is committed.
    pub searcher: &'a Searcher,
    /// The generation of the index after which came what is asked about; `None` for all that is in it.
    pub after: Option<u64>,
    /// Its words.
    pub vocabulary: Vocabulary<'a>,
}

impl<'a> Translator<'a> {
    /// For what is committed.
    pub fn of(searcher: &'a Searcher, handles: &'a schema::Handles) -> Result<Self> {
        Ok(Translator { handles, searcher, after: None, vocabulary: Vocabulary::of(searcher, handles)? })
    }
}

impl Translator<'_> {
    /// The query that tantivy runs. Values must be those of the index ([`super::values`]).
    pub fn query(&self, query: &Query) -> Result<Boxed> {
        Ok(match query {
            Query::All => self.everything(),
            Query::Word { field, word } => called(word, self.in_texts(*field, Form::all_of(word))?),
            Query::Phrase { field, text } => called(format!("\"{text}\""), self.in_texts(*field, Form::as_written(text))?),
            Query::Prefix { field: Some(field), prefix } if field.kind == Kind::Case => {
                filter(begins(self.handles.of(field), &documents::case_term(prefix))?)
            }
            Query::Prefix { prefix, .. } if words::words(prefix).count() > 1 => self.spans(query),
            Query::Prefix { field, prefix } => {
                let fields =
                    self.scope(*field).map(|f| Ok(in_field(f, 1.0, begins(self.handles.of(f), &prefix.to_lowercase())?)));
                called(format!("{prefix}*"), any(fields.collect::<Result<_>>()?))
            }
            Query::Fuzzy { field, word, distance } => {
                let like = |h| Box::new(FuzzyTermQuery::new(Term::from_field_text(h, &word.to_lowercase()), *distance, true));
                let fields = self.scope(*field).map(|f| in_field(f, 1.0, like(self.handles.of(f))));
                called(format!("{word}~{distance}"), any(fields.collect()))
            }
            Query::Proximity { .. } => self.spans(query),
            Query::Value { field, value } => filter(match field.kind {
                Kind::Case => begins(self.handles.of(field), &documents::case_term(value))?,
                _ => term(self.handles.of(field), value),
            }),
            Query::Range { field, low, high } => {
                filter(Box::new(Between::of(self.handles.of(field), low.unwrap_or(i64::MIN)..=high.unwrap_or(i64::MAX))))
            }
            Query::Known { field } => filter(match field.kind {
                Kind::Case | Kind::Keyword => begins(self.handles.of(field), "")?,
                Kind::Text { .. } => in_field(field, 1.0, term(self.handles.of(field), words::TEXT_END)),
                Kind::Number | Kind::Date => Box::new(ExistsQuery::new(field.name.to_owned(), false)),
            }),
            Query::Hint { word } => self.in_texts(None, Form::all_of(word))?,
            Query::Wide { of, also } => self.spelt(of, also)?,
            Query::Not(_) => self.all_of(std::slice::from_ref(query))?,
            Query::And(members) => self.all_of(members)?,
            Query::Or(members) => any(members.iter().map(|m| self.query(m)).collect::<Result<_>>()?),
        })
    }

    fn all_of(&self, members: &[Query]) -> Result<Boxed> {
        let mut clauses = Vec::new();
        for member in members {
            match member {
                Query::Not(inner) => clauses.push((Occur::MustNot, self.query(inner)?)),
                Query::Hint { .. } => {}
                other => clauses.push((Occur::Must, self.query(other)?)),
            }
        }
        if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
            clauses.push((Occur::Must, self.everything()));
        }
        clauses.extend(self.neighbours(members)?.into_iter().map(|q| (Occur::Should, q)));
        Ok(all(clauses))
    }

    /// The documents that can be found: decisions, and letters in which none could be read.
    pub(super) fn everything(&self) -> Boxed {
        filter(any([schema::DECISION, schema::UNREAD].map(|kind| term(self.handles.doc, kind)).into()))
    }

    /// How many decisions a query finds.
    pub fn count_decisions(&self, query: &Query) -> Result<u64> {
        let decisions = filter(term(self.handles.doc, schema::DECISION));
        let found = all(vec![(Occur::Must, decisions), (Occur::Must, self.found(query)?)]);
        Ok(self.searcher.search(&found, &Count)? as u64)
    }

    /// What a query finds, of what is asked about.
    pub fn found(&self, query: &Query) -> Result<Boxed> {
        Ok(self.only_new(self.query(query)?))
    }

    /// What of a query came into the index after the generation after which it is asked for.
    pub fn only_new(&self, query: Boxed) -> Boxed {
        let Some(after) = self.after else { return query };
        let later = RangeQuery::new(Bound::Excluded(Term::from_field_u64(self.handles.added, after)), Bound::Unbounded);
        all(vec![(Occur::Must, query), (Occur::Must, filter(Box::new(later)))])
    }

    /// The fields in which a word without a field is looked for, or the one field it names, if any document has words there.
    fn scope(&self, field: Option<&'static Field>) -> impl Iterator<Item = &'static Field> {
        scope(field).filter(|field| self.vocabulary.has_words(field))
    }

    /// Words near to each other, or side by side, in each field in which they may stand.
    fn spans(&self, query: &Query) -> Boxed {
        let spans = |f| Box::new(InField::new(self.handles.of(f), Spans::of(query, f)));
        let fields = self.scope(query.field()).map(|f| in_field(f, weight(f), spans(f)));
        called(query.narrow().to_string(), any(fields.collect()))
    }

    /// Words side by side, in each text field with the field's weight; in `field` alone if it is given.
    fn in_texts(&self, field: Option<&'static Field>, forms: Vec<Form>) -> Result<Boxed> {
        let fields = scope(field).map(|f| Ok(in_field(f, weight(f), self.vocabulary.side_by_side(f, &forms)?)));
        Ok(any(fields.collect::<Result<_>>()?))
    }
}

/// The fields that a word without a field is looked for in, or the one field it names.
pub(super) fn scope(field: Option<&'static Field>) -> impl Iterator<Item = &'static Field> {
    field::texts().filter(move |f| field.is_none_or(|only| only == *f))
}

/// The words of a term, each with the field it names.
pub(super) fn terms(query: &Query) -> Vec<(Option<&'static Field>, &str)> {
    let leaves = query.positive_leaves().into_iter();
    leaves.filter_map(|leaf| if let Query::Word { field, word } = leaf { Some((*field, word.as_str())) } else { None }).collect()
}

pub(super) fn term(handle: Handle, value: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(handle, value), IndexRecordOption::Basic))
}

/// Terms that begin with `prefix`.
fn begins(handle: Handle, prefix: &str) -> Result<Boxed> {
    Ok(Box::new(Beginning::of(prefix, handle)?))
}
