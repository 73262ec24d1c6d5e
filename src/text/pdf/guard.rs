//! What is looked at before the parser is trusted with a file, and after.
//!
//! The parser inflates object and cross-reference streams without a limit, whatever chain of filters they name, and without
//! looking at the checksum. So their size is bounded before it runs, and the object streams it used are inflated once more by
//! ourselves: they hold the fonts' widths, and a wrong width glues words. A name may be written with escapes (`/Obj#53tm`),
//! which no writer does and the parser reads all the same.

use std::borrow::Cow;

use hayro_syntax::Pdf;
use hayro_syntax::object::{ObjectIdentifier, Stream};
use memchr::memmem;

use super::limits::{self, too_much};
use super::stream::{self, Inflate};
use crate::error::{Error, Result};

/// More streams of a kind than any letter has.
const MAX_STREAMS: usize = 256;

/// How far before its type a stream's dictionary is looked for.
const MAX_DICTIONARY: usize = 4096;

/// A stream found by the name of its type, wherever the cross-reference table may say it is.
struct Found<'a> {
    id: Option<ObjectIdentifier>,
    /// From where its object begins to where its bytes do, without escapes.
    dictionary: Cow<'a, [u8]>,
    /// All that the parser may take for its bytes.
    raw: &'a [u8],
}

/// Refuses a file that would exhaust the parser.
pub fn before_parsing(file: &[u8]) -> Result<()> {
    let object_streams = find(file, b"/ObjStm")?;
    if object_streams.iter().map(|found| found.raw.len()).sum::<usize>() > limits::OBJECT_STREAMS {
        return Err(too_much("objects"));
    }
    let cross_references = find(file, b"/XRef")?;
    for found in &cross_references {
        if stream::inflate(found.raw, limits::XREF_STREAM) == Err(Inflate::TooMuch) {
            return Err(too_much("cross-references"));
        }
    }
    match object_streams.iter().chain(&cross_references).all(|found| is_inflated_once(&found.dictionary)) {
        true => Ok(()),
        false => Err(Error::UnsupportedPdf("its objects are packed in an unusual way".into())),
    }
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
    for at in plain_names(file, kind).chain(escaped_names(file, kind)) {
        if all.len() == MAX_STREAMS {
            return Err(too_much("streams"));
        }
        let (before, after) = file.split_at(at);
        let near = before.get(before.len().saturating_sub(MAX_DICTIONARY)..).unwrap_or_default();
        let object = memmem::rfind(near, b" obj");
        let begin = at - near.len() + object.unwrap_or_default();
        let end = memmem::find(after, b"stream").map_or(file.len(), |found| at + found);
        let dictionary = unescaped(file.get(begin..end).unwrap_or_default());
        let raw = file.get(end..).and_then(|raw| raw.strip_prefix(b"stream")).unwrap_or_default();
        let raw = raw.strip_prefix(b"\r").unwrap_or(raw);
        let raw = raw.strip_prefix(b"\n").unwrap_or(raw);
        let raw = extent(raw, &dictionary);
        all.push(Found { id: object.and_then(|end| near.get(..end)).and_then(identifier), dictionary, raw });
    }
    Ok(all)
}

/// Where the name stands as it is. `/XRefStm` is another.
fn plain_names<'a>(file: &'a [u8], kind: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memmem::find_iter(file, kind).filter(|at| !file.get(at + kind.len()).is_some_and(u8::is_ascii_alphanumeric))
}

/// Where it stands with escapes, each of which makes a character three.
fn escaped_names<'a>(file: &'a [u8], kind: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let name_at = move |escape: usize| {
        let from = escape.saturating_sub(3 * kind.len());
        let at = from + memchr::memrchr(b'/', file.get(from..escape)?)?;
        let name = unescaped(file.get(at..)?.get(..3 * kind.len()).unwrap_or(file.get(at..)?)).into_owned();
        name.starts_with(kind).then_some(at)
    };
    memchr::memchr_iter(b'#', file).filter_map(name_at)
}

/// Escapes of names taken for what they stand for.
fn unescaped(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'#', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'#').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        plain.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    Cow::Owned(plain)
}

/// All that the parser may take for the bytes of a stream: as many as the dictionary says, or up to their end mark. Where another
/// object says how many, they are taken to be all.
fn extent<'a>(raw: &'a [u8], dictionary: &[u8]) -> &'a [u8] {
    let marked = memmem::find(raw, b"endstream").unwrap_or(raw.len());
    let said = values(dictionary, b"/Length").map(|value| {
        let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = value.split_at(digits);
        let is_reference = rest.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
        let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
        number.filter(|_| !is_reference).unwrap_or(raw.len())
    });
    let length = said.max().unwrap_or_default().max(marked);
    raw.get(..length).unwrap_or(raw)
}

/// Whether a stream is packed by no filter, or once by the only one that is bounded here.
fn is_inflated_once(dictionary: &[u8]) -> bool {
    values(dictionary, b"/Filter").all(|value| {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric();
        let names = match value {
            [b'[', names @ ..] => names.split(|byte| *byte == b']').next(),
            [b'/', name @ ..] => name.split(|byte| !is_name(byte)).next(),
            _ => return false,
        };
        let names = names.unwrap_or_default().split(|byte| !is_name(byte)).filter(|name| !name.is_empty());
        let names: Vec<_> = names.collect();
        matches!(names[..], [] | [b"FlateDecode" | b"Fl"])
    })
}

/// What stands behind a key, wherever it stands in a dictionary.
fn values<'a>(dictionary: &'a [u8], key: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let behind = move |at: usize| dictionary.get(at + key.len()..).unwrap_or_default();
    let is_key = |value: &&[u8]| !value.first().is_some_and(u8::is_ascii_alphanumeric);
    memmem::find_iter(dictionary, key).map(behind).filter(is_key).map(<[u8]>::trim_ascii_start)
}

/// The object number at the end of `before`, which stands before `obj`.
fn identifier(before: &[u8]) -> Option<ObjectIdentifier> {
    let mut words = before.rsplit(|byte| !byte.is_ascii_digit());
    let mut number = || std::str::from_utf8(words.next()?).ok();
    let generation = number()?.parse().ok()?;
    Some(ObjectIdentifier::new(number()?.parse().ok()?, generation))
}
