//! The list of hits: in which order they stand, and which of them a page shows.

use tantivy::collector::TopDocs;
use tantivy::collector::sort_key::{ComparatorEnum, SortBySimilarityScore, SortByStaticFastValue};
use tantivy::{DocAddress, Order, Searcher};

use super::explain;
use super::hit::Hits;
use super::marks::Marker;
use super::results::Hit;
use super::scored::Boxed;
use super::scoring::Statistics;
use super::{Request, Sort};
use crate::error::Result;
use crate::field;
use crate::index::{Index, schema};

/// A part of the list of hits.
pub struct List<'a> {
    /// What finds it.
    pub engine: &'a Boxed,
    /// What to mark in it.
    pub marker: Marker,
    /// Whether it has the near matches.
    pub near: bool,
    /// Hits in the parts before.
    pub before: usize,
    /// Hits in it.
    pub length: usize,
}

impl List<'_> {
    /// The hits of this part that the request's page shows.
    pub fn hits(&self, index: &Index, searcher: &Searcher, request: &Request) -> Result<Vec<Hit>> {
        let first = request.offset.saturating_sub(self.before).min(self.length);
        let end = request.offset.saturating_add(request.limit).saturating_sub(self.before).min(self.length);
        if first >= end {
            return Ok(Vec::new());
        }
        let sort = if self.marker.is_empty() && request.sort == Sort::Relevance { Sort::Newest } else { request.sort };
        let statistics = Statistics::of(searcher, index.handles())?;
        let top = top(searcher, &statistics, self.engine.as_ref(), sort, first..end)?;
        let hits = Hits { index, searcher, marker: &self.marker, passages: request.passages };
        let ranks = self.before + first + 1..;
        let why = |address| explain::why(searcher, &statistics, self.engine.as_ref(), address);
        let hit = |(rank, (score, address))| {
            let why = if request.explain { Some(why(address)?) } else { None };
            Ok(Hit { near: self.near, why, ..hits.at(address, rank, score)? })
        };
        ranks.zip(top).map(hit).collect()
    }
}

fn top(
    searcher: &Searcher,
    statistics: &Statistics<'_>,
    query: &dyn tantivy::query::Query,
    sort: Sort,
    page: std::ops::Range<usize>,
) -> Result<Vec<(f32, DocAddress)>> {
    let top = TopDocs::with_limit(page.len()).and_offset(page.start);
    let order = (SortByStaticFastValue::<u64>::for_field(schema::ORDER), Order::Asc);
    let by_day = |comparator| (SortByStaticFastValue::<i64>::for_field(field::DECIDED), comparator);
    let day = match sort {
        Sort::Relevance => {
            let best = top.order_by((SortBySimilarityScore, order));
            let found = searcher.search_with_statistics_provider(query, &best, statistics)?;
            return Ok(found.into_iter().map(|((score, _), address)| (score, address)).collect());
        }
        Sort::Newest => by_day(ComparatorEnum::Natural),
        Sort::Oldest => by_day(ComparatorEnum::ReverseNoneLower),
    };
    let found = searcher.search(query, &top.order_by((day, order)))?;
    Ok(found.into_iter().map(|(_, address)| (0.0, address)).collect())
}
