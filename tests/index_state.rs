//! What the program says of an index with nothing in it, and of one that is damaged.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

/// Runs imr on an index; the exit status, and all that it says.
fn imr(index: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
    let done = command.args(args).env("IMR_INDEX", index).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr))
}

#[test]
fn an_empty_folder_is_told_and_fails_only_where_the_index_has_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (index, inbox) = (dir.path().join("index"), dir.path().join("inbox"));
    std::fs::create_dir(&inbox).unwrap();
    let inbox = inbox.to_str().unwrap();

    let (status, said) = imr(&index, &["index", inbox]);
    assert!(status == Some(1) && said.contains(&format!("no letters found in {inbox}")), "{said}");
    for format in ["text", "json", "ids", "jsonl"] {
        let (status, said) = imr(&index, &["query", "therapy", "--format", format]);
        assert!(status == Some(1) && said.contains("the index is empty; imr index PATH fills it"), "{format}: {said}");
    }

    assert_eq!(imr(&index, &["index", "data/CM99-0000001.txt"]).0, Some(0));
    // What a job does each day, with letters or without.
    let (status, said) = imr(&index, &["index", inbox]);
    assert!(status == Some(0) && said.contains("no letters found in"), "{said}");
    let (_, said) = imr(&index, &["query", "therapy"]);
    assert!(!said.contains("the index is empty"), "{said}");
}

#[test]
fn copies_are_named_up_to_a_few() {
    let dir = tempfile::tempdir().unwrap();
    for copy in 1..=8 {
        std::fs::copy("data/CM99-0000001.txt", dir.path().join(format!("copy {copy}.txt"))).unwrap();
    }
    let (status, said) = imr(&dir.path().join("index"), &["index", dir.path().to_str().unwrap()]);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!((said.matches("copy: CM99-0000001").count(), said.contains("copy: and 2 more\n")), (5, true), "{said}");
}

#[test]
fn a_damaged_index_is_told_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole");
    assert_eq!(imr(&whole, &["index", "data"]).0, Some(0));
    let files: Vec<_> = std::fs::read_dir(&whole).unwrap().map(|file| file.unwrap().file_name()).collect();
    let segment = |file: &&std::ffi::OsString| {
        [".term", ".idx", ".store", ".fast", ".fieldnorm"].iter().any(|end| file.to_string_lossy().ends_with(end))
    };
    for (file, missing) in files.iter().filter(segment).flat_map(|file| [(file, true), (file, false)]) {
        let index = dir.path().join("damaged");
        std::fs::create_dir(&index).unwrap();
        for file in &files {
            std::fs::copy(whole.join(file), index.join(file)).unwrap();
        }
        match missing {
            true => std::fs::remove_file(index.join(file)).unwrap(),
            false => std::fs::write(index.join(file), "cut off").unwrap(),
        }
        let what = if missing { "missing" } else { "cut off or has been changed" };
        let (status, said) = imr(&index, &["query", "therapy"]);
        let expected = format!(
            "error: the index in {} is damaged or incomplete ({} is {what}); delete all in it but saved-queries.jsonl and run imr index \
             again\n",
            index.display(),
            file.to_string_lossy()
        );
        assert_eq!((status, said), (Some(2), expected));
        std::fs::remove_dir_all(&index).unwrap();
    }
    std::fs::write(whole.join("meta.json"), "{").unwrap();
    let (status, said) = imr(&whole, &["stats"]);
    assert!(status == Some(2) && said.contains("is damaged or incomplete (one of its files"), "{said}");
}
