//! Killed anywhere: `imr index` is ended by SIGKILL again and again, and started again, while letters come, change and go. After
//! each kill the index is whole and answers from a commit; at the end it holds what one holds that was never killed.
//!
//! `IMR_KILLS=300 cargo test --test killed -- --nocapture` kills so often; the seed is fixed, the machine's own timing is not.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and says what it did")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

mod common;
#[path = "common/place.rs"]
mod place;
#[path = "common/random.rs"]
mod random;

use common::letter;
use place::Place;
use random::Random;

/// Kills, unless `IMR_KILLS` says otherwise.
const KILLS: u64 = 30;
/// Letters between two commits: enough commits for every kill to meet one.
const COMMIT_EVERY: u64 = 20;
/// Text letters that come in a round; some of them are changed in the next, and some taken out in the one after it.
const NEW: u64 = 100;
const CHANGED: u64 = 50;
const MEMBERS: u64 = 30;
const ROWS: u64 = 40;

/// When a run is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// At any time of its life.
    Any,
    /// When some files have come: a segment is written, or merged.
    Files,
    /// When it is committing.
    Committing,
    /// When it has committed: files are deleted, and segments merged.
    Committed,
}

const MOMENTS: [Moment; 4] = [Moment::Any, Moment::Files, Moment::Committing, Moment::Committed];

#[derive(Default, Debug)]
struct Tally {
    kills: u64,
    /// Kills that left files behind which no commit knows.
    amid_writing: u64,
    /// Kills that left a list of files half replaced.
    amid_commit: u64,
    /// Of an index that was being made anew.
    rebuilds: u64,
    /// Kills that left a part of the new one.
    amid_rebuild: u64,
    /// Runs that ended before they were killed.
    too_late: u64,
}

/// The letters, as they come, change and go.
struct Letters<'a> {
    place: &'a Place,
    round: u64,
}

impl Letters<'_> {
    fn put(&self, name: &str, case: u64) {
        fs::write(self.place.path(name), self.text(case)).unwrap();
    }

    /// A letter with two decisions that says in which round it was written.
    fn text(&self, case: u64) -> String {
        let round = self.round;
        letter(&format!("CM98-{case:07}"), &[&format!("Massage round{round} made"), &format!("MRI round{round} made {case}")])
    }

    /// Makes the letters of the next round; returns how many of them are of that round.
    fn next(&mut self) -> u64 {
        self.round += 1;
        let round = self.round;
        let base = round * 1000;
        for n in 0..NEW {
            self.put(&format!("letters/{round}-{n}.txt"), base + n);
        }
        let mut changed = 0;
        if round > 1 {
            changed = CHANGED;
            (0..CHANGED).for_each(|n| self.put(&format!("letters/{}-{n}.txt", round - 1), base - 1000 + n));
        }
        if round > 2 {
            (CHANGED..NEW).for_each(|n| fs::remove_file(self.place.path(&format!("letters/{}-{n}.txt", round - 2))).unwrap());
        }
        // The same archive with other letters of the same cases, fewer each time, and a table of the same cases.
        let members = MEMBERS - round.min(MEMBERS / 2);
        let mut zip = zip::ZipWriter::new(File::create(self.place.path("letters/box.zip")).unwrap());
        for n in 0..members {
            zip.start_file(format!("{n}.txt"), zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(self.text(500_000 + n).as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        let rows = (0..ROWS).map(|n| serde_json::json!({"text": self.text(600_000 + n)}).to_string() + "\n");
        fs::write(self.place.path("rows.jsonl"), rows.collect::<String>()).unwrap();
        NEW + changed + members + ROWS
    }

    /// Copies of letters come and go, the fuller of two shrinks, a file is moved: what it takes to settle who holds a letter.
    fn shuffle(&self) {
        let old = (self.round - 1) * 1000;
        for n in 0..10 {
            let from = self.place.path(&format!("letters/{}-{n}.txt", self.round - 1));
            fs::copy(&from, self.place.path(&format!("letters/copy-{}-{n}.txt", self.round))).unwrap();
            match n % 3 {
                0 => fs::write(&from, letter(&format!("CM98-{:07}", old + n), &["Massage made"])).unwrap(),
                1 => fs::remove_file(&from).unwrap(),
                _ => fs::rename(&from, self.place.path(&format!("letters/moved-{}-{n}.txt", self.round))).unwrap(),
            }
        }
    }
}

fn run(place: &Place, index: &str) -> Command {
    let every = COMMIT_EVERY.to_string();
    let args = ["--index", index, "index", "--prune", "--commit-every", &every, "letters", "rows.jsonl"];
    let mut command = place.command(&args);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn answer(place: &Place, index: &str, query: &str) -> serde_json::Value {
    let done = place.command(&["--index", index, "query", query, "-n", "0", "--strict", "--format", "json"]).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(matches!(done.status.code(), Some(0 | 1)), "{query}: {said}");
    if done.stdout.is_empty() {
        return serde_json::json!({"total": {"letters": 0, "decisions": 0}});
    }
    serde_json::from_slice(&done.stdout).unwrap()
}

/// Letters and decisions that a query finds.
fn count(place: &Place, index: &str, query: &str) -> (u64, u64) {
    let total = &answer(place, index, query)["total"];
    (total["letters"].as_u64().unwrap(), total["decisions"].as_u64().unwrap())
}

/// How many letters there are that are to go.
fn before_of(place: &Place, doomed: &str, round: u64) -> u64 {
    if round > 1 { count(place, "killed", doomed).0 } else { 0 }
}

/// The files of the index, and of one that is made anew in it.
fn files(place: &Place) -> BTreeSet<String> {
    let names = |dir: &str| {
        let entries = fs::read_dir(place.path(dir)).into_iter().flatten();
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect::<Vec<_>>()
    };
    let anew = names("killed/.imr-anew").into_iter().map(|name| format!("anew/{name}"));
    names("killed").into_iter().chain(anew).collect()
}

fn list_of_files(place: &Place) -> Option<u64> {
    fs::metadata(place.path("killed/meta.json")).ok().map(|data| data.ino())
}

/// Waits for the moment, at most so long, and kills; says whether the run was still there.
fn kill(place: &Place, mut child: Child, moment: Moment, random: &mut Random, most: Duration) -> bool {
    let (before, began) = (files(place), Instant::now());
    let any = most.mul_f64(random.below(1000) as f64 / 1000.0);
    let (wanted, jitter) = (1 + random.below(8) as usize, Duration::from_micros(random.below(3000)));
    let (mut commit, mut commits) = (list_of_files(place), 0);
    while child.try_wait().unwrap().is_none() && began.elapsed() < most {
        let came = match moment {
            Moment::Any => began.elapsed() >= any,
            Moment::Files => files(place).difference(&before).count() >= wanted,
            Moment::Committing => files(place).iter().any(|name| name.ends_with(".new")),
            Moment::Committed => {
                let now = list_of_files(place);
                commits += usize::from(now != commit);
                commit = now;
                commits * 3 > wanted
            }
        };
        if came {
            break;
        }
        std::thread::sleep(Duration::from_micros(50));
    }
    if let Moment::Files | Moment::Committed = moment {
        std::thread::sleep(jitter);
    }
    let lives = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    lives
}

/// How long a run may live that is killed at last, at the least: longer each time, so that one comes to its first commit.
fn patience(life: Duration, attempt: u32) -> Duration {
    life / 5 * (1 + attempt)
}

/// What an index holds, in every form in which it is told.
fn all_of(place: &Place, index: &str) -> Vec<String> {
    let asked: [&[&str]; 4] = [
        &["query", "*", "--format", "jsonl", "--sort", "oldest"],
        &["query", "massage", "--format", "ids"],
        &["query", "*", "--facet", "all", "-n", "0", "--format", "json"],
        &["stats", "--format", "json"],
    ];
    asked.map(|args| place.imr(&[&["--index", index], args].concat()).1).to_vec()
}

/// Makes the index anew and is killed at it: whatever is left holds all.
fn rebuild(place: &Place, random: &mut Random, tally: &mut Tally, life: Duration) {
    let (letters, before) = (count(place, "killed", "*"), all_of(place, "killed"));
    let every = COMMIT_EVERY.to_string();
    for attempt in 0u32.. {
        let mut command = place.command(&["--index", "killed", "index", "--rebuild", "--commit-every", &every, "letters"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let most = life + patience(life, attempt);
        let lives = kill(place, child, MOMENTS[random.below(4) as usize], random, most);
        let (status, said) = place.imr(&["--index", "killed", "check"]);
        assert_eq!(status, Some(0), "rebuild {}: {said}", tally.rebuilds);
        assert_eq!(count(place, "killed", "*"), letters, "rebuild {}", tally.rebuilds);
        if !lives {
            tally.too_late += 1;
            break;
        }
        (tally.kills, tally.rebuilds) = (tally.kills + 1, tally.rebuilds + 1);
        tally.amid_rebuild += u64::from(place.path("killed/.imr-anew").exists());
    }
    assert!(run(place, "killed").status().unwrap().code().is_some_and(|code| code < 2));
    assert_eq!(all_of(place, "killed"), before);
}

#[test]
fn whatever_is_killed_the_index_is_whole_and_ends_as_if_nothing_had_been() {
    let kills: u64 = std::env::var("IMR_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let place = Place::new();
    let mut pdfs = 0;
    for entry in fs::read_dir("data").unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|e| e == "pdf") {
            fs::copy(&entry, place.path("letters").join(entry.file_name().unwrap())).unwrap();
            pdfs += 1;
        }
    }
    let mut letters = Letters { place: &place, round: 0 };
    let (mut random, mut tally) = (Random(20_161_219), Tally::default());
    while tally.kills < kills {
        let of_round = letters.next();
        let (word, doomed) = (format!("round{}", letters.round), format!("round{}", letters.round.saturating_sub(2)));
        // At first the PDFs come, too.
        let (word, of_round) = if letters.round == 1 { ("*".to_owned(), of_round + pdfs) } else { (word, of_round) };
        // A run that is never killed tells how long one lives.
        let began = Instant::now();
        assert!(run(&place, "never").status().unwrap().code().is_some_and(|code| code < 2));
        let life = began.elapsed();
        // What has gone is taken out at once.
        let (before, after) = (before_of(&place, &doomed, letters.round), count(&place, "never", &doomed).0);
        let mut there = 0;
        // Until a run has come to its end.
        for attempt in 0.. {
            let moment = MOMENTS[random.below(4) as usize];
            let left = life.mul_f64((of_round - there) as f64 / of_round as f64).max(patience(life, attempt));
            let child = run(&place, "killed").spawn().unwrap();
            if !kill(&place, child, moment, &mut random, left) {
                tally.too_late += 1;
                break;
            }
            tally.kills += 1;
            let found = files(&place);
            tally.amid_commit += u64::from(found.iter().any(|name| name.ends_with(".new")));
            if !found.contains("meta.json") {
                // It was killed before there was an index.
                continue;
            }
            let (status, said) = place.imr(&["--index", "killed", "check"]);
            assert_eq!(status, Some(0), "kill {} ({moment:?}): {said}", tally.kills);
            tally.amid_writing += u64::from(said.contains("left over: "));
            let (made, decisions) = count(&place, "killed", "made");
            assert_eq!(decisions, made * 2, "kill {} ({moment:?}): a letter is there in part", tally.kills);
            let (now, _) = count(&place, "killed", &word);
            let steps = (now - there).is_multiple_of(COMMIT_EVERY) || now == of_round;
            assert!(
                now >= there && steps,
                "kill {} ({moment:?}): {there}, then {now} of {of_round}, which no commit made",
                tally.kills
            );
            there = now;
            let left = count(&place, "killed", &doomed).0;
            assert!(letters.round < 3 || left == before || left == after, "kill {}: {left} are left", tally.kills);
        }
        if letters.round > 1 {
            letters.shuffle();
            for attempt in 0.. {
                let child = run(&place, "killed").spawn().unwrap();
                if !kill(&place, child, MOMENTS[random.below(4) as usize], &mut random, patience(life, attempt)) {
                    break;
                }
                tally.kills += 1;
                let (status, said) = place.imr(&["--index", "killed", "check"]);
                assert_eq!(status, Some(0), "kill {}: {said}", tally.kills);
            }
            tally.too_late += 1;
        }
        for index in ["killed", "never"] {
            let done = run(&place, index).stderr(Stdio::piped()).output().unwrap();
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.code().is_some_and(|code| code < 2), "round {}, {index}: {said}", letters.round);
        }
        for (killed, never) in all_of(&place, "killed").into_iter().zip(all_of(&place, "never")) {
            assert!(!never.is_empty() && killed == never, "round {}: {killed}\n{never}", letters.round);
        }
        rebuild(&place, &mut random, &mut tally, life);
    }
    let (_, said) = place.imr(&["--index", "killed", "check"]);
    assert!(said.contains("the index is whole") && !said.contains("left over"), "{said}");
    let kinds: BTreeSet<_> = files(&place).into_iter().filter_map(|name| Some(name.rsplit_once('.')?.1.to_owned())).collect();
    assert!(
        !kinds.contains("new") && !place.path("killed/.imr-anew").exists() && !kinds.iter().any(|kind| kind.starts_with("tmp")),
        "{kinds:?}"
    );
    eprintln!("{tally:?} in {} rounds, {} letters", letters.round, count(&place, "killed", "*").0);
}

#[test]
fn what_a_kill_left_is_in_nobodys_way() {
    let place = Place::new();
    for n in 1..=3 {
        place.write(&format!("letters/{n}.txt"), &format!("CM99-100000{n}"), &["MRI"]);
    }
    assert_eq!(place.imr(&["index", "letters"]).0, Some(0));
    let list: serde_json::Value = serde_json::from_slice(&fs::read(place.path("index/meta.json")).unwrap()).unwrap();
    let (segments, opstamp) = (list["segments"].as_array().unwrap(), list["opstamp"].as_u64().unwrap());
    // A run that is killed while it commits has written which documents are gone, under the number of its change.
    for segment in segments {
        let id = segment["segment_id"].as_str().unwrap().replace('-', "");
        (1..50).for_each(|more| fs::write(place.path(&format!("index/{id}.{}.del", opstamp + more)), "half").unwrap());
    }
    assert!(place.imr(&["check"]).1.contains("left over: "));
    place.write("letters/1.txt", "CM99-1000001", &["MRI", "Massage"]);
    place.write("letters/2.txt", "CM99-1000002", &["MRI", "Massage"]);
    let (status, said) = place.imr(&["index", "letters"]);
    assert!(status == Some(0) && said.contains("2 replaced") && place.ids().len() == 5, "{said}");
    let (status, said) = place.imr(&["check"]);
    assert!(status == Some(0) && !said.contains("left over"), "{said}");
}
