//! A byte of an index that has changed, in any of its files: `imr check` finds it, and no other command panics, hangs, or says more
//! than one sentence of it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use imr::index::check::check;

mod common;
#[path = "common/place.rs"]
mod place;
#[path = "common/random.rs"]
mod random;

use place::Place;
use random::Random;

/// Bytes that are changed, one at a time; IMR_FLIPS=2000 changes more.
const FLIPS: usize = 200;
/// A query of this index takes a hundredth of it.
const PATIENCE: Duration = Duration::from_secs(30);

const ASKED: [&[&str]; 7] = [
    &["query", "massage OR mri", "--facet", "all"],
    &["query", "\"not medically necessary\" upheld", "--snippets", "3"],
    &["query", "(necess* /9 request) OR massag*", "--sort", "newest", "--format", "json"],
    &["show", "CM99-1000003"],
    &["stats"],
    &["similar", "CM99-1000002#1"],
    &["query", "massage necessary", "--explain", "--format", "json"],
];

/// An index with several segments, letters that were taken out, copies and an archive of rows.
fn index(place: &Place) {
    for n in 1..=6 {
        place.write(&format!("letters/{n}.txt"), &format!("CM99-100000{n}"), &["MRI of the knee", "Massage", "Norco 10/325"]);
    }
    place.write("letters/copy.txt", "CM99-1000001", &["MRI of the knee"]);
    let rows = (0..5).map(|n| serde_json::json!({"text": common::letter(&format!("CM98-000000{n}"), &["Massage"])}).to_string());
    fs::write(place.path("rows.jsonl"), rows.collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!(place.imr(&["index", "letters", "rows.jsonl"]).0, Some(0));
    place.write("letters/2.txt", "CM99-1000002", &["MRI of the shoulder", "Massage of the shoulder"]);
    fs::remove_file(place.path("letters/5.txt")).unwrap();
    assert_eq!(place.imr(&["index", "--prune", "letters"]).0, Some(0));
}

#[test]
fn a_flipped_byte_is_found_and_told_in_one_sentence() {
    let place = Place::new();
    index(&place);
    let folder = place.path("index");
    let whole = check(&folder).unwrap();
    assert!(whole.is_whole(), "{whole:?}");
    // Lock files hold nothing of the index: they are locked, and say who did it.
    let mut files: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.retain(|name| !name.ends_with(".lock"));
    files.sort();
    assert!(files.iter().any(|name| name.ends_with(".del")) && files.iter().any(|name| name == "meta.json"), "{files:?}");

    for args in ASKED {
        let (status, said) = place.imr(args);
        assert_eq!(status, Some(0), "{args:?}: {said}");
    }

    let mut random = Random(20_161_219);
    let flips = std::env::var("IMR_FLIPS").map_or(FLIPS, |flips| flips.parse().unwrap());
    for flip in 0..flips {
        let (name, args) = (&files[flip % files.len()], ASKED[flip % ASKED.len()]);
        let path = folder.join(name);
        let before = fs::read(&path).unwrap();
        let mut bytes = before.clone();
        let at = random.below(bytes.len() as u64) as usize;
        bytes[at] ^= 1 << random.below(8);
        fs::write(&path, &bytes).unwrap();

        let checked = check(&folder).unwrap_or_else(|e| panic!("{name} at {at}: {e}"));
        let named = checked.faults.first().and_then(|fault| fault.file.as_deref());
        assert_eq!(named, Some(name.as_str()), "byte {at}: {checked:?}");
        let run = timed(place.command(args)).unwrap_or_else(|| panic!("{args:?} hangs with {name} changed at {at}"));
        let said = String::from_utf8_lossy(&run.stderr);
        match run.status.code() {
            Some(0 | 1) => {}
            Some(2) => {
                let one = said.lines().filter(|line| line.starts_with("error: the index in index is damaged")).count();
                assert!(one == 1 && said.lines().last().unwrap().ends_with("makes it anew"), "{args:?} {name} at {at}: {said}");
            }
            other => panic!("{args:?} ends with {other:?}, {name} changed at {at}: {said}"),
        }
        fs::write(&path, before).unwrap();
    }
    assert!(check(&folder).unwrap().is_whole() && !place.ids().is_empty());
}

/// Runs a command; `None` if it does not end.
fn timed(mut command: Command) -> Option<Output> {
    let mut child = command.env_remove("RUST_BACKTRACE").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Some(child.wait_with_output().unwrap())
}

#[test]
fn a_file_that_is_cut_missing_or_anothers_is_told() {
    let place = Place::new();
    index(&place);
    let folder = place.path("index");
    let store = |dir: &Path| -> Vec<_> {
        let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        let mut stores: Vec<_> = names.filter(|path| path.extension().is_some_and(|e| e == "store")).collect();
        stores.sort();
        stores
    };
    let [first, second, ..] = &store(&folder)[..] else { panic!("one segment only") };
    let whole = fs::read(first).unwrap();
    let name = first.file_name().unwrap().to_string_lossy().into_owned();
    let cut = format!("fault: {name}: has {} bytes, and had {}: the letters\n", whole.len() - 1, whole.len());
    fs::write(first, &whole[..whole.len() - 1]).unwrap();
    let (status, said) = place.imr(&["check"]);
    assert!(status == Some(1) && said.contains(&cut) && said.contains("the index is damaged; imr index --rebuild"), "{said}");
    assert!(!said.contains("the index is whole"), "{said}");
    fs::remove_file(first).unwrap();
    let (status, said) = place.imr(&["check", "--format", "json"]);
    assert!(status == Some(1) && said.contains("\"whole\":false") && said.contains("is missing: the letters"), "{said}");
    fs::copy(second, first).unwrap();
    let (status, said) = place.imr(&["check"]);
    assert!(status == Some(1) && said.contains(&format!("fault: {name}: has")), "{said}");
    fs::write(first, whole).unwrap();
    fs::write(folder.join("saved-queries.jsonl"), "{\n").unwrap();
    let (status, said) = place.imr(&["check"]);
    assert!(status == Some(1) && said.contains("fault: saved-queries.jsonl: "), "{said}");
}
