//! Text to record.

use crate::record::Letter;
use crate::text::Text;

/// Takes a letter apart.
pub fn parse(source: &str, _text: &Text) -> Letter {
    Letter::unread(source)
}
