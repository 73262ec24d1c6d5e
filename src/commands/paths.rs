//! The paths a user names: as arguments, and for `-` as a list on standard input.

use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::cli::InputArgs;

/// The paths, with `-` replaced by those on standard input: one a line, or ended by NUL.
pub fn paths(named: &[PathBuf], args: &InputArgs) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in named {
        if path.as_os_str() != "-" {
            paths.push(path.clone());
            continue;
        }
        let mut list = Vec::new();
        std::io::stdin().lock().read_to_end(&mut list).context("the list of paths on standard input")?;
        paths.extend(listed(&list, args.null));
    }
    Ok(paths)
}

fn listed(list: &[u8], null: bool) -> Vec<PathBuf> {
    let end = if null { 0 } else { b'\n' };
    let names = list.split(|byte| *byte == end);
    let names = names.map(|name| if null { name } else { name.strip_suffix(b"\r").unwrap_or(name) });
    names.filter(|name| !name.is_empty()).map(path).collect()
}

#[cfg(unix)]
fn path(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(name.to_vec()).into()
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> PathBuf {
    OsString::from(String::from_utf8_lossy(name).into_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_one_path_a_line_or_ended_by_nul() {
        assert_eq!(listed(b"a b.txt\r\n\nc.txt", false), ["a b.txt", "c.txt"].map(PathBuf::from));
        assert_eq!(listed(b"a\nb\0c\0", true), ["a\nb", "c"].map(PathBuf::from));
    }
}
