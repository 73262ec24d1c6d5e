//! The least that tantivy can do with the same decisions: the measure against which `benches/compare` holds imr.
//!
//! The records are ready (`truth.jsonl` of examples/corpus), so nothing is read from letters, taken apart or classified. One field
//! takes all texts together, another the item alone; texts are cut by tantivy's own tokenizer and stored as they are. No
//! widening, no near matches, no passages, no updates. What imr costs above this is what it does for its user.
//!
//! ```console
//! $ cargo run --release --example bare -- index truth.jsonl DIR
//! $ cargo run --release --example bare -- ask DIR benches/compare.d/queries.jsonl 12
//! ```

#![allow(clippy::print_stdout, reason = "a program that prints what it measured")]

mod ask;
mod facets;
mod layout;
mod record;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// A bare tantivy index of the records of letters.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Index records, a letter a line
    Index {
        /// As examples/corpus writes them
        records: PathBuf,
        /// The folder of the index, which is made
        index: PathBuf,
    },
    /// Ask queries and say for each what it found and the microseconds of each time it was asked
    Ask {
        /// The folder of the index
        index: PathBuf,
        /// A query a line, as benches/compare.d/queries.jsonl has them
        queries: PathBuf,
        /// How often all are asked
        #[arg(default_value_t = 1)]
        rounds: usize,
        /// Only the query of this name
        #[arg(long)]
        only: Option<String>,
    },
}

fn main() -> Result<()> {
    match Args::parse().step {
        Step::Index { records, index } => layout::index(&records, &index),
        Step::Ask { index, queries, rounds, only } => ask::all(&index, &queries, rounds, only.as_deref()),
    }
}
