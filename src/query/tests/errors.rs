//! What cannot be read, and what is said about it, to the letter: `errors.txt` holds each query behind `> ` and its error.

use super::super::ParseError;
use super::parse;

const ERRORS: &str = include_str!("errors.txt");

#[test]
fn every_error_is_rendered_as_the_table_says() {
    let mut rows = 0;
    for row in format!("\n{ERRORS}").trim_end().split("\n> ").skip(1) {
        let (text, error) = row.split_once('\n').expect("a query on a line of its own");
        let said = parse(text).map_or_else(|e| e.render(text), |q| format!("read as {q}"));
        assert_eq!(said.trim_end(), error, "{text}");
        rows += 1;
    }
    assert!(rows >= 60, "{rows} rows");
}

/// The second and third line: the query and the carets.
fn pointed(text: &str) -> (String, String) {
    let rendered = parse(text).map_or_else(|e| e.render(text), |q| q.to_string());
    let mut lines = rendered.lines().skip(1).map(str::to_owned);
    (lines.next().unwrap_or_default(), lines.next().unwrap_or_default())
}

#[test]
fn the_caret_stands_under_the_place_in_any_script() {
    let table = [
        ("Größe age:x", "  Größe age:x", "            ^"),
        ("鍼治療 age:x", "  鍼治療 age:x", "             ^"),
        ("e\u{301}tude age:x", "  e\u{301}tude age:x", "            ^"),
        ("鍼 治)", "  鍼 治)", "       ^"),
        ("age:治療", "  age:治療", "      ^^^^"),
        ("a\tb\nage:x", "  a b age:x", "          ^"),
        ("a\u{1b}[31m age:x", "  a\u{fffd}[31m age:x", "             ^"),
        ("a\u{202e}b age:x", "  a\u{fffd}b age:x", "          ^"),
    ];
    for (text, line, carets) in table {
        assert_eq!(pointed(text), (line.to_owned(), carets.to_owned()), "{text:?}");
    }
}

#[test]
fn a_long_query_is_cut_around_the_place() {
    for (before, after) in [(0, 100), (100, 0), (100, 100), (7, 80), (80, 3)] {
        for word in ["knee ", "鍼治 ", "e\u{301}te\u{301} "] {
            let text = format!("{}age:wrong {}", word.repeat(before), word.repeat(after));
            let (line, carets) = pointed(text.trim_end());
            let width = |t: &str| unicode_width::UnicodeWidthStr::width(t);
            let pad = carets.len() - carets.trim_start().len();
            let at = line.find("wrong").expect("the place is shown");
            assert_eq!(width(line.get(..at).unwrap_or_default()), pad, "{line}\n{carets}");
            assert_eq!(carets.trim_start().find(|c| c != '^').unwrap_or(carets.trim_start().len()), 5, "{line}\n{carets}");
            assert!(width(&line) <= 80, "{line}");
        }
    }
}

#[test]
fn a_long_place_is_cut_too() {
    let (line, carets) = pointed(&format!("age:{}", "x".repeat(500)));
    assert_eq!(line, format!("  age:{}…", "x".repeat(72)));
    assert_eq!(carets, format!("      {}", "^".repeat(72)));
}

#[test]
fn a_message_repeats_only_the_beginning_of_a_long_word() {
    for text in [format!("foo:{}", "x".repeat(5000)), format!("{}~1", "x".repeat(5000)), format!("age:{}", "x".repeat(5000))] {
        let rendered = parse(&text).map_or_else(|e| e.render(&text), |q| q.to_string());
        assert!(rendered.chars().count() < 1000, "{rendered}");
    }
}

#[test]
fn on_one_line_an_error_says_the_same() {
    let said = |text| parse(text).map_err(|e: ParseError| e.to_string());
    assert_eq!(
        said("mri OR"),
        Err("`OR` with nothing after it: expected a word, a quotation, a field or a group there; \
             to search the word itself, quote it: \"OR\""
            .to_owned())
    );
}
