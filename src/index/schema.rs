//! The tantivy schema, made from the field table.
//!
//! Six kinds of document, told apart by `doc`:
//! - `decision`: a decision, searched by every field of the table;
//! - `unread`: a letter in which no decision could be read, searched by its text;
//! - `letter`: what belongs to a letter once: its record, its source and the source's stamp, and the fields of the table that are
//!   the same for all its units;
//! - `copy`: a source that holds a letter which another source holds too;
//! - `container`: an archive or file of rows that has been read to its end, with its stamp;
//! - `dictionary`: what letters say again and again, to pack them with ([`super::store`]).
//!
//! The documents of a letter share its `key` and are written and deleted together: its `letter` first, and behind it its decisions
//! and what is `unread`. They stand side by side in one segment, also when segments are merged, so that a unit is told by how
//! far it stands behind its letter.

use tantivy::schema::{
    BytesOptions, FAST, Field as Handle, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};

use super::{values, words};
use crate::field::{FIELDS, Field, Kind};

/// The number of the index format. It grows with every change of what is written.
///
/// 1: the first.
/// 2: body and drug; layout and warnings of a letter, and which fields of a unit are known, as columns; containers; copies know
/// how many decisions they gave; stamps hold a digest of options.
/// 3: a value that a letter repeats is written once; where sentences and texts end, in the fields of words; commits are counted,
/// and a decision knows in which it came ([`super::generation`]).
/// 4: a letter is stored whole, once, packed with a dictionary; the words of its summary are indexed once; its units know how far
/// behind it they stand, and no column says twice what another says.
/// 5: the list of the index's files has a checksum of each and of itself (`manifest`); the dictionary is stored twice, with its own.
/// 6: words are indexed as they are, without their stems.
/// 7: what a unit has in the fields of an aspect is one entry of a column, in which every document has one ([`values`]).
/// 8: there are fewer aspects.
pub const FORMAT: u32 = 8;

/// The name of the field with the kind of a document.
pub const DOC: &str = "doc";

/// `doc` of a decision.
pub const DECISION: &str = "decision";
/// `doc` of a letter in which no decision could be read.
pub const UNREAD: &str = "unread";
/// `doc` of what belongs to a letter once.
pub const LETTER: &str = "letter";
/// `doc` of a second source of a letter.
pub const COPY: &str = "copy";
/// `doc` of a file that holds many letters.
pub const CONTAINER: &str = "container";
/// `doc` of the dictionary with which letters are packed.
pub const DICTIONARY: &str = "dictionary";

/// The kinds of document that are no unit, of which none is found.
pub const OTHERS: [&str; 4] = [LETTER, COPY, CONTAINER, DICTIONARY];

/// The name of the fast field that orders what nothing else orders: by case number, then number.
pub const ORDER: &str = "order";
/// The name of the fast field with the decision's place in its letter; 0 for an unread letter.
pub const NUMBER: &str = "number";

/// The name of the fast field with the generation in which a unit came into the index ([`super::generation`]).
pub const ADDED: &str = "added";
/// The name of the fast field that says how many documents a unit stands behind its letter.
pub const BEHIND: &str = "behind";
/// The name of the fast field with a letter's layout.
pub const LAYOUT: &str = "layout";
/// The name of the fast field with a letter's warnings, folded (see [`super::warning`]).
pub const WARNING: &str = "warning";
/// The name of the fast field with the names of the fields that are known of a unit, of those without a column of their own, as an entry
/// ([`values`]).
pub const KNOWN: &str = "known";
/// The name of the field with what is stored.
pub const STORED: &str = "stored";

/// The handles of all fields.
#[derive(Debug, Clone)]
pub struct Handles {
    /// Which kind of document.
    pub doc: Handle,
    /// The letter's identity.
    pub key: Handle,
    /// Where it was read.
    pub source: Handle,
    /// The source's size in bytes.
    pub size: Handle,
    /// The source's time of change in nanoseconds since 1970.
    pub changed: Handle,
    /// A digest of the options with which the source was read.
    pub options: Handle,
    /// How many decisions the source gave; of a container, how much of it could not be read.
    pub count: Handle,
    /// The key of the letter that a copy holds.
    pub copy_of: Handle,
    /// [`NUMBER`].
    pub number: Handle,
    /// [`ORDER`].
    pub order: Handle,
    /// [`ADDED`].
    pub added: Handle,
    /// [`BEHIND`].
    pub behind: Handle,
    /// [`LAYOUT`].
    pub layout: Handle,
    /// [`WARNING`].
    pub warning: Handle,
    /// [`KNOWN`].
    pub known: Handle,
    /// The letter's record, packed; or the dictionary.
    pub stored: Handle,
    /// One for each aspect.
    pub aspects: Vec<Aspect>,
    /// One for each row of the field table, in its order.
    table: Vec<Handle>,
}

/// The handles of an aspect ([`Field::aspect`]).
#[derive(Debug, Clone)]
pub struct Aspect {
    /// The column with its entries.
    pub column: Handle,
    /// Its fields, in their order.
    pub fields: Vec<(&'static Field, Handle)>,
}

impl Handles {
    /// The fields of the table, with their handles.
    pub fn rows(&self) -> impl Iterator<Item = (&'static Field, Handle)> {
        FIELDS.iter().zip(self.table.iter().copied())
    }

    /// The columns in which every document has an entry.
    pub fn entries(&self) -> impl Iterator<Item = Handle> {
        self.aspects.iter().map(|aspect| aspect.column).chain([self.known])
    }

    /// The handle of a field of the table.
    pub fn of(&self, field: &Field) -> Handle {
        let (_, handle) = self.rows().find(|(row, _)| *row == field).expect("every field is a row of the table");
        handle
    }
}

/// The schema and its handles.
pub fn build() -> (Schema, Handles) {
    let mut b = Schema::builder();
    let raw = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic).set_fieldnorms(false),
    );
    let column = TextOptions::default().set_fast("raw");
    let table: Vec<_> = FIELDS
        .iter()
        .map(|f| match f.kind {
            Kind::Text { .. } => {
                let indexing = TextFieldIndexing::default()
                    .set_tokenizer(words::ANALYZER)
                    .set_index_option(IndexRecordOption::WithFreqsAndPositions);
                b.add_text_field(f.name, TextOptions::default().set_indexing_options(indexing))
            }
            Kind::Keyword | Kind::Case => b.add_text_field(f.name, raw.clone()),
            Kind::Number | Kind::Date => b.add_i64_field(f.name, FAST),
        })
        .collect();
    let aspects = values::aspects().into_iter().map(|(aspect, fields)| Aspect {
        column: b.add_text_field(&values::column(aspect), FAST),
        fields: FIELDS.iter().zip(table.iter().copied()).filter(|(field, _)| fields.contains(field)).collect(),
    });
    let aspects = aspects.collect();
    let handles = Handles {
        doc: b.add_text_field(DOC, raw.clone()),
        key: b.add_text_field("key", raw.clone().set_fast("raw")),
        source: b.add_text_field("source", raw.clone().set_fast("raw")),
        size: b.add_u64_field("size", FAST),
        changed: b.add_i64_field("changed", FAST),
        options: b.add_u64_field("options", FAST),
        count: b.add_u64_field("count", FAST),
        copy_of: b.add_text_field("copy-of", raw.clone().set_fast("raw")),
        number: b.add_u64_field(NUMBER, NumericOptions::default().set_fast().set_indexed()),
        order: b.add_u64_field(ORDER, FAST),
        added: b.add_u64_field(ADDED, FAST),
        behind: b.add_u64_field(BEHIND, FAST),
        layout: b.add_text_field(LAYOUT, column.clone()),
        warning: b.add_text_field(WARNING, column),
        known: b.add_text_field(KNOWN, FAST),
        stored: b.add_bytes_field(STORED, BytesOptions::default().set_stored()),
        aspects,
        table,
    };
    (b.build(), handles)
}
