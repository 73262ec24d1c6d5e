//! A view of what is committed: the engine's, and what has been opened of its segments. To open a column takes as long as to look up
//! some hundred documents in it, so each is opened when it is first asked for, and once for all queries that see the same commit.
//! So are the values that its documents have, and what else was told of all of them.

use std::collections::BTreeMap;
use std::ops::{Deref, Range};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tantivy::columnar::Column;
use tantivy::store::StoreReader;
use tantivy::{DocId, Searcher, SegmentReader, TantivyError};

use super::schema;
use super::values::Values;

/// A view.
pub struct View {
    searcher: Searcher,
    segments: Vec<Segment>,
}

/// A segment of a view, with what its documents are and where their letters are stored.
pub struct Segment {
    reader: SegmentReader,
    behind: OnceLock<Behind>,
    number: OnceLock<Column<u64>>,
    order: OnceLock<Column<u64>>,
    store: OnceLock<StoreReader>,
    /// By aspect.
    values: Mutex<BTreeMap<&'static str, Arc<Values>>>,
    /// Of how many documents the letter has been looked up one by one.
    looked_up: AtomicU64,
    /// What was told instead, for each piece in which the segment is searched.
    others: Mutex<Vec<Others>>,
}

/// Which of some documents of a segment are no units, as a bit for each.
struct Others {
    among: Range<DocId>,
    bits: Arc<[u64]>,
}

/// How far the documents of a segment stand behind their letters.
pub struct Behind(Column<u64>);

impl View {
    /// Of what a searcher sees.
    pub fn of(searcher: Searcher) -> Self {
        let segment = |reader: &SegmentReader| Segment {
            reader: reader.clone(),
            behind: OnceLock::new(),
            number: OnceLock::new(),
            order: OnceLock::new(),
            store: OnceLock::new(),
            values: Mutex::default(),
            looked_up: AtomicU64::new(0),
            others: Mutex::default(),
        };
        let segments = searcher.segment_readers().iter().map(segment).collect();
        View { searcher, segments }
    }

    /// Its segments, in the engine's order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }
}

impl Deref for View {
    type Target = Searcher;

    fn deref(&self) -> &Searcher {
        &self.searcher
    }
}

impl Segment {
    /// The engine's reader.
    pub fn reader(&self) -> &SegmentReader {
        &self.reader
    }

    /// How far its documents stand behind their letters.
    pub fn behind(&self) -> tantivy::Result<&Behind> {
        opened(&self.behind, || Behind::of(&self.reader))
    }

    /// The numbers of its units in their letters.
    pub fn number(&self) -> tantivy::Result<&Column<u64>> {
        opened(&self.number, || self.reader.fast_fields().u64(schema::NUMBER))
    }

    /// What orders its documents where nothing else does.
    pub fn order(&self) -> tantivy::Result<&Column<u64>> {
        opened(&self.order, || self.reader.fast_fields().u64(schema::ORDER))
    }

    /// The values that its documents have in the fields of an aspect.
    pub fn values(&self, aspect: &'static str) -> tantivy::Result<Arc<Values>> {
        if let Some(known) = locked(&self.values).get(aspect) {
            return Ok(Arc::clone(known));
        }
        let values = Arc::new(Values::of(&self.reader, aspect)?);
        Ok(Arc::clone(locked(&self.values).entry(aspect).or_insert(values)))
    }

    /// Of how many of its documents the letter has been looked up so far, with so many more.
    pub fn looked_up(&self, more: u64) -> u64 {
        self.looked_up.fetch_add(more, Ordering::Relaxed) + more
    }

    /// Which of some documents are no units, as a bit for each, if that has been told.
    pub fn others(&self, among: &Range<DocId>) -> Option<Arc<[u64]>> {
        locked(&self.others).iter().find(|others| others.among == *among).map(|others| Arc::clone(&others.bits))
    }

    /// Tells it.
    pub fn tell_others(&self, among: &Range<DocId>, bits: Arc<[u64]>) {
        let mut told = locked(&self.others);
        if told.iter().all(|others| others.among != *among) {
            told.push(Others { among: among.clone(), bits });
        }
    }

    /// What it stores.
    pub fn store(&self) -> tantivy::Result<&StoreReader> {
        opened(&self.store, || self.reader.get_store_reader(1).map_err(TantivyError::from))
    }
}

impl Behind {
    /// Of a segment.
    pub fn of(reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Behind(reader.fast_fields().u64(schema::BEHIND)?))
    }

    /// The document of a unit's letter; of any other document itself.
    pub fn letter(&self, doc: DocId) -> DocId {
        let behind = self.0.first(doc).and_then(|behind| DocId::try_from(behind).ok());
        doc.saturating_sub(behind.unwrap_or(0))
    }
}

fn locked<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

fn opened<T>(known: &OnceLock<T>, open: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
    if let Some(known) = known.get() {
        return Ok(known);
    }
    let opened = open()?;
    Ok(known.get_or_init(|| opened))
}
