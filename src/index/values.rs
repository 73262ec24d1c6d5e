//! The values that a unit has in the fields of one aspect ([`Field::aspect`]): one text, an entry, so that every document has one in the
//! aspect's column, though it say nothing.
//!
//! In such a column the entry of a document is where the document is, with nothing to look up before. Units with the same values
//! have the same entry, told by a small number: to count values is to count entries, of which there are few, for all fields of
//! an aspect at once.

use std::sync::Arc;

use tantivy::columnar::{Cardinality, ColumnValues, StrColumn};
use tantivy::error::DataCorruption;
use tantivy::{DocId, SegmentReader};

use super::schema::KNOWN;
use crate::field::{FIELDS, Field, Kind};

/// What stands behind each value of a field in an entry; no value has it within.
const VALUE_END: char = '\n';
/// What stands behind the values of each field; no value has it within.
const FIELD_END: char = '\u{c}';

/// The aspects of which there are entries, with the fields of each in their order.
pub fn aspects() -> Vec<(&'static str, Vec<&'static Field>)> {
    let mut aspects: Vec<(_, Vec<_>)> = Vec::new();
    for field in FIELDS.iter().filter(|field| field.kind == Kind::Keyword) {
        match aspects.iter_mut().find(|(aspect, _)| *aspect == field.aspect()) {
            Some((_, fields)) => fields.push(field),
            None => aspects.push((field.aspect(), vec![field])),
        }
    }
    aspects
}

/// The name of the column with the entries of an aspect.
pub fn column(aspect: &str) -> String {
    format!("of-{aspect}")
}

/// Bytes that nearly every entry has room in.
const USUAL: usize = 128;

/// An entry, said field by field.
#[derive(Debug)]
pub struct Entry(String);

impl Default for Entry {
    fn default() -> Self {
        Entry(String::with_capacity(USUAL))
    }
}

impl Entry {
    /// Says one more value of the field.
    pub fn say(&mut self, value: &str) {
        self.0.push_str(value);
        self.0.push(VALUE_END);
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Goes on to the next field.
    pub fn end_field(&mut self) {
        self.0.push(FIELD_END);
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// The values that an entry says of the field with that place in its aspect.
pub fn said(entry: &str, place: usize) -> impl Iterator<Item = &str> {
    entry.split(FIELD_END).nth(place).unwrap_or_default().split_terminator(VALUE_END)
}

/// The first value that an entry says, or what is no entry but a value.
pub fn first(entry: &str) -> Option<String> {
    said(entry, 0).next().map(str::to_owned)
}

/// The entries of all documents of a segment in a column, each by its number.
#[derive(Clone)]
pub struct Entries {
    column: StrColumn,
    by_doc: Arc<dyn ColumnValues<u64>>,
}

impl Entries {
    /// Of the column with that name.
    ///
    /// # Errors
    /// Where not every document has one.
    pub fn of(segment: &SegmentReader, column: &str) -> tantivy::Result<Self> {
        let entries = segment.fast_fields().str(column)?;
        let full = entries.filter(|entries| entries.ords().get_cardinality() == Cardinality::Full);
        let missing = || DataCorruption::comment_only(format!("not every document has an entry in {column}"));
        let column = full.ok_or_else(missing)?;
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

    /// The first value that the entry of a document says.
    pub fn first_of(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        let mut entry = String::new();
        self.column.ord_to_str(self.number(doc), &mut entry)?;
        Ok(first(&entry))
    }

    /// The entries with these numbers, which are in order.
    pub fn texts(&self, numbers: &[u64], mut each: impl FnMut(&str)) -> tantivy::Result<()> {
        let text = |entry: &[u8]| each(std::str::from_utf8(entry).unwrap_or_default());
        self.column.dictionary().sorted_ords_to_term_cb(numbers, text)?;
        Ok(())
    }
}

/// The values that the entries of a segment say of one field.
pub struct Values {
    /// The entries.
    pub entries: Entries,
    place: usize,
}

impl Values {
    /// Of a field of [`Kind::Keyword`].
    ///
    /// # Errors
    /// Where not every document has an entry.
    pub fn of(segment: &SegmentReader, field: &Field) -> tantivy::Result<Self> {
        Ok(Values { entries: Entries::of(segment, &column(field.aspect()))?, place: place(field) })
    }

    /// The names of the fields that are known ([`KNOWN`]).
    ///
    /// # Errors
    /// Where not every document has an entry.
    pub fn known(segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Values { entries: Entries::of(segment, KNOWN)?, place: 0 })
    }

    /// The values that each entry says, by its number.
    pub fn all(&self) -> tantivy::Result<Vec<Vec<String>>> {
        let numbers: Vec<_> = (0..self.entries.count() as u64).collect();
        let mut all = Vec::with_capacity(numbers.len());
        self.entries.texts(&numbers, |entry| all.push(said(entry, self.place).map(str::to_owned).collect()))?;
        Ok(all)
    }
}

/// The place of a field in its aspect.
pub fn place(field: &Field) -> usize {
    let of_aspect = FIELDS.iter().filter(|other| other.kind == Kind::Keyword && other.aspect() == field.aspect());
    of_aspect.take_while(|other| *other != field).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_the_values_of_each_field() {
        let table: [&[&[&str]]; 5] = [
            &[&[]],
            &[&["upheld"]],
            &[&["Pain Management", "Neurology"], &["California"]],
            &[&[], &["Texas"]],
            &[&["a"], &[], &["b", "c"]],
        ];
        for fields in table {
            let mut entry = Entry::default();
            for values in fields {
                values.iter().for_each(|value| entry.say(value));
                entry.end_field();
            }
            for (place, values) in fields.iter().enumerate() {
                assert_eq!(said(entry.text(), place).collect::<Vec<_>>(), *values, "{place} of {entry:?}");
                assert_eq!(said("", place).count(), 0);
            }
        }
    }

    #[test]
    fn every_field_has_its_place_in_its_aspect() {
        for (aspect, fields) in aspects() {
            for (expected, field) in fields.into_iter().enumerate() {
                assert_eq!((field.aspect(), place(field)), (aspect, expected), "{field:?}");
            }
        }
    }
}
