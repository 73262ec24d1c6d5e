//! The list of hits: in which order they stand, and which of them a page shows.

use tantivy::{DocAddress, Searcher};

use super::bits::Bits;
use super::hit::Hits;
use super::lookup::Units;
use super::marks::Marker;
use super::results::Hit;
use super::scored::Boxed;
use super::scoring::Statistics;
use super::{Request, Sort, explain, ranked};
use crate::error::{Error, Result};
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

/// A hit that is listed: what it is called is known at once, what it says is fetched where it is asked for.
pub struct Listed<'a> {
    list: &'a List<'a>,
    searcher: &'a Searcher,
    hits: Hits<'a>,
    statistics: &'a Statistics<'a>,
    address: DocAddress,
    rank: usize,
    score: f32,
    explain: bool,
}

impl Listed<'_> {
    /// What `imr show` takes.
    pub fn id(&self) -> Result<String> {
        self.hits.units.id(self.address)
    }

    /// The hit.
    pub fn hit(&self) -> Result<Hit> {
        let why = || explain::why(self.searcher, self.statistics, self.list.engine.as_ref(), self.address);
        let why = if self.explain { Some(why()?) } else { None };
        Ok(Hit { near: self.list.near, why, ..self.hits.at(self.address, self.rank, self.score)? })
    }
}

impl List<'_> {
    /// Gives the hits of this part that the request's page shows, one by one.
    pub fn each<E: From<Error>>(
        &self,
        index: &Index,
        searcher: &Searcher,
        request: &Request,
        take: &mut dyn FnMut(&Listed<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let length = self.length();
        let first = request.offset.saturating_sub(self.before).min(length);
        let end = request.offset.saturating_add(request.limit).saturating_sub(self.before).min(length);
        if first >= end {
            return Ok(());
        }
        let sort = if self.marker.is_empty() && request.sort == Sort::Relevance { Sort::Newest } else { request.sort };
        let statistics = Statistics::of(searcher, index.handles())?;
        let top = match sort {
            Sort::Relevance => ranked::best(searcher, &statistics, self.engine.as_ref(), self.found, end)?,
            day => ranked::by_day(searcher, day, self.found, end)?.into_iter().map(|address| (0.0, address)).collect(),
        };
        let units = Units::of(searcher)?;
        for (place, (score, address)) in top.into_iter().enumerate().skip(first) {
            let hits = Hits { index, units: &units, marker: &self.marker, passages: request.passages };
            let rank = self.before + place + 1;
            let explain = request.explain;
            take(&Listed { list: self, searcher, hits, statistics: &statistics, address, rank, score, explain })?;
        }
        Ok(())
    }

    /// Hits in it.
    pub fn length(&self) -> usize {
        self.found.iter().map(|found| found.len() as usize).sum()
    }
}
