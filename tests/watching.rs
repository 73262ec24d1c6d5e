//! `--watch`: what comes, changes, goes and comes back is read while the program watches.
//!
//! What the program says is waited for, however long it takes. The system may tell one change as several, so nothing is said here of
//! how often something is told, but where nothing can have changed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

mod common;
#[path = "common/place.rs"]
mod place;

use common::letter;
use place::Place;

/// As long as anything may take on a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that watches, and the lines it says.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(place: &Place, args: &[&str]) -> Self {
        let mut child = place.command(args).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let (sender, lines) = channel();
        let said = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || said.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Watching { child, lines }
    }

    /// Waits until it says something; what it said before that.
    fn says(&self, wanted: &str) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        let mut said = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            if line.contains(wanted) {
                return said;
            }
            said.push(line);
        }
        panic!("it never said `{wanted}` but {said:#?}");
    }

    /// Asks it to end; its status.
    fn end(mut self, signal: &str) -> Option<i32> {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// Puts a letter in its place at once, as a careful program does: there is no moment when half of it is there.
fn put(place: &Place, name: &str, case: &str, items: &[&str]) {
    place.write("elsewhere", case, items);
    fs::rename(place.path("elsewhere"), place.path(name)).unwrap();
}

#[test]
fn what_comes_and_changes_is_read_while_it_watches() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    // The index lies within what is watched: writing it is no change.
    let watching = Watching::start(&place, &["--index", "letters/index", "index", "--watch", "letters"]);
    watching.says("read: 1 new letter");
    watching.says("watching");
    fs::create_dir_all(place.path("letters/new/deep")).unwrap();
    put(&place, "letters/new/deep/b.txt", "CM99-1000002", &["MRI"]);
    watching.says("read: 1 new letter");
    watching.says("watching");
    put(&place, "letters/a.txt", "CM99-1000001", &["MRI", "Norco"]);
    watching.says("read: 0 new letters, 1 replaced");
    watching.says("index: 2 letters, 3 decisions");
    // Another run comes to its turn.
    place.write("other/c.txt", "CM99-1000003", &["MRI"]);
    let (status, said) = place.imr(&["--index", "letters/index", "index", "other"]);
    assert!(status == Some(0) && said.contains("read: 1 new letter"), "{said}");
    fs::remove_file(place.path("letters/a.txt")).unwrap();
    put(&place, "letters/new/d.txt", "CM99-1000004", &["MRI"]);
    watching.says("read: 1 new letter");
    watching.says("index: 4 letters, 5 decisions");
}

#[test]
fn with_prune_what_goes_is_taken_out_while_it_watches() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    place.write("letters/b.txt", "CM99-1000002", &["MRI"]);
    let watching = Watching::start(&place, &["index", "--watch", "--prune", "letters"]);
    watching.says("watching");
    fs::remove_file(place.path("letters/a.txt")).unwrap();
    watching.says("taken out: 1 letter");
    watching.says("index: 1 letter");
}

#[test]
fn a_file_that_is_replaced_is_read_each_time() {
    let place = Place::new();
    place.write("one.txt", "CM99-1000001", &["MRI"]);
    let watching = Watching::start(&place, &["index", "--watch", "one.txt"]);
    watching.says("watching");
    for (n, items) in [&["MRI", "Norco"][..], &["MRI", "Norco", "Soma"], &["Norco"]].iter().enumerate() {
        put(&place, "one.txt", "CM99-1000001", items);
        watching.says("1 replaced");
        watching.says(&format!("index: 1 letter, {} decision", [2, 3, 1][n]));
        watching.says("watching");
    }
}

#[test]
fn a_folder_that_is_replaced_is_watched_on() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    let watching = Watching::start(&place, &["index", "--watch", "letters"]);
    watching.says("watching");
    // At once.
    fs::create_dir(place.path("other")).unwrap();
    place.write("other/b.txt", "CM99-1000002", &["MRI"]);
    fs::rename(place.path("letters"), place.path("old")).unwrap();
    fs::rename(place.path("other"), place.path("letters")).unwrap();
    watching.says("index: 2 letters");
    put(&place, "letters/c.txt", "CM99-1000003", &["MRI"]);
    watching.says("index: 3 letters");
    // And after a while.
    fs::remove_dir_all(place.path("letters")).unwrap();
    watching.says("letters is gone; waiting for it to come back");
    fs::create_dir(place.path("letters")).unwrap();
    put(&place, "letters/d.txt", "CM99-1000004", &["MRI"]);
    watching.says("index: 4 letters");
    put(&place, "letters/e.txt", "CM99-1000005", &["MRI"]);
    watching.says("index: 5 letters");
    assert_eq!(place.ids().len(), 5, "what a folder held that is gone is kept");
}

#[test]
fn a_folder_goes_with_the_folder_above_it_and_the_others_are_watched_meanwhile() {
    let place = Place::new();
    place.write("above/letters/a.txt", "CM99-1000001", &["MRI"]);
    let watching = Watching::start(&place, &["index", "--watch", "letters", "above/letters"]);
    watching.says("watching");
    fs::rename(place.path("above"), place.path("moved")).unwrap();
    watching.says("above/letters is gone");
    put(&place, "letters/b.txt", "CM99-1000002", &["MRI"]);
    watching.says("index: 2 letters");
    fs::rename(place.path("moved"), place.path("above")).unwrap();
    watching.says("above/letters is there again");
    put(&place, "above/letters/c.txt", "CM99-1000003", &["MRI"]);
    watching.says("index: 3 letters");
}

#[cfg(unix)]
#[test]
fn links_that_lead_elsewhere_are_followed() {
    let place = Place::new();
    place.write("target/a.txt", "CM99-1000001", &["MRI"]);
    place.write("new/b.txt", "CM99-1000002", &["MRI"]);
    std::os::unix::fs::symlink(place.path("target"), place.path("link")).unwrap();
    let watching = Watching::start(&place, &["index", "--watch", "letters", "link"]);
    watching.says("watching");
    // The link that was named leads to another folder.
    std::os::unix::fs::symlink(place.path("new"), place.path("elsewhere")).unwrap();
    fs::rename(place.path("elsewhere"), place.path("link")).unwrap();
    watching.says("index: 2 letters");
    put(&place, "new/c.txt", "CM99-1000003", &["MRI"]);
    watching.says("index: 3 letters");
    // A link to a folder comes.
    place.write("third/d.txt", "CM99-1000004", &["MRI"]);
    std::os::unix::fs::symlink(place.path("third"), place.path("letters/third")).unwrap();
    watching.says("index: 4 letters");
    put(&place, "third/e.txt", "CM99-1000005", &["MRI"]);
    watching.says("index: 5 letters");
    // And one to a file, which then leads to another.
    for (file, case, said) in [("f.txt", "CM99-1000006", "1 new letter"), ("g.txt", "CM99-1000007", "1 replaced")] {
        place.write(file, case, &["MRI"]);
        std::os::unix::fs::symlink(place.path(file), place.path("elsewhere")).unwrap();
        fs::rename(place.path("elsewhere"), place.path("letters/file.txt")).unwrap();
        watching.says(said);
        watching.says("index: 6 letters");
    }
}

#[test]
fn what_is_no_letter_is_passed_over_in_silence() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    let watching = Watching::start(&place, &["index", "--watch", "letters"]);
    watching.says("watching");
    fs::write(place.path("letters/notes.md"), "none").unwrap();
    fs::remove_file(place.path("letters/a.txt")).unwrap();
    // However many runs come before that which reads the next letter.
    put(&place, "letters/b.txt", "CM99-1000002", &["MRI"]);
    let before = watching.says("read: 1 new letter");
    assert!(before.is_empty(), "{before:?}");
}

#[test]
fn timings_are_told_after_each_run() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    let watching = Watching::start(&place, &["index", "--watch", "--timings", "letters"]);
    watching.says("in all");
    watching.says("watching");
    put(&place, "letters/b.txt", "CM99-1000002", &["MRI"]);
    watching.says("index: 2 letters");
    watching.says("in all");
}

#[test]
fn the_status_says_whether_the_index_was_brought_up_to_date() {
    let place = Place::new();
    place.write("letters/a.txt", "CM99-1000001", &["MRI"]);
    for signal in ["-INT", "-TERM"] {
        let watching = Watching::start(&place, &["index", "--watch", "letters"]);
        watching.says("watching");
        assert_eq!(watching.end(signal), Some(0), "it was waiting");
    }
    let rows = (0..20_000).map(|n| serde_json::json!({"text": letter(&format!("CM99-{n:07}"), &["MRI"])}).to_string() + "\n");
    fs::write(place.path("rows.jsonl"), rows.collect::<String>()).unwrap();
    let watching = Watching::start(&place, &["--index", "another", "index", "--watch", "rows.jsonl"]);
    // It has begun when it has taken the index for itself.
    let deadline = Instant::now() + PATIENCE;
    while !place.path("another/.tantivy-writer.lock").exists() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(watching.end("-INT"), Some(1), "it was reading");
}
