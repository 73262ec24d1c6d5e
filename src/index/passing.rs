//! A file of a segment as a merge reads it: from its beginning to its end, once.
//!
//! What is mapped counts as resident as far as it has been read, until the map goes; and a merge has all files of all its segments
//! open from beginning to end, so that at last all of them would be. But it reads little of a file at a time. So small pieces are
//! read into a buffer, one after the other, and mapped is only what is asked for in one piece, as long as somebody holds it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::directory::{FileHandle, MmapDirectory, OwnedBytes};
use tantivy::{Directory, HasLen};

/// Bytes that are read at once where the next are likely to be asked for next.
const AHEAD: usize = 128 << 10;
/// Bytes that are read at once elsewhere, as where a word is looked up.
const PIECE: usize = 4 << 10;

/// Such a file.
#[derive(Debug)]
pub struct Passing {
    name: PathBuf,
    length: usize,
    /// Maps what is asked for in one piece.
    whole: MmapDirectory,
    place: Mutex<Place>,
}

/// How far it has been read.
#[derive(Debug)]
struct Place {
    file: File,
    /// What was read last, and where it begins.
    buffer: OwnedBytes,
    start: usize,
}

impl Passing {
    /// The file of that name in a folder.
    pub fn open(folder: &Path, name: &Path, whole: &MmapDirectory) -> io::Result<Self> {
        let file = File::open(folder.join(name))?;
        let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        let place = Mutex::new(Place { file, buffer: OwnedBytes::empty(), start: 0 });
        Ok(Passing { name: name.to_owned(), length, whole: whole.clone(), place })
    }
}

impl FileHandle for Passing {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.len() > AHEAD {
            return self.whole.get_file_handle(&self.name).map_err(io::Error::other)?.read_bytes(range);
        }
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        place.read(range, self.length)
    }
}

impl HasLen for Passing {
    fn len(&self) -> usize {
        self.length
    }
}

impl Place {
    fn read(&mut self, range: Range<usize>, length: usize) -> io::Result<OwnedBytes> {
        let end = self.start + self.buffer.len();
        if range.start < self.start || range.end > end {
            // What begins in the buffer, or a little behind it, goes on from there.
            let goes_on = (self.start..end + PIECE).contains(&range.start);
            let wanted = range.len().max(if goes_on { AHEAD } else { PIECE });
            let mut bytes = vec![0; wanted.min(length.saturating_sub(range.start))];
            self.file.seek(SeekFrom::Start(range.start as u64))?;
            self.file.read_exact(&mut bytes)?;
            (self.buffer, self.start) = (OwnedBytes::new(bytes), range.start);
        }
        let from = range.start - self.start;
        match from + range.len() <= self.buffer.len() {
            true => Ok(self.buffer.slice(from..from + range.len())),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_asked_for_is_read_wherever_it_stands() {
        let dir = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = (0..3 * AHEAD).map(|n| (n / 7 % 251) as u8).collect();
        std::fs::write(dir.path().join("a"), &bytes).unwrap();
        let whole = MmapDirectory::open(dir.path()).unwrap();
        let file = Passing::open(dir.path(), Path::new("a"), &whole).unwrap();
        assert_eq!(file.len(), bytes.len());
        let pieces = prop::collection::vec((0..bytes.len(), 0..2 * AHEAD, prop::bool::ANY), 1..40);
        let mut runner = proptest::test_runner::TestRunner::default();
        runner
            .run(&pieces, |pieces| {
                let mut last = 0;
                for (start, length, goes_on) in pieces {
                    let start = if goes_on { last } else { start };
                    let range = start..(start + length).min(bytes.len());
                    let read = file.read_bytes(range.clone()).unwrap();
                    prop_assert_eq!(read.as_slice(), &bytes[range.clone()]);
                    last = range.end;
                }
                Ok(())
            })
            .unwrap();
        assert!(file.read_bytes(bytes.len()..bytes.len() + 1).is_err());
    }

    #[test]
    fn what_is_mapped_goes_when_nobody_holds_it() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a"), vec![1; 3 * AHEAD]).unwrap();
        let whole = MmapDirectory::open(dir.path()).unwrap();
        let file = Passing::open(dir.path(), Path::new("a"), &whole).unwrap();
        let piece = file.read_bytes(0..10).unwrap();
        assert!(whole.get_cache_info().mmapped.is_empty());
        let large = file.read_bytes(0..2 * AHEAD).unwrap();
        assert_eq!(whole.get_cache_info().mmapped.len(), 1);
        drop(large);
        assert!(whole.get_cache_info().mmapped.is_empty());
        assert_eq!(piece.as_slice(), [1; 10]);
    }
}
