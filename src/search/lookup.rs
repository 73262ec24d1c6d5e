//! Finds a letter by its name or by a hit, and unpacks it.

use tantivy::collector::DocSetCollector;
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

use super::of_letter::Behind;
use crate::error::{Error, Result};
use crate::index::{Index, documents, schema};
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
pub fn at(index: &Index, searcher: &Searcher, address: DocAddress) -> Result<Found> {
    Units::of(searcher)?.at(index, address)
}

/// The units of an index: which letter each is of, and its number there.
pub struct Units<'a> {
    searcher: &'a Searcher,
    /// Of each segment.
    columns: Vec<Columns>,
}

struct Columns {
    number: Column<u64>,
    behind: Behind,
    key: Option<StrColumn>,
}

impl<'a> Units<'a> {
    /// Those of what is committed.
    pub fn of(searcher: &'a Searcher) -> Result<Self> {
        let columns = searcher.segment_readers().iter().map(|segment| {
            let fast = segment.fast_fields();
            Ok(Columns { number: fast.u64(schema::NUMBER)?, behind: Behind::of(segment)?, key: fast.str("key")? })
        });
        Ok(Units { searcher, columns: columns.collect::<Result<_>>()? })
    }

    /// The unit at an address.
    pub fn at(&self, index: &Index, address: DocAddress) -> Result<Found> {
        let (key, number, letter) = self.named(address)?;
        Ok(Found { letter: stored(index, self.searcher, letter)?, key, number })
    }

    /// What the unit at an address is called.
    pub fn id(&self, address: DocAddress) -> Result<String> {
        let (key, number, _) = self.named(address)?;
        Ok(id(&key, number))
    }

    /// The key of the letter, the unit's number, and where the letter's document is.
    fn named(&self, address: DocAddress) -> Result<(String, u64, DocAddress)> {
        let mut key = String::new();
        let Some(columns) = self.columns.get(address.segment_ord as usize) else { return Ok((key, 0, address)) };
        let letter = DocAddress { doc_id: columns.behind.letter(address.doc_id), ..address };
        if let Some(names) = &columns.key
            && let Some(ordinal) = names.ords().first(letter.doc_id)
        {
            names.ord_to_str(ordinal, &mut key).map_err(|e| Error::Index(e.to_string()))?;
        }
        Ok((key, columns.number.first(address.doc_id).unwrap_or(0), letter))
    }
}

/// The whole letter of that case number (hyphen and letter case do not count) or key, if it is in the index.
pub fn letter(index: &Index, searcher: &Searcher, name: &str) -> Result<Option<Letter>> {
    let handles = index.handles();
    let by_case = match crate::field::find("case") {
        Some(case) => first(searcher, Term::from_field_text(handles.of(case), &documents::case_term(name)))?,
        None => None,
    };
    let unit = match by_case {
        None => first(searcher, Term::from_field_text(handles.key, &name.to_uppercase()))?,
        some => some,
    };
    unit.map(|unit| Ok(at(index, searcher, unit)?.letter)).transpose()
}

/// A document that holds the term.
fn first(searcher: &Searcher, term: Term) -> Result<Option<DocAddress>> {
    Ok(searcher.search(&TermQuery::new(term, IndexRecordOption::Basic), &DocSetCollector)?.into_iter().next())
}

/// The record that a letter's document holds.
fn stored(index: &Index, searcher: &Searcher, address: DocAddress) -> Result<Letter> {
    let doc: TantivyDocument = searcher.doc(address)?;
    let packed = doc.get_first(index.handles().stored).and_then(|value| value.as_bytes()).unwrap_or_default();
    index.unpacker().unpack(packed, searcher)
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
