//! How long it takes to read a query.
//!
//! Corpus: the queries of `asked`, and long ones made of them. Measure: the median time of `parse` and `widen` together; of the first
//! query apart, since it also reads the table of what means the same, which every start of the program does.
//! `cargo bench --bench query_parse`.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::hint::black_box;
use std::time::Instant;

use imr::query::{parse, widen};

mod asked;
#[path = "../examples/corpus/maker/mod.rs"]
mod maker;

use asked::{QUERIES, median};

/// So many queries in brackets make a long one.
const LONG: usize = 20;

fn main() {
    let read = |text: &str| widen(parse(black_box(text), jiff::civil::date(2017, 3, 31)).expect("a query"));
    let start = Instant::now();
    black_box(read(QUERIES[0]));
    println!("{:>10.1?}  the first", start.elapsed());
    let long = format!("({})", QUERIES.join(") OR ("));
    let longer = vec![long.clone(); LONG].join(" OR ");
    for text in QUERIES.into_iter().chain([long.as_str(), longer.as_str()]) {
        let took = median(|| {
            black_box(read(text));
        });
        let shown: String = text.chars().take(50).collect();
        println!("{took:>10.1?}  {} bytes: {shown}", text.len());
    }
}
