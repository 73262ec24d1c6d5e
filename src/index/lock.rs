//! The locks of an index: one writer at a time, and no file deleted while a reader opens it.
//!
//! Both are locks of the system on an open file (`flock`), which end with the process that holds them, however it ends: a lock file
//! that is left behind locks nothing. Who holds the writer's lock writes into it who it is, for the one that comes second.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The engine's names.
const WRITER: &str = ".tantivy-writer.lock";
const READERS: &str = ".tantivy-meta.lock";
/// How often and how long a writer waits for the one before it.
const TRIES: u32 = 20;
/// How long it waits before it tries again.
pub const PAUSE: Duration = Duration::from_millis(50);

/// Who writes an index.
#[derive(Debug, Serialize, Deserialize)]
pub struct Holder {
    process: u32,
    since: Timestamp,
    #[serde(default)]
    host: Option<String>,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let since = self.since.to_zoned(jiff::tz::TimeZone::system());
        write!(f, "process {}", self.process)?;
        if let Some(host) = self.host.as_ref().filter(|there| Some(*there) != host().as_ref()) {
            write!(f, " on {host}")?;
        }
        write!(f, ", since {}", since.strftime("%Y-%m-%d %H:%M:%S"))
    }
}

/// Takes the writer's lock of the index in a folder; `None` where another has it. Whoever drops the file lets go of it.
pub fn writer(folder: &Path) -> io::Result<Option<File>> {
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(folder.join(WRITER))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => return Ok(None),
        Err(std::fs::TryLockError::Error(e)) => return Err(e),
    }
    let me = Holder { process: std::process::id(), since: now(), host: host() };
    // On a full disk nobody can say who he is, and may still write what makes room.
    let _ = sign(&mut file, &me);
    Ok(Some(file))
}

fn sign(file: &mut File, me: &Holder) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(serde_json::to_string(me)?.as_bytes())
}

/// Who has the writer's lock, as far as is known.
pub fn holder(folder: &Path) -> Option<Holder> {
    let mut text = String::new();
    File::open(folder.join(WRITER)).ok()?.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// Takes the writer's lock without opening the index; `None` where another has it.
pub fn hold(path: &Path) -> Result<Option<File>> {
    writer(path).map_err(|e| refused(path, e))
}

/// Says who writes the index.
pub fn busy(path: &Path) -> Error {
    let by = holder(path).map(|holder| format!(" ({holder})")).unwrap_or_default();
    Error::IndexBusy { path: path.to_owned(), by }
}

/// What is told where a lock cannot be had.
pub fn refused(path: &Path, e: io::Error) -> Error {
    match e.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Error::IndexReadOnly(path.to_owned()),
        _ => Error::io(path, e),
    }
}

/// The pauses in which a run that has just ended may let go of the lock.
#[derive(Default)]
pub struct Pauses(u32);

impl Pauses {
    /// Takes one, if there is one left.
    pub fn take(&mut self) -> bool {
        let has = self.0 < TRIES;
        if has {
            self.0 += 1;
            std::thread::sleep(PAUSE);
        }
        has
    }
}

/// Takes the lock under which files are opened or chosen to be deleted, once it is free. Where nothing can be written there may be
/// none; then what is opened may vanish meanwhile.
pub fn readers(folder: &Path) -> io::Result<Option<File>> {
    let path = folder.join(READERS);
    let file = match File::options().write(true).create(true).truncate(false).open(&path) {
        Err(e) if matches!(e.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => match File::open(&path) {
            Ok(file) => file,
            Err(_) => return Ok(None),
        },
        other => other?,
    };
    match file.lock() {
        Err(e) if e.kind() == ErrorKind::Interrupted => Err(e),
        // Some network file systems lock nothing, or only what is open for writing.
        locked => Ok(locked.is_ok().then_some(file)),
    }
}

fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// The name of this machine, where the system tells it in a file.
fn host() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_the_first_is_and_what_is_left_behind_locks_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let first = writer(dir.path()).unwrap();
        assert!(first.is_some() && writer(dir.path()).unwrap().is_none());
        let said = holder(dir.path()).unwrap().to_string();
        assert!(said.starts_with(&format!("process {}, since 2", std::process::id())), "{said}");
        drop(first);
        assert!(dir.path().join(WRITER).exists() && writer(dir.path()).unwrap().is_some());
        std::fs::write(dir.path().join(WRITER), "something else").unwrap();
        assert!(holder(dir.path()).is_none() && writer(dir.path()).unwrap().is_some());
    }
}
