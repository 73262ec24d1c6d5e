//! How many segments an index is left with. A query looks into every one of them.
//!
//! The engine merges segments of about the same size while letters are written, so that none is written anew more than a few
//! times. It leaves up to seven of each size, which may be many in all. The smallest of those are merged when the run ends, as far as
//! that is little beside what the run has written: so that a day's letters cost what they cost, however large the index is.
//!
//! What is made of a damaged segment would look sound, for its checksums would be right. So the files of each are held against
//! theirs before it is merged, and what is damaged stays as it is, to be found.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::IndexWriter;
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::merge_policy::{LogMergePolicy, MergeCandidate, MergePolicy, NoMergePolicy};

use super::files::Files;
use crate::error::{Error, Result};

/// So many segments are left, where it takes little to have no more.
const MOST: usize = 8;
/// So many times what a run has written it merges at its end at most.
const WORTH: u64 = 4;
/// The least that the engine takes for its memory; nothing is added here.
const HEAP: usize = 15_000_000;

/// The engine's choice of what to merge, of what is sound.
#[derive(Debug, Clone)]
pub struct Sound {
    files: Files,
    engine: LogMergePolicy,
    /// The segments that are not, each with a file of it.
    damaged: Arc<Mutex<BTreeMap<SegmentId, String>>>,
}

impl Sound {
    /// Of the segments with these files.
    pub fn of(files: &Files) -> Self {
        Sound { files: files.clone(), engine: LogMergePolicy::default(), damaged: Arc::default() }
    }

    /// Says which file was found to be damaged, if one was.
    pub fn told(&self) -> Result<()> {
        match self.damaged().values().next() {
            Some(file) => Err(Error::Damaged(format!("{file} has been changed"))),
            None => Ok(()),
        }
    }

    fn damaged(&self) -> MutexGuard<'_, BTreeMap<SegmentId, String>> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether all these are.
    fn are(&self, segments: &[SegmentId]) -> bool {
        let damaged = segments.iter().filter_map(|segment| Some((*segment, self.files.damaged(&segment.uuid_string())?)));
        let damaged: Vec<_> = damaged.collect();
        let none = damaged.is_empty();
        self.damaged().extend(damaged);
        none
    }
}

impl MergePolicy for Sound {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        // Which of them are damaged is found out when they are to be merged, since then they are read anyway.
        let unknown: Vec<_> = segments.iter().filter(|segment| !self.damaged().contains_key(&segment.id())).cloned().collect();
        let mut candidates = self.engine.compute_merge_candidates(&unknown);
        candidates.retain(|MergeCandidate(segments)| self.are(segments));
        candidates
    }
}

/// Merges the smallest segments where there are many, at the end of a run that has written so many documents. No writer may be open.
pub fn smallest(index: &tantivy::Index, sound: &Sound, written: u64) -> Result<()> {
    let small = {
        // Held any longer, they would keep the files of what is merged from being deleted.
        let mut segments = index.searchable_segment_metas()?;
        segments.sort_by_key(|segment| segment.num_docs());
        let few = worth_merging(segments.iter().map(|segment| segment.num_docs().into()), written);
        segments.iter().take(few).map(|segment| segment.id()).collect::<Vec<_>>()
    };
    if small.is_empty() || !sound.are(&small) {
        return Ok(());
    }
    let mut writer: IndexWriter = index.writer_with_num_threads(1, HEAP)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    writer.merge(&small).wait()?;
    Ok(writer.wait_merging_threads()?)
}

/// How many of the smallest segments are merged, by their sizes from the smallest on.
fn worth_merging(sizes: impl ExactSizeIterator<Item = u64>, written: u64) -> usize {
    let many = (sizes.len() + 1).saturating_sub(MOST);
    let mut sum = 0;
    let worth = sizes.take(many).take_while(|size| {
        sum += size;
        sum <= WORTH * written
    });
    let worth = worth.count();
    // One by itself is none.
    if worth < 2 { 0 } else { worth }
}

/// Deletes files that no segment needs, such as a run leaves behind that could not write on.
pub fn reclaim(index: &tantivy::Index) -> Result<()> {
    let writer: IndexWriter = index.writer_with_num_threads(1, HEAP)?;
    writer.garbage_collect_files().wait()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::files::of_segments;
    use crate::index::manifest::Manifest;
    use crate::index::{Index, Stamp, Writer};
    use crate::record::Letter;

    /// Commits a letter by itself, so that it has a segment of its own.
    fn add(writer: &mut Writer, n: u64) {
        let letter = Letter { case_number: Some(format!("CM99-{n:07}")), ..Letter::unread("x") };
        let documents = writer.maker().documents(&letter).unwrap();
        writer.add(&format!("/{n}.txt"), Stamp { size: n, changed: 0, options: 0 }, documents).unwrap();
        writer.commit().unwrap();
    }

    #[test]
    fn what_is_damaged_is_not_merged_and_told() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open_or_create(dir.path()).unwrap();
        let mut writer = Writer::open(&index).unwrap();
        add(&mut writer, 0);
        let name = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
        let path = name.into_iter().find(|path| path.extension().is_some_and(|e| e == "pos")).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[0] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        (1..20).for_each(|n| add(&mut writer, n));
        let told = writer.close().unwrap_err().to_string();
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(told.contains(&format!("{name} has been changed")), "{told}");
        let left = index.tantivy.searchable_segment_metas().unwrap();
        assert!(left.len() < 20 && left.iter().any(|segment| name.starts_with(&segment.id().uuid_string())), "{left:?}");
        let checked = crate::index::check::check(dir.path()).unwrap();
        assert_eq!(checked.faults.first().unwrap().file.as_deref(), Some(&*name));
    }

    #[test]
    fn many_segments_become_few_and_nothing_else_changes() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open_or_create(dir.path()).unwrap();
        let mut writer = Writer::open(&index).unwrap();
        writer.tantivy.set_merge_policy(Box::new(NoMergePolicy));
        let runs = MOST as u64 + 5;
        (0..runs).for_each(|n| add(&mut writer, n));
        let before = index.commit().unwrap();
        assert!(index.tantivy.searchable_segment_metas().unwrap().len() > MOST);
        writer.close().unwrap();
        assert_eq!(index.tantivy.searchable_segment_metas().unwrap().len(), MOST);
        assert_eq!(index.commit().unwrap(), before);
        let listed = Manifest::read(dir.path()).unwrap().files;
        let left: Vec<_> = of_segments(dir.path()).unwrap().into_iter().filter(|name| !listed.contains_key(name)).collect();
        assert_eq!(left, [""; 0], "files that no segment needs");
        let writer = Writer::open(&index).unwrap();
        for n in 0..runs {
            let stamp = Stamp { size: n, changed: 0, options: 0 };
            assert!(writer.is_current(&format!("/{n}.txt"), stamp).unwrap());
        }
        assert_eq!(index.size(&index.searcher().unwrap()).unwrap().letters, runs);
    }

    #[test]
    fn a_run_merges_no_more_than_it_is_worth() {
        // The sizes of segments, what was written, how many of them are merged.
        let many = [vec![1; 20], vec![1000; 7]].concat();
        for (sizes, written, merged) in [
            (&[9; MOST][..], 9, 0),
            (&[9; MOST + 1], 9, 2),
            (&[9; MOST + 2], 9, 3),
            // A day's letters do not make the large ones anew.
            (&[2, 2, 90, 90, 90, 90, 90, 90, 90], 4, 2),
            (&[2, 2, 4, 90, 90, 90, 90, 90, 90, 90], 4, 3),
            (&[2, 2, 16, 90, 90, 90, 90, 90, 90, 90], 4, 2),
            (&[4, 90, 90, 90, 90, 90, 90, 90, 90], 4, 0),
            (&many, 20, 20),
            (&many, 4, 16),
            (&many, 0, 0),
        ] {
            assert_eq!(worth_merging(sizes.iter().copied(), written), merged, "{sizes:?}");
        }
    }
}
