//! The index: its fields, and how records get into it. A decision is a document and holds its letter's summary too.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TEXT, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, IndexWriter, TantivyDocument};

use super::record::{Decision, Letter};

/// Two cores, and memory enough that few segments are merged.
const HEAP: usize = 256 << 20;
const THREADS: usize = 2;

/// What the fields are called.
pub struct Fields {
    pub case: Field,
    pub outcome: Field,
    pub category: Field,
    pub specialty: Field,
    pub gender: Field,
    pub licensure: Field,
    pub age: Field,
    pub decided: Field,
    pub item: Field,
    /// The item and all that is said of it, for words that may stand anywhere.
    pub all: Field,
    /// The texts that are found by `all` and shown, the item aside.
    pub shown: [Field; 4],
}

impl Fields {
    fn new(schema: &mut SchemaBuilder) -> Self {
        let value =
            TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic).set_fieldnorms(false);
        let value = TextOptions::default().set_indexing_options(value).set_stored();
        let facet = value.clone().set_fast("raw");
        Fields {
            case: schema.add_text_field("case", STRING | STORED),
            outcome: schema.add_text_field("outcome", facet.clone()),
            category: schema.add_text_field("category", facet.clone()),
            specialty: schema.add_text_field("specialty", facet),
            gender: schema.add_text_field("gender", value.clone()),
            licensure: schema.add_text_field("licensure", value),
            age: schema.add_u64_field("age", FAST | INDEXED | STORED),
            decided: schema.add_u64_field("decided", FAST | INDEXED | STORED),
            item: schema.add_text_field("item", TEXT | STORED),
            all: schema.add_text_field("all", TEXT),
            shown: ["claims_guideline", "imr_guideline", "rationale", "summary"].map(|name| schema.add_text_field(name, STORED)),
        }
    }

    /// The schema of an index, and what its fields are called.
    pub fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let fields = Fields::new(&mut schema);
        (schema.build(), fields)
    }

    fn document(&self, letter: &Letter<'_>, decision: &Decision<'_>) -> TantivyDocument {
        let mut doc = TantivyDocument::new();
        let values = [
            (self.case, letter.case_number.as_deref()),
            (self.outcome, decision.outcome),
            (self.category, decision.category.as_deref()),
            (self.gender, letter.gender),
        ];
        let several = [(self.specialty, &letter.specialties), (self.licensure, &letter.licensure)];
        values.into_iter().for_each(|(field, value)| value.into_iter().for_each(|value| doc.add_text(field, value)));
        several.into_iter().for_each(|(field, values)| values.iter().for_each(|value| doc.add_text(field, value)));
        letter.age.into_iter().for_each(|age| doc.add_u64(self.age, age));
        letter.decision_date.and_then(day).into_iter().for_each(|day| doc.add_u64(self.decided, day));
        doc.add_text(self.item, &decision.item);
        doc.add_text(self.all, &decision.item);
        let texts = [&decision.claims_guideline, &decision.imr_guideline, &decision.rationale, &letter.summary];
        for (field, text) in self.shown.into_iter().zip(texts) {
            if let Some(text) = text {
                doc.add_text(field, text);
                doc.add_text(self.all, text);
            }
        }
        doc
    }
}

/// A day as a number that grows with it: `2016-11-01` is 20161101.
pub fn day(text: &str) -> Option<u64> {
    text.replace('-', "").parse().ok()
}

/// Indexes the records, with tantivy's own settings but for the memory.
pub fn index(records: &Path, folder: &Path) -> Result<()> {
    let (schema, fields) = Fields::schema();
    fs::create_dir_all(folder)?;
    let index = Index::create_in_dir(folder, schema)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(THREADS, HEAP)?;
    let file = File::open(records).with_context(|| format!("{} cannot be read", records.display()))?;
    let (mut lines, mut line) = (BufReader::with_capacity(1 << 20, file), String::new());
    while lines.read_line(&mut line)? > 0 {
        let letter: Letter = serde_json::from_str(&line)?;
        for decision in &letter.decisions {
            writer.add_document(fields.document(&letter, decision))?;
        }
        line.clear();
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}
