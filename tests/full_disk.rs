//! A disk that is full: one sentence, the last commit is whole, and with room the same command goes on.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it skips")]

use std::fs;
use std::process::Command;

mod common;

use common::letter;

/// A disk of 2 MiB in a name space of its own, which needs no rights; with a file that takes up room until it is removed.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=2m tmpfs disk || exit 77
"$IMR" --index disk/index index first 2>>said || exit 10
head -c 1M /dev/zero >disk/ballast
"$IMR" --index disk/index index many 2>>said; echo "status $?" >>said
"$IMR" --index disk/index query '*' -n 0 >>said 2>&1
rm disk/ballast
mount -o remount,size=64m disk
"$IMR" --index disk/index index many 2>>said; echo "status $?" >>said
"#;

#[test]
fn a_full_disk_is_told_and_the_next_run_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["disk", "first", "many"] {
        fs::create_dir(dir.path().join(folder)).unwrap();
    }
    fs::write(dir.path().join("first/a.txt"), letter("CM99-0000001", &["MRI"])).unwrap();
    for n in 0..300 {
        // Words that occur once take the most room.
        let items: Vec<_> = (0..20).map(|k| format!("Item x{:x}", (n * 20 + k) * 2_654_435_761_u64)).collect();
        let items: Vec<_> = items.iter().map(String::as_str).collect();
        fs::write(dir.path().join(format!("many/{n}.txt")), letter(&format!("CM98-{n:07}"), &items)).unwrap();
    }
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", SCRIPT]).current_dir(dir.path());
    let done = unshare.env("IMR", env!("CARGO_BIN_EXE_imr")).env("NO_COLOR", "1").output();
    let said = fs::read_to_string(dir.path().join("said")).unwrap_or_default();
    match done.map(|done| done.status.code()) {
        Ok(Some(0)) => {}
        other if said.is_empty() => {
            eprintln!("skipped: no disk can be mounted here ({other:?})");
            return;
        }
        other => panic!("{other:?}: {said}"),
    }
    let full = "error: the disk of the index in disk/index is full; make room and run imr index again: what was committed is kept, \
                and it goes on from there\nstatus 2\n";
    assert!(said.contains(full), "{said}");
    assert!(said.contains("1 decision in 1 letter of 1 decision in 1 letter"), "{said}");
    assert!(said.contains("read: 300 new letters") && said.ends_with("status 0\n"), "{said}");
}
