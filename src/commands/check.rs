//! `imr check`: whether the index is whole.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use imr::index::check::{Checked, check};
use imr::record::SCHEMA;
use imr::render::{counted, grouped, json, safe};
use imr::saved;
use serde::Serialize;

use super::told;
use crate::cli::{CheckArgs, StatsFormat};
use crate::exit::Exit;

pub fn run(path: &Path, args: &CheckArgs) -> Result<Exit> {
    let mut checked = check(path)?;
    if let Err(e) = saved::Store::of(path).all() {
        checked.fault(Some(saved::FILE), e.to_string());
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.format {
        StatsFormat::Text => text(&mut out, &checked)?,
        StatsFormat::Json => json::line(&mut out, &Wire::of(path, &checked))?,
    }
    out.flush()?;
    if checked.is_whole() {
        return Ok(Exit::Done);
    }
    let remedy = "the index is damaged; imr index --rebuild makes it anew: from the letters' files, and where they are gone from \
                  what is stored of them";
    anstream::eprintln!("{}", told(remedy));
    Ok(Exit::Partly)
}

fn text(out: &mut dyn Write, checked: &Checked) -> std::io::Result<()> {
    for fault in &checked.faults {
        let file = fault.file.as_ref().map(|file| format!("{}: ", safe::line(file))).unwrap_or_default();
        writeln!(out, "fault: {file}{}", safe::line(&fault.what))?;
    }
    if checked.more > 0 {
        writeln!(out, "fault: and {} more", grouped(checked.more))?;
    }
    let Checked { size, sources, .. } = checked;
    writeln!(out, "checked: {}, {} bytes", counted(checked.files, "file"), grouped(checked.bytes))?;
    let unread = match checked.unread {
        0 => String::new(),
        unread => format!(", {} not or not wholly taken apart", grouped(unread)),
    };
    writeln!(out, "checked: {}, {}{unread}", counted(size.letters, "letter"), counted(size.decisions, "decision"))?;
    let copies = if sources.copies == 1 { "1 copy".to_owned() } else { format!("{} copies", grouped(sources.copies)) };
    let containers = counted(sources.containers, "container");
    writeln!(out, "checked: {} of letters, {copies}, {containers}", counted(sources.letters, "source"))?;
    if checked.left_over > 0 {
        let left = counted(checked.left_over, "file");
        writeln!(out, "left over: {left} of a run that writes now, or was killed; the next imr index deletes them")?;
    }
    if checked.is_whole() {
        writeln!(out, "the index is whole")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Wire<'a> {
    schema: u32,
    index: &'a Path,
    whole: bool,
    files: u64,
    bytes: u64,
    letters: u64,
    decisions: u64,
    unread: u64,
    sources: Sources,
    left_over: u64,
    faults: Vec<Fault<'a>>,
    more_faults: u64,
}

#[derive(Serialize)]
struct Sources {
    letters: u64,
    copies: u64,
    containers: u64,
}

#[derive(Serialize)]
struct Fault<'a> {
    file: Option<&'a str>,
    what: &'a str,
}

impl<'a> Wire<'a> {
    fn of(path: &'a Path, checked: &'a Checked) -> Self {
        let faults = checked.faults.iter().map(|fault| Fault { file: fault.file.as_deref(), what: &fault.what });
        let sources = checked.sources;
        Wire {
            schema: SCHEMA,
            index: path,
            whole: checked.is_whole(),
            files: checked.files,
            bytes: checked.bytes,
            letters: checked.size.letters,
            decisions: checked.size.decisions,
            unread: checked.unread,
            sources: Sources { letters: sources.letters, copies: sources.copies, containers: sources.containers },
            left_over: checked.left_over,
            faults: faults.collect(),
            more_faults: checked.more,
        }
    }
}
