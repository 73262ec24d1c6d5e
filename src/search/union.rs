//! Several terms of a segment as if they were one: the documents in which any of them stands, how often and where.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// Several terms. A beginning may stand for thousands of them: those that are not yet at the document asked for are found by a
/// heap, without a look at the others.
pub struct Union {
    terms: Vec<SegmentPostings>,
    /// For each term the document at which it is; the earliest first.
    at: BinaryHeap<Reverse<(DocId, usize)>>,
}

impl Union {
    /// Of these terms.
    pub fn of(terms: Vec<SegmentPostings>) -> Union {
        let at = terms.iter().enumerate().map(|(number, term)| Reverse((term.doc(), number))).collect();
        Union { terms, at }
    }

    /// Takes every term on that is before `target`.
    fn go_on(&mut self, target: DocId, go: impl Fn(&mut SegmentPostings) -> DocId) -> DocId {
        while let Some(mut next) = self.at.peek_mut() {
            let Reverse((doc, number)) = *next;
            match self.terms.get_mut(number) {
                Some(term) if doc < target.min(TERMINATED) => *next = Reverse((go(term), number)),
                _ => return doc,
            }
        }
        TERMINATED
    }

    /// How often it stands in the document at which it is.
    pub fn frequency(&mut self) -> u32 {
        let mut frequency = 0;
        self.each_here(|term| frequency += term.term_freq());
        frequency
    }

    /// Where it stands in the document at which it is, in order.
    pub fn positions(&mut self, positions: &mut Vec<u32>) {
        positions.clear();
        let mut terms = 0;
        self.each_here(|term| {
            term.append_positions_with_offset(0, positions);
            terms += 1;
        });
        if terms > 1 {
            positions.sort_unstable();
        }
    }

    fn each_here(&mut self, mut take: impl FnMut(&mut SegmentPostings)) {
        let Union { terms, at } = self;
        let Some(Reverse((doc, _))) = at.peek() else { return };
        each_at(at.as_slice(), 0, *doc, &mut |number| {
            if let Some(term) = terms.get_mut(number) {
                take(term);
            }
        });
    }
}

impl DocSet for Union {
    fn advance(&mut self) -> DocId {
        self.go_on(self.doc().saturating_add(1), SegmentPostings::advance)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.go_on(target, |term| term.seek(target))
    }

    fn doc(&self) -> DocId {
        self.at.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc)
    }

    /// At most.
    fn size_hint(&self) -> u32 {
        self.terms.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
    }
}

/// Gives the numbers of the terms that are at `doc`. They are at the top of the heap, each beneath one that is there too.
fn each_at(heap: &[Reverse<(DocId, usize)>], place: usize, doc: DocId, give: &mut dyn FnMut(usize)) {
    if let Some(Reverse((_, number))) = heap.get(place).filter(|Reverse((at, _))| *at == doc) {
        give(*number);
        each_at(heap, 2 * place + 1, doc, give);
        each_at(heap, 2 * place + 2, doc, give);
    }
}
