//! The list of hits: in which order they stand, and which of them a page shows.

use std::cell::OnceCell;

use tantivy::DocAddress;

use super::bits::Bits;
use super::hit::Hits;
use super::marks::Marker;
use super::part::Part;
use super::results::Hit;
use super::scored::Boxed;
use super::scoring::Statistics;
use super::{Request, Sort, explain, lookup, ranked};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::index::view::View;

/// Names that are fetched at once: as many as share the pages of the index on which they stand.
const IDS: usize = 1 << 16;
/// Hits that are fetched at once: a few for each core, and no long list is ever held.
const HITS: usize = 64;

/// A part of the list of hits.
pub struct List<'a> {
    /// What finds and ranks it.
    pub engine: &'a Boxed,
    /// The parts of the index.
    pub parts: &'a [Part<'a>],
    /// What it finds, in each part.
    pub found: &'a [Bits],
    /// What to mark in it.
    pub marker: Marker,
    /// Whether it has the near matches.
    pub near: bool,
    /// Hits in the parts before.
    pub before: usize,
}

/// A hit that is listed: what it is called and what it says is fetched where that is asked for, together with what stands round it,
/// since to fetch many takes less for each.
pub struct Listed<'a> {
    page: &'a Page<'a>,
    ids: &'a Stretch<'a, String>,
    hits: &'a Stretch<'a, Hit>,
    /// Its place on the page, from 0.
    place: usize,
}

/// What the request shows of a part of the list, and what fetches it.
struct Page<'a> {
    list: &'a List<'a>,
    view: &'a View,
    statistics: &'a Statistics<'a>,
    hits: Hits<'a>,
    /// The rank of its first.
    first: usize,
    explain: bool,
}

/// Some places of the list that follow each other, of which something is fetched at once.
struct Stretch<'a, T> {
    /// The place of its first on the page.
    first: usize,
    places: &'a [(f32, DocAddress)],
    fetched: OnceCell<Vec<T>>,
}

impl Listed<'_> {
    /// What `imr show` takes.
    pub fn id(&self) -> Result<String> {
        self.ids.at(self.place, |ids| {
            let addresses: Vec<_> = ids.places.iter().map(|(_, address)| *address).collect();
            lookup::ids(self.page.view, &addresses)
        })
    }

    /// The hit.
    pub fn hit(&self) -> Result<Hit> {
        self.hits.at(self.place, |hits| self.page.fetch(hits))
    }
}

impl Page<'_> {
    fn fetch(&self, wanted: &Stretch<'_, Hit>) -> Result<Vec<Hit>> {
        let mut hits = self.hits.all(wanted.places, self.first + wanted.first)?;
        for (hit, (_, address)) in hits.iter_mut().zip(wanted.places) {
            hit.near = self.list.near;
            if self.explain {
                hit.why = Some(explain::why(self.view, self.statistics, self.list.engine.as_ref(), *address)?);
            }
        }
        Ok(hits)
    }
}

impl<'a, T: Clone> Stretch<'a, T> {
    /// All of `places`, of which the first is at `first` on the page, so many at a time.
    fn each(first: usize, places: &'a [(f32, DocAddress)], many: usize) -> impl Iterator<Item = Self> {
        let stretches = places.chunks(many).enumerate();
        stretches.map(move |(at, places)| Stretch { first: first + at * many, places, fetched: OnceCell::new() })
    }

    fn at(&self, place: usize, fetch: impl FnOnce(&Self) -> Result<Vec<T>>) -> Result<T> {
        if self.fetched.get().is_none() {
            let _ = self.fetched.set(fetch(self)?);
        }
        let fetched = self.fetched.get().and_then(|fetched| fetched.get(place - self.first));
        fetched.cloned().ok_or_else(|| Error::Index(format!("nothing was fetched of place {place} of the list")))
    }
}

impl List<'_> {
    /// Gives the hits of this part that the request's page shows, one by one.
    pub fn each<E: From<Error>>(
        &self,
        index: &Index,
        view: &View,
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
        let statistics = Statistics::of(view, index.handles())?;
        let top = match sort {
            Sort::Relevance => ranked::best(view, self.parts, &statistics, self.engine.as_ref(), self.found, end)?,
            day => ranked::by_day(self.parts, day, self.found, end)?.into_iter().map(|address| (0.0, address)).collect(),
        };
        let hits = Hits { index, view, marker: &self.marker, passages: request.passages };
        let rank = self.before + first + 1;
        let page = Page { list: self, view, statistics: &statistics, hits, first: rank, explain: request.explain };
        for ids in Stretch::each(0, top.get(first..).unwrap_or_default(), IDS) {
            for hits in Stretch::each(ids.first, ids.places, HITS) {
                for place in hits.first..hits.first + hits.places.len() {
                    take(&Listed { page: &page, ids: &ids, hits: &hits, place })?;
                }
            }
        }
        Ok(())
    }

    /// Hits in it.
    pub fn length(&self) -> usize {
        self.found.iter().map(|found| found.len() as usize).sum()
    }
}
