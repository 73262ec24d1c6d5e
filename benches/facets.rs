//! What it costs to count every facet of an answer.
//!
//! Corpus: letters of examples/corpus in the form of text, seed 1; 5,000, or as many as `IMR_CORPUS_LETTERS` says. Measure: the median
//! time of an answer with twenty hits in a warm process, without facets and with all of them and their rates, and the ratio of the
//! two for each query of `asked`; at the end the ratio of the medians. `cargo bench --bench facets`.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use imr::field;
use imr::search::Request;

mod asked;
#[path = "../examples/corpus/maker/mod.rs"]
mod maker;

use asked::{QUERIES, answered, indexed, letters, middle, request};

fn main() {
    let dir = tempfile::tempdir().expect("a folder for the letters");
    letters(dir.path(), 5);
    let index = indexed(dir.path());
    let (mut bare, mut faceted) = (Vec::new(), Vec::new());
    for text in QUERIES {
        let without = answered(&index, &request(text));
        let with = answered(&index, &Request { facets: field::facets().collect(), ..request(text) });
        println!("{without:>10.1?} {with:>10.1?}  x {:.2}  {text}", with.as_secs_f64() / without.as_secs_f64());
        bare.push(without);
        faceted.push(with);
    }
    let ratio = middle(&mut faceted).as_secs_f64() / middle(&mut bare).as_secs_f64();
    println!("ratio of the medians: {ratio:.2}");
}
