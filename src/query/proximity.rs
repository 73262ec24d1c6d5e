//! Two sides that a connector joins: which sides there can be, and what becomes of an `AND` in one.
//!
//! A side is whatever stands at a place of a text: words, phrases, beginnings, groups of alternatives, sides joined before. All
//! of them are of one field, which the whole then is of. What says nothing of a place is refused. `(a AND b) /s c` is written
//! out as `a /s c AND b /s c`, so that the reading shows what is asked.

use super::{Gap, MAX_WORDS, Query};

/// Why two sides cannot be joined: what was found, and what to write.
pub(super) struct Refused {
    pub found: String,
    pub suggestion: String,
}

/// The two sides joined.
pub(super) fn join(gap: Gap, left: Query, right: Query) -> Result<Query, Refused> {
    for side in [&left, &right] {
        only_places(gap, side)?;
    }
    let mut fields = left.fields();
    fields.extend(right.fields().into_iter().filter(|f| !fields.contains(f)).collect::<Vec<_>>());
    if let [one, other, ..] = fields.as_slice() {
        let found = format!("words of `{}` and of `{}` on the sides of `{gap}`", one.name, other.name);
        return Err(Refused { found, suggestion: format!("write `{}:( … {gap} … )`", one.name) });
    }
    let words = parts(&right) * left.positive_leaves().len() + parts(&left) * right.positive_leaves().len();
    if words > MAX_WORDS {
        let found = format!("groups with AND on the sides of `{gap}`, which written out are {words} words");
        return Err(Refused { found, suggestion: format!("at most {MAX_WORDS} can be asked for") });
    }
    let near = |left: Query| {
        written_out(right.clone(), &|right| Query::Proximity { gap, left: Box::new(left.clone()), right: Box::new(right) })
    };
    let joined = written_out(left, &near);
    Ok(match fields.first() {
        Some(field) => joined.in_field(Some(field)),
        None => joined,
    })
}

/// Whether all of a side stands at places of a text.
fn only_places(gap: Gap, side: &Query) -> Result<(), Refused> {
    let mut refused = None;
    side.visit(&mut |query| {
        let suggestion = match query {
            Query::Not(_) => format!("join it to the whole: `… {gap} … AND {query}`"),
            Query::All => format!("leave out `{gap} *`"),
            Query::Value { field, value } if field.name == crate::field::OUTCOME => {
                format!("for the word itself write \"{value}\"; to filter, `… {gap} … AND {query}`")
            }
            Query::Value { .. } | Query::Range { .. } | Query::Known { .. } => {
                format!("join it to the whole: `… {gap} … AND {query}`")
            }
            Query::Prefix { field: Some(field), .. } if !field.is_text() => {
                format!("join it to the whole: `… {gap} … AND {query}`")
            }
            _ => return,
        };
        let found = format!("`{query}` on a side of `{gap}`");
        refused.get_or_insert(Refused { found, suggestion });
    });
    refused.map_or(Ok(()), Err)
}

fn has_and(side: &Query) -> bool {
    match side {
        Query::And(_) => true,
        Query::Or(members) => members.iter().any(has_and),
        _ => false,
    }
}

/// How many sides without an `AND` a side is written out to.
fn parts(side: &Query) -> usize {
    match side {
        Query::And(members) => members.iter().map(parts).sum(),
        Query::Or(members) if has_and(side) => members.iter().map(parts).sum(),
        _ => 1,
    }
}

/// The side with each part of it that has no `AND` replaced. A function word, which by itself would only help the ranking, has
/// a place like any other.
fn written_out(side: Query, replace: &dyn Fn(Query) -> Query) -> Query {
    let each = |members: Vec<Query>| members.into_iter().map(|m| written_out(m, replace)).collect();
    match side {
        Query::Or(_) if !has_and(&side) => replace(side),
        Query::And(members) => Query::And(each(members)),
        Query::Or(members) => Query::Or(each(members)),
        Query::Hint { word } => replace(Query::Word { field: None, word }),
        side => replace(side),
    }
}
