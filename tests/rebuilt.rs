//! `imr index --rebuild`: the index made anew from the files of its letters, or from what it stores of them; and what becomes of all that
//! lies in its folder.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use imr::index::Index;

mod common;
#[path = "common/place.rs"]
mod place;

use place::Place;

/// Letters in every kind of source, in several segments, some of which were taken out or replaced.
fn index(place: &Place) {
    for n in 1..=6 {
        place.write(&format!("letters/{n}.txt"), &format!("CM99-100000{n}"), &["MRI of the knee", "Massage"]);
    }
    place.write("letters/copy.txt", "CM99-1000001", &["MRI of the knee"]);
    let mut zip = zip::ZipWriter::new(File::create(place.path("letters/box.zip")).unwrap());
    for n in 0..4 {
        zip.start_file(format!("{n}.txt"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(common::letter(&format!("CM97-000000{n}"), &["Norco"]).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let rows = (0..4).map(|n| serde_json::json!({"body": common::letter(&format!("CM98-000000{n}"), &["Massage"])}).to_string());
    fs::write(place.path("rows.jsonl"), rows.collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!(place.imr(&["index", "letters"]).0, Some(0));
    assert_eq!(place.imr(&["index", "rows.jsonl", "--text-field", "body"]).0, Some(0));
    place.write("letters/2.txt", "CM99-1000002", &["MRI of the shoulder", "Massage"]);
    fs::remove_file(place.path("letters/5.txt")).unwrap();
    assert_eq!(place.imr(&["index", "--prune", "letters"]).0, Some(0));
    assert_eq!(place.imr(&["query", "--save", "all", "*"]).0, Some(0));
}

/// What the index holds, in every form in which it is told.
fn all(place: &Place) -> Vec<String> {
    let asked: [&[&str]; 4] = [
        &["query", "*", "--format", "jsonl", "--sort", "oldest"],
        &["query", "*", "--facet", "all", "-n", "0", "--format", "json"],
        &["query", "massage", "--format", "ids"],
        &["saved"],
    ];
    asked.map(|args| place.imr(args).1).to_vec()
}

fn file_that_ends(place: &Place, end: &str) -> PathBuf {
    let mut files: Vec<_> = fs::read_dir(place.path("index")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().find(|path| path.to_string_lossy().ends_with(end)).unwrap()
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn is_whole(place: &Place) {
    let (status, said) = place.imr(&["check"]);
    assert!(status == Some(0) && !said.contains("left over") && !place.path("index/.imr-anew").exists(), "{said}");
}

#[test]
fn from_files_or_from_what_is_stored_it_is_the_same_and_nothing_is_new() {
    let place = Place::new();
    index(&place);
    let before = all(&place);
    assert!(before[0].lines().count() > 15 && before[3].contains("@all"), "{before:?}");

    // The table was read with another field, so its letters come from the index.
    let (status, said) = place.imr(&["index", "--rebuild"]);
    assert!(status == Some(0) && said.contains("9 new letters, 0 replaced, 0 unchanged, 4 restored from the index"), "{said}");
    assert_eq!(all(&place), before);
    is_whole(&place);
    let (status, said) = place.imr(&["query", "@all", "--new"]);
    assert!(status == Some(1) && !said.contains("made anew"), "{said}");

    // What is known is not read again, and what has come is.
    place.write("letters/7.txt", "CM99-1000007", &["Massage"]);
    let (_, said) = place.imr(&["index", "letters"]);
    assert!(said.contains("1 new letter, 0 replaced, 10 unchanged"), "{said}");
    assert!(place.imr(&["query", "@all", "--new", "--format", "ids"]).1.starts_with("CM99-1000007#1"));

    let before = all(&place);
    fs::remove_dir_all(place.path("letters")).unwrap();
    fs::remove_file(place.path("rows.jsonl")).unwrap();
    let (status, said) = place.imr(&["index", "--rebuild"]);
    assert!(status == Some(0) && said.contains("14 restored from the index"), "{said}");
    assert_eq!(all(&place), before);
    is_whole(&place);
}

#[test]
fn what_the_files_say_now_is_what_counts() {
    let place = Place::new();
    index(&place);
    place.write("letters/3.txt", "CM99-1000003", &["Acupuncture"]);
    fs::rename(place.path("letters/4.txt"), place.path("letters/moved.txt")).unwrap();
    fs::write(place.path("letters/6.txt"), "").unwrap();
    let mut zip = zip::ZipWriter::new(File::create(place.path("letters/box.zip")).unwrap());
    zip.start_file("0.txt", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(common::letter("CM97-0000000", &["Norco"]).as_bytes()).unwrap();
    zip.finish().unwrap();
    let (status, said) = place.imr(&["index", "--rebuild", "letters"]);
    // Of the file that is empty now the earlier reading is kept, as in any run.
    assert!(status == Some(1) && said.contains("failed: letters/6.txt: the file is empty"), "{said}");
    let (_, said) = place.imr(&["query", "*", "--format", "jsonl"]);
    let sources: std::collections::BTreeSet<_> = said
        .lines()
        .map(|hit| serde_json::from_str::<serde_json::Value>(hit).unwrap()["source"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "letters/1.txt",
        "letters/2.txt",
        "letters/3.txt",
        "letters/6.txt",
        "letters/box.zip!0.txt",
        "letters/moved.txt",
        "rows.jsonl!1",
        "rows.jsonl!2",
        "rows.jsonl!3",
        "rows.jsonl!4",
    ];
    assert_eq!(sources.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    assert!(place.ids().contains(&"CM99-1000003#1".to_owned()) && !place.ids().contains(&"CM99-1000003#2".to_owned()));
    is_whole(&place);
}

/// What was changed of an index, and how far into the file.
const DAMAGE: [(&str, &[usize]); 9] = [
    (".term", &[50]),
    (".idx", &[50]),
    (".pos", &[97]),
    (".fieldnorm", &[3]),
    (".fast", &[3, 50, 97]),
    (".del", &[50]),
    (".store", &[3, 50, 97]),
    ("meta.json", &[50]),
    ("meta.json.copy", &[50]),
];

#[test]
fn of_a_damaged_index_nothing_is_lost_that_either_has() {
    let place = Place::new();
    index(&place);
    let (before, ids) = (all(&place), place.ids());
    copy(&place.path("index"), &place.path("whole"));
    for sources in [true, false] {
        if !sources {
            fs::remove_dir_all(place.path("letters")).unwrap();
            fs::remove_file(place.path("rows.jsonl")).unwrap();
        }
        for (end, part) in DAMAGE.iter().flat_map(|(end, parts)| parts.iter().map(move |part| (*end, *part))) {
            fs::remove_dir_all(place.path("index")).unwrap();
            copy(&place.path("whole"), &place.path("index"));
            let path = file_that_ends(&place, end);
            flip(&path, fs::metadata(&path).unwrap().len() as usize * part / 100);
            assert_eq!(place.imr(&["check"]).0, Some(1), "{end}");
            let (status, said) = place.imr(&["index", "--rebuild"]);
            assert!(matches!(status, Some(0 | 1)), "{end} {part}: {said}");
            is_whole(&place);
            let now = place.ids();
            let missing: Vec<_> = ids.iter().filter(|id| !now.contains(id)).collect();
            match (sources, end) {
                // The letters of the damaged store are named where they could not be had otherwise.
                (false, ".store") => assert!(missing.is_empty() || said.contains("failed: "), "{part}: {missing:?} {said}"),
                // The table's letters are read with another field than this run's.
                (true, ".store") => assert!(missing.iter().all(|id| id.starts_with("CM98")), "{part}: {missing:?} {said}"),
                (_, ".fast" | ".del") => assert!(missing.is_empty(), "{end} {part}: {missing:?} {said}"),
                _ => assert_eq!(all(&place), before, "{end} {part}: {said}"),
            }
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

/// It was written by the last version that wrote format 4, of letters in a folder that is no longer there.
#[test]
fn an_index_of_an_older_format_is_made_anew_from_what_it_stores() {
    let place = Place::new();
    copy(Path::new("tests/fixtures/index_of_format_4"), &place.path("index"));
    for args in [&["query", "therapy"][..], &["index", "letters"], &["check"], &["stats"]] {
        let (status, said) = place.imr(args);
        assert!(status == Some(2) && said.contains("has format 4, this imr reads format"), "{args:?}: {said}");
        assert!(said.contains("imr index --rebuild makes it anew and keeps the saved queries"), "{args:?}: {said}");
    }
    let (status, said) = place.imr(&["index", "--rebuild"]);
    assert!(status == Some(0) && said.contains("3 restored from the index"), "{said}");
    is_whole(&place);
    assert!(!place.path("index/.managed.json").exists());
    assert_eq!(place.ids().len(), 7);
    let shown = |place: &Place| place.imr(&["show", "CM99-0000001", "--format", "json"]).1;
    let now: serde_json::Value = serde_json::from_str(&shown(&place)).unwrap();
    assert_eq!(now["source"], "letters/CM99-0000001.txt");
    // The letters are there again: what was read of them then is what is read now.
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let read = Place::new();
    for name in ["CM99-0000001.txt", "CM99-0000003.pdf", "CM99-0000004.txt"] {
        fs::copy(data.join(name), read.path("letters").join(name)).unwrap();
    }
    read.imr(&["index", "letters"]);
    assert_eq!(shown(&read), shown(&place));
}

/// Killed whenever, it is of the older format, whole, or of this one, whole.
#[test]
fn bringing_an_index_up_to_date_can_be_killed() {
    let place = Place::new();
    let (mut olds, mut news) = (0, 0);
    for wait in (0..60).step_by(4) {
        if news == 0 || wait % 8 == 0 {
            let _ = fs::remove_dir_all(place.path("index"));
            copy(Path::new("tests/fixtures/index_of_format_4"), &place.path("index"));
        }
        let mut child = place.command(&["index", "--rebuild"]).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        let (status, said) = place.imr(&["query", "*", "--format", "ids"]);
        match status {
            Some(0) => {
                assert_eq!(place.ids().len(), 7, "{wait}: {said}");
                assert_eq!(place.imr(&["check"]).0, Some(0), "{wait}");
                news += 1;
            }
            _ => {
                assert!(status == Some(2) && said.contains("has format 4"), "{wait}: {said}");
                olds += 1;
            }
        }
    }
    assert!(olds > 0, "{olds} {news}");
    assert_eq!(place.imr(&["index", "--rebuild"]).0, Some(0));
    assert_eq!(place.ids().len(), 7);
    is_whole(&place);
}

#[test]
fn an_index_without_its_list_is_made_of_the_paths_that_are_given() {
    let place = Place::new();
    index(&place);
    let ids = place.ids();
    for list in ["index/meta.json", "index/meta.json.copy"] {
        fs::write(place.path(list), "{").unwrap();
    }
    let (status, said) = place.imr(&["query", "massage"]);
    assert!(status == Some(2) && said.contains("meta.json is cut off or has been changed"), "{said}");
    let (status, said) = place.imr(&["index", "--rebuild", "letters"]);
    assert!(status == Some(1) && said.contains("failed: meta.json: ") && said.contains("9 new letters"), "{said}");
    let expected: Vec<_> = ids.into_iter().filter(|id| !id.starts_with("CM98")).collect();
    assert_eq!(place.ids(), expected);
    is_whole(&place);
    assert!(place.imr(&["saved"]).1.contains("@all"));
}

#[test]
fn who_has_the_old_one_open_keeps_it_and_then_sees_the_new() {
    let place = Place::new();
    index(&place);
    let index = Index::open(&place.path("index")).unwrap();
    let old = index.view().unwrap();
    let size = index.size(&old).unwrap();
    place.write("letters/7.txt", "CM99-1000007", &["Massage"]);
    assert_eq!(place.imr(&["index", "--rebuild", "letters"]).0, Some(0));
    assert_eq!(index.size(&old).unwrap(), size);
    assert_eq!(index.size(&index.view().unwrap()).unwrap().letters, size.letters + 1);
}

#[test]
fn it_takes_an_index_to_make_one_anew_and_no_newer_one() {
    let place = Place::new();
    let (status, said) = place.imr(&["index", "--rebuild", "letters"]);
    assert!(status == Some(2) && said.contains("no index in index; make one with"), "{said}");
    index(&place);
    let list = fs::read_to_string(place.path("index/meta.json")).unwrap();
    let (old, _) = list.split_once(",\n  \"files\"").unwrap();
    let now = format!("\"payload\": \"{} ", imr::index::schema::FORMAT);
    fs::write(place.path("index/meta.json"), old.replace(&now, "\"payload\": \"1000 ") + "\n}\n").unwrap();
    fs::remove_file(place.path("index/meta.json.copy")).unwrap();
    let (status, said) = place.imr(&["index", "--rebuild"]);
    assert!(status == Some(2) && said.contains("a newer imr wrote it, which reads it, too"), "{said}");
}
