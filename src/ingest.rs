//! Source to index: reads what has changed, takes it apart on all cores, and hands it to the one writer in a stable order.
//!
//! Nothing that one letter holds can stop a run: a failure, a panic included, becomes a line of the [`Report`].

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rayon::prelude::*;

use crate::classify;
use crate::error::{Error, Result};
use crate::index::{Added, Index, Stamp, Writer};
use crate::letter;
use crate::letter::check::Finding;
use crate::record::{Layout, Letter};
use crate::source::{self, Source};
use crate::text;

/// Letters taken apart at once before they are written: enough to keep the cores busy, few enough to keep memory small.
const BATCH: usize = 512;
/// Letters between two commits: what a kill can cost.
const COMMIT_EVERY: usize = 100_000;

/// What a run did.
#[derive(Debug, Default)]
pub struct Report {
    /// Letters that were not in the index before.
    pub new: u64,
    /// Letters whose source had changed.
    pub replaced: u64,
    /// Sources that were in the index as they are now, and were not read.
    pub unchanged: u64,
    /// Decisions of the new and replaced letters.
    pub decisions: u64,
    /// Sources that hold a letter which another source holds too.
    pub copies: Vec<Copy>,
    /// Letters that are in the index but were not read whole, with the reason.
    pub partial: Vec<(String, String)>,
    /// Sources of which nothing could be read, with the reason.
    pub failed: Vec<(String, String)>,
    /// Files passed over in folders, counted by their extension.
    pub skipped: BTreeMap<String, u64>,
}

/// One letter in two sources.
#[derive(Debug)]
pub struct Copy {
    /// Its case number, or what stands for it.
    pub letter: String,
    /// The source whose text is in the index.
    pub kept: String,
    /// The source that is only remembered.
    pub other: String,
}

impl Report {
    /// Whether every source was read whole.
    pub fn is_clean(&self) -> bool {
        self.failed.is_empty() && self.partial.is_empty()
    }
}

/// Where a run tells how far it is.
pub trait Progress {
    /// So many sources are to be read.
    fn start(&self, sources: u64);
    /// So many more are read.
    fn advance(&self, sources: u64);
}

/// Brings `index` up to date with the letters in `paths`.
///
/// # Errors
/// Only what concerns the index itself; a letter that cannot be read is in the report.
pub fn run(index: &Index, paths: &[PathBuf], progress: &dyn Progress) -> Result<Report> {
    let found = source::find(paths, index.path());
    let mut report = Report { skipped: found.skipped, ..Report::default() };
    report.failed.extend(found.failed.into_iter().map(|(path, why)| (path, reason(&why))));
    let mut writer = Writer::open(index)?;

    let total = found.sources.len();
    let due = due(found.sources, &writer);
    report.unchanged = (total - due.len()) as u64;
    progress.start(due.len() as u64);
    let mut since_commit = 0;
    for batch in due.chunks(BATCH) {
        let read: Vec<_> = batch.par_iter().map(read_letter).collect();
        for (source, outcome) in batch.iter().zip(read) {
            report.note(&mut writer, source, outcome)?;
        }
        progress.advance(batch.len() as u64);
        since_commit += batch.len();
        if since_commit >= COMMIT_EVERY {
            writer.commit()?;
            since_commit = 0;
        }
    }
    match due.is_empty() {
        true => drop(writer),
        false => writer.finish()?,
    }
    Ok(report)
}

fn stamp(source: &Source) -> Stamp {
    Stamp { size: source.size, changed: source.changed }
}

/// The sources to read: those that changed, and with them the other copies of their letters.
fn due(sources: Vec<Source>, writer: &Writer) -> Vec<Source> {
    let changed = |s: &&Source| !writer.is_current(&s.id, stamp(s));
    let copies = writer.copies_of(sources.iter().filter(changed).map(|s| s.id.as_str()));
    let copies: std::collections::HashSet<String> = copies.into_iter().collect();
    sources.into_iter().filter(|s| changed(&s) || copies.contains(&s.id)).collect()
}

/// A letter and the identity by which the index knows it.
struct Read {
    key: String,
    letter: Letter,
    /// Why the letter is not whole, if it is not.
    partial: Option<String>,
}

fn read_letter(source: &Source) -> Result<Read> {
    let parsed = parse(source)?;
    let partial = match &parsed {
        (_, warnings) if !warnings.is_empty() => Some(warnings.join("; ")),
        (letter, _) if letter.decisions.is_empty() => Some(
            match letter.layout {
                Layout::Unknown => "its layout is not known; it can be found by its text",
                _ => "no decision could be read; it can be found by its text",
            }
            .to_owned(),
        ),
        (letter, _) if letter.text.is_some() => {
            Some("it holds more than one letter; the others can be found by their text".to_owned())
        }
        _ => None,
    };
    let letter = parsed.0;
    Ok(Read { key: key(&letter), letter, partial })
}

/// Reads a source and takes it apart. The warnings beside the letter are about reading its text.
///
/// # Errors
/// Whatever keeps its text from being read, a panic included.
pub fn parse(source: &Source) -> Result<(Letter, Vec<String>)> {
    guarded(|| {
        let text = text::read(&source.read()?)?;
        let mut letter = letter::parse(&source.name(), &text);
        for decision in &mut letter.decisions {
            let subject = classify::classify(&decision.disputed, decision.rationale.as_deref().unwrap_or_default());
            decision.category = subject.class.map(|c| c.category.to_owned());
            decision.subcategory = subject.class.map(|c| c.subcategory.to_owned());
            decision.body = subject.body.iter().map(|m| m.value.to_owned()).collect();
            decision.drug = subject.drug.iter().map(|m| m.value.to_owned()).collect();
        }
        Ok((letter, text.warnings))
    })
}

/// Reads a source, takes it apart, and checks the record against the text.
///
/// # Errors
/// Those of [`parse`].
pub fn check(source: &Source) -> Result<Vec<Finding>> {
    guarded(|| {
        let text = text::read(&source.read()?)?;
        Ok(letter::check::check(&text, &letter::parse(&source.name(), &text)))
    })
}

/// Runs `attempt` on one letter; a panic becomes its error.
fn guarded<T>(attempt: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        Err(Error::Panic(said.unwrap_or("no message").to_owned()))
    })
}

/// A letter's identity: its case number, or a digest of its texts where it prints none.
fn key(letter: &Letter) -> String {
    if let Some(case) = &letter.case_number {
        return case.to_uppercase();
    }
    let mut hasher = blake3::Hasher::new();
    let texts = letter.decisions.iter().flat_map(|d| [Some(&d.item), d.rationale.as_ref()]);
    for text in texts.chain([letter.summary.as_ref(), letter.text.as_ref()]).flatten() {
        hasher.update(text.as_bytes()).update(b"\n");
    }
    let hex = hasher.finalize().to_hex();
    format!("T{}", hex[..16].to_uppercase())
}

/// An error without the path that the report names anyway.
fn reason(error: &Error) -> String {
    match error {
        Error::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

impl Report {
    fn note(&mut self, writer: &mut Writer, source: &Source, outcome: Result<Read>) -> Result<()> {
        let read = match outcome {
            Ok(read) => read,
            Err(e) => {
                self.failed.push((source.name(), reason(&e)));
                return Ok(());
            }
        };
        match writer.add(&source.id, stamp(source), &read.key, &read.letter)? {
            Added::Copy { kept, other } => self.copies.push(Copy { letter: read.key, kept, other }),
            added => {
                *if added == Added::New { &mut self.new } else { &mut self.replaced } += 1;
                self.decisions += read.letter.decisions.len() as u64;
            }
        }
        self.partial.extend(read.partial.map(|why| (source.name(), why)));
        Ok(())
    }
}
