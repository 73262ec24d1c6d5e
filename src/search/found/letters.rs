//! From units to their letters and back: all at once, by where each letter begins, or, of few, one by one.

use tantivy::query::Query as Engine;
use tantivy::{DocId, Term};

use super::{Among, Finder, reads_positions};
use crate::index::schema;
use crate::search::bits::Bits;
use crate::search::part::Part;

/// Documents of a segment of which the letters are told in the time in which that of one unit is looked up.
const LETTER: u64 = 16;

impl Finder<'_> {
    /// The letters that a query finds.
    pub(super) fn letters(&self, query: &dyn Engine, among: Option<Among<'_>>) -> tantivy::Result<Bits> {
        let reads_positions = reads_positions(query) && !self.is_loose;
        let Some(among) = among.filter(|_| reads_positions) else { return self.bits(query, None) };
        let behind = self.part.behind()?;
        let letters = Bits::of(self.part.docs.clone(), among.bits.iter().map(|doc| behind.letter(doc)));
        self.bits(query, Some(Among { len: letters.len(), bits: &letters }))
    }

    /// The units of these letters.
    pub(super) fn units(&self, letters: &Bits) -> tantivy::Result<Bits> {
        if !self.are_few(letters) {
            return Ok(letters.behind(self.others()?));
        }
        let (behind, end) = (self.part.behind()?, self.part.docs.end);
        let of = |letter: DocId| (letter + 1..end).take_while(move |doc| behind.letter(*doc) == letter);
        Ok(Bits::of(self.part.docs.clone(), letters.iter().flat_map(of)))
    }

    /// Of how many letters these units are.
    pub fn count_letters(&self, units: &Bits) -> tantivy::Result<u64> {
        if !self.are_few(units) {
            return Ok(units.stretches(self.others()?));
        }
        let behind = self.part.behind()?;
        let mut last = None;
        Ok(units.iter().filter(|unit| last.replace(behind.letter(*unit)) != last).count() as u64)
    }

    /// Whether to look up the letters of these, and of all that were looked up before, takes less than to tell those of all documents,
    /// which is then kept.
    fn are_few(&self, bits: &Bits) -> bool {
        let Part { view, docs, segment, .. } = self.part;
        view.others(docs).is_none() && view.looked_up(bits.len()) * LETTER < u64::from(segment.max_doc())
    }

    /// The documents that stand between the units of one letter and those of the next, deleted or not.
    fn others(&self) -> tantivy::Result<&Bits> {
        if let Some(others) = self.others.get() {
            return Ok(others);
        }
        let Part { view, docs, .. } = self.part;
        if let Some(words) = view.others(docs) {
            return Ok(self.others.get_or_init(|| Bits::of_words(docs.clone(), &words)));
        }
        let kind = self.searcher.schema().get_field(schema::DOC)?;
        let mut others = self.none();
        for other in schema::OTHERS {
            self.add_term(&Term::from_field_text(kind, other), None, &mut others)?;
        }
        view.tell_others(docs, others.words().into());
        Ok(self.others.get_or_init(|| others))
    }
}
