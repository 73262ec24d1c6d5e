//! The index: one tantivy index that also knows which sources are in it.
//!
//! [`schema`] says what is written, [`words`] how texts are cut, [`values`] how values are counted, and [`writer`] keeps letters in
//! it: a document for the letter, and one for each of its decisions. The format's number is committed with the documents, so that
//! neither can be without the other, and so is the [`generation`], which tells what is new.

use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::directory::error::OpenReadError;
use tantivy::schema::IndexRecordOption;
use tantivy::store::Compressor;
use tantivy::{IndexSettings, ReloadPolicy, Searcher, TantivyError, Term};

use crate::error::{Error, Result};
use files::Files;
use manifest::{META, Manifest};

pub mod anew;
pub mod check;
pub mod documents;
mod files;
pub mod generation;
pub mod held;
mod lock;
mod manifest;
mod merge;
mod passing;
mod queue;
pub mod schema;
pub mod sentences;
mod sources;
pub mod store;
pub mod values;
pub mod view;
pub mod warning;
pub mod words;
pub mod writer;

pub use generation::Commit;
pub use sources::Stamp;
use store::Unpacker;
use view::View;
pub use writer::{Added, Writer};

impl From<TantivyError> for Error {
    /// What the system refused is told from what is wrong with the index's own files, for which there is a remedy.
    fn from(e: TantivyError) -> Self {
        let name = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let changed = "cut off or has been changed";
        match &e {
            TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
                Error::Damaged(format!("{} is missing", name(file)))
            }
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => match io_error.raw_os_error() {
                Some(code) => Error::io(filepath, std::io::Error::from_raw_os_error(code)),
                None => Error::Damaged(format!("{} is {changed}", name(filepath))),
            },
            TantivyError::IoError(io) if io.raw_os_error().is_none() => Error::Damaged(format!("one of its files is {changed}")),
            TantivyError::DataCorruption(_) => Error::Damaged(format!("one of its files is {changed}")),
            _ => Error::Index(e.to_string()),
        }
    }
}

/// A disk with less room than a segment takes is full, in bytes: the engine leaves a little when it cannot write on.
const ROOM: u64 = 32 << 20;

/// Bytes of stored letters that share a block, at least: about one.
const BLOCK: usize = 1 << 10;

/// An open index.
pub struct Index {
    path: PathBuf,
    files: Files,
    tantivy: tantivy::Index,
    handles: schema::Handles,
    unpacker: Unpacker,
    /// The last view, and the commit that it is of, in the engine's own words.
    last: Mutex<Option<(Vec<u8>, Arc<View>)>>,
}

/// How much an index holds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Letters, with those in which no decision could be read.
    pub letters: u64,
    /// Decisions.
    pub decisions: u64,
}

/// Refuses what is no index that this program wrote, whole as it wrote it.
fn ensure_format(path: &Path) -> Result<()> {
    let other = |found: String| Error::IndexFormat { path: path.to_owned(), found, expected: schema::FORMAT };
    match Manifest::read(path) {
        // Without a payload it was made and never written, as after a kill: empty, and of this format as well as of any.
        Ok(manifest) => manifest.payload.map_or(Ok(()), |payload| Commit::read(&payload).map(drop).map_err(other)),
        Err(e @ Error::Damaged(_)) => {
            let unsealed = std::fs::read(path.join(META)).ok().and_then(|list| manifest::unsealed_payload(&list));
            Err(unsealed.and_then(|payload| Commit::read(&payload).err()).map_or(e, other))
        }
        Err(e) => Err(e),
    }
}

impl Index {
    /// Opens the index in `path`.
    ///
    /// # Errors
    /// [`Error::NoIndex`] where there is none, [`Error::IndexFormat`] where another version of this program wrote it.
    pub fn open(path: &Path) -> Result<Self> {
        ensure_format(path)?;
        let files = Files::of(path)?;
        Self::with(path, tantivy::Index::open(files.clone())?, files)
    }

    /// Opens the index in `path`, or makes an empty one.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be made, and those of [`Index::open`].
    pub fn open_or_create(path: &Path) -> Result<Self> {
        std::fs::create_dir_all(path).map_err(|e| Error::io(path, e))?;
        let mut pauses = lock::Pauses::default();
        loop {
            match Self::open(path) {
                Err(Error::NoIndex(_)) => {}
                opened => return opened,
            }
            // Of two that find none, one makes it.
            if let Some(held) = lock::hold(path)? {
                match Manifest::read(path) {
                    Err(Error::NoIndex(_)) => return Self::create(path, held),
                    _ => continue,
                }
            }
            if !pauses.take() {
                return Err(lock::busy(path));
            }
        }
    }

    /// Makes an empty one, which nobody else is making.
    fn create(path: &Path, held: std::fs::File) -> Result<Self> {
        let settings = IndexSettings {
            // Letters come packed.
            docstore_compression: Compressor::None,
            // To read one, the engine copies all that is stored in a block with it.
            docstore_blocksize: BLOCK,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let files = Files::of(path)?;
        let index = Self::with(path, tantivy::Index::create(files.clone(), schema::build().0, settings)?, files)?;
        drop(held);
        match Writer::open(&index) {
            Ok(mut writer) => writer.commit()?,
            // Another came first, and commits.
            Err(Error::IndexBusy { .. }) => {}
            Err(e) => return Err(e),
        }
        Ok(index)
    }

    fn with(path: &Path, tantivy: tantivy::Index, files: Files) -> Result<Self> {
        tantivy.tokenizers().register(words::ANALYZER, words::Words::default());
        Ok(Index {
            path: path.to_owned(),
            files,
            tantivy,
            handles: schema::build().1,
            unpacker: Unpacker::default(),
            last: Mutex::new(None),
        })
    }

    /// What the engine writes with. It maps no file as a whole: all that is merged would stay in memory.
    fn for_writing(&self) -> Result<tantivy::Index> {
        let index = tantivy::Index::open(self.files.in_passing()?)?;
        index.tokenizers().register(words::ANALYZER, words::Words::default());
        Ok(index)
    }

    /// The folder it is in.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What an error of writing it comes from, where that is a full disk. What could not be written to its end is deleted, so that
    /// no more room is taken than before.
    pub(crate) fn explained(&self, error: Error) -> Error {
        // A file that could not be written to its end is one that is damaged, if it is read again.
        let is_full = matches!(error, Error::Index(_) | Error::Io { .. } | Error::Damaged(_))
            && fs4::available_space(&self.path).is_ok_and(|bytes| bytes < ROOM);
        if !is_full {
            return error;
        }
        // Where even that fails, the next commit does it.
        let _ = self.for_writing().and_then(|index| merge::reclaim(&index));
        Error::DiskFull(self.path.clone())
    }

    /// What the schema calls the fields.
    pub fn handles(&self) -> &schema::Handles {
        &self.handles
    }

    /// Unpacks the letters that it stores.
    pub fn unpacker(&self) -> &Unpacker {
        &self.unpacker
    }

    /// A view of what is committed now, for who only reads. While nothing is committed it is the same, so that who asks again and
    /// again opens the files once.
    pub fn view(&self) -> Result<Arc<View>> {
        let commit = self.committed()?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref() {
            Some((seen, view)) if *seen == commit => return Ok(Arc::clone(view)),
            _ => {}
        }
        let view = Arc::new(View::of(self.searcher_since(&commit)?));
        *last = Some((commit, Arc::clone(&view)));
        Ok(view)
    }

    /// A view of what is committed now.
    pub fn searcher(&self) -> Result<Searcher> {
        self.searcher_since(&self.committed()?)
    }

    /// The same, for who has just seen that commit.
    fn searcher_since(&self, seen: &[u8]) -> Result<Searcher> {
        let opened = self.opened();
        if matches!(opened, Err(Error::Damaged(_))) {
            let now = self.committed()?;
            // Where no lock can be had, files are deleted while they are opened. Of the commit that came then all are there.
            if now != seen {
                ensure_format(&self.path)?;
                return self.searcher_since(&now);
            }
        }
        opened
    }

    fn opened(&self) -> Result<Searcher> {
        // What is stored is read by the view, which keeps less of it.
        let reader = self.tantivy.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0);
        let open = || reader.try_into();
        // Of a file that is shorter than its own footer the engine panics.
        let opened = panic::catch_unwind(AssertUnwindSafe(open));
        let opened = opened.map_err(|_| Error::Damaged("one of its files has been cut off".into()))?;
        let reader: tantivy::IndexReader = opened?;
        Ok(reader.searcher())
    }

    /// The commit that is the last now, in the engine's own words.
    fn committed(&self) -> Result<Vec<u8>> {
        let list = self.path.join(META);
        std::fs::read(&list).map_err(|e| Error::io(&list, e))
    }

    /// The last commit.
    pub fn commit(&self) -> Result<Commit> {
        let payload = self.tantivy.load_metas()?.payload;
        Ok(payload.and_then(|payload| Commit::read(&payload).ok()).unwrap_or_else(Commit::none))
    }

    /// How much is in it.
    pub fn size(&self, searcher: &Searcher) -> Result<Size> {
        let count = |kind: &str| -> Result<u64> {
            let term = Term::from_field_text(self.handles.doc, kind);
            let query = tantivy::query::TermQuery::new(term, IndexRecordOption::Basic);
            Ok(searcher.search(&query, &tantivy::collector::Count)? as u64)
        };
        Ok(Size { letters: count(schema::LETTER)?, decisions: count(schema::DECISION)? })
    }
}
