//! What a search answers, as plain data: every renderer reads this and nothing else.

use std::ops::Range;

use jiff::Zoned;

use crate::field::Field;
use crate::query::Widening;
use crate::record::{Letter, Outcome};

mod facet;
pub mod similar;

pub use facet::{Arrangement, Cross, Facet, Few, Filter, Order, Tally};

/// The answer to a query.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The query as typed.
    pub query: String,
    /// The query as it was read, in canonical form, with the values that its filters stand for.
    pub read_as: String,
    /// What its words also find, of what occurs in the index.
    pub widened: Vec<Widening>,
    /// The query part by part, where that was asked for.
    pub tree: Option<Node>,
    /// What the user should know of the reading: filters that match no value, words that occur nowhere.
    pub notes: Vec<String>,
    /// How much the index holds.
    pub index: Total,
    /// Where only what is new was asked: since when. All numbers below are then of the new decisions alone.
    pub new_since: Option<Zoned>,
    /// The greatest generation of the index that the answer saw ([`crate::index::generation`]).
    pub seen: u64,
    /// How much matches.
    pub total: Total,
    /// Near matches behind them in the list: in no count, no rate and no facet. `None` where they were not looked for, since the
    /// page ends before them.
    pub near: Option<u64>,
    /// What is related to its words, by which near matches alone are found, of what occurs in the index.
    pub related: Vec<Widening>,
    /// The matching decisions by outcome.
    pub outcomes: Outcomes,
    /// Of a query of plain words, those that have all of them in the item, where these are fewer: the others only mention them.
    pub in_item: Option<InItem>,
    /// Where the query filters by outcome, that filter: every rate but that of `any_outcome` repeats it.
    pub outcome_filter: Option<Filter>,
    /// What the query finds without it, since only there a rate says something.
    pub any_outcome: Option<Outcomes>,
    /// The facets asked for, in the order asked for; behind one that the query filters by, the facet that divides it further.
    pub facets: Vec<Facet>,
    /// The cross table asked for.
    pub cross: Option<Cross>,
    /// The place of the first hit in the whole list, from 0.
    pub offset: usize,
    /// Passages of a hit that were asked for.
    pub passages: usize,
    /// The hits asked for.
    pub hits: Vec<Hit>,
}

impl Answer {
    /// Sorts the values of the facets and of the cross table, and leaves out those with too few decisions.
    pub fn arrange(&mut self, arrangement: Arrangement) {
        self.facets.iter_mut().for_each(|facet| facet.arrange(arrangement));
        self.cross.iter_mut().for_each(|cross| cross.arrange(arrangement));
    }
}

/// The decisions that have a query's words in the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InItem {
    /// The query that finds them.
    pub read_as: String,
    /// How many they are.
    pub tally: Tally,
}

/// A number of decisions and of the letters they are in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Total {
    /// Decisions.
    pub decisions: u64,
    /// Letters, with those in which no decision could be read.
    pub letters: u64,
    /// Letters in which no decision could be read: found by their text, and in no count of decisions.
    pub unread: u64,
}

/// Decisions by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Denials that stand.
    pub upheld: u64,
    /// Treatments that must be given.
    pub overturned: u64,
    /// Denials that stand in part.
    pub modified: u64,
    /// Decisions whose letter prints no outcome.
    pub unknown: u64,
}

impl Outcomes {
    /// One more decision of that outcome.
    pub fn add(&mut self, outcome: Option<Outcome>) {
        *match outcome {
            Some(Outcome::Upheld) => &mut self.upheld,
            Some(Outcome::Overturned) => &mut self.overturned,
            Some(Outcome::Modified) => &mut self.modified,
            None => &mut self.unknown,
        } += 1;
    }

    /// These and those.
    pub fn merge(&mut self, other: Outcomes) {
        self.upheld += other.upheld;
        self.overturned += other.overturned;
        self.modified += other.modified;
        self.unknown += other.unknown;
    }

    /// All decisions and the overturned ones.
    pub fn tally(&self) -> Tally {
        Tally { decisions: self.upheld + self.overturned + self.modified + self.unknown, overturned: self.overturned }
    }
}

/// What an index holds.
#[derive(Debug, Clone, Default)]
pub struct Stats {
    /// Sources that are in the index.
    pub sources: u64,
    /// Those among them that hold a letter which another source holds too.
    pub copies: u64,
    /// Decisions and letters.
    pub total: Total,
    /// The decisions by outcome.
    pub outcomes: Outcomes,
    /// Decisions by year, in order, and by category.
    pub facets: Vec<Facet>,
    /// Letters by layout, the most frequent first.
    pub layouts: Vec<(String, u64)>,
    /// How full each field of the table is.
    pub fields: Vec<Filled>,
    /// What was doubtful, the most frequent first.
    pub warnings: Vec<Noted>,
}

/// How full a field is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Filled {
    /// The field.
    pub field: &'static Field,
    /// Decisions of which it is known.
    pub decisions: u64,
    /// Letters of which it is known, for at least one decision.
    pub letters: u64,
}

/// How often a warning occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The warning, with `N` for its numbers.
    pub warning: String,
    /// Letters that have it.
    pub letters: u64,
    /// How often they have it, since a letter may have it for several of its decisions.
    pub times: u64,
}

/// A decision, or a letter in which none could be read, that matches.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Its place in the whole list, from 1.
    pub rank: usize,
    /// What `imr show` takes: `CM16-0213037#1`.
    pub id: String,
    /// Its place in the letter, from 1; 0 for a letter in which no decision could be read.
    pub number: u64,
    /// Whether it holds only part of the words.
    pub near: bool,
    /// Why it matches, where that was asked for.
    pub why: Option<Why>,
    /// The letter's short fields and the one decision.
    pub letter: Letter,
    /// How well it matches; comparable within one answer only, 0 where the order is by date.
    pub score: f32,
    /// The matches in the item, as byte ranges.
    pub item_marks: Vec<Range<usize>>,
    /// The passages that show why it matches, in the order of the fields and of their texts; never none where one was asked
    /// for and the decision has any text.
    pub snippets: Vec<Snippet>,
}

/// A part of a query as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The part, or what it says of its members.
    pub text: String,
    /// Of words: what is looked for, and in which fields.
    pub how: Option<String>,
    /// The decisions that hold it; `None` of what decides nothing.
    pub decisions: Option<u64>,
    /// What it is made of.
    pub members: Vec<Node>,
}

/// Why a decision matched: what its score is made of, the greatest part first. The parts add up to the score by relevance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Why {
    /// What scored.
    pub parts: Vec<Part>,
    /// Of a near match: the words that it does not hold.
    pub missing: Vec<String>,
}

/// What a word, or words together, add to a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The words.
    pub what: String,
    /// The field they stand in, if they stand in one.
    pub field: Option<&'static Field>,
    /// What they add.
    pub score: f32,
}

/// A passage with its matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The name of the field it is from.
    pub field: &'static str,
    /// Whole sentences, or whole words and `…` where a sentence was cut.
    pub text: String,
    /// The matches, as byte ranges of `text`.
    pub marks: Vec<Range<usize>>,
}
