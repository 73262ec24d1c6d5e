//! Makes letters of our own to try the program on at any size: `cargo run --release --example corpus -- --letters 100000 --out DIR`.
//!
//! How they are made is told in [`maker`]; how the corpus is used, in docs/performance.md. Beside the letters stands `truth.jsonl`, the
//! record of each as `imr parse` must print it. Letters are made on all cores, a thousand at a time, and written in order: memory does
//! not grow with their number, and the same arguments give the same files.

#![allow(clippy::print_stderr, reason = "a program that tells how far it is")]

mod maker;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use maker::Made;
use rayon::prelude::*;

/// Make letters in the form in which the state publishes them, and what must be read from each.
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

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Form {
    /// Files of text as `pdftotext -layout` prints the published PDFs
    Text,
    /// PDFs as published
    Pdf,
    /// The same text in one file, letters.jsonl, a letter a line
    Jsonl,
    /// Files of text as text corpora keep letters: no header, an empty line after every line
    Bare,
}

/// Letters made at a time, and letters in a folder.
const SHARD: u64 = 1000;

fn main() -> Result<()> {
    let args = Args::parse();
    let end = args.from + args.letters;
    fs::create_dir_all(&args.out).with_context(|| format!("{} cannot be made", args.out.display()))?;
    let mut truth = created(&args.out.join("truth.jsonl"))?;
    let mut lines = (args.form == Form::Jsonl).then(|| created(&args.out.join("letters.jsonl"))).transpose()?;
    let mut bytes = 0;
    let mut from = args.from;
    while from < end {
        // Letter n is in the same folder however the corpus is made up.
        let shard = from..end.min((from / SHARD + 1) * SHARD);
        from = shard.end;
        let folder = if args.flat { PathBuf::new() } else { PathBuf::from(format!("{:04}", shard.start / SHARD)) };
        if lines.is_none() {
            fs::create_dir_all(args.out.join(&folder))?;
        }
        let made: Vec<_> = shard.into_par_iter().map(|number| one(&args, number, &folder)).collect::<Result<_>>()?;
        for (letter, record) in made {
            bytes += letter.len();
            writeln!(truth, "{record}")?;
            if let Some(lines) = &mut lines {
                lines.write_all(&letter)?;
            }
        }
        eprint!("\r{} of {} letters", from - args.from, args.letters);
    }
    truth.flush()?;
    lines.map_or(Ok(()), |mut lines| lines.flush())?;
    eprintln!(", {bytes} bytes, in {}", args.out.display());
    Ok(())
}

fn created(path: &Path) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| format!("{} cannot be written", path.display()))?))
}

/// Makes a letter, writes it if it has a file of its own, and gives its bytes and its record.
fn one(args: &Args, number: u64, folder: &Path) -> Result<(Vec<u8>, String)> {
    let form = match args.form {
        Form::Text | Form::Jsonl => maker::Form::Text,
        Form::Bare => maker::Form::Bare,
        Form::Pdf => maker::Form::Pdf,
    };
    let Made { case, mut bytes, mut truth } = maker::letter(args.seed, number, form);
    if args.form == Form::Jsonl {
        truth.source = format!("letters.jsonl#{}", number - args.from + 1);
        bytes = serde_json::to_vec(&serde_json::json!({ "text": String::from_utf8(bytes)? }))?;
        bytes.push(b'\n');
    } else {
        let extension = if args.form == Form::Pdf { "pdf" } else { "txt" };
        let file = folder.join(format!("{case}.{extension}"));
        fs::write(args.out.join(&file), &bytes).with_context(|| format!("{} cannot be written", file.display()))?;
        truth.source = file.to_string_lossy().replace('\\', "/");
    }
    Ok((bytes, serde_json::to_string(&truth)?))
}
