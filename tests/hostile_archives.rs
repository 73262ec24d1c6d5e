//! Archives and files of rows that were made to do harm: each has its line, costs no more than its size bounds, and the good
//! letters beside it are read.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use imr::index::Index;
use imr::ingest::{self, Report, Settings};
use imr::source::{Options, limits::Limits};

mod common;
#[path = "common/packed.rs"]
mod packed;

use common::letter;
use packed::{Member, PLAIN, RawZip, gz, tarred, zipped, zst};

/// Runs over files of those names and contents in a folder of their own.
struct Place(tempfile::TempDir);

impl Place {
    fn of(files: &[(&str, Vec<u8>)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        Place(dir)
    }

    fn run(&self, names: &[&str], limits: Limits) -> Report {
        let index = Index::open_or_create(&self.0.path().join("index")).unwrap();
        let paths: Vec<PathBuf> = names.iter().map(|name| self.0.path().join(name)).collect();
        let settings = Settings { options: Options { limits, ..Options::default() }, ..Settings::default() };
        ingest::run_with(&index, &paths, &settings, &()).unwrap()
    }
}

/// What became of an archive beside a good letter: its lines, and what of it was passed over.
fn told(name: &str, bytes: Vec<u8>) -> (u64, Vec<(String, String)>, Vec<String>) {
    let place = Place::of(&[("good.txt", good(1)), (name, bytes)]);
    let started = Instant::now();
    let report = place.run(&["good.txt", name], Limits::default());
    assert!(started.elapsed() < Duration::from_secs(60), "{name} took {:?}", started.elapsed());
    let short = |name: &str| name.rsplit_once('/').map_or(name, |(_, short)| short).to_owned();
    let failed = report.failed.iter().map(|(name, why)| (short(name), why.clone())).collect();
    let skipped = report.skipped.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    (report.new, failed, skipped)
}

fn good(number: u32) -> Vec<u8> {
    letter(&format!("CM99-{number:07}"), &["MRI"]).into_bytes()
}

fn named(name: &[u8]) -> Member<'_> {
    Member { name, ..PLAIN }
}

#[test]
fn a_bomb_of_many_members_is_not_read_to_its_end() {
    // One member that the directory names thousands of times, as the bombs do that unpack to petabytes.
    let mut bomb = RawZip::default();
    let content = vec![b' '; 15 << 20];
    let place = bomb.local(named(b"a0000.txt"), &content);
    for n in 0..5000 {
        bomb.entry(named(format!("a{n:04}.txt").as_bytes()), place);
    }
    let spaces = vec![b' '; 3 << 20];
    let many: Vec<_> = (0..200).map(|n| format!("{n:03}.txt.gz")).collect();
    let packed = gz(&spaces);
    let members: Vec<_> = many.iter().map(|name| (name.as_bytes(), packed.as_slice())).collect();
    let blank = [vec![b' '; 999], vec![b'\n']].concat();
    let long = zst(&blank.repeat(300_000));
    for (name, bytes) in [
        ("bomb.zip", bomb.bytes()),
        ("bomb.tar", tarred(&members)),
        ("bomb.tar.gz", gz(&tarred(&[(b"notes.md", &vec![0; 300 << 20])]))),
        ("bomb.jsonl.zst", long.clone()),
        ("bomb.csv.zst", zst(&[b"text\n".to_vec(), vec![b'\n'; 300 << 20]].concat())),
    ] {
        let (new, failed, _) = told(name, bytes);
        let lines: Vec<_> = failed.iter().filter(|(at, _)| at == name).collect();
        assert_eq!((new, lines.len()), (1, 1), "{name}: {lines:?}");
        let why = &lines[0].1;
        assert!(why.starts_with("not read on ") && why.contains("more than 200 times its size"), "{name}: {why}");
        assert!(failed.len() < 100, "{name}: {} lines", failed.len());
    }
    let place = Place::of(&[("x.jsonl.zst", long)]);
    assert!(place.run(&["x.jsonl.zst"], Limits { ratio: 100_000, ..Limits::default() }).failed.is_empty(), "more is allowed");
}

#[test]
fn what_a_header_says_is_not_believed() {
    let member = |size, checksum| Member { size, checksum, ..named(b"a.txt") };
    for (what, bytes, new, said) in [
        ("smaller than it is", RawZip::default().add(member(Some(9), None), &good(2)).bytes(), 1, "a.txt"),
        (
            "larger than it is",
            RawZip::default().add(member(Some(1 << 30), None), &good(2)).bytes(),
            1,
            "more than one letter can have",
        ),
        ("another checksum", RawZip::default().add(member(None, Some(7)), &good(2)).bytes(), 1, "cut off or damaged"),
        ("encrypted", RawZip::default().add(Member { flags: 1, ..named(b"a.txt") }, &good(2)).bytes(), 1, "it is encrypted"),
        ("more members", RawZip::default().add(named(b"a.txt"), &good(2)).claiming(60_000), 2, "cut off or damaged"),
    ] {
        let (read, failed, _) = told("x.zip", bytes);
        assert_eq!((read, failed.len()), (new, 1), "{what}: {failed:?}");
        assert!(format!("{failed:?}").contains(said), "{what}: {failed:?}");
    }
}

#[test]
fn odd_names_of_members_are_only_names() {
    let long = [vec![b'n'; 60_000], b".txt".to_vec()].concat();
    let names: [&[u8]; 12] = [
        b"/etc/a.txt",
        b"../../../b.txt",
        b"C:\\Windows\\c.txt",
        b"..\\..\\d.txt",
        b"\xff\xfe.txt",
        b"e\0.txt",
        b"f\n\x1b[31m.txt",
        b"./g.txt",
        b"a//h.txt",
        "\u{202e}fdp.txt".as_bytes(),
        &long,
        b".txt",
    ];
    let zip = names.iter().zip(2..).fold(RawZip::default(), |zip, (name, n)| zip.add(named(name), &good(n)));
    let place = Place::of(&[("x.zip", zip.bytes())]);
    let before: Vec<_> = fs::read_dir(place.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    let report = place.run(&["x.zip"], Limits::default());
    assert_eq!((report.new, report.failed.len()), (11, 0), "{:?}", report.failed);
    // A name that is all extension is hidden; one that is empty has none.
    assert_eq!(report.skipped.get("hidden"), Some(&1));
    let after = fs::read_dir(place.0.path()).unwrap().map(|e| e.unwrap().file_name()).filter(|name| name != "index");
    assert_eq!(after.collect::<Vec<_>>(), before, "nothing is unpacked");
    let (_, failed, skipped) = told("y.zip", RawZip::default().add(named(b""), &good(2)).bytes());
    assert_eq!((failed.len(), skipped), (0, vec!["1 without extension".to_owned()]));
}

#[test]
fn links_and_devices_in_archives_are_counted_and_lead_nowhere() {
    let link = Member { mode: 0o120777, ..named(b"link.txt") };
    let zip = RawZip::default().add(link, b"/etc/passwd").add(named(b"a.txt"), &good(2)).bytes();
    let mut tar = tar::Builder::new(Vec::new());
    for (kind, name) in [
        (tar::EntryType::Symlink, "s.txt"),
        (tar::EntryType::Link, "h.txt"),
        (tar::EntryType::Fifo, "f.txt"),
        (tar::EntryType::Char, "c.txt"),
        (tar::EntryType::Block, "b.txt"),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_path(name).unwrap();
        header.set_link_name("/etc/passwd").unwrap();
        header.set_size(0);
        header.set_cksum();
        tar.append(&header, &b""[..]).unwrap();
    }
    let tar = [tar.into_inner().unwrap()[..5 * 512].to_vec(), tarred(&[(b"a.txt", &good(2))])].concat();
    for (name, bytes, links) in [("x.zip", zip, 1), ("x.tar", tar, 5)] {
        let (new, failed, skipped) = told(name, bytes);
        assert_eq!((new, failed), (2, vec![]), "{name}");
        assert_eq!(skipped, [format!("{links} link or device in an archive")], "{name}");
    }
}

#[test]
fn archives_within_archives_are_counted_and_not_entered() {
    let inner = zipped(&[("a.txt", &good(2))]);
    let members: [(&str, &[u8]); 3] =
        [("in.zip", &inner), ("in.tar.gz", &gz(&tarred(&[(b"a.txt", &good(2))]))), ("a.txt", &good(3))];
    let (new, failed, skipped) = told("x.zip", zipped(&members));
    assert_eq!((new, failed), (2, vec![]));
    assert_eq!(skipped, ["1 .gz within an archive", "1 .zip within an archive"]);
}

#[test]
fn what_stands_behind_a_packed_file_is_told() {
    for garbage in [&b"\0\0\0\0"[..], b"garbage", b"\x1f\x8b\x08"] {
        let (new, failed, _) = told("x.txt.gz", [gz(&good(2)).as_slice(), garbage].concat());
        assert_eq!((new, failed.len()), (1, 1), "{garbage:?}");
        assert!(failed[0].1.starts_with("it is cut off or damaged"), "{failed:?}");
        let (new, failed, _) = told("x.tar.gz", [gz(&tarred(&[(b"a.txt", &good(2))])).as_slice(), garbage].concat());
        assert_eq!((new, failed.len()), (2, 1), "{garbage:?}: {failed:?}");
    }
    // Two packed files one behind the other are one, as gunzip reads them.
    let text = good(2);
    let (new, failed, _) = told("x.txt.gz", [gz(&text[..100]), gz(&text[100..])].concat());
    assert_eq!((new, failed), (2, vec![]));
}

#[test]
fn of_a_file_of_rows_a_thousand_are_named_and_the_rest_counted() {
    let rows = |row: &dyn Fn(u32) -> String| (0..3_000).map(|n| row(n) + "\n").collect::<String>().into_bytes();
    let place = Place::of(&[
        ("none.jsonl", rows(&|_| "this is no object".into())),
        ("odd.jsonl", rows(&|n| format!("{{\"text\": \"no letter {n}\"}}"))),
        ("same.jsonl", rows(&|_| "{\"text\": \"one and the same\"}".into())),
        ("good.txt", good(1)),
    ]);
    let unnamed = |report: &Report| report.unnamed.iter().map(|more| (more.failed, more.partial)).collect::<Vec<_>>();
    let report = place.run(&["none.jsonl", "good.txt"], Limits::default());
    assert_eq!((report.new, report.failed.len(), report.count_failed(), unnamed(&report)), (1, 1000, 3_000, vec![(2_000, 0)]));
    assert!(report.unnamed[0].container.ends_with("none.jsonl") && !report.is_clean());
    let report = place.run(&["odd.jsonl"], Limits::default());
    assert_eq!(
        (report.new, report.partial.len(), report.count_partial(), unnamed(&report)),
        (3_000, 1000, 3_000, vec![(0, 2_000)])
    );
    let report = place.run(&["same.jsonl"], Limits::default());
    assert_eq!((report.new, report.copies.len(), report.count_copies()), (1, 1000, 2_999));
}

#[test]
fn a_limit_that_is_raised_reads_what_it_left_out() {
    let short = Limits { letter: 1000, ..Limits::default() };
    let files = [("a.txt", good(1)), ("x.zip", zipped(&[("b.txt", &good(2))])), ("x.tar", tarred(&[(b"c.txt", &good(3))]))];
    let place = Place::of(&files);
    let names = ["a.txt", "x.zip", "x.tar"];
    let report = place.run(&names, short);
    assert_eq!((report.new, report.failed.len()), (0, 3));
    for (name, why) in &report.failed {
        assert!(why.contains("more than one letter can have (limit 1000)"), "{name}: {why}");
    }
    let report = place.run(&names, Limits::default());
    assert_eq!((report.new, report.failed.len()), (3, 0), "{:?}", report.failed);
}
