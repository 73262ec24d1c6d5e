//! Bad input, as a user meets it: one line each in the report, exit status 1, everything else indexed.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and says what it skips")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};

fn imr(dir: &Path, args: &[&str]) -> Output {
    let index = dir.join("index");
    Command::new(env!("CARGO_BIN_EXE_imr"))
        .args(args)
        .env("IMR_INDEX", index)
        .env("NO_COLOR", "1")
        .current_dir(dir)
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn copy(from: &str, to: &Path) {
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(from), to).unwrap();
}

#[test]
fn every_bad_file_has_its_line_and_the_good_ones_are_indexed() {
    let dir = tempfile::tempdir().unwrap();
    let letters = dir.path().join("letters");
    fs::create_dir(&letters).unwrap();
    copy("data/CM99-0000001.txt", &letters.join("good.txt"));
    copy("data/CM99-0000003.pdf", &letters.join("good.pdf"));
    copy("tests/bad/user_password.pdf", &letters.join("password.pdf"));
    copy("tests/bad/picture_only.pdf", &letters.join("scanned.pdf"));
    let whole = fs::read(letters.join("good.pdf")).unwrap();
    fs::write(letters.join("truncated.pdf"), &whole[..whole.len() / 2]).unwrap();
    fs::write(letters.join("empty.txt"), "").unwrap();
    fs::write(letters.join("binary.txt"), [0u8, 159, 146, 150, 255, 0, 1, 2]).unwrap();
    fs::write(letters.join("unknown.txt"), "Dear Sir,\n\nthe zebrafish wheelchair was refused.\n").unwrap();
    let text = fs::read_to_string(letters.join("good.txt")).unwrap().replace("CM99-0000001", "CM99-0000099");
    let mut latin = text.into_bytes();
    let at = latin.windows(6).position(|w| w == b"lumbar").unwrap();
    latin.splice(at..at, *b"caf\xe9 ");
    fs::write(letters.join("latin.txt"), latin).unwrap();
    File::create(letters.join("huge.txt")).unwrap().set_len(200 << 20).unwrap();
    fs::write(letters.join("notes.docx"), "x").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&letters, letters.join("loop")).unwrap();

    let run = imr(dir.path(), &["index", "letters", "nowhere"]);
    let report = stderr(&run);
    assert_eq!(run.status.code(), Some(1), "{report}");
    let expected = [
        ("failed: letters/empty.txt: ", "the file is empty"),
        ("failed: letters/binary.txt: ", "neither a PDF nor text"),
        ("failed: letters/truncated.pdf: ", "damaged PDF"),
        ("failed: letters/password.pdf: ", "asks for a password"),
        ("failed: letters/scanned.pdf: ", "no text"),
        ("failed: letters/huge.txt: ", "209715200 bytes are more than one letter can have"),
        ("failed: letters/loop: ", "a link that leads back"),
        ("failed: nowhere: ", "No such file"),
        ("not read whole: letters/unknown.txt: ", "it can be found by its text"),
        ("not read whole: letters/latin.txt: ", "not valid UTF-8 at byte"),
        ("passed over, no letters by their names: ", "1 .docx"),
    ];
    for (line, why) in expected {
        let lines: Vec<_> = report.lines().filter(|l| l.starts_with(line)).collect();
        assert!(lines.len() == 1 && lines[0].contains(why), "one line `{line}…{why}` in:\n{report}");
    }
    assert!(report.contains("8 failed") && report.contains("2 not read whole"), "{report}");

    let found = imr(dir.path(), &["query", "*", "--format", "ids", "-n", "100"]);
    let ids = String::from_utf8(found.stdout).unwrap();
    for id in ["CM99-0000001#3", "CM99-0000003#2", "CM99-0000099#1"] {
        assert!(ids.lines().any(|l| l == id), "{id} in:\n{ids}");
    }
    let by_text = imr(dir.path(), &["query", "zebrafish"]);
    let page = String::from_utf8(by_text.stdout).unwrap();
    assert_eq!(by_text.status.code(), Some(0));
    assert!(page.contains("1 letter in which no decision could be read") && page.contains("[zebrafish] wheelchair"), "{page}");

    let again = stderr(&imr(dir.path(), &["index", "letters"]));
    assert!(again.contains("0 new letters, 0 replaced, 4 unchanged"), "{again}");
}

#[test]
fn an_unreadable_folder_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let closed = dir.path().join("letters/closed");
    fs::create_dir_all(&closed).unwrap();
    copy("data/CM99-0000001.txt", &dir.path().join("letters/good.txt"));
    #[cfg(unix)]
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    if fs::read_dir(&closed).is_ok() {
        eprintln!("skipped: this user may read every folder");
        return;
    }
    let run = imr(dir.path(), &["index", "letters"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(stderr(&run).contains("failed: letters/closed: Permission denied"), "{}", stderr(&run));
}

#[test]
fn a_missing_index_names_the_command_that_makes_one() {
    let dir = tempfile::tempdir().unwrap();
    let run = imr(dir.path(), &["query", "therapy"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(stderr(&run).contains("make one with: imr index --index"), "{}", stderr(&run));
}

#[test]
fn an_index_of_another_format_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    copy("data/CM99-0000001.txt", &dir.path().join("a.txt"));
    imr(dir.path(), &["index", "a.txt"]);
    let meta = dir.path().join("index/meta.json");
    let now = imr::index::schema::FORMAT;
    let list = fs::read_to_string(&meta).unwrap().replace(&format!("\"payload\": \"{now} "), "\"payload\": \"1 ");
    assert!(list.contains("\"payload\": \"1 "));
    // It had no checksums then.
    let (old, _) = list.split_once(",\n  \"files\"").unwrap();
    fs::write(meta, format!("{old}\n}}\n")).unwrap();
    let run = imr(dir.path(), &["query", "therapy"]);
    assert_eq!(run.status.code(), Some(2));
    let said = format!("format 1, this imr reads format {now}; imr index --rebuild makes it anew");
    assert!(stderr(&run).contains(&said), "{}", stderr(&run));
}

#[test]
fn names_that_no_index_can_keep_as_they_are_leave_it_whole() {
    let dir = tempfile::tempdir().unwrap();
    copy("data/CM99-0000001.txt", &dir.path().join("letter.txt"));
    let record = imr(dir.path(), &["parse", "letter.txt"]).stdout;
    let mut record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    let many: Vec<_> = (0..20_000).map(|n| format!("a{n}")).collect();
    for (n, specialties) in
        [vec!["Pain\nManagement"], vec![""], vec![&"a".repeat(70_000)], many.iter().map(String::as_str).collect()]
            .into_iter()
            .enumerate()
    {
        record["case_number"] = format!("CM99-100000{n}").into();
        record["specialties"] = specialties.into();
        fs::write(dir.path().join(format!("{n}.jsonl")), record.to_string() + "\n").unwrap();
    }
    let run = imr(dir.path(), &["index", "0.jsonl", "1.jsonl", "2.jsonl", "3.jsonl"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let check = imr(dir.path(), &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
    let facet = imr(dir.path(), &["query", "*", "--facet", "specialty", "--facet-limit", "0", "-n", "0", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&facet.stdout).unwrap();
    let values = answer["facets"]["specialty"].as_array().unwrap();
    let decisions =
        |name: &str| values.iter().find(|value| value["value"] == name).map(|value| value["decisions"].as_u64().unwrap());
    let each = record["decisions"].as_array().unwrap().len() as u64;
    assert_eq!([decisions("Pain Management"), decisions("a1"), decisions("Pain")], [Some(each), Some(each), None]);
}

#[test]
fn a_letter_cannot_steer_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("a.txt"),
        "A letter with \u{1b}]0;title\u{7}an escape, zebrafish and a long enough text to be text.\n",
    )
    .unwrap();
    imr(dir.path(), &["index", "a.txt"]);
    for args in [&["query", "zebrafish"][..], &["query", "zebrafish", "--format", "json"]] {
        let out = imr(dir.path(), args).stdout;
        assert!(!out.is_empty() && !out.contains(&0x1b) && !out.contains(&7), "{args:?}");
    }
}

#[test]
fn parse_prints_what_it_can_and_names_what_it_cannot() {
    let dir = tempfile::tempdir().unwrap();
    copy("data/CM99-0000001.txt", &dir.path().join("a.txt"));
    fs::write(dir.path().join("b.txt"), "").unwrap();
    let run = imr(dir.path(), &["parse", "a.txt", "b.txt"]);
    assert_eq!(run.status.code(), Some(1));
    let lines: Vec<serde_json::Value> =
        String::from_utf8(run.stdout.clone()).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["case_number"], "CM99-0000001");
    assert_eq!(lines[0]["schema"], 1);
    assert_eq!(stderr(&run), "failed: b.txt: the file is empty\n");
}

#[test]
fn no_two_files_become_one_and_a_pipe_is_none() {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        let dir = tempfile::tempdir().unwrap();
        for (byte, case) in [(0xffu8, "CM99-0000097"), (0xfe, "CM99-0000098")] {
            let name = [b"a", &[byte][..], b".txt"].concat();
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/CM99-0000001.txt");
            let text = fs::read_to_string(from).unwrap().replace("CM99-0000001", case);
            fs::write(dir.path().join(std::ffi::OsStr::from_bytes(&name)), text).unwrap();
        }
        assert!(stderr(&imr(dir.path(), &["index", "."])).contains("2 new letters"));
        let pipe = stderr(&imr(dir.path(), &["parse", "/dev/null"]));
        assert!(pipe.contains("no file but a device or a pipe"), "{pipe}");
    }
}

#[test]
fn a_query_that_reads_letters_first_says_what_it_could_not_read() {
    let dir = tempfile::tempdir().unwrap();
    copy("data/CM99-0000001.txt", &dir.path().join("a.txt"));
    fs::write(dir.path().join("b.txt"), "").unwrap();
    let partly = imr(dir.path(), &["query", "therapy", "--letters", "a.txt", "--letters", "b.txt"]);
    assert_eq!(partly.status.code(), Some(1));
    assert!(!partly.stdout.is_empty() && stderr(&partly).contains("failed: b.txt"));
    let other = tempfile::tempdir().unwrap();
    let nothing = imr(other.path(), &["query", "therapy", "--letters", "nowhere"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(stderr(&nothing).contains("there is no nowhere") && !other.path().join("index").exists());
}

#[test]
fn a_filter_does_not_stand_for_what_only_a_replaced_letter_had() {
    let dir = tempfile::tempdir().unwrap();
    let letter = |name: &str, case: &str, specialty: &str| {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/CM99-0000001.txt");
        let text = fs::read_to_string(from).unwrap().replace("CM99-0000001", case);
        let text = text.lines().map(|l| match l.starts_with("Certification(s)/Specialty:") {
            true => format!("Certification(s)/Specialty: {specialty}"),
            false => l.to_owned(),
        });
        fs::write(dir.path().join(name), text.collect::<Vec<_>>().join("\n")).unwrap();
    };
    letter("a.txt", "CM99-0000091", "Surgery");
    letter("b.txt", "CM99-0000092", "Hand Surgery");
    imr(dir.path(), &["index", "."]);
    letter("a.txt", "CM99-0000091", "Internal Medicine");
    imr(dir.path(), &["index", "."]);
    let ids = imr(dir.path(), &["query", "specialty:surgery", "--format", "ids"]).stdout;
    assert_eq!(String::from_utf8(ids).unwrap().lines().count(), 3);
}
