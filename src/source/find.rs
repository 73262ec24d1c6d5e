//! Finding files: those in the paths that the user named, each once, in the order of the paths and by name within a folder.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Input, Options, Root, folder, kind};
use crate::error::Error;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// The paths that are there, in the order given.
    pub roots: Vec<Arc<Root>>,
    /// The files, each once, in the order of the paths given and by name within a folder.
    pub inputs: Vec<Input>,
    /// What could not be looked into, with the reason.
    pub failed: Vec<(String, Error)>,
    /// Files passed over in folders, counted by their extension.
    pub skipped: BTreeMap<String, u64>,
}

/// Finds the letters and containers in `paths`, leaving out the folder `index`.
pub fn find(paths: &[PathBuf], index: &Path, options: &Options) -> Found {
    let mut found = Found::default();
    let index = fs::canonicalize(index).ok();
    for path in paths {
        let Some(root) = found.root(path) else { continue };
        if root.real.is_dir() {
            folder::walk(&root, &root.real, index.as_deref(), options, &mut found);
        } else {
            found.take(&root, options);
        }
    }
    // Paths may overlap; within one of them every file is found once.
    if paths.len() > 1 {
        found.once();
    }
    found
}

/// The same, of what lies in `changed` alone: absolute paths without links, as [`super::watch`] tells them.
pub fn among(changed: &BTreeSet<PathBuf>, paths: &[PathBuf], index: &Path, options: &Options) -> Found {
    let mut found = Found::default();
    let index = fs::canonicalize(index).ok();
    for path in paths {
        let Some(root) = found.root(path) else { continue };
        for changed in changed.iter().filter(|changed| changed.starts_with(&root.real)) {
            if *changed == root.real && !changed.is_dir() {
                found.take(&root, options);
            } else if folder::is_seen(&root, changed, index.as_deref()) && changed.exists() {
                folder::walk(&root, changed, index.as_deref(), options, &mut found);
            }
        }
    }
    found.once();
    found
}

impl Found {
    fn root(&mut self, path: &Path) -> Option<Arc<Root>> {
        match fs::canonicalize(path) {
            Ok(real) => {
                let root = Arc::new(Root { named: path.to_owned(), real });
                self.roots.push(root.clone());
                Some(root)
            }
            Err(e) => {
                self.failed.push((path.to_string_lossy().into_owned(), Error::io(path, e)));
                None
            }
        }
    }

    /// Takes a file that the user named.
    fn take(&mut self, root: &Arc<Root>, options: &Options) {
        let name = root.named.to_string_lossy();
        match Input::new(root.clone(), Path::new(""), kind::of_named(&name), options) {
            Ok(input) => self.inputs.push(input),
            Err(e) => self.failed.push((name.into_owned(), e)),
        }
    }

    /// Leaves each file once.
    fn once(&mut self) {
        let mut seen = HashSet::new();
        self.inputs.retain(|input| seen.insert(blake3::hash(input.id().as_bytes())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_letters_by_name_and_counts_the_rest() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.pdf", "A.TXT", "notes.md", "sub/c.txt", "d.zip", "rows.jsonl", ".hidden.txt", "index/meta.json", "plain"]
        {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let missing = dir.path().join("missing");
        let twice = dir.path().join("b.pdf");
        let found = find(&[dir.path().to_owned(), missing, twice], &dir.path().join("index"), &Options::default());
        let names: Vec<_> = found.inputs.iter().map(|s| s.path().strip_prefix(dir.path()).unwrap().to_owned()).collect();
        assert_eq!(names, ["A.TXT", "b.pdf", "d.zip", "sub/c.txt"].map(PathBuf::from));
        assert_eq!(
            found.skipped,
            BTreeMap::from([(".jsonl".into(), 1), (".md".into(), 1), ("hidden".into(), 1), ("without extension".into(), 1)])
        );
        assert_eq!(found.failed.len(), 1);
    }
}
