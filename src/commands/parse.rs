//! `imr parse`: letters to records on standard output, without an index.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use imr::record::Letter;
use imr::render::{json, safe};
use imr::{classify, ingest, source};
use rayon::prelude::*;

use crate::cli::ParseArgs;
use crate::exit::Exit;

/// Letters taken apart at once before they are printed, in order.
const BATCH: usize = 256;

pub fn run(args: &ParseArgs) -> Result<Exit> {
    let found = source::find(&args.files, Path::new(""));
    let mut clean = found.failed.is_empty();
    for (_, why) in &found.failed {
        anstream::eprintln!("failed: {}", safe::line(&why.to_string()));
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for batch in found.sources.chunks(BATCH) {
        let parsed: Vec<_> = batch.par_iter().map(ingest::parse).collect();
        for (source, letter) in batch.iter().zip(parsed) {
            match letter {
                Ok((mut letter, _)) => {
                    if args.explain {
                        explain(&mut letter);
                    }
                    json::line(&mut out, &letter)?;
                }
                Err(why) => {
                    clean = false;
                    anstream::eprintln!("failed: {}: {}", safe::line(&source.name()), safe::line(&why.to_string()));
                }
            }
        }
    }
    out.flush()?;
    Ok(if clean { Exit::Done } else { Exit::Partly })
}

/// Reads the items once more, since reasons are nothing that an index needs.
fn explain(letter: &mut Letter) {
    for decision in &mut letter.decisions {
        let subject = classify::classify(&decision.disputed, decision.rationale.as_deref().unwrap_or_default());
        decision.explain = Some(subject.explain());
    }
}
