//! Where the paths lie that a user has named: the folders to watch for them, and whether these are still the ones that are watched.
//!
//! A system watches a folder and not its name: of a folder that has taken the place of another it tells nothing, nor of one whose
//! disk has come or gone. So the folders are compared with what they were, too. For a file its folder is watched, for a careful
//! program does not write a file but puts another in its place.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The places of the paths that a user has named.
#[derive(Debug, Default)]
pub struct Places {
    /// The folders by their names, and paths that are not there.
    folders: BTreeMap<PathBuf, Folder>,
    /// What was named, without links: that and what lies below is told.
    roots: HashSet<PathBuf>,
    /// Links by which files were named.
    links: HashSet<PathBuf>,
}

#[derive(Debug)]
struct Folder {
    /// Which it was when it was looked for; `None` if it was not there.
    was: Option<Identity>,
    /// Whether what is in its folders counts too.
    whole: bool,
}

/// Which folder it is that has a name. That a new one has the number of the old one happens, but then the old one was seen to go.
#[derive(Debug, PartialEq, Eq)]
struct Identity {
    real: PathBuf,
    disk: u64,
    number: u64,
}

impl Places {
    /// Looks where `named` lie now.
    pub fn find(named: &[PathBuf]) -> Self {
        let mut places = Places::default();
        for path in named {
            match path.canonicalize() {
                Ok(real) if real.is_dir() => {
                    places.folder(path, true);
                    places.roots.insert(real);
                }
                Ok(real) => {
                    places.folder(above(path), false);
                    places.folder(above(&real), false);
                    let link = above(path).canonicalize().ok().zip(path.file_name()).map(|(folder, name)| folder.join(name));
                    places.links.extend(link.filter(|link| *link != real));
                    places.roots.insert(real);
                }
                Err(_) => places.folder(path, true),
            }
        }
        places
    }

    fn folder(&mut self, name: &Path, whole: bool) {
        let folder = self.folders.entry(name.to_owned()).or_insert_with(|| Folder { was: Identity::of(name), whole });
        folder.whole |= whole;
    }

    /// The folders that are there, without links, and whether what is in their folders counts. Those of which it does come last:
    /// they may have been named otherwise before.
    pub fn watched(&self) -> impl Iterator<Item = (&Path, bool)> {
        let those = |whole| self.folders.values().filter(move |folder| folder.whole == whole);
        those(false).chain(those(true)).filter_map(|folder| Some((folder.was.as_ref()?.real.as_path(), folder.whole)))
    }

    /// Whether every folder is the one that it was, and what was not there is not there still.
    pub fn are_as_they_were(&self) -> bool {
        self.folders.iter().all(|(name, folder)| Identity::of(name) == folder.was)
    }

    /// Whether a path was named, or lies below one that was.
    pub fn hold(&self, path: &Path) -> bool {
        path.ancestors().any(|above| self.roots.contains(above))
    }

    /// Whether what came or went there is what is watched itself, or the way to it.
    pub fn hang_on(&self, path: &Path) -> bool {
        self.links.contains(path) || self.watched().any(|(folder, _)| folder == path)
    }
}

impl Identity {
    fn of(name: &Path) -> Option<Self> {
        let real = name.canonicalize().ok()?;
        let (disk, number) = numbers(&fs::metadata(&real).ok()?);
        Some(Identity { real, disk, number })
    }
}

/// The folder that a file is in.
fn above(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn numbers(data: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (data.dev(), data.ino())
}

#[cfg(not(unix))]
fn numbers(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}
