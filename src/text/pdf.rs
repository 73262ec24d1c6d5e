//! The text of a published PDF.

use super::Text;
use crate::error::{Error, Result};

/// Reads the text of a PDF.
pub fn read(_bytes: &[u8]) -> Result<Text> {
    Err(Error::Scanned)
}
