//! Taking out what is gone: letters whose files have been deleted.
//!
//! Where a folder is gone or empty, which may be a disk that is not mounted, its letters stay unless the user says that folders may
//! go too: see [`super::fate`].

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::Run;
use super::fate::{self, Fate};
use crate::error::Result;

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
        let mut gone = Vec::new();
        let mut looked = Looked::default();
        for path in paths {
            let real = real(path);
            let mut file: Option<(String, Fate)> = None;
            let pruned = &mut self.report.pruned;
            self.writer.each_in(&real.to_string_lossy(), |source, is_letter| {
                // The members of a container stand together.
                let is_member = |file: &str| source.strip_prefix(file).is_some_and(|rest| rest.starts_with('!'));
                let fate = match &file {
                    Some((file, fate)) if is_member(file) => fate.clone(),
                    _ => {
                        let name = self.writer.container_of(source)?.unwrap_or(source);
                        let fate = looked.fate(Path::new(name));
                        if fate == Fate::Gone || how == Prune::Folders && fate != Fate::There {
                            pruned.gone += 1;
                            let shown = Path::new(name).strip_prefix(&real).map_or_else(|_| name.into(), |rest| path.join(rest));
                            pruned.files.extend((pruned.files.len() < NAMED).then(|| shown.to_string_lossy().into_owned()));
                        }
                        file = Some((name.to_owned(), fate.clone()));
                        fate
                    }
                };
                match fate {
                    Fate::There => {}
                    Fate::Folder(folder) if how == Prune::Files => {
                        *pruned.kept.entry(folder).or_default() += u64::from(is_letter)
                    }
                    Fate::Gone | Fate::Folder(_) => {
                        pruned.sources += u64::from(is_letter);
                        gone.push(source.to_owned());
                    }
                }
                Ok(())
            })?;
        }
        for source in gone {
            self.dirty = true;
            self.writer.drop_source(&source)?;
        }
        Ok(())
    }
}

/// What a path is without links. Of one that is gone that is known as far as it is there.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match known {
        Some((above, real)) => {
            path.strip_prefix(above).map_or(path.clone(), |rest| real.components().chain(rest.components()).collect())
        }
        None => path,
    }
}

/// Folders that have been looked into.
#[derive(Default)]
struct Looked(HashMap<PathBuf, Fate>);

impl Looked {
    fn fate(&mut self, file: &Path) -> Fate {
        let mut missing_in = |folder: &Path| self.0.entry(folder.to_owned()).or_insert_with(|| fate::missing_in(folder)).clone();
        fate::of(file, &mut missing_in)
    }
}
