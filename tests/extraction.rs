//! Real letters against the fields that were read by hand, where the letters are at hand (`../shared/letters`).
//!
//! PDFs are read through `pdftotext -layout` where it is installed, so that this holds the letter parser alone. Texts are
//! compared by their letters and digits, as the scoring of the project does.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops where it fails, and says what it skips")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use imr::letter::parse;
use imr::text::Text;
use serde_json::Value;

/// No field may be right less often.
const LEAST: f64 = 0.995;

const LETTER: &[&str] = &[
    "case_number",
    "date_assigned",
    "decision_date",
    "injury_date",
    "ur_denial_date",
    "received_date",
    "priority",
    "age",
    "gender",
    "licensure",
    "specialties",
];
const DECISION: &[&str] = &["item", "disputed", "outcome", "claims_guideline", "imr_guideline", "rationale"];

#[derive(Default)]
struct Tally(BTreeMap<String, (usize, usize, Vec<String>)>);

impl Tally {
    fn add(&mut self, field: &str, file: &str, right: bool) {
        let (rights, of, misses) = self.0.entry(field.to_owned()).or_default();
        *of += 1;
        *rights += usize::from(right);
        if !right {
            misses.push(file.to_owned());
        }
    }
}

/// A value as it is compared: small letters and digits, `&` as `and`.
fn key(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Array(values) => values.iter().map(key).collect::<Vec<_>>().join(","),
        Value::String(text) => {
            text.replace('&', "and").chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        }
        other => other.to_string(),
    }
}

fn text_of(path: &Path) -> Option<String> {
    if path.extension()? == "txt" {
        return Some(String::from_utf8_lossy(&fs::read(path).ok()?).into_owned());
    }
    let out = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(path).arg("-").output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
}

#[test]
fn every_field_of_the_real_letters_is_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/letters");
    let Ok(gold) = fs::read_to_string(folder.join("gold.jsonl")) else {
        eprintln!("skipped: no ../shared/letters");
        return;
    };
    let mut tally = Tally::default();
    let (mut read, mut unread) = (0, 0);
    for line in gold.lines().filter(|l| !l.trim().is_empty()) {
        let gold: Value = serde_json::from_str(line).unwrap();
        let file = gold["file"].as_str().unwrap();
        let Some(text) = text_of(&folder.join(file)) else {
            unread += 1;
            continue;
        };
        read += 1;
        let got = serde_json::to_value(parse(file, &Text { text, ..Text::default() })).unwrap();
        score(&mut tally, file, &gold, &got);
    }
    assert!(read >= 5, "the text letters are there");
    if unread > 0 {
        eprintln!("skipped {unread} PDFs: pdftotext is not installed");
    }
    for (field, (right, of, misses)) in &tally.0 {
        eprintln!("{field:22} {right:4} of {of:4}");
        assert!(*right as f64 >= LEAST * *of as f64, "{field}: {misses:?}");
    }
}

fn score(tally: &mut Tally, file: &str, gold: &Value, got: &Value) {
    for field in LETTER {
        // Where the gold is silent there is nothing to compare, but for what a letter may not state.
        if !gold[field].is_null() || ["age", "gender"].contains(field) {
            tally.add(field, file, key(&gold[field]) == key(&got[field]));
        }
    }
    let none = Vec::new();
    let (gold, got) = (gold["decisions"].as_array().unwrap_or(&none), got["decisions"].as_array().unwrap_or(&none));
    tally.add("number of decisions", file, gold.len() == got.len());
    for (i, gold) in gold.iter().enumerate() {
        for field in DECISION.iter().filter(|f| !gold[**f].is_object()) {
            tally.add(field, file, got.get(i).is_some_and(|got| key(&gold[field]) == key(&got[field])));
        }
    }
}
