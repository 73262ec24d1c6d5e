//! Files that come, change, move, go and come back, in any order, archives among them, in runs that are stopped between: what the
//! index holds is what a plain look at the files says.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
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
    fn advance(&self, sources: u64) {
        self.0.set(self.0.get().map(|left| left.saturating_sub(sources)));
    }

    fn stop(&self) -> bool {
        self.0.get() == Some(0)
    }
}

const FILES: u8 = 7;
/// The files from this one on are archives.
const ARCHIVES: u8 = 4;

/// What is done to the files before a run.
#[derive(Debug, Clone)]
enum Change {
    /// Writes file `.0` with letters, each with so many decisions.
    Write(u8, Vec<(u8, u8)>),
    Remove(u8),
    Move(u8, u8),
    /// Takes it elsewhere, or brings it back as it was.
    Away(u8),
    Back(u8),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let file = || 0..FILES;
    let letters = prop::collection::vec((0..3u8, 1..4u8), 1..4);
    let change = prop_oneof![
        4 => (file(), letters).prop_map(|(f, letters)| Change::Write(f, letters)),
        1 => file().prop_map(Change::Remove),
        1 => (file(), file()).prop_map(|(f, t)| Change::Move(f, t)),
        1 => file().prop_map(Change::Away),
        2 => file().prop_map(Change::Back),
    ];
    prop::collection::vec(change, 1..5)
}

/// A folder of letters, what is in its files, and an index.
struct Place {
    dir: tempfile::TempDir,
    index: Index,
    files: BTreeMap<String, Vec<(u8, u8)>>,
    away: BTreeMap<String, Vec<(u8, u8)>>,
    tick: u64,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["letters", "away"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        // With a file that stays, the folder is never empty.
        fs::write(dir.path().join("letters/notes.md"), "").unwrap();
        let index = Index::open_or_create(&dir.path().join("index")).unwrap();
        Place { dir, index, files: BTreeMap::new(), away: BTreeMap::new(), tick: 0 }
    }

    fn letters(&self) -> PathBuf {
        self.dir.path().join("letters")
    }

    fn path(&self, file: u8) -> (String, PathBuf) {
        let name = format!("{file}.{}", if file < ARCHIVES { "txt" } else { "zip" });
        (name.clone(), self.letters().join(name))
    }

    fn elsewhere(&self, name: &str) -> PathBuf {
        self.dir.path().join("away").join(name)
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Write(file, letters) => {
                let (name, path) = self.path(*file);
                let letters = if *file < ARCHIVES { &letters[..1] } else { letters };
                let texts = letters.iter().enumerate().map(|(at, (case, decisions))| {
                    let items: Vec<_> = (0..*decisions).map(|n| format!("Item {file} {at} {n}")).collect();
                    letter(&format!("CM99-100000{case}"), &items.iter().map(String::as_str).collect::<Vec<_>>())
                });
                let texts: Vec<_> = texts.collect();
                let bytes = if *file < ARCHIVES { texts[0].clone().into_bytes() } else { zipped(&texts) };
                fs::write(&path, bytes).unwrap();
                self.tick += 1;
                let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_500_000_000 + self.tick);
                fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
                self.files.insert(name, letters.to_vec());
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
                    && (*from < ARCHIVES) == (*to < ARCHIVES)
                    && let Some(held) = self.files.remove(&name)
                {
                    fs::rename(path, onto).unwrap();
                    self.files.insert(other, held);
                }
            }
            Change::Away(file) => {
                let (name, path) = self.path(*file);
                if let Some(held) = self.files.remove(&name) {
                    fs::rename(path, self.elsewhere(&name)).unwrap();
                    self.away.insert(name, held);
                }
            }
            Change::Back(file) => {
                let (name, path) = self.path(*file);
                if let Some(held) = self.away.remove(&name) {
                    fs::rename(self.elsewhere(&name), path).unwrap();
                    self.files.insert(name, held);
                }
            }
        }
    }

    fn run(&self, prune: bool, stop_after: Option<u64>) -> Report {
        let settings = Settings { prune: prune.then_some(Prune::Files), ..Settings::default() };
        ingest::run_with(&self.index, &[self.letters()], &settings, &Until(stop_after.into())).unwrap()
    }

    /// Every letter in the index with its file and how many decisions it has.
    fn held(&self) -> BTreeMap<String, (String, u8)> {
        let request = Request { sort: Sort::Oldest, limit: 1000, ..Request::default() };
        let mut held = BTreeMap::new();
        for hit in search(&self.index, &request).unwrap().hits {
            let file = Path::new(&hit.letter.source).strip_prefix(self.letters()).unwrap().to_string_lossy().into_owned();
            let entry = held.entry(hit.letter.case_number.clone().unwrap()).or_insert((file.clone(), 0));
            assert_eq!(entry.0, file, "a letter is one file's");
            entry.1 += 1;
        }
        held
    }

    /// The same by the rule: the source with most decisions, of these the first by name.
    fn expected(&self) -> BTreeMap<String, (String, u8)> {
        let mut expected: BTreeMap<String, (String, u8)> = BTreeMap::new();
        let sources = self.files.iter().flat_map(|(name, letters)| {
            letters.iter().enumerate().map(move |(at, letter)| match name.ends_with(".zip") {
                true => (format!("{name}!{at}.txt"), letter),
                false => (name.clone(), letter),
            })
        });
        for (source, (case, decisions)) in sources {
            let best = expected.entry(format!("CM99-100000{case}")).or_insert((source.clone(), *decisions));
            if *decisions > best.1 {
                *best = (source, *decisions);
            }
        }
        expected
    }
}

/// An archive of letters, named by their number.
fn zipped(texts: &[String]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (at, text) in texts.iter().enumerate() {
        zip.start_file(format!("{at}.txt"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_index_holds_what_the_files_say(
        runs in prop::collection::vec((changes(), any::<bool>(), prop::option::weighted(0.3, 0..3u64)), 1..7)
    ) {
        let mut place = Place::new();
        for (changes, prune, stop_after) in runs {
            changes.iter().for_each(|change| place.apply(change));
            // A run that was stopped leaves work, which the next one does. What is gone stays until it is pruned.
            place.run(prune, stop_after);
            if prune && stop_after.is_none() {
                prop_assert_eq!(place.held(), place.expected());
            }
        }
        place.run(true, None);
        prop_assert_eq!(place.held(), place.expected());
        let again = place.run(true, None);
        let sources: usize = place.files.values().map(Vec::len).sum();
        prop_assert_eq!((again.new, again.replaced, again.unchanged), (0, 0, sources as u64));
    }
}

/// Letters in the folder `letters`, and others in `disk`, which comes and goes.
struct Elsewhere {
    dir: tempfile::TempDir,
    index: Index,
}

impl Elsewhere {
    fn new(other: &str, bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["letters", "disk"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        let index = Index::open_or_create(&dir.path().join("index")).unwrap();
        let place = Elsewhere { dir, index };
        place.write("letters/a.txt", letter("CM99-1000001", &["MRI", "Norco"]).as_bytes());
        place.write(other, bytes);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn run(&self, field: &str, paths: &[&str]) -> Report {
        let paths: Vec<_> = paths.iter().map(|path| self.path(path)).collect();
        let options = imr::source::Options { text_field: field.into(), ..Default::default() };
        let settings = Settings { options, ..Settings::default() };
        ingest::run_with(&self.index, &paths, &settings, &Until(None.into())).unwrap()
    }

    fn cases(&self) -> Vec<String> {
        let hits = search(&self.index, &Request { sort: Sort::Oldest, limit: 100, ..Request::default() }).unwrap().hits;
        let mut cases: Vec<_> = hits.into_iter().filter_map(|hit| hit.letter.case_number).collect();
        cases.sort();
        cases.dedup();
        cases
    }
}

#[test]
fn a_letter_of_an_archive_that_was_away_comes_back_with_it() {
    let copy = zipped(&[letter("CM99-1000001", &["MRI"]), letter("CM99-1000003", &["MRI"])]);
    let place = Elsewhere::new("disk/x.zip", &copy);
    place.run("text", &["letters", "disk"]);
    fs::rename(place.path("disk"), place.path("unmounted")).unwrap();
    place.write("letters/a.txt", letter("CM99-1000002", &["MRI"]).as_bytes());
    let report = place.run("text", &["letters"]);
    assert_eq!(place.cases(), ["CM99-1000002", "CM99-1000003"]);
    let [(source, why)] = &report.failed[..] else { panic!("it is told: {:?}", report.failed) };
    assert!(source.ends_with("disk/x.zip!0.txt") && why.contains("it alone has CM99-1000001 now"), "{source}: {why}");
    fs::rename(place.path("unmounted"), place.path("disk")).unwrap();
    let report = place.run("text", &["letters", "disk"]);
    assert_eq!((report.new, report.unchanged, report.failed.len()), (1, 2, 0));
    assert_eq!(place.cases(), ["CM99-1000001", "CM99-1000002", "CM99-1000003"]);
}

#[test]
fn of_two_copies_in_one_archive_the_fuller_is_kept() {
    let copies = [letter("CM99-1000003", &["MRI", "Norco"]), letter("CM99-1000003", &["MRI"])];
    let place = Elsewhere::new("disk/x.zip", &zipped(&copies));
    let report = place.run("text", &["letters", "disk"]);
    assert_eq!((report.new, report.replaced, report.copies.len()), (2, 0, 1));
    assert!(report.copies[0].kept.ends_with("x.zip!0.txt"));
    assert_eq!(place.run("text", &["letters", "disk"]).unchanged, 3);
}

#[test]
fn rows_are_not_settled_with_options_that_make_other_letters_of_them() {
    let row = serde_json::json!({"text": letter("CM99-1000001", &["MRI"]), "other": letter("CM99-1000004", &["MRI"])});
    let place = Elsewhere::new("disk/rows.jsonl", format!("{row}\n").as_bytes());
    place.run("text", &["letters", "disk/rows.jsonl"]);
    place.write("letters/a.txt", letter("CM99-1000002", &["MRI"]).as_bytes());
    let report = place.run("other", &["letters"]);
    assert!(report.failed.len() == 1 && report.failed[0].1.contains("CM99-1000001"), "{:?}", report.failed);
    assert_eq!(place.cases(), ["CM99-1000002"]);
    let report = place.run("text", &["letters", "disk/rows.jsonl"]);
    assert_eq!((report.new, report.failed.len()), (1, 0));
    assert_eq!(place.cases(), ["CM99-1000001", "CM99-1000002"]);
}

#[test]
fn what_is_read_now_is_the_answer_where_the_file_before_went_with_its_folder() {
    let place = Elsewhere::new("disk/b.txt", letter("CM99-1000003", &["MRI", "Norco"]).as_bytes());
    place.run("text", &["letters", "disk"]);
    fs::rename(place.path("disk"), place.path("renamed")).unwrap();
    place.write("renamed/b.txt", letter("CM99-1000003", &["Opana"]).as_bytes());
    let report = place.run("text", &["renamed"]);
    assert_eq!((report.replaced, report.copies.len()), (1, 0));
    let hits = search(&place.index, &Request { limit: 100, ..Request::default() }).unwrap().hits;
    assert_eq!(hits.iter().filter(|hit| hit.letter.source.ends_with("renamed/b.txt")).count(), 1);
    assert_eq!(hits.len(), 3);
}
