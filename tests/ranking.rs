//! How well hits are ranked: judged queries, and a golden file of what comes first.
//!
//! `tests/ranking.txt` holds queries over the letters of `data/` with the decisions that answer them; `tests/ranking_golden.txt`
//! what the program ranks first for each and what that scores, so that a change of the ranking is seen in review.
//! `IMR_BLESS=1 cargo test --test ranking` writes it anew; read the difference before committing it. Where the real letters are at
//! hand (`../shared/letters`), the queries judged over these must score no less than [`FLOORS`].

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops where it fails, and says what it skips")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use imr::index::Index;
use imr::ingest;
use imr::query::{is_plain, parse, widen};
use imr::search::results::Answer;
use imr::search::{Request, search};

/// Hits that the golden file shows.
const SHOWN: usize = 5;
/// Hits that are asked for.
const LISTED: usize = 100;
/// What the real letters' queries must reach: slightly less than they do.
const FLOORS: Scores = Scores { ndcg: 0.85, recall: 0.96, first: 0.99 };

/// A query, and the grade of each decision that answers it.
struct Judged {
    query: String,
    relevant: BTreeMap<String, u8>,
}

/// Normalised discounted cumulative gain of the first ten, the part of the relevant among the first fifty, and one over the
/// rank of the first relevant.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Scores {
    ndcg: f64,
    recall: f64,
    first: f64,
}

impl std::fmt::Display for Scores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ndcg@10 {:.3}  recall@50 {:.3}  first {:.3}", self.ndcg, self.recall, self.first)
    }
}

/// A hit by its letter's case number or file, and its number.
struct Ranked {
    name: String,
    near: bool,
    item: String,
}

fn score(relevant: &BTreeMap<String, u8>, ranked: &[Ranked]) -> Scores {
    let gain = |grade: u8| f64::from((1_u32 << grade) - 1);
    let discounted = |grades: &mut dyn Iterator<Item = u8>| -> f64 {
        grades.take(10).enumerate().map(|(at, grade)| gain(grade) / (at as f64 + 2.0).log2()).sum()
    };
    let grade = |hit: &Ranked| relevant.get(&hit.name).copied().unwrap_or(0);
    let mut best: Vec<_> = relevant.values().copied().collect();
    best.sort_by(|a, b| b.cmp(a));
    let found = ranked.iter().take(50).filter(|hit| grade(hit) > 0).count();
    let first = ranked.iter().position(|hit| grade(hit) > 0);
    Scores {
        ndcg: discounted(&mut ranked.iter().map(grade)) / discounted(&mut best.into_iter()),
        recall: found as f64 / relevant.len().min(50) as f64,
        first: first.map_or(0.0, |at| 1.0 / (at as f64 + 1.0)),
    }
}

fn mean(scores: &[Scores]) -> Scores {
    let sum = |part: fn(&Scores) -> f64| scores.iter().map(part).sum::<f64>() / scores.len() as f64;
    Scores { ndcg: sum(|s| s.ndcg), recall: sum(|s| s.recall), first: sum(|s| s.first) }
}

/// The answer that a user gets for a query.
fn answer(index: &Index, text: &str, near: bool, related: bool) -> Answer {
    let request = Request {
        text: text.to_owned(),
        query: widen(parse(text, jiff::civil::date(2017, 3, 31)).unwrap()),
        limit: LISTED,
        near,
        related,
        ..Request::default()
    };
    search(index, &request).unwrap()
}

/// The list of it.
fn ranked(index: &Index, text: &str) -> Vec<Ranked> {
    let hits = answer(index, text, is_plain(text), true).hits.into_iter();
    hits.map(|hit| {
        let letter = hit.letter.case_number.clone().unwrap_or_else(|| {
            let file = hit.letter.source.rsplit('/').next().unwrap_or_default();
            file.split('.').next().unwrap_or_default().to_owned()
        });
        let item = hit.letter.decisions.first().map(|d| d.item.clone()).unwrap_or_default();
        Ranked { name: format!("{letter}#{}", hit.number), near: hit.near, item }
    })
    .collect()
}

fn indexed(letters: &Path, dir: &Path) -> Index {
    let index = Index::open_or_create(dir).unwrap();
    ingest::run(&index, &[letters.to_owned()], &()).unwrap();
    index
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The queries of `tests/ranking.txt`: a line at the margin is a query, those set in after it are its answers.
fn judged() -> Vec<Judged> {
    let mut all: Vec<Judged> = Vec::new();
    for line in fs::read_to_string(file("tests/ranking.txt")).unwrap().lines() {
        match line.strip_prefix("    ") {
            Some(answer) => {
                let Some((grade, names)) = answer.split_once(": ").filter(|(grade, _)| grade.parse::<u8>().is_ok()) else {
                    assert!(answer.starts_with("wants "), "{answer}");
                    continue;
                };
                let relevant = &mut all.last_mut().unwrap().relevant;
                relevant.extend(names.split(' ').map(|name| (name.to_owned(), grade.parse::<u8>().unwrap())));
            }
            None if line.is_empty() || line.starts_with('#') => {}
            None => all.push(Judged { query: line.to_owned(), relevant: BTreeMap::new() }),
        }
    }
    all
}

#[test]
fn our_own_letters_are_ranked_as_the_golden_file_shows() {
    let judged = judged();
    assert!(judged.len() >= 25 && judged.iter().all(|q| !q.relevant.is_empty()));
    let dir = tempfile::tempdir().unwrap();
    let index = indexed(&file("data"), dir.path());
    let known: Vec<_> = ranked(&index, "*").into_iter().map(|hit| hit.name).collect();
    let mut golden = String::new();
    let mut scores = Vec::new();
    for Judged { query, relevant } in &judged {
        assert!(relevant.keys().all(|name| known.contains(name)), "a decision that is not there: {query}");
        let hits = ranked(&index, query);
        let score = score(relevant, &hits);
        writeln!(golden, "{query}\n    {score}").unwrap();
        for hit in hits.iter().take(SHOWN) {
            let grade = relevant.get(&hit.name).map_or("-".to_owned(), u8::to_string);
            let item: String = hit.item.chars().take(70).collect();
            writeln!(golden, "    {grade} {} {:20} {item}", if hit.near { "near" } else { "all " }, hit.name).unwrap();
        }
        scores.push(score);
    }
    writeln!(golden, "mean of {}\n    {}", scores.len(), mean(&scores)).unwrap();
    let path = file("tests/ranking_golden.txt");
    if std::env::var_os("IMR_BLESS").is_some() {
        fs::write(&path, &golden).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap();
    let changed: Vec<_> = golden.lines().zip(before.lines()).filter(|(now, before)| now != before).take(20).collect();
    assert!(golden == before, "IMR_BLESS=1 writes the file anew; now and before: {changed:#?}");
}

#[test]
fn near_matches_and_what_is_related_change_no_count() {
    let dir = tempfile::tempdir().unwrap();
    let index = indexed(&file("data"), dir.path());
    let (mut near, mut related) = (0, 0);
    for Judged { query, .. } in judged().iter().filter(|q| is_plain(&q.query)) {
        let [strict, exact, wide] = [(false, false), (true, false), (true, true)].map(|(n, r)| answer(&index, query, n, r));
        assert_eq!((strict.near, strict.related.len(), exact.related.len()), (Some(0), 0, 0), "{query}");
        for answer in [&exact, &wide] {
            assert_eq!((answer.total, answer.outcomes), (strict.total, strict.outcomes), "{query}");
            let full = answer.hits.iter().take_while(|hit| !hit.near).count();
            assert_eq!(full as u64, strict.total.decisions, "{query}: near matches stand behind");
            assert_eq!(Some((answer.hits.len() - full) as u64), answer.near, "{query}");
            let ids = |answer: &Answer| answer.hits.iter().take(full).map(|hit| hit.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids(answer), ids(&strict), "{query}");
        }
        assert!(exact.near <= wide.near, "{query}");
        (near, related) = (near + wide.near.unwrap_or(0), related + wide.related.len());
    }
    assert!(near > 100 && related > 20, "{near} near matches, {related} related");
}

#[test]
fn a_quotation_is_counted_as_written_and_its_words_are_near() {
    let dir = tempfile::tempdir().unwrap();
    let index = indexed(&file("data"), dir.path());
    let phrase = answer(&index, "\"home exercise program\"", true, true);
    let words = answer(&index, "home exercise program", false, false);
    let strict = answer(&index, "\"home exercise program\"", false, false);
    assert_eq!(phrase.total, strict.total);
    assert!(words.total.decisions > phrase.total.decisions && phrase.near > Some(0));
    let listed: Vec<_> = phrase.hits.iter().map(|hit| &hit.id).collect();
    assert!(words.hits.iter().all(|hit| listed.contains(&&hit.id)), "{listed:?}");
}

#[test]
fn real_letters_are_ranked_no_worse_than_they_were() {
    let letters = file("../shared/letters");
    let Ok(judged) = fs::read_to_string(letters.join("relevance.jsonl")) else {
        eprintln!("skipped: there are no real letters beside the project");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let index = indexed(&letters, dir.path());
    let mut scores = Vec::new();
    for line in judged.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let relevant: BTreeMap<String, u8> = serde_json::from_value(line["relevant"].clone()).unwrap();
        let query = line["query"].as_str().unwrap();
        let score = score(&relevant, &ranked(&index, query));
        eprintln!("{score}  {query}");
        scores.push(score);
    }
    let mean = mean(&scores);
    eprintln!("{mean}  mean of {}", scores.len());
    assert!(mean.ndcg >= FLOORS.ndcg && mean.recall >= FLOORS.recall && mean.first >= FLOORS.first, "{mean}");
}

#[test]
fn a_list_is_scored_as_by_hand() {
    let hit = |name: &str| Ranked { name: name.to_owned(), near: false, item: String::new() };
    let relevant = [("a".to_owned(), 2), ("b".to_owned(), 1)].into();
    assert_eq!(score(&relevant, &[hit("a"), hit("b")]), Scores { ndcg: 1.0, recall: 1.0, first: 1.0 });
    let got = score(&relevant, &[hit("x"), hit("b")]);
    // Found at the second place: gain 1 by log2(3), of 3 + 1 by log2(3).
    let expected = (1.0 / 3_f64.log2()) / (3.0 + 1.0 / 3_f64.log2());
    assert!((got.ndcg - expected).abs() < 1e-9);
    assert_eq!((got.recall, got.first), (0.5, 0.5));
    assert_eq!(score(&relevant, &[]), Scores::default());
}
