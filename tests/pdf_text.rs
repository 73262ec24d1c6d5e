//! The PDF reader against `pdftotext -layout` on real letters, and against damaged ones.
//!
//! The letters are not part of this repository; where `../shared/letters`, `pdftotext` or `python3` is missing, a test says so
//! and passes.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use imr::text::pdf;

#[path = "common/damaged_pdfs.rs"]
mod damaged_pdfs;

const LETTERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/letters");

/// As long as a damaged letter may take, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let mut pdfs: Vec<_> = paths.filter(|path| path.extension().is_some_and(|extension| extension == "pdf")).collect();
    pdfs.sort();
    pdfs
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn words(text: &str) -> Vec<&str> {
    // A form feed is white space, as it is to pdftotext.
    text.split_whitespace().collect()
}

/// The lines that hold something, white space collapsed.
fn lines(text: &str) -> Vec<String> {
    let lines = text.split(['\n', '\u{c}']).map(|line| words(line).join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

fn skip(reason: &str) {
    println!("skipped: {reason}");
}

#[test]
fn words_and_lines_are_those_of_pdftotext() {
    let letters = pdfs(Path::new(LETTERS));
    if letters.is_empty() {
        return skip("no letters in ../shared/letters");
    }
    if Command::new("pdftotext").arg("-v").output().is_err() {
        return skip("no pdftotext");
    }
    for letter in letters {
        let output = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&letter).arg("-").output().unwrap();
        let expected = String::from_utf8(output.stdout).unwrap();
        let read = pdf::read(&fs::read(&letter).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", letter.display()));
        assert_eq!(words(&read.text), words(&expected), "{}", letter.display());
        assert_eq!(lines(&read.text), lines(&expected), "{}", letter.display());
        assert_eq!(read.warnings, [""; 0], "{}", letter.display());
        let pages = |text: &str| text.trim_end().matches('\u{c}').count();
        assert_eq!(pages(&read.text), pages(&expected), "{}", letter.display());
    }
}

/// In the published letters the labels are bold and the outcomes are not.
#[test]
fn bold_ranges_are_whole_labels() {
    let letters = pdfs(Path::new(LETTERS));
    if letters.is_empty() {
        return skip("no letters in ../shared/letters");
    }
    for letter in letters {
        let read = pdf::read(&fs::read(&letter).unwrap()).unwrap();
        let bold: Vec<&str> = read.bold.iter().map(|range| &read.text[range.clone()]).collect();
        for label in ["Case Number:", "CLINICAL CASE SUMMARY", "IMR ISSUES, DECISIONS AND RATIONALES"] {
            assert!(bold.contains(&label), "{}: {label} is not one of {bold:?}", letter.display());
        }
        assert!(read.bold.windows(2).all(|pair| pair[0].end < pair[1].start), "{}", letter.display());
        assert!(bold.iter().all(|text| text.trim() == *text && !text.is_empty()), "{}", letter.display());
    }
}

#[test]
fn damaged_letters_are_errors_or_whole() {
    let letters = pdfs(Path::new(LETTERS));
    if letters.is_empty() {
        return skip("no letters in ../shared/letters");
    }
    let Some(folder) = damaged_pdfs::folder() else { return skip("no python3, or no ../shared/tools/damage.py") };
    let sources: BTreeMap<String, &PathBuf> = letters.iter().map(|letter| (stem(letter), letter)).collect();
    let damaged = pdfs(&folder);
    assert!(damaged.len() > 80, "{} damaged letters", damaged.len());
    for path in damaged {
        let name = stem(&path);
        let bytes = fs::read(&path).unwrap();
        let start = Instant::now();
        let read = pdf::read(&bytes);
        assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
        let Ok(read) = read else { continue };
        let source = damaged_pdfs::source(&name, sources.keys()).and_then(|source| sources.get(source)).copied();
        match (source, damaged_pdfs::READABLE.iter().find(|(readable, _)| *readable == name)) {
            (Some(source), _) => {
                let whole = pdf::read(&fs::read(source).unwrap()).unwrap();
                assert_eq!(words(&read.text), words(&whole.text), "{name} passes for whole");
            }
            (None, Some((_, text))) => assert_eq!(read.text.trim(), *text, "{name}"),
            (None, None) => panic!("{name} was read as {:?}", read.text),
        }
    }
    let peak = peak_memory();
    assert!(peak.is_none_or(|kilobytes| kilobytes < 256 << 10), "{peak:?} KB at most in memory");
}

/// The most memory that this process ever had, in KB, where the system says.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
