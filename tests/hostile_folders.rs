//! What lies in a folder and is no file, has no name that can be written, or goes while it is read: none stops a run, each is
//! counted or named, and the good letters beside it are read.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use imr::index::Index;
use imr::ingest::{self, Progress, Report};

mod common;

use common::letter;

fn good(number: u32) -> String {
    letter(&format!("CM99-{number:07}"), &["MRI"])
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let letters = dir.path().join("letters");
    fs::create_dir(&letters).unwrap();
    fs::write(letters.join("good.txt"), good(1)).unwrap();
    (dir, letters)
}

/// Runs `imr index letters`; what it says, and its status. A run that waits for a pipe is killed.
fn indexed(dir: &Path) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
    command.args(["index", "letters"]).env("IMR_INDEX", dir.join("index")).env("NO_COLOR", "1").current_dir(dir);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("it waits");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let done = child.wait_with_output().unwrap();
    (String::from_utf8(done.stderr).unwrap(), done.status.code())
}

#[test]
fn pipes_sockets_and_devices_are_counted_and_not_opened() {
    let (dir, letters) = folder();
    assert!(Command::new("mkfifo").args(["a.txt", "b.zip"].map(|name| letters.join(name))).status().unwrap().success());
    let _socket = UnixListener::bind(letters.join("c.txt")).unwrap();
    symlink("/dev/zero", letters.join("d.txt")).unwrap();
    symlink(letters.join("a.txt"), letters.join("e.pdf")).unwrap();
    let (said, status) = indexed(dir.path());
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.contains("read: 1 new letter,") && said.contains("passed over, no letters by their names: 5 device or pipe"),
        "{said}"
    );
}

#[test]
fn links_that_lead_nowhere_or_back_are_named_once() {
    let (dir, letters) = folder();
    fs::create_dir_all(letters.join("in/deeper")).unwrap();
    symlink("nowhere.txt", letters.join("dangling.txt")).unwrap();
    symlink("circle.txt", letters.join("circle.txt")).unwrap();
    symlink("..", letters.join("in/back")).unwrap();
    symlink("../../in", letters.join("in/deeper/back")).unwrap();
    let (said, status) = indexed(dir.path());
    assert_eq!(status, Some(1), "{said}");
    for (name, why) in [
        ("dangling.txt", "No such file"),
        ("circle.txt", "Too many levels of symbolic links"),
        ("in/back", "a link that leads back into its own folder"),
        ("in/deeper/back", "a link that leads back into its own folder"),
    ] {
        let lines: Vec<_> = said.lines().filter(|line| line.starts_with(&format!("failed: letters/{name}: "))).collect();
        assert!(lines.len() == 1 && lines[0].contains(why), "{name}: {said}");
    }
    assert!(said.contains("read: 1 new letter,") && said.contains(", 4 failed"), "{said}");
}

#[test]
fn odd_names_of_files_are_told_on_one_line_and_read() {
    let (dir, letters) = folder();
    let names: [&[u8]; 6] = [
        b"a\nb.txt",
        b"c\x1b]0;title\x07.txt",
        b"\xff\xfe.txt",
        "\u{202e}fdp.txt".as_bytes(),
        b"-n.txt",
        "\u{9b}31m.txt".as_bytes(),
    ];
    for (name, number) in names.iter().zip(2..) {
        fs::write(letters.join(OsStr::from_bytes(name)), good(number)).unwrap();
    }
    let (said, status) = indexed(dir.path());
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("read: 7 new letters,"), "{said}");
    for name in names {
        fs::write(letters.join(OsStr::from_bytes(name)), "").unwrap();
    }
    let (said, _) = indexed(dir.path());
    assert_eq!(said.lines().filter(|line| line.starts_with("failed: letters/")).count(), 6, "{said}");
    assert!(!said.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{said:?}");
    // What was read before stays until the file can be read again.
    assert!(said.contains("index: 7 letters"), "{said}");
}

#[test]
fn folders_deeper_than_a_path_can_be_long_are_named() {
    let (dir, letters) = folder();
    // A path of that length cannot be given at once.
    let script = "i=0; while [ $i -lt 90 ]; do mkdir dddddddddddddddddddddddddddddddddddddddddddddddddd && \
                  cd -P dddddddddddddddddddddddddddddddddddddddddddddddddd || exit 1; i=$((i+1)); done; echo x >deep.txt";
    let made = Command::new("bash").args(["-c", script]).current_dir(&letters).status().unwrap();
    if !made.success() {
        eprintln!("skipped: this shell makes no folder so deep");
        return;
    }
    let (said, status) = indexed(dir.path());
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("read: 1 new letter,") && said.contains("File name too long"), "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("failed: ")).count(), 1, "{said}");
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    let (dir, letters) = folder();
    for name in ["closed.txt", "closed.zip"] {
        fs::write(letters.join(name), good(2)).unwrap();
        fs::set_permissions(letters.join(name), PermissionsExt::from_mode(0o000)).unwrap();
    }
    if File::open(letters.join("closed.txt")).is_ok() {
        eprintln!("skipped: this user may read every file");
        return;
    }
    let (said, status) = indexed(dir.path());
    assert_eq!(status, Some(1), "{said}");
    assert_eq!(said.matches("Permission denied").count(), 2, "{said}");
}

/// Does something when everything has been found and nothing read.
struct Meanwhile<F: Fn()>(F);

impl<F: Fn()> Progress for Meanwhile<F> {
    fn start(&self, _: u64) {
        (self.0)();
    }
}

#[test]
fn files_that_change_or_go_while_they_are_read_are_told_and_read_by_the_next_run() {
    let (dir, letters) = folder();
    let at = |name: &str| letters.join(name);
    for (name, number) in [("gone.txt", 2), ("folder.txt", 3), ("shorter.txt", 4), ("longer.txt", 5), ("huge.txt", 6)] {
        fs::write(at(name), good(number)).unwrap();
    }
    fs::create_dir(at("in")).unwrap();
    fs::write(at("in/gone.txt"), good(7)).unwrap();
    let run = |meanwhile: &dyn Fn()| -> Report {
        let index = Index::open_or_create(&dir.path().join("index")).unwrap();
        ingest::run(&index, std::slice::from_ref(&letters), &Meanwhile(meanwhile)).unwrap()
    };
    let report = run(&|| {
        fs::remove_file(at("gone.txt")).unwrap();
        fs::remove_dir_all(at("in")).unwrap();
        fs::remove_file(at("folder.txt")).unwrap();
        fs::create_dir(at("folder.txt")).unwrap();
        fs::write(at("shorter.txt"), "").unwrap();
        fs::write(at("longer.txt"), letter("CM99-0000005", &["MRI", "Norco"])).unwrap();
        File::options().write(true).open(at("huge.txt")).unwrap().set_len(1 << 30).unwrap();
    });
    let mut failed: Vec<_> = report.failed.iter().map(|(name, why)| (name.rsplit('/').next().unwrap(), why.as_str())).collect();
    failed.sort();
    let reasons = ["Is a directory", "No such file", "No such file", "more than one letter can have", "the file is empty"];
    assert_eq!(failed.len(), reasons.len(), "{failed:?}");
    for ((name, why), reason) in failed.iter().zip(reasons) {
        assert!(why.contains(reason), "{name}: {why}, not {reason}");
    }
    assert_eq!((report.new, report.decisions), (2, 3), "what is there is read");
    // The index knows those that were read as they were found, so what changed since is read again.
    fs::write(at("shorter.txt"), good(4)).unwrap();
    fs::remove_file(at("huge.txt")).unwrap();
    let report = run(&|| {});
    assert_eq!((report.new, report.replaced, report.unchanged, report.failed.len()), (1, 1, 1, 0));
}
