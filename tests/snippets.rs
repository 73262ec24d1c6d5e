//! What is shown of a hit, of real letters and of those of `data/`: never nothing, and nothing that the letter does not say.
//!
//! The queries are made of the letters' own words, in every form that a query has.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops where it fails, and says what it skips")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use imr::field::{self, Field, Unit};
use imr::index::Index;
use imr::ingest::{self, Progress};
use imr::query::{is_plain, parse, widen};
use imr::record::Letter;
use imr::search::results::{Hit, Snippet};
use imr::search::{Request, lookup, search};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const QUERIES: usize = 100;
/// Passages asked for.
const MOST: usize = 3;
/// Queries that no words are shown for.
const FILTERS: [&str; 8] =
    ["*", "overturned", "specialty:pain", "age:40..60", "-rationale:*", "case:CM", "drug:* -summary:*", "body:knee"];

struct Quiet;

impl Progress for Quiet {
    fn start(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}

/// The letters of an index by what they are called.
fn letters(index: &Index) -> BTreeMap<String, Letter> {
    let searcher = index.view().unwrap();
    let every = search(index, &Request { passages: 0, ..Request::default() }).unwrap();
    let names = every.hits.iter().map(|hit| name(hit).to_owned());
    names.map(|name| (name.clone(), lookup::letter(index, &searcher, &name).unwrap().unwrap())).collect()
}

fn name(hit: &Hit) -> &str {
    hit.id.split('#').next().unwrap()
}

/// The texts of a field of a hit.
fn texts(letter: &Letter, number: u64, field: &'static Field) -> Vec<String> {
    let decision = letter.decisions.iter().find(|d| u64::from(d.number) == number);
    field.texts(Unit { letter, decision }).map(std::borrow::Cow::into_owned).collect()
}

/// Some words that stand side by side in a letter, as a query in one of its forms.
fn query(letters: &BTreeMap<String, Letter>) -> impl Strategy<Value = String> + use<> {
    let of = |letter: &Letter| -> Vec<String> {
        let numbers = letter.decisions.iter().map(|d| u64::from(d.number)).chain([0]);
        numbers.flat_map(|number| field::texts().flat_map(move |field| texts(letter, number, field))).collect()
    };
    let texts: Vec<Vec<String>> =
        letters.values().flat_map(of).map(|text| text.split_whitespace().map(str::to_owned).collect()).collect();
    (select(texts), 0..12, 1..5_usize, any::<prop::sample::Index>()).prop_map(|(words, form, count, at)| {
        let at = at.index(words.len().max(1));
        let words: Vec<_> = words.iter().skip(at).take(count).map(String::as_str).collect();
        let [first, .., last] = [&["pain", "pain"], words.as_slice()].concat()[..] else { return "pain".to_owned() };
        let second = words.first().copied().unwrap_or(first);
        match form {
            0..4 => words.join(" "),
            4 => format!("\"{}\"", words.join(" ")),
            5 => words.join(" OR "),
            6 => format!("{second} /s {last}"),
            7 => format!("{second} /8 {last}"),
            8 => format!("{}*", second.chars().take(4).collect::<String>()),
            9 => format!("rationale:{last} -{second}"),
            10 => format!("item:{second}"),
            _ => format!("{second}~1"),
        }
    })
}

/// Whether no word goes on over that place: of `10mg` the index makes two.
fn is_bound(text: &str, at: usize) -> bool {
    let (before, behind) = (text[..at].chars().next_back(), text[at..].chars().next());
    let within = |before: char, behind: char| {
        before.is_alphanumeric() && behind.is_alphanumeric() && !(before.is_numeric() && behind.is_alphabetic())
    };
    !before.zip(behind).is_some_and(|(before, behind)| within(before, behind))
}

/// Whether a passage stands in a text, whole words of it and marks that are words.
fn stands_in(snippet: &Snippet, texts: &[String]) -> bool {
    let bare = snippet.text.trim_start_matches("… ").trim_end_matches(" …");
    let whole = |text: &String| text.match_indices(bare).any(|(at, _)| is_bound(text, at) && is_bound(text, at + bare.len()));
    let marked =
        |mark: &Range<usize>| [mark.start, mark.end].into_iter().all(|at| is_bound(&snippet.text, at)) && !mark.is_empty();
    bare.contains(char::is_alphanumeric) && texts.iter().any(whole) && snippet.marks.iter().all(marked)
}

/// Asks a query and looks at all that it shows; how many hits that were.
fn shown(index: &Index, letters: &BTreeMap<String, Letter>, text: &str) -> usize {
    let Ok(query) = parse(text, jiff::civil::date(2017, 3, 31)) else { return 0 };
    let request =
        Request { text: text.to_owned(), query: widen(query), passages: MOST, near: is_plain(text), ..Request::default() };
    let answer = search(index, &request).unwrap();
    for hit in &answer.hits {
        assert!((1..=MOST).contains(&hit.snippets.len()), "{} of {text}: {:?}", hit.id, hit.snippets);
        for snippet in &hit.snippets {
            let of = texts(&letters[name(hit)], hit.number, field::find(snippet.field).unwrap());
            assert!(stands_in(snippet, &of), "{} of {text}: {snippet:?}", hit.id);
        }
    }
    answer.hits.len()
}

fn every_hit_shows_something(folder: &Path) {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(dir.path()).unwrap();
    ingest::run(&index, &[folder.to_owned()], &Quiet).unwrap();
    let letters = letters(&index);
    let (queries, mut runner) = (query(&letters), TestRunner::deterministic());
    let made = (0..QUERIES).map(|_| queries.new_tree(&mut runner).unwrap().current());
    let hits: usize = made.chain(FILTERS.map(str::to_owned)).map(|text| shown(&index, &letters, &text)).sum();
    assert!(hits > 10 * letters.len(), "{hits} hits");
}

#[test]
fn every_hit_of_the_sample_letters_shows_something() {
    every_hit_shows_something(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data"));
}

#[test]
fn every_hit_of_the_published_letters_shows_something() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/letters");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    }
    every_hit_shows_something(&folder);
}
