//! Whether an index is whole: every file as it was written, every letter there and readable, and what is counted beside the letters
//! the same as what is in them.
//!
//! What a file holds is looked into only where its checksum is right: of anything else the engine may make whatever it likes. So
//! what is told of the contents is told of sound files.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crc32fast::Hasher;
use rayon::prelude::*;
use tantivy::SegmentReader;
use tantivy::index::SegmentComponent;

use super::files::of_segments;
use super::manifest::{COPY, META, Manifest, Sum, Sums};
use super::{Index, Size, store};
use crate::error::{Error, Result};
use segment::Contents;

mod segment;
#[cfg(test)]
mod tests;

/// Bytes of a file that are read at once.
const CHUNK: usize = 1 << 20;
/// How often an index is looked at that changes meanwhile.
const TRIES: usize = 20;
/// Faults that are named; the others are counted.
const NAMED: usize = 100;

/// What a check found.
#[derive(Debug, Default)]
pub struct Checked {
    /// Files with a checksum.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Letters and decisions that were looked at.
    pub size: Size,
    /// Letters in which no decision could be read, or not all of which was taken apart.
    pub unread: u64,
    /// Where the letters are from.
    pub sources: Sources,
    /// Files of segments that are in no commit, as a killed run leaves them behind.
    pub left_over: u64,
    /// What is wrong, the first of it.
    pub faults: Vec<Fault>,
    /// How much more is wrong.
    pub more: u64,
}

/// Sources by kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sources {
    /// Files, and members of files, each with a letter.
    pub letters: u64,
    /// Those whose letter another holds, too.
    pub copies: u64,
    /// Archives and files of rows.
    pub containers: u64,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file that it is wrong with, where it is one.
    pub file: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl Checked {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    /// Adds something that is wrong.
    pub fn fault(&mut self, file: Option<&str>, what: impl Into<String>) {
        match self.faults.len() < NAMED {
            true => self.faults.push(Fault { file: file.map(str::to_owned), what: what.into() }),
            false => self.more += 1,
        }
    }
}

/// Checks the index in `path`.
///
/// # Errors
/// [`Error::NoIndex`] and [`Error::IndexFormat`], and what the system refuses; what is wrong with the index is in the answer.
pub fn check(path: &Path) -> Result<Checked> {
    for _ in 1..TRIES {
        let before = std::fs::read(path.join(META)).ok();
        let checked = once(path)?;
        // What a run has just committed may have taken the place of what was looked at.
        if checked.is_whole() || std::fs::read(path.join(META)).ok() == before {
            return Ok(checked);
        }
    }
    once(path)
}

/// The files that are damaged, without a look at what is in them: what may be the reason of whatever else went wrong.
pub fn damaged_files(path: &Path) -> Vec<String> {
    match Manifest::read(path) {
        Ok(manifest) => {
            let sums: Vec<_> = manifest.files.iter().collect();
            sums.into_par_iter()
                .filter(|(name, sum)| file_fault(path, name, sum).is_some())
                .map(|(name, _)| name.clone())
                .collect()
        }
        Err(Error::Damaged(_)) => vec![META.to_owned()],
        Err(_) => Vec::new(),
    }
}

fn once(path: &Path) -> Result<Checked> {
    match looked(path) {
        // A file that went while it was opened, or one that is sound and makes no sense.
        Err(Error::Damaged(why)) => {
            let mut checked = Checked::default();
            checked.fault(None, why);
            Ok(checked)
        }
        looked => looked,
    }
}

fn looked(path: &Path) -> Result<Checked> {
    let mut checked = Checked::default();
    if let Err(e) = copy_of_list(path) {
        checked.fault(Some(COPY), e);
    }
    let manifest = match Manifest::read(path) {
        Ok(manifest) => manifest,
        Err(Error::Damaged(_)) if super::ensure_format(path).is_err_and(|e| matches!(e, Error::Damaged(_))) => {
            let what = "is missing, cut off or changed: it lists the files of the index, so that nothing else could be checked";
            checked.fault(Some(META), what);
            return Ok(checked);
        }
        Err(e) => return super::ensure_format(path).map(|()| Checked::default()).and(Err(e)),
    };
    super::ensure_format(path)?;
    let damaged = files(path, &manifest.files, &mut checked);
    checked.left_over = left_over(path, &manifest.files);
    contents(path, &manifest.files, &damaged, &mut checked)?;
    Ok(checked)
}

/// What is wrong with the list's copy.
fn copy_of_list(path: &Path) -> std::result::Result<(), &'static str> {
    match std::fs::read(path.join(COPY)) {
        Ok(list) if Manifest::of(&list).is_some() => Ok(()),
        Ok(_) => Err("is cut off or changed: the spare of meta.json, the list of the index's files"),
        Err(_) => Err("is missing: the spare of meta.json, the list of the index's files"),
    }
}

/// Holds every file against its checksum; returns the names of those that are not as they were written.
fn files(path: &Path, sums: &Sums, checked: &mut Checked) -> HashSet<String> {
    checked.files = sums.len() as u64;
    checked.bytes = sums.values().map(|sum| sum.bytes).sum();
    let sums: Vec<_> = sums.iter().collect();
    let faults: Vec<_> = sums.into_par_iter().filter_map(|(name, sum)| Some((name, file_fault(path, name, sum)?))).collect();
    for (name, what) in &faults {
        checked.fault(Some(name), format!("{what}: {}", meaning(name)));
    }
    faults.into_iter().map(|(name, _)| name.clone()).collect()
}

/// What is wrong with a file.
pub(super) fn file_fault(folder: &Path, name: &str, sum: &Sum) -> Option<String> {
    match sum_of(&folder.join(name)) {
        Ok(found) if found == *sum => None,
        Ok(found) if found.bytes != sum.bytes => Some(format!("has {} bytes, and had {}", found.bytes, sum.bytes)),
        Ok(_) => Some("has been changed".to_owned()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Some("is missing".to_owned()),
        Err(e) => Some(format!("cannot be read ({e})")),
    }
}

fn sum_of(path: &Path) -> std::io::Result<Sum> {
    let mut file = File::open(path)?;
    let (mut hasher, mut bytes, mut chunk) = (Hasher::new(), 0, vec![0; CHUNK]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(Sum::so_far(bytes, &hasher)),
            read => {
                hasher.update(chunk.get(..read).unwrap_or_default());
                bytes += read as u64;
            }
        }
    }
}

/// What is in a file of a segment, by its name.
fn meaning(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "store" => "the letters",
        "term" | "idx" => "the words by which they are found",
        "pos" => "where the words stand, for phrases",
        "fast" => "what is counted and filtered by",
        "fieldnorm" => "how long texts are, for ranking",
        "del" => "which letters have been replaced or taken out",
        _ => "a part of the index",
    }
}

/// How many files of segments are in no commit.
fn left_over(path: &Path, sums: &Sums) -> u64 {
    of_segments(path).unwrap_or_default().iter().filter(|name| !sums.contains_key(*name)).count() as u64
}

/// Looks into the segments whose files are sound.
fn contents(path: &Path, sums: &Sums, damaged: &HashSet<String>, checked: &mut Checked) -> Result<()> {
    let index = Index::open(path)?;
    let (mut segments, mut readers) = (Vec::new(), Vec::new());
    for segment in index.tantivy.searchable_segments()? {
        let meta = segment.meta();
        let parts = [
            SegmentComponent::Terms,
            SegmentComponent::Postings,
            SegmentComponent::Positions,
            SegmentComponent::FastFields,
            SegmentComponent::FieldNorms,
            SegmentComponent::Store,
        ];
        let deletes = meta.has_deletes().then_some(SegmentComponent::Delete);
        let names: Vec<_> = parts.into_iter().chain(deletes).map(|part| meta.relative_path(part)).collect();
        let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
        for name in names.iter().filter(|name| !sums.contains_key(name.as_ref())) {
            checked.fault(Some(name), "has no checksum");
        }
        if names.iter().all(|name| !damaged.contains(name.as_ref())) {
            let reader = SegmentReader::open(&segment)?;
            segments.push(segment);
            readers.push(reader);
        }
    }
    let dictionary = store::find(&readers)?;
    let (handles, commit, hasher) = (&index.handles, index.commit()?, RandomState::new());
    let looked = segments.par_iter().zip(&readers).map(|(segment, reader)| {
        let mut contents = Contents::new(segment, reader, |text: &str| id_of(&hasher, text));
        let done = catch_unwind(AssertUnwindSafe(|| contents.look(handles, dictionary.as_deref(), commit.generation)));
        let done = done.unwrap_or_else(|_| Err(Error::Damaged("it cannot be read on".into())));
        (contents, done)
    });
    let (mut keys, mut sources, mut copied) = (HashSet::new(), HashSet::new(), Vec::new());
    for (contents, done) in looked.collect::<Vec<_>>() {
        if let Err(e) = done {
            contents.faulty(checked, &e.to_string());
        }
        contents.add_to(checked);
        let doubled = contents.keys.iter().filter(|key| !keys.insert(**key)).count();
        if doubled > 0 {
            contents.faulty(checked, &format!("letters that are in the index twice: {doubled}"));
        }
        let doubled = contents.sources.iter().filter(|source| !sources.insert(**source)).count();
        if doubled > 0 {
            contents.faulty(checked, &format!("sources that are in the index twice: {doubled}"));
        }
        copied.extend(contents.copied);
    }
    let lost = copied.iter().filter(|key| !keys.contains(*key)).count();
    if lost > 0 && damaged.is_empty() {
        checked.fault(None, format!("sources that are remembered as copies of letters that are not in the index: {lost}"));
    }
    Ok(())
}

/// What stands for a text among millions of others.
fn id_of(hasher: &RandomState, text: &str) -> u128 {
    u128::from(hasher.hash_one(text)) << 64 | u128::from(hasher.hash_one((text, 1)))
}
