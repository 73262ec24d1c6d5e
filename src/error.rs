//! What can go wrong, said so that a user knows what to do.
//!
//! One enum for the whole library. An error about one letter never stops a run: it becomes a
//! line of the report. A wrong query has a type of its own, because it carries the place in the text.

use std::path::{Path, PathBuf};

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error whose text is one sentence for the user, without the name of the letter it is about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than one letter can have.
    #[error("{size} bytes are more than one letter can have (limit {limit})")]
    TooLarge {
        /// Bytes found.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// More bytes than one letter can have, where it is not known how many.
    #[error("it goes on beyond {limit} bytes, more than one letter can have, and was cut off there")]
    TooLong {
        /// Bytes allowed.
        limit: u64,
    },
    /// Packed bytes that do not come out whole.
    #[error("it is cut off or damaged: {0}")]
    Cut(String),
    /// A member of a container, or a row, that gives no letter.
    #[error("{0}")]
    Unreadable(String),
    /// A container that could be read only in part.
    #[error("it is cut off or damaged {at}: {why}; what stands before is read")]
    Broken {
        /// The last place that was reached.
        at: String,
        /// What was wrong there.
        why: String,
    },
    /// A container that was not read to its end, because it goes beyond a limit.
    #[error("not read on {at}: {why}; what stands before is read")]
    Beyond {
        /// The last place that was reached.
        at: String,
        /// Which limit.
        why: String,
    },
    /// Neither a PDF nor text.
    #[error("neither a PDF nor text")]
    NotText,
    /// A PDF that opens with a password only.
    #[error("the PDF asks for a password; save a copy without one")]
    Password,
    /// A PDF of which not all could be read. Partial text is never passed on as the whole.
    #[error("damaged PDF: {0}; fetch it again")]
    DamagedPdf(String),
    /// A PDF written in a way that imr cannot read whole; fetching it again would not help.
    #[error("imr cannot read this kind of PDF: {0}; print it to a new PDF or to text")]
    UnsupportedPdf(String),
    /// A PDF without text: scanned pages.
    #[error("the PDF has no text, only pictures of pages; run it through OCR first")]
    Scanned,
    /// Reading panicked: a defect of this program, kept to one letter.
    #[error("reading it failed inside imr ({0}); please report it with the letter")]
    Panic(String),
    /// No index where one was looked for.
    #[error("no index in {}; make one with: imr index --index {} PATH...", .0.display(), .0.display())]
    NoIndex(PathBuf),
    /// The index was written in another format.
    #[error(
        "the index in {} has format {found}, this imr reads format {expected}; {}",
        path.display(), remedy(found, *expected)
    )]
    IndexFormat {
        /// Where the index is.
        path: PathBuf,
        /// The format it says.
        found: String,
        /// The format this program writes.
        expected: u32,
    },
    /// Another process is writing the index.
    #[error("another imr is writing the index in {}{by}; try again when it has ended, or wait for it with imr index --wait", path.display())]
    IndexBusy {
        /// Where the index is.
        path: PathBuf,
        /// Who has it, in brackets behind a blank, where that is known.
        by: String,
    },
    /// The index lies where nothing can be written.
    #[error("the folder {} cannot be written, so that nothing can be added to the index in it; make it writable", .0.display())]
    IndexReadOnly(PathBuf),
    /// There is no room left for the index.
    #[error(
        "the disk of the index in {} is full; make room and run imr index again: what was committed is kept, and it goes on from there",
        .0.display()
    )]
    DiskFull(PathBuf),
    /// The system does not tell of changes in a folder.
    #[error("the system cannot watch the folders ({0}); run imr index without --watch when letters have come")]
    Watch(String),
    /// The file of saved queries has been damaged.
    #[error("{} line {line} holds no saved query ({why}); mend that line or delete it", path.display())]
    SavedQueries {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A file of the index is missing or not as it was written.
    #[error("the index is damaged or incomplete ({0})")]
    Damaged(String),
    /// The engine refused.
    #[error("the index failed: {0}")]
    Index(String),
}

/// What to do with an index of that format.
fn remedy(found: &str, expected: u32) -> &'static str {
    match found.parse::<u32>() {
        Ok(found) if found > expected => "a newer imr wrote it, which reads it, too",
        _ => "imr index --rebuild makes it anew and keeps the saved queries",
    }
}

impl Error {
    /// An [`Error::Io`] at `path`.
    pub fn io(path: &Path, source: std::io::Error) -> Self {
        Error::Io { path: path.to_owned(), source }
    }
}
