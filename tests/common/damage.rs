//! Damage to a letter as scanning and conversion do it: lines lost, moved, cut short, printed twice.

use proptest::prelude::*;
use proptest::sample::Index;

/// One change: which line, which other line, and which of four kinds.
type Change = (Index, Index, u8);

/// Up to eleven changes.
pub fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((any::<Index>(), any::<Index>(), 0..4u8), 1..12)
}

/// The text with these changes.
pub fn damaged(text: &str, changes: &[Change]) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    for (a, b, kind) in changes {
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        match kind {
            0 if lines.len() > 1 => drop(lines.remove(a)),
            1 => lines.swap(a, b),
            2 => lines[a] = lines[a].get(..lines[a].len() / 2).unwrap_or(""),
            _ => lines.insert(a, lines[b]),
        }
    }
    lines.join("\n")
}
