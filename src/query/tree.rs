//! What a query asks for, as a tree that knows no engine.
//!
//! The tree that [`parse`](super::parse) gives is simple: no `And` directly within an `And`, no `Or` within an `Or`, no member
//! twice, no double `Not`. Printed (see `print.rs`), it reads back as itself.

use super::gap::Gap;
use crate::field::Field;

/// A query as it was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Everything.
    All,
    /// A word as typed, such as `10/325mg` or `L4-5`: whatever an analyzer makes of it must stand side by side.
    Word {
        /// The text field it must be in; any if `None`.
        field: Option<&'static Field>,
        /// The word.
        word: String,
    },
    /// Words as written, in that order.
    Phrase {
        /// The text field it must be in; any if `None`.
        field: Option<&'static Field>,
        /// The words, with one blank between them.
        text: String,
    },
    /// Whatever begins so. What an analyzer makes of it must stand side by side, with the last word begun so.
    Prefix {
        /// The field it must be in, of text or of values; any text if `None`.
        field: Option<&'static Field>,
        /// The beginning, as typed.
        prefix: String,
    },
    /// A word spelt like that: so many letters are missing, too many, others, or two neighbours changed in place.
    Fuzzy {
        /// The text field it must be in; any if `None`.
        field: Option<&'static Field>,
        /// The word, letters and digits only.
        word: String,
        /// How many changes at most: 1 or 2.
        distance: u8,
    },
    /// A value of a field of [`Kind::Keyword`](crate::field::Kind) or [`Kind::Case`](crate::field::Kind); a whole case number
    /// is written `CM16-0213037` here however it was typed.
    Value {
        /// The field.
        field: &'static Field,
        /// The value, with one blank between its words.
        value: String,
    },
    /// A range of numbers, or of days as [`day_number`](crate::field::day_number)s, both ends included.
    Range {
        /// The field.
        field: &'static Field,
        /// The least.
        low: Option<i64>,
        /// The greatest.
        high: Option<i64>,
    },
    /// Everything in which that field is known.
    Known {
        /// The field.
        field: &'static Field,
    },
    /// A function word beside other words: it helps the ranking and excludes nothing.
    Hint {
        /// The word.
        word: String,
    },
    /// Words as typed, and what means the same. Only [`widen`](super::widen) makes it, after parsing.
    Wide {
        /// A `Word`, or an `And` of words and hints that are one term together.
        of: Box<Query>,
        /// A `Word` for each other spelling; in a field where it means the same only there.
        also: Vec<Query>,
    },
    /// Both, so near to each other, in one text of one field. The sides hold words, phrases, prefixes, fuzzy words, `Wide`s of
    /// one word, `Or` and `Proximity`, all of the same field or all of none.
    Proximity {
        /// How near.
        gap: Gap,
        /// One side.
        left: Box<Query>,
        /// The other.
        right: Box<Query>,
    },
    /// All of them.
    And(Vec<Query>),
    /// Any of them.
    Or(Vec<Query>),
    /// Everything but that.
    Not(Box<Query>),
}

impl Query {
    /// The same query without groups that say nothing: nested `And` and `Or` flattened, repeated members and double `Not` gone.
    pub fn simplify(self) -> Query {
        match self {
            Query::And(members) => match flat(members, |q| if let Query::And(inner) = q { Ok(inner) } else { Err(q) }) {
                Ok(only) => only,
                Err(members) => Query::And(members),
            },
            Query::Or(members) => match flat(members, |q| if let Query::Or(inner) = q { Ok(inner) } else { Err(q) }) {
                Ok(only) => only,
                Err(members) => Query::Or(members),
            },
            Query::Not(inner) => match inner.simplify() {
                Query::Not(twice) => *twice,
                inner => Query::Not(Box::new(inner)),
            },
            Query::Proximity { gap, left, right } => {
                Query::Proximity { gap, left: Box::new(left.simplify()), right: Box::new(right.simplify()) }
            }
            leaf => leaf,
        }
    }

    /// Calls `see` with this query and every one within it, the outer before the inner, from left to right.
    pub fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Query)) {
        see(self);
        match self {
            Query::And(members) | Query::Or(members) => members.iter().for_each(|m| m.visit(see)),
            Query::Not(inner) => inner.visit(see),
            Query::Proximity { left, right, .. } => {
                left.visit(see);
                right.visit(see);
            }
            Query::Wide { of, also } => {
                of.visit(see);
                also.iter().for_each(|a| a.visit(see));
            }
            _ => {}
        }
    }

    /// The query as it was before it was widened.
    pub fn narrow(&self) -> Query {
        let each = |members: &[Query]| members.iter().map(Query::narrow).collect();
        match self {
            Query::And(members) => Query::And(each(members)).simplify(),
            Query::Or(members) => Query::Or(each(members)).simplify(),
            Query::Not(inner) => Query::Not(Box::new(inner.narrow())).simplify(),
            Query::Wide { of, .. } => of.narrow(),
            Query::Proximity { gap, left, right } => {
                Query::Proximity { gap: *gap, left: Box::new(left.narrow()), right: Box::new(right.narrow()) }
            }
            leaf => leaf.clone(),
        }
    }

    /// The leaves that can make a decision match, from left to right. Hints are among them, what is negated is not.
    pub fn positive_leaves(&self) -> Vec<&Query> {
        self.positive_parts().into_iter().flat_map(Query::leaves).collect()
    }

    /// What can make a decision match, from left to right: those to mark in it. As [`Query::positive_leaves`], but words that
    /// must be near to each other are one.
    pub fn positive_parts(&self) -> Vec<&Query> {
        let mut parts = Vec::new();
        self.gather_parts(true, &mut parts);
        parts
    }

    fn gather_parts<'a>(&'a self, wanted: bool, parts: &mut Vec<&'a Query>) {
        match self {
            Query::And(members) | Query::Or(members) => members.iter().for_each(|m| m.gather_parts(wanted, parts)),
            Query::Not(inner) => inner.gather_parts(!wanted, parts),
            Query::Wide { of, also } => {
                of.gather_parts(wanted, parts);
                also.iter().for_each(|a| a.gather_parts(wanted, parts));
            }
            part if wanted => parts.push(part),
            _ => {}
        }
    }

    /// The leaves of a part, which nothing negates.
    fn leaves(&self) -> Vec<&Query> {
        match self {
            Query::Proximity { left, right, .. } => [left.positive_leaves(), right.positive_leaves()].concat(),
            leaf => vec![leaf],
        }
    }

    /// The field that a leaf names, or all the words that must be near to each other.
    pub fn field(&self) -> Option<&'static Field> {
        match self {
            Query::Word { field, .. } | Query::Phrase { field, .. } | Query::Prefix { field, .. } => *field,
            Query::Fuzzy { field, .. } => *field,
            Query::Value { field, .. } | Query::Range { field, .. } | Query::Known { field } => Some(field),
            Query::Proximity { left, .. } => left.positive_leaves().first().and_then(|leaf| leaf.field()),
            Query::All | Query::Hint { .. } | Query::Wide { .. } | Query::And(_) | Query::Or(_) | Query::Not(_) => None,
        }
    }

    /// The fields that the query names, each once, in the order of their first mention.
    pub fn fields(&self) -> Vec<&'static Field> {
        let mut fields = Vec::new();
        self.visit(&mut |q| fields.extend(q.field().filter(|f| !fields.contains(f))));
        fields
    }

    /// The query with all its words in that field, or in none.
    pub(super) fn in_field(mut self, to: Option<&'static Field>) -> Query {
        match &mut self {
            Query::Word { field, .. }
            | Query::Phrase { field, .. }
            | Query::Prefix { field, .. }
            | Query::Fuzzy { field, .. } => *field = to,
            Query::And(members) | Query::Or(members) => set_each(members.iter_mut(), to),
            Query::Not(inner) => set_each([&mut **inner], to),
            Query::Wide { of, also } => set_each(also.iter_mut().chain([&mut **of]), to),
            Query::Proximity { left, right, .. } => set_each([&mut **left, &mut **right], to),
            Query::All | Query::Value { .. } | Query::Range { .. } | Query::Known { .. } | Query::Hint { .. } => {}
        }
        self
    }

    /// How many groups it is within each other at most, as printed.
    pub(super) fn depth(&self) -> usize {
        let most = |members: &[Query]| 1 + members.iter().map(Query::depth).max().unwrap_or(0);
        match self {
            Query::And(members) | Query::Or(members) => most(members),
            Query::Proximity { left, right, .. } => 1 + left.depth().max(right.depth()),
            Query::Not(inner) => inner.depth(),
            _ => 0,
        }
    }

    /// Whether it asks for something rather than only excluding: what hints can stand beside. Simplifying never changes it,
    /// so a printed tree keeps its hints when it is read back.
    pub(super) fn asks(&self) -> bool {
        match self {
            Query::All | Query::Hint { .. } => false,
            Query::And(members) | Query::Or(members) => members.iter().any(Query::asks),
            Query::Not(inner) => matches!(&**inner, Query::Not(twice) if twice.asks()),
            _ => true,
        }
    }
}

fn set_each<'a>(queries: impl IntoIterator<Item = &'a mut Query>, to: Option<&'static Field>) {
    for query in queries {
        *query = std::mem::replace(query, Query::All).in_field(to);
    }
}

/// The field and the text of a word.
pub(super) fn word(query: &Query) -> Option<(Option<&'static Field>, &str)> {
    match query {
        Query::Word { field, word } => Some((*field, word)),
        _ => None,
    }
}

/// The text of a word, required or not.
pub(super) fn word_or_hint(query: &Query) -> Option<&str> {
    match query {
        Query::Word { word, .. } | Query::Hint { word } => Some(word),
        _ => None,
    }
}

/// The members simplified, those of the same kind opened, each once; the only one if no other is left.
fn flat(members: Vec<Query>, open: impl Fn(Query) -> Result<Vec<Query>, Query>) -> Result<Query, Vec<Query>> {
    let mut all: Vec<Query> = Vec::with_capacity(members.len());
    for member in members {
        let inner = open(member.simplify()).unwrap_or_else(|other| vec![other]);
        for query in inner {
            if !all.contains(&query) {
                all.push(query);
            }
        }
    }
    if all.len() == 1 { all.pop().ok_or(all) } else { Err(all) }
}
