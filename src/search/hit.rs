//! A hit: what the index stores of a decision, and the passages that show why it matched.
//!
//! The passages come from the reasons and the guidelines; from the letter's summary too where these and the item do
//! not show all that was asked. Where the item shows it all, or only filters were asked, the verdict is shown.

use std::collections::BTreeSet;

use rayon::prelude::*;
use tantivy::DocAddress;

use super::marks::Marker;
use super::passage::{self, Marked};
use super::results::{Hit, Snippet};
use super::{lookup, verdict};
use crate::error::Result;
use crate::field::{self, Unit};
use crate::index::Index;
use crate::index::view::View;
use crate::record::Letter;

/// Fetches hits of one query.
pub struct Hits<'a> {
    /// Where the letters are.
    pub index: &'a Index,
    /// The view in which the hits were found.
    pub view: &'a View,
    /// What to mark.
    pub marker: &'a Marker,
    /// Passages a hit, at most.
    pub passages: usize,
}

impl Hits<'_> {
    /// Those at some places of the list, with their scores, of which the first has that rank; fetched on all cores.
    pub fn all(&self, places: &[(f32, DocAddress)], first: usize) -> Result<Vec<Hit>> {
        let places = places.par_iter().enumerate();
        places.map(|(at, (score, address))| self.at(*address, first + at, *score)).collect()
    }

    /// The hit at an address.
    pub fn at(&self, address: DocAddress, rank: usize, score: f32) -> Result<Hit> {
        let found = lookup::at(self.index, self.view, address)?;
        let (number, id) = (found.number, lookup::id(&found.key, found.number));
        let letter = found.alone();
        let item = letter.decisions.first().map(|d| d.item.as_str()).unwrap_or_default();
        let marks = field::find("item").map(|field| self.marker.find(field, item)).unwrap_or_default();
        let seen = marks.iter().map(|(_, target)| *target).collect();
        let item_marks = super::marks::merged(item, marks.into_iter().map(|(mark, _)| mark));
        let snippets = self.snippets(&letter, &seen);
        let letter = Letter { summary: None, text: None, warnings: Vec::new(), ..letter };
        Ok(Hit { rank, id, number, near: false, why: None, score, item_marks, snippets, letter })
    }

    fn snippets(&self, letter: &Letter, seen: &BTreeSet<usize>) -> Vec<Snippet> {
        if self.passages == 0 {
            return Vec::new();
        }
        let decision = letter.decisions.first();
        let unit = Unit { letter, decision };
        let mut marked = self.marked(unit, &["rationale", "guideline"]);
        let shown = |target: &usize| seen.contains(target) || marked.iter().any(|text| text.marks.iter().any(|m| m.1 == *target));
        if decision.is_none() || !(0..self.marker.asked()).all(|target| shown(&target)) {
            marked.extend(self.marked(unit, &["summary", "text"]));
        }
        let passages = passage::passages(&marked, seen, self.passages);
        if passages.is_empty() { said(unit, &marked).into_iter().collect() } else { passages }
    }

    /// The texts of the fields with their marks; once what both sides cite.
    fn marked(&self, unit: Unit<'_>, fields: &[&str]) -> Vec<Marked> {
        let fields = fields.iter().filter_map(|name| field::find(name));
        let mut texts: Vec<_> = fields.flat_map(|f| f.texts(unit).map(move |text| (f, text.into_owned()))).collect();
        texts.dedup();
        texts.into_iter().map(|(field, text)| Marked { marks: self.marker.find(field, &text), field, text }).collect()
    }
}

/// What a decision says in the end, or how the text of a letter begins in which none could be read.
fn said(unit: Unit<'_>, looked_at: &[Marked]) -> Option<Snippet> {
    let whole = looked_at.iter().find(|text| text.field.name == "text");
    if let (None, Some(Marked { field, text, .. })) = (unit.decision, whole) {
        return Some(passage::around(field, text, verdict::stated(text).unwrap_or(0..0)));
    }
    let mut reasons = ["rationale", "item"].into_iter().filter_map(field::find);
    let (field, text) = reasons.find_map(|field| Some((field, field.texts(unit).next()?)))?;
    Some(passage::around(field, &text, verdict::words(&text).unwrap_or(0..0)))
}
