//! How letters are kept: each whole and once, as its record in JSON, compressed by itself.
//!
//! A letter alone is too short to be compressed well, and of a block of many all must be unpacked to read one. But letters say the
//! same again and again: so the first of an index make a dictionary of it, which is kept in the index like a letter is, and with
//! which those that come later are compressed (RFC 8878, section 5). One is unpacked in the time it takes to read it.

use std::io::Read;
use std::sync::OnceLock;

use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{Searcher, TantivyDocument, Term};
use zstd::bulk::Compressor;
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::stream::read::Decoder;
use zstd::zstd_safe;

use super::schema;
use crate::error::{Error, Result};
use crate::record::Letter;

/// zstd's own choice. The next that keeps more than a twentieth off takes three times the time.
const LEVEL: i32 = 3;
/// Bytes of records of which a dictionary is made: a small index needs none.
const SAMPLE: usize = 2 << 20;
/// Bytes of a dictionary. Twice as many save a twenty-fifth.
const DICTIONARY: usize = 64 << 10;
/// Bytes of a record from which on it is no example of the others.
const LONG: usize = 64 << 10;

/// Packs letters for one run of the writer: what it packs with must be committed with what it packed.
#[derive(Default)]
pub struct Packer {
    dictionary: OnceLock<EncoderDictionary<'static>>,
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
        if let Some(dictionary) = find(searcher)? {
            packer.pack_with(&dictionary)?;
        }
        Ok(packer)
    }

    /// Packs a letter.
    pub fn pack(&self, letter: &Letter) -> Result<Packed> {
        let record = serde_json::to_vec(letter).map_err(|e| Error::Index(e.to_string()))?;
        let dictionary = self.dictionary.get();
        let mut compressor = match dictionary {
            Some(dictionary) => Compressor::with_prepared_dictionary(dictionary),
            None => Compressor::new(LEVEL),
        }
        .map_err(failed)?;
        // A bit that has changed must not become a word that was never written.
        compressor.set_parameter(zstd_safe::CParameter::ChecksumFlag(true)).map_err(failed)?;
        let bytes = compressor.compress(&record).map_err(failed)?;
        Ok(Packed { bytes, sample: (dictionary.is_none() && record.len() < LONG).then_some(record) })
    }

    fn has_dictionary(&self) -> bool {
        self.dictionary.get().is_some()
    }

    /// Packs with that dictionary from now on.
    fn pack_with(&self, dictionary: &[u8]) -> Result<()> {
        let _ = self.dictionary.set(EncoderDictionary::try_copy(dictionary, LEVEL).map_err(|_| damaged())?);
        Ok(())
    }
}

/// Unpacks letters.
#[derive(Default)]
pub struct Unpacker {
    /// Read when the first letter wants it. An index has no more than one.
    dictionary: OnceLock<DecoderDictionary<'static>>,
}

impl Unpacker {
    /// The letter of which the view shows these bytes.
    pub fn unpack(&self, bytes: &[u8], searcher: &Searcher) -> Result<Letter> {
        let mut record = Vec::new();
        let read = match zstd_safe::get_dict_id_from_frame(bytes) {
            None => Decoder::with_buffer(bytes).and_then(|mut decoder| decoder.read_to_end(&mut record)),
            Some(_) => {
                let decoder = Decoder::with_prepared_dictionary(bytes, self.dictionary(searcher)?);
                decoder.and_then(|mut decoder| decoder.read_to_end(&mut record))
            }
        };
        read.map_err(|_| damaged())?;
        serde_json::from_slice(&record).map_err(|_| damaged())
    }

    fn dictionary(&self, searcher: &Searcher) -> Result<&DecoderDictionary<'static>> {
        if let Some(dictionary) = self.dictionary.get() {
            return Ok(dictionary);
        }
        let dictionary = find(searcher)?.ok_or_else(damaged)?;
        let dictionary = DecoderDictionary::try_copy(&dictionary).map_err(|_| damaged())?;
        Ok(self.dictionary.get_or_init(|| dictionary))
    }
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
    pub fn add(&mut self, record: &[u8], packer: &Packer) -> Result<Option<Vec<u8>>> {
        if packer.has_dictionary() {
            return Ok(None);
        }
        self.records.extend_from_slice(record);
        self.sizes.push(record.len());
        if self.records.len() < SAMPLE {
            return Ok(None);
        }
        let samples = std::mem::take(self);
        // Records that have nothing in common make none; the next may.
        let Ok(dictionary) = zstd::dict::from_continuous(&samples.records, &samples.sizes, DICTIONARY) else { return Ok(None) };
        packer.pack_with(&dictionary)?;
        Ok(Some(dictionary))
    }
}

/// The dictionary that the view shows.
fn find(searcher: &Searcher) -> Result<Option<Vec<u8>>> {
    let schema = searcher.schema();
    let (kind, stored) = (schema.get_field(schema::DOC)?, schema.get_field(schema::STORED)?);
    let query = TermQuery::new(Term::from_field_text(kind, schema::DICTIONARY), IndexRecordOption::Basic);
    let found = searcher.search(&query, &tantivy::collector::DocSetCollector)?;
    let Some(address) = found.into_iter().next() else { return Ok(None) };
    let document: TantivyDocument = searcher.doc(address)?;
    Ok(document.get_first(stored).and_then(|value| value.as_bytes()).map(<[u8]>::to_vec))
}

fn failed(error: std::io::Error) -> Error {
    Error::Index(format!("a letter cannot be packed: {error}"))
}

fn damaged() -> Error {
    Error::Damaged("a stored letter cannot be read".into())
}
