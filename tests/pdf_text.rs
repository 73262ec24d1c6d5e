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

const LETTERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/letters");
const DAMAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/tools/damage.py");

/// As long as a damaged letter may take, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// Damaged files made from the first letter, whose words they must have if they are read at all.
const FROM_THE_FIRST: &[&str] = &["sp_leadgarbage", "sp_trailgarbage", "sp_noeof", "sp_crlf", "sp_zeros_tail"];

/// Hostile files made by hand that nonetheless say plainly what their text is.
const READABLE: &[(&str, &str)] = &[("sp_cidrange", "AB")];

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
    let Some(first) = letters.first() else { return skip("no letters in ../shared/letters") };
    let Some(folder) = damaged_letters() else { return skip("no python3, or no ../shared/tools/damage.py") };
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
        let source = if FROM_THE_FIRST.contains(&name.as_str()) {
            Some(first)
        } else {
            sources.iter().find(|(source, _)| name.ends_with(source.as_str())).map(|(_, path)| *path)
        };
        match (source, READABLE.iter().find(|(readable, _)| *readable == name)) {
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

/// A folder of damaged letters, kept from run to run, for its bombs take half a minute to pack.
fn damaged_letters() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged");
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let made = folder.join("made");
    if modified(&made).is_none_or(|made| modified(Path::new(DAMAGE)).is_none_or(|script| script > made)) {
        let _ = fs::remove_dir_all(&folder);
        let status = Command::new("python3").arg(DAMAGE).arg(LETTERS).arg(&folder).status().ok()?;
        if !status.success() {
            return None;
        }
        fs::write(made, "").ok()?;
    }
    Some(folder)
}

/// The most memory that this process ever had, in KB, where the system says.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
