//! The ways in: whatever letters come in, they give the same records, they are read once, and what cannot be read has its line.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use imr::index::Index;
use imr::ingest::{self, Report, Settings};
use imr::search::{Request, Sort, search};
use imr::source::Options;
use serde_json::{Value, json};

mod common;
#[path = "common/packed.rs"]
mod packed;

use common::letter;
use packed::{gz, tarred, zipped, zst};

/// A folder with an index beside it.
struct Place {
    dir: tempfile::TempDir,
    index: Index,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open_or_create(&dir.path().join("index")).unwrap();
        Place { dir, index }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file with a time of change of its own.
    fn write(&self, name: &str, bytes: &[u8]) {
        static TICK: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        fs::write(self.path(name), bytes).unwrap();
        let tick = TICK.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_500_000_000 + tick);
        File::options().write(true).open(self.path(name)).unwrap().set_modified(time).unwrap();
    }

    fn run(&self, names: &[&str]) -> Report {
        self.run_with(names, &Options::default())
    }

    fn run_with(&self, names: &[&str], options: &Options) -> Report {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        let settings = Settings { options: options.clone(), ..Settings::default() };
        ingest::run_with(&self.index, &paths, &settings, &()).unwrap()
    }

    /// Every item in the index with its case number and the last part of its source.
    fn held(&self) -> Vec<String> {
        let request = Request { sort: Sort::Oldest, ..Request::default() };
        let hits = search(&self.index, &request).unwrap().hits.into_iter();
        let mut held: Vec<_> = hits
            .map(|hit| {
                let source = hit.letter.source.rsplit('/').next().unwrap_or_default().to_owned();
                let item = hit.letter.decisions.first().map(|d| d.item.clone()).unwrap_or_default();
                format!("{} {item} {source}", hit.letter.case_number.unwrap_or_default())
            })
            .collect();
        held.sort();
        held
    }

    fn imr(&self, args: &[&str], stdin: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_imr"))
            .args(args)
            .env("NO_COLOR", "1")
            .env("IMR_INDEX", self.path("cli-index"))
            .current_dir(self.dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(stdin).unwrap();
        child.wait_with_output().unwrap()
    }

    /// What `imr parse` prints, without the source.
    fn records(&self, args: &[&str]) -> Vec<Value> {
        let run = self.imr(&[&["parse"], args].concat(), b"");
        let lines = String::from_utf8(run.stdout).unwrap();
        let record = |line: &str| -> Value {
            let mut record: Value = serde_json::from_str(line).unwrap();
            record["source"] = Value::Null;
            record
        };
        lines.lines().map(record).collect()
    }
}

fn data(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)).unwrap()
}

fn jsonl(rows: &[Value]) -> Vec<u8> {
    rows.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes()
}

#[test]
fn every_way_gives_the_records_of_the_plain_files() {
    let place = Place::new();
    let (txt, pdf) = (data("CM99-0000001.txt"), data("CM99-0000003.pdf"));
    place.write("a.txt", &txt);
    place.write("b.pdf", &pdf);
    let plain = place.records(&["a.txt", "b.pdf"]);
    assert_eq!(plain.len(), 2);
    assert!(plain.iter().all(|record| record["decisions"].as_array().is_some_and(|d| !d.is_empty())));

    let tar = tarred(&[(b"a.txt", &txt), (b"in/b.pdf", &pdf)]);
    place.write("x.zip", &zipped(&[("a.txt", &txt), ("in/b.pdf", &pdf)]));
    place.write("packed.zip", &zipped(&[("a.txt.gz", &gz(&txt)), ("in/b.pdf.zst", &zst(&pdf))]));
    place.write("x.tar", &tar);
    place.write("x.tar.gz", &gz(&tar));
    place.write("x.tgz", &gz(&tar));
    place.write("x.tar.zst", &zst(&tar));
    for archive in ["x.zip", "packed.zip", "x.tar", "x.tar.gz", "x.tgz", "x.tar.zst"] {
        assert_eq!(place.records(&[archive]), plain, "{archive}");
    }
    place.write("a.txt.gz", &gz(&txt));
    place.write("b.pdf.zst", &zst(&pdf));
    assert_eq!(place.records(&["a.txt.gz", "b.pdf.zst"]), plain);

    let text = String::from_utf8(txt).unwrap();
    place.write("x.jsonl", &jsonl(&[json!({"id": 7, "text": text})]));
    place.write("x.jsonl.gz", &gz(&jsonl(&[json!({"text": text})])));
    place.write("x.csv", format!("id,text\n7,\"{}\"\n", text.replace('"', "\"\"")).as_bytes());
    for rows in ["x.jsonl", "x.jsonl.gz", "x.csv"] {
        assert_eq!(place.records(&[rows]), plain[..1], "{rows}");
    }
    // Its own records come back as they are.
    let printed = place.imr(&["parse", "a.txt", "b.pdf"], b"").stdout;
    place.write("records.jsonl", &printed);
    assert_eq!(place.imr(&["parse", "records.jsonl"], b"").stdout, printed);
    // The same letter as a page, its lines in a `pre`.
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    place.write("page.html", format!("<!doctype html><title>x</title><pre>{escaped}</pre>").as_bytes());
    assert_eq!(place.records(&["page.html"])[0]["decisions"], plain[0]["decisions"]);
    assert_eq!(place.records(&["page.html"])[0]["case_number"], plain[0]["case_number"]);
}

#[test]
fn a_page_of_tables_is_read_as_a_letter() {
    let place = Place::new();
    let page = "<html><head><title>IMR</title></head><body><table>\
        <tr><td>Case Number:</td><td>CM99-1000001</td><td>Date Assigned:</td><td>01/05/2016</td></tr>\
        <tr><td>Decision Date:</td><td>01/20/2016</td><td>Date of Injury:</td><td>02/03/2014</td></tr></table>\
        <h2>IMR ISSUES, DECISIONS AND RATIONALES</h2>\
        <p>The Final Determination was based on decisions for the disputed items/services set forth below:</p>\
        <p><b>Acupuncture: Upheld</b></p><p><b>Claims Administrator guideline:</b> Decision based on MTUS.</p>\
        <p><b>MAXIMUS guideline:</b> Decision based on MTUS.</p>\
        <p><b>Decision rationale:</b> It is not medically necessary.</p></body></html>";
    place.write("a.htm", page.as_bytes());
    let record = &place.records(&["a.htm"])[0];
    assert_eq!(record["case_number"], "CM99-1000001");
    assert_eq!(record["decision_date"], "2016-01-20");
    assert_eq!(record["decisions"][0]["item"], "Acupuncture");
    assert_eq!(record["decisions"][0]["rationale"], "It is not medically necessary.");
    // A page in place of the letter that was asked for is none, and found by its text.
    place.write("error.pdf", b"<!DOCTYPE html><title>t</title><body>The zebrafish was not found.</body>");
    let report = place.run(&["error.pdf"]);
    assert_eq!((report.new, report.partial.len(), report.failed.len()), (1, 1, 0));
}

#[test]
fn an_unchanged_container_is_not_opened_and_a_changed_one_loses_what_it_no_longer_holds() {
    let [a, b, c] = [("CM99-1000001", "MRI"), ("CM99-1000002", "Norco"), ("CM99-1000003", "Massage")]
        .map(|(case, item)| letter(case, &[item]).into_bytes());
    let place = Place::new();
    place.write("x.zip", &zipped(&[("a.txt", &a), ("b.txt", &b)]));
    let first = place.run(&["x.zip"]);
    assert_eq!((first.new, first.decisions, first.unchanged), (2, 2, 0));
    assert_eq!(imr::search::stats::stats(&place.index).unwrap().sources, 2, "the archive is no source");
    // Damaged under its old stamp: it would be told if it were opened.
    let (size, time) =
        (fs::metadata(place.path("x.zip")).unwrap().len(), fs::metadata(place.path("x.zip")).unwrap().modified().unwrap());
    fs::write(place.path("x.zip"), vec![b'x'; size as usize]).unwrap();
    File::options().write(true).open(place.path("x.zip")).unwrap().set_modified(time).unwrap();
    let second = place.run(&["x.zip"]);
    assert_eq!((second.new, second.unchanged, second.failed.len()), (0, 2, 0));

    place.write("x.zip", &zipped(&[("b.txt", &letter("CM99-1000002", &["Soma"]).into_bytes()), ("c.txt", &c)]));
    let third = place.run(&["x.zip"]);
    assert_eq!((third.new, third.replaced, third.removed), (1, 1, 1));
    assert_eq!(place.held(), ["CM99-1000002 Soma x.zip!b.txt", "CM99-1000003 Massage x.zip!c.txt"]);

    // Packed again under other names, nothing is lost.
    place.write("x.zip", &zipped(&[("z/b.txt", &letter("CM99-1000002", &["Soma"]).into_bytes()), ("z/c.txt", &c)]));
    let fourth = place.run(&["x.zip"]);
    assert_eq!((fourth.new, fourth.replaced, fourth.removed, fourth.copies.len()), (0, 2, 0, 0));
    assert_eq!(place.held().len(), 2);
    assert_eq!(place.run(&["x.zip"]).unchanged, 2);
}

#[test]
fn a_letter_in_a_folder_and_an_archive_is_there_once_and_comes_back_when_the_kept_one_goes() {
    let full = letter("CM99-1000001", &["MRI", "Norco"]).into_bytes();
    let other = letter("CM99-1000009", &["Massage"]).into_bytes();
    for order in [["a.txt", "z.zip"], ["z.zip", "a.txt"]] {
        let place = Place::new();
        place.write("a.txt", &full);
        place.write("z.zip", &zipped(&[("in.txt", &full)]));
        for name in order {
            place.run(&[name]);
        }
        assert_eq!(place.held(), ["CM99-1000001 MRI a.txt", "CM99-1000001 Norco a.txt"], "{order:?}");
        // The one that was kept now holds another letter: the archive, unchanged and not even named, gives it back.
        place.write("a.txt", &other);
        place.run(&["a.txt"]);
        let held = ["CM99-1000001 MRI z.zip!in.txt", "CM99-1000001 Norco z.zip!in.txt", "CM99-1000009 Massage a.txt"];
        assert_eq!(place.held(), held, "{order:?}");
        assert_eq!(place.run(&["a.txt", "z.zip"]).unchanged, 2);
    }
    // The other way round: the archive held the fuller text, and no longer holds it.
    let place = Place::new();
    place.write("a.txt", &letter("CM99-1000001", &["MRI"]).into_bytes());
    place.write("z.zip", &zipped(&[("in.txt", &full)]));
    place.run(&["a.txt", "z.zip"]);
    assert_eq!(place.held().len(), 2);
    place.write("z.zip", &zipped(&[("in.txt", &other)]));
    place.run(&["z.zip"]);
    assert_eq!(place.held(), ["CM99-1000001 MRI a.txt", "CM99-1000009 Massage z.zip!in.txt"]);
}

#[test]
fn a_truncated_archive_gives_what_it_can_and_its_line() {
    let letters: Vec<_> = (1..=40).map(|n| (format!("{n:02}.txt"), letter(&format!("CM99-10000{n:02}"), &["MRI"]))).collect();
    let members: Vec<_> = letters.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let raw: Vec<_> = members.iter().map(|(name, bytes)| (name.as_bytes(), *bytes)).collect();
    let tar = tarred(&raw);
    // Block by block as well: a tar may be cut just between two members.
    let between = (512 + members[0].1.len().next_multiple_of(512)) * 20;
    for (name, whole, cut) in [
        ("x.zip", zipped(&members), None),
        ("x.tar", tar.clone(), None),
        ("y.tar", tar.clone(), Some(between)),
        ("x.tar.gz", gz(&tar), None),
        ("x.tar.zst", zst(&tar), None),
    ] {
        let place = Place::new();
        place.write(name, &whole[..cut.unwrap_or(whole.len() * 2 / 3)]);
        let report = place.run(&[name]);
        assert_eq!(report.failed.len(), 1, "{name}: {:?}", report.failed);
        assert!(report.failed[0].0.ends_with(name) && report.failed[0].1.contains("cut off or damaged"), "{:?}", report.failed);
        assert!(!report.is_clean());
        if !name.ends_with("zst") {
            assert!(report.new > 5 && report.new < 40, "{name}: {}", report.new);
            let again = place.run(&[name]);
            assert_eq!((again.unchanged, again.new), (report.new, 0), "{name}");
            assert!(!again.is_clean(), "what was lost is told again");
        }
        // A whole one in its place gives the rest; a cut one takes nothing away.
        place.write(name, &whole);
        place.run(&[name]);
        assert_eq!(place.held().len(), 40, "{name}");
        place.write(name, &whole[..whole.len() / 2]);
        place.run(&[name]);
        assert_eq!(place.held().len(), 40, "{name}");
    }
}

#[test]
fn a_bomb_is_cut_off_and_the_rest_is_read() {
    let place = Place::new();
    let good = letter("CM99-1000001", &["MRI"]).into_bytes();
    let zeros = vec![b' '; (40 << 20) as usize];
    let bomb = gz(&zeros);
    place.write("x.zip", &zipped(&[("bomb.txt", &zeros), ("packed.txt.gz", &bomb), ("good.txt", &good)]));
    place.write("x.tar", &tarred(&[(b"bomb.txt", &zeros), (b"packed.txt.gz", &bomb), (b"good.txt", &good)]));
    place.write("x.txt.gz", &bomb);
    let report = place.run(&["x.zip", "x.tar", "x.txt.gz"]);
    assert_eq!((report.new, report.copies.len(), report.failed.len()), (1, 1, 5), "{:?}", report.failed);
    for (name, why) in &report.failed {
        assert!(why.contains("more than one letter can have"), "{name}: {why}");
    }
}

#[test]
fn member_names_are_only_names() {
    let place = Place::new();
    let text = |n: u32| letter(&format!("CM99-100000{n}"), &["MRI"]).into_bytes();
    let (a, b, c, d, e) = (text(1), text(2), text(3), text(4), text(5));
    let names: [&[u8]; 5] = [b"/etc/a.txt", b"../../b.txt", b"new\nline\x1b[31m.txt", b"\xff\xfe.txt", b"../../b.txt"];
    place.write("x.tar", &tarred(&[(names[0], &a), (names[1], &b), (names[2], &c), (names[3], &d), (names[4], &e)]));
    let run = place.imr(&["index", "x.tar"], b"");
    let report = String::from_utf8(run.stderr).unwrap();
    assert!(report.contains("read: 5 new letters, 0 replaced, 0 unchanged"), "{report}");
    assert!(!place.path("../b.txt").exists() && !Path::new("/etc/a.txt").exists());
    // The second member of a name is another source, and nothing steers the terminal.
    let shown = place.imr(&["parse", "x.tar"], b"");
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("x.tar!../../b.txt (2)") && !shown.contains('\u{1b}'), "{shown}");
    place.write("bad.tar", &tarred(&[(b"new\nline\x1b[31m.txt", b"")]));
    let run = place.imr(&["parse", "bad.tar"], b"");
    assert_eq!(String::from_utf8(run.stderr).unwrap(), "failed: bad.tar!new line[31m.txt: the file is empty\n");
}

#[test]
fn a_long_name_is_not_held() {
    let place = Place::new();
    let good = letter("CM99-1000001", &["MRI"]).into_bytes();
    let long = vec![b'n'; 50 << 20];
    let mut tar = tarred(&[(b"notes.md", &long), (b"good.txt", &good), (b"././@LongLink", &long), (b"x.txt", &good)]);
    // The third is no file, but the name of the fourth.
    let third = tar.windows(13).position(|w| w == b"././@LongLink").unwrap();
    tar[third + 156] = b'L';
    let sum: u32 = (0..512).map(|at| if (148..156).contains(&at) { 32 } else { u32::from(tar[third + at]) }).sum();
    tar[third + 148..third + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    place.write("x.tar", &tar);
    let report = place.run(&["x.tar"]);
    assert_eq!((report.new, report.failed.len()), (1, 1));
    assert!(report.failed[0].1.contains("behind good.txt: a header of more than 1048576 bytes"), "{:?}", report.failed);
}

#[test]
fn two_members_of_one_name_in_a_zip_are_both_read() {
    let place = Place::new();
    let (a, b) = (letter("CM99-1000001", &["MRI"]), letter("CM99-1000002", &["MRI"]));
    let mut bytes = zipped(&[("a.txt", a.as_bytes()), ("b.txt", b.as_bytes())]);
    while let Some(at) = bytes.windows(5).position(|w| w == b"b.txt") {
        bytes[at] = b'a';
    }
    place.write("x.zip", &bytes);
    assert_eq!(place.run(&["x.zip"]).new, 2);
    assert_eq!(place.held(), ["CM99-1000001 MRI x.zip!a.txt", "CM99-1000002 MRI x.zip!a.txt (2)"]);
}

#[test]
fn what_is_no_letter_is_passed_over_and_counted_and_what_is_encrypted_named() {
    let place = Place::new();
    let good = letter("CM99-1000001", &["MRI"]).into_bytes();
    let inner = zipped(&[("a.txt", &good)]);
    let members: [(&str, &[u8]); 5] =
        [("a.txt", &good), ("in.zip", &inner), ("notes.md", b"x"), (".hidden.txt", b"x"), ("__MACOSX/._a.txt", b"x")];
    place.write("x.zip", &zipped(&members));
    let report = place.run(&["x.zip"]);
    let skipped: Vec<_> = report.skipped.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    assert_eq!(skipped, ["1 .md", "1 .zip within an archive", "2 hidden"]);
    assert!(report.is_clean() && report.new == 1);

    let mut locked = zipped(&[("a.txt", &good)]);
    // The flag of encryption, in the header before the member and in the directory.
    locked[6] |= 1;
    let at = locked.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    locked[at + 8] |= 1;
    place.write("locked.zip", &locked);
    let report = place.run(&["locked.zip"]);
    assert!(report.failed.len() == 1 && report.failed[0].1.contains("encrypted"), "{:?}", report.failed);
    place.write("none.zip", b"this is no archive");
    let report = place.run(&["none.zip"]);
    assert!(report.failed.len() == 1 && report.new == 0, "{:?}", report.failed);
    assert_eq!(place.run(&["none.zip"]).failed.len(), 1, "it is tried again");
}

#[test]
fn rows_of_jsonl_are_named_by_line_and_columns_fill_what_is_missing() {
    let place = Place::new();
    let text = letter("CM99-1000001", &["MRI"]);
    let body = letter("CM99-1000002", &["Norco"]);
    let body = &body[body.find("HOW THE").unwrap()..];
    let mut file = jsonl(&[json!({"text": text, "decision_date": "2017-01-01"}), json!({"body": text})]);
    file.extend(b"\nthis is no object\n");
    let columns = json!({"text": body, "case_number": "CM99-1000002", "decision_date": "2016-12-19", "injury_date": null});
    file.extend(jsonl(&[columns]));
    place.write("x.jsonl", &file);
    let report = place.run(&["x.jsonl"]);
    let lines: Vec<_> = report.failed.iter().map(|(name, why)| (name.rsplit('/').next().unwrap(), why.as_str())).collect();
    assert_eq!(lines[0], ("x.jsonl!2", "no text in a field `text`; it has: body; name one with --text-field"));
    assert!(lines[1].0 == "x.jsonl!4" && lines[1].1.starts_with("no JSON object"), "{lines:?}");
    assert_eq!(place.held(), ["CM99-1000001 MRI x.jsonl!1", "CM99-1000002 Norco x.jsonl!5"]);
    let records = place.records(&["x.jsonl"]);
    assert_eq!(records[0]["decision_date"], "2016-01-20", "the letter's own text wins");
    let warnings = records[0]["warnings"].to_string();
    assert!(warnings.contains("column decision_date says 2017-01-01, the letter 2016-01-20"), "{warnings}");
    assert_eq!(records[1]["decision_date"], "2016-12-19");
    // Another field is another reading, and a folder does not take rows.
    let other = place.run_with(&["x.jsonl"], &Options { text_field: "body".into(), ..Options::default() });
    assert_eq!((other.unchanged, other.replaced, other.removed), (0, 1, 1));
    assert_eq!(place.held(), ["CM99-1000001 MRI x.jsonl!2"]);
    fs::create_dir(place.path("folder")).unwrap();
    place.write("folder/x.jsonl", &file);
    let report = place.run(&["folder"]);
    assert_eq!((report.new, report.skipped.get(".jsonl")), (0, Some(&1)));
}

#[test]
fn a_line_that_is_too_long_is_skipped_unheld() {
    let place = Place::new();
    let mut file = b"{\"text\": \"".to_vec();
    file.resize(100_000_000, b'x');
    file.extend(b"\"}\n");
    file.extend(jsonl(&[json!({"text": letter("CM99-1000001", &["MRI"])})]));
    place.write("x.jsonl", &file);
    let report = place.run(&["x.jsonl"]);
    assert_eq!((report.new, report.failed.len()), (1, 1));
    assert!(report.failed[0].0.ends_with("x.jsonl!1") && report.failed[0].1 == "a line of more than 67108864 bytes");
    assert_eq!(place.held(), ["CM99-1000001 MRI x.jsonl!2"]);
}

#[test]
fn csv_has_quotes_and_line_ends_in_its_fields() {
    let place = Place::new();
    let quoted = letter("CM99-1000001", &["MRI, \"open\""]);
    let body = letter("x", &["Norco"]);
    let body = &body[body.find("HOW THE").unwrap()..];
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let file = format!("Text,Case Number,decision date\r\n{},,\r\n{},CM99-1000002,12/19/2016\r\n", cell(&quoted), cell(body));
    place.write("x.csv", file.as_bytes());
    assert_eq!(place.run(&["x.csv"]).new, 2);
    assert_eq!(place.held(), ["CM99-1000001 MRI, \"open\" x.csv!2", "CM99-1000002 Norco x.csv!3"]);
    assert_eq!(place.records(&["x.csv"])[1]["decision_date"], "2016-12-19");
    place.write("y.csv", b"id,body\n1,x\n");
    let report = place.run(&["y.csv"]);
    assert_eq!(report.failed[0].1, "no text in a field `text`; it has: id, body; name one with --text-field");
}

#[test]
fn paths_come_from_standard_input() {
    let place = Place::new();
    place.write("a b.txt", letter("CM99-1000001", &["MRI"]).as_bytes());
    place.write("c\nd.txt", letter("CM99-1000002", &["Norco"]).as_bytes());
    let run = place.imr(&["parse", "-"], b"a b.txt\r\n\nmissing.txt\n");
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(String::from_utf8(run.stdout).unwrap().lines().count(), 1);
    assert!(String::from_utf8(run.stderr).unwrap().contains("missing.txt"));
    let run = place.imr(&["index", "-0", "-"], b"a b.txt\0c\nd.txt\0");
    let report = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success() && report.contains("read: 2 new letters"), "{report}");
    let run = place.imr(&["query", "--letters", "-", "norco", "--format", "ids"], b"a b.txt\n");
    assert_eq!(String::from_utf8(run.stdout).unwrap(), "CM99-1000002#1\n");
}

#[test]
fn a_killed_run_leaves_no_container_that_looks_current() {
    let place = Place::new();
    let text = letter("CM99-1000001", &["MRI"]);
    place.write("x.zip", &zipped(&[("a.txt", text.as_bytes()), ("b.txt", letter("CM99-1000002", &["MRI"]).as_bytes())]));
    place.run(&["x.zip"]);
    let options = Options::default();
    place.write("x.zip", &zipped(&[("a.txt", text.as_bytes()), ("c.txt", letter("CM99-1000003", &["MRI"]).as_bytes())]));
    {
        // What a kill leaves behind: the first member read and committed, the container not ended.
        let input = imr::source::Input::named(&place.path("x.zip"), &options).unwrap();
        let stamp = imr::index::Stamp { size: input.state.size, changed: input.state.changed, options: 0 };
        let mut writer = imr::index::Writer::open(&place.index).unwrap();
        writer.begin(&input.id(), stamp);
        let record =
            imr::record::Letter { case_number: Some("CM99-1000001".into()), ..imr::record::Letter::unread("x.zip!a.txt") };
        let documents = writer.maker().documents(&record).unwrap();
        writer.add(&format!("{}!a.txt", input.id()), stamp, documents).unwrap();
        writer.commit().unwrap();
    }
    let report = place.run(&["x.zip"]);
    assert_eq!((report.new, report.unchanged, report.removed), (1, 1, 1), "it goes on where it was");
    assert!(place.held().iter().any(|held| held.contains("CM99-1000003")) && place.held().len() == 2);
}
