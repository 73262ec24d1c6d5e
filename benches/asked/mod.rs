//! What the benchmarks of searching share: an index of letters that were made, queries of every kind, and how long a query takes.

#![allow(dead_code, reason = "each benchmark takes what it needs")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use imr::index::Index;
use imr::ingest;
use imr::query::{is_plain, parse, widen};
use imr::search::{Request, search};

use super::maker::Form;
use super::maker::write::{Corpus, SHARD};

/// A query of each kind: words, formulas, phrases, beginnings, filters, ranges, connectors, words of every letter.
pub const QUERIES: [&str; 16] = [
    "acupuncture",
    "radiculopathy",
    "physical therapy AND overturned",
    "lumbar radiculopathy mri",
    "opioid AND functional AND improvement",
    "\"physical therapy\"",
    "\"is not medically necessary\"",
    "electro*",
    "ibuprofen OR naproxen OR meloxicam",
    "norco specialty:pain",
    "overturned",
    "*",
    "knee AND age:18..30",
    "mri AND decided:2016",
    "functional /5 improvement",
    "\"the\" AND request AND medically AND necessary",
];

/// How often each is asked; the first answers only warm.
const TIMES: usize = 12;
const WARMING: usize = 2;

/// Letters that were made: as many thousands as `thousands`, or as many as `IMR_CORPUS_LETTERS` says.
pub fn letters(folder: &Path, thousands: u64) -> u64 {
    let letters = std::env::var("IMR_CORPUS_LETTERS").ok().and_then(|n| n.parse().ok()).unwrap_or(thousands * SHARD);
    let corpus = Corpus { seed: 1, numbers: 0..letters, form: Form::Text, flat: false };
    corpus.write(folder, |_| ()).expect("room for the letters");
    letters
}

/// The index of the letters in a folder.
pub fn indexed(folder: &Path) -> Index {
    let index = Index::open_or_create(&folder.join("index")).expect("a new index");
    ingest::run(&index, &[folder.to_owned()], &()).expect("a whole run");
    index
}

/// What a page asks for.
pub fn request(text: &str) -> Request {
    let query = parse(text, jiff::civil::date(2017, 3, 31)).expect("a query");
    Request { text: text.to_owned(), query: widen(query), limit: 20, near: is_plain(text), ..Request::default() }
}

/// The median time of an answer.
pub fn answered(index: &Index, request: &Request) -> Duration {
    median(|| {
        black_box(search(index, request).expect("an answer"));
    })
}

/// The median time of some work.
pub fn median(mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let mut times: Vec<_> = (0..TIMES).map(once).skip(WARMING).collect();
    middle(&mut times)
}

/// The middle one.
pub fn middle(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
