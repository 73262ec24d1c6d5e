//! Taking out what is gone: letters whose files have been deleted.
//!
//! Where a folder is gone or empty, which may be a disk that is not mounted, its letters stay unless the user says that folders may
//! go too: see [`super::fate`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::Run;
use super::fate::{self, Fate};
use crate::error::Result;
use crate::source::{self, Root};

/// What is taken out of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prune {
    /// Letters whose files are gone, where others in the same folder are there.
    Files,
    /// These, and the letters of folders that are gone or empty.
    Folders,
}

/// Files that are named; the others are counted.
const NAMED: usize = 5;

/// What was taken out, and what was not.
#[derive(Debug, Default)]
pub struct Pruned {
    /// How many letters, and copies of letters, were taken out.
    pub sources: u64,
    /// The first of the files that are gone.
    pub files: Vec<String>,
    /// How many files are gone.
    pub gone: u64,
    /// Folders that are gone or empty, with the number of letters that were kept since they may come back.
    pub kept: BTreeMap<PathBuf, u64>,
}

impl Run<'_> {
    /// Takes out what lay in `paths` and is gone.
    pub(super) fn prune<'p>(&mut self, paths: impl IntoIterator<Item = &'p PathBuf>, how: Prune) -> Result<()> {
        let mut looked = Looked::default();
        let mut gone = BTreeSet::new();
        // By name, since the sources come segment by segment, and a container's members may be in several.
        let mut files = BTreeMap::new();
        let pruned = &mut self.report.pruned;
        for root in apart(paths) {
            self.writer.each_in(&source::identity(&root.real), |source, is_letter| {
                let file = match looked.container_of(source) {
                    Some(file) => file,
                    None => self.writer.container_of(source)?.unwrap_or(source).to_owned(),
                };
                match looked.fate(&file) {
                    Fate::There => {}
                    Fate::Folder(folder) if how == Prune::Files => {
                        *pruned.kept.entry(folder).or_default() += u64::from(is_letter);
                    }
                    Fate::Gone | Fate::Folder(_) => {
                        let name = root.known(&source::path_of(&file));
                        files.entry(file).or_insert(name);
                        pruned.sources += u64::from(is_letter);
                        gone.insert(source.to_owned());
                    }
                }
                Ok(())
            })?;
        }
        pruned.gone += files.len() as u64;
        pruned.files.extend(files.values().take(NAMED).map(|name| name.to_string_lossy().into_owned()));
        // That a path is gone is no failure where it is what was asked to be taken out.
        let is_pruned = |path: &Path| {
            let reals = reals(path);
            !path.exists() && files.keys().any(|file| reals.iter().any(|real| source::path_of(file).starts_with(real)))
        };
        self.report.failed.retain(|(name, _)| !is_pruned(Path::new(name)));
        for source in gone {
            self.dirty = true;
            self.writer.drop_source(&source)?;
        }
        Ok(())
    }
}

/// What the sources in `paths` begin with, each once: none of it lies in another.
fn apart<'p>(paths: impl IntoIterator<Item = &'p PathBuf>) -> Vec<Root> {
    let roots = paths.into_iter().flat_map(|path| reals(path).into_iter().map(move |real| (real, path)));
    let mut apart: Vec<Root> = Vec::new();
    // In this order what lies in a folder stands behind it.
    for (real, path) in roots.collect::<BTreeMap<_, _>>() {
        if !apart.last().is_some_and(|root| real.starts_with(&root.real)) {
            apart.push(Root { named: path.clone(), real });
        }
    }
    apart
}

/// What a path may be in the index. A source is known by the path that the user named, without links, and the rest as it is; of
/// this path any part may have been what the user named.
fn reals(path: &Path) -> BTreeSet<PathBuf> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let reals = path.ancestors().filter_map(|above| {
        let rest = path.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.components().chain(rest.components()).collect())
    });
    reals.collect()
}

/// Files and folders that have been looked at.
#[derive(Default)]
struct Looked {
    folders: HashMap<PathBuf, Fate>,
    /// The last file: a container is asked about for each of its members.
    file: Option<(String, Fate)>,
}

impl Looked {
    /// The last file, if `source` is a member of it.
    fn container_of(&self, source: &str) -> Option<String> {
        let (file, _) = self.file.as_ref()?;
        source.strip_prefix(file.as_str())?.starts_with('!').then(|| file.clone())
    }

    /// What became of a file, by its identity.
    fn fate(&mut self, file: &str) -> Fate {
        if let Some((_, fate)) = self.file.as_ref().filter(|(last, _)| last == file) {
            return fate.clone();
        }
        let folders = &mut self.folders;
        let mut missing_in = |folder: &Path| folders.entry(folder.to_owned()).or_insert_with(|| fate::missing_in(folder)).clone();
        let fate = fate::of(&source::path_of(file), &mut missing_in);
        self.file = Some((file.to_owned(), fate.clone()));
        fate
    }
}
