//! The letters in a file of rows: JSONL, one object a line, or CSV with a header.
//!
//! A row gives the text of a letter in one field, and in others what the text may lack: its case number, its dates. A line of
//! JSONL that is a record of ours is passed on as it is. Lines are known by their number, rows as a spreadsheet numbers
//! them: the header is the first.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use serde_json::{Map, Value};

use super::limits::Ration;
use super::{Held, Input, Options, Row, Seen, Visit, kind};
use crate::error::{Error, Result};

/// The fields beside the text that are read, in JSONL and CSV.
pub const COLUMNS: [&str; 6] =
    ["case_number", "decision_date", "injury_date", "date_assigned", "ur_denial_date", "received_date"];

fn open(input: &Input, whole: &Ration) -> Result<impl Read> {
    let file = File::open(input.path()).map_err(|e| Error::io(&input.path(), e))?;
    let unpacked = kind::unpacked(input.form.0, BufReader::new(file));
    unpacked.map(|reader| whole.over(reader)).map_err(|e| broken(whole, 1, &e))
}

fn broken(whole: &Ration, line: u64, why: &impl ToString) -> Error {
    let at = format!("at line {line}");
    match whole.spent() {
        Some(why) => Error::Beyond { at, why: why.to_owned() },
        None => Error::Broken { at, why: why.to_string() },
    }
}

/// Visits the letters of a JSONL file.
pub fn jsonl(input: &Input, options: &Options, visit: &mut Visit<'_>) -> Result<()> {
    let (whole, longest) = (options.limits.unpacked(input.state.size), options.limits.row());
    let mut reader = BufReader::with_capacity(1 << 16, open(input, &whole)?);
    let mut line = Vec::new();
    for number in 1.. {
        let whole = match next_line(&mut reader, longest, &mut line).map_err(|e| broken(&whole, number, &e))? {
            Line::End => break,
            Line::Whole => true,
            Line::TooLong => false,
        };
        let text = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&line);
        if text.trim_ascii().is_empty() {
            continue;
        }
        let held = match whole {
            true => object(text, options).unwrap_or_else(Held::Lost),
            false => Held::Lost(format!("a line of more than {longest} bytes")),
        };
        if visit(Seen::Letter(input.member(&number.to_string(), held))).is_break() {
            break;
        }
    }
    Ok(())
}

enum Line {
    End,
    Whole,
    TooLong,
}

/// Reads one line into `line`; of one that is too long the beginning, and goes on behind it.
fn next_line(reader: &mut impl BufRead, longest: u64, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    if reader.by_ref().take(longest).read_until(b'\n', line)? == 0 {
        return Ok(Line::End);
    }
    if line.ends_with(b"\n") || (line.len() as u64) < longest {
        return Ok(Line::Whole);
    }
    line.truncate(1024);
    line.shrink_to(1024);
    reader.skip_until(b'\n')?;
    Ok(Line::TooLong)
}

fn object(line: &[u8], options: &Options) -> Result<Held, String> {
    let object: Map<String, Value> = serde_json::from_slice(line).map_err(|e| format!("no JSON object: {e}"))?;
    if object.get("schema").is_some_and(Value::is_number) && object.get("decisions").is_some_and(Value::is_array) {
        return Ok(Held::Record(String::from_utf8_lossy(line).into_owned()));
    }
    let Some(Value::String(text)) = object.get(&options.text_field) else {
        return Err(no_text(&options.text_field, object.keys().map(String::as_str)));
    };
    let known = COLUMNS.into_iter().filter_map(|column| match object.get(column)? {
        Value::String(value) => Some((column, value.clone())),
        _ => None,
    });
    Ok(Held::Row(Row::new(text.clone().into_bytes(), known)))
}

fn no_text<'a>(field: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.take(12).map(|name| name.chars().take(40).collect::<String>()).collect();
    format!("no text in a field `{field}`; it has: {}; name one with --text-field", names.join(", "))
}

/// Visits the letters of a CSV file.
pub fn csv(input: &Input, options: &Options, visit: &mut Visit<'_>) -> Result<()> {
    let (whole, longest) = (options.limits.unpacked(input.state.size), options.limits.row());
    // An unclosed quote would else take the rest of the file into memory.
    let row_left = Ration::new(longest, format!("a row of more than {longest} bytes; a quote may be left open"));
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(row_left.over(open(input, &whole)?));
    let headers: Vec<String> = match reader.byte_headers() {
        Ok(headers) => headers.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect(),
        Err(e) => return Err(broken(&whole, 1, &e)),
    };
    let place =
        |field: &str| headers.iter().position(|h| h == field).or_else(|| headers.iter().position(|h| plain(h) == plain(field)));
    let Some(text) = place(&options.text_field) else {
        return Err(Error::Unreadable(no_text(&options.text_field, headers.iter().map(String::as_str))));
    };
    let columns: Vec<_> = COLUMNS.into_iter().filter_map(|column| Some((column, place(column)?))).collect();
    let mut row = csv::ByteRecord::new();
    for number in 2_u64.. {
        row_left.renew(longest);
        match reader.read_byte_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {}
            Err(e) => return Err(broken(&whole, reader.position().line(), &e)),
        }
        let value = |place: usize| row.get(place).unwrap_or_default();
        let known = columns.iter().map(|(column, place)| (*column, String::from_utf8_lossy(value(*place)).into_owned()));
        let held = Held::Row(Row::new(value(text).to_vec(), known));
        if let ControlFlow::Break(()) = visit(Seen::Letter(input.member(&number.to_string(), held))) {
            break;
        }
    }
    Ok(())
}

/// A header without what people write differently: `Case Number` is `case_number`.
fn plain(header: &str) -> String {
    header.trim().to_lowercase().replace([' ', '-'], "_")
}
