//! The bytes of a stream, inflated here rather than by the parser, which returns what it could make of a damaged one without
//! a word. Here the checksum is looked at, the size is bounded, and anything wrong is an error.

use std::io::Read;

use hayro_syntax::object::{Object, Stream};

use crate::error::{Error, Result};

/// The decoded bytes of a stream, at most `limit`; `what` names it in errors.
pub fn bytes(stream: &Stream<'_>, what: &str, limit: usize) -> Result<Vec<u8>> {
    let dict = stream.dict();
    let filter = match dict.get::<Object<'_>>("Filter") {
        None if dict.contains_key("Filter") => return Err(Error::DamagedPdf(format!("the filter of {what} is missing"))),
        None | Some(Object::Null(_)) => None,
        Some(Object::Name(name)) => Some(name),
        Some(Object::Array(names)) => {
            let mut names = names.iter::<Object<'_>>();
            match (names.next(), names.next()) {
                (None, _) => None,
                (Some(Object::Name(name)), None) => Some(name),
                // A chain multiplies the thousandfold growth of each link, and no letter has one.
                _ => return Err(Error::UnsupportedPdf(format!("{what} is packed more than once"))),
            }
        }
        Some(_) => return Err(Error::DamagedPdf(format!("the filter of {what} is no name"))),
    };
    if dict.contains_key("F") {
        return Err(Error::UnsupportedPdf(format!("{what} stands in another file")));
    }
    let raw = stream.raw_data();
    match filter.as_deref() {
        // Without a filter there is no checksum, and the parser gives nothing for what it cannot decrypt.
        None if raw.is_empty() && dict.get::<u32>("Length") != Some(0) => {
            // One block of AES padding is an empty stream, 16 bytes of start value and 16 of padding.
            if dict.get::<u32>("Length") == Some(32) { Ok(Vec::new()) } else { Err(undecipherable(what)) }
        }
        None if raw.len() > limit => Err(larger(what)),
        None => Ok(raw.into_owned()),
        Some(b"FlateDecode" | b"Fl") => {
            if has_predictor(stream) {
                return Err(Error::UnsupportedPdf(format!("{what} is packed as if it were a picture")));
            }
            inflate(&raw, limit).map_err(|error| named(error, what))
        }
        Some(b"LZWDecode" | b"RunLengthDecode" | b"ASCII85Decode" | b"ASCIIHexDecode" | b"Crypt") => {
            Err(Error::UnsupportedPdf(format!("{what} is packed in an old way")))
        }
        Some(_) => Err(Error::DamagedPdf(format!("{what} is packed in no known way"))),
    }
}

/// Inflates a zlib stream to at most `limit` bytes, its checksum looked at.
pub fn inflate(raw: &[u8], limit: usize) -> Result<Vec<u8>, Inflate> {
    let mut bytes = Vec::with_capacity(raw.len().saturating_mul(4).min(limit));
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let mut decoder = flate2::bufread::ZlibDecoder::new(raw).take(limit.saturating_add(1));
    decoder.read_to_end(&mut bytes).map_err(|_| Inflate::Damaged)?;
    if bytes.len() as u64 > limit { Err(Inflate::TooMuch) } else { Ok(bytes) }
}

/// Why [`inflate`] gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inflate {
    /// Cut off, not zlib, or the checksum is another.
    Damaged,
    /// More than the limit.
    TooMuch,
}

fn named(error: Inflate, what: &str) -> Error {
    match error {
        Inflate::Damaged => Error::DamagedPdf(format!("the checksum of {what} is wrong or its end is missing")),
        Inflate::TooMuch => larger(what),
    }
}

fn larger(what: &str) -> Error {
    Error::DamagedPdf(format!("{what} is larger than a letter can have"))
}

fn undecipherable(what: &str) -> Error {
    Error::DamagedPdf(format!("{what} cannot be decrypted"))
}

fn has_predictor(stream: &Stream<'_>) -> bool {
    use hayro_syntax::object::Dict;
    let parameters = stream.dict().get::<Dict<'_>>("DecodeParms");
    parameters.and_then(|p| p.get::<i32>("Predictor")).is_some_and(|predictor| predictor > 1)
}
