//! What a query asks for, as a tree that knows no engine.
//!
//! The tree that [`parse`](super::parse) gives is simple: no `And` directly within an `And`, no `Or` within an `Or`, no member
//! twice, no double `Not`. Printed (see `print.rs`), it reads back as itself.

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
    /// Whatever begins so.
    Prefix {
        /// The field it must be in, of text or of values; any text if `None`.
        field: Option<&'static Field>,
        /// The beginning, letters and digits only (in a case number hyphens too).
        prefix: String,
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
            leaf => leaf,
        }
    }

    /// Calls `see` with this query and every one within it, the outer before the inner, from left to right.
    pub fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Query)) {
        see(self);
        match self {
            Query::And(members) | Query::Or(members) => members.iter().for_each(|m| m.visit(see)),
            Query::Not(inner) => inner.visit(see),
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
            leaf => leaf.clone(),
        }
    }

    /// The leaves that can make a decision match, from left to right: those to mark in it. Hints are among them, what is
    /// negated is not.
    pub fn positive_leaves(&self) -> Vec<&Query> {
        let mut leaves = Vec::new();
        self.gather_leaves(true, &mut leaves);
        leaves
    }

    fn gather_leaves<'a>(&'a self, wanted: bool, leaves: &mut Vec<&'a Query>) {
        match self {
            Query::And(members) | Query::Or(members) => members.iter().for_each(|m| m.gather_leaves(wanted, leaves)),
            Query::Not(inner) => inner.gather_leaves(!wanted, leaves),
            Query::Wide { of, also } => {
                of.gather_leaves(wanted, leaves);
                also.iter().for_each(|a| a.gather_leaves(wanted, leaves));
            }
            leaf if wanted => leaves.push(leaf),
            _ => {}
        }
    }

    /// The field that a leaf names.
    pub fn field(&self) -> Option<&'static Field> {
        match self {
            Query::Word { field, .. } | Query::Phrase { field, .. } | Query::Prefix { field, .. } => *field,
            Query::Value { field, .. } | Query::Range { field, .. } | Query::Known { field } => Some(field),
            Query::All | Query::Hint { .. } | Query::Wide { .. } | Query::And(_) | Query::Or(_) | Query::Not(_) => None,
        }
    }

    /// The fields that the query names, each once, in the order of their first mention.
    pub fn fields(&self) -> Vec<&'static Field> {
        let mut fields = Vec::new();
        self.visit(&mut |q| fields.extend(q.field().filter(|f| !fields.contains(f))));
        fields
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
