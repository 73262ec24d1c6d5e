//! Words in a row, found by reading each from the first of its documents to the last, with all the places where it stands.
//!
//! The engine looks up where a word stands in a document, and adds up for it how often it stands in those before. Of words that
//! stand in many documents that takes longer than to read on: here a block of documents is decoded at once, with all its places.
//! Where a row may begin says the rarest word, and the others are asked whether they stand in their places behind that. Most answers
//! no core could foretell, so that nothing branches on them.

use std::io;
use std::ops::Range;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::{InvertedIndexReader, SegmentComponent};
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

use super::bits::Bits;
use super::cursor::near;
use super::keep::keep;

/// Documents of which the rows are looked for at once.
const WINDOW: DocId = 1 << 12;

/// Places in a document that are looked at in one step, however many there are.
const STEP: usize = 8;

/// Rows of a document that are written in one step, however many there are.
const ROWS: usize = 4;

/// Where a row may begin: a document, and a place in it.
type Row = (DocId, u32);

/// Words in a row.
pub struct Through {
    /// The rarest first.
    words: Vec<Word>,
}

/// A word in any of its forms.
struct Word {
    /// How far behind the first it is to stand.
    place: u32,
    forms: Vec<Form>,
}

/// One of the forms.
struct Form {
    block: BlockSegmentPostings,
    /// Which of the documents of the block it is at.
    at: usize,
    /// How often it stands in the blocks before.
    before: u64,
    reader: PositionReader,
    /// Once places in the block are asked for: how many of them are before those of each of its documents; then how many there are.
    begins: Vec<u32>,
    /// And the places, each counted on from the one before, which of the first in a document is that of another. They begin with one
    /// that counts for nothing, and a few more follow.
    places: Vec<u32>,
    /// For each row that is asked about, where in the block its document is.
    asked: Vec<usize>,
}

impl Through {
    /// Words in a field of a segment, each with its place behind the first and the terms of its forms.
    pub fn of(segment: &SegmentReader, field: Handle, words: &[(usize, Vec<TermInfo>)]) -> tantivy::Result<Self> {
        let index = segment.inverted_index(field)?;
        let positions = CompositeFile::open(&segment.open_read(SegmentComponent::Positions)?)?.open_read(field);
        let positions = positions.unwrap_or_else(FileSlice::empty);
        let words = words.iter().map(|(place, terms)| {
            let forms = terms.iter().map(|term| Form::of(&index, &positions, term)).collect::<io::Result<_>>()?;
            Ok(Word { place: *place as u32, forms })
        });
        let mut words = words.collect::<io::Result<Vec<_>>>()?;
        words.sort_by_key(|word| word.forms.iter().map(|form| u64::from(form.block.doc_freq())).sum::<u64>());
        Ok(Through { words })
    }

    /// Gives the documents in which they stand in a row, of those among `docs`, and if so `among` these. Behind them it is of no more use.
    pub fn each(mut self, docs: Range<DocId>, among: Option<&Bits>, mut give: impl FnMut(DocId)) {
        let Some((rarest, others)) = self.words.split_first_mut() else { return };
        let (mut rows, mut stands) = (Vec::new(), Vec::new());
        let mut next = docs.start;
        while next < docs.end {
            let window = next..next.saturating_add(WINDOW).min(docs.end);
            next = window.end;
            rows.clear();
            rarest.add_rows(window, &mut rows);
            if let Some(among) = among {
                keep(&mut rows, |(doc, _)| among.has(doc));
            }
            for word in others.iter_mut() {
                stands.clear();
                stands.resize(rows.len(), false);
                word.forms.iter_mut().for_each(|form| form.stands(&rows, word.place, &mut stands));
                let mut stands = stands.iter();
                keep(&mut rows, |_| stands.next().is_some_and(|stands| *stands));
            }
            rows.iter().for_each(|(doc, _)| give(*doc));
        }
    }
}

impl Word {
    /// Adds where rows begin in these documents for all that this word says.
    fn add_rows(&mut self, docs: Range<DocId>, rows: &mut Vec<Row>) {
        self.forms.iter_mut().for_each(|form| form.add_rows(docs.clone(), self.place, rows));
        if self.forms.len() > 1 {
            rows.sort_unstable();
        }
    }
}

impl Form {
    fn of(index: &InvertedIndexReader, positions: &FileSlice, term: &TermInfo) -> io::Result<Self> {
        let block = index.read_block_postings_from_terminfo(term, IndexRecordOption::WithFreqsAndPositions)?;
        let reader = PositionReader::open(positions.read_bytes_slice(term.positions_range.clone())?)?;
        Ok(Form { block, at: 0, before: 0, reader, begins: Vec::new(), places: Vec::new(), asked: Vec::new() })
    }

    /// Adds where rows begin if it stands so far behind that. What would begin before its text is no row, since there the first word
    /// does not stand.
    fn add_rows(&mut self, docs: Range<DocId>, place: u32, rows: &mut Vec<Row>) {
        self.seek(docs.start);
        while self.block.docs().get(self.at).is_some_and(|doc| *doc < docs.end) {
            self.read();
            let ahead = self.block.docs().get(self.at..).unwrap_or_default();
            let here = ahead.partition_point(|doc| *doc < docs.end);
            let mut len = rows.len();
            rows.resize(len + self.places.len(), (0, 0));
            for (doc, at) in ahead.iter().take(here).zip(self.at..) {
                let Some((origin, places, many)) = self.places_of(at) else { continue };
                let many = many as usize;
                let Some(rows) = rows.get_mut(len..) else { continue };
                let row = |at: &u32| (*doc, at.wrapping_sub(origin).wrapping_sub(place));
                if let (Some(rows), Some(places)) = (rows.first_chunk_mut::<ROWS>(), places.first_chunk::<ROWS>()) {
                    *rows = places.each_ref().map(row);
                }
                rows.iter_mut().zip(places).take(many).skip(ROWS).for_each(|(other, at)| *other = row(at));
                len += many;
            }
            rows.truncate(len);
            self.at += here;
            if here == ahead.len() {
                self.advance();
            }
        }
    }

    /// Notes of which rows it stands in its place. Rows are asked about in order.
    fn stands(&mut self, mut rows: &[Row], place: u32, mut stands: &mut [bool]) {
        while let Some((doc, _)) = rows.first() {
            self.seek(*doc);
            let docs = self.block.docs();
            let Some(last) = docs.last() else { return };
            // The rows in documents of the block, and where in it these are.
            let (here, behind) = rows.split_at(rows.partition_point(|(doc, _)| doc <= last));
            let (stand_here, stand_behind) = stands.split_at_mut(here.len());
            let (mut at, mut has_any) = (self.at, false);
            self.asked.clear();
            self.asked.extend(here.iter().map(|(doc, _)| {
                let ahead = docs.get(at..).unwrap_or_default();
                at += near(ahead, *doc).unwrap_or_else(|| ahead.partition_point(|other| other < doc));
                has_any |= docs.get(at) == Some(doc);
                at
            }));
            self.at = at;
            if has_any {
                self.read();
                for (((doc, start), at), stands) in here.iter().zip(&self.asked).zip(stand_here) {
                    *stands |= (self.block.docs().get(*at) == Some(doc)) & self.stands_at(*at, start.wrapping_add(place));
                }
            }
            (rows, stands) = (behind, stand_behind);
        }
    }

    /// Whether it stands there in that document of the block, whose places have been read.
    fn stands_at(&self, at: usize, place: u32) -> bool {
        let Some((origin, places, many)) = self.places_of(at) else { return false };
        let Some((first, others)) = places.split_first_chunk::<STEP>() else { return false };
        let place = origin.wrapping_add(place);
        let stands = (0..).zip(first).fold(false, |stands, (at, other)| stands | (at < many) & (*other == place));
        others.iter().take((many as usize).saturating_sub(STEP)).fold(stands, |stands, other| stands | (*other == place))
    }

    /// Of that document of the block, whose places have been read: from where its places are counted, they and what follows, and how many
    /// they are.
    fn places_of(&self, at: usize) -> Option<(u32, &[u32], u32)> {
        let [begin, end] = *self.begins.get(at..)?.first_chunk()?;
        let (origin, places) = self.places.get(begin as usize..)?.split_first()?;
        Some((*origin, places, end - begin))
    }

    /// Goes to the first document from `target` on; never back.
    fn seek(&mut self, target: DocId) {
        while self.block.docs().last().is_some_and(|last| *last < target) {
            self.advance();
        }
        let ahead = self.block.docs().get(self.at..).unwrap_or_default();
        self.at += near(ahead, target).unwrap_or_else(|| ahead.partition_point(|doc| *doc < target));
    }

    /// Goes to the next block.
    fn advance(&mut self) {
        self.before += u64::from(self.block.freqs().iter().sum::<u32>());
        self.block.advance();
        self.begins.clear();
        self.at = 0;
    }

    /// Reads where it stands in the documents of the block, unless it has.
    fn read(&mut self) {
        if !self.begins.is_empty() {
            return;
        }
        let mut sum = 0;
        self.begins.push(0);
        self.begins.extend(self.block.freqs().iter().map(|frequency| {
            sum += frequency;
            sum
        }));
        let sum = sum as usize;
        self.places.resize(1 + sum + STEP, 0);
        let places = self.places.get_mut(1..=sum).unwrap_or_default();
        self.reader.read(self.before, places);
        // Only differences count, so that no sum is too large.
        places.iter_mut().fold(0_u32, |sum, place| {
            *place = place.wrapping_add(sum);
            *place
        });
    }
}
