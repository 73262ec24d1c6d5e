//! A set of documents of one part of a segment, a bit for each.
//!
//! What is counted is counted in such sets: sixty-four documents at a time are joined, intersected and counted.

use std::ops::Range;

use tantivy::DocId;
use tantivy::postings::BlockSegmentPostings;

use super::part::each_block;

mod stretches;

/// In how many documents a term stands at most that are written one by one.
const FEW: u32 = 64;

/// How many words a block of documents spans at most that is gathered.
const CLOSE: usize = 16;

/// A byte for each document of so many words.
type Notes = [[u8; u64::BITS as usize]; CLOSE];

/// A set of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    /// The documents that may be in it. The first word has the first of them, in its place among the sixty-four.
    among: Range<DocId>,
}

impl Bits {
    /// None of these documents.
    pub fn none(among: Range<DocId>) -> Bits {
        let words = among.end.div_ceil(u64::BITS) - among.start / u64::BITS;
        Bits { words: vec![0; words as usize], among }
    }

    /// All of these documents.
    pub fn all(among: Range<DocId>) -> Bits {
        let mut bits = Bits::none(among);
        let (before, behind) = (bits.among.start % u64::BITS, bits.among.end.wrapping_neg() % u64::BITS);
        bits.words.fill(u64::MAX);
        bits.words.first_mut().into_iter().for_each(|word| *word &= u64::MAX << before);
        bits.words.last_mut().into_iter().for_each(|word| *word &= u64::MAX >> behind);
        bits
    }

    /// Those of these documents.
    pub fn of(among: Range<DocId>, members: impl IntoIterator<Item = DocId>) -> Bits {
        let mut bits = Bits::none(among);
        members.into_iter().for_each(|doc| bits.insert(doc));
        bits
    }

    /// Those of these documents whose bits are set in the words of another such set.
    pub fn of_words(among: Range<DocId>, words: &[u64]) -> Bits {
        Bits { words: words.to_vec(), among }
    }

    /// Its words.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The word in which a document is.
    fn place(&self, doc: DocId) -> usize {
        (doc / u64::BITS).wrapping_sub(self.among.start / u64::BITS) as usize
    }

    /// One more, if it may be in it.
    pub fn insert(&mut self, doc: DocId) {
        if self.among.contains(&doc) {
            self.set(doc);
        }
    }

    /// All in which a term stands, a block at a time.
    pub fn insert_all(&mut self, term: BlockSegmentPostings) {
        let among = self.among.clone();
        // Of words that begin alike most stand in a few documents, for which notes take longer.
        if term.doc_freq() <= FEW {
            each_block(term, &among, |docs| docs.iter().for_each(|doc| self.set(*doc)));
            return;
        }
        let mut notes = [[0; u64::BITS as usize]; CLOSE];
        each_block(term, &among, |docs| self.insert_block(docs, &mut notes));
    }

    /// Those of a block, in order. Where many of them share a word, each is first noted in a byte of its own, and the bytes are then
    /// gathered: one bit behind the other in the same word would have to wait for each other, or for a guess where the word ends. The
    /// notes are nought before and behind.
    fn insert_block(&mut self, docs: &[DocId], notes: &mut Notes) {
        let (Some(first), Some(last)) = (docs.first(), docs.last()) else { return };
        let start = first - first % u64::BITS;
        let spanned = ((last - start) / u64::BITS) as usize + 1;
        if spanned > CLOSE || docs.len() < spanned {
            docs.iter().for_each(|doc| self.set(*doc));
            return;
        }
        for doc in docs {
            if let Some(note) = notes.as_flattened_mut().get_mut((doc - start) as usize) {
                *note = 1;
            }
        }
        let place = self.place(*first);
        let words = self.words.iter_mut().skip(place);
        for (word, notes) in words.zip(notes).take(spanned) {
            *word |= gathered(notes);
            *notes = [0; u64::BITS as usize];
        }
    }

    fn set(&mut self, doc: DocId) {
        let place = self.place(doc);
        if let Some(word) = self.words.get_mut(place) {
            *word |= 1 << (doc % u64::BITS);
        }
    }

    /// Whether a document is in it.
    pub fn has(&self, doc: DocId) -> bool {
        self.words.get(self.place(doc)).is_some_and(|word| word >> (doc % u64::BITS) & 1 == 1)
    }

    /// The last that is not behind a document that may be in it.
    pub fn last_up_to(&self, doc: DocId) -> Option<DocId> {
        let (here, before) = self.words.get(..=self.place(doc))?.split_last()?;
        let here = here & (u64::MAX >> (u64::BITS - 1 - doc % u64::BITS));
        let (at, word) = match here {
            0 => before.iter().enumerate().rfind(|(_, word)| **word != 0)?,
            _ => (before.len(), &here),
        };
        Some((self.among.start / u64::BITS + at as DocId) * u64::BITS + word.ilog2())
    }

    /// The first that is not before a document.
    pub fn first_from(&self, doc: DocId) -> Option<DocId> {
        let doc = doc.max(self.among.start);
        let from = self.place(doc);
        let (first, others) = self.words.get(from..)?.split_first()?;
        let first = first & (u64::MAX << (doc % u64::BITS));
        let (behind, word) = match first {
            0 => others.iter().zip(1..).find(|(word, _)| **word != 0).map(|(word, behind)| (behind, *word))?,
            _ => (0, first),
        };
        Some((self.among.start / u64::BITS + from as DocId + behind) * u64::BITS + word.trailing_zeros())
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Whether all that are in the other are in it.
    pub fn holds_all(&self, other: &Bits) -> bool {
        self.words.iter().zip(&other.words).all(|(mine, theirs)| theirs & !mine == 0)
    }

    /// How many are in both.
    pub fn len_with(&self, other: &Bits) -> u64 {
        self.words.iter().zip(&other.words).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }

    /// Leaves those that are in both.
    pub fn intersect(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Adds those that are in the other.
    pub fn unite(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// Takes out those that are in the other.
    pub fn subtract(&mut self, other: &Bits) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    /// The documents, in order.
    pub fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        let base = self.among.start / u64::BITS;
        let of_word = move |(at, word): (usize, &u64)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let lowest = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some((base + at as DocId) * u64::BITS + lowest)
            })
        };
        self.words.iter().enumerate().flat_map(of_word)
    }

    /// Gives the documents, in order, and whether each is in the other set, too: word by word, in half of what it takes to ask of each.
    pub fn each_beside(&self, other: &Bits, mut give: impl FnMut(DocId, bool)) {
        let firsts = (self.among.start / u64::BITS..).map(|word| word * u64::BITS);
        for (first, (word, other)) in firsts.zip(self.words.iter().zip(&other.words)) {
            let mut rest = *word;
            while rest != 0 {
                let lowest = rest.trailing_zeros();
                give(first + lowest, other >> lowest & 1 == 1);
                rest &= rest - 1;
            }
        }
    }
}

/// The lowest bits of sixty-four bytes: times this number, those of eight come to stand side by side in the highest byte, and no two
/// of the products meet.
fn gathered(bytes: &[u8; u64::BITS as usize]) -> u64 {
    const SIDE_BY_SIDE: u64 = 0x0102_0408_1020_4080;
    let gather = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(SIDE_BY_SIDE) >> 56;
    bytes.as_chunks().0.iter().rev().fold(0, |bits, eight| bits << 8 | gather(eight))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    /// The first document of the part.
    pub(super) const FIRST: DocId = 70;

    pub(super) fn docs(end: DocId, many: usize) -> impl Strategy<Value = BTreeSet<DocId>> {
        btree_set(FIRST..FIRST + end, 0..many)
    }

    proptest! {
        #[test]
        fn bits_are_sets(a in docs(300, 200), b in docs(300, 200)) {
            let all = FIRST..FIRST + 300;
            let bits = |set: &BTreeSet<u32>| Bits::of(all.clone(), set.iter().copied());
            let changed = |how: fn(&mut Bits, &Bits)| {
                let mut changed = bits(&a);
                how(&mut changed, &bits(&b));
                changed
            };
            prop_assert_eq!(changed(Bits::intersect), bits(&(&a & &b)));
            prop_assert_eq!(changed(Bits::unite), bits(&(&a | &b)));
            prop_assert_eq!(changed(Bits::subtract), bits(&(&a - &b)));
            prop_assert_eq!(bits(&a).holds_all(&bits(&b)), a.is_superset(&b));
            prop_assert!(bits(&a).holds_all(&bits(&(&a & &b))));
            prop_assert_eq!(bits(&a).len_with(&bits(&b)) as usize, (&a & &b).len());
            prop_assert_eq!(bits(&a).iter().collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!((bits(&a).len() as usize, bits(&a).is_empty()), (a.len(), a.is_empty()));
            prop_assert!((0..FIRST + 600).all(|doc| bits(&a).has(doc) == a.contains(&doc)));
            prop_assert!(all.clone().all(|doc| bits(&a).last_up_to(doc) == a.range(..=doc).next_back().copied()));
            prop_assert!((0..FIRST + 600).all(|doc| bits(&a).first_from(doc) == a.range(doc..).next().copied()));
            prop_assert_eq!(Bits::of(all.clone(), a.iter().copied().chain([0, 69, 370, 371, 600])), bits(&a));
            let mut beside = Vec::new();
            bits(&a).each_beside(&bits(&b), |doc, too| beside.push((doc, too)));
            prop_assert_eq!(beside, a.iter().map(|doc| (*doc, b.contains(doc))).collect::<Vec<_>>());
            let some = FIRST..FIRST + a.len() as u32;
            prop_assert_eq!(Bits::all(some.clone()), Bits::of(some.clone(), some));
        }

        #[test]
        fn blocks_are_inserted_as_their_documents_are(
            ways in prop::collection::vec(prop_oneof![9 => 1u32..4, 1 => 1u32..200], 1..600),
        ) {
            let docs: Vec<_> = ways.iter().scan(FIRST, |doc, way| {
                *doc += way;
                Some(*doc)
            }).collect();
            let all = FIRST..docs.last().map_or(FIRST, |last| last + 1);
            let (mut blocks, mut notes) = (Bits::none(all.clone()), [[0; u64::BITS as usize]; CLOSE]);
            docs.chunks(128).for_each(|block| blocks.insert_block(block, &mut notes));
            prop_assert_eq!(blocks, Bits::of(all, docs));
            prop_assert!(notes.as_flattened().iter().all(|note| *note == 0));
        }
    }
}
