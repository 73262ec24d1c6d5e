//! Whole runs of the program, with exit status, standard output and standard error, as a user sees them: the tour of the
//! README, and the cases in `tests/cmd`. `TRYCMD=overwrite cargo test --test cli` writes them anew; read what it wrote.

use std::path::Path;

/// A fresh index of the sample letters for one group of cases.
fn cases(index: &Path) -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases.env("IMR_INDEX", index.to_string_lossy()).env("NO_COLOR", "1");
    cases.insert_var("[INDEX]", index.to_string_lossy().into_owned()).expect("a name in brackets");
    cases
}

#[test]
fn the_tour_of_the_readme_is_true() {
    let dir = tempfile::tempdir().unwrap();
    cases(dir.path()).case("README.md").run();
}

/// Each of these cases has an index of its own, which it changes.
#[test]
fn commands_that_change_an_index_answer_as_recorded() {
    let dir = tempfile::tempdir().unwrap();
    cases(&dir.path().join("index")).case("tests/cmd/saved/*.md").run();
}

#[test]
fn commands_answer_as_recorded() {
    let dir = tempfile::tempdir().unwrap();
    let index = dir.path().join("index");
    let made = std::process::Command::new(env!("CARGO_BIN_EXE_imr")).args(["index", "data"]).env("IMR_INDEX", &index).status();
    assert!(made.unwrap().success());
    cases(&index).case("tests/cmd/*.md").case("docs/facets.md").run();
}
