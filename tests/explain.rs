//! `imr parse --explain` over the sample letters, held against `explain.txt`: item, then the reasons as printed.
//!
//! Where a change of the tables changes a reason, the test prints the new text; read it, then put it into the file.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn parse(args: &[&str]) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = Command::new(env!("CARGO_BIN_EXE_imr")).arg("parse").args(args).current_dir(root).output().expect("imr runs");
    let text = String::from_utf8(run.stdout).expect("imr prints UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is a record")).collect()
}

fn decisions(letters: &[Value]) -> impl Iterator<Item = &Value> {
    letters.iter().flat_map(|letter| letter["decisions"].as_array().expect("a list"))
}

#[test]
fn every_choice_has_its_reason() {
    let letters = parse(&["--explain", "data"]);
    let lines: Vec<_> =
        decisions(&letters).map(|d| format!("{}\n    {}\n", d["disputed"].as_str().unwrap(), d["explain"])).collect();
    let found = lines.concat();
    assert_eq!(found, include_str!("explain.txt"), "now:\n{found}");
    for d in decisions(&letters) {
        for list in ["body", "drug"] {
            let named = d[list].as_array().unwrap();
            let reasons = d["explain"][list].as_object().map_or(0, serde_json::Map::len);
            assert_eq!(named.len(), reasons, "{d}");
        }
        assert_eq!(d["category"].is_null(), d["explain"]["category"] == "no term named a class", "{d}");
    }
}

#[test]
fn reasons_are_given_only_when_asked_for() {
    let letters = parse(&["data"]);
    assert!(decisions(&letters).count() > 20);
    assert!(decisions(&letters).all(|d| d.get("explain").is_none() && d["body"].is_array() && d["drug"].is_array()));
}
