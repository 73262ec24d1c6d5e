//! One segment: each letter is unpacked, and its documents and columns are held against what its record says they should be.

use std::collections::BTreeMap;

use tantivy::columnar::Column;
use tantivy::index::Segment;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyError, Term};

use super::{Checked, Sources};
use crate::error::{Error, Result};
use crate::field::{FIELDS, Field, Kind, Unit, Value};
use crate::index::held::{Document, Held};
use crate::index::schema::{self, Handles};
use crate::index::values::{Values, place};
use crate::record::Letter;

/// Letters that are named, of those with which the same is wrong.
const NAMED: usize = 5;

/// What was found in a segment.
pub struct Contents<'a, I> {
    segment: &'a Segment,
    reader: &'a SegmentReader,
    /// What stands for a name among millions of others.
    id: I,
    letters: u64,
    decisions: u64,
    unread: u64,
    kinds: Sources,
    /// The letters in it.
    pub keys: Vec<u128>,
    /// The sources in it.
    pub sources: Vec<u128>,
    /// The letters that copies in it are copies of.
    pub copied: Vec<u128>,
    /// What is wrong with letters: the first of them, and how many they are.
    wrong: BTreeMap<String, (Vec<String>, u64)>,
}

/// The letter whose decisions follow.
struct Open {
    key: String,
    at: DocId,
    record: Option<Letter>,
    seen: usize,
}

impl<'a, I: Fn(&str) -> u128> Contents<'a, I> {
    pub fn new(segment: &'a Segment, reader: &'a SegmentReader, id: I) -> Self {
        let (keys, sources, copied) = Default::default();
        let kinds = Sources::default();
        Contents {
            segment,
            reader,
            id,
            letters: 0,
            decisions: 0,
            unread: 0,
            kinds,
            keys,
            sources,
            copied,
            wrong: BTreeMap::new(),
        }
    }

    /// Says what is wrong with the segment.
    pub fn faulty(&self, checked: &mut Checked, what: &str) {
        checked.fault(None, format!("segment {}: {what}", self.reader.segment_id().uuid_string()));
    }

    /// Adds what was found to what others found.
    pub fn add_to(&self, checked: &mut Checked) {
        checked.size.letters += self.letters;
        checked.size.decisions += self.decisions;
        checked.unread += self.unread;
        checked.sources.letters += self.kinds.letters;
        checked.sources.copies += self.kinds.copies;
        checked.sources.containers += self.kinds.containers;
        for (what, (named, times)) in &self.wrong {
            let more = times - named.len() as u64;
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.faulty(checked, &format!("{what}: {}{more}", named.join(", ")));
        }
    }

    fn wrong(&mut self, what: impl Into<String>, letter: &str) {
        let (named, times) = self.wrong.entry(what.into()).or_default();
        *times += 1;
        named.extend((named.len() < NAMED).then(|| letter.to_owned()));
    }

    /// Looks at every document. `newest` is the last generation of which the index knows.
    pub fn look(&mut self, handles: &Handles, dictionary: Option<&[u8]>, newest: u64) -> Result<()> {
        let mut held = Held::open(self.segment)?;
        held.packed_with(dictionary)?;
        if !held.has_columns() || !held.has_store() {
            return Err(Error::Damaged("it cannot be opened".into()));
        }
        let columns = Columns::of(self.reader)?;
        let mut open: Option<Open> = None;
        for doc in self.reader.doc_ids_alive() {
            let document = held.document(doc)?;
            if let Document::Unit { key, number, behind, added, .. } = document {
                if added > newest {
                    self.wrong("decisions of a commit that is still to come", &key);
                }
                *if number > 0 { &mut self.decisions } else { &mut self.unread } += 1;
                match open.as_mut().filter(|open| open.key == key && open.at.checked_add(behind as DocId) == Some(doc)) {
                    Some(open) => self.unit(open, doc, number, &columns)?,
                    None => self.wrong("decisions that do not stand behind their letter", &key),
                }
                continue;
            }
            self.close(open.take());
            match document {
                Document::Letter { key, source, decisions } => {
                    self.keys.push((self.id)(&key));
                    self.sources.push((self.id)(&source.id));
                    self.kinds.letters += 1;
                    open = Some(self.letter(key, doc, decisions, held.letter(doc)));
                }
                Document::Copy { of, source } => {
                    self.copied.push((self.id)(&of));
                    self.sources.push((self.id)(&source.id));
                    self.kinds.copies += 1;
                }
                Document::Container { source, .. } => {
                    self.sources.push((self.id)(&source.id));
                    self.kinds.containers += 1;
                }
                Document::Unit { .. } | Document::Dictionary => {}
            }
        }
        self.close(open);
        self.terms(handles, &columns)
    }

    fn letter(&mut self, key: String, at: DocId, decisions: u64, stored: Result<Letter>) -> Open {
        self.letters += 1;
        match &stored {
            Err(_) => self.wrong("letters that cannot be read as they are stored", &key),
            Ok(letter) if letter.decisions.len() as u64 != decisions => {
                self.wrong("letters that had another number of decisions when they were indexed", &key);
            }
            Ok(letter) if letter.key() != key => self.wrong("letters that are stored under the name of another", &key),
            Ok(_) => {}
        }
        Open { key, at, record: stored.ok(), seen: 0 }
    }

    /// Holds a decision against the record of its letter.
    fn unit(&mut self, open: &mut Open, doc: DocId, number: u64, columns: &Columns) -> Result<()> {
        let place = open.seen;
        open.seen += 1;
        let Some(unit) = open.record.as_ref().and_then(|record| Unit::all(record).nth(place)) else { return Ok(()) };
        if number != unit.decision.map_or(0, |decision| decision.number.into()) {
            self.wrong("letters whose decisions are not those that are stored", &open.key);
        }
        for field in columns.that_differ(doc, unit)? {
            self.wrong(format!("letters whose {field} is not the one that is stored"), &open.key);
        }
        Ok(())
    }

    /// All decisions of a letter have been seen.
    fn close(&mut self, open: Option<Open>) {
        if let Some(Open { key, record: Some(record), seen, .. }) = open
            && Unit::all(&record).count() != seen
        {
            self.wrong("letters that have more or fewer decisions than are stored", &key);
        }
    }

    /// Holds the terms that say what a document is, and those of every field of values, against the columns.
    fn terms(&self, handles: &Handles, columns: &Columns) -> Result<()> {
        let kinds = [
            (schema::LETTER, self.letters),
            (schema::DECISION, self.decisions),
            (schema::UNREAD, self.unread),
            (schema::COPY, self.kinds.copies),
            (schema::CONTAINER, self.kinds.containers),
        ];
        for (kind, seen) in kinds {
            if self.found(&Term::from_field_text(handles.doc, kind))? != seen {
                return Err(Error::Damaged(format!("not every document of the kind `{kind}` is found as one")));
            }
        }
        for (field, handle) in handles.rows() {
            let Some(FieldColumn::Names(values, place)) = columns.of_field(field) else { continue };
            let mut by_entry = vec![0; values.entries.count()];
            for doc in self.reader.doc_ids_alive() {
                if let Some(times) = by_entry.get_mut(values.entries.number(doc) as usize) {
                    *times += 1;
                }
            }
            let said = values.said(*place);
            let (by_value, _) = said.sums(&by_entry);
            for (name, seen) in said.values().iter().zip(by_value) {
                if self.found(&Term::from_field_text(handle, name))? != seen {
                    return Err(Error::Damaged(format!("not every decision with the {} `{name}` is found by it", field.name)));
                }
            }
        }
        Ok(())
    }

    /// How many documents a term finds.
    fn found(&self, term: &Term) -> Result<u64> {
        let index = self.reader.inverted_index(term.field())?;
        let Some(mut docs) = index.read_postings(term, IndexRecordOption::Basic).map_err(TantivyError::from)? else {
            return Ok(0);
        };
        let mut found = 0;
        while docs.doc() != TERMINATED {
            found += u64::from(!self.reader.is_deleted(docs.doc()));
            docs.advance();
        }
        Ok(found)
    }
}

/// The columns of the field table.
struct Columns(Vec<(&'static Field, FieldColumn)>);

/// What the columns tell of one field.
enum FieldColumn {
    /// No document has a value.
    None,
    /// The values of its aspect, and its place there.
    Names(Values, usize),
    Numbers(Column<i64>),
}

impl Columns {
    fn of(reader: &SegmentReader) -> Result<Self> {
        let fast = reader.fast_fields();
        let open = |field: &'static Field| -> Result<_> {
            let told = match field.kind {
                Kind::Keyword => FieldColumn::Names(Values::of(reader, field.aspect())?, place(field)),
                _ => fast.column_opt(field.name)?.map_or(FieldColumn::None, FieldColumn::Numbers),
            };
            Ok((field, told))
        };
        Ok(Columns(FIELDS.iter().filter(|field| field.has_column()).map(open).collect::<Result<_>>()?))
    }

    fn of_field(&self, field: &Field) -> Option<&FieldColumn> {
        self.0.iter().find(|(other, _)| *other == field).map(|(_, values)| values)
    }

    /// The fields whose values are not those that the record says.
    fn that_differ(&self, doc: DocId, unit: Unit<'_>) -> Result<Vec<&'static str>> {
        let mut differ = Vec::new();
        for (field, values) in &self.0 {
            let mut expected: Vec<_> = (field.values)(unit).iter().map(told).collect();
            let mut found = values.of(doc);
            expected.sort_unstable();
            found.sort_unstable();
            differ.extend((expected != found).then_some(field.name));
        }
        Ok(differ)
    }
}

impl FieldColumn {
    fn of(&self, doc: DocId) -> Vec<String> {
        match self {
            FieldColumn::None => Vec::new(),
            FieldColumn::Names(values, place) => values.said(*place).by(values.entries.number(doc)).map(str::to_owned).collect(),
            FieldColumn::Numbers(column) => column.values_for_doc(doc).map(|number| number.to_string()).collect(),
        }
    }
}

fn told(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
    }
}
