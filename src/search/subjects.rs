//! What a decision is about, as the classifier says it: category, subcategory, region of the body, drug.
//!
//! A word of the query that such a value has among its words ranks the decisions of that value higher: of all that hold `opioid`,
//! those in which an opioid is the disputed treatment. It decides nothing else: what a word finds is what its letters say.

use tantivy::Searcher;
use tantivy::Term;
use tantivy::query::{Occur, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::scored::{Boxed, all, best, boosted, called};
use super::translate::{terms, words_of};
use crate::error::{Error, Result};
use crate::field;
use crate::index::{schema, words};
use crate::query::Query;

/// What a subject that the query names is worth beside the word that names it.
const WORTH: f32 = 1.5;

/// The fields whose values are subjects.
const FIELDS: [&str; 4] = ["category", "subcategory", "body", "drug"];

/// The values of an index that say what a decision is about, each with the stems of its words.
pub struct Subjects(Vec<(Term, Vec<String>)>);

impl Subjects {
    /// Those of an index.
    pub fn of(searcher: &Searcher, handles: &schema::Handles) -> Result<Self> {
        let failed = |e: std::io::Error| Error::Index(e.to_string());
        let mut all = std::collections::BTreeMap::new();
        for field in FIELDS.into_iter().filter_map(field::find) {
            for segment in searcher.segment_readers() {
                let inverted = segment.inverted_index(handles.of(field))?;
                let mut values = inverted.terms().stream().map_err(failed)?;
                while values.advance() {
                    let Ok(value) = std::str::from_utf8(values.key()) else { continue };
                    all.insert(Term::from_field_text(handles.of(field), value), words_of(value, words::stem));
                }
            }
        }
        Ok(Subjects(all.into_iter().collect()))
    }

    /// What `matches` finds, those first that are about what the query names.
    pub fn ranking(&self, query: &Query, matches: &Boxed) -> Boxed {
        let named = self.named_by(query).into_iter().map(|q| (Occur::Should, q));
        let clauses: Vec<_> = std::iter::once((Occur::Must, matches.box_clone())).chain(named).collect();
        if clauses.len() == 1 { matches.box_clone() } else { all(clauses) }
    }

    /// For each word of the query a query for the subjects that it, or another spelling of it, names.
    pub fn named_by(&self, query: &Query) -> Vec<Boxed> {
        let members = if let Query::And(members) = query { members.as_slice() } else { std::slice::from_ref(query) };
        members.iter().filter(|m| m.field().is_none()).filter_map(|member| self.named(member)).collect()
    }

    fn named(&self, member: &Query) -> Option<Boxed> {
        let spellings: Vec<Vec<String>> = match member {
            Query::Word { .. } => terms(member).into_iter().map(|(_, word)| words_of(word, words::stem)).collect(),
            Query::Wide { of, also } => {
                let together = terms(of).into_iter().flat_map(|(_, word)| words_of(word, words::stem)).collect();
                let also = also.iter().flat_map(terms).map(|(_, word)| words_of(word, words::stem));
                std::iter::once(together).chain(also).collect()
            }
            _ => return None,
        };
        let says = |value: &[String]| spellings.iter().any(|s| !s.is_empty() && value.windows(s.len()).any(|window| window == s));
        let named = self.0.iter().filter(|(_, value)| says(value));
        let about = |term: &Term| format!("about {}", term.value().as_str().unwrap_or_default());
        let query = |term: &Term| Box::new(TermQuery::new(term.clone(), IndexRecordOption::Basic));
        let named: Vec<Boxed> = named.map(|(term, _)| called(about(term), query(term))).collect();
        (!named.is_empty()).then(|| boosted(WORTH, best(named)))
    }
}
