//! Words in a row, found by reading each from the first of its documents to the last, with all the places where it stands.
//!
//! The engine looks up where a word stands in a document, and adds up for it how often it stands in those before. Of words that
//! stand in many documents that takes longer than to read on: here a block of documents is decoded at once, with all its places.

use std::io;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::{InvertedIndexReader, SegmentComponent};
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, SegmentReader, TERMINATED};

use super::row;

/// The documents in which all the words stand.
pub struct Through {
    /// The rarest first: it decides what is looked at.
    words: Vec<Word>,
    starts: Vec<u32>,
    places: Vec<u32>,
}

/// A word in any of its forms.
struct Word {
    /// How far behind the first it is to stand.
    place: u32,
    forms: Vec<Form>,
    doc: DocId,
}

/// One of the forms.
struct Form {
    block: BlockSegmentPostings,
    /// Which of the documents of the block it is at.
    at: usize,
    /// How often it stands in the blocks before.
    before: u64,
    reader: PositionReader,
    /// Once places in the block are asked for: how often it stands in each of its documents and all before.
    sums: Vec<u32>,
    /// Then how far each place is from the one before in the document, document behind document.
    ways: Vec<u32>,
}

impl Through {
    /// Words in a field of a segment, each with its place behind the first and the terms of its forms.
    pub fn of(segment: &SegmentReader, field: Handle, words: &[(usize, Vec<TermInfo>)]) -> tantivy::Result<Self> {
        let index = segment.inverted_index(field)?;
        let positions = CompositeFile::open(&segment.open_read(SegmentComponent::Positions)?)?.open_read(field);
        let positions = positions.unwrap_or_else(FileSlice::empty);
        let words = words.iter().map(|(place, terms)| {
            let forms = terms.iter().map(|term| Form::of(&index, &positions, term)).collect::<io::Result<_>>()?;
            Ok(Word { place: *place as u32, forms, doc: 0 })
        });
        let mut words = words.collect::<io::Result<Vec<_>>>()?;
        words.sort_by_key(|word| word.forms.iter().map(|form| u64::from(form.block.doc_freq())).sum::<u64>());
        Ok(Through { words, starts: Vec::new(), places: Vec::new() })
    }

    /// The first document from `target` on in which all stand; no earlier one than before.
    pub fn seek(&mut self, mut target: DocId) -> DocId {
        'from: while target < TERMINATED {
            for word in &mut self.words {
                let doc = word.seek(target);
                if doc > target {
                    target = doc;
                    continue 'from;
                }
            }
            return target;
        }
        TERMINATED
    }

    /// Whether they stand in a row somewhere in the document at which they are.
    pub fn are_in_a_row(&mut self) -> bool {
        let Through { words, starts, places } = self;
        starts.clear();
        for (number, word) in words.iter_mut().enumerate() {
            word.places(places);
            match number {
                0 => starts.extend(places.iter().filter_map(|at| at.checked_sub(word.place))),
                _ => row::keep(starts, places, word.place),
            }
            if starts.is_empty() {
                break;
            }
        }
        !starts.is_empty()
    }
}

impl Word {
    fn seek(&mut self, target: DocId) -> DocId {
        self.doc = match self.forms.as_mut_slice() {
            [form] => form.seek(target),
            forms => forms.iter_mut().map(|form| form.seek(target)).min().unwrap_or(TERMINATED),
        };
        self.doc
    }

    /// Where it stands in the document at which it is, in order.
    fn places(&mut self, places: &mut Vec<u32>) {
        places.clear();
        let Word { forms, doc, .. } = self;
        let mut here = 0;
        for form in forms.iter_mut().filter(|form| form.doc() == *doc) {
            form.add_places(places);
            here += 1;
        }
        if here > 1 {
            places.sort_unstable();
        }
    }
}

impl Form {
    fn of(index: &InvertedIndexReader, positions: &FileSlice, term: &TermInfo) -> io::Result<Self> {
        let block = index.read_block_postings_from_terminfo(term, IndexRecordOption::WithFreqsAndPositions)?;
        let reader = PositionReader::open(positions.read_bytes_slice(term.positions_range.clone())?)?;
        Ok(Form { block, at: 0, before: 0, reader, sums: Vec::new(), ways: Vec::new() })
    }

    /// The document at which it is.
    fn doc(&self) -> DocId {
        self.block.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        while self.block.docs().last().is_some_and(|last| *last < target) {
            self.before += u64::from(self.block.freqs().iter().sum::<u32>());
            self.block.advance();
            self.sums.clear();
            self.at = 0;
        }
        let ahead = self.block.docs().get(self.at..).unwrap_or_default();
        self.at += ahead.iter().take_while(|doc| **doc < target).count();
        self.doc()
    }

    /// Adds where it stands in the document at which it is.
    fn add_places(&mut self, places: &mut Vec<u32>) {
        if self.sums.is_empty() {
            self.read();
        }
        let sum_to = |at: Option<usize>| at.and_then(|at| self.sums.get(at)).map_or(0, |sum| *sum as usize);
        let here = sum_to(self.at.checked_sub(1))..sum_to(Some(self.at));
        let mut place = 0;
        places.extend(self.ways.get(here).unwrap_or_default().iter().map(|way| {
            place += way;
            place
        }));
    }

    /// Reads where it stands in all documents of the block.
    fn read(&mut self) {
        let mut sum = 0;
        self.sums.extend(self.block.freqs().iter().map(|frequency| {
            sum += frequency;
            sum
        }));
        self.ways.resize(sum as usize, 0);
        self.reader.read(self.before, &mut self.ways);
    }
}
