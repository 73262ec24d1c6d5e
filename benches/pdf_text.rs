//! How many letters a CPU second reads.
//!
//! Corpus: the published letters in `../shared/letters`, or else the samples in `data/`. Measure: CPU time (user and system, of
//! this process and of its children) of `imr::text::pdf::read` in this process, the bytes already in memory, against
//! `pdftotext -layout` as a process a file, which is how scripts use it; its start-up is part of its price. Both in one run:
//! `cargo bench --bench pdf_text`.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

mod measure;

use measure::{TICKS_A_SECOND, cpu_ticks};

/// The reading goes on for some hundreds of ticks, so that one more or less does not matter.
const TICKS: u64 = 300;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths = [root.join("../shared/letters"), root.join("data")].iter().map(|folder| pdfs(folder)).find(|p| !p.is_empty());
    let Some(paths) = paths else { return println!("skipped: no PDFs in ../shared/letters or data") };
    let letters: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).expect("a readable letter")).collect();

    let ours = letters_per_second(|| {
        for letter in &letters {
            assert!(imr::text::pdf::read(std::hint::black_box(letter)).is_ok());
        }
        letters.len()
    });
    println!("imr: {ours:.0} letters a CPU second ({} letters)", letters.len());
    if Command::new("pdftotext").arg("-v").output().is_err() {
        return println!("skipped: no pdftotext to compare with");
    }
    let theirs = letters_per_second(|| {
        for path in &paths {
            let status = Command::new("pdftotext").arg("-layout").arg(path).arg("-").stdout(Stdio::null()).status();
            assert!(status.is_ok_and(|status| status.success()));
        }
        paths.len()
    });
    println!("pdftotext -layout, a process a letter: {theirs:.0} letters a CPU second");
    println!("ratio: {:.1}", ours / theirs);
}

/// Repeats a round that reads some letters until it has taken enough time to be measured.
fn letters_per_second(mut round: impl FnMut() -> usize) -> f64 {
    let start = cpu_ticks();
    let mut read = 0;
    loop {
        read += round();
        let ticks = cpu_ticks() - start;
        if ticks >= TICKS {
            return read as f64 * TICKS_A_SECOND / ticks as f64;
        }
    }
}

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| entry.ok()).map(|entry| entry.path());
    let mut pdfs: Vec<_> = paths.filter(|path| path.extension().is_some_and(|extension| extension == "pdf")).collect();
    pdfs.sort();
    pdfs
}
