//! The decisions most like one, and what tells the overturned ones among them from the upheld ones, as plain data.

use super::{Hit, Outcomes, Total};
use crate::field::Field;
use crate::query::Widening;
use crate::record::Letter;

/// The decisions most like a subject.
#[derive(Debug, Clone)]
pub struct Similar {
    /// What they are like.
    pub subject: Subject,
    /// The words by which they were found, as the subject writes them, what weighs most first.
    pub terms: Vec<String>,
    /// The query that restricts what is looked at, as it was read.
    pub among: Option<String>,
    /// What its words also find, of what occurs in the index.
    pub widened: Vec<Widening>,
    /// What the user should know of its reading.
    pub notes: Vec<String>,
    /// How much the index holds.
    pub index: Total,
    /// Other decisions of the subject's letter that were left out.
    pub left_out: u64,
    /// The nearest, whose outcomes are counted.
    pub nearest: Nearest,
    /// The place of the first hit in the whole list, from 0.
    pub offset: usize,
    /// The hits asked for, the most similar first.
    pub hits: Vec<Hit>,
    /// Whether the list goes on behind them.
    pub more: bool,
    /// The overturned against the upheld, if asked for.
    pub contrast: Option<Contrast>,
}

/// The most similar decisions.
#[derive(Debug, Clone, Copy)]
pub struct Nearest {
    /// How many were asked for.
    pub asked: usize,
    /// How many there are: fewer where no more are similar enough.
    pub found: usize,
    /// Their outcomes; `None` where the restriction chooses outcomes, so that they say nothing.
    pub outcomes: Option<Outcomes>,
}

/// What decisions are compared with: a decision, or a text that is no IMR letter.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What it is known by: `CM16-0213037#1`, or where the text was read that is no letter.
    pub name: String,
    /// The key of its letter in the index, whether it is there or not.
    pub key: String,
    /// Its letter, with the one decision; with none, its text is all there is.
    pub letter: Letter,
    /// Whether the letter is none, and the decision one that nobody has made yet, on a treatment that a text asks for.
    pub requested: bool,
}

/// The nearest overturned decisions against the nearest upheld ones.
#[derive(Debug, Clone)]
pub struct Contrast {
    /// The overturned ones.
    pub overturned: Side,
    /// The upheld ones.
    pub upheld: Side,
    /// What stands in the rationales of one side more than in those of the other, what separates most first.
    pub terms: Vec<Separating>,
    /// Values of fields that one side has more than the other, what separates most first.
    pub values: Vec<Separating>,
}

impl Contrast {
    /// Fewer decisions than this on a side say nothing of what its decisions have in common.
    pub const FEWEST: u64 = 3;

    /// Whether a side has too few decisions to be compared.
    pub fn is_too_small(&self) -> bool {
        self.overturned.decisions.min(self.upheld.decisions) < Self::FEWEST
    }

    /// Whether the sides are about different treatments, which their words then tell apart.
    pub fn is_of_different_treatments(&self) -> bool {
        self.values.iter().any(|row| row.field.is_some_and(|f| f.name == "subcategory"))
    }
}

/// The nearest decisions of one outcome.
#[derive(Debug, Clone)]
pub struct Side {
    /// How many were compared.
    pub decisions: u64,
    /// The nearest of them, with the words marked that separate its side from the other.
    pub nearest: Option<Hit>,
}

/// A word, a phrase of two, or a field's value, that one side has more than the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Separating {
    /// The field whose value it is; `None` for words of the rationale.
    pub field: Option<&'static Field>,
    /// The words in their most frequent form, or the value.
    pub term: String,
    /// Overturned decisions that have it.
    pub overturned: u64,
    /// Upheld decisions that have it.
    pub upheld: u64,
    /// How far it separates, in standard errors: above 0 it is the overturned ones that have it more.
    pub z: f64,
}
