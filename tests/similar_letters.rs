//! What `imr similar` finds among the published letters, where they are at hand (`../shared/letters`): the nearest decisions held
//! against the subcategories that were read by hand, each decision left out in turn; and how much separates two sides that
//! differ by chance alone. `cargo test --test similar_letters -- --nocapture` prints the figures.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking and prints its figures"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use imr::index::Index;
use imr::ingest;
use imr::record::{Letter, Outcome};
use imr::search::results::Hit;
use imr::search::results::similar::Subject;
use imr::search::similar::similar;
use imr::search::{self, Sort, contrast, lookup};
use imr::source::{Held, Source, State};
use serde_json::Value;

/// Of each decision's nearest, so many are looked at.
const NEAREST: usize = 5;

/// The share of them that must have its subcategory, and of those nearest to a form that asks for its treatment: 0.78 when this was written, where chance gives 0.09 and no list could reach
/// more than 0.87, since of many subcategories other letters have fewer than five decisions.
const FLOOR: f64 = 0.74;

/// An invented request for authorization, and the lines of it in which treatments stand.
const FORM: &str = include_str!("fixtures/similar/request_for_authorization.txt");

/// A form that asks for that treatment, as `imr similar` reads it.
fn form(treatment: &str) -> Letter {
    let (head, rest) = FORM.split_once("Lumbar sprain").unwrap();
    let (_, tail) = rest.split_once("Requesting Physician Signature").unwrap();
    let (tail, _) = tail.split_once("Attachment").unwrap();
    let text = format!("{head}{treatment}\n\nRequesting Physician Signature{tail}");
    let state = State { size: text.len() as u64, changed: 0, options: 0 };
    let source = Source { name: "form".into(), id: "form".into(), state, held: Held::Bytes(text.clone().into_bytes()) };
    Letter { decisions: ingest::requested(&source).unwrap(), text: Some(text), ..Letter::unread("form") }
}

/// The folder and an index of it.
fn letters(dir: &Path) -> Option<(PathBuf, Index)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/letters");
    if !folder.is_dir() {
        eprintln!("skipped: no ../shared/letters");
        return None;
    }
    let index = Index::open_or_create(dir).unwrap();
    ingest::run(&index, std::slice::from_ref(&folder), &()).unwrap();
    Some((folder, index))
}

fn every_decision(index: &Index) -> Vec<Hit> {
    let request = search::Request { sort: Sort::Oldest, ..search::Request::default() };
    search::search(index, &request).unwrap().hits
}

#[test]
fn the_nearest_decisions_are_mostly_on_the_same_treatment() {
    let dir = tempfile::tempdir().unwrap();
    let Some((folder, index)) = letters(dir.path()) else { return };
    // By file and number, since some letters have no case number.
    let mut read_by_hand: BTreeMap<(String, u64), String> = BTreeMap::new();
    for line in std::fs::read_to_string(folder.join("gold.jsonl")).unwrap().lines() {
        let letter: Value = serde_json::from_str(line).unwrap();
        for (decision, number) in letter["decisions"].as_array().unwrap().iter().zip(1..) {
            let file = letter["file"].as_str().unwrap().to_owned();
            read_by_hand.insert((file, number), decision["subcategory"].as_str().unwrap_or_default().to_owned());
        }
    }
    let subcategory = |letter: &Letter, number: u64| {
        let file = Path::new(&letter.source).file_name().unwrap().to_str().unwrap().to_owned();
        read_by_hand[&(file, number)].clone()
    };

    let all = every_decision(&index);
    let of_all: Vec<_> = all.iter().map(|hit| (hit.letter.source.clone(), subcategory(&hit.letter, hit.number))).collect();
    let (mut found, mut same, mut possible, mut by_chance) = ([0, 0], [0, 0], 0, 0.0);
    let keys: BTreeSet<_> = all.iter().map(|hit| hit.id.split('#').next().unwrap().to_owned()).collect();
    for key in keys {
        let letter = lookup::letter(&index, &index.view().unwrap(), &key).unwrap().unwrap();
        for subject in Subject::all(&letter, &key) {
            let own = subcategory(&letter, subject.letter.decisions[0].number.into());
            let others = of_all.iter().filter(|(source, _)| *source != letter.source);
            let alike = others.clone().filter(|(_, s)| *s == own).count();
            by_chance += alike as f64 / others.count() as f64;
            possible += alike.min(NEAREST);
            // A form is no part of the letter, which is passed over for it below.
            let request = search::similar::Request {
                among: None,
                nearest: NEAREST,
                limit: NEAREST + letter.decisions.len(),
                offset: 0,
                same_letter: false,
                contrast: false,
            };
            // The decision itself, and where its treatment can be told, a form that asks for it.
            let asked = Subject::requested(&form(&subject.letter.decisions[0].disputed), &key);
            for (which, subject) in std::iter::once(subject).chain(asked).enumerate() {
                let hits = similar(&index, subject, &request).unwrap().hits.into_iter();
                let hits: Vec<_> = hits.filter(|hit| hit.letter.source != letter.source).take(NEAREST).collect();
                found[which.min(1)] += hits.len();
                same[which.min(1)] += hits.iter().filter(|hit| subcategory(&hit.letter, hit.number) == own).count();
            }
        }
    }
    let of = (all.len() * NEAREST) as f64;
    let (chance, best) = (by_chance / all.len() as f64, possible as f64 / of);
    for ((same, found), what) in same.into_iter().zip(found).zip(["decisions", "forms"]) {
        let share = same as f64 / found as f64;
        println!("{same} of the {found} nearest to {} {what} have the same subcategory: {share:.3}", all.len());
        assert!(share >= FLOOR, "{what}: {share:.3}");
    }
    println!("by chance {chance:.3}, at best {best:.3}");
}

/// Sides drawn at random differ in nothing but chance: of their thousands of words next to none may be said to separate them.
#[test]
fn what_differs_by_chance_separates_next_to_nothing() {
    const DRAWS: usize = 40;
    let dir = tempfile::tempdir().unwrap();
    let Some((_, index)) = letters(dir.path()) else { return };
    let upheld = |letter: &Letter| letter.decisions.iter().all(|d| d.outcome == Some(Outcome::Upheld));
    let mut letters: Vec<_> = every_decision(&index).into_iter().map(|hit| hit.letter).filter(upheld).collect();
    let mut state: u64 = 1;
    // Knuth's linear congruential generator: the same draws in every run.
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let mut rows = 0;
    for _ in 0..DRAWS {
        for at in (1..letters.len()).rev() {
            letters.swap(at, below(at + 1));
        }
        rows += contrast::terms(&letters[..25], &letters[25..50], &|_| false).len();
    }
    let rows = rows as f64 / DRAWS as f64;
    println!("{rows:.2} words separate two sides of 25 decisions drawn at random");
    assert!(rows < 2.0, "{rows:.2}");
}
