//! Several terms of a segment as if they were one: the documents in which any of them stands, how often and where.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// Several terms. One form of a word stands in most of its documents, and is asked first. The others, of which a beginning may have
/// thousands, are in a heap, so that those which are not yet at the document asked for are found without a look at the rest.
pub struct Union {
    doc: DocId,
    most: Option<SegmentPostings>,
    others: Vec<SegmentPostings>,
    /// For each of the others the document at which it is; the earliest first.
    at: BinaryHeap<Reverse<(DocId, usize)>>,
}

impl Union {
    /// Of these terms.
    pub fn of(mut terms: Vec<SegmentPostings>) -> Union {
        terms.sort_by_key(DocSet::size_hint);
        let most = terms.pop();
        let at = terms.iter().enumerate().map(|(number, term)| Reverse((term.doc(), number))).collect();
        let mut union = Union { doc: 0, most, others: terms, at };
        union.go_on(0, SegmentPostings::advance);
        union
    }

    /// Takes every term on that is before `target`.
    fn go_on(&mut self, target: DocId, go: impl Fn(&mut SegmentPostings) -> DocId) -> DocId {
        let target = target.min(TERMINATED);
        self.doc = match &mut self.most {
            Some(term) if term.doc() < target => go(term),
            Some(term) => term.doc(),
            None => TERMINATED,
        };
        while let Some(mut next) = self.at.peek_mut() {
            let Reverse((doc, number)) = *next;
            match self.others.get_mut(number) {
                Some(term) if doc < target => *next = Reverse((go(term), number)),
                _ => {
                    self.doc = self.doc.min(doc);
                    break;
                }
            }
        }
        self.doc
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
        let Union { doc, most, others, at } = self;
        most.iter_mut().filter(|term| term.doc() == *doc).for_each(&mut take);
        each_at(at.as_slice(), 0, *doc, &mut |number| {
            if let Some(term) = others.get_mut(number) {
                take(term);
            }
        });
    }
}

impl DocSet for Union {
    fn advance(&mut self) -> DocId {
        self.go_on(self.doc.saturating_add(1), SegmentPostings::advance)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc { self.doc } else { self.go_on(target, |term| term.seek(target)) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    /// At most.
    fn size_hint(&self) -> u32 {
        self.others.iter().chain(&self.most).map(DocSet::size_hint).fold(0, u32::saturating_add)
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
