//! From units to their letters and back: all at once, by where each letter begins, or, of few, one by one.

use tantivy::query::Query as Engine;
use tantivy::{DocId, Term};

use super::{Among, Finder, reads_positions};
use crate::index::schema;
use crate::search::bits::Bits;
use crate::search::of_letter::Behind;
use crate::search::part::Part;

/// Documents of a segment of which the letters are told in the time in which that of one unit is looked up.
const LETTER: u64 = 16;

/// Documents of which the letters are looked up to find the units of one letter: about three, and the one behind them.
const UNITS: u64 = 4;

/// Where the letters of units are.
pub enum Letters<'p> {
    /// The last before them of the documents that are no units.
    Told(&'p Bits),
    /// As far before them as the index says of each.
    Asked(&'p Behind),
}

impl Letters<'_> {
    /// The document of a unit's letter; of any other document itself.
    pub fn letter(&self, doc: DocId) -> DocId {
        match self {
            Letters::Told(others) => others.last_up_to(doc).unwrap_or(doc),
            Letters::Asked(behind) => behind.letter(doc),
        }
    }
}

impl Finder<'_> {
    /// Where the letters of units are, to look up those of so many.
    pub fn letters_of(&self, units: &Bits) -> tantivy::Result<Letters<'_>> {
        Ok(match self.are_few(units.len()) {
            true => Letters::Asked(self.part.behind()?),
            false => Letters::Told(self.others()?),
        })
    }

    /// The letters that a query finds.
    pub(super) fn letters(&self, query: &dyn Engine, among: Option<Among<'_>>) -> tantivy::Result<Bits> {
        let reads_positions = reads_positions(query) && !self.is_loose;
        // The letters of more units are as good as all.
        let are_some = |among: &Among<'_>| among.len * 2 < self.part.docs.len() as u64;
        let Some(among) = among.filter(|among| reads_positions && are_some(among)) else { return self.bits(query, None) };
        let of = self.letters_of(among.bits)?;
        let letters = Bits::of(self.part.docs.clone(), among.bits.iter().map(|doc| of.letter(doc)));
        self.bits(query, Some(Among::of(&letters)))
    }

    /// The units of these letters.
    pub(super) fn units(&self, letters: &Bits) -> tantivy::Result<Bits> {
        if !self.are_few(letters.len() * UNITS) {
            return Ok(letters.behind(self.others()?));
        }
        let (behind, end) = (self.part.behind()?, self.part.docs.end);
        let of = |letter: DocId| (letter + 1..end).take_while(move |doc| behind.letter(*doc) == letter);
        Ok(Bits::of(self.part.docs.clone(), letters.iter().flat_map(of)))
    }

    /// Of how many letters these units are.
    pub fn count_letters(&self, units: &Bits) -> tantivy::Result<u64> {
        if !self.are_few(units.len()) {
            return Ok(units.stretches(self.others()?));
        }
        let behind = self.part.behind()?;
        let mut last = None;
        Ok(units.iter().filter(|unit| last.replace(behind.letter(*unit)) != last).count() as u64)
    }

    /// Whether to look up the letters of so many, and of all that were looked up before, takes less than to tell those of all documents,
    /// which is then kept.
    fn are_few(&self, documents: u64) -> bool {
        let Part { view, docs, segment, .. } = self.part;
        view.others(docs).is_none() && view.looked_up(documents) * LETTER < u64::from(segment.max_doc())
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
