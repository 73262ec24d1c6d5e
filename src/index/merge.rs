//! How many segments an index is left with. A query looks into every one of them.
//!
//! The engine merges segments of about the same size while letters are written, so that none is written anew more than a few
//! times. It leaves up to seven of each size, which after a long run may be many in all. The smallest of those, which together are
//! a small part of the index, are merged when the run ends.

use tantivy::IndexWriter;
use tantivy::merge_policy::NoMergePolicy;

use crate::error::Result;

/// So many segments are left at most.
const MOST: usize = 16;
/// The least that the engine takes for its memory; nothing is added here.
const HEAP: usize = 15_000_000;

/// Merges the smallest segments where there are many. No writer may be open.
pub fn smallest(index: &tantivy::Index) -> Result<()> {
    let mut segments = index.searchable_segment_metas()?;
    if segments.len() <= MOST {
        return Ok(());
    }
    segments.sort_by_key(|segment| segment.num_docs());
    let small: Vec<_> = segments.iter().take(segments.len() - MOST + 1).map(|segment| segment.id()).collect();
    let mut writer: IndexWriter = index.writer_with_num_threads(1, HEAP)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    writer.merge(&small).wait()?;
    Ok(writer.wait_merging_threads()?)
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
    use crate::index::{Index, Stamp, Writer};
    use crate::record::Letter;

    #[test]
    fn many_segments_become_few_and_nothing_else_changes() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open_or_create(dir.path()).unwrap();
        let mut writer = Writer::open(&index).unwrap();
        writer.tantivy.set_merge_policy(Box::new(NoMergePolicy));
        let runs = MOST as u64 + 5;
        for n in 0..runs {
            let letter = Letter { case_number: Some(format!("CM99-{n:07}")), ..Letter::unread("x") };
            let stamp = Stamp { size: n, changed: 0, options: 0 };
            let documents = writer.maker().documents(&letter).unwrap();
            writer.add(&format!("/{n}.txt"), stamp, documents).unwrap();
            writer.commit().unwrap();
        }
        let before = index.commit().unwrap();
        assert!(index.tantivy.searchable_segment_metas().unwrap().len() > MOST);
        writer.close().unwrap();
        assert_eq!(index.tantivy.searchable_segment_metas().unwrap().len(), MOST);
        assert_eq!(index.commit().unwrap(), before);
        let writer = Writer::open(&index).unwrap();
        for n in 0..runs {
            let stamp = Stamp { size: n, changed: 0, options: 0 };
            assert!(writer.is_current(&format!("/{n}.txt"), stamp).unwrap());
        }
        assert_eq!(index.size(&index.searcher().unwrap()).unwrap().letters, runs);
    }
}
