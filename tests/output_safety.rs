//! Whatever stands in a letter, a record, a file's name or a query: no command writes what a terminal obeys, every JSON is JSON, and
//! no cell of CSV is a formula.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use proptest::prelude::*;
use serde_json::{Value, json};

/// What a terminal, a spreadsheet or a reader of lines might obey. The colour is one that imr does not use.
const PIECES: [&str; 26] = [
    "\u{1b}[45m",
    "\u{1b}]8;;http://x\u{1b}\\",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "\u{9d}0;x\u{9c}",
    "\u{90}q\u{9c}",
    "\u{202e}",
    "\u{2066}",
    "\u{200f}",
    "\u{61c}",
    "\u{2028}",
    "\u{e0041}",
    "\u{7f}",
    "\u{8}",
    "\r",
    "\n",
    "\t",
    "=1+1",
    "@sum(a1)",
    "-2",
    "+3",
    "＝4",
    "\"",
    "<b>",
    "\\u001b",
    "word ",
];

/// How an output is read.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Text,
    Json,
    Lines,
    Csv,
}

use Form::{Csv, Json, Lines, Text};

struct Place(tempfile::TempDir);

impl Place {
    /// An index of letters that have `hostile` in every field.
    fn of(hostile: &str) -> Self {
        let place = Place(tempfile::tempdir().unwrap());
        let name: String = hostile.chars().filter(|c| *c != '/' && *c != '\0').take(40).collect();
        fs::create_dir(place.path().join("letters")).unwrap();
        fs::write(place.path().join(format!("letters/{name}.txt")), "").unwrap();
        let letter =
            format!("The zebrafish {hostile} wheelchair was refused, and a long text of it was written for all to read.\n");
        fs::write(place.path().join(format!("letters/a{name}.txt")), letter).unwrap();
        let page = format!("<html><p>{} zebrafish</p>", hostile.replace('<', "&lt;"));
        fs::write(place.path().join("letters/page.html"), page).unwrap();
        let records: String = (1..=6).map(|n| format!("{}\n", record(n, hostile))).collect();
        fs::write(place.path().join("records.jsonl"), records).unwrap();
        let rows = json!({"text": "a letter of zebrafish", "case_number": hostile, "decision_date": hostile});
        fs::write(place.path().join("rows.jsonl"), format!("{rows}\n{{\"{}\": 1}}\n", hostile.escape_default())).unwrap();
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn imr(&self, args: &[&str], colour: bool) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
        command.args(args).env_remove("IMR_INDEX").current_dir(self.path());
        match colour {
            true => command.env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR"),
            false => command.env("NO_COLOR", "1"),
        };
        command.output().unwrap()
    }

    fn holds(&self, args: &[&str], form: Form) {
        for colour in [false, true] {
            let Output { stdout, stderr, .. } = self.imr(args, colour);
            let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
            for text in [&out, &err] {
                let text = if colour { without_colours(text) } else { text.clone() };
                let steers = text.chars().find(|c| steers(*c));
                assert!(steers.is_none(), "{args:?} writes {steers:?}: {text:?}");
            }
            match form {
                Text => {}
                Json if out.is_empty() => assert!(!err.is_empty(), "{args:?} says nothing"),
                Json => drop(serde_json::from_str::<Value>(&out).unwrap_or_else(|e| panic!("{args:?}: {e}: {out}"))),
                Lines => out.lines().for_each(|line| {
                    serde_json::from_str::<Value>(line).unwrap_or_else(|e| panic!("{args:?}: {e}: {line}"));
                }),
                Csv => cells(&out).iter().for_each(|cell| assert!(!is_formula(cell), "{args:?} writes the cell {cell:?}")),
            }
        }
    }
}

fn steers(c: char) -> bool {
    let marks = "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    c != '\n' && (c.is_control() || marks.contains(c) || ('\u{e0000}'..='\u{e007f}').contains(&c))
}

/// Without the colours that imr sets; those of a letter would stay.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('m') {
            Some((codes, rest)) if codes != "45" && codes.chars().all(|c| c.is_ascii_digit() || c == ';') => out += rest,
            _ => out += &format!("\u{1b}[{part}"),
        }
    }
    out
}

fn cells(table: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table.as_bytes());
    reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn is_formula(cell: &str) -> bool {
    cell.parse::<f64>().is_err() && cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// A record with `hostile` wherever a text can stand.
fn record(number: u32, hostile: &str) -> Value {
    let text = |about: &str| format!("{hostile} {about} zebrafish {hostile} wheelchair");
    let outcome = if number.is_multiple_of(2) { "upheld" } else { "overturned" };
    json!({
        "schema": 1, "source": text("source"), "layout": "current", "case_number": format!("CM99-000000{number}"),
        "date_assigned": null, "decision_date": "2016-12-19", "injury_date": null, "ur_denial_date": null, "received_date": null,
        "priority": text("priority"), "licensure": [text("state")], "specialties": [text("specialty"), hostile], "age": 46,
        "gender": text("gender"), "summary": text("summary"),
        "decisions": [{
            "number": 1, "item": text("item"), "disputed": text("disputed"), "outcome": outcome, "category": hostile,
            "subcategory": text("subcategory"), "body": [text("body")], "drug": [hostile], "claims_guideline": text("claims"),
            "imr_guideline": text("guideline"), "guidelines": [hostile], "rationale": text("rationale"),
        }],
        "warnings": [text("warning")],
    })
}

/// Every command in every form, of an index made of hostile letters, asked with hostile words.
fn every_command_is_safe(hostile: &str) {
    // No argument of a program has a zero.
    let hostile = &hostile.replace('\0', "");
    let place = Place::of(hostile);
    place.holds(&["index", "letters", "records.jsonl", "rows.jsonl", hostile], Text);
    let quoted = &format!("zebrafish {}", hostile.replace('"', ""));
    let phrase = &format!("\"{}\"", hostile.replace('"', ""));
    let filter = &format!("category:\"{}\"", hostile.replace('"', ""));
    for query in ["zebrafish", "*", "zebrafish wheelchair overturned", hostile, quoted, phrase, filter, "zebrafish AND ("] {
        place.holds(&["query", query], Text);
        place.holds(&["query", query, "--format", "json"], Json);
    }
    let all = ["query", "zebrafish", "--facet", "all", "--explain", "--snippets", "5"];
    place.holds(&all, Text);
    place.holds(&[&all[..], &["--format", "json"]].concat(), Json);
    place.holds(&["query", "zebrafish", "--format", "jsonl"], Lines);
    place.holds(&["query", "zebrafish", "--format", "ids"], Text);
    place.holds(&["query", "*", "--facet", "all", "--format", "csv"], Csv);
    place.holds(&["query", "*", "--facet", "specialty", "--by", "category", "--format", "csv"], Csv);
    place.holds(&["query", filter, "--facet", "category", "--format", "csv"], Csv);
    place.holds(&["query", "*", "--facet", "specialty", "--by", "category"], Text);
    place.holds(&["query", "*", "--facet", hostile], Text);
    place.holds(&["query", quoted, "--save", hostile], Text);
    place.holds(&["query", quoted, "--save", "name"], Text);
    place.holds(&["query", "@name"], Text);
    place.holds(&["query", &format!("@{hostile}")], Text);
    place.holds(&["saved"], Text);
    place.holds(&["saved", "--format", "jsonl"], Lines);
    place.holds(&["saved", "--forget", hostile], Text);
    for id in ["CM99-0000001", "CM99-0000001#1", "CM99-0000001#7", hostile] {
        place.holds(&["show", "--query", quoted, "--", id], Text);
        place.holds(&["show", "--format", "json", "--", id], Json);
    }
    for subject in ["CM99-0000001", "letters/page.html", hostile] {
        place.holds(&["similar", "--contrast", "--where", "*", "--", subject], Text);
        place.holds(&["similar", "--format", "json", "--", subject], Json);
        place.holds(&["similar", "--format", "jsonl", "--", subject], Lines);
        place.holds(&["similar", "--format", "ids", "--", subject], Text);
    }
    place.holds(&["stats"], Text);
    place.holds(&["stats", "--format", "json"], Json);
    place.holds(&["parse", "--explain", "letters", "records.jsonl", "rows.jsonl"], Lines);
    place.holds(&["parse", "--check", "letters"], Text);
    place.holds(&["parse", "--check", "--format", "json", "letters"], Lines);
    place.holds(&["check"], Text);
    place.holds(&["check", "--format", "json"], Json);
    place.holds(&["index", "--rebuild"], Text);
    fs::remove_dir_all(place.path().join("letters")).unwrap();
    place.holds(&["index", "--prune=folders", "letters", "records.jsonl"], Text);
    place.holds(&["index", "--rebuild"], Text);
    place.holds(&["check"], Text);
    // What is wrong with the command line is told as safely.
    place.holds(&["--index", hostile, "query", "zebrafish"], Text);
    place.holds(&["query", "zebrafish", "--format", hostile], Text);
    place.holds(&[hostile], Text);
    place.holds(&["query", "zebrafish", &format!("--{hostile}")], Text);
}

#[test]
fn a_letter_with_everything_steers_nothing() {
    every_command_is_safe(&PIECES.concat());
}

#[test]
fn each_way_to_begin_a_formula_is_made_harmless() {
    for hostile in ["=1+1", "+1", "-1+1", "@sum(a1)", "\t=1", "\r=1", "＝1", " =1"] {
        let place = Place::of(hostile);
        place.imr(&["index", "records.jsonl"], false);
        place.holds(&["query", "*", "--facet", "all", "--format", "csv"], Csv);
        let table =
            String::from_utf8(place.imr(&["query", "*", "--facet", "category", "--format", "csv"], false).stdout).unwrap();
        let cells = cells(&table);
        let cell = cells.iter().find(|cell| cell.starts_with('\'')).unwrap_or_else(|| panic!("{hostile:?}: {table}"));
        assert_eq!(cell.trim_start_matches('\'').trim(), hostile.trim(), "{table}");
    }
}

proptest! {
    // Each is some sixty runs of the program.
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn nor_does_any_other(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..8), any in "\\PC{0,3}|[\\x00-\\x9f]{0,4}") {
        every_command_is_safe(&(pieces.concat() + &any));
    }
}
