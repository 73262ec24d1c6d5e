//! How much of what comes in is held in memory at once. What goes beyond is reported and cut off or skipped, never held.

/// Bytes of one letter, unpacked: the longest known letters have some 100 kB.
pub const LETTER: u64 = 32 << 20;
/// Bytes of one line of JSONL or one row of CSV.
pub const ROW: u64 = 64 << 20;
/// Bytes of a member's name; a longer one is cut.
pub const NAME: usize = 4096;
/// Bytes between two members of a tar, where long names stand.
pub const HEADER: u64 = 1 << 20;
/// Bytes behind the end of a tar that are read to see whether what packs it is whole.
pub const TAIL: u64 = 1 << 20;
