//! Damaged and hostile PDFs, which a script makes of the published letters; both lie beside the project, or a test skips.
#![allow(dead_code, reason = "not every test reads them alike")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const LETTERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/letters");
const DAMAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/tools/damage.py");

/// Files made from the first letter, whose words they must have if they are read at all.
const FROM_THE_FIRST: &[&str] = &["sp_leadgarbage", "sp_trailgarbage", "sp_noeof", "sp_crlf", "sp_zeros_tail"];

/// Hostile files made by hand that nonetheless say plainly what their text is.
pub const READABLE: &[(&str, &str)] = &[("sp_cidrange", "AB")];

/// The letter of which a damaged file was made, of all letters in order; by their names without what is behind the dot.
pub fn source<'a>(damaged: &str, mut letters: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    if FROM_THE_FIRST.contains(&damaged) { letters.next() } else { letters.find(|letter| damaged.ends_with(letter.as_str())) }
}

/// A folder of damaged letters, kept from run to run, for its bombs take half a minute to pack.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged");
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let made = folder.join("made");
    if modified(&made).is_none_or(|made| modified(Path::new(DAMAGE)).is_none_or(|script| script > made)) {
        let _ = fs::remove_dir_all(&folder);
        let status = Command::new("python3").arg(DAMAGE).arg(LETTERS).arg(&folder).status().ok()?;
        if !status.success() {
            return None;
        }
        fs::write(made, "").ok()?;
    }
    Some(folder)
}
