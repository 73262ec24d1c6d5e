//! One writer and many readers, for as long as is wanted: `IMR_SOAK_SECONDS=600 cargo test --test soak -- --nocapture`.
//!
//! `imr index --watch --prune` follows a folder in which letters come, change and go, and commits each burst. Meanwhile eight
//! readers ask: seven keep the index open, as a program that stays does, one starts `imr query` each time. No answer may be an error,
//! and each must be of one committed state, which its own numbers show. What memory and open files the writer and the readers take is
//! held against what they took early on: neither may grow with the time.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking, and this one says what it measured")]

use std::fs;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use imr::field;
use imr::index::Index;
use imr::search::results::{Answer, Total};
use imr::search::{self, Request, lookup};

mod common;
#[path = "common/place.rs"]
mod place;

use place::Place;

/// Letters that stay, though what is in them changes.
const STAYING: usize = 60;
/// Letters that come and go.
const PASSING: usize = 20;
/// Readers that keep the index open. One more starts anew for each query.
const STAYING_READERS: usize = 7;
/// Seconds of a run whose first quarter is long enough for the system's allocator to have given each thread its own memory.
const SETTLED: u64 = 240;
/// What a process may hold at any time, in KB.
const MOST_KB: u64 = 256 << 10;
/// Between two questions of a reader: the writer is to get on too.
const PAUSE: Duration = Duration::from_millis(10);
/// A letter has a decision for each; the last names how often it was written.
const ITEMS: [&str; 2] = ["Lumbar MRI", "Physical therapy"];

/// What a process holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// Memory of its own, without the pages of files that it shares with the page cache; in KB.
    own_kb: u64,
    files: u64,
}

impl Held {
    fn of(process: &str) -> Held {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let own = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        let own_kb = own.trim().trim_end_matches(" kB").parse().unwrap();
        // A file that was deleted and is still mapped is held as an open one is.
        let mapped = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
        let deleted = mapped.lines().filter(|line| line.ends_with("(deleted)")).count() as u64;
        Held { own_kb, files: fs::read_dir(format!("/proc/{process}/fd")).unwrap().count() as u64 + deleted }
    }

    fn most(seen: &[Held]) -> Held {
        let most = |of: fn(&Held) -> u64| seen.iter().map(of).max().unwrap();
        Held { own_kb: most(|held| held.own_kb), files: most(|held| held.files) }
    }
}

/// The writer; it ends with the test.
struct Writer(Child);

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn one_writer_and_eight_readers_agree_and_do_not_grow() {
    let seconds = std::env::var("IMR_SOAK_SECONDS").map_or(12, |seconds| seconds.parse().unwrap());
    let end = Instant::now() + Duration::from_secs(seconds);
    let place = Place::new();
    (0..STAYING).for_each(|letter| put(&place, letter, 0));
    assert_eq!(place.imr(&["index", "letters"]).0, Some(0));
    let watching = ["index", "--watch", "--prune", "letters"];
    let mut writer = Writer(place.command(&watching).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let (answers, generations, done) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let (mut readers_held, mut writer_held) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..STAYING_READERS {
            scope.spawn(|| {
                let _ends = Ends(&done);
                let index = Index::open(&place.path("index")).unwrap();
                while !done.load(Ordering::Relaxed) {
                    let seen = ask(&index);
                    generations.fetch_max(seen, Ordering::Relaxed);
                    answers.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(PAUSE);
                }
            });
        }
        scope.spawn(|| {
            let _ends = Ends(&done);
            while !done.load(Ordering::Relaxed) {
                ask_anew(&place);
                answers.fetch_add(1, Ordering::Relaxed);
            }
        });
        let _ends = Ends(&done);
        let mut round = 0;
        while Instant::now() < end && !done.load(Ordering::Relaxed) {
            round += 1;
            burst(&place, round);
            // Now a burst that goes on, now one that settles.
            std::thread::sleep(Duration::from_millis(if round % 8 == 0 { 1500 } else { 200 }));
            assert!(writer.0.try_wait().unwrap().is_none(), "the writer ended");
            writer_held.push(Held::of(&writer.0.id().to_string()));
            readers_held.push(Held::of("self"));
        }
    });
    let answers = answers.load(Ordering::Relaxed);
    let generations = generations.load(Ordering::Relaxed);
    eprintln!("{seconds} s: {answers} answers, {generations} generations seen");
    assert!(generations > seconds / 6, "the writer committed nothing: {generations} generations were seen");
    for (who, held) in [("readers", readers_held), ("writer", writer_held)] {
        // The first quarter is for what is made once.
        let (early, late) = (Held::most(&held[held.len() / 4..held.len() / 2]), Held::most(&held[held.len() * 3 / 4..]));
        eprintln!("{who}: at most {early:?} in the second quarter, {late:?} in the last");
        assert!(late.own_kb < MOST_KB, "{late:?} of memory are too much for so few letters");
        let grows = late.own_kb > early.own_kb * 5 / 4 + (16 << 10);
        assert!(seconds < SETTLED || !grows, "memory of the {who} grows: {early:?}, then {late:?}");
        assert!(late.files < early.files * 5 / 4 + 64, "open files of the {who} grow: {early:?}, then {late:?}");
    }
}

/// Ends the others when one ends, by a panic too.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Puts a letter in its place at once.
fn put(place: &Place, letter: usize, round: usize) {
    let version = format!("Version {round}");
    let elsewhere = format!("elsewhere{letter}");
    place.write(&elsewhere, &format!("CM99-{letter:07}"), &[ITEMS[0], ITEMS[1], &version]);
    let there = place.path(&name(letter));
    fs::create_dir_all(there.parent().unwrap()).unwrap();
    fs::rename(place.path(&elsewhere), there).unwrap();
}

fn name(letter: usize) -> String {
    format!("letters/{}/{letter}.txt", letter % 7)
}

/// Some letters change, one that comes and goes does so.
fn burst(place: &Place, round: usize) {
    (0..5).for_each(|n| put(place, (round * 5 + n * 11) % STAYING, round));
    let passing = STAYING + round % PASSING;
    match place.path(&name(passing)).exists() {
        true => fs::remove_file(place.path(&name(passing))).unwrap(),
        false => put(place, passing, round),
    }
}

/// Asks an open index, and holds the answer's numbers against each other; the generation that it saw.
fn ask(index: &Index) -> u64 {
    let request = |text: &str, limit| Request {
        text: text.to_owned(),
        query: imr::query::parse(text, jiff::civil::date(2026, 1, 31)).unwrap(),
        facets: vec![field::find("outcome").unwrap(), field::find("specialty").unwrap()],
        limit,
        ..Request::default()
    };
    let all = search::search(index, &request("*", 3)).unwrap();
    agrees(&all);
    for hit in &all.hits {
        // It may have gone since; then there is none, and no error.
        let case = hit.letter.case_number.as_deref().unwrap();
        let found = lookup::letter(index, &index.view().unwrap(), case).unwrap();
        assert!(found.is_none_or(|letter| letter.decisions.len() == ITEMS.len() + 1), "{case}");
    }
    let of_all = search::search(index, &request("lumbar AND upheld", 1)).unwrap();
    agrees(&of_all);
    assert_eq!(of_all.total.letters, of_all.total.decisions, "each letter asks for one MRI");
    of_all.seen
}

/// An answer's own numbers are of one state: every letter in it is whole.
fn agrees(answer: &Answer) {
    let Total { decisions, letters, .. } = answer.index;
    assert_eq!(decisions, (ITEMS.len() as u64 + 1) * letters, "a letter is there in part");
    assert!((STAYING as u64..=(STAYING + PASSING) as u64).contains(&letters), "{letters} letters");
    let by_outcome = answer.outcomes.tally().decisions;
    assert_eq!(by_outcome, answer.total.decisions);
}

/// Asks by the program.
fn ask_anew(place: &Place) {
    let (status, said) = place.imr(&["query", "--count", "therapy"]);
    assert_eq!(status, Some(0), "{said}");
    let found: usize = said.trim().parse().unwrap_or_else(|_| panic!("{said}"));
    assert!((STAYING..=STAYING + PASSING).contains(&found), "{said}");
    let ids = place.ids();
    assert_eq!(ids.len() % (ITEMS.len() + 1), 0, "a letter is there in part: {ids:?}");
}
