//! Folders that change: which files in them have, told in bursts.
//!
//! A file that is being written, or a folder that is being filled, changes many times at once. A burst is told when nothing has
//! changed for a moment, or after a while in any case. What is told are paths, and what lies there is for the reader to see: by
//! then it may have changed once more. Where the system could not keep count, or what is watched has gone, come or been replaced,
//! it is watched anew, and the burst says that all is to be looked at again.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::error::{Error, Result};

mod places;

use places::Places;

/// Nothing has changed for so long: the burst is over.
const QUIET: Duration = Duration::from_millis(500);
/// So long a burst is at most.
const LONGEST: Duration = Duration::from_secs(5);
/// How often the watcher looks whether it is to end.
const GLANCE: Duration = Duration::from_millis(100);
/// How often it looks whether the folders are still those that it watches.
const LOOK: Duration = Duration::from_secs(1);
/// Paths of a burst; where more have changed, all is looked at again.
const PATHS: usize = 10_000;

/// Watches files and folders with all that is in them.
pub struct Watcher {
    named: Vec<PathBuf>,
    places: Places,
    /// When the places were looked at last.
    looked: Instant,
    /// It ends when this is dropped.
    engine: RecommendedWatcher,
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

/// What is known of a burst that is under way.
#[derive(Debug, Default)]
struct Gathered {
    paths: BTreeSet<PathBuf>,
    /// There are more than that.
    anything: bool,
    /// What is watched is no longer what is to be watched.
    stale: bool,
}

impl Watcher {
    /// Watches `paths`, beginning now. One that is not there is watched when it comes.
    ///
    /// # Errors
    /// [`Error::Watch`] where the system refuses.
    pub fn new(paths: &[PathBuf]) -> Result<Self> {
        let (sender, events) = channel();
        // That a file was read or closed is no change of it. A run reads millions, so that is not even kept.
        let tell = move |event: notify::Result<Event>| {
            if !matches!(&event, Ok(event) if matches!(event.kind, EventKind::Access(_))) {
                // Nobody may be listening any more.
                let _ = sender.send(event);
            }
        };
        let engine = notify::recommended_watcher(tell).map_err(refused)?;
        let (places, looked) = (Places::default(), Instant::now());
        let mut watcher = Watcher { named: paths.to_vec(), places, looked, engine, events };
        watcher.anew()?;
        Ok(watcher)
    }

    /// Watches what has the names now.
    fn anew(&mut self) -> Result<()> {
        for (folder, _) in self.places.watched() {
            // What is gone is no longer watched anyway.
            let _ = self.engine.unwatch(folder);
        }
        self.places = Places::find(&self.named);
        for (folder, whole) in self.places.watched() {
            let mode = if whole { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            match self.engine.watch(folder, mode) {
                // It has gone this very moment, which the next look at the places finds.
                Err(_) if !folder.exists() => {}
                outcome => outcome.map_err(refused)?,
            }
        }
        Ok(())
    }

    /// Waits for the next burst; `None` when it is to `stop`.
    ///
    /// # Errors
    /// [`Error::Watch`] where the system refuses to go on.
    pub fn next(&mut self, stop: &dyn Fn() -> bool) -> Result<Option<Burst>> {
        let mut gathered = Gathered::default();
        let mut began: Option<Instant> = None;
        loop {
            let wait = if began.is_some() { QUIET } else { GLANCE };
            let event = self.events.recv_timeout(wait);
            if stop() {
                return Ok(None);
            }
            let quiet = match event {
                Ok(event) => {
                    gathered.take(event, &self.places);
                    false
                }
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => return Err(Error::Watch("it has ceased to tell of changes".into())),
            };
            if self.looked.elapsed() >= LOOK {
                gathered.stale |= !self.places.are_as_they_were();
                self.looked = Instant::now();
            }
            if began.is_some_and(|began| quiet || began.elapsed() >= LONGEST) {
                return self.told(gathered).map(Some);
            }
            began = began.or((!gathered.is_empty()).then(Instant::now));
        }
    }

    fn told(&mut self, gathered: Gathered) -> Result<Burst> {
        // What lies behind a link to a folder is not watched by itself when the link comes.
        let is_link_to_folder = |path: &PathBuf| path.is_symlink() && path.is_dir();
        if gathered.stale || gathered.paths.iter().any(is_link_to_folder) {
            self.anew()?;
            return Ok(Burst::Anything);
        }
        Ok(if gathered.anything { Burst::Anything } else { Burst::Paths(gathered.paths) })
    }
}

fn refused(error: notify::Error) -> Error {
    Error::Watch(error.to_string())
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.anything && !self.stale
    }

    /// Notes what an event is about.
    fn take(&mut self, event: notify::Result<Event>, places: &Places) {
        let Ok(event) = event else {
            self.stale = true;
            return;
        };
        let moves = matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_))
            || matches!(event.kind, EventKind::Modify(notify::event::ModifyKind::Name(_)));
        // Of folders that came while it was not counted nothing would be told.
        self.stale |= event.need_rescan() || moves && event.paths.iter().any(|path| places.hang_on(path));
        if !self.anything {
            self.paths.extend(event.paths.into_iter().filter(|path| places.hold(path)));
        }
        if self.paths.len() > PATHS {
            self.anything = true;
            self.paths.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits for a burst that tells of the path. Whatever else the system tells first does not count.
    fn tells(watcher: &mut Watcher, path: &std::path::Path) {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            match watcher.next(&|| Instant::now() > deadline).unwrap() {
                Some(Burst::Paths(paths)) if !paths.contains(path) => {}
                Some(_) => return,
                None => panic!("nothing was told of {}", path.display()),
            }
        }
    }

    #[test]
    fn a_burst_names_what_changed_in_new_folders_too() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let mut watcher = Watcher::new(std::slice::from_ref(&root)).unwrap();
        std::fs::write(root.join("a.txt"), "x").unwrap();
        tells(&mut watcher, &root.join("a.txt"));
        std::fs::create_dir(root.join("sub")).unwrap();
        tells(&mut watcher, &root.join("sub"));
        std::fs::write(root.join("sub/b.txt"), "x").unwrap();
        tells(&mut watcher, &root.join("sub/b.txt"));
        assert_eq!(watcher.next(&|| true).unwrap(), None);
    }

    #[test]
    fn what_the_system_lost_count_of_is_watched_anew() {
        let mut gathered = Gathered::default();
        gathered.take(Ok(Event::new(EventKind::Other)), &Places::default());
        assert!(gathered.is_empty());
        gathered.take(Ok(Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan)), &Places::default());
        assert!(gathered.stale);
        let mut gathered = Gathered::default();
        gathered.take(Err(notify::Error::generic("lost")), &Places::default());
        assert!(gathered.stale);
    }

    #[test]
    fn what_lies_beside_a_file_that_was_named_is_not_told() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::write(root.join("one.txt"), "x").unwrap();
        let places = Places::find(&[root.join("one.txt")]);
        let mut gathered = Gathered::default();
        let kind = EventKind::Create(notify::event::CreateKind::File);
        gathered.take(Ok(Event::new(kind).add_path(root.join("two.txt"))), &places);
        assert!(gathered.is_empty());
        gathered.take(Ok(Event::new(kind).add_path(root.join("one.txt"))), &places);
        assert!(gathered.paths.contains(&root.join("one.txt")) && !gathered.stale);
    }
}
