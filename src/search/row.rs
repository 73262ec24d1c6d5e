//! Words side by side, or so many places apart, each of them any of several terms ([`Union`]).

use tantivy::{DocId, DocSet, SeekDangerResult, TERMINATED};

use super::union::Union;

/// What a document of a row costs, compared with one of a single word.
const COST: u64 = 10;

/// The documents in which all the words stand, and where in them they stand in a row.
pub struct Row {
    /// Each with its place behind the first; the rarest first, since it decides what is looked at.
    words: Vec<(u32, Union)>,
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl Row {
    /// Of these words, each at its place.
    pub fn of(mut words: Vec<(u32, Union)>) -> Row {
        words.sort_by_key(|(_, word)| word.size_hint());
        Row { words, starts: Vec::new(), positions: Vec::new() }
    }

    /// The first document from `target` on that holds all words, in a row or not; no earlier one than before.
    pub fn seek(&mut self, mut target: DocId) -> DocId {
        while target < TERMINATED {
            match self.beyond(target) {
                Some(next) => target = next,
                None => return target,
            }
        }
        TERMINATED
    }

    /// Where `target` lacks a word, a document before which none has all.
    pub fn beyond(&mut self, target: DocId) -> Option<DocId> {
        self.words.iter_mut().map(|(_, word)| word.seek(target)).find(|doc| *doc > target)
    }

    /// Where the first word of each row stands in `doc`, which holds all words.
    pub fn starts(&mut self) -> &[u32] {
        let Row { words, starts, positions } = self;
        let mut words = words.iter_mut();
        starts.clear();
        if let Some((place, word)) = words.next() {
            word.positions(positions);
            starts.extend(positions.iter().filter_map(|position| position.checked_sub(*place)));
        }
        for (place, word) in words {
            if starts.is_empty() {
                break;
            }
            word.positions(positions);
            keep(starts, positions, *place);
        }
        starts
    }

    /// In how many documents the words stand at most.
    pub fn size_hint(&self) -> u32 {
        self.words.first().map_or(0, |(_, word)| word.size_hint())
    }
}

/// Keeps the starts that have a position `place` behind them. Both are in order.
fn keep(starts: &mut Vec<u32>, positions: &[u32], place: u32) {
    let mut rest = positions;
    starts.retain(|start| {
        let wanted = start + place;
        while let [position, others @ ..] = rest {
            if *position >= wanted {
                return *position == wanted;
            }
            rest = others;
        }
        false
    });
}

/// The documents in which words stand in a row.
pub struct InARow {
    row: Row,
    doc: DocId,
    rows: u32,
}

impl InARow {
    /// At the first of them.
    pub fn of(row: Row) -> Self {
        let mut first = InARow { row, doc: 0, rows: 0 };
        first.settle(0);
        first
    }

    /// How many rows there are in the document at which it is.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Goes to the first document from `target` on that has a row.
    fn settle(&mut self, target: DocId) -> DocId {
        self.doc = self.row.seek(target);
        while self.doc < TERMINATED && !self.look() {
            self.doc = self.row.seek(self.doc + 1);
        }
        self.doc
    }

    /// Whether there are rows in `doc`, which holds all words.
    fn look(&mut self) -> bool {
        self.rows = self.row.starts().len() as u32;
        self.rows > 0
    }
}

impl DocSet for InARow {
    fn advance(&mut self) -> DocId {
        self.settle(self.doc.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.settle(target) }
    }

    /// Looks into that document only: what else must hold may not hold in the next that has a row.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        if let Some(next) = self.row.beyond(target) {
            return SeekDangerResult::SeekLowerBound(next.min(TERMINATED));
        }
        self.doc = target;
        match self.look() {
            true => SeekDangerResult::Found,
            false => SeekDangerResult::SeekLowerBound(target + 1),
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.row.size_hint()
    }

    fn cost(&self) -> u64 {
        u64::from(self.size_hint()) * COST
    }
}
