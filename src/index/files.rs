//! The files of an index, as the engine sees them: its own directory, with what it lacks.
//!
//! - Every file that is written gets a checksum, kept in the list of files ([`super::manifest`]).
//! - Which files there are is asked of the folder, not of a list beside it, and what a killed run has left is deleted by the next:
//!   nothing stays for good or in the way, and no list can be wrong.
//! - What replaces a file is written under one name beside it, so that what a kill leaves is written over by the next.
//! - A folder in which nothing can be written can be read ([`super::lock`]).

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crc32fast::Hasher;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, INDEX_WRITER_LOCK, Lock, META_LOCK, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};
use tantivy::{Directory, TantivyError};

use super::manifest::{self, COPY, META, Manifest, Sum, Sums};
use super::passing::Passing;
use super::{check, lock};
use crate::error::Result;

/// The engine's list of the files that it may delete.
pub const MANAGED: &str = ".managed.json";
/// The folder within an index in which it is made anew.
pub const ANEW: &str = ".imr-anew";
/// The parts of a segment, but for the numbered ones that say what was deleted.
const PARTS: [&str; 7] = ["term", "idx", "pos", "fieldnorm", "fast", "store", "store.temp"];

/// Bytes of a file that are written at once. What the system is given in one piece it keeps in memory in larger pieces, of which it
/// maps many pages at the cost of one: a process for one query takes an eighth less than with the engine's 8 KiB.
const AT_ONCE: usize = 256 << 10;

/// The folder of an index.
#[derive(Clone)]
pub struct Files {
    engine: MmapDirectory,
    folder: PathBuf,
    /// Those that have been written, or were committed when the writer's lock was taken.
    sums: Arc<Mutex<Sums>>,
    /// The list of files is read from its copy.
    from_copy: bool,
    /// For who writes: files are read as [`Passing`] ones, and the engine is told which there are.
    in_passing: bool,
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Files({})", self.folder.display())
    }
}

impl Files {
    /// Of the index in a folder.
    pub fn of(folder: &Path) -> Result<Self> {
        let engine = MmapDirectory::open(folder).map_err(TantivyError::from)?;
        Ok(Files { engine, folder: folder.to_owned(), sums: Arc::default(), from_copy: false, in_passing: false })
    }

    /// The same, by the copy of the list of files.
    pub fn by_copy(folder: &Path) -> Result<Self> {
        Ok(Files { from_copy: true, ..Self::of(folder)? })
    }

    /// The same, for who merges segments. What it maps is not what others have mapped, who hold it longer.
    pub fn in_passing(&self) -> Result<Self> {
        let engine = MmapDirectory::open(&self.folder).map_err(TantivyError::from)?;
        Ok(Files { engine, in_passing: true, ..self.clone() })
    }

    /// The first file of a segment that is not as it was written.
    pub fn damaged(&self, segment: &str) -> Option<String> {
        let of_segment: Vec<_> = {
            let sums = self.sums();
            let names = sums.iter().filter(|(name, _)| name.strip_prefix(segment).is_some_and(|rest| rest.starts_with('.')));
            names.map(|(name, sum)| (name.clone(), *sum)).collect()
        };
        of_segment.into_iter().find(|(name, sum)| check::file_fault(&self.folder, name, sum).is_some()).map(|(name, _)| name)
    }

    fn sums(&self) -> MutexGuard<'_, Sums> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Deletes what a run that was killed has left: of segments, of an index that was being made anew, and the list that it was about to
/// commit. The engine would delete files of segments when it has committed; but before, it numbers what it deletes as that run
/// did, and does not write over a file of the same name. Whoever has the writer's lock may do so.
pub fn clear(folder: &Path, committed: &Sums) -> io::Result<()> {
    let _opened = lock::readers(folder)?;
    let list = fs::read(folder.join(META))?;
    if fs::read(folder.join(COPY)).ok().as_ref() != Some(&list) {
        replace(folder, COPY, &list)?;
    }
    for name in of_segments(folder)?.iter().filter(|name| !committed.contains_key(*name)) {
        // What another system does not let go of as long as somebody reads it goes later.
        let _ = fs::remove_file(folder.join(name));
    }
    match fs::remove_dir_all(folder.join(ANEW)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// The files of segments that are in a folder.
pub fn of_segments(folder: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter(|name| is_of_segment(name)).collect())
}

/// Whether a file is one of a segment, by its name: 32 hexadecimal digits, and which part of the segment it is. What else lies in the
/// folder is somebody's.
fn is_of_segment(name: &str) -> bool {
    let Some((id, part)) = name.split_once('.') else { return false };
    let deletes = part.strip_suffix(".del").is_some_and(|opstamp| opstamp.bytes().all(|b| b.is_ascii_digit()));
    id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()) && (deletes || PARTS.contains(&part))
}

/// Puts the list of files, and before it the copy, in the place of what there is.
pub fn put_list(folder: &Path, list: &[u8]) -> io::Result<()> {
    // Where there is none yet, a copy by itself would be one whose original is lost.
    let order = if folder.join(META).exists() { [COPY, META] } else { [META, COPY] };
    for name in order {
        replace(folder, name, list)?;
    }
    sync(folder)
}

/// Makes the names in a folder last.
pub fn sync(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Puts `bytes` in the place of a file, whole or not at all, and lastingly.
fn replace(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let new = folder.join(format!("{name}.new"));
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, folder.join(name))
}

impl Directory for Files {
    fn get_file_handle(&self, path: &Path) -> std::result::Result<Arc<dyn FileHandle>, OpenReadError> {
        if !self.in_passing {
            return self.engine.get_file_handle(path);
        }
        match Passing::open(&self.folder, path, &self.engine) {
            Ok(file) => Ok(Arc::new(file)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(OpenReadError::FileDoesNotExist(path.to_owned())),
            Err(e) => Err(OpenReadError::wrap_io_error(e, path.to_owned())),
        }
    }

    fn delete(&self, path: &Path) -> std::result::Result<(), DeleteError> {
        self.sums().remove(&*path.to_string_lossy());
        self.engine.delete(path)
    }

    fn exists(&self, path: &Path) -> std::result::Result<bool, OpenReadError> {
        self.engine.exists(path)
    }

    fn open_write(&self, path: &Path) -> std::result::Result<WritePtr, OpenWriteError> {
        let inner = self.engine.open_write(path)?;
        let inner = inner.into_inner().map_err(|e| OpenWriteError::wrap_io_error(e.into_error(), path.to_owned()))?;
        // Behind the sums, since the engine takes what is before them off again.
        let inner = BufWriter::with_capacity(AT_ONCE, inner);
        let name = path.to_string_lossy().into_owned();
        let summed = Summed { inner, name, bytes: 0, hasher: Hasher::new(), sums: self.sums.clone() };
        Ok(BufWriter::new(Box::new(summed)))
    }

    fn atomic_read(&self, path: &Path) -> std::result::Result<Vec<u8>, OpenReadError> {
        if path != Path::new(MANAGED) {
            let name = if self.from_copy && path == Path::new(META) { Path::new(COPY) } else { path };
            return self.engine.atomic_read(name);
        }
        // The engine asks it for what to delete, which is for who writes.
        if !self.in_passing {
            return Ok(b"[]".to_vec());
        }
        let list = of_segments(&self.folder).and_then(|names| Ok(serde_json::to_vec(&names)?));
        list.map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        match path.to_str() {
            Some(MANAGED) => Ok(()),
            Some(META) => {
                // All that it names is there to stay before it is.
                self.sync_directory()?;
                put_list(&self.folder, &manifest::sealed(data, &self.sums())?)
            }
            _ => self.engine.atomic_write(path, data),
        }
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.engine.sync_directory()
    }

    fn acquire_lock(&self, asked: &Lock) -> std::result::Result<DirectoryLock, LockError> {
        if asked.filepath == META_LOCK.filepath {
            return Ok(Box::new(lock::readers(&self.folder).map_err(LockError::wrap_io_error)?).into());
        }
        if asked.filepath != INDEX_WRITER_LOCK.filepath {
            return self.engine.acquire_lock(asked);
        }
        let held = lock::writer(&self.folder).map_err(LockError::wrap_io_error)?.ok_or(LockError::LockBusy)?;
        if let Ok(committed) = Manifest::read(&self.folder) {
            clear(&self.folder, &committed.files).map_err(LockError::wrap_io_error)?;
            *self.sums() = committed.files;
        }
        Ok(Box::new(held).into())
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.engine.watch(callback)
    }
}

/// A file that is being written.
struct Summed {
    inner: BufWriter<Box<dyn TerminatingWrite + Send + Sync>>,
    name: String,
    bytes: u64,
    hasher: Hasher,
    sums: Arc<Mutex<Sums>>,
}

impl Write for Summed {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(from)?;
        self.hasher.update(from.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for Summed {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.terminate_ref(token)?;
        let sum = Sum::so_far(self.bytes, &self.hasher);
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).insert(self.name.clone(), sum);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_engine_wrote_is_taken_for_its_own() {
        let id = "0123456789abcdef0123456789abcdef";
        for part in ["idx", "store", "store.temp", "17.del"] {
            assert!(is_of_segment(&format!("{id}.{part}")), "{part}");
        }
        for name in ["meta.json", "saved-queries.jsonl", "letter.store", &format!("{id}.pdf"), &format!("{id}.x.del"), id] {
            assert!(!is_of_segment(name), "{name}");
        }
    }

    #[test]
    fn a_writer_leaves_what_is_not_the_indexs() {
        let dir = tempfile::tempdir().unwrap();
        let index = crate::index::Index::open_or_create(dir.path()).unwrap();
        let id = "0123456789abcdef0123456789abcdef";
        let (mine, left) = (dir.path().join(format!("{id}.pdf")), dir.path().join(format!("{id}.idx")));
        fs::write(&mine, "a letter").unwrap();
        fs::write(&left, "half").unwrap();
        drop(crate::index::Writer::open(&index).unwrap());
        assert!(mine.exists() && !left.exists());
    }
}
