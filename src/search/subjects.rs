//! What a decision is about, as the classifier says it: category, subcategory, region of the body, drug.
//!
//! A word of the query that such a value has among its words ranks the decisions of that value higher: of all that hold `opioid`,
//! those in which an opioid is the disputed treatment. It decides nothing else: what a word finds is what its letters say.

use tantivy::Searcher;
use tantivy::Term;
use tantivy::query::{Occur, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::form::Form;
use super::scored::{Boxed, all, best, boosted, called};
use super::translate::terms;
use crate::error::{Error, Result};
use crate::field;
use crate::index::{schema, words};
use crate::query::Query;

/// What a subject that the query names is worth beside the word that names it.
const WORTH: f32 = 1.5;

/// The fields whose values are subjects.
const FIELDS: [&str; 4] = ["category", "subcategory", "body", "drug"];

/// A value of an index that says what a decision is about, with its words.
type Subject = (Term, Vec<String>);

/// For each word of the query a query for the subjects of the index that it, or another spelling of it, names.
pub fn named_by(query: &Query, searcher: &Searcher, handles: &schema::Handles) -> Result<Vec<Boxed>> {
    let members = if let Query::And(members) = query { members.as_slice() } else { std::slice::from_ref(query) };
    let names: Vec<_> = members.iter().filter(|m| m.field().is_none()).filter_map(spellings).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let subjects = subjects(searcher, handles)?;
    Ok(names.iter().filter_map(|spellings| named(&subjects, spellings)).collect())
}

/// What `matches` finds, those first that are about what the query names.
pub fn ranking(matches: &Boxed, named: &[Boxed]) -> Boxed {
    if named.is_empty() {
        return matches.box_clone();
    }
    let named = named.iter().map(|query| (Occur::Should, query.box_clone()));
    all(std::iter::once((Occur::Must, matches.box_clone())).chain(named).collect())
}

/// Those of an index.
fn subjects(searcher: &Searcher, handles: &schema::Handles) -> Result<Vec<Subject>> {
    let failed = |e: std::io::Error| Error::Index(e.to_string());
    let mut all = std::collections::BTreeMap::new();
    for field in FIELDS.into_iter().filter_map(field::find) {
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(handles.of(field))?;
            let mut values = inverted.terms().stream().map_err(failed)?;
            while values.advance() {
                let Ok(value) = std::str::from_utf8(values.key()) else { continue };
                all.insert(
                    Term::from_field_text(handles.of(field), value),
                    words::words(value).map(|w| w.word.into_owned()).collect(),
                );
            }
        }
    }
    Ok(all.into_iter().collect())
}

/// The spellings of a member of the query that is a word or words, each as the forms of its words.
fn spellings(member: &Query) -> Option<Vec<Vec<Form>>> {
    Some(match member {
        Query::Word { .. } => terms(member).into_iter().map(|(_, word)| Form::all_of(word)).collect(),
        Query::Wide { of, also } => {
            let together = terms(of).into_iter().flat_map(|(_, word)| Form::all_of(word)).collect();
            let also = also.iter().flat_map(terms).map(|(_, word)| Form::all_of(word));
            std::iter::once(together).chain(also).collect()
        }
        _ => return None,
    })
}

fn named(subjects: &[Subject], spellings: &[Vec<Form>]) -> Option<Boxed> {
    let says = |words: &[String], forms: &[Form]| {
        let here = |window: &[String]| window.iter().zip(forms).all(|(word, form)| form.is(word));
        !forms.is_empty() && words.windows(forms.len()).any(here)
    };
    let named = subjects.iter().filter(|(_, words)| spellings.iter().any(|forms| says(words, forms)));
    let about = |term: &Term| format!("about {}", term.value().as_str().unwrap_or_default());
    let query = |term: &Term| Box::new(TermQuery::new(term.clone(), IndexRecordOption::Basic));
    let named: Vec<Boxed> = named.map(|(term, _)| called(about(term), query(term))).collect();
    (!named.is_empty()).then(|| boosted(WORTH, best(named)))
}
