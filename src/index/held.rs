//! What a segment holds, document by document, as its columns tell it: for who reads all of an index and asks no query. It goes by
//! the names of the columns, so that an index of an older format can be read, too, if it has them; and it needs two files of a
//! segment only, so that what is wrong with the others is in nobody's way.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tantivy::columnar::{Column, ColumnarReader, DynamicColumn, StrColumn};
use tantivy::directory::OwnedBytes;
use tantivy::index::{Segment, SegmentComponent};
use tantivy::store::StoreReader;
use tantivy::{DocId, TantivyError};

use super::store::{self, Unpacker};
use super::{Stamp, schema, values};
use crate::error::{Error, Result};
use crate::field;
use crate::record::Letter;

/// Blocks of stored letters that are kept; they are read in their order.
const BLOCKS: usize = 2;

/// A segment, to be read from its first document to its last.
pub struct Held {
    columns: Option<Columns>,
    store: Option<StoreReader>,
    unpacker: Unpacker,
}

/// What tells documents apart.
struct Columns {
    key: Option<StrColumn>,
    source: Option<StrColumn>,
    copy_of: Option<StrColumn>,
    outcome: Option<StrColumn>,
    number: Option<Column<u64>>,
    behind: Option<Column<u64>>,
    added: Option<Column<u64>>,
    count: Option<Column<u64>>,
    size: Option<Column<u64>>,
    options: Option<Column<u64>>,
    changed: Option<Column<i64>>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// What belongs to a letter once.
    Letter {
        /// Its identity.
        key: String,
        /// Where it was read.
        source: Source,
        /// How many decisions it gave.
        decisions: u64,
    },
    /// A decision, or what could not be taken apart.
    Unit {
        /// The identity of its letter.
        key: String,
        /// Its place in the letter; 0 for what could not be taken apart.
        number: u64,
        /// How many documents it stands behind its letter.
        behind: u64,
        /// In which generation it came into the index.
        added: u64,
        /// Its outcome, if it has one.
        outcome: Option<String>,
    },
    /// A second source of a letter.
    Copy {
        /// The letter.
        of: String,
        /// Where it was read.
        source: Source,
    },
    /// A file that holds many letters.
    Container {
        /// Where it is.
        source: Source,
        /// How much of it could not be read.
        faults: u64,
    },
    /// What letters are packed with.
    Dictionary,
}

/// What is known of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its identity.
    pub id: String,
    /// As it was when it was read.
    pub stamp: Stamp,
}

impl Columns {
    fn open(segment: &Segment) -> Result<Self> {
        let file = segment.open_read(SegmentComponent::FastFields).map_err(TantivyError::from)?;
        let reader = ColumnarReader::open(file).map_err(TantivyError::from)?;
        let number =
            |name| column(&reader, name, |column| if let DynamicColumn::U64(column) = column { Some(column) } else { None });
        let text =
            |name| column(&reader, name, |column| if let DynamicColumn::Str(column) = column { Some(column) } else { None });
        let signed = |column| if let DynamicColumn::I64(column) = column { Some(column) } else { None };
        Ok(Columns {
            key: text("key")?,
            source: text("source")?,
            copy_of: text("copy-of")?,
            // Before format 7 it had a column of its own.
            outcome: text(&values::column(field::OUTCOME))?.or(text(field::OUTCOME)?),
            number: number(schema::NUMBER)?,
            behind: number(schema::BEHIND)?,
            added: number(schema::ADDED)?,
            count: number("count")?,
            size: number("size")?,
            options: number("options")?,
            changed: column(&reader, "changed", signed)?,
        })
    }
}

/// The column of that name, if any document has a value in it.
fn column<T>(reader: &ColumnarReader, name: &str, of_type: impl Fn(DynamicColumn) -> Option<T>) -> Result<Option<T>> {
    for handle in reader.read_columns(name).map_err(TantivyError::from)? {
        if let Some(column) = of_type(handle.open().map_err(TantivyError::from)?) {
            return Ok(Some(column));
        }
    }
    Ok(None)
}

impl Held {
    /// What is in a segment: what of its columns and its store can be opened.
    ///
    /// # Errors
    /// Where neither can.
    pub fn open(segment: &Segment) -> Result<Self> {
        let columns = guarded(|| Columns::open(segment));
        let store = guarded(|| {
            let file = segment.open_read(SegmentComponent::Store).map_err(TantivyError::from)?;
            Ok(StoreReader::open(file, BLOCKS).map_err(TantivyError::from)?)
        });
        match (columns, store) {
            (Err(_), Err(e)) => Err(e),
            (columns, store) => Ok(Held { columns: columns.ok(), store: store.ok(), unpacker: Unpacker::with(None)? }),
        }
    }

    /// Whether it can be told what its documents are.
    pub fn has_columns(&self) -> bool {
        self.columns.is_some()
    }

    /// Whether its letters may be read.
    pub fn has_store(&self) -> bool {
        self.store.is_some()
    }

    /// Says what letters are packed with.
    pub fn packed_with(&mut self, dictionary: Option<&[u8]>) -> Result<()> {
        self.unpacker = Unpacker::with(dictionary)?;
        Ok(())
    }

    /// What a document is.
    pub fn document(&self, doc: DocId) -> Result<Document> {
        let columns = self.columns.as_ref().ok_or_else(|| lost("its columns"))?;
        let number = |column: &Option<Column<u64>>| column.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
        let stamp = Stamp {
            size: number(&columns.size),
            changed: columns.changed.as_ref().and_then(|column| column.first(doc)).unwrap_or(0),
            options: number(&columns.options),
        };
        let source = text(&columns.source, doc)?.map(|id| Source { id, stamp });
        let count = number(&columns.count);
        Ok(match (text(&columns.key, doc)?, text(&columns.copy_of, doc)?, source) {
            (Some(key), _, Some(source)) => Document::Letter { key, source, decisions: count },
            (Some(key), ..) => Document::Unit {
                key,
                number: number(&columns.number),
                behind: number(&columns.behind),
                added: number(&columns.added),
                outcome: text(&columns.outcome, doc)?.and_then(|entry| values::first(&entry)),
            },
            (None, Some(of), Some(source)) => Document::Copy { of, source },
            (None, None, Some(source)) => Document::Container { source, faults: count },
            (None, _, None) => Document::Dictionary,
        })
    }

    /// The letter that is stored with a document.
    pub fn letter(&self, doc: DocId) -> Result<Letter> {
        self.unpacker.read(&self.stored(doc)?)
    }

    /// The bytes that are stored with a document.
    ///
    /// # Errors
    /// Where there are none, too.
    pub fn stored(&self, doc: DocId) -> Result<OwnedBytes> {
        store::stored(self.store.as_ref().ok_or_else(|| lost("its letters"))?, doc)
    }
}

fn lost(what: &str) -> Error {
    Error::Damaged(format!("the file of a segment with {what} cannot be read"))
}

/// Does what damaged files may make panic.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|_| Err(Error::Damaged("one of its files is cut off or has been changed".into())))
}

fn text(column: &Option<StrColumn>, doc: DocId) -> Result<Option<String>> {
    let Some(column) = column else { return Ok(None) };
    let Some(ordinal) = column.ords().first(doc) else { return Ok(None) };
    let mut text = String::new();
    column.ord_to_str(ordinal, &mut text).map_err(TantivyError::from)?;
    Ok(Some(text))
}
