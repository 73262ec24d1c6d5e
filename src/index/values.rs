//! The values that a unit has in the fields of one aspect ([`Field::aspect`]): one text, an entry, so that every document has one in the
//! aspect's column, though it say nothing.
//!
//! In such a column the entry of a document is where the document is, with nothing to look up before. Units with the same values
//! have the same entry, told by a small number: to count values is to count entries, of which there are few, for all fields of
//! an aspect at once.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use tantivy::columnar::{Cardinality, ColumnValues, StrColumn};
use tantivy::error::DataCorruption;
use tantivy::{DocId, SegmentReader};

use super::schema::KNOWN;
use crate::field::{FIELDS, Field, Kind};

/// What stands behind each value of a field in an entry; no value has it within.
const VALUE_END: char = '\n';
/// What stands behind the values of each field; no value has it within.
const FIELD_END: char = '\u{c}';

/// Where one in so many documents in a row is asked for, or more, the entries of all of them are read, which takes less than to read
/// those of each by itself.
const CLOSE: usize = 2;

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

/// The values that an entry says, field by field.
fn said(entry: &str) -> impl Iterator<Item = impl Iterator<Item = &str>> {
    entry.split_terminator(FIELD_END).map(|values| values.split_terminator(VALUE_END))
}

/// The first value that an entry says, or what is no entry but a value.
pub fn first(entry: &str) -> Option<String> {
    said(entry).next()?.next().map(str::to_owned)
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

    /// Adds what each of some documents, which are in order, counts to what was counted of its entry. `numbers` is room for those of
    /// entries, which are read a few times as fast together as one by one.
    pub fn add(&self, docs: &[DocId], each: &[u64], by_entry: &mut [u64], numbers: &mut Vec<u64>) {
        let (Some(first), Some(last)) = (docs.first(), docs.last()) else { return };
        let mut add = |number: &u64, one: &u64| {
            if let Some(counted) = by_entry.get_mut(*number as usize) {
                *counted += one;
            }
        };
        let spanned = (last - first) as usize + 1;
        if spanned > docs.len() * CLOSE {
            numbers.resize(docs.len(), 0);
            self.by_doc.get_vals(docs, numbers);
            numbers.iter().zip(each).for_each(|(number, one)| add(number, one));
        } else {
            numbers.resize(spanned, 0);
            self.by_doc.get_range((*first).into(), numbers);
            let number = |doc: &DocId| numbers.get((doc - first) as usize);
            docs.iter().zip(each).for_each(|(doc, one)| number(doc).into_iter().for_each(|number| add(number, one)));
        }
    }

    /// The first value that the entry of a document says.
    pub fn first_of(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        let mut entry = String::new();
        self.column.ord_to_str(self.number(doc), &mut entry)?;
        Ok(first(&entry))
    }

    /// What they say of each of so many fields.
    fn said(&self, fields: usize) -> tantivy::Result<Vec<Said>> {
        let mut of_fields: Vec<_> = (0..fields).map(|_| Said::default()).collect();
        let mut numbers = vec![FxHashMap::default(); fields];
        let mut entries = self.column.dictionary().stream()?;
        while entries.advance() {
            let entry = std::str::from_utf8(entries.key()).unwrap_or_default();
            let mut said = said(entry);
            for (of_field, numbers) in of_fields.iter_mut().zip(&mut numbers) {
                of_field.add(said.next().into_iter().flatten(), numbers);
            }
        }
        Ok(of_fields)
    }
}

/// What the entries of a segment say of one field.
#[derive(Default)]
pub struct Said {
    values: Vec<String>,
    by_entry: Vec<SmallVec<[u32; 2]>>,
}

impl Said {
    /// One more entry says these values, which have these numbers, but for those that none has said before.
    fn add<'a>(&mut self, said: impl Iterator<Item = &'a str>, numbers: &mut FxHashMap<String, u32>) {
        let number = |value: &str| match numbers.get(value) {
            Some(number) => *number,
            None => {
                let number = self.values.len() as u32;
                self.values.push(value.to_owned());
                numbers.insert(value.to_owned(), number);
                number
            }
        };
        self.by_entry.push(said.map(number).collect());
    }

    /// The different values: the place of each is its number.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// The sums of what was counted of each entry: for each value, and for none.
    pub fn sums(&self, by_entry: &[u64]) -> (Vec<u64>, u64) {
        let (mut by_value, mut of_none) = (vec![0; self.values.len()], 0);
        for (values, counted) in self.by_entry.iter().zip(by_entry) {
            for value in values {
                by_value.get_mut(*value as usize).into_iter().for_each(|sum| *sum += counted);
            }
            of_none += if values.is_empty() { *counted } else { 0 };
        }
        (by_value, of_none)
    }

    /// The values that the entry with that number says.
    pub fn by(&self, entry: u64) -> impl Iterator<Item = &str> {
        let numbers = self.by_entry.get(entry as usize).into_iter().flatten();
        numbers.filter_map(|number| Some(self.values.get(*number as usize)?.as_str()))
    }
}

/// The values that the documents of a segment have in the fields of one aspect.
pub struct Values {
    /// The entry of each document.
    pub entries: Entries,
    said: Vec<Said>,
}

impl Values {
    /// Of an aspect.
    ///
    /// # Errors
    /// Where not every document has an entry.
    pub fn of(segment: &SegmentReader, aspect: &str) -> tantivy::Result<Self> {
        Self::in_column(segment, &column(aspect), of_aspect(aspect).count())
    }

    /// The names of the fields that are known ([`KNOWN`]), as if of one field.
    ///
    /// # Errors
    /// Where not every document has an entry.
    pub fn known(segment: &SegmentReader) -> tantivy::Result<Self> {
        Self::in_column(segment, KNOWN, 1)
    }

    fn in_column(segment: &SegmentReader, column: &str, fields: usize) -> tantivy::Result<Self> {
        let entries = Entries::of(segment, column)?;
        Ok(Values { said: entries.said(fields)?, entries })
    }

    /// What the entries say of the field with that place in its aspect; nothing where no field has it.
    pub fn said(&self, place: usize) -> &Said {
        const NOTHING: &Said = &Said { values: Vec::new(), by_entry: Vec::new() };
        self.said.get(place).unwrap_or(NOTHING)
    }
}

/// The fields of an aspect, in their order.
fn of_aspect(aspect: &str) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.kind == Kind::Keyword && field.aspect() == aspect)
}

/// The place of a field in its aspect.
pub fn place(field: &Field) -> usize {
    of_aspect(field.aspect()).take_while(|other| *other != field).count()
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
            let said: Vec<Vec<_>> = said(entry.text()).map(Iterator::collect).collect();
            assert_eq!(said, *fields, "{entry:?}");
        }
        assert_eq!(said("").count(), 0);
    }

    #[test]
    fn what_is_counted_of_entries_is_summed_by_value() {
        let entries: [&[&str]; 4] = [&["a", "b"], &[], &["b"], &[]];
        let (mut said, mut numbers) = Default::default();
        entries.iter().for_each(|values| Said::add(&mut said, values.iter().copied(), &mut numbers));
        assert_eq!(said.values(), ["a", "b"]);
        assert_eq!(said.sums(&[1, 10, 100, 1000]), (vec![1, 101], 1010));
        for (number, values) in (0..).zip(entries) {
            assert_eq!(said.by(number).collect::<Vec<_>>(), values);
        }
        assert_eq!(said.by(4).count(), 0);
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
