//! How files are read, as far as a user may say so.
//!
//! A file that was read is not read again until it changes, or until those options change on which its reading depends.

use super::kind::Kind;
use super::limits::Limits;

/// How files are read.
#[derive(Debug, Clone)]
pub struct Options {
    /// The field of JSONL, or the column of CSV, with the text of the letter.
    pub text_field: String,
    /// How much of them is read.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Options { text_field: "text".into(), limits: Limits::default() }
    }
}

impl Options {
    /// A digest of those on which the reading of such a file depends; 0 where it depends on none. One letter does on its limit
    /// alone, and is tried again by every run as long as it is above it.
    pub(super) fn digest(&self, kind: Kind) -> u64 {
        let limits = match self.limits {
            usual if usual == Limits::default() => 0,
            Limits { letter, ratio } => fnv(&format!("{letter} {ratio}")),
        };
        match kind {
            Kind::Letter => 0,
            Kind::Zip | Kind::Tar => limits,
            Kind::Jsonl | Kind::Csv => fnv(&self.text_field) ^ limits,
        }
    }
}

/// FNV-1a.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
