//! What the index knows of its sources: what each gave, and what it looked like when it was read.
//!
//! Nothing of this is loaded. A source is looked up by its name in what is committed, and what has changed since then stands
//! before it in tables that a commit empties. So a run's start, and its memory, depend on what it reads and not on what the index
//! holds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use tantivy::{IndexReader, ReloadPolicy, Searcher};

use super::schema::Handles;
use crate::error::Result;

mod view;

use view::View;

/// What tells whether a source has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Time of change, in nanoseconds since 1970.
    pub changed: i64,
    /// A digest of the options on which its reading depended; 0 where it depended on none.
    pub options: u64,
}

/// A source in the index.
#[derive(Debug, Clone)]
pub struct Known {
    /// As it was when it was read.
    pub stamp: Stamp,
    /// What it gave.
    pub holds: Holds,
}

/// What a source gave.
#[derive(Debug, Clone)]
pub enum Holds {
    /// A letter, be it this source's text that stands for it or another's.
    Letter {
        /// The letter's identity.
        key: String,
        /// How many decisions of it could be read.
        decisions: u64,
    },
    /// Members, which are sources themselves.
    Members {
        /// What of them could not be read, in number.
        faults: u64,
    },
}

/// Of the sources of a letter the one with the highest rank holds it.
type Rank<'a> = (bool, u64, Reverse<&'a str>);

/// A container that this run has begun to read.
struct Begun {
    stamp: Stamp,
    /// Members of old that stay although they could not be read now.
    kept: HashSet<String>,
}

/// The sources of an index while it is written.
pub struct Sources {
    reader: IndexReader,
    handles: Handles,
    committed: View,
    /// Changed since the commit; `None` is gone.
    changed: HashMap<String, Option<Known>>,
    /// Of the letters whose holder has changed since the commit, the holder now.
    holders: HashMap<String, Option<String>>,
    /// Letters that have come to have copies since the commit.
    copied: HashSet<String>,
    begun: HashMap<String, Begun>,
    /// Letters of which another source than their holder may now be the one to keep.
    open: HashSet<String>,
}

impl Sources {
    /// Those that are committed. Where the commit says that letters were left unsettled, they are looked for.
    pub fn of(index: &tantivy::Index, handles: &Handles, unsettled: bool) -> Result<Self> {
        let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let committed = View::of(&reader.searcher(), handles)?;
        let open = if unsettled { committed.copied()?.into_iter().collect() } else { HashSet::new() };
        Ok(Sources {
            reader,
            handles: handles.clone(),
            committed,
            changed: HashMap::new(),
            holders: HashMap::new(),
            copied: HashSet::new(),
            begun: HashMap::new(),
            open,
        })
    }

    /// What is committed.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// To be called after a commit.
    pub fn committed(&mut self) -> Result<()> {
        self.reader.reload()?;
        self.committed = View::of(&self.reader.searcher(), &self.handles)?;
        // Made anew, since what is only emptied keeps its room.
        (self.changed, self.holders, self.copied) = Default::default();
        Ok(())
    }

    /// Whether some letters may not be held by the source that should hold them.
    pub fn is_unsettled(&self) -> bool {
        !self.open.is_empty()
    }

    /// What is known of a source.
    pub fn get(&self, source: &str) -> Result<Option<Known>> {
        match self.changed.get(source) {
            Some(known) => Ok(known.clone()),
            None => self.committed.get(source),
        }
    }

    /// The source whose text stands for a letter.
    pub fn holder(&self, key: &str) -> Result<Option<String>> {
        match self.holders.get(key) {
            Some(holder) => Ok(holder.clone()),
            None => self.committed.holder(key),
        }
    }

    /// Which of the sources, each a name with its stamp, are known as letters that look so: their places.
    pub fn current(&self, asked: &[(String, Stamp)]) -> Result<Vec<usize>> {
        let mut names: Vec<_> = asked.iter().enumerate().map(|(place, (name, _))| (name.as_str(), place)).collect();
        names.sort_unstable();
        let mut current = self.committed.current(&names, &|place| asked[place].1)?;
        current.retain(|place| !self.changed.contains_key(&asked[*place].0));
        Ok(current)
    }

    /// The container of which `source` is a member.
    pub fn container_of<'a>(&self, source: &'a str) -> Result<Option<&'a str>> {
        for (at, _) in source.match_indices('!') {
            if let Some(Known { holds: Holds::Members { .. }, .. }) = self.get(&source[..at])? {
                return Ok(Some(&source[..at]));
            }
        }
        Ok(None)
    }

    /// Visits the sources whose names begin so: of each its stamp, and whether it gave a letter.
    pub fn each_below(&self, prefix: &str, mut each: impl FnMut(&str, Stamp, bool) -> Result<()>) -> Result<()> {
        self.committed.each_below(prefix, |source, stamp, is_letter| match self.changed.contains_key(source) {
            true => Ok(()),
            false => each(source, stamp, is_letter),
        })?;
        let changed = self.changed.iter().filter(|(source, _)| source.starts_with(prefix));
        changed
            .filter_map(|(source, known)| Some((source, known.as_ref()?)))
            .try_for_each(|(source, known)| each(source, known.stamp, matches!(known.holds, Holds::Letter { .. })))
    }

    /// Says that a container is about to be read: its members of old give way to any that is read now.
    pub fn begin(&mut self, container: &str, stamp: Stamp) {
        self.begun.insert(container.to_owned(), Begun { stamp, kept: HashSet::new() });
    }

    /// Leaves a member of old as it is.
    pub fn keep(&mut self, source: &str) {
        for (at, _) in source.match_indices('!') {
            if let Some(begun) = self.begun.get_mut(&source[..at]) {
                begun.kept.insert(source.to_owned());
            }
        }
    }

    /// Whether it is a member of a container that has been begun, and has not come up yet.
    pub fn is_old(&self, source: &str, stamp: Stamp) -> bool {
        let mut containers = source.match_indices('!').filter_map(|(at, _)| self.begun.get(&source[..at]));
        containers.any(|begun| begun.stamp != stamp && !begun.kept.contains(source))
    }

    /// Which source of a letter holds it: one that is there still, of these the one with most decisions, of these the first by name.
    pub fn rank<'a>(&self, source: &'a str, stamp: Stamp, decisions: u64) -> Rank<'a> {
        (!self.is_old(source, stamp), decisions, Reverse(source))
    }

    /// Puts a source in the place of what was known under its name.
    pub fn set(&mut self, source: &str, known: Known) {
        self.changed.insert(source.to_owned(), Some(known));
    }

    /// Forgets a source that gave no letter.
    pub fn remove(&mut self, source: &str) {
        self.changed.insert(source.to_owned(), None);
    }

    /// Says which source holds the letter; any other is a copy.
    pub fn hold(&mut self, key: &str, source: &str) {
        self.holders.insert(key.to_owned(), Some(source.to_owned()));
    }

    /// Says that a letter has a copy.
    pub fn has_copy(&mut self, key: &str) {
        self.copied.insert(key.to_owned());
    }

    /// Forgets a source that gave the letter `key`; says whether it held it.
    pub fn forget(&mut self, source: &str, key: &str) -> Result<bool> {
        let held = self.holder(key)?.is_some_and(|holder| holder == source);
        if held {
            self.holders.insert(key.to_owned(), None);
        }
        // Without copies there is no other source that should hold the letter now, and whichever comes is ranked as it comes.
        if self.copied.contains(key) || !self.committed.copies(key)?.is_empty() {
            self.open.insert(key.to_owned());
        }
        self.changed.insert(source.to_owned(), None);
        Ok(held)
    }

    /// The sources that should hold their letter and do not.
    pub fn unsettled(&mut self) -> Result<Vec<String>> {
        let mut candidates: BTreeMap<&str, Vec<String>> = self.open.iter().map(|key| (key.as_str(), Vec::new())).collect();
        for (key, sources) in &mut candidates {
            sources.extend(self.committed.copies(key)?);
            sources.extend(self.committed.holder(key)?);
        }
        for (source, known) in &self.changed {
            if let Some(Known { holds: Holds::Letter { key, .. }, .. }) = known
                && let Some(sources) = candidates.get_mut(key.as_str())
            {
                sources.push(source.clone());
            }
        }
        let mut unsettled = Vec::new();
        for (key, sources) in candidates {
            let best = self.best(key, &sources)?;
            if best.is_some() && best != self.holder(key)? {
                unsettled.extend(best);
            }
        }
        if unsettled.is_empty() {
            self.open.clear();
        }
        unsettled.sort();
        Ok(unsettled)
    }

    fn best(&self, letter: &str, sources: &[String]) -> Result<Option<String>> {
        let mut best: Option<Rank<'_>> = None;
        for source in sources {
            if let Some(Known { stamp, holds: Holds::Letter { key, decisions } }) = self.get(source)?
                && key == letter
            {
                best = best.max(Some(self.rank(source, stamp, decisions)));
            }
        }
        Ok(best.map(|(.., Reverse(source))| source.to_owned()))
    }
}
