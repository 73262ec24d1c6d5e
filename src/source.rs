//! A source: one file that should hold one letter. Finds them in a stable order and reads their bytes.
//!
//! In folders only `.pdf` and `.txt` files are taken; what is passed over is counted, so that nothing is lost silently. A file
//! that the user names is taken whatever it is called. A source is known by its absolute path, and shown as the user named it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

use crate::error::{Error, Result};

/// More bytes than any letter has: the longest known letters have some 100 kB.
pub const SIZE_LIMIT: u64 = 32 << 20;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As the user named it.
    pub path: PathBuf,
    /// Its absolute path: what it is known by.
    pub id: String,
    /// Bytes.
    pub size: u64,
    /// Time of change, in nanoseconds since 1970.
    pub changed: i64,
}

impl Source {
    fn new(path: PathBuf, id: String) -> Result<Self> {
        let data = fs::metadata(&path).map_err(|e| Error::io(&path, e))?;
        let since = data.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
        let changed = since.and_then(|d| i64::try_from(d.as_nanos()).ok()).unwrap_or(0);
        Ok(Source { path, id, size: data.len(), changed })
    }

    /// The file of that path, whatever it is called.
    pub fn file(path: &Path) -> Result<Self> {
        let id = fs::canonicalize(path).map_err(|e| Error::io(path, e))?;
        Self::new(path.to_owned(), id.to_string_lossy().into_owned())
    }

    /// Its name as shown and recorded.
    pub fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Its bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] without reading more than [`SIZE_LIMIT`] bytes, and [`Error::Io`].
    pub fn read(&self) -> Result<Vec<u8>> {
        let too_large = |size| Error::TooLarge { size, limit: SIZE_LIMIT };
        if self.size > SIZE_LIMIT {
            return Err(too_large(self.size));
        }
        let file = File::open(&self.path).map_err(|e| Error::io(&self.path, e))?;
        let mut bytes = Vec::with_capacity(usize::try_from(self.size).unwrap_or(0));
        file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes).map_err(|e| Error::io(&self.path, e))?;
        match bytes.len() as u64 {
            size if size > SIZE_LIMIT => Err(too_large(size)),
            _ => Ok(bytes),
        }
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The sources, each once, in the order of the paths given and by name within a folder.
    pub sources: Vec<Source>,
    /// What could not be looked into, with the reason.
    pub failed: Vec<(String, Error)>,
    /// Files passed over in folders, counted by their extension.
    pub skipped: BTreeMap<String, u64>,
}

/// Finds the sources in `paths`, leaving out the folder `index`.
pub fn find(paths: &[PathBuf], index: &Path) -> Found {
    let mut found = Found::default();
    let index = fs::canonicalize(index).ok();
    for path in paths {
        match fs::canonicalize(path) {
            Ok(root) if root.is_dir() => walk(path, &root, index.as_deref(), &mut found),
            Ok(_) => found.take(path, Source::file(path)),
            Err(e) => found.failed.push((path.to_string_lossy().into_owned(), Error::io(path, e))),
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.sources.retain(|s| seen.insert(s.id.clone()));
    found
}

impl Found {
    fn take(&mut self, path: &Path, source: Result<Source>) {
        match source {
            Ok(source) => self.sources.push(source),
            Err(e) => self.failed.push((path.to_string_lossy().into_owned(), e)),
        }
    }
}

fn walk(path: &Path, root: &Path, index: Option<&Path>, found: &mut Found) {
    let hidden = |entry: &DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    let mine = |entry: &DirEntry| entry.file_type().is_dir() && Some(entry.path()) == index;
    let entries = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|e| !hidden(e) && !mine(e)) {
        let shown = |at: &Path| path.join(at.strip_prefix(root).unwrap_or(at));
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let extension = entry.path().extension().unwrap_or_default().to_string_lossy().to_lowercase();
                match extension.as_str() {
                    "pdf" | "txt" => {
                        let at = shown(entry.path());
                        let source = Source::new(at.clone(), entry.path().to_string_lossy().into_owned());
                        found.take(&at, source);
                    }
                    _ => *found.skipped.entry(extension).or_default() += 1,
                }
            }
            Ok(_) => {}
            Err(e) => {
                let at = shown(e.path().unwrap_or(root));
                let why = e.loop_ancestor().map(|_| std::io::Error::other("a link that leads back into its own folder"));
                let why = why.or_else(|| e.into_io_error()).unwrap_or_else(|| std::io::Error::other("cannot be looked into"));
                found.failed.push((at.to_string_lossy().into_owned(), Error::io(&at, why)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_letters_by_name_and_counts_the_rest() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.pdf", "A.TXT", "notes.md", "sub/c.txt", ".hidden.txt", "index/meta.json", "plain"] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let missing = dir.path().join("missing");
        let twice = dir.path().join("b.pdf");
        let found = find(&[dir.path().to_owned(), missing, twice], &dir.path().join("index"));
        let names: Vec<_> = found.sources.iter().map(|s| s.path.strip_prefix(dir.path()).unwrap().to_owned()).collect();
        assert_eq!(names, ["A.TXT", "b.pdf", "sub/c.txt"].map(PathBuf::from));
        assert_eq!(found.skipped, BTreeMap::from([("md".into(), 1), (String::new(), 1)]));
        assert_eq!(found.failed.len(), 1);
    }

    #[test]
    fn a_large_file_is_refused_unread() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("huge.txt");
        File::create(&path).unwrap().set_len(SIZE_LIMIT + 1).unwrap();
        assert!(matches!(Source::file(&path).unwrap().read(), Err(Error::TooLarge { .. })));
    }
}
