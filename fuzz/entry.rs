//! What must hold of any bytes that come in: the entry points that the fuzz targets share with `tests/fuzz_corpus.rs`.

#![allow(dead_code, reason = "a fuzz target uses one of them")]

use std::fs;
use std::ops::ControlFlow;

use imr::error::Error;
use imr::record::{Letter, SCHEMA, is_case_number};
use imr::source::{Held, Input, Options, Seen, Source, State};
use imr::text::Text;
use imr::{ingest, letter, query, text};

#[path = "../tests/common/record.rs"]
mod record;

/// Bytes of text that one PDF gives at most: see `text::pdf::limits`.
const TEXT: usize = 16 << 20;

/// A PDF gives an error, or a text within its bounds.
pub fn pdf_text(bytes: &[u8]) {
    let Ok(read) = text::pdf::read(bytes) else { return };
    assert!(read.text.len() <= TEXT, "{} bytes of text", read.text.len());
    assert!(!read.text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\u{c}')));
    sound(&read);
}

/// What a letter's record says stands in the letter, and the record reads back as itself.
pub fn letter(bytes: &[u8]) {
    // PDFs have a target of their own.
    if bytes.windows(5).any(|window| window == b"%PDF-") {
        return;
    }
    let Ok(text) = text::read(bytes) else { return };
    sound(&text);
    let letter = letter::parse("letter.txt", &text);
    record::holds(&text.text, &letter, true);
    letter::check::check(&text, &letter);
    reads_back(&letter);
}

/// A query is refused with its place, or prints itself so that it is read as the same.
pub fn query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let today = jiff::civil::date(2026, 1, 31);
    match query::parse(text, today) {
        Ok(read) => {
            let printed = read.to_string();
            let again = query::parse(&printed, today).unwrap_or_else(|e| panic!("{}", e.render(&printed)));
            assert_eq!(again.to_string(), printed);
            assert!(again == read, "{printed} reads back as another tree");
            query::notes(text);
            query::widenings(&query::widen(read));
        }
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{:?} is no place in {text:?}", error.span);
            let rendered = error.render(text);
            assert!(!rendered.contains(|c: char| c.is_control() && c != '\n'), "{rendered:?}");
        }
    }
}

/// As a record, as lines of JSON and as a table: each row gives an error or a record that reads back as itself.
pub fn record_json(bytes: &[u8]) {
    if let Ok(letter) = serde_json::from_slice::<Letter>(bytes) {
        reads_back(&letter);
    }
    let folder = std::env::temp_dir().join(format!("imr-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    for name in ["rows.jsonl", "rows.csv"] {
        let (path, options) = (folder.join(name), Options::default());
        fs::write(&path, bytes).expect("a file");
        let input = Input::named(&path, &options).expect("the file");
        // An error is a file that could be read only in part.
        let _ = input.each(&options, &mut |seen| {
            if let Seen::Letter(source) = seen {
                row(&source);
            }
            ControlFlow::Continue(())
        });
    }
}

fn row(source: &Source) {
    match ingest::parse(source) {
        Ok((letter, _)) => reads_back(&letter),
        Err(Error::Panic(why)) => panic!("{why}"),
        Err(_) => {}
    }
}

/// A record is one line of JSON that gives the same record, and as a source gives the same letter.
fn reads_back(letter: &Letter) {
    let json = serde_json::to_string(letter).expect("a record as JSON");
    assert!(!json.contains(|c: char| c < ' '), "{json:?}");
    let again: Letter = serde_json::from_str(&json).expect("its own JSON");
    assert!(again == *letter, "{again:?} was {letter:?}");
    let state = State { size: 0, changed: 0, options: 0 };
    let source = Source { name: "x!1".into(), id: "x!1".into(), state, held: Held::Record(json) };
    match ingest::parse(&source) {
        Ok((again, _)) => assert!(again == *letter, "{again:?} was {letter:?}"),
        Err(Error::Panic(why)) => panic!("{why}"),
        // What it is known by is looked at: see `ingest::reading`.
        Err(why) => {
            let is_known = letter.case_number.as_deref().is_none_or(is_case_number);
            let is_numbered = letter.decisions.iter().zip(1..).all(|(decision, number)| decision.number == number);
            assert!(letter.schema != SCHEMA || !is_known || !is_numbered, "{why}");
        }
    }
}

/// What is bold are parts of the text, in order.
fn sound(text: &Text) {
    assert!(text.bold.iter().all(|range| text.text.get(range.clone()).is_some_and(|bold| !bold.is_empty())), "{:?}", text.bold);
    assert!(text.bold.is_sorted_by(|a, b| a.end <= b.start), "{:?}", text.bold);
}
