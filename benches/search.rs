//! How long a query takes, beside a bare tantivy loop.
//!
//! Corpus: letters of examples/corpus in the form of text, seed 1; 5,000, or as many as `IMR_CORPUS_LETTERS` says. Measure: the median
//! time of an answer in a warm process (twenty hits with passages, the exact count of decisions and letters, the outcomes), and of
//! tantivy with its own query parser on the same records in one field of all texts (the twenty best, the count of documents, their
//! stored records), for words and phrases, the only queries that both read alike; the ratio of each, and of the medians.
//! `cargo bench --bench search`.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::path::Path;

use imr::record::Letter;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::schema::{Field, STORED, Schema, TEXT};
use tantivy::{Searcher, TantivyDocument};

mod asked;
#[path = "../examples/corpus/maker/mod.rs"]
mod maker;

use asked::{QUERIES, answered, indexed, letters, median, middle, request};

/// Hits, for both.
const HITS: usize = 20;

fn main() {
    let dir = tempfile::tempdir().expect("a folder for the letters");
    letters(dir.path(), 5);
    let index = indexed(dir.path());
    let (bare, text) = bare_index(dir.path());
    let mut parser = QueryParser::for_index(bare.index(), vec![text]);
    parser.set_conjunction_by_default();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for query in QUERIES {
        let took = answered(&index, &request(query));
        // A field, a range, a connector, a beginning: tantivy reads them otherwise, or not.
        if query.contains([':', '/', '*']) || query.contains("overturned") {
            println!("{took:>10.1?}                       {query}");
            continue;
        }
        let parsed = parser.parse_query(query).expect("a query");
        let bare = median(|| {
            let top = TopDocs::with_limit(HITS).order_by_score();
            let (best, count) = bare.search(&parsed, &(top, Count)).expect("an answer");
            for (_, address) in best {
                black_box(bare.doc::<TantivyDocument>(address).expect("a record"));
            }
            black_box(count);
        });
        println!("{took:>10.1?} {bare:>10.1?}  x {:>5.2}    {query}", took.as_secs_f64() / bare.as_secs_f64());
        ours.push(took);
        theirs.push(bare);
    }
    let ratio = middle(&mut ours).as_secs_f64() / middle(&mut theirs).as_secs_f64();
    println!("ratio of the medians: {ratio:.2}");
}

/// The true records in one field of words, each stored.
fn bare_index(folder: &Path) -> (Searcher, Field) {
    let mut schema = Schema::builder();
    let (text, stored) = (schema.add_text_field("text", TEXT), schema.add_text_field("stored", STORED));
    let index = tantivy::Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(2, 128 << 20).expect("a writer");
    let truth = BufReader::new(File::open(folder.join("truth.jsonl")).expect("the records"));
    for line in truth.lines() {
        let letter: Letter = serde_json::from_str(&line.expect("a line")).expect("a record");
        for decision in &letter.decisions {
            let mut doc = TantivyDocument::new();
            doc.add_text(text, &decision.item);
            let texts = [&decision.claims_guideline, &decision.imr_guideline, &decision.rationale, &letter.summary];
            texts.into_iter().flatten().for_each(|said| doc.add_text(text, said));
            doc.add_text(stored, serde_json::to_string(decision).expect("a record"));
            writer.add_document(doc).expect("a document");
        }
    }
    writer.commit().expect("a commit");
    (index.reader().expect("a reader").searcher(), text)
}
