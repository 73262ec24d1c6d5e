//! Words near to each other: which of the places where they stand satisfy a connector.
//!
//! A [`Span`] is the stretch of words from the first to the last of those that satisfy a query together; of a word it is the
//! word, of a connector the stretch over both its sides. Two sides are so many words apart as there are words between their
//! stretches, and one; where one side stands within the other (`a /9 b` around `c`), they are not apart at all. No word stands
//! on both sides: `therapy /5 therapy` asks for two. In order, the right side begins behind the end of the left one.
//! Nothing reaches from one text into another, and a stretch in one sentence has no end of a sentence within it.
//!
//! All pairs count, not only the closest: in `(a /9 b) /2 c` a `b` farther away may be the one that is near to `c`. Since a
//! stretch is known by its two ends, there are never more of them than pairs of places. Which words it stands on matters only
//! where two words of the query can be the same word of the text, so only these are kept with it. Two things bound the work:
//! where nothing around asks for a number of words, a stretch within which there is another says nothing more and is dropped;
//! and of one connector in one text `PAIRS` pairs are looked at, which takes five hundred of each of two words.
//!
//! The engine ([`engine`]) takes places from the postings, [`super::marks`] from the text; what follows is one for both.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::pattern::Pattern;
use crate::field::Field;
use crate::query::{Gap, Query, Reach};

pub mod engine;
mod postings;
#[cfg(test)]
mod tests;

/// Pairs of spans that are looked at for one connector in one document.
const PAIRS: usize = 1 << 18;

/// Where a pattern stands: the first and the last word, counted from the beginning of the field.
pub type At = (u32, u32);

/// What a query asks of the places in one field.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    /// How the patterns are joined.
    pub shape: Shape,
    /// The patterns, as the shape numbers them.
    pub patterns: Vec<Pattern>,
}

/// How patterns are joined.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A pattern by itself.
    Leaf(usize),
    /// Any of them.
    Any(Vec<Shape>),
    /// Both, so near to each other.
    Proximity(Gap, Box<(Shape, Shape)>),
}

/// Where texts and sentences end: their last words, in order.
#[derive(Debug, Clone, Default)]
pub struct Ends {
    /// Of the texts of the field.
    pub texts: Vec<u32>,
    /// Of the sentences. The end of a text is one too.
    pub sentences: Vec<u32>,
}

/// A stretch of words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first word.
    pub first: u32,
    /// The last word.
    pub last: u32,
    /// The words it stands on, of those on which several patterns stand.
    shared: Vec<u32>,
}

/// A document or text: where the patterns stand in it.
struct Places<'a> {
    leaves: &'a [Vec<At>],
    ends: &'a Ends,
    /// Words on which more than one pattern stands, in order.
    shared: Vec<u32>,
}

impl Default for Shape {
    fn default() -> Self {
        Shape::Any(Vec::new())
    }
}

impl Spans {
    /// A pattern by itself.
    pub fn one(pattern: Pattern) -> Spans {
        Spans { shape: Shape::Leaf(0), patterns: vec![pattern] }
    }

    /// What a query of words and connectors asks in `field`.
    pub fn of(query: &Query, field: &Field) -> Spans {
        let mut patterns = Vec::new();
        let shape = Shape::of(query, field, &mut patterns);
        Spans { shape, patterns }
    }
}

impl Shape {
    fn of(query: &Query, field: &Field, patterns: &mut Vec<Pattern>) -> Shape {
        let here = |q: &&Query| q.field().is_none_or(|f| f == field);
        match query {
            Query::Proximity { gap, left, right } => {
                let left = Shape::of(left, field, patterns);
                Shape::Proximity(*gap, Box::new((left, Shape::of(right, field, patterns))))
            }
            Query::Or(members) => Shape::Any(members.iter().map(|m| Shape::of(m, field, patterns)).collect()),
            Query::Wide { of, also } => {
                let forms = std::iter::once(&**of).chain(also).filter(here);
                Shape::Any(forms.map(|form| Shape::of(form, field, patterns)).collect())
            }
            leaf => match Pattern::of(leaf) {
                Some(pattern) => {
                    patterns.push(pattern);
                    Shape::Leaf(patterns.len() - 1)
                }
                None => Shape::default(),
            },
        }
    }

    /// Whether where sentences end decides anything.
    pub fn needs_sentences(&self) -> bool {
        match self {
            Shape::Leaf(_) => false,
            Shape::Any(members) => members.iter().any(Shape::needs_sentences),
            Shape::Proximity(gap, sides) => {
                gap.reach == Reach::Sentence || sides.0.needs_sentences() || sides.1.needs_sentences()
            }
        }
    }

    /// The stretches that satisfy it and have no other within them.
    pub fn smallest(&self, leaves: &[Vec<At>], ends: &Ends) -> Vec<Span> {
        let shared = if let Shape::Leaf(_) = self { Vec::new() } else { shared(leaves) };
        self.spans(&Places { leaves, ends, shared }, true)
    }

    /// For each pattern, where it stands as a part of what satisfies the whole.
    pub fn involved(&self, leaves: &[Vec<At>], ends: &Ends) -> Vec<Vec<At>> {
        let places = Places { leaves, ends, shared: shared(leaves) };
        let mut involved = vec![Vec::new(); leaves.len()];
        self.involve(&places, &self.spans(&places, false), &mut involved);
        involved
    }

    fn spans(&self, places: &Places<'_>, smallest: bool) -> Vec<Span> {
        match self {
            Shape::Leaf(leaf) => places.leaf(*leaf),
            Shape::Any(members) => {
                let mut spans: Vec<_> = members.iter().flat_map(|m| m.spans(places, smallest)).collect();
                spans.sort_unstable();
                spans.dedup();
                spans
            }
            Shape::Proximity(gap, sides) => {
                let smallest_sides = smallest && !matches!(gap.reach, Reach::Words(_));
                let (left, right) = (sides.0.spans(places, smallest_sides), sides.1.spans(places, smallest_sides));
                let mut spans: Vec<_> = pairs(*gap, &left, &right, places.ends).map(|(l, r)| l.with(r)).collect();
                if smallest && places.shared.is_empty() {
                    return without_outer(spans);
                }
                spans.sort_unstable();
                spans.dedup();
                spans
            }
        }
    }

    /// Puts into `involved` where the patterns stand that make up the `wanted` spans, which are in order.
    fn involve(&self, places: &Places<'_>, wanted: &[Span], involved: &mut [Vec<At>]) {
        let is_wanted = |span: &Span| wanted.binary_search(span).is_ok();
        match self {
            Shape::Leaf(leaf) => {
                if let Some(leaf) = involved.get_mut(*leaf) {
                    leaf.extend(wanted.iter().map(|span| (span.first, span.last)));
                }
            }
            Shape::Any(members) => {
                for member in members {
                    let spans: Vec<_> = member.spans(places, false).into_iter().filter(is_wanted).collect();
                    member.involve(places, &spans, involved);
                }
            }
            Shape::Proximity(gap, sides) => {
                let (left, right) = (sides.0.spans(places, false), sides.1.spans(places, false));
                let (mut lefts, mut rights) = (BTreeSet::new(), BTreeSet::new());
                for (l, r) in pairs(*gap, &left, &right, places.ends).filter(|(l, r)| is_wanted(&l.with(r))) {
                    lefts.insert(l.clone());
                    rights.insert(r.clone());
                }
                sides.0.involve(places, &Vec::from_iter(lefts), involved);
                sides.1.involve(places, &Vec::from_iter(rights), involved);
            }
        }
    }
}

impl Places<'_> {
    fn leaf(&self, leaf: usize) -> Vec<Span> {
        let span = |&(first, last): &At| {
            let from = self.shared.partition_point(|word| *word < first);
            let shared = self.shared.iter().skip(from).take_while(|word| **word <= last).copied().collect();
            Span { first, last, shared }
        };
        self.leaves.get(leaf).into_iter().flatten().map(span).collect()
    }
}

impl Span {
    /// The stretch over both.
    fn with(&self, other: &Span) -> Span {
        let mut shared = [self.shared.as_slice(), &other.shared].concat();
        shared.sort_unstable();
        Span { first: self.first.min(other.first), last: self.last.max(other.last), shared }
    }

    fn stands_on_none_of(&self, other: &Span) -> bool {
        !self.shared.iter().any(|word| other.shared.binary_search(word).is_ok())
    }

    /// Words between, and one; 0 where one is within the other or they cross.
    fn distance(&self, other: &Span) -> u32 {
        other.first.saturating_sub(self.last).max(self.first.saturating_sub(other.last))
    }
}

impl Ends {
    /// The first and last word of the text or sentence in which a span stands; `None` if it reaches beyond.
    fn around(&self, reach: Reach, span: &Span) -> Option<At> {
        let ends = if reach == Reach::Sentence { &self.sentences } else { &self.texts };
        let next = ends.partition_point(|end| *end < span.first);
        let last = ends.get(next).copied().unwrap_or(u32::MAX);
        let first = next.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| end + 1);
        (span.last <= last).then_some((first, last))
    }
}

/// The pairs of spans, each of one side, that stand so near to each other. Both sides are in order.
fn pairs<'a>(gap: Gap, left: &'a [Span], right: &'a [Span], ends: &'a Ends) -> impl Iterator<Item = (&'a Span, &'a Span)> {
    let widest = right.iter().map(|r| r.last - r.first).max().unwrap_or(0);
    let most = if let Reach::Words(words) = gap.reach { u32::from(words) } else { u32::MAX };
    let near = left.iter().flat_map(move |l| {
        let (first, last) = ends.around(gap.reach, l).unwrap_or((u32::MAX, 0));
        let from = first.max(l.first.saturating_sub(most).saturating_sub(widest));
        let to = last.min(l.last.saturating_add(most));
        let candidates = right.partition_point(|r| r.first < from)..right.partition_point(|r| r.first <= to);
        let candidates = right.get(candidates).unwrap_or_default();
        candidates.iter().filter(move |r| r.last <= last && (l.last < r.first || !gap.ordered)).map(move |r| (l, r))
    });
    near.take(PAIRS).filter(move |(l, r)| l.distance(r) <= most && l.stands_on_none_of(r))
}

/// The spans that have no other within them, in order.
fn without_outer(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| (Reverse(span.first), span.last));
    let mut earliest = u32::MAX;
    spans.retain(|span| {
        let before = earliest;
        earliest = earliest.min(span.last);
        span.last < before
    });
    spans.reverse();
    spans
}

/// The words on which more than one pattern stands, in order.
fn shared(leaves: &[Vec<At>]) -> Vec<u32> {
    let mut words: Vec<(u32, usize)> = Vec::new();
    for (leaf, places) in leaves.iter().enumerate() {
        words.extend(places.iter().flat_map(|(first, last)| *first..=*last).map(|word| (word, leaf)));
    }
    words.sort_unstable();
    words.dedup();
    let mut shared: Vec<_> = words.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0).collect();
    shared.dedup();
    shared
}
