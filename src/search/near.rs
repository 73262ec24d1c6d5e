//! Near matches: what holds part of a description, behind what holds all of it.
//!
//! Plain words and quotations are a description rather than a formula, and demanding each of five words finds a third of what is
//! meant. Words weigh as much as they are rare ([`super::enough`]), so that a word of every letter by itself is no match, and a
//! match scores the less, the less it holds. A near match holds a word also by what is related to it
//! ([`crate::query::related`]), and a quotation by its words. A word that occurs nowhere, and nothing that stands for it, is
//! replaced by the words that are spelt most like it.

use tantivy::query::Occur;

use super::enough::{Enough, Part};
use super::scored::{Boxed, all as all_of};
use super::scoring::RELATED;
use super::translate::Translator;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::query::{Query, Widening, loose, related, widen};

/// The query for near matches, and what to say of them.
pub struct Near {
    /// Finds near matches and no others.
    pub engine: Boxed,
    /// What a near match may hold, to be marked.
    pub wanted: Query,
    /// What is related to words of the query, of what occurs in the index.
    pub related: Vec<Widening>,
}

/// A word of the description, or a function word that keeps its place among them.
struct Asked {
    word: Query,
    /// Its other spellings, and those of the term that it is part of.
    also: Vec<Query>,
    /// What is related to it.
    related: Vec<Query>,
}

impl Near {
    /// The near matches of a plain query, which `all` is the engine's form of, those about the subjects that it names first; if
    /// `wide`, also by what is related to its words.
    /// `None` where there are no two words of which one could be missing, and nothing else stands for the one there is.
    pub fn of(query: &Query, all: &Boxed, translator: &Translator<'_>, subjects: &[Boxed], wide: bool) -> Result<Option<Near>> {
        let vocabulary = &translator.vocabulary;
        let mut clauses = vec![(Occur::MustNot, all.box_clone())];
        let mut asked = Vec::new();
        for member in loose(query) {
            match member {
                Query::Phrase { .. } => clauses.push((Occur::Should, translator.query(&member)?)),
                Query::Word { .. } | Query::Hint { .. } | Query::Wide { .. } if in_no_field(&member) => {
                    asked.extend(words_of(member, wide, vocabulary)?);
                }
                filter => clauses.push((Occur::Must, translator.query(&filter)?)),
            }
        }
        let related = if wide { add_related(&mut asked, vocabulary)? } else { Vec::new() };
        let plain: Vec<_> = asked.iter().map(|asked| asked.word.clone()).collect();
        clauses.extend(translator.neighbours(&plain)?.into_iter().map(|q| (Occur::Should, q)));
        clauses.extend(subjects.iter().map(|q| (Occur::Should, q.box_clone())));

        asked.retain(|asked| matches!(asked.word, Query::Word { .. }));
        let one = asked.len() < 2;
        let (mut parts, mut wanted, mut nowhere) = (Vec::new(), Vec::new(), Vec::new());
        let (mut whole, mut replaced) = (0.0, false);
        for asked in asked {
            let Some(word) = asked.stand_in(vocabulary)? else {
                // What occurs nowhere is as rare as can be, and what lacks it lacks that much.
                whole += vocabulary.statistics.rarity(0);
                nowhere.push(asked.word.to_string());
                continue;
            };
            replaced |= word != asked.word;
            let query = match &word {
                Query::Word { .. } => translator.spelt(&word, &asked.also)?,
                other => translator.query(other)?,
            };
            // A word is as rare as it or a spelling of it is in the field in which that is most frequent.
            let said = Query::Or([vec![word], asked.also].concat());
            let weight = vocabulary.statistics.rarity(vocabulary.frequency(&said)?);
            whole += weight;
            parts.push(Part { word: Some(asked.word.to_string()), query, weight });
            if !asked.related.is_empty() {
                let query = translator.related(&asked.word, &asked.related)?;
                parts.push(Part { word: None, query, weight: RELATED * weight });
            }
            wanted.push(Query::Or([vec![said], asked.related].concat()));
        }
        if parts.is_empty() || (one && related.is_empty() && !replaced) {
            return Ok(None);
        }
        clauses.push((Occur::Must, Box::new(Enough::new(parts, nowhere, whole))));
        Ok(Some(Near { engine: all_of(clauses), wanted: Query::And(wanted), related }))
    }
}

fn in_no_field(member: &Query) -> bool {
    member.positive_leaves().first().is_none_or(|leaf| leaf.field().is_none())
}

/// The words of a member: of words that are a term together, a spelling of the term stands for each, and if `wide` a spelling of
/// each too, since nobody asks that all of them be there.
fn words_of(member: Query, wide: bool, vocabulary: &Vocabulary<'_>) -> Result<Vec<Asked>> {
    let (of, also) = match member {
        Query::Wide { of, also } => (*of, also),
        other => (other, Vec::new()),
    };
    let mut asked = Vec::new();
    for word in if let Query::And(words) = of { words } else { vec![of] } {
        let mut also = also.clone();
        if let (true, Query::Wide { also: own, .. }) = (wide, widen(word.clone())) {
            for spelling in own {
                if !also.contains(&spelling) && vocabulary.frequency(&spelling)? > 0 {
                    also.push(spelling);
                }
            }
        }
        asked.push(Asked { word, also, related: Vec::new() });
    }
    Ok(asked)
}

/// Gives each word what is related to it, or to words that it is among; tells what of it occurs.
fn add_related(asked: &mut [Asked], vocabulary: &Vocabulary<'_>) -> Result<Vec<Widening>> {
    let words: Vec<_> = asked.iter().map(|asked| asked.word.clone()).collect();
    let mut told = Vec::new();
    for (run, Widening { word, also, fields }) in related(&words) {
        let mut occurring = Vec::new();
        for text in also {
            let query = Query::Word { field: None, word: text.clone() };
            if vocabulary.frequency(&query)? > 0 {
                occurring.push((text, query));
            }
        }
        for asked in asked.get_mut(run).into_iter().flatten() {
            asked.related.extend(occurring.iter().map(|(_, q)| q).filter(|q| !asked.also.contains(q)).cloned());
        }
        if !occurring.is_empty() {
            told.push(Widening { word, also: occurring.into_iter().map(|(text, _)| text).collect(), fields });
        }
    }
    Ok(told)
}

impl Asked {
    /// The word itself where it or what stands for it occurs; else the words most like it; `None` where there are none.
    fn stand_in(&self, vocabulary: &Vocabulary<'_>) -> Result<Option<Query>> {
        let Query::Word { word, .. } = &self.word else { return Ok(None) };
        if !self.also.is_empty() || !self.related.is_empty() || vocabulary.has(word)? {
            return Ok(Some(self.word.clone()));
        }
        let near = vocabulary.near(word)?;
        let words: Vec<_> = near.into_iter().map(|word| Query::Word { field: None, word }).collect();
        Ok((!words.is_empty()).then_some(Query::Or(words)))
    }
}
