//! Finds a letter by its name, and brings its documents back together into a record.

use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

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

/// The whole letter of that case number (hyphen and letter case do not count) or key, if it is in the index.
pub fn letter(index: &Index, searcher: &Searcher, name: &str) -> Result<Option<Letter>> {
    let handles = index.handles();
    if let Some(case) = crate::field::find("case") {
        let by_case = Term::from_field_text(handles.of(case), &documents::case_term(name));
        if let Some(address) = documents(searcher, by_case)?.into_iter().next() {
            return by_key(index, searcher, &unit(searcher, address)?.0);
        }
    }
    by_key(index, searcher, &name.to_uppercase())
}

/// The whole letter with that key.
pub fn by_key(index: &Index, searcher: &Searcher, key: &str) -> Result<Option<Letter>> {
    let mut whole: Option<Letter> = None;
    let mut decisions = Vec::new();
    for address in documents(searcher, Term::from_field_text(index.handles().key, &key.to_uppercase()))? {
        let letter = stored(index, &searcher.doc(address)?)?;
        match unit(searcher, address)?.1 {
            None => whole = Some(letter),
            Some(_) => decisions.extend(letter.decisions),
        }
    }
    decisions.sort_by_key(|d| d.number);
    Ok(whole.map(|letter| Letter { decisions, ..letter }))
}

fn documents(searcher: &Searcher, term: Term) -> Result<Vec<DocAddress>> {
    Ok(searcher.search(&TermQuery::new(term, IndexRecordOption::Basic), &DocSetCollector)?.into_iter().collect())
}

/// The record that a document holds.
pub fn stored(index: &Index, doc: &TantivyDocument) -> Result<Letter> {
    let text = doc.get_first(index.handles().stored).and_then(|v| v.as_str()).unwrap_or_default();
    serde_json::from_str(text).map_err(|e| Error::Index(format!("a stored letter cannot be read: {e}")))
}

/// The letter's key of a document, and its number if it is a unit.
pub fn unit(searcher: &Searcher, address: DocAddress) -> Result<(String, Option<u64>)> {
    let fast = searcher.segment_reader(address.segment_ord).fast_fields();
    let mut key = String::new();
    if let Some(column) = fast.str("key")?
        && let Some(ordinal) = column.ords().first(address.doc_id)
    {
        column.ord_to_str(ordinal, &mut key).map_err(|e| Error::Index(e.to_string()))?;
    }
    Ok((key, fast.u64(schema::NUMBER)?.first(address.doc_id)))
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
