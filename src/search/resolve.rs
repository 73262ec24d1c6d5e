//! What a query asks of one index: the values that its filters stand for, and the spellings that occur in it.

use super::values as known;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::field::Kind;
use crate::index::view::View;
use crate::query::Query;

/// The query with each filter's value replaced by the values of the index that it stands for.
pub fn values(view: &View, query: &Query, notes: &mut Vec<String>) -> Result<Query> {
    let mut each = |members: &[Query]| members.iter().map(|m| values(view, m, notes)).collect::<Result<Vec<_>>>();
    Ok(match query {
        Query::And(members) => Query::And(each(members)?),
        Query::Or(members) => Query::Or(each(members)?),
        Query::Not(inner) => Query::Not(Box::new(values(view, inner, notes)?)),
        Query::Value { field, value } | Query::Prefix { field: Some(field), prefix: value } if field.kind == Kind::Keyword => {
            let all = known::all(view, field)?;
            let texts = all.iter().map(String::as_str);
            let stands_for = match query {
                Query::Prefix { .. } => known::beginning(value, texts),
                _ => known::matching(field, value, texts),
            };
            let one = |value: &&str| Query::Value { field, value: (*value).to_owned() };
            let mut values: Vec<_> = stands_for.iter().map(one).collect();
            match values.len() {
                0 => {
                    notes.push(known::none(field, value, &all));
                    query.clone()
                }
                1 => values.remove(0),
                _ => Query::Or(values),
            }
        }
        other => other.clone(),
    })
}

/// The query without spellings that occur nowhere, so that the answer names only those that do something.
pub fn spellings(query: Query, vocabulary: &Vocabulary<'_>) -> Result<Query> {
    let each = |members: Vec<Query>| members.into_iter().map(|m| spellings(m, vocabulary)).collect::<Result<Vec<_>>>();
    Ok(match query {
        Query::And(members) => {
            let mut all = Vec::with_capacity(members.len());
            for member in members {
                // Words that were a term together are words of the conjunction again.
                match (matches!(member, Query::Wide { .. }), spellings(member, vocabulary)?) {
                    (true, Query::And(words)) => all.extend(words),
                    (_, member) => all.push(member),
                }
            }
            Query::And(all)
        }
        Query::Or(members) => Query::Or(each(members)?),
        Query::Not(inner) => Query::Not(Box::new(spellings(*inner, vocabulary)?)),
        Query::Proximity { gap, left, right } => {
            let (left, right) = (spellings(*left, vocabulary)?, spellings(*right, vocabulary)?);
            Query::Proximity { gap, left: Box::new(left), right: Box::new(right) }
        }
        Query::Wide { of, also } => {
            let mut kept = Vec::new();
            for spelling in also {
                if vocabulary.frequency(&spelling)? > 0 {
                    kept.push(spelling);
                }
            }
            match (kept.is_empty(), *of) {
                (false, of) => Query::Wide { of: Box::new(of), also: kept },
                (true, of) => of,
            }
        }
        other => other,
    })
}
