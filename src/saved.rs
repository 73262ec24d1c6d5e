//! Saved queries: texts by name, and how far into the index each has been seen.
//!
//! They lie in the index's folder, a line of JSON each, because what is new is new to that index. The text is kept as it was
//! typed, so that `decided:last-90-days` is resolved on each run. The file is replaced whole, under a lock and from what it holds
//! at that moment, so that of two processes neither loses what the other wrote; one that cannot be read is never replaced.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The name of the file in the index's folder.
pub const FILE: &str = "saved-queries.jsonl";
/// The name of the file that is locked while the other is replaced.
const LOCK: &str = ".saved-queries.lock";
const LONGEST_NAME: usize = 64;

/// A saved query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Letters, digits, `-` and `_`.
    pub name: String,
    /// The query as typed.
    pub query: String,
    /// Whether its words are asked for as written only.
    pub exact: bool,
    /// How far it has been seen.
    pub seen: Seen,
}

/// A committed view of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Which index.
    pub index: String,
    /// Its greatest generation.
    pub generation: u64,
    /// When it was looked at; for the reader only.
    pub at: Timestamp,
}

/// The saved queries of an index.
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Of the index in that folder.
    pub fn of(index: &Path) -> Self {
        Store { folder: index.to_owned() }
    }

    /// All of them, by name.
    ///
    /// # Errors
    /// [`Error::SavedQueries`] where the file has been damaged.
    pub fn all(&self) -> Result<Vec<Saved>> {
        let path = self.folder.join(FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(Error::io(&path, e)),
        };
        let mut all: Vec<Saved> = Vec::new();
        for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()) {
            let wrong = |why: String| Error::SavedQueries { path: path.clone(), line: at + 1, why };
            let saved: Saved = serde_json::from_slice(line).map_err(|e| wrong(e.to_string()))?;
            if !is_name(&saved.name) {
                return Err(wrong(format!("`{}` is no name", saved.name)));
            }
            if all.iter().any(|other| other.name == saved.name) {
                return Err(wrong(format!("`{}` is there twice", saved.name)));
            }
            all.push(saved);
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// Saves a query; returns the one of that name that it replaces.
    pub fn save(&self, saved: Saved) -> Result<Option<Saved>> {
        self.change(|all| {
            let place = all.iter().position(|other| other.name == saved.name);
            let before = place.map(|at| all.remove(at));
            all.push(saved);
            before
        })
    }

    /// Forgets a query; says whether there was one.
    pub fn forget(&self, name: &str) -> Result<bool> {
        self.change(|all| {
            let before = all.len();
            all.retain(|saved| saved.name != name);
            all.len() < before
        })
    }

    /// Says that what `saved` finds has been seen. One that has since been saved anew or seen further stays as it is.
    pub fn see(&self, saved: &Saved, seen: Seen) -> Result<()> {
        self.change(|all| {
            let further = |old: &Seen| old.index != seen.index || old.generation <= seen.generation;
            let asks = |saved: &Saved| (saved.name.clone(), saved.query.clone(), saved.exact);
            let same = |other: &&mut Saved| asks(other) == asks(saved) && further(&other.seen);
            if let Some(same) = all.iter_mut().find(same) {
                same.seen = seen;
            }
        })
    }

    /// Replaces the file by what `change` makes of what it holds.
    fn change<T>(&self, change: impl FnOnce(&mut Vec<Saved>) -> T) -> Result<T> {
        let lock = self.folder.join(LOCK);
        let held = File::options().create(true).truncate(false).write(true).open(&lock).map_err(|e| Error::io(&lock, e))?;
        held.lock().map_err(|e| Error::io(&lock, e))?;
        let before = self.all()?;
        let mut all = before.clone();
        let out = change(&mut all);
        all.sort_by(|a, b| a.name.cmp(&b.name));
        if all != before {
            self.replace(&all)?;
        }
        Ok(out)
    }

    fn replace(&self, all: &[Saved]) -> Result<()> {
        let (path, new) = (self.folder.join(FILE), self.folder.join(format!("{FILE}.new")));
        let write = || {
            let mut file = File::create(&new)?;
            for saved in all {
                serde_json::to_writer(&mut file, saved)?;
                file.write_all(b"\n")?;
            }
            file.sync_all()?;
            fs::rename(&new, &path)
        };
        write().map_err(|e| Error::io(&path, e))
    }
}

/// Whether a query can be saved by that name.
pub fn is_name(name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    (1..=LONGEST_NAME).contains(&name.chars().count()) && name.starts_with(char::is_alphanumeric) && name.chars().all(part)
}

/// A query that begins with the name of a saved one, taken apart: the name, and what stands behind it. What begins with `@` and
/// goes on with no letter or digit, or stands in quotes, is text.
pub fn reference(query: &str) -> Option<(&str, &str)> {
    let text = query.trim().strip_prefix('@').filter(|text| text.starts_with(char::is_alphanumeric))?;
    let (name, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    Some((name, rest.trim_start()))
}

/// A saved query with what stands behind its name: each by itself, so that neither changes what the other means.
pub fn combined(saved: &str, rest: &str) -> String {
    match rest {
        "" => saved.to_owned(),
        rest => format!("({saved}) {rest}"),
    }
}

/// The names most like `name`, at most three.
pub fn nearest<'a>(name: &str, all: &'a [Saved]) -> Vec<&'a str> {
    let mut near: Vec<_> = all
        .iter()
        .map(|saved| (strsim::damerau_levenshtein(&saved.name.to_lowercase(), &name.to_lowercase()), saved.name.as_str()))
        .filter(|(far, near)| *far <= (name.chars().count() / 3).max(1) || near.starts_with(name))
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(name: &str, generation: u64) -> Saved {
        let seen = Seen { index: "a".into(), generation, at: Timestamp::UNIX_EPOCH };
        Saved { name: name.into(), query: format!("about {name}"), exact: false, seen }
    }

    #[test]
    fn a_query_refers_to_a_saved_one_at_its_start_only() {
        for (query, want) in [
            ("@esi", Some(("esi", ""))),
            (" @esi-2  AND overturned ", Some(("esi-2", "AND overturned"))),
            ("@esi, knee", Some(("esi,", "knee"))),
            ("\"@esi\"", None),
            ("knee @esi", None),
            ("@ 5 mg", None),
            ("@", None),
        ] {
            assert_eq!(reference(query), want, "{query}");
        }
        assert_eq!(combined("a OR b", "knee"), "(a OR b) knee");
        assert_eq!(combined("a OR b", ""), "a OR b");
        for (name, valid) in
            [("esi", true), ("ESI_2-a", true), ("Nähe", true), ("-a", false), ("a,", false), ("", false), ("a/b", false)]
        {
            assert_eq!(is_name(name), valid, "{name}");
        }
        assert!(!is_name(&"a".repeat(65)));
    }

    #[test]
    fn what_is_saved_is_read_back_replaced_and_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::of(dir.path());
        assert_eq!(store.all().unwrap(), []);
        assert_eq!(store.save(saved("b", 1)).unwrap(), None);
        assert_eq!(store.save(saved("a", 1)).unwrap(), None);
        assert_eq!(store.save(saved("b", 2)).unwrap(), Some(saved("b", 1)));
        assert_eq!(store.all().unwrap(), [saved("a", 1), saved("b", 2)]);
        assert!(store.forget("a").unwrap() && !store.forget("a").unwrap());
        assert_eq!(store.all().unwrap(), [saved("b", 2)]);
    }

    #[test]
    fn nothing_is_seen_less_than_before_or_under_another_text() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::of(dir.path());
        let seen = |generation| saved("a", generation).seen;
        let at = || store.all().unwrap().into_iter().map(|s| (s.seen.index, s.seen.generation)).collect::<Vec<_>>();
        store.save(saved("a", 5)).unwrap();
        store.see(&saved("a", 5), seen(7)).unwrap();
        store.see(&saved("a", 5), seen(6)).unwrap();
        store.see(&Saved { query: "other".into(), ..saved("a", 5) }, seen(9)).unwrap();
        store.see(&Saved { exact: true, ..saved("a", 5) }, seen(9)).unwrap();
        store.see(&saved("gone", 5), seen(9)).unwrap();
        assert_eq!(at(), [("a".to_owned(), 7)]);
        store.see(&saved("a", 5), Seen { index: "b".into(), ..seen(1) }).unwrap();
        assert_eq!(at(), [("b".to_owned(), 1)]);
    }

    #[test]
    fn a_damaged_file_is_named_with_its_line_and_left_as_it_is() {
        for (broken, why) in [
            ("{\"name\":\"x\"", "EOF"),
            ("{\"name\":\"x\",\"later\":1}", "unknown field `later`"),
            (&serde_json::to_string(&saved("a", 1)).unwrap(), "`a` is there twice"),
            (&serde_json::to_string(&saved("a b", 1)).unwrap(), "`a b` is no name"),
            ("\u{fffd}\u{0}", "expected value"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let store = Store::of(dir.path());
            store.save(saved("a", 1)).unwrap();
            let path = dir.path().join(FILE);
            let text = fs::read_to_string(&path).unwrap() + "\n" + broken + "\n";
            fs::write(&path, &text).unwrap();
            for error in [store.all().unwrap_err(), store.save(saved("c", 1)).unwrap_err(), store.forget("a").unwrap_err()] {
                let error = error.to_string();
                assert!(error.contains(&format!("{FILE} line 3")) && error.contains(why), "{error}");
            }
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn who_saves_at_the_same_time_loses_nothing() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let store = Store::of(dir.path());
                scope.spawn(move || (0..10).for_each(|n| drop(store.save(saved(&format!("q{thread}-{n}"), 1)).unwrap())));
            }
        });
        assert_eq!(Store::of(dir.path()).all().unwrap().len(), 40);
    }

    #[test]
    fn a_misspelt_name_finds_its_neighbours() {
        let all = ["esi", "esi-lumbar", "opioids"].map(|name| saved(name, 1));
        assert_eq!(nearest("esj", &all), ["esi"]);
        assert_eq!(nearest("es", &all), ["esi", "esi-lumbar"]);
        assert_eq!(nearest("opoids", &all), ["opioids"]);
        assert!(nearest("zebra", &all).is_empty());
    }
}
