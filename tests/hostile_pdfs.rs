//! Every damaged or hostile PDF as a user meets it: a line in the report within bounded time and memory, or the letter whole; and
//! the good letters beside them are all indexed.
//!
//! They are made of the published letters; where these, `python3` or the script that makes them are missing, the test says so.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and says what it measured or skips")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

#[path = "common/damaged_pdfs.rs"]
mod damaged_pdfs;

const IMR: &str = env!("CARGO_BIN_EXE_imr");
/// Seconds that one file may take, in a debug build on a busy machine.
const SECONDS: f64 = 5.0;
/// Kilobytes that one file may take.
const MEMORY: u64 = 256 << 10;

/// Runs a program on each file, and says what it printed and what it took: only its parent is told the most memory it had.
const MEASURE: &str = r#"
import json, os, subprocess, sys, time
for path in sys.argv[2:]:
    start = time.monotonic()
    child = subprocess.Popen([sys.argv[1], "parse", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = child.stdout.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    kilobytes = used.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    print(json.dumps({"path": path, "said": said, "status": child.returncode, "seconds": time.monotonic() - start, "kilobytes": kilobytes}))
"#;

#[derive(Deserialize)]
struct Run {
    path: PathBuf,
    said: String,
    status: i32,
    seconds: f64,
    kilobytes: u64,
}

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut pdfs: Vec<_> = paths.filter(|path| path.extension().is_some_and(|extension| extension == "pdf")).collect();
    pdfs.sort();
    pdfs
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// A record without what differs by where it was read.
fn record(line: &str) -> Value {
    let mut record: Value = serde_json::from_str(line).unwrap();
    record["source"] = Value::Null;
    record
}

#[test]
fn each_has_its_line_in_time_and_memory_and_the_good_letters_are_read() {
    let letters: BTreeMap<String, PathBuf> =
        pdfs(Path::new(damaged_pdfs::LETTERS)).into_iter().map(|path| (stem(&path), path)).collect();
    if letters.is_empty() {
        return println!("skipped: no letters in ../shared/letters");
    }
    let Some(folder) = damaged_pdfs::folder() else {
        return println!("skipped: no python3, or no ../shared/tools/damage.py");
    };
    let damaged = pdfs(&folder);
    let measured = Command::new("python3").args(["-c", MEASURE, IMR]).args(&damaged).output().unwrap();
    let lines = String::from_utf8(measured.stdout).unwrap();
    let runs: Vec<Run> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((runs.len(), damaged.len()), (93, 93));
    let mut whole = 0;
    for run in &runs {
        let name = stem(&run.path);
        assert!(run.seconds < SECONDS && run.kilobytes < MEMORY, "{name} took {} s and {} KB", run.seconds, run.kilobytes);
        assert_eq!(run.said.lines().count(), 1, "{name}: {}", run.said);
        assert!(!run.said.contains("please report"), "{name}: {}", run.said);
        if run.status == 1 {
            assert!(run.said.starts_with("failed: "), "{name}: {}", run.said);
            continue;
        }
        assert_eq!(run.status, 0, "{name}: {}", run.said);
        let record = record(&run.said);
        match damaged_pdfs::source(&name, letters.keys()) {
            Some(source) => {
                let good = Command::new(IMR).arg("parse").arg(&letters[source]).output().unwrap();
                assert_eq!(record, self::record(&String::from_utf8(good.stdout).unwrap()), "{name} passes for whole");
                whole += 1;
            }
            None => {
                assert!(record["decisions"] == Value::Array(Vec::new()) && record["case_number"].is_null(), "{name}: {record}")
            }
        }
    }
    let most = |of: fn(&Run) -> f64| runs.iter().map(of).fold(0.0, f64::max);
    let (seconds, megabytes) = (most(|run| run.seconds), most(|run| run.kilobytes as f64 / 1024.0));
    println!("{} PDFs: {whole} read whole; at most {seconds:.2} s and {megabytes:.0} MB", runs.len());

    // All of them in one folder, with letters of ours between them.
    let dir = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let index = |paths: &[&Path]| {
        let mut command = Command::new(IMR);
        command.args(["index", "--index"]).arg(dir.path().join("index")).args(paths).env("NO_COLOR", "1");
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    let report = index(&[&folder, &data]);
    let failed = runs.iter().filter(|run| run.status == 1).count();
    assert_eq!(report.lines().filter(|line| line.starts_with("failed: ")).count(), failed, "{report}");
    assert!(report.contains(&format!(", {failed} failed")), "{report}");
    let again = index(&[&data]);
    assert!(again.contains("0 new letters, 0 replaced, 20 unchanged, 0 failed"), "{again}");
}
