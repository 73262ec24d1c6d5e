//! Finds a letter by its name or by a hit, and unpacks it.

use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher, TantivyError, Term};

use crate::error::{Error, Result};
use crate::index::view::View;
use crate::index::{Index, documents, store};
use crate::record::Letter;

/// The name of a letter, or of a decision in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id {
    /// The case number, or what stands for it.
    pub letter: String,
    /// The decision's number; `None` for the whole letter.
    pub number: Option<u32>,
}

impl std::str::FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (letter, number) = match text.trim().split_once('#') {
            Some((letter, number)) => (letter, Some(number)),
            None => (text.trim(), None),
        };
        let number = number.map(|n| n.parse::<u32>().ok().filter(|n| *n > 0));
        match (letter.is_empty(), number) {
            (true, _) => Err(format!("no case number in `{text}`; write CM16-0213037 or CM16-0213037#2")),
            (_, Some(None)) => Err(format!("what stands behind # in `{text}` is no number from 1; write CM16-0213037#2")),
            (_, number) => Ok(Id { letter: letter.to_owned(), number: number.flatten() }),
        }
    }
}

/// The id of a unit: `CM16-0213037#1`, or the letter's alone where no decision could be read.
pub fn id(key: &str, number: u64) -> String {
    match number {
        0 => key.to_owned(),
        number => format!("{key}#{number}"),
    }
}

/// A letter, and the unit of it that was asked for.
#[derive(Debug)]
pub struct Found {
    /// The whole letter.
    pub letter: Letter,
    /// Its identity.
    pub key: String,
    /// The decision's number, or 0 for what could not be taken apart.
    pub number: u64,
}

impl Found {
    /// The letter with the one decision.
    pub fn alone(mut self) -> Letter {
        self.letter.decisions.retain(|decision| u64::from(decision.number) == self.number);
        self.letter
    }
}

/// The unit at an address.
pub fn at(index: &Index, view: &View, address: DocAddress) -> Result<Found> {
    let segment = view.segments().get(address.segment_ord as usize);
    let segment = segment.ok_or_else(|| Error::Index(format!("{address:?} is of no segment that is seen")))?;
    let packed = store::stored(segment.store()?, segment.behind()?.letter(address.doc_id))?;
    let letter = index.unpacker().unpack(&packed, view)?;
    Ok(Found { key: letter.key(), letter, number: segment.number()?.first(address.doc_id).unwrap_or(0) })
}

/// What the units at some addresses are called. To find one name takes unpacking those round it, so those of a segment are
/// found together.
pub fn ids(view: &View, addresses: &[DocAddress]) -> Result<Vec<String>> {
    let mut ids = vec![String::new(); addresses.len()];
    for (ordinal, segment) in (0..).zip(view.segments()) {
        let mut here = addresses.iter().zip(&mut ids).filter(|(address, _)| address.segment_ord == ordinal).peekable();
        if here.peek().is_none() {
            continue;
        }
        let (behind, number) = (segment.behind()?, segment.number()?);
        let Some(keys) = segment.reader().fast_fields().str("key")? else { continue };
        let mut wanted: Vec<_> = here
            .filter_map(|(address, id)| Some((keys.ords().first(behind.letter(address.doc_id))?, address.doc_id, id)))
            .collect();
        wanted.sort_unstable_by_key(|(ordinal, ..)| *ordinal);
        let ordinals: Vec<_> = wanted.iter().map(|(ordinal, ..)| *ordinal).collect();
        let mut wanted = wanted.into_iter();
        let name = |key: &[u8]| {
            if let Some((_, doc, id)) = wanted.next() {
                *id = self::id(&String::from_utf8_lossy(key), number.first(doc).unwrap_or(0));
            }
        };
        keys.dictionary().sorted_ords_to_term_cb(&ordinals, name).map_err(TantivyError::from)?;
    }
    Ok(ids)
}

/// The whole letter of that case number (hyphen and letter case do not count) or key, if it is in the index.
pub fn letter(index: &Index, view: &View, name: &str) -> Result<Option<Letter>> {
    let handles = index.handles();
    let by_case = match crate::field::find("case") {
        Some(case) => first(view, Term::from_field_text(handles.of(case), &documents::case_term(name)))?,
        None => None,
    };
    let unit = match by_case {
        None => first(view, Term::from_field_text(handles.key, &name.to_uppercase()))?,
        some => some,
    };
    unit.map(|unit| Ok(at(index, view, unit)?.letter)).transpose()
}

/// A document that holds the term.
fn first(searcher: &Searcher, term: Term) -> Result<Option<DocAddress>> {
    Ok(searcher.search(&TermQuery::new(term, IndexRecordOption::Basic), &DocSetCollector)?.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_a_letter_or_a_decision() {
        let id = |letter: &str, number| Ok(Id { letter: letter.into(), number });
        assert_eq!("CM16-0213037".parse(), id("CM16-0213037", None));
        assert_eq!(" CM16-0213037#12 ".parse(), id("CM16-0213037", Some(12)));
        for wrong in ["", "#1", "CM16-0213037#0", "CM16-0213037#x", "CM16-0213037#"] {
            assert!(wrong.parse::<Id>().is_err(), "{wrong}");
        }
    }
}
