//! Asks an index of imr queries in one process, as a program that stays does, and says what each took: for `benches/compare`.
//!
//! What is measured is all that `imr query` does behind the opening of the index: the text is read, the query answered, and a page
//! of twenty hits with their passages set. A line of the file of queries is `{"id": "q1", "query": "...", "facets": ["outcome"]}`,
//! with `"typed": true` where the query is answered as at the terminal, with near matches, other spellings and the number of those
//! that have the words in the item.
//!
//! ```console
//! $ cargo run --release --example ask -- INDEX QUERIES.jsonl 12
//! ```

#![allow(clippy::print_stdout, reason = "a program that prints what it measured")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use imr::field;
use imr::index::Index;
use imr::render::{Page, text};
use imr::search::results::Answer;
use imr::search::{self, Request};
use serde::Deserialize;

/// As `imr` has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Hits on a page, and how it is set where the output is no terminal.
const TOP: usize = 20;
const PAGE: Page = Page { width: 100, colour: false, rows: 15 };

/// Ask an index queries and say for each what it found and the microseconds of each time it was asked.
#[derive(Parser)]
struct Args {
    /// The folder of the index
    index: PathBuf,
    /// The queries, one a line
    queries: PathBuf,
    /// How often all are asked
    #[arg(default_value_t = 1)]
    rounds: usize,
}

#[derive(Deserialize)]
struct Asked {
    id: String,
    query: String,
    #[serde(default)]
    facets: Vec<String>,
    #[serde(default)]
    typed: bool,
}

impl Asked {
    fn request(&self) -> Result<Request> {
        let query = imr::query::parse(&self.query, jiff::Zoned::now().date())
            .map_err(|e| anyhow::anyhow!("{}", e.render(&self.query)))?;
        let facet = |name: &String| field::find(name).with_context(|| format!("no field {name}"));
        let request = Request {
            text: self.query.clone(),
            facets: self.facets.iter().map(facet).collect::<Result<_>>()?,
            limit: TOP,
            ..Request::default()
        };
        Ok(match self.typed {
            false => Request { query, ..request },
            true => {
                let plain = imr::query::is_plain(&self.query);
                let in_item = plain.then(|| query.clone().in_field(field::find("item"))).filter(|in_item| *in_item != query);
                let in_item = in_item.map(imr::query::widen);
                Request { query: imr::query::widen(query), near: plain, in_item, ..request }
            }
        })
    }
}

fn main() -> Result<()> {
    let args = Args::parse();
    search::join_in();
    let index = Index::open(&args.index)?;
    let lines = std::fs::read_to_string(&args.queries)?;
    let asked: Vec<Asked> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut took = vec![Vec::new(); asked.len()];
    let mut answers = Vec::new();
    for _ in 0..args.rounds {
        answers.clear();
        for (asked, took) in asked.iter().zip(&mut took) {
            let start = Instant::now();
            let answer = search::search(&index, &asked.request()?)?;
            text::answer(&mut std::io::sink(), PAGE, &answer)?;
            took.push(start.elapsed().as_micros() as u64);
            answers.push(answer);
        }
    }
    for ((asked, answer), us) in asked.iter().zip(&answers).zip(took) {
        let (hits, facets) = (answer.total.decisions, facets(answer));
        println!("{}", serde_json::json!({ "id": asked.id, "hits": hits, "facets": facets, "us": us }));
    }
    Ok(())
}

/// The decisions of each value that is known, by facet.
fn facets(answer: &Answer) -> BTreeMap<&str, BTreeMap<&str, u64>> {
    let facets = answer.facets.iter();
    facets
        .map(|facet| {
            let values = facet.values.iter().filter_map(|(value, tally)| Some((value.as_deref()?, tally.decisions)));
            (facet.field.name, values.collect())
        })
        .collect()
}
