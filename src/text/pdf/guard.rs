//! What is looked at before the parser is trusted with a file, and after.
//!
//! The parser inflates object and cross-reference streams without a limit and without looking at the checksum. So their size
//! is bounded before it runs, and the object streams it used are inflated once more by ourselves: they hold the fonts' widths,
//! and a wrong width glues words.

use hayro_syntax::Pdf;
use hayro_syntax::object::{ObjectIdentifier, Stream};
use memchr::memmem;

use super::limits::{self, too_much};
use super::stream::{self, Inflate};
use crate::error::Result;

/// More streams of a kind than any letter has.
const MAX_STREAMS: usize = 256;

/// How far before its type a stream's object number is looked for.
const MAX_DICTIONARY: usize = 4096;

/// A stream found by the name of its type, wherever the cross-reference table may say it is.
struct Found<'a> {
    id: Option<ObjectIdentifier>,
    raw: &'a [u8],
}

/// Refuses a file that would exhaust the parser.
pub fn before_parsing(file: &[u8]) -> Result<()> {
    let object_streams = find(file, b"/ObjStm")?;
    if object_streams.iter().map(|found| found.raw.len()).sum::<usize>() > limits::OBJECT_STREAMS {
        return Err(too_much("objects"));
    }
    for found in find(file, b"/XRef")? {
        if stream::inflate(found.raw, limits::XREF_STREAM) == Err(Inflate::TooMuch) {
            return Err(too_much("cross-references"));
        }
    }
    Ok(())
}

/// Refuses a file of which an object stream is damaged.
pub fn after_parsing(file: &[u8], pdf: &Pdf) -> Result<()> {
    for found in find(file, b"/ObjStm")? {
        let stream = found.id.and_then(|id| pdf.xref().get::<Stream<'_>>(id));
        if let Some(stream) = stream {
            stream::bytes(&stream, "an object stream", limits::CONTENT)?;
        }
    }
    Ok(())
}

fn find<'a>(file: &'a [u8], kind: &[u8]) -> Result<Vec<Found<'a>>> {
    let mut all = Vec::new();
    for at in memmem::find_iter(file, kind) {
        if all.len() == MAX_STREAMS {
            return Err(too_much("streams"));
        }
        let (before, after) = file.split_at(at);
        // `/XRefStm` is another name.
        if after.get(kind.len()).is_some_and(u8::is_ascii_alphanumeric) {
            continue;
        }
        let raw = memmem::find(after, b"stream").and_then(|start| after.get(start + b"stream".len()..)).unwrap_or_default();
        let raw = raw.strip_prefix(b"\r").unwrap_or(raw);
        let raw = raw.strip_prefix(b"\n").unwrap_or(raw);
        let raw = memmem::find(raw, b"endstream").and_then(|end| raw.get(..end)).unwrap_or(raw);
        let near = before.get(before.len().saturating_sub(MAX_DICTIONARY)..).unwrap_or_default();
        all.push(Found { id: memmem::rfind(near, b" obj").and_then(|end| near.get(..end)).and_then(identifier), raw });
    }
    Ok(all)
}

/// The object number at the end of `before`, which stands before `obj`.
fn identifier(before: &[u8]) -> Option<ObjectIdentifier> {
    let mut words = before.rsplit(|byte| !byte.is_ascii_digit());
    let mut number = || std::str::from_utf8(words.next()?).ok();
    let generation = number()?.parse().ok()?;
    Some(ObjectIdentifier::new(number()?.parse().ok()?, generation))
}
