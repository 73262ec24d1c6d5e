//! Running `imr index` again: only what changed is read, nothing is there twice, and which of two copies is kept depends on the
//! files alone.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use imr::index::Index;
use imr::ingest::{self, Report};
use imr::search::results::Answer;
use imr::search::{Request, Sort, search};

mod common;

use common::letter;

struct Place {
    dir: tempfile::TempDir,
    index: Index,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("letters")).unwrap();
        let index = Index::open_or_create(&dir.path().join("index")).unwrap();
        Place { dir, index }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("letters").join(name)
    }

    /// Writes a file with a time of change of its own, as a change that takes longer than the clock's tick does.
    fn write(&self, name: &str, text: &str) {
        static TICK: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        let tick = TICK.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_500_000_000 + tick);
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }

    fn run(&self) -> Report {
        self.run_on(&self.dir.path().join("letters"))
    }

    fn run_on(&self, path: &Path) -> Report {
        ingest::run(&self.index, &[path.to_owned()], &()).unwrap()
    }

    fn all(&self) -> Answer {
        let request = Request { sort: Sort::Oldest, ..Request::default() };
        search(&self.index, &request).unwrap()
    }

    /// The items in the index with the file each is from.
    fn held(&self) -> Vec<(String, String)> {
        let name = |source: &str| Path::new(source).file_name().unwrap().to_string_lossy().into_owned();
        let hits = self.all().hits.into_iter();
        hits.map(|h| (name(&h.letter.source), h.letter.decisions.first().map(|d| d.item.clone()).unwrap_or_default())).collect()
    }
}

fn held(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn a_second_run_reads_nothing_and_a_change_replaces() {
    let place = Place::new();
    place.write("a.txt", &letter("CM99-1000001", &["Acupuncture", "Norco"]));
    place.write("b.txt", &letter("CM99-1000002", &["MRI"]));
    let first = place.run();
    assert_eq!((first.new, first.decisions, first.unchanged), (2, 3, 0));
    let second = place.run();
    assert_eq!((second.new, second.replaced, second.unchanged, second.decisions), (0, 0, 2, 0));

    place.write("a.txt", &letter("CM99-1000001", &["Massage"]));
    let third = place.run();
    assert_eq!((third.new, third.replaced, third.unchanged, third.decisions), (0, 1, 1, 1));
    assert_eq!(place.held(), held(&[("a.txt", "Massage"), ("b.txt", "MRI")]));
}

#[test]
fn a_filter_stands_for_no_value_that_only_replaced_letters_had() {
    let place = Place::new();
    place.write("a.txt", &letter("CM99-1000001", &["Norco"]));
    place.write("b.txt", &letter("CM99-1000002", &["Naproxen", "Norco"]));
    place.run();
    let found = |text: &str| {
        let query = imr::query::parse(text, jiff::civil::date(2024, 1, 1)).unwrap();
        let answer = search(&place.index, &Request { query, ..Request::default() }).unwrap();
        (answer.total.decisions, answer.notes)
    };
    assert_eq!(found("drug:norco"), (2, vec![]));
    place.write("b.txt", &letter("CM99-1000002", &["Naproxen", "Massage"]));
    place.run();
    assert_eq!(found("drug:norco"), (1, vec![]));
    place.write("a.txt", &letter("CM99-1000001", &["Massage"]));
    place.run();
    let note = "no value of `drug` in the index matches `norco`; there are naproxen";
    assert_eq!(found("drug:norco"), (0, vec![note.to_owned()]));
}

#[test]
fn of_two_copies_the_fuller_is_kept_then_the_first_by_name() {
    let full = letter("CM99-1000001", &["Acupuncture", "Norco"]);
    let short = letter("CM99-1000001", &["Acupuncture"]);
    for (first, second, kept) in [("a", "b", "full"), ("b", "a", "full")] {
        let place = Place::new();
        place.write(&format!("{first}.txt"), &short);
        place.run();
        place.write(&format!("{second}.txt"), &full);
        let report = place.run();
        assert_eq!(report.copies.len(), 1, "{kept}");
        assert_eq!(place.all().total.decisions, 2);
        assert_eq!(place.run().unchanged, 2, "neither copy is read again");
    }
    for order in [["a.txt", "b.txt"], ["b.txt", "a.txt"]] {
        let place = Place::new();
        for name in order {
            place.write(name, &full);
            place.run();
        }
        assert!(place.held().iter().all(|(file, _)| file == "a.txt"), "{order:?}");
    }
}

#[test]
fn when_the_kept_copy_changes_its_case_the_other_comes_back() {
    let place = Place::new();
    place.write("a.txt", &letter("CM99-1000001", &["Acupuncture"]));
    place.write("b.txt", &letter("CM99-1000001", &["Acupuncture"]));
    place.run();
    place.write("a.txt", &letter("CM99-1000002", &["Massage"]));
    place.run();
    assert_eq!(place.held(), held(&[("b.txt", "Acupuncture"), ("a.txt", "Massage")]));
}

#[test]
fn a_letter_that_was_moved_is_read_where_it_is_now() {
    let place = Place::new();
    place.write("a.txt", &letter("CM99-1000001", &["Acupuncture", "Norco"]));
    place.run();
    fs::rename(place.path("a.txt"), place.path("b.txt")).unwrap();
    let report = place.run();
    assert_eq!((report.new, report.replaced, report.copies.len()), (0, 1, 0));
    place.write("b.txt", &letter("CM99-1000001", &["Massage"]));
    place.run();
    assert_eq!(place.held(), held(&[("b.txt", "Massage")]));
}

#[test]
fn which_copy_is_kept_follows_every_change() {
    // The kept one shrinks, and the other, which lies elsewhere, is the fuller now.
    let place = Place::new();
    fs::create_dir(place.path("other")).unwrap();
    place.write("other/a.txt", &letter("CM99-1000001", &["Acupuncture", "Norco"]));
    place.write("b.txt", &letter("CM99-1000001", &["Acupuncture", "Norco", "Massage"]));
    place.run();
    place.write("b.txt", &letter("CM99-1000001", &["Acupuncture"]));
    place.run_on(&place.path("b.txt"));
    assert_eq!(place.held(), held(&[("a.txt", "Acupuncture"), ("a.txt", "Norco")]));
    // The kept one becomes another case.
    place.write("other/a.txt", &letter("CM99-1000002", &["Massage"]));
    place.run_on(&place.path("other"));
    assert_eq!(place.held(), held(&[("b.txt", "Acupuncture"), ("a.txt", "Massage")]));
}

#[test]
fn a_letter_that_can_no_longer_be_read_keeps_its_earlier_reading() {
    let place = Place::new();
    place.write("a.txt", &letter("CM99-1000001", &["Acupuncture"]));
    place.run();
    place.write("a.txt", "");
    let report = place.run();
    assert_eq!(report.failed.len(), 1);
    assert_eq!(place.held(), held(&[("a.txt", "Acupuncture")]));
    assert_eq!(place.run().failed.len(), 1, "it is tried again");
}

#[test]
fn a_letter_without_a_case_number_is_known_by_its_text() {
    let place = Place::new();
    let body = letter("CM99-1000001", &["Acupuncture"]).split_once("HOW THE").map(|(_, rest)| format!("HOW THE{rest}")).unwrap();
    place.write("a.txt", &body);
    place.write("b.txt", &body);
    let report = place.run();
    assert_eq!((report.new, report.copies.len()), (1, 1));
    let id = place.all().hits[0].id.clone();
    let shown = imr::search::lookup::letter(&place.index, &place.index.view().unwrap(), id.split('#').next().unwrap());
    assert_eq!(shown.unwrap().unwrap().decisions.len(), 1);
}

#[test]
fn one_writer_at_a_time() {
    let place = Place::new();
    let writer = imr::index::Writer::open(&place.index).unwrap();
    let busy = ingest::run(&place.index, &[place.path("")], &()).unwrap_err().to_string();
    assert!(busy.contains("another imr is writing the index"), "{busy}");
    drop(writer);
    place.run();
}
