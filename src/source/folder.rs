//! Folders: the letters and archives in them, by name, and how much is passed over.
//!
//! Names come one after the other; what the system knows of the files, which takes most of the time, is asked on all cores.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::kind::{self, Form, Kind};
use super::{Found, Input, Options, Root, member};
use crate::error::Error;

/// Files that are asked about at once.
const AT_ONCE: usize = 1 << 14;

/// Finds what is in `from`, a folder or file in the folder `root`, leaving out the folder `index`.
pub fn walk(root: &Arc<Root>, from: &Path, index: Option<&Path>, options: &Options, found: &mut Found) {
    let passed_over = Cell::new(0);
    let hidden = |entry: &DirEntry| {
        let hidden = entry.depth() > 0 && is_hidden(&entry.file_name().to_string_lossy());
        passed_over.set(passed_over.get() + u64::from(hidden));
        hidden
    };
    let mine = |entry: &DirEntry| entry.depth() > 0 && entry.file_type().is_dir() && Some(entry.path()) == index;
    let mut files = Vec::new();
    // Within a folder that is by name.
    let by_path = |a: &DirEntry, b: &DirEntry| a.path().as_os_str().cmp(b.path().as_os_str());
    let entries = WalkDir::new(from).follow_links(true).sort_by(by_path).into_iter();
    for entry in entries.filter_entry(|e| !hidden(e) && !mine(e)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let name = entry.file_name().to_string_lossy();
                match taken(&name) {
                    Some(form) => files.push((root.rest(entry.path()), form)),
                    None => *found.skipped.entry(member::counted(&name)).or_default() += 1,
                }
            }
            Ok(entry) if entry.file_type().is_dir() => {}
            // To open a pipe is to wait for whoever writes into it.
            Ok(_) => *found.skipped.entry("device or pipe".into()).or_default() += 1,
            Err(e) => {
                let at = root.shown(&root.rest(e.path().unwrap_or(&root.real)));
                let why = e.loop_ancestor().map(|_| std::io::Error::other("a link that leads back into its own folder"));
                let why = why.or_else(|| e.into_io_error()).unwrap_or_else(|| std::io::Error::other("cannot be looked into"));
                found.failed.push((at.to_string_lossy().into_owned(), Error::io(&at, why)));
            }
        }
        if files.len() >= AT_ONCE {
            look_at(root, std::mem::take(&mut files), options, found);
        }
    }
    look_at(root, files, options, found);
    if passed_over.get() > 0 {
        *found.skipped.entry("hidden".into()).or_default() += passed_over.get();
    }
}

/// Whether a path below the folder `root` is one that the way from there leads to.
pub fn is_seen(root: &Root, path: &Path, index: Option<&Path>) -> bool {
    let hidden = root.rest(path).iter().any(|name| is_hidden(&name.to_string_lossy()));
    !hidden && !index.is_some_and(|index| index != root.real && path.starts_with(index))
}

/// How a file in a folder is taken, by its name.
fn taken(name: &str) -> Option<Form> {
    kind::of(name).filter(|(_, kind)| matches!(kind, Kind::Letter | Kind::Zip | Kind::Tar))
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

fn look_at(root: &Arc<Root>, files: Vec<(PathBuf, Form)>, options: &Options, found: &mut Found) {
    let inputs = files.into_par_iter().map(|(rest, form)| {
        let input = Input::new(root.clone(), &rest, form, options);
        input.map_err(|e| (root.shown(&rest).to_string_lossy().into_owned(), e))
    });
    for input in inputs.collect::<Vec<_>>() {
        match input {
            Ok(input) => found.inputs.push(input),
            Err(failed) => found.failed.push(failed),
        }
    }
}
