//! Documents that stand between others, as a letter's decisions stand between its own document and the next letter's.
//!
//! A stretch begins at one of some documents and ends before the next of them. All that are in a word are told at once, by how bits carry
//! when words are added.

use super::Bits;

/// The last document of a word.
const LAST: u64 = 1 << (u64::BITS - 1);

impl Bits {
    /// The documents behind each of these, up to the next of `begins`, among which these are.
    ///
    /// A one at the first document of a stretch is carried to its last by ones at all between, and what lies between two ones is
    /// what one less the other sets.
    pub fn behind(&self, begins: &Bits) -> Bits {
        let mut behind = Vec::with_capacity(self.words.len());
        let mut goes_on = false;
        for (at, (chosen, begin)) in self.words.iter().zip(&begins.words).enumerate() {
            let ends = begin >> 1 | LAST;
            let first = chosen | u64::from(goes_on && begin & 1 == 0);
            let last = first.wrapping_add(!ends) & ends;
            behind.push((last.wrapping_sub(first) | last) & !begin);
            goes_on = last & LAST != 0 && begins.words.get(at + 1).is_some_and(|next| next & 1 == 0);
        }
        // The last stretch ends with the last document.
        let beyond = self.among.end % u64::BITS;
        if let Some(last) = behind.last_mut().filter(|_| beyond > 0) {
            *last &= (1 << beyond) - 1;
        }
        Bits { words: behind, among: self.among.clone() }
    }

    /// Of the stretches of documents that begin at each of `begins`, how many have any of these.
    ///
    /// Within a word a stretch is a number whose highest bit is the stretch's last document: the others and a one at each of
    /// their places carry into that bit exactly where any of them is set, and no carry leaves the stretch.
    pub fn stretches(&self, begins: &Bits) -> u64 {
        let mut stretches = 0;
        // Whether the stretch that goes on from the word before has been counted.
        let mut counted = false;
        for (at, (bits, begin)) in self.words.iter().zip(&begins.words).enumerate() {
            let goes_on = begins.words.get(at + 1).is_some_and(|next| next & 1 == 0);
            let ends = begin >> 1 | LAST;
            let hit = ((bits & !ends).wrapping_add(!ends) | bits) & ends;
            let first = ends & ends.wrapping_neg();
            let again = counted && begin & 1 == 0;
            stretches += u64::from(hit.count_ones()) - u64::from(again && hit & first != 0);
            counted = goes_on && (hit & LAST != 0 || again && ends == LAST);
        }
        stretches
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use crate::search::bits::Bits;
    use crate::search::bits::tests::{FIRST, docs};

    proptest! {
        #[test]
        fn stretches_are_filled(begins in docs(400, 200), every in 1usize..5) {
            let all = FIRST..FIRST + 400;
            let chosen: Vec<_> = begins.iter().copied().step_by(every).collect();
            let next = |begin: u32| begins.range(begin + 1..).next().copied().unwrap_or(all.end);
            let expected = Bits::of(all.clone(), chosen.iter().flat_map(|begin| begin + 1..next(*begin)));
            let begins = Bits::of(all.clone(), begins.iter().copied());
            prop_assert_eq!(Bits::of(all.clone(), chosen.iter().copied()).behind(&begins), expected);
        }

        #[test]
        fn stretches_are_counted_once(members in docs(400, 100), begins in prop_oneof![docs(400, 200), docs(400, 6)]) {
            let all = FIRST..FIRST + 400;
            let stretch = |doc: &u32| begins.range(..=doc).next_back();
            let expected = members.iter().map(stretch).collect::<BTreeSet<_>>().len();
            let bits = Bits::of(all.clone(), members.iter().copied());
            prop_assert_eq!(bits.stretches(&Bits::of(all.clone(), begins.iter().copied())) as usize, expected);
        }
    }
}
