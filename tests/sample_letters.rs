//! The sample letters in `data/` and their gold: made by the renderer, complete, and true to the printed text.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const RENDERER: &str = "tests/sample_letters/render.py";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn gold() -> Vec<Value> {
    let lines = std::fs::read_to_string(root().join("tests/data_gold.jsonl")).expect("the gold is committed");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line of the gold is JSON")).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that did not run has to say so")]
fn the_committed_letters_are_what_the_renderer_makes() {
    let python = |args: &[&str]| Command::new("python3").args(args).current_dir(root()).output();
    if !python(&["-c", "import tomllib"]).is_ok_and(|answer| answer.status.success()) {
        eprintln!("skipped: no Python 3.11 to run {RENDERER} with");
        return;
    }
    let answer = python(&["-B", RENDERER, "--check"]).expect("python3 has just run");
    assert!(answer.status.success(), "run {RENDERER}:\n{}", String::from_utf8_lossy(&answer.stderr));
}

#[test]
fn every_letter_has_its_gold_and_every_gold_its_letter() {
    let files = std::fs::read_dir(root().join("data")).expect("data/ is committed");
    let files: BTreeSet<_> =
        files.map(|file| file.expect("data/ can be listed").file_name().into_string().expect("a plain name")).collect();
    let mut named: BTreeSet<_> = gold().iter().map(|letter| letter["file"].as_str().expect("a name").to_owned()).collect();
    named.insert("README.md".to_owned());
    assert_eq!(files, named);
}

/// White space is left out on both sides, since a line may end at a hyphen inside a word.
#[test]
fn every_gold_text_stands_in_its_letter_in_order() {
    let dense = |text: &str| text.split_whitespace().collect::<String>();
    for letter in gold() {
        let file = letter["file"].as_str().expect("a name");
        if !file.ends_with(".txt") {
            continue;
        }
        let text = dense(&std::fs::read_to_string(root().join("data").join(file)).expect("a letter is text"));
        let mut rest = text.as_str();
        let mut expect = |part: &Value| {
            let part = dense(part.as_str().expect("every text of the samples is known"));
            let at = rest.find(&part).unwrap_or_else(|| panic!("{file}: not in its place: {part}"));
            rest = &rest[at + part.len()..];
        };
        expect(&letter["summary"]);
        for decision in letter["decisions"].as_array().expect("a list") {
            expect(&decision["item"]);
            expect(&Value::from(if decision["outcome"] == "overturned" { ":Overturned" } else { ":Upheld" }));
            for field in ["claims_guideline", "imr_guideline", "rationale"] {
                expect(&decision[field]);
            }
        }
    }
}
