//! How letters are kept: each whole and once, as its record in JSON, compressed by itself.
//!
//! A letter alone is too short to be compressed well, and of a block of many all must be unpacked to read one. But letters say the
//! same again and again: so the first of an index make a dictionary of it, which is kept in the index like a letter is, and with
//! which those that come later are compressed (RFC 8878, section 5). One is unpacked in the time it takes to read it.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tantivy::directory::OwnedBytes;
use tantivy::schema::IndexRecordOption;
use tantivy::store::StoreReader;
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED, TantivyError, Term};
use zstd::bulk::Compressor;
use zstd::zstd_safe::{self, CParameter, DCtx, DDict};

use super::schema;
use crate::error::{Error, Result};
use crate::record::Letter;

/// What is looked up to find what was said before takes most of the time, since it is in no cache. zstd's own choice, 3, looks twice
/// as often: letters take a seventh less, and the whole index a twentieth, but to index them takes a twentieth longer.
const LEVEL: i32 = 1;
/// Bytes of records of which a dictionary is made: a small index needs none.
const SAMPLE: usize = 2 << 20;
/// Bytes of a dictionary. Twice as many save a hundredth, and half as many cost an eighth.
const DICTIONARY: usize = 32 << 10;
/// Bytes that nearly every record has room in.
const USUAL: usize = 16 << 10;
/// Bytes of a record from which on it is no example of the others.
const LONG: usize = 64 << 10;

/// Packs letters for one run of the writer, on any core: what it packs with must be committed with what it packed.
#[derive(Default)]
pub struct Packer {
    dictionary: OnceLock<Vec<u8>>,
    /// Those that pack no letter now. To make one takes longer than to pack a letter.
    idle: Mutex<Vec<Press>>,
}

/// What the engine needs to pack.
struct Press {
    engine: Compressor<'static>,
    has_dictionary: bool,
}

/// A letter as it is kept.
pub struct Packed {
    /// What is stored.
    pub bytes: Vec<u8>,
    /// The record, as long as there is no dictionary and it may become part of one.
    pub sample: Option<Vec<u8>>,
}

impl Packer {
    /// Packs with the dictionary that the view shows, if it shows one.
    pub fn of(searcher: &Searcher) -> Result<Self> {
        let packer = Packer::default();
        if let Some(dictionary) = find(searcher.segment_readers())? {
            packer.pack_with(dictionary.to_vec());
        }
        Ok(packer)
    }

    /// Packs a letter.
    pub fn pack(&self, letter: &Letter) -> Result<Packed> {
        let mut record = Vec::with_capacity(USUAL);
        serde_json::to_writer(&mut record, letter).map_err(|e| Error::Index(e.to_string()))?;
        let mut press = self.press()?;
        let bytes = press.engine.compress(&record).map_err(failed)?;
        let sample = (!press.has_dictionary && record.len() < LONG).then_some(record);
        self.idle().push(press);
        Ok(Packed { bytes, sample })
    }

    /// One that packs with the dictionary, if there is one.
    fn press(&self) -> Result<Press> {
        let dictionary = self.dictionary.get();
        let idle = self.idle().pop();
        match idle.filter(|press| press.has_dictionary == dictionary.is_some()) {
            Some(press) => Ok(press),
            None => Press::of(dictionary.map(Vec::as_slice)).map_err(failed),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Press>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_dictionary(&self) -> bool {
        self.dictionary.get().is_some()
    }

    /// Packs with that dictionary from now on.
    fn pack_with(&self, dictionary: Vec<u8>) {
        let _ = self.dictionary.set(dictionary);
    }
}

impl Press {
    fn of(dictionary: Option<&[u8]>) -> io::Result<Self> {
        let mut engine = Compressor::with_dictionary(LEVEL, dictionary.unwrap_or_default())?;
        // A bit that has changed must not become a word that was never written.
        engine.set_parameter(CParameter::ChecksumFlag(true))?;
        Ok(Press { engine, has_dictionary: dictionary.is_some() })
    }
}

/// Unpacks letters, on any core.
#[derive(Default)]
pub struct Unpacker {
    /// What letters are packed with, once it has been asked for. To prepare it takes as long as to unpack three letters.
    dictionary: Mutex<Option<Arc<DDict<'static>>>>,
    /// Those that unpack no letter now.
    idle: Mutex<Vec<DCtx<'static>>>,
}

impl Unpacker {
    /// One that unpacks with this dictionary, or with none.
    pub fn with(dictionary: Option<&[u8]>) -> Result<Self> {
        let dictionary = dictionary.map(prepared).transpose()?;
        Ok(Unpacker { dictionary: Mutex::new(dictionary), ..Unpacker::default() })
    }

    /// The letter in these bytes, for who has told the dictionary.
    pub fn read(&self, bytes: &[u8]) -> Result<Letter> {
        let dictionary = self.dictionary().clone();
        self.letter(bytes, dictionary.as_deref().filter(|_| wants_dictionary(bytes)))
    }

    /// The letter of which the view shows these bytes.
    pub fn unpack(&self, bytes: &[u8], searcher: &Searcher) -> Result<Letter> {
        if !wants_dictionary(bytes) {
            return self.letter(bytes, None);
        }
        let dictionary = self.dictionary_of(searcher)?.ok_or_else(damaged)?;
        self.letter(bytes, Some(&dictionary))
    }

    /// Whether it knows the dictionary.
    pub fn is_ready(&self) -> bool {
        self.dictionary().is_some()
    }

    /// Has it know the dictionary before a letter is unpacked. What fails here fails again then, if a letter needs it.
    pub fn make_ready(&self, searcher: &Searcher) {
        // Of a file that has been changed the engine may make anything.
        let _ = panic::catch_unwind(AssertUnwindSafe(|| self.dictionary_of(searcher)));
    }

    /// The dictionary that the view shows, if it shows one.
    fn dictionary_of(&self, searcher: &Searcher) -> Result<Option<Arc<DDict<'static>>>> {
        // Who comes while another looks for it waits, and has not to look.
        let mut known = self.dictionary();
        if known.is_none() {
            *known = find(searcher.segment_readers())?.map(|dictionary| prepared(&dictionary)).transpose()?;
        }
        Ok(known.clone())
    }

    fn letter(&self, bytes: &[u8], dictionary: Option<&DDict<'_>>) -> Result<Letter> {
        let mut context = self.idle().pop().unwrap_or_default();
        let record = record(&mut context, bytes, dictionary);
        self.idle().push(context);
        serde_json::from_slice(&record?).map_err(|_| damaged())
    }

    fn dictionary(&self) -> MutexGuard<'_, Option<Arc<DDict<'static>>>> {
        self.dictionary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<DCtx<'static>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a letter was packed with the dictionary: an index's first were not.
fn wants_dictionary(bytes: &[u8]) -> bool {
    zstd_safe::get_dict_id_from_frame(bytes).is_some()
}

/// A dictionary to unpack with.
fn prepared(dictionary: &[u8]) -> Result<Arc<DDict<'static>>> {
    DDict::try_create(dictionary).map(Arc::new).ok_or_else(damaged)
}

/// The record in these bytes, which say how long it is.
fn record(context: &mut DCtx<'_>, bytes: &[u8], dictionary: Option<&DDict<'_>>) -> Result<Vec<u8>> {
    let length = zstd_safe::get_frame_content_size(bytes).ok().flatten();
    let length = length.and_then(|length| usize::try_from(length).ok()).ok_or_else(damaged)?;
    let mut record = Vec::new();
    // A length that has changed may be any.
    record.try_reserve_exact(length).map_err(|_| damaged())?;
    match dictionary {
        Some(dictionary) => context.decompress_using_ddict(&mut record, bytes, dictionary),
        None => context.decompress(&mut record, bytes),
    }
    .map_err(|_| damaged())?;
    Ok(record)
}

/// The records of an index's first letters, until they are enough to make a dictionary of.
#[derive(Default)]
pub struct Samples {
    records: Vec<u8>,
    sizes: Vec<usize>,
}

impl Samples {
    /// Adds a record. Those that have become enough make the dictionary with which `packer` packs from then on, and which is to
    /// be written before what it packs is committed.
    pub fn add(&mut self, record: &[u8], packer: &Packer) -> Option<Vec<u8>> {
        if packer.has_dictionary() {
            return None;
        }
        self.records.extend_from_slice(record);
        self.sizes.push(record.len());
        if self.records.len() < SAMPLE {
            return None;
        }
        let samples = std::mem::take(self);
        // Records that have nothing in common make none; the next may.
        let Ok(dictionary) = zstd::dict::from_continuous(&samples.records, &samples.sizes, DICTIONARY) else { return None };
        packer.pack_with(dictionary.clone());
        Some(dictionary)
    }
}

/// A dictionary as it is stored: with its checksum. It is stored twice, since without it no letter can be read that was packed with it.
pub fn sealed(mut dictionary: Vec<u8>) -> Vec<u8> {
    dictionary.extend(crc32fast::hash(&dictionary).to_le_bytes());
    dictionary
}

/// The dictionary in what is stored; `None` where that is not as it was written.
pub fn opened(stored: &[u8]) -> Option<&[u8]> {
    let (dictionary, sum) = stored.split_last_chunk()?;
    (crc32fast::hash(dictionary).to_le_bytes() == *sum).then_some(dictionary)
}

/// The dictionary in these segments: the first of its copies that is whole.
pub fn find(segments: &[SegmentReader]) -> Result<Option<OwnedBytes>> {
    let mut is_damaged = false;
    let whole = |stored: OwnedBytes| opened(&stored).map(|dictionary| stored.slice(0..dictionary.len()));
    for segment in segments {
        let schema = segment.schema();
        let kind = schema.get_field(schema::DOC)?;
        let term = Term::from_field_text(kind, schema::DICTIONARY);
        let postings = segment.inverted_index(kind)?.read_postings(&term, IndexRecordOption::Basic);
        let Some(mut docs) = postings.map_err(TantivyError::from)? else { continue };
        let store = segment.get_store_reader(1).map_err(TantivyError::from)?;
        while docs.doc() != TERMINATED {
            let stored = if segment.is_deleted(docs.doc()) { None } else { Some(stored(&store, docs.doc())) };
            match stored.map(|stored| stored.ok().and_then(whole)) {
                Some(Some(dictionary)) => return Ok(Some(dictionary)),
                Some(None) => is_damaged = true,
                None => {}
            }
            docs.advance();
        }
    }
    if is_damaged { Err(damaged()) } else { Ok(None) }
}

/// The bytes that a document stores, which stores nothing else. The engine would read them one by one, and of a dictionary that takes
/// longer than a query.
pub fn stored(store: &StoreReader, doc: DocId) -> Result<OwnedBytes> {
    let mut document = store.get_document_bytes(doc)?;
    let (bytes, length) = one_value(&document).ok_or_else(damaged)?;
    document.advance(bytes);
    if document.len() == length { Ok(document) } else { Err(damaged()) }
}

/// Where in a document as the engine writes it the bytes of its one value begin, and how many they are: behind the number of values,
/// the field, and the kind of the value stands their length. Its numbers have seven bits a byte, the last with the eighth set.
fn one_value(document: &[u8]) -> Option<(usize, usize)> {
    const ONE: u8 = 0x81;
    const LENGTH: usize = 1 + size_of::<u32>() + 1;
    document.first().filter(|values| **values == ONE)?;
    let mut length = 0;
    for (place, byte) in document.get(LENGTH..)?.iter().take(5).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 != 0 {
            return Some((LENGTH + place + 1, length));
        }
    }
    None
}

fn failed(error: io::Error) -> Error {
    Error::Index(format!("a letter cannot be packed: {error}"))
}

fn damaged() -> Error {
    Error::Damaged("a stored letter cannot be read".into())
}

#[cfg(test)]
mod tests;
