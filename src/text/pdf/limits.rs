//! What one letter may cost. A letter is 20 to 100 KB on disk and at most a few hundred KB of page content, so these bounds
//! leave two orders of magnitude, and a file made to exhaust us is refused long before it does.

use crate::error::{Error, Result};

/// Bytes of page content read for one letter, and of the dictionaries that it names; counted every time that they are read.
pub const CONTENT: usize = 32 << 20;

/// Glyphs shown in one letter.
pub const GLYPHS: usize = 1 << 19;

/// Bytes of the text that a glyph shows: a long ligature.
pub const LIGATURE: usize = 64;

/// Fonts read for one letter.
pub const FONTS: usize = 256;

/// Bytes of those fonts' dictionaries, widths and inflated Unicode maps. All are held until the letter is read.
pub const FONT_DATA: usize = 8 << 20;

/// Bytes of one font's Unicode map, inflated; a whole alphabet is a few thousand.
pub const UNICODE_MAP: usize = 128 << 10;

/// Forms within forms.
pub const FORM_DEPTH: usize = 8;

/// Arrays and dictionaries within each other in page content.
pub const NESTING: usize = 32;

/// Operands of one operator, an array counted with its items.
pub const OPERANDS: usize = 1 << 16;

/// Graphics states saved by `q`.
pub const SAVED_STATES: usize = 512;

/// Pages of one letter.
pub const PAGES: usize = 2000;

/// How many times its length the parser may read of a file while it looks for objects. Each is read once for every dictionary or
/// array that it is in.
pub const READINGS: usize = 32;

/// Bytes of object streams in the file. The parser inflates them without a limit of its own, at most 1032-fold.
pub const OBJECT_STREAMS: usize = 128 << 10;

/// Bytes of one cross-reference stream, inflated.
pub const XREF_STREAM: usize = 1 << 20;

/// Bytes of a name that an error quotes.
const NAME: usize = 64;

/// What is left for a letter of what it may cost.
#[derive(Debug)]
pub struct Budget {
    content: usize,
    glyphs: usize,
    fonts: usize,
    font_data: usize,
}

impl Budget {
    /// The whole of it.
    pub fn new() -> Self {
        Budget { content: CONTENT, glyphs: GLYPHS, fonts: FONTS, font_data: FONT_DATA }
    }

    /// Takes the bytes of a content stream or a dictionary off; an empty one costs too, for it can be read without end.
    pub fn take_content(&mut self, bytes: usize) -> Result<()> {
        self.content = self.content.checked_sub(bytes.saturating_add(64)).ok_or_else(|| too_much("page content"))?;
        Ok(())
    }

    /// Takes a font off.
    pub fn take_font(&mut self) -> Result<()> {
        self.fonts = self.fonts.checked_sub(1).ok_or_else(|| too_much("fonts"))?;
        Ok(())
    }

    /// Takes data of a font off.
    pub fn take_font_data(&mut self, bytes: usize) -> Result<()> {
        self.font_data = self.font_data.checked_sub(bytes).ok_or_else(|| too_much("data of fonts"))?;
        Ok(())
    }

    /// Takes shown glyphs off.
    pub fn take_glyphs(&mut self, glyphs: usize) -> Result<()> {
        self.glyphs = self.glyphs.checked_sub(glyphs).ok_or_else(|| too_much("text"))?;
        Ok(())
    }
}

/// A name of the file as an error quotes it.
pub fn named(name: &[u8]) -> String {
    name.get(..NAME).unwrap_or(name).escape_ascii().to_string()
}

/// The error for a bound passed.
pub fn too_much(what: &str) -> Error {
    Error::DamagedPdf(format!("more {what} than a letter can have"))
}
