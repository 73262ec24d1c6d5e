//! A view of what is committed: the engine's, and what has been opened of its segments. To open a column takes as long as to look up
//! some hundred documents in it, so each is opened when it is first asked for, and once for all queries that see the same commit.

use std::ops::Deref;
use std::sync::OnceLock;

use tantivy::columnar::Column;
use tantivy::store::StoreReader;
use tantivy::{DocId, Searcher, SegmentReader, TantivyError};

use super::schema;

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

fn opened<T>(known: &OnceLock<T>, open: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
    if let Some(known) = known.get() {
        return Ok(known);
    }
    let opened = open()?;
    Ok(known.get_or_init(|| opened))
}
