//! What it costs to index letters: time, memory and disk.
//!
//! Corpus: letters of examples/corpus in the form of text, seed 1; 5,000, or as many as `IMR_CORPUS_LETTERS` says. Measure: CPU time
//! (user and system) of `imr::ingest::run` from the folder to the closed index, and of a bare tantivy loop in the same run, which
//! writes the true records, already in memory, with tantivy's own tokenizer, the same fields and the same writer settings; so the
//! ratio is the price of reading, taking apart, classifying, stemming, columns for facets and being incremental. Beside it the most
//! memory in use at once, and the bytes of the index for each byte of the letters. `cargo bench --bench index`.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use imr::index::Index;
use imr::ingest;
use imr::record::{Decision, Letter};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, STORED, STRING, Schema, TEXT};

#[path = "../examples/corpus/maker/mod.rs"]
mod maker;
mod measure;

use maker::write::Corpus;
use maker::{Form, write::SHARD};
use measure::{TICKS_A_SECOND, cpu_ticks};

/// As the program's own writer has them.
const HEAP: usize = 128 << 20;
const THREADS: usize = 2;

/// Says nothing.
fn main() {
    let letters = std::env::var("IMR_CORPUS_LETTERS").ok().and_then(|n| n.parse().ok()).unwrap_or(5 * SHARD);
    let dir = tempfile::tempdir().expect("a folder for the letters");
    let corpus = Corpus { seed: 1, numbers: 0..letters, form: Form::Text, flat: false };
    let raw = corpus.write(dir.path(), |_| ()).expect("room for the letters") as u64;

    let index = dir.path().join("index");
    let (ours, peak) = measured(|| {
        let index = Index::open_or_create(&index).expect("a new index");
        let report = ingest::run(&index, &[dir.path().to_owned()], &()).expect("a whole run");
        assert_eq!((report.new, report.failed.len()), (letters, 0));
    });
    told("imr", letters, raw, ours, peak, &index);

    let truth = BufReader::new(File::open(dir.path().join("truth.jsonl")).expect("the records"));
    let records: Vec<Letter> =
        truth.lines().map(|line| serde_json::from_str(&line.expect("a line")).expect("a record")).collect();
    let bare = dir.path().join("bare");
    let (theirs, peak) = measured(|| bare_loop(&records, &bare));
    told("tantivy alone, records in memory", letters, raw, theirs, peak, &bare);
    println!("ratio of CPU time: {:.2}", ours / theirs);
}

/// The CPU seconds of some work, and the most memory in use during it.
fn measured(work: impl FnOnce()) -> (f64, u64) {
    measure::forget_peak();
    let start = cpu_ticks();
    work();
    ((cpu_ticks() - start) as f64 / TICKS_A_SECOND, measure::peak())
}

fn told(who: &str, letters: u64, raw: u64, seconds: f64, peak: u64, index: &Path) {
    let files = fs::read_dir(index).expect("an index").filter_map(|entry| entry.ok()?.metadata().ok());
    let bytes: u64 = files.map(|file| file.len()).sum();
    println!(
        "{who}: {:.0} letters a CPU second ({letters} letters, {seconds:.1} s), peak {} MiB, index {:.2} of the letters' bytes",
        letters as f64 / seconds,
        peak >> 20,
        bytes as f64 / raw as f64,
    );
}

/// The least that tantivy can do to hold the records.
fn bare_loop(records: &[Letter], folder: &Path) {
    let mut schema = Schema::builder();
    let texts = ["item", "rationale", "guideline", "summary"].map(|name| schema.add_text_field(name, TEXT));
    let keywords =
        ["outcome", "category", "subcategory", "specialty", "case"].map(|name| schema.add_text_field(name, STRING | FAST));
    let stored = schema.add_text_field("stored", STORED);
    fs::create_dir_all(folder).expect("a folder for the index");
    let index = tantivy::Index::create_in_dir(folder, schema.build()).expect("a new index");
    let mut writer = index.writer_with_num_threads(THREADS, HEAP).expect("a writer");
    for letter in records {
        for decision in &letter.decisions {
            writer.add_document(document(letter, decision, &texts, &keywords, stored)).expect("a document");
        }
    }
    writer.commit().expect("a commit");
    writer.wait_merging_threads().expect("merges that end");
}

fn document(letter: &Letter, decision: &Decision, texts: &[Field; 4], keywords: &[Field; 5], stored: Field) -> TantivyDocument {
    let mut doc = TantivyDocument::new();
    let guidelines = [&decision.claims_guideline, &decision.imr_guideline].map(|g| g.as_deref().unwrap_or_default()).join(" ");
    let said = [
        &decision.item,
        decision.rationale.as_deref().unwrap_or_default(),
        &guidelines,
        letter.summary.as_deref().unwrap_or_default(),
    ];
    texts.iter().zip(said).for_each(|(field, text)| doc.add_text(*field, text));
    let outcome = decision.outcome.map(|outcome| outcome.name());
    let values = [
        outcome,
        decision.category.as_deref(),
        decision.subcategory.as_deref(),
        letter.specialties.first().map(String::as_str),
        letter.case_number.as_deref(),
    ];
    keywords.iter().zip(values).for_each(|(field, value)| doc.add_text(*field, value.unwrap_or_default()));
    doc.add_text(stored, serde_json::to_string(decision).expect("a record"));
    doc
}
