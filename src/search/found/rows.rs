//! Documents in which words stand in a row: looked up, or, of many, read through.

use std::io;
use std::sync::Arc;

use tantivy::postings::TermInfo;

use super::{Among, Finder};
use crate::search::as_one::AsOne;
use crate::search::bits::Bits;
use crate::search::row::Row;
use crate::search::through::Through;
use crate::search::vocabulary::Forms;

/// Postings that are read through with their places in the time in which the places of one are looked up.
const PLACES: u64 = 256;

impl Finder<'_> {
    /// Adds the documents in which words stand in a row: whether it did. Of words that stand in few documents, where no others are asked
    /// for, it leaves that to the engine.
    pub(super) fn add_row(&self, query: &AsOne, among: Option<Among<'_>>, found: &mut Bits) -> tantivy::Result<bool> {
        let Some(row) = query.row() else { return Ok(false) };
        if self.is_loose {
            query.rarest().iter().try_for_each(|term| self.add_term(term, among, found))?;
        } else if let Some(words) = self.through(row, among.map_or(u64::MAX / PLACES, |among| among.len))? {
            words.each(self.part.docs.clone(), among.map(|among| among.bits), |doc| found.insert(doc));
        } else if let Some(among) = among {
            look_up(&mut query.open(self.part.segment)?, among, found);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Words in a row to be read through, of which so many documents are looked at; `None` where to look them up takes less.
    fn through(&self, words: &[(usize, Arc<Forms>)], looked_at: u64) -> tantivy::Result<Option<Through>> {
        let Some(field) = words.first().and_then(|(_, forms)| Some(forms.terms.first()?.field())) else { return Ok(None) };
        let index = self.part.segment.inverted_index(field)?;
        let mut known = Vec::new();
        for (place, forms) in words {
            let terms = forms.terms.iter().map(|term| index.get_term_info(term)).collect::<io::Result<Vec<_>>>()?;
            known.push((*place, terms.into_iter().flatten().collect::<Vec<_>>()));
        }
        let documents = |(_, terms): &(_, Vec<TermInfo>)| terms.iter().map(|term| u64::from(term.doc_freq)).sum::<u64>();
        let documents: Vec<_> = known.iter().map(documents).collect();
        let looked_at = documents.iter().min().map_or(0, |least| looked_at.min(*least));
        let worth_it = documents.iter().all(|documents| looked_at * PLACES >= *documents);
        Ok(if worth_it { Some(Through::of(self.part.segment, field, &known)?) } else { None })
    }
}

/// Adds those of some documents in which words stand in a row.
fn look_up(row: &mut Row, among: Among<'_>, found: &mut Bits) {
    let mut next = 0;
    while let Some(doc) = among.bits.first_from(next) {
        let lacks_a_word = row.beyond(doc);
        next = lacks_a_word.unwrap_or(doc + 1);
        if lacks_a_word.is_none() && !row.starts().is_empty() {
            found.insert(doc);
        }
    }
}
