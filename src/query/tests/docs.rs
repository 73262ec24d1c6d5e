//! `docs/query_syntax.md` says what the parser does: its examples are read here, and its fields are those of the field table.

use super::super::{Widening, widen, widenings};
use super::parse;
use crate::field::{FIELDS, Field, Kind};

const DOC: &str = include_str!("../../../docs/query_syntax.md");

/// The cells of the tables under headings whose first column is `first`, without their code marks.
fn rows(first: &str) -> Vec<Vec<&'static str>> {
    let cells = |line: &'static str| -> Vec<&'static str> {
        let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
        inside.split('|').map(|cell| cell.trim().trim_matches('`')).collect()
    };
    let mut rows = Vec::new();
    let mut inside = false;
    for line in DOC.lines() {
        let row = if line.starts_with('|') { cells(line) } else { Vec::new() };
        match row.first() {
            None => inside = false,
            Some(cell) if *cell == first => inside = true,
            Some(cell) if inside && !cell.starts_with("---") => rows.push(row),
            Some(_) => {}
        }
    }
    rows
}

#[test]
fn every_example_is_read_as_it_says() {
    let rows = rows("written");
    assert!(rows.len() >= 40, "{} examples", rows.len());
    for row in rows {
        let [written, reading, ..] = row.as_slice() else { panic!("{row:?} is short of a cell") };
        assert_eq!(parse(written).map(|q| q.to_string()), Ok((*reading).to_owned()), "{written}");
    }
}

#[test]
fn every_widening_is_as_it_says() {
    let rows = rows("asked");
    assert!(rows.len() >= 10, "{} examples", rows.len());
    for row in rows {
        let [written, also, ..] = row.as_slice() else { panic!("{row:?} is short of a cell") };
        let said: Vec<_> = widenings(&widen(parse(written).unwrap())).iter().map(said).collect();
        assert_eq!(if said.is_empty() { "nothing".to_owned() } else { said.join("; ") }, *also, "{written}");
    }
}

fn said(widening: &Widening) -> String {
    let fields: Vec<_> = widening.fields.iter().map(|f| f.name).collect();
    let only = if fields.is_empty() { String::new() } else { format!(" in {}", fields.join(", ")) };
    format!("{} = {}{only}", widening.word, widening.also.join(", "))
}

#[test]
fn every_refused_example_is_refused_as_it_says() {
    let rows = rows("not understood");
    assert!(rows.len() >= 5, "{} examples", rows.len());
    for row in rows {
        let [written, found, ..] = row.as_slice() else { panic!("{row:?} is short of a cell") };
        assert_eq!(parse(written).map_err(|e| e.found), Err((*found).replace('\'', "`")), "{written}");
    }
}

#[test]
fn the_field_table_is_that_of_the_program() {
    let documented: Vec<_> = rows("field").iter().map(|row| row.join(" | ")).collect();
    let declared: Vec<_> = FIELDS.iter().map(line).collect();
    assert_eq!(documented, declared);
}

fn line(field: &Field) -> String {
    let kind = match field.kind {
        Kind::Text { .. } => "words",
        Kind::Keyword => "values",
        Kind::Case => "case number",
        Kind::Number => "number",
        Kind::Date => "date",
    };
    format!("{} | {} | {kind} | {}", field.name, field.aliases.join(", "), field.help)
}
