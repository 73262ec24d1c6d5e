//! Answers queries: tree to tantivy query, what it finds as sets, counts of these, their best, and the texts of the few hits that
//! are shown.
//!
//! `resolve` says what a query asks of this index, `translate` makes the engine's query of it, with `spans` for words near to
//! each other, and `of_letter` for words that are in the index once a letter. A word is any of its forms ([`form`]); which of them the
//! index holds says `vocabulary`, and `as_one` asks for them as if they were one term. `found` finds all of it without scores, in each `part` of the index,
//! `count` counts that, `sideways` says which filters a count leaves out. `scoring` and `subjects` say what ranks, `near` finds
//! what holds part of a description, and `ranked` puts the best first without scoring the rest. `list` is the page of hits: `hit`
//! fetches one, with `marks` of what matched and a `passage` round them or the `verdict`, `explain` says why it matched. `similar`
//! finds what is like a decision, by `like`, and what tells the overturned among them from the upheld, by `contrast`. [`results`]
//! is what comes out.

use jiff::Zoned;

use crate::error::{Error, Result};
use crate::field::Field;
use crate::index::view::View;
use crate::index::{Index, generation};
use crate::query::{self, Query, widenings};

mod argument;
mod as_one;
mod beginning;
mod between;
mod bits;
pub mod contrast;
mod count;
mod cursor;
mod enough;
mod explain;
pub mod form;
mod found;
mod hit;
mod keep;
mod like;
mod list;
pub mod lookup;
mod margin;
pub mod marks;
mod near;
mod of_letter;
mod part;
mod passage;
mod pattern;
mod ranked;
mod resolve;
pub mod results;
mod row;
mod score;
mod scored;
mod scoring;
mod sideways;
pub mod similar;
mod spans;
mod states;
pub mod stats;
mod subjects;
mod suggest;
mod table;
mod through;
pub mod translate;
mod union;
pub mod values;
mod verdict;
mod vocabulary;

use list::List;
pub use list::Listed;
use marks::Marker;
use near::Near;
use part::Part;
use results::{Answer, InItem, Total};
use translate::Translator;

/// The order of the hits. What it leaves open is ordered by case number and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The best match first; a query that only filters has none, and is answered newest first.
    #[default]
    Relevance,
    /// The latest decision first, those without a date last.
    Newest,
    /// The earliest decision first, those without a date last.
    Oldest,
}

/// What is asked of an index.
#[derive(Debug, Clone)]
pub struct Request {
    /// The query as typed, for the answer.
    pub text: String,
    /// The query.
    pub query: Query,
    /// The fields whose values are counted.
    pub facets: Vec<&'static Field>,
    /// Two fields whose values are counted against each other, rows and columns.
    pub cross: Option<[&'static Field; 2]>,
    /// The order of the hits.
    pub sort: Sort,
    /// Hits to show.
    pub limit: usize,
    /// Hits to pass over.
    pub offset: usize,
    /// Passages to show of each hit, at most.
    pub passages: usize,
    /// Whether the list goes on with near matches. Only for words joined by nothing but blanks ([`crate::query::is_plain`]).
    pub near: bool,
    /// Whether near matches are also found by what is related to the words ([`crate::query::related`]).
    pub related: bool,
    /// Only what is new.
    pub new: Option<New>,
    /// Whether the answer says why each hit matched, and by how much.
    pub explain: bool,
    /// The query with its words in the item, where it is to be said how many of the decisions ask for what the words name.
    pub in_item: Option<Query>,
}

/// What is new: what came into the index after a generation of it.
#[derive(Debug, Clone)]
pub struct New {
    /// The last generation that is not new.
    pub after: u64,
    /// When that was, for the reader.
    pub since: Zoned,
}

impl Default for Request {
    /// Everything, with a passage a hit.
    fn default() -> Self {
        Request {
            text: String::new(),
            query: Query::All,
            facets: Vec::new(),
            cross: None,
            sort: Sort::default(),
            limit: usize::MAX,
            offset: 0,
            passages: 1,
            near: false,
            related: true,
            new: None,
            explain: false,
            in_item: None,
        }
    }
}

/// Has this thread search beside the others, as one of so many as there are cores, where it would wait for them: for a program that
/// asks one query at a time. It must be called before anything is searched, else it does nothing.
pub fn join_in() {
    // It waits until the others have begun, without which they come too late for a query. Where they are at work already, they go on
    // without this one.
    let _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
}

/// Answers a request.
///
/// # Errors
/// Only where the index fails.
pub fn search(index: &Index, request: &Request) -> Result<Answer> {
    let mut hits = Vec::new();
    let answer = search_each(index, request, &mut |_, listed| {
        hits.push(listed.hit()?);
        Ok::<_, Error>(())
    })?;
    Ok(Answer { hits, ..answer })
}

/// Answers a request without hits, and gives these one by one to `take`, with the answer: a long list is never held.
///
/// # Errors
/// Those of `take`, and where the index fails.
pub fn search_each<E: From<Error>>(
    index: &Index,
    request: &Request,
    take: &mut dyn FnMut(&Answer, &Listed<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<Answer, E> {
    let view = index.view()?;
    let parts = part::parts(&view).map_err(Error::from)?;
    rayon::in_place_scope(|beside| {
        if request.limit > 0 && !index.unpacker().is_ready() {
            // On another core, while the hits are found.
            beside.spawn(|_| index.unpacker().make_ready(&view));
        }
        search_parts(index, &view, &parts, request, take)
    })
}

/// Answers a request from these parts of the index, which are all of it.
fn search_parts<E: From<Error>>(
    index: &Index,
    view: &View,
    parts: &[Part<'_>],
    request: &Request,
    take: &mut dyn FnMut(&Answer, &Listed<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<Answer, E> {
    let mut notes = query::notes(&request.text);
    let query = resolve::values(view, &request.query, &mut notes)?;
    let after = request.new.as_ref().map(|new| new.after);
    let translator = Translator { after, ..Translator::of(view, index.handles())? };
    let vocabulary = &translator.vocabulary;
    let query = resolve::spellings(query, vocabulary)?;
    let engine = translator.found(&query)?;
    let subjects = if request.limit > 0 { subjects::named_by(&query, view, index.handles())? } else { Vec::new() };
    let counts = count::count(&translator, parts, &query, &request.facets, request.cross)?;
    if request.new.is_none() {
        notes.extend(suggest::notes(vocabulary, &query)?);
    }
    let in_item = match &request.in_item {
        Some(narrower) if counts.total.decisions > 0 => {
            let narrower = resolve::values(view, narrower, &mut Vec::new())?;
            in_item(&translator, parts, resolve::spellings(narrower, vocabulary)?, counts.total)?
        }
        _ => None,
    };
    // Any word of the query may hold a near match, so that they take long to find: only where the page reaches them.
    let reaches_near = request.offset.saturating_add(request.limit) >= counts.total.matches();
    let near = match request.near && reaches_near {
        true => Near::of(&query, &engine, &translator, &subjects, request.related)?,
        false => None,
    };
    let near = near.map(|near| Near { engine: translator.only_new(near.engine), ..near });
    let near_found = match &near {
        Some(near) => found::in_all(view, parts, near.engine.as_ref())?,
        None => Vec::new(),
    };

    // The list goes on with near matches where those that match in full end.
    let ranking = subjects::ranking(&engine, &subjects);
    let all = List { engine: &ranking, parts, found: &counts.found, marker: Marker::of(&query), near: false, before: 0 };
    let behind = near.as_ref().map(|near| {
        let marker = Marker::of(&near.wanted);
        List { engine: &near.engine, parts, found: &near_found, marker, near: true, before: all.length() }
    });
    let near_matches = behind.as_ref().map_or(0, |list| list.length() as u64);
    let size = index.size(view)?;
    let answer = Answer {
        query: request.text.clone(),
        read_as: query.narrow().to_string(),
        widened: widenings(&query),
        tree: if request.explain { Some(explain::tree(&translator, &query)?) } else { None },
        notes,
        index: Total { decisions: size.decisions, letters: size.letters, unread: 0 },
        new_since: request.new.as_ref().map(|new| new.since.clone()),
        seen: generation::newest(view)?,
        total: counts.total,
        near: (!request.near || reaches_near).then_some(near_matches),
        related: near.as_ref().map(|near| near.related.clone()).unwrap_or_default(),
        outcomes: counts.outcomes,
        in_item,
        any_outcome: counts.any_outcome.as_ref().map(|facet| facet.over),
        outcome_filter: counts.any_outcome.and_then(|facet| facet.filter),
        facets: counts.facets,
        cross: counts.cross,
        offset: request.offset,
        passages: request.passages,
        hits: Vec::new(),
    };
    for list in std::iter::once(&all).chain(&behind) {
        list.each(index, view, request, &mut |listed| take(&answer, listed))?;
    }
    Ok(answer)
}

/// Those of the decisions that have the words in the item, where they are fewer.
fn in_item(translator: &Translator<'_>, parts: &[Part<'_>], narrower: Query, all: Total) -> Result<Option<InItem>> {
    let tally = count::count(translator, parts, &narrower, &[], None)?.outcomes.tally();
    let fewer = tally.decisions < all.decisions;
    Ok(fewer.then(|| InItem { read_as: narrower.narrow().to_string(), tally }))
}

impl Total {
    /// Hits there are: decisions and letters in which none could be read.
    fn matches(&self) -> usize {
        usize::try_from(self.decisions + self.unread).unwrap_or(usize::MAX)
    }
}
