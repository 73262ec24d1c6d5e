//! One writer and many readers: who comes second is told who the first is, or waits; who reads sees a commit, whatever is written,
//! merged and deleted meanwhile; and who can only read, reads.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use imr::index::{Index, Stamp, Writer};
use imr::record::{Decision, Letter};

mod common;
#[path = "common/place.rs"]
mod place;

use place::Place;

#[test]
fn who_comes_second_is_told_who_writes_or_waits() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    let index = Index::open_or_create(&place.path("index")).unwrap();
    let writer = Writer::open(&index).unwrap();
    let me = format!("error: another imr is writing the index in index (process {}, since 2", std::process::id());

    let (status, said) = place.imr(&["index", "letters"]);
    assert!(status == Some(2) && said.starts_with(&me) && said.contains("wait for it with imr index --wait"), "{said}");
    let began = Instant::now();
    let (status, said) = place.imr(&["index", "--wait=2", "letters"]);
    assert!(status == Some(2) && began.elapsed() >= Duration::from_secs(2) && said.contains(&me[7..]), "{said}");
    assert_eq!(place.imr(&["index", "--rebuild", "letters"]).0, Some(2));
    assert_eq!(place.imr(&["query", "mri"]).0, Some(1), "who reads is in nobody's way");

    let waiting = place.command(&["index", "--wait", "letters"]).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    drop(writer);
    let done = waiting.wait_with_output().unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success() && said.contains("; waiting for its end\n") && said.contains("1 new letter"), "{said}");
}

#[test]
fn of_many_that_make_an_index_at_once_none_is_lost() {
    let place = Place::new();
    for run in 0..6 {
        (0..5).for_each(|n| place.write(&format!("letters/{run}/{n}.txt"), &format!("CM99-000{run}00{n}"), &["MRI"]));
    }
    let runs: Vec<_> = (0..6)
        .map(|run| {
            let mut command = place.command(&["index", "--wait", &format!("letters/{run}")]);
            command.stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert_eq!(place.ids().len(), 30);
    assert_eq!(place.imr(&["check"]).0, Some(0));
}

/// A letter with two decisions.
fn letter(number: u64, version: u64) -> Letter {
    let decision = |number| Decision { number, item: format!("Item of {version}"), ..Decision::default() };
    Letter {
        case_number: Some(format!("CM99-{number:07}")),
        decisions: vec![decision(1), decision(2)],
        ..Letter::unread(format!("{number}.txt"))
    }
}

#[test]
fn who_reads_sees_a_commit_while_segments_come_and_go() {
    const LETTERS: u64 = 40;
    const COMMITS: u64 = 40;
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(dir.path()).unwrap();
    let (done, looks) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    // As a program that has just been started.
                    let index = Index::open(dir.path()).unwrap();
                    let size = index.size(&index.searcher().unwrap()).unwrap();
                    assert!(size.decisions == 2 * size.letters && (size.letters == 0 || size.letters == LETTERS), "{size:?}");
                    looks.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // A server has it open all the time.
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let size = index.size(&index.view().unwrap()).unwrap();
                assert!(size.decisions == 2 * size.letters, "{size:?}");
            }
        });
        // Each commit replaces every letter, so that no segment outlives the next, and all are merged by and by.
        let mut writer = Writer::open(&index).unwrap();
        for version in 0..COMMITS {
            for number in 0..LETTERS {
                let documents = writer.maker().documents(&letter(number, version)).unwrap();
                let stamp = Stamp { size: version, changed: 0, options: 0 };
                writer.add(&format!("/{number}.txt"), stamp, documents).unwrap();
            }
            writer.commit().unwrap();
        }
        writer.close().unwrap();
        done.store(true, Ordering::Relaxed);
    });
    assert!(looks.load(Ordering::Relaxed) > COMMITS, "{looks:?}");
    assert!(imr::index::check::check(dir.path()).unwrap().is_whole());
}

/// The index on a disk that cannot be written, in a name space of its own, which needs no rights. Without lock files, and with them while
/// somebody writes who can.
const SCRIPT: &str = r#"
mkdir only; mount --bind index only && mount -o remount,bind,ro only || exit 77
touch only/x 2>/dev/null && exit 77
asked() {
  "$IMR" --index only query massage --facet all >/dev/null || exit 11
  "$IMR" --index only query @all -n 0 >/dev/null || exit 12
  "$IMR" --index only show CM99-1000001 >/dev/null || exit 13
  "$IMR" --index only stats >/dev/null || exit 14
  "$IMR" --index only check >/dev/null || exit 15
  "$IMR" --index only similar 'CM99-1000001#1' -n 1 >/dev/null 2>&1; [ $? -le 1 ] || exit 16
  "$IMR" --index only saved >/dev/null || exit 17
}
rm -f index/.*.lock; asked
"$IMR" --index only index letters 2>>said; echo "status $?" >>said
"$IMR" --index only index --rebuild 2>>said; echo "status $?" >>said
"$IMR" --index only query --save more massage -n 0 >/dev/null 2>>said; echo "status $?" >>said
"$IMR" --index none/deep index letters 2>/dev/null || exit 18
(for n in 1 2 3 4 5 6; do "$IMR" --index index index --rebuild letters 2>/dev/null || exit 1; done) & writer=$!
while kill -0 $writer 2>/dev/null; do asked; done
wait $writer || exit 19
"#;

#[cfg(target_os = "linux")]
#[test]
fn where_nothing_can_be_written_everything_can_be_read() {
    let place = Place::new();
    (1..5).for_each(|n| place.write(&format!("letters/{n}.txt"), &format!("CM99-100000{n}"), &["Massage", "MRI"]));
    assert_eq!(place.imr(&["index", "letters"]).0, Some(0));
    assert_eq!(place.imr(&["query", "--save", "all", "massage"]).0, Some(0));
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", SCRIPT]).current_dir(place.path(""));
    let done = unshare.env("IMR", env!("CARGO_BIN_EXE_imr")).env("NO_COLOR", "1").output();
    let said = fs::read_to_string(place.path("said")).unwrap_or_default();
    match done.map(|done| (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())) {
        Ok((Some(0), _)) => {}
        other @ (Err(_) | Ok((Some(1 | 77 | 127), _))) if said.is_empty() => {
            eprintln!("skipped: nothing can be mounted here ({other:?})");
            return;
        }
        other => panic!("{other:?}: {said}"),
    }
    let refused =
        "error: the folder only cannot be written, so that nothing can be added to the index in it; make it writable\nstatus 2\n";
    assert!(said.starts_with(&refused.repeat(2)), "{said}");
    assert!(said.contains("Read-only file system") && said.ends_with("status 2\n"), "{said}");
}
