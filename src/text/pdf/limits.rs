//! What one letter may cost. A letter is 20 to 100 KB on disk and at most a few hundred KB of page content, so these bounds
//! leave two orders of magnitude, and a file made to exhaust us is refused long before it does.

use crate::error::{Error, Result};

/// Bytes of a file.
pub const FILE: usize = 16 << 20;

/// Bytes of page content read for one letter, a form counted every time it is drawn.
pub const CONTENT: usize = 32 << 20;

/// Glyphs shown in one letter.
pub const GLYPHS: usize = 1 << 19;

/// Fonts read for one letter.
pub const FONTS: usize = 256;

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

/// Bytes of object streams in the file. The parser inflates them without a limit of its own, at most 1032-fold.
pub const OBJECT_STREAMS: usize = 128 << 10;

/// Bytes of one cross-reference stream, inflated.
pub const XREF_STREAM: usize = 1 << 20;

/// What is left of [`CONTENT`] and [`GLYPHS`] for a letter.
#[derive(Debug)]
pub struct Budget {
    content: usize,
    glyphs: usize,
}

impl Budget {
    /// The whole of it.
    pub fn new() -> Self {
        Budget { content: CONTENT, glyphs: GLYPHS }
    }

    /// Takes a content stream's bytes off; an empty one costs too, for it can be drawn without end.
    pub fn take_content(&mut self, bytes: usize) -> Result<()> {
        self.content = self.content.checked_sub(bytes.saturating_add(64)).ok_or_else(|| too_much("page content"))?;
        Ok(())
    }

    /// Takes shown glyphs off.
    pub fn take_glyphs(&mut self, glyphs: usize) -> Result<()> {
        self.glyphs = self.glyphs.checked_sub(glyphs).ok_or_else(|| too_much("text"))?;
        Ok(())
    }
}

/// The error for a bound passed.
pub fn too_much(what: &str) -> Error {
    Error::DamagedPdf(format!("more {what} than a letter can have"))
}
