//! Words in a row, found by reading each from the first of its documents to the last, with all the places where it stands.
//!
//! The engine looks up where a word stands in a document, and adds up for it how often it stands in those before. Of words that
//! stand in many documents that takes longer than to read on: here a block of documents is decoded at once, with all its places.
//! Where a row may begin says the rarest word, and the others are asked whether they stand in their places behind that.

use std::io;
use std::ops::Range;

use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::{InvertedIndexReader, SegmentComponent};
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

use super::cursor::near;

/// Documents of which the rows are looked for at once.
const WINDOW: DocId = 1 << 12;

/// Places of a document that are looked at in one step, without a guess how many there are.
const STEP: usize = 8;

/// A document, and a place in it.
type Place = (DocId, u32);

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
    /// And how far each is from the one before in its document, all added up from nought on: in a document its places lie as far behind
    /// the last of the document before. Behind them are a few more, which are not looked at.
    places: Vec<u32>,
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

    /// Gives the documents in which they stand in a row, of those among `docs` in which they `may`. Behind them it is of no more use.
    pub fn each(mut self, docs: Range<DocId>, may: impl Fn(DocId) -> bool, mut give: impl FnMut(DocId)) {
        let Some((rarest, others)) = self.words.split_first_mut() else { return };
        let mut rows: Vec<Place> = Vec::new();
        let mut next = docs.start;
        while next < docs.end {
            let window = next..next.saturating_add(WINDOW).min(docs.end);
            next = window.end;
            rows.clear();
            rarest.add_rows(window, &mut rows);
            rows.retain(|(doc, _)| may(*doc));
            for word in others.iter_mut() {
                word.keep(&mut rows);
            }
            rows.iter().for_each(|(doc, _)| give(*doc));
        }
    }
}

impl Word {
    /// Adds where rows begin in these documents for all that this word says.
    fn add_rows(&mut self, docs: Range<DocId>, rows: &mut Vec<Place>) {
        self.forms.iter_mut().for_each(|form| form.add_rows(docs.clone(), self.place, rows));
        if self.forms.len() > 1 {
            rows.sort_unstable();
        }
    }

    /// Keeps the rows in which it stands in its place. Rows are in order. Which are kept no core could foretell, so that nothing
    /// branches on it.
    fn keep(&mut self, rows: &mut Vec<Place>) {
        let Word { place, forms } = self;
        let mut kept = 0;
        for at in 0..rows.len() {
            let Some(&(doc, start)) = rows.get(at) else { break };
            let stands = forms.iter_mut().fold(false, |stands, form| stands | form.stands_at((doc, start + *place)));
            if let Some(next) = rows.get_mut(kept) {
                *next = (doc, start);
            }
            kept += usize::from(stands);
        }
        rows.truncate(kept);
    }
}

impl Form {
    fn of(index: &InvertedIndexReader, positions: &FileSlice, term: &TermInfo) -> io::Result<Self> {
        let block = index.read_block_postings_from_terminfo(term, IndexRecordOption::WithFreqsAndPositions)?;
        let reader = PositionReader::open(positions.read_bytes_slice(term.positions_range.clone())?)?;
        Ok(Form { block, at: 0, before: 0, reader, begins: Vec::new(), places: Vec::new() })
    }

    fn add_rows(&mut self, docs: Range<DocId>, place: u32, rows: &mut Vec<Place>) {
        self.seek(docs.start);
        while self.block.docs().get(self.at).is_some_and(|doc| *doc < docs.end) {
            self.read();
            let ahead = self.block.docs().get(self.at..).unwrap_or_default();
            let here = ahead.partition_point(|doc| *doc < docs.end);
            let begins = self.begins.get(self.at..).unwrap_or_default();
            for (doc, begins) in ahead.iter().take(here).zip(begins.windows(2)) {
                let [begin, end] = begins else { continue };
                let places = self.places.get(*begin as usize..=*end as usize).unwrap_or_default();
                let Some((before, places)) = places.split_first() else { continue };
                let starts = places.iter().filter_map(|at| at.wrapping_sub(*before).checked_sub(place));
                rows.extend(starts.map(|start| (*doc, start)));
            }
            self.at += here;
            if here == ahead.len() {
                self.advance();
            }
        }
    }

    /// Whether it stands there. Places are asked for in the order of their documents.
    fn stands_at(&mut self, (doc, place): Place) -> bool {
        self.seek(doc);
        let is_at = self.block.docs().get(self.at) == Some(&doc);
        if !is_at && self.begins.is_empty() {
            return false;
        }
        self.read();
        let Some(&[begin, end]) = self.begins.get(self.at..).and_then(<[u32]>::first_chunk) else { return false };
        let Some((before, places)) = self.places.get(begin as usize..).and_then(<[u32]>::split_first) else { return false };
        let (place, many) = (before.wrapping_add(place), (end - begin) as usize);
        let Some((first, others)) = places.split_first_chunk::<STEP>() else { return false };
        let stands = first.iter().enumerate().fold(false, |stands, (at, other)| stands | (at < many) & (*other == place));
        is_at & (stands || many > STEP && others.iter().take(many - STEP).any(|other| *other == place))
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
