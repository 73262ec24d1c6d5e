//! What a run did, as plain numbers and names.

use std::collections::BTreeMap;

use super::prune::Pruned;
use super::timings::Timings;

/// What a run did.
#[derive(Debug, Default)]
pub struct Report {
    /// Letters that were not in the index before.
    pub new: u64,
    /// Letters whose source had changed.
    pub replaced: u64,
    /// Sources that were in the index as they are now, and were not read.
    pub unchanged: u64,
    /// Letters that a container held before and holds no longer.
    pub removed: u64,
    /// Letters that an index made anew has from the old one, since their files are not there or cannot be read.
    pub restored: u64,
    /// What was taken out since its files are gone, and what was not.
    pub pruned: Pruned,
    /// Decisions of the new and replaced letters.
    pub decisions: u64,
    /// Sources that hold a letter which another source holds too; the first of them.
    pub copies: Vec<Copy>,
    /// How many more there are.
    pub more_copies: u64,
    /// Letters that are in the index but were not read whole, with the reason.
    pub partial: Vec<(String, String)>,
    /// Sources of which nothing could be read, with the reason.
    pub failed: Vec<(String, String)>,
    /// Containers of which more was not read, or not read whole, than is named.
    pub unnamed: Vec<Unnamed>,
    /// Files in folders and members of archives that were passed over, by what they are counted as.
    pub skipped: BTreeMap<String, u64>,
    /// The run was asked to end before it had read everything.
    pub stopped: bool,
    /// Where the time went, if it was asked for.
    pub timings: Option<Timings>,
}

/// One letter in two sources.
#[derive(Debug)]
pub struct Copy {
    /// Its case number, or what stands for it.
    pub letter: String,
    /// The source whose text is in the index.
    pub kept: String,
    /// The source that is only remembered.
    pub other: String,
}

/// What a container has more than is named of it.
#[derive(Debug)]
pub struct Unnamed {
    /// Its name.
    pub container: String,
    /// What could not be read.
    pub failed: u64,
    /// What was not read whole.
    pub partial: u64,
}

impl Report {
    /// Whether every source was read whole.
    pub fn is_clean(&self) -> bool {
        self.failed.is_empty() && self.partial.is_empty() && !self.stopped
    }

    /// Sources of which nothing could be read, named or not.
    pub fn count_failed(&self) -> u64 {
        self.failed.len() as u64 + self.unnamed.iter().map(|more| more.failed).sum::<u64>()
    }

    /// Letters that were not read whole, named or not.
    pub fn count_partial(&self) -> u64 {
        self.partial.len() as u64 + self.unnamed.iter().map(|more| more.partial).sum::<u64>()
    }

    /// Copies, named or not.
    pub fn count_copies(&self) -> u64 {
        self.copies.len() as u64 + self.more_copies
    }

    /// Whether no letter was found, neither one to read nor one that has been read before.
    pub fn is_nothing(&self) -> bool {
        self.unchanged + self.restored == 0 && self.is_idle()
    }

    /// Whether there was nothing to do, and nothing to say of what was found.
    pub fn is_idle(&self) -> bool {
        self.new + self.replaced + self.removed + self.pruned.sources == 0
            && self.pruned.kept.is_empty()
            && self.copies.is_empty()
            && self.is_clean()
    }
}
