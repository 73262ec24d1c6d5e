//! What ranks a match: how much a word is worth in each field, and what is worth something beside the words.
//!
//! A score is a sum. A word scores in every field it stands in, by BM25 there times the field's weight; of the word, its other
//! spellings and what is related to it, that which scores best in the field. To this is added what the words say together: a
//! pair of them side by side as in the query ([`Translator::neighbours`]), and a subject that they name ([`super::subjects`]).
//! So each part is a query of the engine for a word in a field, and a hit's score can be told part by part.
//!
//! Function words score nothing: they are in every text. They keep their place between the words that do.

use tantivy::query::{Bm25StatisticsProvider, PhraseQuery};
use tantivy::schema::Field as Handle;
use tantivy::{Searcher, Term};

use super::scored::{Boxed, any, best, boosted, called, in_field};
use super::translate::{Translator, scope, side_by_side, terms, words_of};
use crate::error::Result;
use crate::field::{Field, Kind};
use crate::index::{schema, words};
use crate::query::Query;

/// What two words side by side are worth beside the words themselves.
const SIDE_BY_SIDE: f32 = 0.6;

/// What another spelling of a word is worth beside the word itself.
pub const ALSO: f32 = 0.6;

/// What is worth as much that is related to a word without meaning the same.
pub const RELATED: f32 = 0.25;

/// The least weight of a field in which words side by side are looked for: where they are the treatment or the reasoning.
const TELLING: f32 = 1.0;

impl Translator<'_> {
    /// A word, or words that are a term together, and for each worth the other words that stand for it at that worth. A word by
    /// itself and what stands for it are one in each field; words that are a term together may stand in several.
    pub fn forms(&self, of: &Query, others: &[(f32, &[Query])]) -> Result<Boxed> {
        let words: Vec<_> = terms(of).into_iter().flat_map(|(_, word)| words_of(word, words::stem)).collect();
        let alone = matches!(of, Query::Word { .. });
        let mut fields = Vec::new();
        for field in scope(of.field()) {
            let mut forms = Vec::new();
            for (worth, others) in others {
                forms.extend(self.others(*worth, field, &words, others)?);
            }
            if alone {
                forms.push(side_by_side(self.handles.of(field), &words));
            }
            if !forms.is_empty() {
                fields.push(in_field(field, weight(field), best(forms)));
            }
        }
        let fields = called(of.narrow().to_string(), any(fields));
        Ok(if alone { fields } else { best(vec![self.query(of)?, fields]) })
    }

    /// Those of `others` that hold in a field, scored as what is no rarer than `words`.
    fn others(&self, worth: f32, field: &'static Field, words: &[String], others: &[Query]) -> Result<Vec<Boxed>> {
        let handle = self.handles.of(field);
        let here = others.iter().flat_map(terms).filter(|(f, _)| f.is_none_or(|only| only == field));
        here.map(|(_, word)| {
            let other = words_of(word, words::stem);
            let rarer = self.rarity(handle, &other)? / self.rarity(handle, words)?;
            Ok(called(word, boosted(worth / rarer.max(1.0), side_by_side(handle, &other))))
        })
        .collect()
    }

    /// What words side by side weigh in a field: the sum of their inverse document frequencies, as in the engine's BM25.
    fn rarity(&self, handle: Handle, words: &[String]) -> Result<f32> {
        let mut sum = 0.0;
        for word in words {
            sum += self.statistics.rarity(self.searcher.doc_freq(&Term::from_field_text(handle, word))?);
        }
        Ok(sum.max(f32::MIN_POSITIVE))
    }

    /// For each two words that follow each other in the query, a query for them side by side. Function words between them
    /// keep their place: `range of motion` looks for `range`, any word, `motion`. Words that are a term together are compared
    /// with each other where the term is translated, and here with what stands round it.
    pub fn neighbours(&self, members: &[Query]) -> Vec<Boxed> {
        let mut near = Vec::new();
        let mut last: Option<(Option<&'static Field>, &str, usize, usize)> = None;
        let mut at = 0;
        for (number, member) in members.iter().enumerate() {
            let inside = match member {
                Query::Wide { of, .. } => &**of,
                other => other,
            };
            for part in if let Query::And(parts) = inside { parts.as_slice() } else { std::slice::from_ref(inside) } {
                match part {
                    Query::Word { field, word } => {
                        if let Some((_, before, place, _)) = last.filter(|(f, _, _, n)| f == field && *n != number) {
                            near.push(self.pair(*field, before, word, at - place));
                        }
                        last = Some((*field, word, at, number));
                    }
                    Query::Hint { .. } => {}
                    _ => last = None,
                }
                at += 1;
            }
        }
        near
    }

    /// Two words that stand as far apart as in the query, in the field asked for or in those that tell most.
    fn pair(&self, field: Option<&'static Field>, before: &str, after: &str, distance: usize) -> Boxed {
        let fields = scope(field).filter(|f| field.is_some() || weight(f) >= TELLING);
        let each = fields.map(|f| in_field(f, weight(f), apart(self.handles.of(f), before, after, distance)));
        called(format!("{before} {after} side by side"), boosted(SIDE_BY_SIDE, any(each.collect())))
    }
}

/// What BM25 knows of an index: its terms, and as documents those that can be found. The others hold no words, and would make
/// every word seem rare and every text long.
pub struct Statistics<'a> {
    searcher: &'a Searcher,
    units: u64,
}

impl<'a> Statistics<'a> {
    /// Those of what is committed.
    pub fn of(searcher: &'a Searcher, handles: &schema::Handles) -> Result<Self> {
        let mut units = 0;
        for kind in [schema::DECISION, schema::UNREAD] {
            units += searcher.doc_freq(&Term::from_field_text(handles.doc, kind))?;
        }
        Ok(Statistics { searcher, units })
    }

    /// The inverse document frequency of what stands in so many documents.
    pub fn rarity(&self, found: u64) -> f32 {
        let (units, found) = (self.units as f32, found as f32);
        (1.0 + (units - found + 0.5).max(0.0) / (found + 0.5)).ln()
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Handle) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.units)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}

/// The weight of a field of words.
pub fn weight(field: &Field) -> f32 {
    match field.kind {
        Kind::Text { weight } => weight,
        _ => 1.0,
    }
}

/// `after` as many words behind `before` as in the query.
fn apart(handle: Handle, before: &str, after: &str, distance: usize) -> Boxed {
    let (before, after) = (words_of(before, words::stem), words_of(after, words::stem));
    let second = before.len() + distance - 1;
    let places = before.iter().enumerate().chain(after.iter().enumerate().map(|(at, word)| (at + second, word)));
    let terms: Vec<_> = places.map(|(at, word)| (at, Term::from_field_text(handle, word))).collect();
    match terms.len() {
        0 | 1 => any(Vec::new()),
        _ => Box::new(PhraseQuery::new_with_offset(terms)),
    }
}
