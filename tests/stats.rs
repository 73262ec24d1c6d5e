//! `imr stats` held against a plain count over the records of `data/` and of `tests/letters`, copies among them.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use imr::field::{FIELDS, Unit};
use imr::index::Index;
use imr::index::warning::folded;
use imr::ingest;
use imr::record::{Letter, Outcome};
use imr::search::stats::stats;
use imr::source::{self, Options};

#[test]
fn the_statistics_are_a_plain_count_of_the_records() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("zz_copy.txt");
    fs::copy(root.join("data/CM99-0000001.txt"), &copy).unwrap();
    let index = Index::open_or_create(&dir.path().join("index")).unwrap();
    let paths = [root.join("data"), root.join("tests/letters"), copy];
    let report = ingest::run(&index, &paths, &()).unwrap();
    assert!(!report.copies.is_empty());

    let left_out: BTreeSet<_> = report.copies.iter().map(|copy| copy.other.clone()).collect();
    let sources = source::find(&paths, Path::new(""), &Options::default()).inputs;
    let letters: Vec<Letter> = sources
        .iter()
        .map(|source| ingest::parse(&source.letter(&Default::default())).unwrap().0)
        .filter(|letter| !left_out.contains(&letter.source))
        .collect();
    let got = stats(&index).unwrap();

    let decisions = || letters.iter().flat_map(|l| l.decisions.iter().map(move |d| (l, d)));
    assert_eq!(got.sources, sources.len() as u64);
    assert_eq!(got.copies, left_out.len() as u64);
    // A second letter in a file counts, though only its text is known.
    let seconds = letters.iter().filter(|l| !l.decisions.is_empty() && l.text.is_some()).count();
    assert_eq!(got.total.letters, (letters.len() + seconds) as u64);
    assert_eq!(got.total.decisions, decisions().count() as u64);
    assert_eq!(got.total.unread, letters.iter().filter(|l| Unit::all(l).any(|u| u.decision.is_none())).count() as u64);
    let overturned = decisions().filter(|(_, d)| d.outcome == Some(Outcome::Overturned)).count();
    assert_eq!(got.outcomes.overturned, overturned as u64);
    assert_eq!(got.outcomes.unknown, decisions().filter(|(_, d)| d.outcome.is_none()).count() as u64);

    let mut years: BTreeMap<Option<String>, u64> = BTreeMap::new();
    decisions().for_each(|(l, _)| *years.entry(l.decision_date.map(|d| d.year().to_string())).or_default() += 1);
    let year: Vec<_> = got.facets[0].values.iter().map(|(year, tally)| (year.clone(), tally.decisions)).collect();
    assert_eq!(year.iter().cloned().collect::<BTreeMap<_, _>>(), years);
    let known: Vec<_> = year.iter().filter_map(|(year, _)| year.clone()).collect();
    assert!(known.is_sorted() && known.len() > 1);

    let mut layouts: BTreeMap<String, u64> = BTreeMap::new();
    let mut warnings: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for letter in &letters {
        *layouts.entry(letter.layout.name().to_owned()).or_default() += 1;
        let all: Vec<_> = letter.warnings.iter().map(|w| folded(w)).collect();
        all.iter().for_each(|w| warnings.entry(w.clone()).or_default().1 += 1);
        all.into_iter().collect::<BTreeSet<_>>().into_iter().for_each(|w| warnings.entry(w).or_default().0 += 1);
    }
    assert_eq!(got.layouts.iter().cloned().collect::<BTreeMap<_, _>>(), layouts);
    assert_eq!(got.warnings.iter().map(|n| (n.warning.clone(), (n.letters, n.times))).collect::<BTreeMap<_, _>>(), warnings);
    assert!(warnings.values().any(|(letters, times)| letters < times), "{warnings:?}");

    for (field, filled) in FIELDS.iter().zip(&got.fields) {
        let has = |unit: &Unit| !(field.values)(*unit).is_empty();
        let of_decisions = letters.iter().flat_map(Unit::all).filter(|u| u.decision.is_some() && has(u)).count();
        let some = |l: &Letter, read: bool| Unit::all(l).any(|u| u.decision.is_some() == read && has(&u));
        let of_letters: usize = letters.iter().map(|l| usize::from(some(l, true)) + usize::from(some(l, false))).sum();
        assert_eq!((filled.field, filled.decisions, filled.letters), (field, of_decisions as u64, of_letters as u64));
    }
}

#[test]
fn an_empty_index_has_statistics() {
    let dir = tempfile::tempdir().unwrap();
    let got = stats(&Index::open_or_create(dir.path()).unwrap()).unwrap();
    assert_eq!((got.sources, got.total.letters, got.warnings.len(), got.fields.len()), (0, 0, 0, FIELDS.len()));
    let mut page = Vec::new();
    imr::render::stats::page(&mut page, imr::render::Page { width: 100, colour: false, rows: 0 }, &got).unwrap();
    assert!(!String::from_utf8(page).unwrap().contains("NaN"));
}
