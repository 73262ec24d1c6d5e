//! The list of hits: in which order they stand, and which of them a page shows.

use tantivy::Searcher;

use super::bits::Bits;
use super::hit::Hits;
use super::marks::Marker;
use super::results::Hit;
use super::scored::Boxed;
use super::scoring::Statistics;
use super::{Request, Sort, explain, ranked};
use crate::error::Result;
use crate::index::Index;

/// A part of the list of hits.
pub struct List<'a> {
    /// What finds and ranks it.
    pub engine: &'a Boxed,
    /// What it finds, in each segment.
    pub found: &'a [Bits],
    /// What to mark in it.
    pub marker: Marker,
    /// Whether it has the near matches.
    pub near: bool,
    /// Hits in the parts before.
    pub before: usize,
}

impl List<'_> {
    /// The hits of this part that the request's page shows.
    pub fn hits(&self, index: &Index, searcher: &Searcher, request: &Request) -> Result<Vec<Hit>> {
        let length = self.length();
        let first = request.offset.saturating_sub(self.before).min(length);
        let end = request.offset.saturating_add(request.limit).saturating_sub(self.before).min(length);
        if first >= end {
            return Ok(Vec::new());
        }
        let sort = if self.marker.is_empty() && request.sort == Sort::Relevance { Sort::Newest } else { request.sort };
        let statistics = Statistics::of(searcher, index.handles())?;
        let top = match sort {
            Sort::Relevance => ranked::best(searcher, &statistics, self.engine.as_ref(), self.found, end)?,
            day => ranked::by_day(searcher, day, self.found, end)?.into_iter().map(|address| (0.0, address)).collect(),
        };
        let hits = Hits { index, searcher, marker: &self.marker, passages: request.passages };
        let ranks = self.before + first + 1..;
        let why = |address| explain::why(searcher, &statistics, self.engine.as_ref(), address);
        let hit = |(rank, (score, address))| {
            let why = if request.explain { Some(why(address)?) } else { None };
            Ok(Hit { near: self.near, why, ..hits.at(address, rank, score)? })
        };
        ranks.zip(top.into_iter().skip(first)).map(hit).collect()
    }

    /// Hits in it.
    pub fn length(&self) -> usize {
        self.found.iter().map(|found| found.len() as usize).sum()
    }
}
