//! Files that come, change, move and go, in any order, in runs that are killed between: what the index holds is what a plain look
//! at the files says.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use imr::index::Index;
use imr::ingest::{self, Progress, Prune, Report, Settings};
use imr::search::{Request, Sort, search};
use proptest::prelude::*;

mod common;

use common::letter;

/// Asks a run to end once so many letters have been read.
struct Until(std::cell::Cell<Option<u64>>);

impl Progress for Until {
    fn start(&self, _: u64) {}

    fn advance(&self, sources: u64) {
        self.0.set(self.0.get().map(|left| left.saturating_sub(sources)));
    }

    fn stop(&self) -> bool {
        self.0.get() == Some(0)
    }
}

/// What is done to the files before a run.
#[derive(Debug, Clone)]
enum Change {
    /// Writes file `.0` with letter `.1` of `.2` decisions.
    Write(u8, u8, u8),
    Remove(u8),
    Move(u8, u8),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let (file, letter, decisions) = (0..6u8, 0..3u8, 1..4u8);
    let change = prop_oneof![
        4 => (file.clone(), letter, decisions).prop_map(|(f, l, d)| Change::Write(f, l, d)),
        1 => file.clone().prop_map(Change::Remove),
        1 => (file.clone(), file).prop_map(|(f, t)| Change::Move(f, t)),
    ];
    prop::collection::vec(change, 1..5)
}

/// A folder of letters, what is in its files, and an index.
struct Place {
    dir: tempfile::TempDir,
    index: Index,
    files: BTreeMap<String, (u8, u8)>,
    tick: u64,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("letters")).unwrap();
        // With a file that stays, the folder is never empty.
        fs::write(dir.path().join("letters/notes.md"), "").unwrap();
        let index = Index::open_or_create(&dir.path().join("index")).unwrap();
        Place { dir, index, files: BTreeMap::new(), tick: 0 }
    }

    fn letters(&self) -> PathBuf {
        self.dir.path().join("letters")
    }

    fn path(&self, file: u8) -> (String, PathBuf) {
        let name = format!("{file}.txt");
        (name.clone(), self.letters().join(name))
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Write(file, case, decisions) => {
                let (name, path) = self.path(*file);
                let items: Vec<_> = (0..*decisions).map(|n| format!("Item {file} {n}")).collect();
                let items: Vec<_> = items.iter().map(String::as_str).collect();
                fs::write(&path, letter(&format!("CM99-100000{case}"), &items)).unwrap();
                self.tick += 1;
                let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_500_000_000 + self.tick);
                fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
                self.files.insert(name, (*case, *decisions));
            }
            Change::Remove(file) => {
                let (name, path) = self.path(*file);
                if self.files.remove(&name).is_some() {
                    fs::remove_file(path).unwrap();
                }
            }
            Change::Move(from, to) => {
                let ((name, path), (other, onto)) = (self.path(*from), self.path(*to));
                if from != to
                    && let Some(held) = self.files.remove(&name)
                {
                    fs::rename(path, onto).unwrap();
                    self.files.insert(other, held);
                }
            }
        }
    }

    fn run(&self, stop_after: Option<u64>) -> Report {
        let settings = Settings { prune: Some(Prune::Files), ..Settings::default() };
        ingest::run_with(&self.index, &[self.letters()], &settings, &Until(stop_after.into())).unwrap()
    }

    /// Every letter in the index with its file and how many decisions it has.
    fn held(&self) -> BTreeMap<String, (String, u8)> {
        let request = Request { sort: Sort::Oldest, limit: 1000, ..Request::default() };
        let mut held = BTreeMap::new();
        for hit in search(&self.index, &request).unwrap().hits {
            let file = Path::new(&hit.letter.source).file_name().unwrap().to_string_lossy().into_owned();
            let entry = held.entry(hit.letter.case_number.clone().unwrap()).or_insert((file.clone(), 0));
            assert_eq!(entry.0, file, "a letter is one file's");
            entry.1 += 1;
        }
        held
    }

    /// The same by the rule: the file with most decisions, of these the first by name.
    fn expected(&self) -> BTreeMap<String, (String, u8)> {
        let mut expected: BTreeMap<String, (String, u8)> = BTreeMap::new();
        for (name, (case, decisions)) in &self.files {
            let best = expected.entry(format!("CM99-100000{case}")).or_insert((name.clone(), *decisions));
            if *decisions > best.1 {
                *best = (name.clone(), *decisions);
            }
        }
        expected
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_index_holds_what_the_files_say(runs in prop::collection::vec((changes(), prop::option::of(0..3u64)), 1..6)) {
        let mut place = Place::new();
        for (changes, stop_after) in runs {
            changes.iter().for_each(|change| place.apply(change));
            // A run that was stopped leaves work, which the next one does.
            place.run(stop_after);
            if stop_after.is_none() {
                prop_assert_eq!(place.held(), place.expected());
            }
        }
        place.run(None);
        prop_assert_eq!(place.held(), place.expected());
        let again = place.run(None);
        prop_assert_eq!((again.new, again.replaced, again.unchanged), (0, 0, place.files.len() as u64));
    }
}
