//! Queries: of each the number of hits, the best twenty with what a list shows of them, and the facets.

use std::fs;
use std::ops::Bound;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Deserialize;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{Index, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::facets::{Counts, FACETS, Facets};
use super::layout::{Fields, day};

/// Hits that are fetched.
const TOP: usize = 20;

/// A query that every engine can be asked: all that it names must hold.
#[derive(Deserialize)]
struct Asked {
    id: String,
    /// Words that all occur.
    #[serde(default)]
    words: Vec<String>,
    /// Words of which one occurs.
    #[serde(default)]
    any: Vec<String>,
    /// Words that stand side by side.
    #[serde(default)]
    phrase: Vec<String>,
    /// The beginning of a word.
    prefix: Option<String>,
    /// The field in which all this stands; without it, any text.
    within: Option<String>,
    /// Exact values of fields.
    #[serde(default)]
    is: Values,
    /// Ranges with their ends.
    #[serde(default)]
    between: Ranges,
    /// Whether the values of the facets are counted.
    #[serde(default)]
    facets: bool,
}

#[derive(Deserialize, Default)]
struct Values {
    outcome: Option<String>,
    category: Option<String>,
    specialty: Option<String>,
}

#[derive(Deserialize, Default)]
struct Ranges {
    age: Option<[u64; 2]>,
    decided: Option<[String; 2]>,
}

impl Asked {
    fn query(&self, fields: &Fields) -> Result<Box<dyn Query>> {
        let text = if self.within.is_some() { fields.item } else { fields.all };
        let mut all: Vec<Box<dyn Query>> = self.words.iter().map(|word| term(text, word)).collect();
        if !self.any.is_empty() {
            all.push(Box::new(BooleanQuery::union(self.any.iter().map(|word| term(text, word)).collect())));
        }
        if !self.phrase.is_empty() {
            all.push(Box::new(PhraseQuery::new(self.phrase.iter().map(|word| Term::from_field_text(text, word)).collect())));
        }
        if let Some(prefix) = &self.prefix {
            all.push(Box::new(RegexQuery::from_pattern(&format!("{prefix}.*"), text)?));
        }
        let values =
            [(fields.outcome, &self.is.outcome), (fields.category, &self.is.category), (fields.specialty, &self.is.specialty)];
        for (field, value) in values {
            all.extend(value.iter().map(|value| filter(field, value)));
        }
        if let Some(ends) = self.between.age {
            all.push(range(fields.age, ends));
        }
        if let Some([first, last]) = &self.between.decided {
            all.push(range(fields.decided, [day(first), day(last)].map(Option::unwrap_or_default)));
        }
        Ok(match all.len() {
            0 => Box::new(AllQuery),
            _ => Box::new(BooleanQuery::intersection(all)),
        })
    }
}

fn term(field: Field, word: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
}

fn filter(field: Field, value: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic))
}

fn range(field: Field, ends: [u64; 2]) -> Box<dyn Query> {
    let [first, last] = ends.map(|end| Bound::Included(Term::from_field_u64(field, end)));
    Box::new(RangeQuery::new(first, last))
}

/// Hits, what is shown of the best, and the facets.
type Answer = (u64, Vec<Vec<String>>, Option<Counts>);

fn answer(searcher: &Searcher, fields: &Fields, asked: &Asked) -> Result<Answer> {
    let query = asked.query(fields)?;
    let top = TopDocs::with_limit(TOP).order_by_score();
    let (best, hits, facets) = match asked.facets {
        true => {
            let (best, counted) = searcher.search(&query, &(top, Facets))?;
            (best, counted.0, Some(counted.1))
        }
        false => {
            let (best, hits) = searcher.search(&query, &(top, Count))?;
            (best, hits as u64, None)
        }
    };
    let mut shown = Vec::with_capacity(best.len());
    for (_, address) in best {
        let doc: TantivyDocument = searcher.doc(address)?;
        let text = |field| doc.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        shown.push([fields.case, fields.outcome, fields.item].map(text).to_vec());
    }
    Ok((hits, shown, facets))
}

/// Asks the queries, all in turn and that as often as is wanted, and prints a line for each.
pub fn all(folder: &Path, queries: &Path, rounds: usize, only: Option<&str>) -> Result<()> {
    let index = Index::open_in_dir(folder)?;
    let fields = Fields::schema().1;
    let searcher = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?.searcher();
    let lines = fs::read_to_string(queries).with_context(|| format!("{} cannot be read", queries.display()))?;
    let asked: Vec<Asked> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let asked: Vec<_> = asked.iter().filter(|asked| only.is_none_or(|only| only == asked.id)).collect();
    let mut took = vec![Vec::new(); asked.len()];
    let mut answers = Vec::new();
    for _ in 0..rounds {
        answers.clear();
        for (asked, took) in asked.iter().zip(&mut took) {
            let start = Instant::now();
            answers.push(answer(&searcher, &fields, asked)?);
            took.push(start.elapsed().as_micros() as u64);
        }
    }
    for ((asked, (hits, top, facets)), us) in asked.iter().zip(answers).zip(took) {
        let facets = facets.map(|facets| FACETS.into_iter().zip(facets).collect::<std::collections::BTreeMap<_, _>>());
        println!("{}", serde_json::json!({ "id": asked.id, "hits": hits, "facets": facets, "top": top, "us": us }));
    }
    Ok(())
}
