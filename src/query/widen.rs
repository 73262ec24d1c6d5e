//! Widens a query by what means the same: abbreviations, brands and generics, other spellings.
//!
//! Only words are widened, in no field or in one of words: a phrase is as written, and so is what is excluded, because whoever
//! writes `-norco` would otherwise lose decisions that he never named. What the query asks for itself is not added to another
//! word of it: `norco hydrocodone` asks for both.

use super::widenings::{Entries, Way, normal, within};
use super::{Query, tree, word};
use crate::field::Field;

/// What a word of the query also finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Widening {
    /// The word, or the words that are an entry together, as typed.
    pub word: String,
    /// What it also finds: words that must stand side by side.
    pub also: Vec<String>,
    /// The only fields in which that holds, if it does not hold wherever the word is looked for.
    pub fields: Vec<&'static Field>,
}

/// The query with each word that the table knows made a [`Query::Wide`].
pub fn widen(query: Query) -> Query {
    let mut asked = Vec::new();
    query.visit(&mut |q| match q {
        Query::Word { word: text, .. } | Query::Phrase { text, .. } | Query::Hint { word: text } => asked.push(normal(text)),
        _ => {}
    });
    within_query(query, &asked.join(" "))
}

/// What each widened word of the query also finds, from left to right.
pub fn widenings(query: &Query) -> Vec<Widening> {
    let mut all: Vec<Widening> = Vec::new();
    query.visit(&mut |q| {
        let Query::Wide { of, also } = q else { return };
        let scope = of.positive_leaves().first().and_then(|leaf| leaf.field());
        let mut ways: Vec<Widening> = Vec::new();
        for (field, text) in also.iter().filter_map(tree::word) {
            let narrower = field.filter(|f| Some(*f) != scope);
            match ways.iter_mut().find(|way| way.also.iter().any(|also| also == text)) {
                Some(way) => way.fields.extend(narrower),
                None => ways.push(Widening {
                    word: typed(of, scope),
                    also: vec![text.to_owned()],
                    fields: narrower.into_iter().collect(),
                }),
            }
        }
        for way in ways {
            match all.iter_mut().find(|w| w.word == way.word && w.fields == way.fields) {
                Some(same) => same.also.extend(way.also.into_iter().filter(|a| !same.also.contains(a)).collect::<Vec<_>>()),
                None => all.push(way),
            }
        }
    });
    all
}

/// Words that are a term, as typed: `item:(physical therapy)`.
fn typed(of: &Query, scope: Option<&'static Field>) -> String {
    let words: Vec<_> = of.positive_leaves().into_iter().filter_map(tree::word_or_hint).collect();
    let words = words.join(" ");
    match scope {
        None => words,
        Some(field) if words.contains(' ') => format!("{}:({words})", field.name),
        Some(field) => format!("{}:{words}", field.name),
    }
}

fn within_query(query: Query, asked: &str) -> Query {
    match query {
        Query::And(members) => Query::And(runs(members, asked)),
        Query::Or(members) => Query::Or(members.into_iter().map(|m| within_query(m, asked)).collect()),
        Query::Proximity { gap, left, right } => {
            let side = |side: Query| Box::new(within_query(side, asked));
            Query::Proximity { gap, left: side(*left), right: side(*right) }
        }
        word @ Query::Word { .. } => match entry(std::slice::from_ref(&word), asked) {
            Some((_, also)) => Query::Wide { of: Box::new(word), also },
            None => word,
        },
        other => other,
    }
}

/// The members of a conjunction; those that are an entry together become one.
fn runs(members: Vec<Query>, asked: &str) -> Vec<Query> {
    let mut wide = Vec::with_capacity(members.len());
    let mut rest = members.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        rest = match entry(rest, asked) {
            Some((1, also)) => {
                wide.push(Query::Wide { of: Box::new(first.clone()), also });
                behind
            }
            Some((count, also)) => {
                let (run, behind) = rest.split_at(count);
                wide.push(Query::Wide { of: Box::new(Query::And(run.to_vec())), also });
                behind
            }
            None => {
                wide.push(within_query(first.clone(), asked));
                behind
            }
        };
    }
    wide
}

/// How many members from the first on are an entry of the table, the most there are, and what they also find.
fn entry(members: &[Query], asked: &str) -> Option<(usize, Vec<Query>)> {
    let (scope, entries) = match members.first()? {
        Query::Word { field, word } => (*field, Entries::beginning(word)),
        Query::Hint { word } => (None, Entries::beginning(word)),
        _ => return None,
    };
    let (mut typed, mut found) = (String::new(), None);
    for (at, member) in members.iter().enumerate().take(entries.longest()) {
        let (word, ends) = match member {
            // Meant as a saved query: it names no treatment.
            Query::Word { word, .. } if word::is_reference(word) => break,
            Query::Word { field, word } if *field == scope => (word, true),
            Query::Hint { word } if scope.is_none() => (word, false),
            _ => break,
        };
        typed.push_str(if at > 0 { " " } else { "" });
        typed.push_str(word);
        // Of `10%` and `#10` the sign says that the number is no word.
        let signed = at == 0 && is_signed_number(word);
        if ends
            && !signed
            && let Some(ways) = entries.find(&typed)
        {
            let also = alternatives(ways, scope, &normal(&typed), asked);
            found = (!also.is_empty()).then_some((at + 1, also)).or(found);
        }
    }
    found
}

/// Whether it is a number with a sign of its own.
fn is_signed_number(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
        && !word.chars().any(char::is_alphabetic)
        && !word.chars().all(char::is_alphanumeric)
}

/// The other spellings that hold in `scope`, but for those that the query asks for beside `run`.
fn alternatives(ways: &[Way], scope: Option<&'static Field>, run: &str, asked: &str) -> Vec<Query> {
    let mut also = Vec::new();
    // In no field a spelling has the meaning that the table names first.
    for way in ways.iter().take(if scope.is_none() { 1 } else { ways.len() }) {
        let fields: Vec<Option<&'static Field>> = match scope {
            None if way.fields.is_empty() => vec![None],
            None => way.fields.iter().copied().map(Some).collect(),
            Some(field) if way.fields.is_empty() || way.fields.contains(&field) => vec![scope],
            Some(_) => Vec::new(),
        };
        for word in &way.also {
            let form = normal(word);
            if form != run && (within(&form, run) || !within(&form, asked)) {
                also.extend(fields.iter().map(|field| Query::Word { field: *field, word: word.clone() }));
            }
        }
    }
    also
}
