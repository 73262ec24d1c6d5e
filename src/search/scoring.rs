//! What ranks a match: how much a word is worth in each field, and what is worth something beside the words.
//!
//! A score is a sum. A word scores in every field it stands in, by BM25 there times the field's weight; of the word, its other
//! spellings and what is related to it, that which scores best in the field. To this is added what the words say together: a
//! pair of them side by side as in the query ([`Translator::neighbours`]), and a subject that they name ([`super::subjects`]).
//! So each part is a query of the engine for a word in a field, and a hit's score can be told part by part.
//!
//! Function words score nothing: they are in every text. They keep their place between the words that do.

use tantivy::query::{Bm25StatisticsProvider, Bm25Weight, EnableScoring};
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
    /// A word, or words that are a term together, and its other spellings: one thing said in several ways, and in each field as
    /// rare as the most frequent of them. A word and its spellings are one there; the words of a term may stand in several
    /// fields, and are as rare together as the term is where it tells most.
    pub fn spelt(&self, of: &Query, also: &[Query]) -> Result<Boxed> {
        let rarity = |field: &Field| Ok(self.as_one(field, of, also)?.0);
        let also_spelt = || also.iter().flat_map(terms).map(|(field, word)| (field, word, ALSO));
        if let Query::Word { .. } = of {
            let own = terms(of).into_iter().map(|(field, word)| (field, word, 1.0));
            return Ok(any(self.in_fields(of, &own.chain(also_spelt()).collect::<Vec<_>>(), rarity)?));
        }
        let telling = scope(of.field()).max_by(|a, b| weight(a).total_cmp(&weight(b)));
        let (one, words) = telling.map_or(Ok((1.0, 1.0)), |field| self.as_one(field, of, also))?;
        let others = self.in_fields(of, &also_spelt().collect::<Vec<_>>(), rarity)?;
        Ok(best(vec![boosted(one / words, self.query(of)?), any(others)]))
    }

    /// What is related to a word, which is no rarer than the word.
    pub fn related(&self, of: &Query, related: &[Query]) -> Result<Boxed> {
        let ways: Vec<_> = related.iter().flat_map(terms).map(|(field, word)| (field, word, RELATED)).collect();
        Ok(any(self.in_fields(of, &ways, |field| Ok(self.rarity(field, &forms(of))?.0))?))
    }

    /// For each field in which `of` is looked for the best of what stands for it, each as rare at most as `rarity` says.
    fn in_fields(
        &self,
        of: &Query,
        ways: &[(Option<&'static Field>, &str, f32)],
        rarity: impl Fn(&Field) -> Result<f32>,
    ) -> Result<Vec<Boxed>> {
        let mut fields = Vec::new();
        for field in scope(of.field()) {
            let most = rarity(field)?;
            let mut scored = Vec::new();
            for (_, name, worth) in ways.iter().filter(|(only, ..)| only.is_none_or(|only| only == field)) {
                let way = Form::all_of(name);
                let less = (most / self.rarity(field, &way)?.0).min(1.0);
                scored.push(called(*name, boosted(worth * less, self.vocabulary.side_by_side(field, &way)?)));
            }
            if !scored.is_empty() {
                fields.push(in_field(field, weight(field), best(scored)));
            }
        }
        Ok(fields)
    }

    /// How rare something is in a field that is said in several ways: as the most frequent of them; and the words of the first
    /// way together.
    fn as_one(&self, field: &Field, of: &Query, also: &[Query]) -> Result<(f32, f32)> {
        let (sum, mut one) = self.rarity(field, &forms(of))?;
        for (_, spelling) in also.iter().flat_map(terms).filter(|(only, _)| only.is_none_or(|only| only == field)) {
            one = one.min(self.rarity(field, &Form::all_of(spelling))?.1);
        }
        Ok((one, sum))
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

    /// What lets the engine score by them.
    pub fn scoring(&self) -> EnableScoring<'_> {
        EnableScoring::enabled_from_statistics_provider(self, self.searcher)
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

/// The words of a word or term.
fn forms(of: &Query) -> Vec<Form> {
    terms(of).into_iter().flat_map(|(_, word)| Form::all_of(word)).collect()
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
