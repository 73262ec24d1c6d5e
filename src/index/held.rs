//! What a segment holds, document by document, as its columns tell it: for who reads all of an index and asks no query. It goes by
//! the names of the columns, so that an index of an older format can be read, too, if it has them.

use tantivy::columnar::{Column, StrColumn};
use tantivy::store::StoreReader;
use tantivy::{DocId, SegmentReader, TantivyError};

use super::Stamp;
use super::schema;
use super::store::{Unpacker, stored};
use crate::error::Result;
use crate::record::Letter;

/// Blocks of stored letters that are kept; they are read in their order.
const BLOCKS: usize = 2;

/// A segment, to be read from its first document to its last.
pub struct Held {
    key: Option<StrColumn>,
    source: Option<StrColumn>,
    copy_of: Option<StrColumn>,
    numbers: [Option<Column<u64>>; 6],
    changed: Option<Column<i64>>,
    store: StoreReader,
    unpacker: Unpacker,
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

impl Held {
    /// What is in a segment of an index whose letters are packed with that dictionary.
    ///
    /// # Errors
    /// Where its columns or its store cannot be opened.
    pub fn of(segment: &SegmentReader, dictionary: Option<&[u8]>) -> Result<Self> {
        let fast = segment.fast_fields();
        let number = |name| fast.column_opt::<u64>(name);
        let names = [schema::NUMBER, schema::BEHIND, schema::ADDED, "count", "size", "options"];
        let [a, b, c, d, e, f] = names.map(number);
        Ok(Held {
            key: fast.str("key")?,
            source: fast.str("source")?,
            copy_of: fast.str("copy-of")?,
            numbers: [a?, b?, c?, d?, e?, f?],
            changed: fast.column_opt("changed")?,
            store: segment.get_store_reader(BLOCKS).map_err(TantivyError::from)?,
            unpacker: Unpacker::with(dictionary)?,
        })
    }

    /// What a document is.
    pub fn document(&self, doc: DocId) -> Result<Document> {
        let [number, behind, added, count, size, options] = self.numbers.each_ref().map(|column| value(column, doc));
        let stamp =
            Stamp { size: size.unwrap_or(0), changed: value(&self.changed, doc).unwrap_or(0), options: options.unwrap_or(0) };
        let source = text(&self.source, doc)?.map(|id| Source { id, stamp });
        let count = count.unwrap_or(0);
        Ok(match (text(&self.key, doc)?, text(&self.copy_of, doc)?, source) {
            (Some(key), _, Some(source)) => Document::Letter { key, source, decisions: count },
            (Some(key), ..) => {
                Document::Unit { key, number: number.unwrap_or(0), behind: behind.unwrap_or(0), added: added.unwrap_or(0) }
            }
            (None, Some(of), Some(source)) => Document::Copy { of, source },
            (None, None, Some(source)) => Document::Container { source, faults: count },
            (None, _, None) => Document::Dictionary,
        })
    }

    /// The letter that is stored with a document.
    pub fn letter(&self, doc: DocId) -> Result<Letter> {
        self.unpacker.read(&stored(&self.store, doc)?)
    }
}

fn value<T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static>(column: &Option<Column<T>>, doc: DocId) -> Option<T> {
    column.as_ref()?.first(doc)
}

fn text(column: &Option<StrColumn>, doc: DocId) -> Result<Option<String>> {
    let Some(column) = column else { return Ok(None) };
    let Some(ordinal) = column.ords().first(doc) else { return Ok(None) };
    let mut text = String::new();
    column.ord_to_str(ordinal, &mut text).map_err(TantivyError::from)?;
    Ok(Some(text))
}
