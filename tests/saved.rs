//! What is new to a saved query: over any course of changes each decision is told once, and nothing is lost.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU64, Ordering};

use imr::index::{Index, Stamp, Writer};
use imr::record::{Decision, Letter, Outcome};
use proptest::prelude::*;

mod common;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("letters")).unwrap();
        Place(dir)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
        command.args(args).current_dir(self.0.path()).env_remove("IMR_INDEX");
        command
    }

    fn imr(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn lines(&self, args: &[&str]) -> Vec<String> {
        String::from_utf8(self.imr(args).stdout).unwrap().lines().map(str::to_owned).collect()
    }

    /// The ids that are told as new.
    fn news(&self) -> Vec<String> {
        self.lines(&["query", "@all", "--new", "--format", "ids"])
    }

    /// Every decision in the index with its outcome.
    fn held(&self) -> BTreeMap<String, String> {
        let hits = self.lines(&["query", "*", "--format", "jsonl", "--snippets", "0"]);
        let field = |hit: &serde_json::Value, name: &str| hit[name].as_str().unwrap_or_default().to_owned();
        hits.iter().map(|hit| serde_json::from_str(hit).unwrap()).map(|hit| (field(&hit, "id"), field(&hit, "outcome"))).collect()
    }

    /// Writes a letter under a time of change that no file had before.
    fn write(&self, file: usize, case: usize, overturned: &[bool]) {
        static TICK: AtomicU64 = AtomicU64::new(1);
        let items: Vec<_> = (0..overturned.len()).map(|n| format!("Item {n} of it")).collect();
        let mut text = common::letter(&format!("CM99-100000{case}"), &items.iter().map(String::as_str).collect::<Vec<_>>());
        for (item, _) in items.iter().zip(overturned).filter(|(_, overturned)| **overturned) {
            text = text.replace(&format!("{item}: Upheld"), &format!("{item}: Overturned"));
        }
        let path = self.path(file);
        fs::write(&path, text).unwrap();
        let time = std::time::Duration::from_secs(1_500_000_000 + TICK.fetch_add(1, Ordering::Relaxed));
        fs::File::options().write(true).open(path).unwrap().set_modified(std::time::UNIX_EPOCH + time).unwrap();
    }

    fn path(&self, file: usize) -> std::path::PathBuf {
        self.0.path().join(format!("letters/{file}.txt"))
    }

    /// An index of what is there, with a saved query for everything in it.
    fn all_saved(&self) -> Index {
        self.index();
        self.imr(&["query", "--save", "all", "*"]);
        Index::open(&self.0.path().join("index")).unwrap()
    }

    fn index(&self) {
        let run = self.imr(&["index", "letters"]);
        assert_ne!(run.status.code(), Some(2), "{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[derive(Debug, Clone)]
enum Step {
    Write { file: usize, case: usize, overturned: Vec<bool> },
    Move { from: usize, to: usize },
    Index,
    New,
}

fn step() -> impl Strategy<Value = Step> {
    let write = (0usize..4, 0usize..3, prop::collection::vec(any::<bool>(), 1..4));
    prop_oneof![
        4 => write.prop_map(|(file, case, overturned)| Step::Write { file, case, overturned }),
        1 => (0usize..4, 0usize..4).prop_map(|(from, to)| Step::Move { from, to }),
        3 => Just(Step::Index),
        2 => Just(Step::New),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// The oracle compares what the index holds after each run with what it held before.
    #[test]
    fn each_decision_is_new_once_and_again_when_its_outcome_changes(steps in prop::collection::vec(step(), 5..25)) {
        let place = Place::new();
        place.write(0, 0, &[false]);
        place.index();
        place.imr(&["query", "--save", "all", "*"]);
        let mut held = place.held();
        let mut pending = BTreeSet::new();
        for step in steps.into_iter().chain([Step::Index, Step::New]) {
            match step {
                Step::Write { file, case, overturned } => place.write(file, case, &overturned),
                Step::Move { from, to } => drop(fs::rename(place.path(from), place.path(to))),
                Step::Index => {
                    place.index();
                    let now = place.held();
                    pending.extend(now.iter().filter(|(id, outcome)| held.get(*id) != Some(outcome)).map(|(id, _)| id.clone()));
                    pending.retain(|id| now.contains_key(id));
                    held = now;
                }
                Step::New => {
                    let told = place.news();
                    prop_assert_eq!(told.len(), told.iter().collect::<BTreeSet<_>>().len());
                    prop_assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), std::mem::take(&mut pending));
                }
            }
        }
        prop_assert!(place.news().is_empty());
    }
}

/// Also where a count leaves out the query's own filter, as by outcome.
#[test]
fn every_number_is_of_what_is_new_alone() {
    let place = Place::new();
    place.write(0, 0, &[true, false, true]);
    place.index();
    place.imr(&["query", "--save", "won", "overturned"]);
    place.write(1, 1, &[false, true]);
    place.index();
    let facets = ["--facet", "outcome", "--facet", "priority", "--explain"];
    let told = place.imr(&[&["query", "@won", "--new", "--format", "json"], &facets[..]].concat());
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let counts =
        |value: &serde_json::Value| value.as_array().unwrap().iter().map(|v| v["decisions"].as_u64()).collect::<Vec<_>>();
    assert_eq!(told["total"]["decisions"], 1);
    assert_eq!(told["outcomes"]["overturned"], 1);
    assert_eq!((&told["any_outcome"]["overturned"], &told["any_outcome"]["upheld"]), (&1.into(), &1.into()));
    assert_eq!(counts(&told["facets"]["outcome"]), [Some(1), Some(1)]);
    assert_eq!(counts(&told["facets"]["priority"]), [Some(1)]);
    assert_eq!(told["explain"]["decisions"], 1);
}

#[test]
fn what_could_not_be_printed_stays_new() {
    let place = Place::new();
    place.index();
    place.imr(&["query", "--save", "all", "*"]);
    place.write(0, 0, &[false, true]);
    place.index();
    let (reader, closed) = std::io::pipe().unwrap();
    drop(reader);
    place.command(&["query", "@all", "--new"]).stdout(closed).status().unwrap();
    assert_eq!(place.news(), ["CM99-1000000#1", "CM99-1000000#2"]);
    assert!(place.news().is_empty());
}

#[test]
fn what_is_written_meanwhile_is_new_when_it_is_committed() {
    let place = Place::new();
    place.write(0, 0, &[false]);
    let index = place.all_saved();
    let mut writer = Writer::open(&index).unwrap();
    let mut add = |case: &str, commit: bool| {
        let decision = Decision { number: 1, item: "MRI".into(), ..Decision::default() };
        let letter = Letter { case_number: Some(case.into()), decisions: vec![decision], ..Letter::unread("") };
        let documents = writer.maker().documents(&letter).unwrap();
        writer.add(case, Stamp { size: 1, changed: 1, options: 0 }, documents).unwrap();
        if commit {
            writer.commit().unwrap();
        }
    };
    add("CM99-2000001", true);
    add("CM99-2000002", false);
    assert_eq!(place.news(), ["CM99-2000001#1"]);
    add("CM99-2000003", true);
    assert_eq!(place.news(), ["CM99-2000002#1", "CM99-2000003#1"]);
    // Deleted before it was ever told, and with it the greatest generation: what comes then is still new.
    writer.drop_source("CM99-2000003").unwrap();
    writer.finish().unwrap();
    place.write(1, 1, &[false]);
    place.index();
    assert_eq!(place.news(), ["CM99-1000001#1"]);
}

#[test]
fn a_letter_missing_from_a_commit_and_written_again_is_not_lost() {
    let place = Place::new();
    let index = place.all_saved();
    let mut writer = Writer::open(&index).unwrap();
    let stamp = Stamp { size: 1, changed: 1, options: 0 };
    let decisions = vec![Decision { number: 1, item: "MRI".into(), ..Decision::default() }];
    let letter = Letter { case_number: Some("CM99-2000001".into()), decisions, ..Letter::unread("") };
    let documents = writer.maker().documents(&letter).unwrap();
    writer.add("a", stamp, documents).unwrap();
    writer.commit().unwrap();
    writer.drop_source("a").unwrap();
    writer.commit().unwrap();
    assert!(place.news().is_empty());
    let documents = writer.maker().documents(&letter).unwrap();
    writer.add("b", stamp, documents).unwrap();
    writer.finish().unwrap();
    assert_eq!(place.news(), ["CM99-2000001#1"]);
}

#[test]
fn a_decision_without_outcome_that_is_written_again_is_not_new() {
    let place = Place::new();
    let index = place.all_saved();
    let mut writer = Writer::open(&index).unwrap();
    let decision = |number, outcome| Decision { number, item: "MRI".into(), outcome, ..Decision::default() };
    for (size, second, new) in [
        (1, None, &["CM99-2000001#1", "CM99-2000001#2"][..]),
        (2, None, &[]),
        (3, Some(Outcome::Overturned), &["CM99-2000001#2"]),
        (4, Some(Outcome::Overturned), &[]),
        (5, None, &["CM99-2000001#2"]),
    ] {
        let decisions = vec![decision(1, None), decision(2, second)];
        let letter = Letter { case_number: Some("CM99-2000001".into()), decisions, ..Letter::unread("") };
        let documents = writer.maker().documents(&letter).unwrap();
        writer.add("a", Stamp { size, changed: 1, options: 0 }, documents).unwrap();
        writer.commit().unwrap();
        assert_eq!(place.news(), new, "{size}");
    }
}

#[test]
fn saved_queries_outlive_commits_and_an_index_made_anew_is_all_new() {
    let place = Place::new();
    place.write(0, 0, &[false]);
    place.index();
    place.imr(&["query", "--save", "all", "*"]);
    for case in 1..9 {
        place.write(1, case, &[false]);
        place.index();
    }
    assert!(!place.news().is_empty());
    assert_eq!(place.lines(&["saved"]).len(), 1);
    let index = place.0.path().join("index");
    for entry in fs::read_dir(&index).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_name() != imr::saved::FILE {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    place.index();
    let told = String::from_utf8(place.imr(&["query", "@all", "--new"]).stdout).unwrap();
    assert!(told.contains("2 new decisions in 2 letters since "), "{told}");
    assert!(told.contains("note: the index was made anew"), "{told}");
    assert!(place.news().is_empty());
}
