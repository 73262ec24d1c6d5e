//! An index that is made anew, in the place of one that is damaged or of an older format.
//!
//! It is made in a folder within the other's, so on the same disk and with no right to write but there. When it is whole, its files are
//! moved beside those of the other, whose names are never the same, and then its list of files takes the place of the other's: at that
//! moment the one is the index, and until then the other is. Whoever has the other open keeps it. What else lies in the folder, such as
//! saved queries, is not touched. A kill leaves one of the two, and files that the next writer deletes.

use std::collections::HashMap;
use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tantivy::DocId;
use tantivy::fastfield::AliveBitSet;
use tantivy::index::{Segment, SegmentComponent};

use super::files::{self, ANEW, Files};
use super::held::{Document, Held, Source, guarded};
use super::manifest::{self, META, Manifest, Sums};
use super::{Commit, Index, check, lock, schema, store};
use crate::error::{Error, Result};
use crate::record::Letter;

/// How a packing dictionary begins (RFC 8878, section 5).
const DICTIONARY: [u8; 4] = [0x37, 0xa4, 0x30, 0xec];

/// The two of them.
pub struct Anew {
    folder: PathBuf,
    /// Nobody else writes meanwhile.
    _held: File,
    /// The one that is there.
    pub old: Old,
    /// The one that takes its place.
    pub new: Index,
}

impl Anew {
    /// Begins, once nobody else writes; `None` where another does and `go_on` says that it is not waited for.
    ///
    /// # Errors
    /// [`Error::NoIndex`], [`Error::IndexFormat`] where a newer version of this program wrote it, and what the system refuses.
    pub fn begin(folder: &Path, go_on: &mut dyn FnMut(Error) -> bool) -> Result<Option<Self>> {
        if !folder.join(META).exists() && !folder.join(manifest::COPY).exists() {
            return Err(Error::NoIndex(folder.to_owned()));
        }
        let held = loop {
            match lock::hold(folder)? {
                Some(held) => break held,
                None if go_on(lock::busy(folder)) => std::thread::sleep(lock::PAUSE),
                None => return Ok(None),
            }
        };
        let old = Old::open(folder)?;
        let inside = folder.join(ANEW);
        match fs::remove_dir_all(&inside) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io(&inside, e)),
            _ => {}
        }
        let new = Index::open_or_create(&inside)?;
        Ok(Some(Anew { folder: folder.to_owned(), _held: held, old, new }))
    }

    /// Puts the new one in the place of the old. Its writer must have been closed.
    pub fn finish(self) -> Result<()> {
        let inside = self.folder.join(ANEW);
        let manifest = Manifest::read(&inside)?;
        self.put(&inside, &manifest.files).map_err(|e| Error::io(&self.folder, e))
    }

    fn put(&self, inside: &Path, sums: &Sums) -> std::io::Result<()> {
        for name in sums.keys() {
            fs::rename(inside.join(name), self.folder.join(name))?;
        }
        files::sync(&self.folder)?;
        files::put_list(&self.folder, &fs::read(inside.join(META))?)?;
        // From here on the new one is the index. Formats before 5 had a list of files that could be deleted.
        let _ = fs::remove_file(self.folder.join(files::MANAGED));
        files::clear(&self.folder, sums)
    }

    /// Leaves the old one as it is.
    pub fn give_up(self) {
        let _ = fs::remove_dir_all(self.folder.join(ANEW));
    }
}

/// What can still be read of an index, whatever its format and however damaged.
pub struct Old {
    segments: Vec<Part>,
    /// Its last commit, if that can be told.
    pub commit: Option<Commit>,
    /// What cannot be read, each with the reason.
    pub lost: Vec<(String, String)>,
}

/// A segment.
struct Part {
    held: Held,
    documents: DocId,
    alive: Option<AliveBitSet>,
    /// Which of its documents were replaced or taken out is not known.
    is_doubtful: bool,
}

/// A letter that an index stores.
pub struct Stored<'a> {
    /// Its identity and its source, where these can be told.
    pub known: Option<(String, Source)>,
    part: &'a Part,
    doc: DocId,
}

impl Stored<'_> {
    /// The letter itself.
    ///
    /// # Errors
    /// Where what is stored cannot be unpacked.
    pub fn letter(&self) -> Result<Letter> {
        guarded(|| self.part.held.letter(self.doc))
    }
}

impl Old {
    fn open(folder: &Path) -> Result<Self> {
        let read = |name: &str| fs::read(folder.join(name)).ok();
        let (list, copy) = (read(META), read(manifest::COPY));
        let sound = |list: &Option<Vec<u8>>| list.as_ref().and_then(|list| Manifest::of(list));
        let (manifest, files) = match (sound(&list), sound(&copy)) {
            (Some(manifest), _) => (manifest, Files::of(folder)?),
            (None, Some(manifest)) => (manifest, Files::by_copy(folder)?),
            // Formats before 5 are not sealed; and of what is damaged something may be read.
            (None, None) => {
                let payload = list.and_then(|list| manifest::unsealed_payload(&list));
                (Manifest { payload, files: Sums::new() }, Files::of(folder)?)
            }
        };
        let commit = manifest.payload.as_deref().and_then(Commit::read_any);
        if let Some((format, _)) = &commit
            && *format > schema::FORMAT
        {
            return Err(Error::IndexFormat { path: folder.to_owned(), found: format.to_string(), expected: schema::FORMAT });
        }
        let mut old = Old { segments: Vec::new(), commit: commit.map(|(_, commit)| commit), lost: Vec::new() };
        let segments = guarded(|| Ok(tantivy::Index::open(files)?.searchable_segments()?));
        let segments = segments.unwrap_or_else(|e| {
            old.lost.push((META.to_owned(), format!("{e}; what the index stores cannot be found without it")));
            Vec::new()
        });
        for segment in segments {
            let name = segment.id().uuid_string();
            match guarded(|| Part::open(&segment, folder, &manifest.files)) {
                Ok(part) => {
                    let mut lost = |why: &str| old.lost.push((format!("segment {name}"), why.to_owned()));
                    if part.is_doubtful {
                        lost("which of its letters were replaced or taken out cannot be told; some of these may be back");
                    }
                    if !part.held.has_columns() {
                        lost("where its letters are from cannot be told; they are taken as they name it themselves");
                    }
                    old.segments.push(part);
                }
                Err(e) => {
                    let documents = segment.meta().num_docs();
                    let why = format!("{e}; what it stored of {documents} letters and decisions is lost");
                    old.lost.push((format!("segment {name}"), why));
                }
            }
        }
        let stored: Vec<_> = old.segments.iter().flat_map(Part::dictionaries).collect();
        // Formats before 5 had one, without a checksum; what it does not fit is not read, since letters have theirs.
        let whole = stored.iter().find_map(|stored| store::opened(stored));
        let dictionary = whole.or_else(|| stored.first().map(Vec::as_slice));
        for part in &mut old.segments {
            // Without it some can be read, too.
            let _ = part.held.packed_with(dictionary);
        }
        // What may have been replaced gives way to what is there.
        old.segments.sort_by_key(|part| part.is_doubtful);
        Ok(old)
    }

    /// Visits what is known of every document, but for letters whose columns are lost.
    pub fn each(&self, mut visit: impl FnMut(&Document, &Stored<'_>) -> Result<()>) -> Result<()> {
        for part in self.segments.iter().filter(|part| part.held.has_columns()) {
            for doc in part.docs() {
                let Ok(document) = guarded(|| part.held.document(doc)) else { continue };
                let known = match &document {
                    Document::Letter { key, source, .. } => Some((key.clone(), source.clone())),
                    _ => None,
                };
                visit(&document, &Stored { known, part, doc })?;
            }
        }
        Ok(())
    }

    /// Visits the letters of which it cannot be told where they are from, since the columns are lost that say so.
    pub fn each_unplaced(&self, mut visit: impl FnMut(&Stored<'_>) -> Result<()>) -> Result<()> {
        for part in self.segments.iter().filter(|part| !part.held.has_columns()) {
            for doc in part.docs() {
                let is_letter = guarded(|| part.held.stored(doc)).is_ok_and(|bytes| !bytes.starts_with(&DICTIONARY));
                if is_letter {
                    visit(&Stored { known: None, part, doc })?;
                }
            }
        }
        Ok(())
    }

    /// In which generation each decision came into the index.
    pub fn added(&self) -> Result<Added> {
        let mut added = HashMap::new();
        self.each(|document, _| {
            if let Document::Unit { key, number, added: when, outcome, .. } = document {
                added.insert(Added::id(key, *number, outcome.as_deref()), *when);
            }
            Ok(())
        })?;
        Ok(Added(added))
    }
}

/// In which generation decisions came into an index.
#[derive(Default)]
pub struct Added(HashMap<u64, u64>);

impl Added {
    /// The generation of a decision with that outcome.
    pub fn of(&self, key: &str, number: u64, outcome: Option<&str>) -> Option<u64> {
        self.0.get(&Self::id(key, number, outcome)).copied()
    }

    /// What stands for a decision among millions of others.
    fn id(key: &str, number: u64, outcome: Option<&str>) -> u64 {
        use std::hash::BuildHasher;
        rustc_hash::FxBuildHasher.hash_one((key, number, outcome))
    }
}

impl Part {
    fn open(segment: &Segment, folder: &Path, sums: &Sums) -> Result<Self> {
        let held = Held::open(segment)?;
        let meta = segment.meta();
        let mut alive = None;
        let mut is_doubtful = false;
        if meta.has_deletes() {
            let file = meta.relative_path(SegmentComponent::Delete).to_string_lossy().into_owned();
            is_doubtful = sums.get(&file).is_some_and(|sum| check::file_fault(folder, &file, sum).is_some());
            let open = || {
                let bytes = segment.open_read(SegmentComponent::Delete).map_err(tantivy::TantivyError::from)?;
                Ok(AliveBitSet::open(bytes.read_bytes().map_err(tantivy::TantivyError::from)?))
            };
            alive = guarded(open).ok().filter(|_| !is_doubtful);
            is_doubtful |= alive.is_none();
        }
        Ok(Part { held, documents: meta.max_doc(), alive, is_doubtful })
    }

    fn docs(&self) -> impl Iterator<Item = DocId> {
        (0..self.documents).filter(|doc| {
            let is_alive = || self.alive.as_ref().is_none_or(|alive| alive.is_alive(*doc));
            // A set that is cut off may panic.
            catch_unwind(AssertUnwindSafe(is_alive)).unwrap_or(true)
        })
    }

    /// What is stored that begins as a dictionary does.
    fn dictionaries(&self) -> Vec<Vec<u8>> {
        let may_be =
            |doc: &DocId| !self.held.has_columns() || matches!(guarded(|| self.held.document(*doc)), Ok(Document::Dictionary));
        let stored = |doc| guarded(|| self.held.stored(doc)).ok().filter(|bytes| bytes.starts_with(&DICTIONARY));
        self.docs().filter(may_be).filter_map(stored).map(|bytes| bytes.to_vec()).collect()
    }
}
