//! What ranks a match: how much a word is worth in each field, and what is worth something beside the words.
//!
//! A score is a sum. A word scores in every field it stands in, by BM25 there times the field's weight; of the word, its other
//! spellings and what is related to it, that which scores best in the field. To this is added what the words say together: a
//! pair of them side by side as in the query ([`Translator::neighbours`]), and a subject that they name ([`super::subjects`]).
//! So each part is a query of the engine for a word in a field, and a hit's score can be told part by part.
//!
//! Function words score nothing: they are in every text. They keep their place between the words that do.

use tantivy::query::{Bm25StatisticsProvider, Bm25Weight};
use tantivy::schema::Field as Handle;
use tantivy::{Searcher, Term};

use super::form::Form;
use super::of_letter::Letters;
use super::scored::{Boxed, any, best, boosted, called, in_field};
use super::translate::{Translator, scope, terms};
use super::vocabulary::Forms;
use crate::error::Result;
use crate::field::{Field, Kind};
use crate::index::schema;
use crate::query::Query;

/// What two words side by side are worth beside the words themselves.
const SIDE_BY_SIDE: f32 = 0.6;

/// What another spelling of a word is worth beside the word itself.
const ALSO: f32 = 0.8;

/// What is worth as much that is related to a word without meaning the same; it also weighs so much of what the word weighs.
pub const RELATED: f32 = 0.35;

/// The least weight of a field in which words side by side are looked for: where they are the treatment or the reasoning.
const TELLING: f32 = 1.0;

impl Translator<'_> {
    /// A word, or words that are a term together, and its other spellings. A word by itself and its spellings are one in each
    /// field; words that are a term together may stand in several.
    pub fn spelt(&self, of: &Query, also: &[Query]) -> Result<Boxed> {
        Ok(match of {
            Query::Word { .. } => any(self.in_fields(of, true, ALSO, also)?),
            of => best(vec![boosted(as_one(of), self.query(of)?), any(self.in_fields(of, false, ALSO, also)?)]),
        })
    }

    /// What is related to a word.
    pub fn related(&self, of: &Query, related: &[Query]) -> Result<Boxed> {
        Ok(any(self.in_fields(of, false, RELATED, related)?))
    }

    /// For each field the best of the others, and of the word itself if it is to be `among` them: then all are as rare as the most
    /// frequent of them, since they are one thing said in several ways. Others by themselves are no rarer than the word, and as
    /// rare as the words of a term: else `lumbar`, which is said often, would be lost beside `low` and `back`, which are not.
    fn in_fields(&self, of: &Query, among: bool, worth: f32, others: &[Query]) -> Result<Vec<Boxed>> {
        let name = terms(of).into_iter().map(|(_, word)| word).collect::<Vec<_>>().join(" ");
        let (words, is_term) = (Form::all_of(&name), terms(of).len() > 1);
        let mut fields = Vec::new();
        for field in scope(of.field()) {
            let here = others.iter().flat_map(terms).filter(|(f, _)| f.is_none_or(|only| only == field));
            let mut ways: Vec<_> = here.map(|(_, other)| (worth, other.to_owned(), Form::all_of(other))).collect();
            let mut most = self.rarity(field, &words)?.0 * as_one(of);
            if among {
                ways.push((1.0, name.clone(), words.clone()));
                for (_, _, way) in &ways {
                    most = most.min(self.rarity(field, way)?.1);
                }
            }
            let mut scored = Vec::new();
            for (worth, name, way) in ways {
                let as_rare = most / self.rarity(field, &way)?.0;
                let as_rare = if is_term { as_rare } else { as_rare.min(1.0) };
                scored.push(called(name, boosted(worth * as_rare, self.vocabulary.side_by_side(field, &way)?)));
            }
            if !scored.is_empty() {
                fields.push(in_field(field, weight(field), best(scored)));
            }
        }
        Ok(fields)
    }

    /// How rare words side by side are in a field: by the sum of their inverse document frequencies, which is how the engine
    /// scores them, and by that of the rarest alone.
    fn rarity(&self, field: &Field, words: &[Form]) -> Result<(f32, f32)> {
        let (mut sum, mut rarest) = (f32::MIN_POSITIVE, f32::MIN_POSITIVE);
        for word in words {
            let rarity = self.vocabulary.statistics.rarity(self.vocabulary.frequency_in(field, word)?);
            (sum, rarest) = (sum + rarity, rarest.max(rarity));
        }
        Ok((sum, rarest))
    }

    /// For each two words that follow each other in the query, a query for them side by side. Function words between them
    /// keep their place: `range of motion` looks for `range`, any word, `motion`. Words that are a term together are compared
    /// with each other where the term is translated, and here with what stands round it.
    pub fn neighbours(&self, members: &[Query]) -> Result<Vec<Boxed>> {
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
                            near.push(self.pair(*field, before, word, at - place)?);
                        }
                        last = Some((*field, word, at, number));
                    }
                    Query::Hint { .. } => {}
                    _ => last = None,
                }
                at += 1;
            }
        }
        Ok(near)
    }

    /// Two words that stand as far apart as in the query, in the field asked for or in those that tell most.
    fn pair(&self, field: Option<&'static Field>, before: &str, after: &str, distance: usize) -> Result<Boxed> {
        let name = format!("{before} {after} side by side");
        let (before, after) = (Form::all_of(before), Form::all_of(after));
        let second = before.len() + distance - 1;
        let words = || before.iter().enumerate().chain(after.iter().enumerate().map(|(at, word)| (at + second, word)));
        let fields = scope(field).filter(|f| field.is_some() || weight(f) >= TELLING);
        let each = fields.map(|f| Ok(in_field(f, weight(f), self.vocabulary.apart(f, words())?)));
        Ok(called(name, boosted(SIDE_BY_SIDE, any(each.collect::<Result<_>>()?))))
    }
}

/// What BM25 knows of an index: its terms, and as documents those that can be found. The others hold no words, and would make
/// every word seem rare and every text long.
pub struct Statistics<'a> {
    searcher: &'a Searcher,
    /// How many can be found.
    pub units: u64,
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

    /// The same of letters, for what is in the index once a letter.
    pub fn of_letters(&self) -> Result<Self> {
        Ok(Statistics { searcher: self.searcher, units: Letters::of(self.searcher)?.total_num_docs()? })
    }

    /// The inverse document frequency of a term.
    pub fn rarity_of(&self, term: &Term) -> Result<f32> {
        Ok(self.rarity(self.searcher.doc_freq(term)?))
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

/// What each word of a term is worth: together they are one thing asked for, if one that is said with more care than by a word.
/// So they weigh more than one of them and less than as many that are asked for each by itself.
fn as_one(of: &Query) -> f32 {
    1.0 / (terms(of).len().max(1) as f32).sqrt()
}

/// The weight of a field of words.
pub fn weight(field: &Field) -> f32 {
    match field.kind {
        Kind::Text { weight, .. } => weight,
        _ => 1.0,
    }
}

/// BM25 for words each in its forms, of which there is at least one.
pub fn bm25(statistics: &dyn Bm25StatisticsProvider, words: &[&Forms]) -> tantivy::Result<Bm25Weight> {
    let firsts: Vec<_> = words.iter().filter_map(|forms| forms.terms.first().cloned()).collect();
    Bm25Weight::for_terms(&AsOneTerm { statistics, words }, &firsts)
}

/// Statistics in which the first of several forms has the frequency of all.
struct AsOneTerm<'a> {
    statistics: &'a dyn Bm25StatisticsProvider,
    words: &'a [&'a Forms],
}

impl Bm25StatisticsProvider for AsOneTerm<'_> {
    fn total_num_tokens(&self, field: Handle) -> tantivy::Result<u64> {
        self.statistics.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.statistics.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let forms = self.words.iter().find(|forms| forms.terms.first() == Some(term));
        Ok(forms.map_or(0, |forms| forms.found).min(self.total_num_docs()?))
    }
}
