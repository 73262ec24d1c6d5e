//! How much of what comes in is held in memory, and how much of it is read. What goes beyond is reported and cut off or left
//! out, never held.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes of a member's name; a longer one is cut.
pub const NAME: usize = 4096;
/// Bytes between two members of a tar, where long names stand.
pub const HEADER: u64 = 1 << 20;
/// Bytes behind the end of a tar that are read to see whether what packs it is whole.
pub const TAIL: u64 = 1 << 20;
/// Bytes that a container may unpack to whatever its size: a small one may well hold the same letter many times.
const ALWAYS: u64 = 64 << 20;

/// The limits that a user may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one letter, unpacked.
    pub letter: u64,
    /// How many times its own size a container may unpack to.
    pub ratio: u64,
}

impl Default for Limits {
    /// The longest known letters have some 100 kB; with pictures of their pages some have megabytes. Texts of one form pack to a
    /// tenth, in the best of packings to a fiftieth.
    fn default() -> Self {
        Limits { letter: 16 << 20, ratio: 200 }
    }
}

impl Limits {
    /// Bytes of one line of JSONL or one row of CSV, in which a letter may be written with escapes.
    pub fn row(self) -> u64 {
        self.letter.saturating_mul(4)
    }

    /// What a container of that size may unpack to.
    pub fn unpacked(self, size: u64) -> Ration {
        let most = size.saturating_mul(self.ratio).max(ALWAYS).max(self.row());
        Ration::new(most, format!("it unpacks to more than {} times its size (--max-ratio)", self.ratio))
    }
}

/// Bytes that may still be read of something.
#[derive(Debug, Clone)]
pub struct Ration {
    left: Rc<Cell<u64>>,
    spent: Rc<Cell<bool>>,
    /// What is said where more was to be read.
    beyond: Rc<str>,
}

impl Ration {
    /// So many.
    pub fn new(bytes: u64, beyond: String) -> Self {
        Ration { left: Rc::new(Cell::new(bytes)), spent: Rc::default(), beyond: beyond.into() }
    }

    /// So many again.
    pub fn renew(&self, bytes: u64) {
        self.left.set(bytes);
    }

    /// What is said if more was to be read than was left.
    pub fn spent(&self) -> Option<&str> {
        self.spent.get().then_some(&self.beyond)
    }

    /// A reader that gives no more than is left.
    pub fn over<R: Read>(&self, inner: R) -> Rationed<R> {
        Rationed { inner, ration: self.clone() }
    }
}

/// A reader that gives no more than is left of its ration.
#[derive(Debug)]
pub struct Rationed<R> {
    inner: R,
    ration: Ration,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        match self.ration.left.get().checked_sub(read as u64) {
            Some(left) => self.ration.left.set(left),
            None => {
                self.ration.spent.set(true);
                return Err(io::Error::other(&*self.ration.beyond));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_given_than_is_left() {
        let ration = Ration::new(5, "too much".into());
        let mut read = Vec::new();
        ration.over(&b"abc"[..]).read_to_end(&mut read).unwrap();
        assert!(ration.spent().is_none());
        assert_eq!(ration.over(&b"def"[..]).read_to_end(&mut read).unwrap_err().to_string(), "too much");
        assert_eq!((read.as_slice(), ration.spent()), (&b"abc"[..], Some("too much")));
    }

    #[test]
    fn a_large_container_may_unpack_to_more() {
        let left = |size| Limits::default().unpacked(size).left.get();
        assert_eq!([0, 1 << 20, u64::MAX].map(left), [64 << 20, 200 << 20, u64::MAX]);
    }
}
