//! The saved inputs of the fuzz targets, through the same entry points: what once failed does not again.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../fuzz/entry.rs"]
mod entry;

/// As long as one input may take, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

fn each(target: &str, entry: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<_> = fs::read_dir(&folder).expect("the corpus").map(|entry| entry.expect("an input").path()).collect();
    paths.sort();
    assert!(paths.len() >= 20, "{} inputs for {target}", paths.len());
    for path in paths {
        let bytes = fs::read(&path).expect("an input");
        let started = Instant::now();
        let outcome = std::panic::catch_unwind(|| entry(&bytes));
        assert!(outcome.is_ok(), "{} fails", path.display());
        assert!(started.elapsed() < PATIENCE, "{} took {:?}", path.display(), started.elapsed());
    }
}

#[test]
fn pdf_text() {
    each("pdf_text", entry::pdf_text);
}

#[test]
fn letter() {
    each("letter", entry::letter);
}

#[test]
fn query() {
    each("query", entry::query);
}

#[test]
fn record_json() {
    each("record_json", entry::record_json);
    // The target leaves its files for the next input.
    let _ = fs::remove_dir_all(std::env::temp_dir().join(format!("imr-fuzz-{}", std::process::id())));
}
