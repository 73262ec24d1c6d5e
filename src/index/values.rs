//! The values that a unit has in a field: one text, a value a line, so that every document has one entry in the field's column,
//! though it be empty.
//!
//! In such a column the entry of a document is where the document is, with nothing to look up before. Units with the same values
//! have the same entry, told by a small number: to count values is to count entries, and few entries there are. The terms by which
//! a unit is found are its values one by one ([`Lines`]).

use std::borrow::Cow;
use std::sync::Arc;

use tantivy::columnar::{Cardinality, ColumnValues, StrColumn};
use tantivy::error::DataCorruption;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{DocId, SegmentReader};

/// The name under which the index knows [`Lines`].
pub const ANALYZER: &str = "imr-values";

/// What stands between the values of an entry; no value of a letter has it within.
const BETWEEN: char = '\n';

/// The entry that says these values.
pub fn joined<'a>(values: impl IntoIterator<Item = Cow<'a, str>>) -> Cow<'a, str> {
    let mut values = values.into_iter();
    let mut entry = values.next().unwrap_or_default();
    for value in values {
        let entry = entry.to_mut();
        entry.push(BETWEEN);
        entry.push_str(&value);
    }
    entry
}

/// The values that an entry says.
pub fn parted(entry: &str) -> impl Iterator<Item = &str> {
    entry.split(BETWEEN).filter(|value| !value.is_empty())
}

/// The entries of all documents of a segment in a field, each by its number.
pub struct Entries {
    column: StrColumn,
    by_doc: Arc<dyn ColumnValues<u64>>,
}

impl Entries {
    /// Of the field with that name.
    ///
    /// # Errors
    /// Where not every document has one.
    pub fn of(segment: &SegmentReader, field: &str) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(field)?;
        let full = column.filter(|column| column.ords().get_cardinality() == Cardinality::Full);
        let column = full.ok_or_else(|| DataCorruption::comment_only(format!("not every document has an entry for {field}")))?;
        Ok(Entries { by_doc: Arc::clone(&column.ords().values), column })
    }

    /// How many different entries there are: their numbers are below.
    pub fn count(&self) -> usize {
        self.column.num_terms()
    }

    /// The number of a document's entry.
    pub fn number(&self, doc: DocId) -> u64 {
        self.by_doc.get_val(doc)
    }

    /// The numbers of the entries of some documents, in their order: a few times as fast as one by one.
    pub fn numbers(&self, docs: &[DocId], numbers: &mut Vec<u64>) {
        numbers.resize(docs.len(), 0);
        self.by_doc.get_vals(docs, numbers);
    }

    /// The entries with these numbers, which are in order.
    pub fn texts(&self, numbers: &[u64], mut each: impl FnMut(&str)) -> tantivy::Result<()> {
        let text = |entry: &[u8]| each(std::str::from_utf8(entry).unwrap_or_default());
        self.column.dictionary().sorted_ords_to_term_cb(numbers, text)?;
        Ok(())
    }

    /// All entries, by their numbers.
    pub fn all(&self) -> tantivy::Result<Vec<String>> {
        let numbers: Vec<_> = (0..self.count() as u64).collect();
        let mut all = Vec::with_capacity(numbers.len());
        self.texts(&numbers, |entry| all.push(entry.to_owned()))?;
        Ok(all)
    }
}

/// Cuts an entry into its values, as terms.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    token: Token,
}

/// The values of an entry that are still to come.
pub struct LineStream<'a> {
    token: &'a mut Token,
    rest: std::str::Split<'a, char>,
}

impl Tokenizer for Lines {
    type TokenStream<'a> = LineStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LineStream<'a> {
        self.token.reset();
        LineStream { token: &mut self.token, rest: text.split(BETWEEN) }
    }
}

impl TokenStream for LineStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(value) = self.rest.find(|value| !value.is_empty()) else { return false };
        self.token.text.clear();
        self.token.text.push_str(value);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_joined_and_parted_and_are_the_terms() {
        for values in [&[][..], &["upheld"], &["Pain Management", "Physical Medicine"], &["a", "b", "c"]] {
            let entry = joined(values.iter().map(|value| Cow::Borrowed(*value)));
            assert_eq!(parted(&entry).collect::<Vec<_>>(), values);
            let (mut lines, mut terms) = (Lines::default(), Vec::new());
            lines.token_stream(&entry).process(&mut |token| terms.push(token.text.clone()));
            assert_eq!(terms, values);
        }
    }
}
