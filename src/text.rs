//! The text of a letter, as a page shows it: the form in which every source, PDF, text or web page, reaches the letter parser.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::error::{Error, Result};

mod html;
pub mod pdf;

/// Lines ended by `\n`, blank lines where the page leaves a gap, and a form feed before the first line of each page but the
/// first; columns are set apart by two or more blanks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The lines.
    pub text: String,
    /// The byte ranges of `text` that are set in bold, in order; empty where the source does not say (a text file).
    pub bold: Vec<Range<usize>>,
    /// What was doubtful in reading it, one sentence each.
    pub warnings: Vec<String>,
}

/// Bytes of the text of one letter. The longest known have some 100 kB; what is forty times as long is none, and taking it apart
/// would take minutes and gigabytes.
pub const LONGEST: usize = 4 << 20;

/// How far into a file `%PDF-` may stand: readers accept some bytes before it.
const PDF_MARK_WITHIN: usize = 1024;

/// Reads the text of a letter, whatever its file is called. Bytes that are given away and are text become it as they are.
///
/// # Errors
/// One that says why no text, or not all of it, could be had.
pub fn read<'b>(bytes: impl Into<Cow<'b, [u8]>>) -> Result<Text> {
    let bytes = bytes.into();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::Empty);
    }
    let head = &bytes[..bytes.len().min(PDF_MARK_WITHIN)];
    let text = if html::is_page(head) {
        decode(bytes).map(|page| Text { warnings: page.warnings, ..html::text(&page.text) })?
    } else if memchr::memmem::find(head, b"%PDF-").is_some() {
        pdf::read(&bytes)?
    } else {
        decode(bytes)?
    };
    match text.text.len() {
        long if long > LONGEST => Err(Error::TooLarge { size: long as u64, limit: LONGEST as u64 }),
        _ => Ok(text),
    }
}

/// Text as UTF-8, as UTF-16 with its mark; what is neither as Windows-1252, the encoding of the tools that old letters passed
/// through.
fn decode(bytes: Cow<'_, [u8]>) -> Result<Text> {
    let plain = |text: String, warnings: Vec<String>| Text { text: shown(text.into()).into_owned(), warnings, ..Text::default() };
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let (text, _, wrong) = encoding.decode(&bytes[mark..]);
        let warnings = wrong.then(|| format!("not all of it is valid {}", encoding.name())).into_iter().collect();
        return Ok(plain(text.into_owned(), warnings));
    }
    if is_binary(&bytes) {
        return Err(Error::NotText);
    }
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) => Ok(plain(text, Vec::new())),
        Err(e) => {
            let warning = format!("not valid UTF-8 at byte {}; read as Windows-1252", e.utf8_error().valid_up_to());
            // A file put together from several may hold both.
            let decoded = e.as_bytes().utf8_chunks().flat_map(|c| [c.valid().into(), WINDOWS_1252.decode(c.invalid()).0]);
            Ok(plain(decoded.collect(), vec![warning]))
        }
    }
}

/// Ligatures with their letters: nobody types one into a search.
const LIGATURES: [(char, &str); 7] =
    [('ﬀ', "ff"), ('ﬁ', "fi"), ('ﬂ', "fl"), ('ﬃ', "ffi"), ('ﬄ', "ffl"), ('ﬅ', "st"), ('ﬆ', "st")];

/// Marks that allow or forbid a line end, and would stand inside of words.
const UNSEEN: [char; 6] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];

/// A text with the letters that a page shows: ligatures are taken apart, and marks that no page shows are left out.
fn shown(text: Cow<'_, str>) -> Cow<'_, str> {
    // Nearly no letter has the bytes of their beginnings or ends, which are looked for many at a time.
    let has = |[a, b, c]: [u8; 3]| memchr::memchr3(a, b, c, text.as_bytes()).is_some();
    if ![[0xef, 0xad, 0x81], [0x8b, 0x8c, 0x8d]].into_iter().any(has) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !UNSEEN.contains(c)) {
        match LIGATURES.iter().find(|(ligature, _)| *ligature == c) {
            Some((_, letters)) => out.push_str(letters),
            None => out.push(c),
        }
    }
    out.into()
}

/// Text has no NUL and next to no control characters.
fn is_binary(bytes: &[u8]) -> bool {
    let is_control = |b: &u8| u8::from(b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c));
    // Sums of a byte are counted many at a time.
    let control: usize = bytes.chunks(128).map(|chunk| usize::from(chunk.iter().map(is_control).sum::<u8>())).sum();
    control * 50 > bytes.len() || memchr::memchr(0, bytes).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_decoded_and_what_is_none_refused() {
        let text = |bytes: &[u8]| read(bytes).map(|t| (t.text, t.warnings.len()));
        assert_eq!(text("38° – “x”".as_bytes()).unwrap(), ("38° – “x”".into(), 0));
        assert_eq!(text(b"the patient\x92s").unwrap(), ("the patient’s".into(), 1));
        assert_eq!(text("“x” ".bytes().chain(*b"\x93y\x94").collect::<Vec<_>>().as_slice()).unwrap(), ("“x” “y”".into(), 1));
        assert_eq!(text(b"\xef\xbb\xbfItem").unwrap(), ("Item".into(), 0));
        assert_eq!(text("Up\u{200b}held, gui\u{ad}de\u{feff}".as_bytes()).unwrap(), ("Upheld, guide".into(), 0));
        assert_eq!(text("reﬁll of a diﬃcult ﬂexion".as_bytes()).unwrap(), ("refill of a difficult flexion".into(), 0));
        assert_eq!(text(b"<html><p>re&#xfb01;ll").unwrap().0.trim(), "refill");
        assert_eq!(text(b"\xff\xfeI\0t\0").unwrap(), ("It".into(), 0));
        assert!(matches!(read(b" \n"), Err(Error::Empty)));
        assert!(matches!(read(b"\x89PNG\r\n\x1a\n\0\0"), Err(Error::NotText)));
        assert!(matches!(read(&[1, 2, 3, 4, 5, b'a']), Err(Error::NotText)));
    }
}
