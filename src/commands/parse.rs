//! `imr parse`: letters to records on standard output, without an index; or what a check of the records finds.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use imr::error::Error;
use imr::ingest::batch::{self, Sink};
use imr::record::Letter;
use imr::render::{counted, json, safe};
use imr::source::{self, Input, Source};
use imr::{classify, ingest};

use super::paths;
use crate::cli::{CheckFormat, ParseArgs};
use crate::exit::Exit;

pub fn run(args: &ParseArgs) -> Result<Exit> {
    if args.check { check(args) } else { records(args) }
}

fn records(args: &ParseArgs) -> Result<Exit> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let clean = each(args, ingest::parse, |_, (mut letter, _)| {
        if args.explain {
            explain(&mut letter);
        }
        Ok(json::line(&mut out, &letter)?)
    })?;
    out.flush()?;
    Ok(if clean { Exit::Done } else { Exit::Partly })
}

/// What is wrong with the records; the numbers go to standard error.
fn check(args: &ParseArgs) -> Result<Exit> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut checked, mut found) = (0, 0);
    let clean = each(args, ingest::check, |source, findings| {
        checked += 1;
        found += u64::from(!findings.is_empty());
        let sentences: Vec<_> = findings.iter().map(ToString::to_string).collect();
        match args.format {
            CheckFormat::Text => {
                sentences.iter().try_for_each(|found| writeln!(out, "{}: {}", safe::line(&source.name), safe::line(found)))?
            }
            CheckFormat::Json if sentences.is_empty() => {}
            CheckFormat::Json => json::findings(&mut out, &source.name, &sentences)?,
        }
        Ok(())
    })?;
    out.flush()?;
    anstream::eprintln!("checked: {}, {} with findings", counted(checked, "letter"), imr::render::grouped(found));
    Ok(if clean && found == 0 { Exit::Done } else { Exit::Partly })
}

/// Does `work` on every letter, on all cores, and hands on what it gives in the order of the letters. What fails is told on
/// standard error; says whether nothing did.
fn each<T: Send>(
    args: &ParseArgs,
    work: impl Fn(&Source) -> imr::error::Result<T> + Sync,
    done: impl FnMut(&Source, T) -> Result<()>,
) -> Result<bool> {
    let options = args.input.options();
    let found = source::find(&paths::paths(&args.files, &args.input)?, Path::new(""), &options);
    for (_, why) in &found.failed {
        anstream::eprintln!("failed: {}", safe::line(&why.to_string()));
    }
    let mut each = Each { done, clean: found.failed.is_empty(), of: std::marker::PhantomData };
    batch::read(&found.inputs, &options, &work, &mut each)?;
    Ok(each.clean)
}

/// Hands letters on, and tells what fails.
struct Each<T, F> {
    done: F,
    clean: bool,
    of: std::marker::PhantomData<T>,
}

impl<T, F> Each<T, F> {
    fn failed(&mut self, name: &str, why: &Error) {
        self.clean = false;
        anstream::eprintln!("failed: {}: {}", safe::line(name), safe::line(&why.to_string()));
    }
}

impl<T: Send, F: FnMut(&Source, T) -> Result<()>> Sink for Each<T, F> {
    type Error = anyhow::Error;
    type Read = T;

    fn letter(&mut self, source: &Source, outcome: Result<T, Error>) -> Result<()> {
        match outcome {
            Ok(read) => (self.done)(source, read)?,
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

/// Reads the items once more, since reasons are nothing that an index needs.
fn explain(letter: &mut Letter) {
    for decision in &mut letter.decisions {
        let subject = classify::classify(&decision.disputed, decision.rationale.as_deref().unwrap_or_default());
        decision.explain = Some(subject.explain());
    }
}
