//! Makes letters of our own, to try the program on at any size: `cargo run --release --example corpus -- --letters 100000 --out DIR`.
//!
//! How they are made is told in [`maker`], and what the corpus is for in docs/performance.md. The same arguments give the same files.

#![allow(clippy::print_stderr, reason = "a program that tells how far it is")]

mod maker;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use maker::Form;
use maker::write::Corpus;

/// Make letters in the form in which the state publishes them, and truth.jsonl, what must be read from each.
#[derive(Parser)]
struct Args {
    /// How many letters
    #[arg(long)]
    letters: u64,
    /// Where they are written; the folder is made
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The form in which they are written
    #[arg(long, value_enum, default_value_t = Form::Text)]
    form: Form,
    /// The corpus: another seed gives other letters
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first letter, for a corpus that grows
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// All letters in one folder, not a thousand in each
    #[arg(long)]
    flat: bool,
}

fn main() -> Result<()> {
    let Args { letters, out, form, seed, from, flat } = Args::parse();
    let corpus = Corpus { seed, numbers: from..from + letters, form, flat };
    let bytes = corpus.write(&out, |done| eprint!("\r{done} of {letters} letters"))?;
    eprintln!(", {bytes} bytes, in {}", out.display());
    Ok(())
}
