//! Of plain words it is said how many decisions have them in the item: as many as the query for that finds.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use serde_json::Value;

#[test]
fn as_many_have_the_words_in_the_item_as_a_query_for_them_there_finds() {
    let dir = tempfile::tempdir().unwrap();
    let index = dir.path().join("index");
    let imr = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_imr"));
        command.args(args).env("IMR_INDEX", &index).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap().stdout
    };
    imr(&["index", "data"]);
    let asked = |query: &str| serde_json::from_slice::<Value>(&imr(&["query", query, "--format", "json", "-n", "0"])).unwrap();
    let table = [
        ("physical therapy", "item:(physical therapy)"),
        ("PT", "item:PT"),
        ("therapy of the knee", "item:therapy of the item:knee"),
        ("\"physical therapy\" knee", "item:(\"physical therapy\" knee)"),
        ("therapy overturned", "item:therapy overturned"),
        ("improvement", "item:improvement"),
    ];
    for (plain, narrower) in table {
        let (plain, narrower) = (asked(plain), asked(narrower));
        let (all, those) = (&plain["total"]["decisions"], &narrower["total"]["decisions"]);
        assert!(those.as_u64() < all.as_u64(), "{plain}");
        let expected = [&narrower["read_as"], those, &narrower["outcomes"]["overturned"]];
        assert_eq!(["read_as", "decisions", "overturned"].map(|key| &plain["in_item"][key]), expected);
    }
    // Where all have them there, where no word is looked for everywhere, and where the query is a formula, nothing is said.
    for silent in ["item:therapy", "overturned", "therapy OR knee", "*", "nothingofthekind"] {
        assert_eq!(asked(silent)["in_item"], Value::Null, "{silent}");
    }
}
