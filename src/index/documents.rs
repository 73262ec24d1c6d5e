//! The documents that the index is made of ([`schema`] names their kinds), made from records.
//!
//! A letter's documents hold all but what only the writer knows, so that they can be made on any core: it adds the source with
//! its stamp, and the generation of each unit.

use std::sync::Arc;

use tantivy::TantivyDocument;
use tantivy::schema::Field as Handle;

use super::Stamp;
use super::store::Packer;
use super::values::Entry;
use super::{schema, warning};
use crate::error::Result;
use crate::field::{Kind, Unit, Value};
use crate::record::{Decision, Letter, Outcome};

/// Makes the documents of letters, for one run of the writer.
#[derive(Clone)]
pub struct Maker {
    handles: schema::Handles,
    packer: Arc<Packer>,
}

/// The documents of a letter.
pub struct Documents {
    /// The letter's identity.
    pub key: String,
    /// How many decisions of it could be read.
    pub decisions: u64,
    /// What belongs to the letter once.
    letter: TantivyDocument,
    units: Vec<UnitDocument>,
    /// Its record, where it is still to become part of a dictionary.
    pub(super) sample: Option<Vec<u8>>,
}

/// The document of a decision, or of what could not be taken apart.
struct UnitDocument {
    number: u64,
    outcome: Option<Outcome>,
    document: TantivyDocument,
}

impl Maker {
    pub(super) fn new(handles: schema::Handles, packer: Arc<Packer>) -> Self {
        Maker { handles, packer }
    }

    /// The documents of a letter.
    ///
    /// # Errors
    /// Where it cannot be packed.
    pub fn documents(&self, letter: &Letter) -> Result<Documents> {
        let handles = &self.handles;
        let key = letter.key();
        let decisions = letter.decisions.len() as u64;
        let packed = self.packer.pack(letter)?;
        let mut doc = with_room_for(packed.bytes.len() + letter.summary.as_ref().map_or(0, String::len));
        doc.add_text(handles.doc, schema::LETTER);
        doc.add_text(handles.key, &key);
        doc.add_u64(handles.count, decisions);
        doc.add_text(handles.layout, letter.layout.name());
        letter.warnings.iter().for_each(|w| doc.add_text(handles.warning, warning::folded(w)));
        doc.add_bytes(handles.stored, &packed.bytes);
        for (field, handle) in handles.rows().filter(|(field, _)| field.is_of_letter()) {
            let values = (field.values)(Unit { letter, decision: None });
            values.iter().for_each(|value| add_value(&mut doc, handle, field.kind, value));
        }
        without_values(handles, &mut doc);
        let place = place(&key);
        let units = (1..).zip(Unit::all(letter)).map(|(behind, unit)| UnitDocument::of(handles, (&key, place), behind, unit));
        Ok(Documents { decisions, letter: doc, units: units.collect(), key, sample: packed.sample })
    }
}

impl Documents {
    /// All of them, the letter's first. `added` tells of a decision in which generation it came into the index.
    pub fn written(
        self,
        handles: &schema::Handles,
        (source, stamp): (&str, Stamp),
        added: impl Fn(u64, Option<Outcome>) -> u64,
    ) -> impl Iterator<Item = TantivyDocument> {
        let mut letter = self.letter;
        stamped(handles, &mut letter, source, stamp);
        let units = self.units.into_iter().map(move |mut unit| {
            unit.document.add_u64(handles.added, added(unit.number, unit.outcome));
            unit.document
        });
        std::iter::once(letter).chain(units)
    }
}

impl UnitDocument {
    fn of(handles: &schema::Handles, (key, place): (&str, u64), behind: u64, unit: Unit<'_>) -> Self {
        let number = u64::from(unit.decision.map_or(0, |d| d.number));
        let mut doc = with_room_for(unit.decision.map_or(0, texts_of));
        doc.add_text(handles.doc, if unit.decision.is_some() { schema::DECISION } else { schema::UNREAD });
        doc.add_text(handles.key, key);
        doc.add_u64(handles.number, number);
        doc.add_u64(handles.order, place + number.min(9_999));
        doc.add_u64(handles.behind, behind);
        let mut known = Entry::default();
        for (field, handle) in handles.rows().filter(|(field, _)| field.kind != Kind::Keyword) {
            let values = (field.values)(unit);
            if !values.is_empty() && !field.has_column() {
                known.say(field.name);
            }
            if !field.is_of_letter() {
                values.iter().for_each(|value| add_value(&mut doc, handle, field.kind, value));
            }
        }
        doc.add_text(handles.known, known.text());
        let mut entry = Entry::default();
        for schema::Aspect { column, fields } in &handles.aspects {
            entry.clear();
            for (field, handle) in fields {
                for value in field.texts(unit) {
                    doc.add_text(*handle, &value);
                    entry.say(&value);
                }
                entry.end_field();
            }
            doc.add_text(*column, entry.text());
        }
        UnitDocument { number, outcome: unit.decision.and_then(|d| d.outcome), document: doc }
    }
}

/// The document of a source that holds the letter `key`, which gave so many decisions, where another source holds it too.
pub fn copy(handles: &schema::Handles, source: &str, stamp: Stamp, key: &str, decisions: u64) -> TantivyDocument {
    let mut doc = TantivyDocument::default();
    doc.add_text(handles.doc, schema::COPY);
    doc.add_text(handles.copy_of, key);
    doc.add_u64(handles.count, decisions);
    without_values(handles, &mut doc);
    stamped(handles, &mut doc, source, stamp);
    doc
}

/// The document of a container that has been read to its end, but for so much that could not be read.
pub fn container(handles: &schema::Handles, source: &str, stamp: Stamp, faults: u64) -> TantivyDocument {
    let mut doc = TantivyDocument::default();
    doc.add_text(handles.doc, schema::CONTAINER);
    doc.add_u64(handles.count, faults);
    without_values(handles, &mut doc);
    stamped(handles, &mut doc, source, stamp);
    doc
}

/// Says of a document that is no unit that it has no values, since every document has an entry.
fn without_values(handles: &schema::Handles, doc: &mut TantivyDocument) {
    handles.entries().for_each(|handle| doc.add_text(handle, ""));
}

fn stamped(handles: &schema::Handles, doc: &mut TantivyDocument, source: &str, stamp: Stamp) {
    doc.add_text(handles.source, source);
    doc.add_u64(handles.size, stamp.size);
    doc.add_i64(handles.changed, stamp.changed);
    doc.add_u64(handles.options, stamp.options);
}

/// The document of a dictionary.
pub fn dictionary(handles: &schema::Handles, dictionary: &[u8]) -> TantivyDocument {
    let mut doc = TantivyDocument::default();
    doc.add_text(handles.doc, schema::DICTIONARY);
    doc.add_bytes(handles.stored, dictionary);
    without_values(handles, &mut doc);
    doc
}

/// Bytes that a document's values take beside its texts, as a rule.
const VALUES: usize = 512;

/// A document that need not grow to hold texts of so many bytes.
fn with_room_for(texts: usize) -> TantivyDocument {
    TantivyDocument::with_capacity(texts + VALUES)
}

/// The bytes of a decision's texts.
fn texts_of(decision: &Decision) -> usize {
    let Decision { item, claims_guideline, imr_guideline, rationale, .. } = decision;
    item.len() + [claims_guideline, imr_guideline, rationale].into_iter().flatten().map(String::len).sum::<usize>()
}

fn add_value(doc: &mut TantivyDocument, handle: Handle, kind: Kind, value: &Value<'_>) {
    match (kind, value) {
        (Kind::Case, Value::Text(text)) => doc.add_text(handle, case_term(text)),
        (_, Value::Text(text)) => doc.add_text(handle, text),
        (_, Value::Number(n)) => doc.add_i64(handle, *n),
    }
}

/// A case number as the index knows it: letters and digits only, in upper case.
pub fn case_term(case: &str) -> String {
    let mut term = String::with_capacity(case.len());
    term.extend(case.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase));
    term
}

/// Where a letter's units come in the order of [`schema::ORDER`], to which their numbers are added: by year and serial of the case
/// number. Letters without a case number come last, by the digest that stands for them, so that they come in the same order in every
/// index.
fn place(key: &str) -> u64 {
    let digits = |key: &str| key.chars().filter(char::is_ascii_digit).take(12).collect::<String>();
    let case = key.strip_prefix("CM").and_then(|rest| digits(rest).parse().ok());
    let digest = || key.get(1..11).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0);
    case.unwrap_or_else(|| 999_999_999_999 + digest()) * 10_000
}
