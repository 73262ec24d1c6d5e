//! `imr parse`: letters to records on standard output, without an index.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use imr::error::Error;
use imr::ingest::batch::{self, Sink};
use imr::record::Letter;
use imr::render::{json, safe};
use imr::source::{self, Input, Source};

use super::paths;
use crate::cli::ParseArgs;
use crate::exit::Exit;

pub fn run(args: &ParseArgs) -> Result<Exit> {
    let options = args.input.options();
    let found = source::find(&paths::paths(&args.files, &args.input)?, Path::new(""), &options);
    let out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut printer = Printer { out, clean: found.failed.is_empty() };
    for (_, why) in &found.failed {
        anstream::eprintln!("failed: {}", safe::line(&why.to_string()));
    }
    batch::read(&found.inputs, &options, &mut printer)?;
    printer.out.flush()?;
    Ok(if printer.clean { Exit::Done } else { Exit::Partly })
}

/// Prints records.
struct Printer<W> {
    out: W,
    clean: bool,
}

impl<W: Write> Printer<W> {
    fn failed(&mut self, name: &str, why: &Error) {
        self.clean = false;
        anstream::eprintln!("failed: {}: {}", safe::line(name), safe::line(&why.to_string()));
    }
}

impl<W: Write> Sink for Printer<W> {
    type Error = anyhow::Error;

    fn letter(&mut self, source: &Source, outcome: Result<(Letter, Vec<String>), Error>) -> Result<()> {
        match outcome {
            Ok((letter, _)) => json::line(&mut self.out, &letter)?,
            Err(why) => self.failed(&source.name, &why),
        }
        Ok(())
    }

    fn end(&mut self, container: &Input, outcome: Result<(), Error>) -> Result<()> {
        if let Err(why) = outcome {
            self.failed(&container.name(), &why);
        }
        Ok(())
    }
}
