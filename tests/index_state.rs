//! What the program says of an index with nothing in it, and of one that is damaged.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

/// Runs imr on an index; the exit status, and all that it says.
fn imr(index: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
    let done = command
        .args(args)
        .env("IMR_INDEX", index)
        .env_remove("RUST_BACKTRACE")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
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
    // Of what is left of a file: nothing, not even the file, less than its end, or its beginning.
    let left = [None, Some(0), Some(7), Some(100)];
    for (file, left) in files.iter().filter(segment).flat_map(|file| left.map(|left| (file, left))) {
        let index = dir.path().join("damaged");
        std::fs::create_dir(&index).unwrap();
        for file in &files {
            std::fs::copy(whole.join(file), index.join(file)).unwrap();
        }
        match left {
            None => std::fs::remove_file(index.join(file)).unwrap(),
            Some(left) => std::fs::write(index.join(file), &std::fs::read(whole.join(file)).unwrap()[..left]).unwrap(),
        }
        let (status, said) = imr(&index, &["query", "therapy"]);
        let begin = format!("error: the index in {} is damaged or incomplete (", index.display());
        let end = "); imr check says more, imr index --rebuild makes it anew\n";
        assert_eq!(status, Some(2), "{file:?} {left:?}: {said}");
        assert!(said.starts_with(&begin) && said.ends_with(end) && said.lines().count() == 1, "{file:?} {left:?}: {said}");
        assert_eq!(said.contains(&format!("{} is missing", file.to_string_lossy())), left.is_none(), "{said}");
        std::fs::remove_dir_all(&index).unwrap();
    }
    std::fs::write(whole.join("meta.json"), "{").unwrap();
    let (status, said) = imr(&whole, &["stats"]);
    assert!(status == Some(2) && said.contains("is damaged or incomplete (meta.json is cut off or has been changed"), "{said}");
}
