//! Folders that change: which files in them have, told in bursts.
//!
//! A file that is being written, or a folder that is being filled, changes many times at once. A burst is told when nothing has
//! changed for a moment, or after a while in any case. Where the system could not keep count, the burst says that all is to be
//! looked at again. What is told are paths, and what lies there is for the reader to see: by then it may have changed once more.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::error::{Error, Result};

/// Nothing has changed for so long: the burst is over.
const QUIET: Duration = Duration::from_millis(500);
/// So long a burst is at most.
const LONGEST: Duration = Duration::from_secs(5);
/// How often the watcher looks whether it is to end.
const GLANCE: Duration = Duration::from_millis(100);
/// Paths of a burst; where more have changed, all is looked at again.
const PATHS: usize = 10_000;

/// Watches files and folders with all that is in them.
pub struct Watcher {
    /// It ends when this is dropped.
    _engine: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
}

/// What has changed.
#[derive(Debug, PartialEq, Eq)]
pub enum Burst {
    /// These files and folders, some of which may be gone.
    Paths(BTreeSet<PathBuf>),
    /// Nobody knows what.
    Anything,
}

impl Watcher {
    /// Watches `paths`, beginning now.
    ///
    /// # Errors
    /// [`Error::Watch`] where the system refuses.
    pub fn new(paths: &[PathBuf]) -> Result<Self> {
        let refused = |e: notify::Error| Error::Watch(e.to_string());
        let (sender, events) = channel();
        let mut engine = notify::recommended_watcher(sender).map_err(refused)?;
        for path in paths {
            engine.watch(path, RecursiveMode::Recursive).map_err(refused)?;
        }
        Ok(Watcher { _engine: engine, events })
    }

    /// Waits for the next burst; `None` when it is to `stop`.
    pub fn next(&self, stop: &dyn Fn() -> bool) -> Option<Burst> {
        let mut paths = BTreeSet::new();
        let mut anything = false;
        let mut began: Option<Instant> = None;
        loop {
            let wait = if began.is_some() { QUIET } else { GLANCE };
            let event = self.events.recv_timeout(wait);
            if stop() {
                return None;
            }
            let quiet = match event {
                Ok(event) => {
                    anything |= !take(event, &mut paths) || paths.len() > PATHS;
                    if anything {
                        paths.clear();
                    }
                    began = began.or((anything || !paths.is_empty()).then(Instant::now));
                    false
                }
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => return None,
            };
            if began.is_some_and(|began| quiet || began.elapsed() >= LONGEST) {
                return Some(if anything { Burst::Anything } else { Burst::Paths(paths) });
            }
        }
    }
}

/// Notes what an event is about; false where that is not known.
fn take(event: notify::Result<Event>, paths: &mut BTreeSet<PathBuf>) -> bool {
    let Ok(event) = event else { return false };
    // That a file was read or closed is no change of it.
    if !matches!(event.kind, EventKind::Access(_)) {
        paths.extend(event.paths.iter().cloned());
    }
    !event.need_rescan()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_names_what_changed_in_new_folders_too() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let watcher = Watcher::new(std::slice::from_ref(&root)).unwrap();
        std::fs::write(root.join("a.txt"), "x").unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let wanted = |burst: &Burst, name: &str| match burst {
            Burst::Paths(paths) => paths.contains(&root.join(name)),
            Burst::Anything => true,
        };
        let burst = watcher.next(&|| Instant::now() > deadline).unwrap();
        assert!(wanted(&burst, "a.txt"), "{burst:?}");
        std::fs::create_dir(root.join("sub")).unwrap();
        let burst = watcher.next(&|| Instant::now() > deadline).unwrap();
        assert!(wanted(&burst, "sub"), "{burst:?}");
        std::fs::write(root.join("sub/b.txt"), "x").unwrap();
        let burst = watcher.next(&|| Instant::now() > deadline).unwrap();
        assert!(wanted(&burst, "sub/b.txt"), "{burst:?}");
        assert_eq!(watcher.next(&|| true), None);
    }

    #[test]
    fn what_the_system_lost_count_of_is_anything() {
        let mut paths = BTreeSet::new();
        let overflow = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        assert!(!take(Ok(overflow), &mut paths));
        assert!(!take(Err(notify::Error::generic("lost")), &mut paths));
        assert!(paths.is_empty());
    }
}
