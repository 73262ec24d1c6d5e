//! What `imr similar` finds among the real letters, held against their hand-read subcategories: leave one out.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::path::Path;

use imr::index::Index;
use imr::ingest::{self, Progress};
use imr::search::results::similar::Subject;
use imr::search::similar::{Request, similar};
use imr::search::lookup;
use serde_json::Value;

const LETTERS: &str = "../shared/letters";
/// Of each decision's nearest, so many are looked at.
const NEAREST: usize = 5;

struct Quiet;

impl Progress for Quiet {
    fn start(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}

#[test]
fn the_nearest_are_mostly_of_the_same_subcategory() {
    let Ok(gold) = std::fs::read_to_string(Path::new(LETTERS).join("gold.jsonl")) else {
        eprintln!("skipped: no letters in {LETTERS}");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(dir.path()).unwrap();
    ingest::run(&index, &[LETTERS.into()], &Quiet).unwrap();
    let searcher = index.searcher().unwrap();

    // Subcategory by file and number, since some letters have no case number.
    let mut subcategory: HashMap<(String, u64), String> = HashMap::new();
    let mut of_letter: Vec<Vec<String>> = Vec::new();
    for line in gold.lines() {
        let letter: Value = serde_json::from_str(line).unwrap();
        let file = letter["file"].as_str().unwrap();
        let of = |d: &Value| d["subcategory"].as_str().unwrap_or_default().to_owned();
        let all: Vec<_> = letter["decisions"].as_array().unwrap().iter().map(of).collect();
        subcategory.extend(all.iter().enumerate().map(|(at, s)| ((file.to_owned(), at as u64 + 1), s.clone())));
        of_letter.push(all);
    }
    let file = |source: &str| Path::new(source).file_name().unwrap().to_str().unwrap().to_owned();

    let (mut same, mut seen, mut chance, mut subjects) = (0, 0, 0.0, 0);
    let mut keys: Vec<String> = Vec::new();
    for query in ["*"] {
        let request = imr::search::Request {
            text: query.into(),
            query: imr::query::Query::All,
            facets: vec![],
            sort: imr::search::Sort::Oldest,
            limit: 1000,
            offset: 0,
            near: false,
        };
        for hit in imr::search::search(&index, &request).unwrap().hits {
            let key = hit.id.split('#').next().unwrap().to_owned();
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    let all: Vec<&String> = subcategory.values().collect();
    for key in &keys {
        let letter = lookup::letter(&index, &searcher, key).unwrap().unwrap();
        for subject in Subject::all(&letter, key) {
            let number = subject.letter.decisions[0].number as u64;
            let Some(own) = subcategory.get(&(file(&letter.source), number)) else { panic!("{} {number}", letter.source) };
            let request = Request { among: None, nearest: NEAREST, limit: NEAREST, offset: 0, same_letter: false, contrast: false };
            let found = similar(&index, subject, &request).unwrap();
            for hit in &found.hits {
                seen += 1;
                same += usize::from(subcategory[&(file(&hit.letter.source), hit.number)] == *own);
            }
            let mine = of_letter.iter().find(|_| true).unwrap();
            let _ = mine;
            chance += (all.iter().filter(|s| **s == own).count() as f64 - 1.0) / (all.len() as f64 - 1.0);
            subjects += 1;
        }
    }
    println!("{same} of {seen} nearest of {subjects} decisions share the subcategory: {:.3}; by chance {:.3}", same as f64 / seen as f64, chance / subjects as f64);
    assert!(same as f64 > 0.5 * seen as f64);
}
