//! Why a hit matched: what each word adds to its score in each field, by the query that found it ([`super::scored`]); and what
//! the query was read as, with how many decisions hold each part of it.

use tantivy::query::{EnableScoring, Occur, Query as Engine};
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader};

use super::enough::Enough;
use super::form::Form;
use super::of_letter::{Behind, Letters, OfLetter};
use super::results::{Node, Part, Why};
use super::scored::{Boxed, Scored};
use super::scoring::Statistics;
use super::translate::{Translator, scope};
use crate::error::Result;
use crate::field::Field;
use crate::index::words;
use crate::query::Query;

/// Forms of a word that are told.
const TOLD: usize = 6;

/// Why a query found what is at an address.
pub fn why(searcher: &Searcher, statistics: &Statistics<'_>, query: &dyn Engine, address: DocAddress) -> Result<Why> {
    let scoring = EnableScoring::enabled_from_statistics_provider(statistics, searcher);
    let here = Here { searcher, reader: searcher.segment_reader(address.segment_ord), doc: address.doc_id, scoring };
    let mut why = Why::default();
    for part in here.parts(query, Told { name: "", field: None, times: 1.0 }, &mut why)?.unwrap_or_default() {
        match why.parts.iter_mut().find(|other| (&other.what, other.field) == (&part.what, part.field)) {
            Some(same) => same.score += part.score,
            None => why.parts.push(part),
        }
    }
    why.parts.retain(|part| part.score != 0.0);
    why.parts.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(why)
}

/// One document.
struct Here<'a> {
    searcher: &'a Searcher,
    reader: &'a SegmentReader,
    doc: DocId,
    scoring: EnableScoring<'a>,
}

/// What the queries above one say of it.
#[derive(Clone, Copy)]
struct Told<'q> {
    name: &'q str,
    field: Option<&'static Field>,
    times: f32,
}

impl Here<'_> {
    /// What a query adds to the score of the document; `None` where it does not match.
    fn parts(&self, query: &dyn Engine, told: Told<'_>, why: &mut Why) -> tantivy::Result<Option<Vec<Part>>> {
        if let Some(enough) = query.downcast_ref::<Enough>() {
            return self.enough(enough, told, why);
        }
        if let Some(OfLetter(query)) = query.downcast_ref::<OfLetter>() {
            return self.in_letter(query.as_ref(), told, why);
        }
        let Some(scored) = query.downcast_ref::<Scored>() else { return self.leaf(query, told) };
        match scored {
            Scored::Named(name, query) => self.parts(query.as_ref(), Told { name, ..told }, why),
            Scored::Field(field, factor, query) => {
                let times = told.times * factor;
                self.parts(query.as_ref(), Told { field: Some(field), times, ..told }, why)
            }
            Scored::Times(factor, query) => self.parts(query.as_ref(), Told { times: told.times * factor, ..told }, why),
            Scored::Filter(query) => Ok(self.leaf(query.as_ref(), told)?.map(|_| Vec::new())),
            Scored::Any(queries) => self.sum(queries.iter(), told, why),
            Scored::Best(queries) => {
                let mut best: Option<Vec<Part>> = None;
                for query in queries {
                    let parts = self.parts(query.as_ref(), told, why)?;
                    best = if total(&parts) > total(&best) || best.is_none() { parts } else { best };
                }
                Ok(best)
            }
            Scored::All(clauses) => {
                let (mut must, mut may) = (Vec::new(), Vec::new());
                for (occur, query) in clauses {
                    match occur {
                        Occur::MustNot if self.leaf(query.as_ref(), told)?.is_some() => return Ok(None),
                        Occur::MustNot => {}
                        Occur::Should => may.push(query),
                        Occur::Must => match self.parts(query.as_ref(), told, why)? {
                            Some(parts) => must.push(parts),
                            None => return Ok(None),
                        },
                    }
                }
                let also = self.sum(may.into_iter(), told, why)?;
                let matches = !must.is_empty() || also.is_some();
                Ok(matches.then(|| must.into_iter().chain(also).flatten().collect()))
            }
        }
    }

    fn sum<'q>(
        &self,
        queries: impl Iterator<Item = &'q Boxed>,
        told: Told<'_>,
        why: &mut Why,
    ) -> tantivy::Result<Option<Vec<Part>>> {
        let mut sum: Option<Vec<Part>> = None;
        for query in queries {
            if let Some(parts) = self.parts(query.as_ref(), told, why)? {
                sum.get_or_insert_default().extend(parts);
            }
        }
        Ok(sum)
    }

    /// A near match: what it holds scores by how much of the whole that is.
    fn enough(&self, enough: &Enough, told: Told<'_>, why: &mut Why) -> tantivy::Result<Option<Vec<Part>>> {
        let (mut held, mut found, mut missing) = (0.0, Vec::new(), Vec::new());
        for part in &enough.parts {
            match self.parts(part.query.as_ref(), told, why)? {
                Some(parts) => {
                    held += part.weight;
                    found.extend(parts);
                }
                None => missing.extend(part.word.clone()),
            }
        }
        let Some(factor) = enough.factor(held) else { return Ok(None) };
        why.missing.extend(missing.into_iter().chain(enough.nowhere.iter().cloned()));
        found.iter_mut().for_each(|part| part.score *= factor);
        Ok(Some(found))
    }

    /// What holds for the letter.
    fn in_letter(&self, query: &dyn Engine, told: Told<'_>, why: &mut Why) -> tantivy::Result<Option<Vec<Part>>> {
        let letters = Letters::of(self.searcher)?;
        let scoring = EnableScoring::enabled_from_statistics_provider(&letters, self.searcher);
        Here { doc: Behind::of(self.reader)?.letter(self.doc), scoring, ..*self }.parts(query, told, why)
    }

    /// A query of the engine alone.
    fn leaf(&self, query: &dyn Engine, told: Told<'_>) -> tantivy::Result<Option<Vec<Part>>> {
        let mut scorer = query.weight(self.scoring)?.scorer(self.reader, 1.0)?;
        if scorer.doc() > self.doc || (scorer.doc() < self.doc && scorer.seek(self.doc) != self.doc) {
            return Ok(None);
        }
        let score = scorer.score() * told.times;
        Ok(Some(vec![Part { what: told.name.to_owned(), field: told.field, score }]))
    }
}

fn total(parts: &Option<Vec<Part>>) -> f32 {
    parts.iter().flatten().map(|part| part.score).sum()
}

/// What a query was read as, with how many decisions hold each part of it.
pub fn tree(translator: &Translator<'_>, query: &Query) -> Result<Node> {
    let (members, text): (Vec<&Query>, String) = match query {
        Query::And(members) => (members.iter().collect(), "all of".to_owned()),
        Query::Or(members) => (members.iter().collect(), "any of".to_owned()),
        Query::Not(inner) => (vec![inner], "not".to_owned()),
        Query::Wide { of, also } => (std::iter::once(&**of).chain(also).collect(), "any spelling of".to_owned()),
        Query::Proximity { left, right, .. } => (vec![left, right], query.narrow().to_string()),
        // Another spelling may be of several words.
        Query::Word { field, word } if word.contains(' ') => {
            (Vec::new(), Query::Phrase { field: *field, text: word.clone() }.to_string())
        }
        leaf => (Vec::new(), leaf.to_string()),
    };
    let decisions = match query {
        Query::Hint { .. } => None,
        query => Some(translator.count_decisions(query)?),
    };
    let members = members.into_iter().map(|member| tree(translator, member)).collect::<Result<_>>()?;
    Ok(Node { text, how: how(translator, query)?, decisions, members })
}

/// What a leaf looks for, and where.
fn how(translator: &Translator<'_>, leaf: &Query) -> Result<Option<String>> {
    let place = |field: &Option<&'static Field>| field.map_or("in any text".to_owned(), |f| format!("in {}", f.name));
    Ok(match leaf {
        Query::Word { field, word } => {
            let forms = Form::all_of(word);
            let beside = if forms.len() > 1 { "side by side " } else { "" };
            if forms.iter().all(|form| matches!(form, Form::Word(_))) {
                return Ok(Some(format!("{beside}as written, {}", place(field))));
            }
            let told = forms.iter().map(|form| Ok(told(&translator.vocabulary.words(scope(*field), form)?)));
            let told = told.collect::<Result<Vec<_>>>()?.join("; ");
            Some(format!("{beside}in any form: {told}; {}", place(field)))
        }
        Query::Phrase { field, .. } => Some(format!("as written, {}", place(field))),
        Query::Fuzzy { field, word, distance } => {
            let changes = if *distance == 1 { "1 letter" } else { "2 letters" };
            let words = translator.vocabulary.spelt_like(scope(*field), &word.to_lowercase(), *distance)?;
            Some(format!("spelt so but for {changes} at most: {}; {}", told(&words), place(field)))
        }
        Query::Prefix { field, prefix } if field.is_none_or(Field::is_text) && words::words(prefix).count() == 1 => {
            let words = translator.vocabulary.beginning(scope(*field), &prefix.to_lowercase())?;
            Some(format!("every word that begins so: {}; {}", told(&words), place(field)))
        }
        Query::Prefix { field, .. } if field.is_none_or(Field::is_text) => Some(place(field)),
        Query::Hint { .. } => Some("a function word, which excludes nothing".to_owned()),
        _ => None,
    })
}

/// The forms of a word that occur, the most frequent ones by themselves.
fn told(forms: &[String]) -> String {
    match forms {
        [] => "none occurs".to_owned(),
        [one] => one.clone(),
        [first @ .., last] if forms.len() <= TOLD => format!("{} or {last}", first.join(", ")),
        _ => {
            let (told, others) = forms.split_at(TOLD);
            format!("{} or {} more", told.join(", "), others.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn the_most_frequent_forms_are_told() {
        for (forms, expected) in [
            ("", "none occurs"),
            ("a", "a"),
            ("a b", "a or b"),
            ("a b c d e f", "a, b, c, d, e or f"),
            ("a b c d e f g", "a, b, c, d, e, f or 1 more"),
            ("a b c d e f g h", "a, b, c, d, e, f or 2 more"),
        ] {
            assert_eq!(told(&forms.split_whitespace().map(str::to_owned).collect::<Vec<_>>()), expected);
        }
    }
}
