//! Letters that nobody has read, made with the records that must be read from them: every field, every count and every facet.
//!
//! The corpus is that of examples/corpus. `IMR_CORPUS_LETTERS=100000 cargo test --release --test corpus` runs the same on more letters.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops where it fails, and tells what it measures")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;

use imr::record::{Decision, Letter, Outcome};
use serde_json::Value;

#[path = "../examples/corpus/maker/mod.rs"]
mod maker;

use maker::Form;
use maker::lexicon::List;
use maker::write::{Corpus, SHARD};

const SEED: u64 = 1;

/// How many letters of each form.
fn letters() -> u64 {
    std::env::var("IMR_CORPUS_LETTERS").ok().and_then(|n| n.parse().ok()).unwrap_or(300)
}

fn written(form: Form, numbers: std::ops::Range<u64>) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    Corpus { seed: SEED, numbers, form, flat: false }.write(dir.path(), |_| ()).unwrap();
    dir
}

/// What the program prints.
fn imr(args: &[&str], path: &Path) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_imr")).args(args).arg(path).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Records by the end of their source: `0000/CM16-0000001.txt`.
fn by_source(lines: impl Iterator<Item = String>) -> BTreeMap<String, Value> {
    let records = lines.map(|line| serde_json::from_str::<Value>(&line).unwrap());
    records
        .map(|mut record| {
            let source = record.as_object_mut().unwrap().remove("source").unwrap();
            let parts: Vec<_> = source.as_str().unwrap().rsplit('/').take(2).collect();
            (if parts[0].contains('!') { parts[0].to_owned() } else { format!("{}/{}", parts[1], parts[0]) }, record)
        })
        .collect()
}

/// Where two values differ: the way to the field, and both.
fn differences(at: &str, want: &Value, got: &Value, all: &mut Vec<String>) {
    match (want, got) {
        (Value::Object(want), Value::Object(got)) if want.keys().eq(got.keys()) => {
            want.iter().for_each(|(key, want)| differences(&format!("{at}.{key}"), want, &got[key], all));
        }
        (Value::Array(want), Value::Array(got)) if want.len() == got.len() => {
            want.iter().zip(got).enumerate().for_each(|(i, (want, got))| differences(&format!("{at}[{i}]"), want, got, all));
        }
        _ if want != got => all.push(format!("{at}\n  true: {want}\n  read: {got}")),
        _ => {}
    }
}

/// A thousand letters at a time, so that memory does not grow with their number.
fn every_field_is_read(form: Form) {
    // Rows hold the same text as files of text, and there are no folders in them to go by.
    let letters = if form == Form::Jsonl { letters().min(SHARD) } else { letters() };
    let dir = written(form, 0..letters);
    let truth = BufReader::new(File::open(dir.path().join("truth.jsonl")).unwrap());
    let mut lines = truth.lines().map(Result::unwrap).peekable();
    let mut all = Vec::new();
    for shard in 0.. {
        if lines.peek().is_none() {
            break;
        }
        let truth = by_source(lines.by_ref().take(SHARD as usize));
        let file = if form == Form::Jsonl { "letters.jsonl".to_owned() } else { format!("{shard:04}") };
        let read = by_source(imr(&["parse"], &dir.path().join(file)).lines().map(str::to_owned));
        assert!(truth.keys().eq(read.keys()), "every letter is read, and no other");
        truth.iter().for_each(|(source, want)| differences(source, want, &read[source], &mut all));
    }
    assert!(all.is_empty(), "{} fields of {letters} letters are misread:\n{}", all.len(), all[..all.len().min(8)].join("\n"));
}

#[test]
fn every_field_of_letters_of_text_is_read() {
    every_field_is_read(Form::Text);
}

#[test]
fn every_field_of_pdfs_is_read() {
    every_field_is_read(Form::Pdf);
}

#[test]
fn every_field_of_a_file_of_rows_is_read() {
    every_field_is_read(Form::Jsonl);
}

#[test]
fn every_field_of_letters_without_header_is_read() {
    every_field_is_read(Form::Bare);
}

#[test]
fn a_letter_depends_on_its_number_and_the_seed_only() {
    let made = |seed, number| maker::letter(seed, number, Form::Text).bytes;
    assert_eq!(made(SEED, 7), made(SEED, 7));
    assert_ne!(made(SEED, 7), made(SEED + 1, 7));
    let (few, more) = (written(Form::Text, 0..20), written(Form::Text, 0..40));
    let (few, more) = (few.path(), more.path());
    let text = |dir: &Path| fs::read_to_string(dir.join("truth.jsonl")).unwrap();
    assert!(text(more).starts_with(&text(few)), "twenty letters are the first of forty");
    for file in fs::read_dir(few.join("0000")).unwrap().map(|entry| entry.unwrap().path()) {
        let same = more.join("0000").join(file.file_name().unwrap());
        assert_eq!(fs::read(&file).unwrap(), fs::read(same).unwrap());
    }
}

#[test]
fn words_of_different_ranks_are_different() {
    for list in [List::Term, List::Name, List::Code] {
        let mut ranks = HashMap::new();
        let misspelt = |rank: u64| list == List::Term && rank % 11 == 10;
        for rank in (0..100_000).filter(|rank| !misspelt(*rank)) {
            let word = list.spelt(rank);
            assert_eq!(ranks.insert(word.clone(), rank), None, "{list:?} {rank}: {word}");
        }
    }
}

/// Heaps' law: of n words K n^b are different, and b is between 0.4 and 0.6 in natural text; see examples/corpus/maker/lexicon.rs.
#[test]
fn the_vocabulary_grows_as_that_of_natural_text() {
    let (mut words, mut different) = (0_u32, HashSet::new());
    let mut points = Vec::new();
    for number in 0..2000 {
        let truth = maker::letter(SEED, number, Form::Text).truth;
        let decided = truth
            .decisions
            .iter()
            .flat_map(|d| [Some(&d.item), d.claims_guideline.as_ref(), d.imr_guideline.as_ref(), d.rationale.as_ref()]);
        for text in decided.chain([truth.summary.as_ref()]).flatten() {
            for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
                words += 1;
                different.insert(word.to_lowercase());
            }
        }
        if [20, 200, 2000].contains(&(number + 1)) {
            points.push((f64::from(words), different.len() as f64));
        }
    }
    for pair in points.windows(2) {
        let b = (pair[1].1 / pair[0].1).ln() / (pair[1].0 / pair[0].0).ln();
        let k = pair[1].1 / pair[1].0.powf(b);
        eprintln!("{:.0} of {:.0} words are different: b = {b:.3}, K = {k:.1}", pair[1].1, pair[1].0);
        assert!((0.4..=0.6).contains(&b), "b = {b:.3}");
    }
}

type Values = fn(&Letter, &Decision) -> Vec<String>;
type Asks = fn(&Letter, &Decision) -> bool;

/// The facets, as the docs define them, counted without the program.
const FACETS: &[(&str, Values)] = &[
    ("outcome", |_, d| d.outcome.iter().map(|o| o.name().to_owned()).collect()),
    ("category", |_, d| d.category.iter().cloned().collect()),
    ("subcategory", |_, d| d.subcategory.iter().cloned().collect()),
    ("body", |_, d| d.body.clone()),
    ("drug", |_, d| d.drug.iter().flat_map(|drug| drug.split('/').chain([drug.as_str()])).map(str::to_owned).collect()),
    ("specialty", |l, _| l.specialties.clone()),
    ("licensure", |l, _| l.licensure.clone()),
    ("gender", |l, _| l.gender.iter().cloned().collect()),
    ("age-band", |l, _| l.age.iter().map(|age| format!("{0}0-{0}9", age / 10)).collect()),
    ("year", |l, _| l.decision_date.iter().map(|day| day.year().to_string()).collect()),
    ("priority", |l, _| l.priority.iter().cloned().collect()),
    ("guidelines", |_, d| d.guidelines.clone()),
];

/// A filter: its field, how it is written, and what it asks for.
struct Filter(&'static str, &'static str, Asks);

/// Queries, each of filters that are joined.
const QUERIES: &[&[Filter]] = &[
    &[],
    &[Filter("outcome", "overturned", |_, d| d.outcome == Some(Outcome::Overturned))],
    &[Filter("outcome", "NOT overturned", |_, d| d.outcome != Some(Outcome::Overturned))],
    &[
        Filter("specialty", "specialty:\"Pain Management\"", |l, _| l.specialties.iter().any(|s| s == "Pain Management")),
        Filter("age", "age:40..49", |l, _| l.age.is_some_and(|a| (40..=49).contains(&a))),
    ],
    &[
        Filter("decided", "decided:2016-03..2017-02", |l, _| {
            l.decision_date.is_some_and(|day| ((2016, 3)..=(2017, 2)).contains(&(day.year(), day.month())))
        }),
        Filter("outcome", "upheld", |_, d| d.outcome == Some(Outcome::Upheld)),
    ],
    &[
        Filter("category", "category:Pharmaceuticals", |_, d| d.category.as_deref() == Some("Pharmaceuticals")),
        Filter("gender", "gender:female", |l, _| l.gender.as_deref() == Some("female")),
    ],
    &[
        Filter("body", "body:lumbar", |_, d| d.body.iter().any(|b| b == "lumbar")),
        Filter("guidelines", "guidelines:ODG", |_, d| d.guidelines.iter().any(|g| g == "ODG")),
        Filter("priority", "-priority:expedited", |l, _| l.priority.as_deref() != Some("Expedited")),
    ],
];

/// Decisions and those of them that were overturned, by value; those without a value too.
type Counts = BTreeMap<Option<String>, (u64, u64)>;

fn counted<'a>(decisions: impl Iterator<Item = (&'a Letter, &'a Decision)>, values: Values) -> Counts {
    let mut counts = Counts::new();
    for (letter, decision) in decisions {
        let values: HashSet<_> = values(letter, decision).into_iter().map(Some).collect();
        for value in if values.is_empty() { HashSet::from([None]) } else { values } {
            let (decisions, overturned) = counts.entry(value).or_default();
            *decisions += 1;
            *overturned += u64::from(decision.outcome == Some(Outcome::Overturned));
        }
    }
    counts
}

fn printed(facet: &Value) -> Counts {
    let number = |entry: &Value, key: &str| entry[key].as_u64().unwrap();
    let entries = facet.as_array().unwrap().iter();
    entries.map(|e| (e["value"].as_str().map(str::to_owned), (number(e, "decisions"), number(e, "overturned")))).collect()
}

/// What is counted of a letter.
fn without_texts(letter: Letter) -> Letter {
    let bare = |d: Decision| Decision { claims_guideline: None, imr_guideline: None, rationale: None, ..d };
    Letter { summary: None, decisions: letter.decisions.into_iter().map(bare).collect(), ..letter }
}

#[test]
fn counts_and_facets_are_those_of_the_true_records() {
    let dir = written(Form::Text, 0..letters());
    let index = dir.path().join("index");
    imr(&["index", "--index", index.to_str().unwrap()], dir.path());
    let truth = BufReader::new(File::open(dir.path().join("truth.jsonl")).unwrap());
    let truth: Vec<Letter> = truth.lines().map(|line| without_texts(serde_json::from_str(&line.unwrap()).unwrap())).collect();
    for filters in QUERIES {
        // A facet leaves out its own filter: docs/facets.md.
        let found = |without: &str| {
            let without = without.to_owned();
            let decisions = truth.iter().flat_map(|l| l.decisions.iter().map(move |d| (l, d)));
            decisions.filter(move |(l, d)| filters.iter().filter(|f| f.0 != without).all(|f| f.2(l, d)))
        };
        let query =
            if filters.is_empty() { "*".to_owned() } else { filters.iter().map(|f| f.1).collect::<Vec<_>>().join(" AND ") };
        let facets = FACETS.iter().flat_map(|(name, _)| ["--facet", name]);
        let args = ["query", &query, "--format", "json", "--limit", "0", "--index", index.to_str().unwrap()];
        let out = Command::new(env!("CARGO_BIN_EXE_imr")).args(args).args(facets).output().unwrap();
        let answer: Value = serde_json::from_slice(&out.stdout).unwrap();
        let cases: HashSet<_> = found("").map(|(l, _)| &l.case_number).collect();
        let overturned = found("").filter(|(_, d)| d.outcome == Some(Outcome::Overturned)).count();
        assert!(cases.len() > 1, "{query} tries something");
        assert_eq!(answer["total"]["decisions"], found("").count(), "{query}");
        assert_eq!(answer["total"]["letters"], cases.len(), "{query}");
        assert_eq!(answer["outcomes"]["overturned"], overturned, "{query}");
        for (name, values) in FACETS {
            let (got, want) = (printed(&answer["facets"][name]), counted(found(name), *values));
            // Those that differ, and not all values of both.
            let other = |these: &Counts, those: &Counts| -> Counts {
                these.iter().filter(|(value, counts)| those.get(*value) != Some(*counts)).map(|(v, c)| (v.clone(), *c)).collect()
            };
            assert_eq!(other(&got, &want), other(&want, &got), "{query}: {name}: counted, and true");
        }
    }
}
