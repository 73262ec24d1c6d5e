//! `--prune`: what is gone goes, and what may come back stays. And what a run that is interrupted leaves.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

mod common;
#[path = "common/place.rs"]
mod place;

use common::letter;
use place::Place;

/// As long as anything may take on a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn a_file_that_is_gone_is_taken_out_and_a_folder_that_is_gone_is_not() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    place.write("letters/b.txt", "CM99-1000002", &["MRI"]);
    place.write("letters/2016/c.txt", "CM99-1000003", &["MRI"]);
    place.write("other/d.txt", "CM99-1000004", &["MRI"]);
    place.write("letters.old/e.txt", "CM99-1000005", &["MRI"]);
    place.imr(&["index", "letters", "other", "letters.old"]);
    for gone in ["letters/a.txt", "letters/2016/c.txt", "other/d.txt", "letters.old/e.txt"] {
        fs::remove_file(place.path(gone)).unwrap();
    }
    fs::remove_dir(place.path("letters/2016")).unwrap();
    assert_eq!(place.ids().len(), 5);
    assert_eq!(place.imr(&["index", "letters"]).0, Some(0));
    assert_eq!(place.ids().len(), 5, "nothing goes unasked");

    let (status, said) = place.imr(&["index", "--prune", "letters"]);
    let folder =
        place.path("letters/2016").canonicalize().unwrap_or_else(|_| place.path("letters").canonicalize().unwrap().join("2016"));
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("taken out: 1 letter of files that are gone: letters/a.txt\n"), "{said}");
    let kept = format!("kept: 1 letter of {}, which is gone or empty", folder.display());
    assert!(said.contains(&kept), "{said}");
    assert_eq!(place.ids(), ["CM99-1000002#1", "CM99-1000003#1", "CM99-1000004#1", "CM99-1000005#1"]);

    let (_, said) = place.imr(&["index", "--prune=folders", "letters"]);
    assert!(said.contains("taken out: 1 letter of files that are gone: letters/2016/c.txt\n"), "{said}");
    // What lies elsewhere is not looked at, be its folder's name as it may.
    assert_eq!(place.ids(), ["CM99-1000002#1", "CM99-1000004#1", "CM99-1000005#1"]);
    // A path that is gone itself may be named.
    fs::remove_dir(place.path("other")).unwrap();
    let (_, said) = place.imr(&["index", "--prune", "other"]);
    assert!(said.contains("kept: 1 letter of "), "{said}");
    place.imr(&["index", "--prune=folders", "other"]);
    assert_eq!(place.ids(), ["CM99-1000002#1", "CM99-1000005#1"]);
}

#[test]
fn a_copy_takes_the_place_of_what_is_pruned_and_an_archive_goes_with_its_members() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI", "Norco"]);
    place.write("letters/b.txt", "CM99-1000001", &["MRI"]);
    let mut zip = zip::ZipWriter::new(fs::File::create(place.path("letters/z.zip")).unwrap());
    for (name, case) in [("1.txt", "CM99-1000002"), ("2.txt", "CM99-1000003")] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(letter(case, &["MRI"]).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    place.imr(&["index", "letters"]);
    assert_eq!(place.ids().len(), 4);
    fs::remove_file(place.path("letters/a.txt")).unwrap();
    fs::remove_file(place.path("letters/z.zip")).unwrap();
    let (_, said) = place.imr(&["index", "--prune", "letters"]);
    assert!(said.contains("taken out: 3 letters of files that are gone: letters/a.txt, letters/z.zip\n"), "{said}");
    assert_eq!(place.ids(), ["CM99-1000001#1"]);
    assert!(place.imr(&["show", "CM99-1000001"]).1.contains("letters/b.txt"));
    let (_, said) = place.imr(&["index", "--prune", "letters"]);
    assert!(said.contains("1 unchanged") && !said.contains("taken out"), "{said}");
}

#[test]
fn paths_that_overlap_or_are_gone_are_pruned_once() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    place.write("letters/x/b.txt", "CM99-1000002", &["MRI"]);
    place.write("letters/x/c.txt", "CM99-1000003", &["MRI"]);
    place.write("it's old/d.txt", "CM99-1000004", &["MRI"]);
    let rows = ["CM99-1000005", "CM99-1000006"].map(|case| serde_json::json!({"text": letter(case, &["MRI"])}).to_string());
    fs::write(place.path("rows.jsonl"), rows.join("\n")).unwrap();
    place.imr(&["index", "letters", "it's old", "rows.jsonl"]);
    fs::remove_file(place.path("letters/x/b.txt")).unwrap();
    let (_, said) = place.imr(&["index", "--prune", "letters", "letters/x"]);
    assert!(said.contains("taken out: 1 letter of files that are gone: letters/x/b.txt\n"), "{said}");
    fs::remove_file(place.path("rows.jsonl")).unwrap();
    let (status, said) = place.imr(&["index", "--prune", "./rows.jsonl"]);
    assert!(said.contains("taken out: 2 letters of files that are gone: ./rows.jsonl\n"), "{said}");
    assert!(status == Some(0) && !said.contains("failed:"), "{said}");
    // What the report says to type is what takes them out.
    fs::remove_dir_all(place.path("it's old")).unwrap();
    let (status, said) = place.imr(&["index", "--prune", "it's old"]);
    let folder = place.path("").canonicalize().unwrap().join("it's old");
    let typed = format!("imr index --prune=folders '{}' takes", folder.display().to_string().replace('\'', r"'\''"));
    assert!(status == Some(1) && said.contains(&typed), "{said}");
    let (status, said) = place.imr(&["index", "--prune=folders", folder.to_str().unwrap(), "letters/none"]);
    assert!(status == Some(1) && said.contains("taken out: 1 letter") && said.contains("failed: letters/none: "), "{said}");
    assert!(!said.contains("failed: /"), "{said}");
    assert_eq!(place.ids(), ["CM99-1000001#1", "CM99-1000003#1"]);
}

#[cfg(unix)]
#[test]
fn what_lies_behind_a_link_or_has_a_name_that_is_no_text_is_pruned() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    place.write("there/b.txt", "CM99-1000002", &["MRI"]);
    place.write("there/c.txt", "CM99-1000003", &["MRI"]);
    std::os::unix::fs::symlink("../there", place.path("letters/link")).unwrap();
    let odd = place.path("letters").join(std::ffi::OsStr::from_bytes(b"\xe9.txt"));
    fs::write(&odd, letter("CM99-1000004", &["MRI"])).unwrap();
    let copy = place.path("letters").join(std::ffi::OsStr::from_bytes(b"\xff.txt"));
    fs::write(&copy, letter("CM99-1000001", &["MRI"])).unwrap();
    place.imr(&["index", "letters"]);
    assert_eq!(place.ids().len(), 4);
    fs::remove_file(place.path("there/b.txt")).unwrap();
    let (_, said) = place.imr(&["index", "--prune", "letters/link"]);
    assert!(said.contains("taken out: 1 letter of files that are gone: letters/link/b.txt\n"), "{said}");
    // The copy, whose name is no text either, is read in place of the file that is gone.
    fs::remove_file(odd).unwrap();
    fs::remove_file(place.path("letters/a.txt")).unwrap();
    let (_, said) = place.imr(&["index", "--prune", "letters"]);
    assert!(said.contains("taken out: 2 letters"), "{said}");
    assert_eq!(place.ids(), ["CM99-1000001#1", "CM99-1000003#1"]);
}
#[test]
fn an_interrupted_run_has_committed_what_it_has_read_and_the_next_goes_on() {
    let place = Place::new();
    let rows = (0..5000).map(|n| serde_json::json!({"text": letter(&format!("CM99-{n:07}"), &["MRI"])}).to_string() + "\n");
    fs::write(place.path("rows.jsonl"), rows.collect::<String>()).unwrap();
    let mut child = place.command(&["index", "rows.jsonl"]).stderr(Stdio::piped()).spawn().unwrap();
    // It has begun when it has taken the index for itself.
    let deadline = Instant::now() + PATIENCE;
    while !place.path("index/.tantivy-writer.lock").exists() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(child.wait().unwrap().code() == Some(1) && said.contains("stopped before the end"), "{said}");
    let (status, said) = place.imr(&["index", "rows.jsonl"]);
    assert!(status == Some(0) && said.contains("index: 5,000 letters, 5,000 decisions"), "{said}");
}

#[test]
fn timings_are_told_when_asked_for() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    let (_, said) = place.imr(&["index", "--timings", "letters"]);
    for part in ["find files", "text to record", "commit", "in all"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!place.imr(&["index", "letters"]).1.contains("in all"));
}
