//! The canonical form of a query: how it was read, in the language itself, so that it reads back as the same tree.
//!
//! What is required is joined by `AND`, although blanks would do, because the reading must leave no doubt; a hint stands
//! between blanks, because beside an `AND` it would be required. A widened word is shown with what it also finds, which the
//! language has no form for; answers print the query as it was typed ([`Query::narrow`]), and the widenings beside it.

use std::fmt::{self, Display, Formatter};

use super::tree::{self, Query};
use super::{Gap, date, word};
use crate::field::{Field, Kind};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Query::All => f.write_str("*"),
            // Between blanks it would be an operator.
            Query::Word { field, word } if word::operator(word).is_some() => write!(f, "{}\"{word}\"", Name(*field)),
            Query::Word { field, word } => write!(f, "{}{word}", Name(*field)),
            Query::Phrase { field, text } => write!(f, "{}\"{text}\"", Name(*field)),
            Query::Prefix { field, prefix } => write!(f, "{}{prefix}*", Name(*field)),
            Query::Fuzzy { field, word, distance } => write!(f, "{}{word}~{distance}", Name(*field)),
            Query::Value { field, value } if word::is_simple(value) => write!(f, "{}:{value}", field.name),
            Query::Value { field, value } => write!(f, "{}:\"{value}\"", field.name),
            Query::Range { field, low, high } => {
                write!(f, "{}:", field.name)?;
                range(f, field, *low, *high)
            }
            Query::Known { field } => write!(f, "{}:*", field.name),
            Query::Hint { word } => f.write_str(word),
            Query::Wide { of, also } => {
                write!(f, "({}", Within(of, false))?;
                also.iter().filter_map(tree::word).try_for_each(|(field, word)| write!(f, " OR {}\"{word}\"", Name(field)))?;
                f.write_str(")")
            }
            Query::Proximity { gap, left, right } => match self.field() {
                Some(field) => write!(f, "{}:({})", field.name, self.clone().in_field(None)),
                None => write!(f, "{} {gap} {}", Side(left, Some(*gap)), Side(right, None)),
            },
            Query::And(members) => and(f, members),
            Query::Or(members) => {
                for (i, member) in members.iter().enumerate() {
                    f.write_str(if i > 0 { " OR " } else { "" })?;
                    // AND binds before OR, and a connector before both, which a reader need not know.
                    write!(f, "{}", Within(member, is_group(member)))?;
                }
                Ok(())
            }
            Query::Not(inner) => write!(f, "NOT {}", Within(inner, is_group(inner))),
        }
    }
}

fn and(f: &mut Formatter<'_>, members: &[Query]) -> fmt::Result {
    let hint = |q: &Query| matches!(q, Query::Hint { .. });
    let hints = members.iter().any(hint);
    let mut before: Option<&Query> = None;
    for member in members {
        f.write_str(match before {
            None => "",
            Some(before) if hint(before) || hint(member) => " ",
            Some(_) => " AND ",
        })?;
        // Among hints, a function word that is required would be read as one of them.
        let required = matches!(member, Query::Word { field: None, word } if hints && word::is_function(word));
        write!(f, "{}", Within(member, required || (is_group(member) && members.len() > 1)))?;
        before = Some(member);
    }
    Ok(())
}

/// Whether it is of several parts, which beside others a reader would have to tell apart.
fn is_group(query: &Query) -> bool {
    match query {
        Query::And(members) | Query::Or(members) => members.len() > 1,
        // In a field it has parentheses of its own.
        Query::Proximity { .. } => query.field().is_none(),
        _ => false,
    }
}

fn range(f: &mut Formatter<'_>, field: &Field, low: Option<i64>, high: Option<i64>) -> fmt::Result {
    let days = field.kind == Kind::Date;
    if let (true, Some(low), Some(high)) = (days, low, high)
        && let Some(whole) = date::whole(low, high)
    {
        return f.write_str(&whole);
    }
    let end = |n: i64| if days { date::iso(n) } else { n.to_string() };
    match (low, high) {
        (None, None) => f.write_str("*"),
        (Some(low), Some(high)) if low == high => f.write_str(&end(low)),
        (low, high) => write!(f, "{}..{}", low.map(end).unwrap_or_default(), high.map(end).unwrap_or_default()),
    }
}

/// The name of a field and its colon, if any.
struct Name(Option<&'static Field>);

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |field| write!(f, "{}:", field.name))
    }
}

/// A query within another, in parentheses if they are needed.
struct Within<'a>(&'a Query, bool);

impl Display for Within<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

/// A side of a connector, and the connector behind it: where that is the side's own, they are read from left to right.
struct Side<'a>(&'a Query, Option<Gap>);

impl Display for Side<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let alone = match self.0 {
            Query::Proximity { gap, .. } => self.1 == Some(*gap),
            query => !matches!(query, Query::Or(_)),
        };
        write!(f, "{}", Within(self.0, !alone))
    }
}
