//! Words in a row, found by reading each from the first of its documents to the last, with all the places where it stands.
//!
//! The engine looks up where a word stands in a document, and adds up for it how often it stands in those before. Of words that
//! stand in many documents that takes longer than to read on: here a block of documents is decoded at once, with all its places.

use std::io;
use std::ops::Range;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::{InvertedIndexReader, SegmentComponent};
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, SegmentReader, TERMINATED};

/// The documents in which all the words stand.
pub struct Through {
    /// The rarest first.
    words: Vec<Word>,
}

/// A word in any of its forms.
struct Word {
    /// How far behind the first it is to stand.
    place: u32,
    forms: Vec<Form>,
    doc: DocId,
    /// Where it stands in the document, if it may stand there in several forms.
    merged: Vec<u32>,
}

/// One of the forms.
struct Form {
    block: BlockSegmentPostings,
    /// The documents of the block.
    docs: Vec<DocId>,
    /// The last of them.
    last: DocId,
    /// How often it stands in each and all before.
    sums: Vec<u32>,
    /// Which of them it is at.
    at: usize,
    /// How often it stands in the blocks before.
    before: u64,
    reader: PositionReader,
    /// Where it stands in the block, document behind document, once that is asked for.
    places: Vec<u32>,
    /// The first of the documents of which that has not been read.
    read_to: usize,
}

impl Through {
    /// Words in a field of a segment, each with its place behind the first and the terms of its forms.
    pub fn of(segment: &SegmentReader, field: Handle, words: &[(usize, Vec<TermInfo>)]) -> tantivy::Result<Self> {
        let index = segment.inverted_index(field)?;
        let positions = CompositeFile::open(&segment.open_read(SegmentComponent::Positions)?)?.open_read(field);
        let positions = positions.unwrap_or_else(FileSlice::empty);
        let words = words.iter().map(|(place, terms)| {
            let forms = terms.iter().map(|term| Form::of(&index, &positions, term)).collect::<io::Result<_>>()?;
            Ok(Word { place: *place as u32, forms, doc: 0, merged: Vec::new() })
        });
        let mut words = words.collect::<io::Result<Vec<_>>>()?;
        words.sort_by_key(|word| word.forms.iter().map(|form| u64::from(form.block.doc_freq())).sum::<u64>());
        Ok(Through { words })
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
        self.starts().next().is_some()
    }

    /// How often they stand in a row there.
    pub fn rows(&mut self) -> u32 {
        self.starts().count() as u32
    }

    fn starts(&mut self) -> impl Iterator<Item = u32> {
        self.words.iter_mut().for_each(Word::read);
        let (first, others) = self.words.split_first().unzip();
        let starts = first.into_iter().flat_map(|first| first.places().iter().filter_map(|place| place.checked_sub(first.place)));
        // Few words stand more than a few times in a text.
        let is_there = |start: u32| move |word: &Word| word.places().contains(&(start + word.place));
        starts.filter(move |start| others.unwrap_or_default().iter().all(is_there(*start)))
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

    /// Reads where it stands in the document at which it is.
    fn read(&mut self) {
        if let [form] = self.forms.as_mut_slice() {
            form.read();
            return;
        }
        self.merged.clear();
        for form in self.forms.iter_mut().filter(|form| form.docs.get(form.at) == Some(&self.doc)) {
            form.read();
            self.merged.extend_from_slice(form.places());
        }
    }

    /// What has been read.
    fn places(&self) -> &[u32] {
        if let [form] = self.forms.as_slice() { form.places() } else { &self.merged }
    }
}

impl Form {
    fn of(index: &InvertedIndexReader, positions: &FileSlice, term: &TermInfo) -> io::Result<Self> {
        let block = index.read_block_postings_from_terminfo(term, IndexRecordOption::WithFreqsAndPositions)?;
        let reader = PositionReader::open(positions.read_bytes_slice(term.positions_range.clone())?)?;
        let (docs, sums, places) = (Vec::new(), Vec::new(), Vec::new());
        let mut form = Form { block, docs, last: 0, sums, at: 0, before: 0, reader, places, read_to: 0 };
        form.enter();
        Ok(form)
    }

    /// Begins with the documents of the block.
    fn enter(&mut self) {
        self.docs.clear();
        self.docs.extend_from_slice(self.block.docs());
        self.last = self.docs.last().copied().unwrap_or(TERMINATED);
        self.sums.clear();
        let mut sum = 0;
        self.sums.extend(self.block.freqs().iter().map(|frequency| {
            sum += frequency;
            sum
        }));
        self.places.clear();
        (self.at, self.read_to) = (0, 0);
    }

    fn seek(&mut self, target: DocId) -> DocId {
        while self.last < target {
            self.before += u64::from(self.sums.last().copied().unwrap_or(0));
            self.block.advance();
            self.enter();
        }
        while let Some(doc) = self.docs.get(self.at) {
            if *doc >= target {
                return *doc;
            }
            self.at += 1;
        }
        TERMINATED
    }

    /// Reads where it stands in the document at which it is: there every place is told by how far it is from the one before.
    fn read(&mut self) {
        if self.places.is_empty() {
            self.places.resize(self.sums.last().map_or(0, |sum| *sum as usize), 0);
            self.reader.read(self.before, &mut self.places);
        }
        if self.read_to > self.at {
            return;
        }
        self.read_to = self.at + 1;
        let here = self.here();
        let mut place = 0;
        for way in self.places.get_mut(here).unwrap_or_default() {
            place += *way;
            *way = place;
        }
    }

    /// Where it stands in the document at which it is, which has been read.
    fn places(&self) -> &[u32] {
        self.places.get(self.here()).unwrap_or_default()
    }

    /// Which of the block's places are of the document at which it is.
    fn here(&self) -> Range<usize> {
        let before = self.at.checked_sub(1).and_then(|before| self.sums.get(before)).copied().unwrap_or(0);
        before as usize..self.sums.get(self.at).copied().unwrap_or(0) as usize
    }
}
