//! Members of archives: their names, which of them are letters, and their bytes within the limit.
//!
//! A member's name is only a name: nothing is ever written under it. Two members of one name are both kept, the second as
//! `name (2)`.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read};

use super::kind::{self, Kind, Packing};
use super::limits;
use crate::error::{Error, Result};

/// The names that have been in one archive.
#[derive(Default)]
pub struct Names {
    hasher: RandomState,
    /// How often, by the name's hash: two million names need not be held.
    seen: HashMap<u64, u32>,
}

impl Names {
    /// The name under which a member is known in its archive.
    pub fn take(&mut self, name: &str) -> String {
        let name = name.get(..name.floor_char_boundary(limits::NAME)).unwrap_or_default();
        let hash = self.hasher.hash_one(name);
        let mut times = self.seen.get(&hash).copied().unwrap_or(0);
        let free = loop {
            times += 1;
            let free = if times == 1 { name.to_owned() } else { format!("{name} ({times})") };
            let hash = self.hasher.hash_one(&*free);
            if times == 1 || !self.seen.contains_key(&hash) {
                self.seen.insert(hash, 1);
                break free;
            }
        };
        self.seen.insert(hash, times);
        free
    }
}

/// How a letter is packed within its archive; or, of what is not taken for a letter, what it is counted as.
pub fn letter(name: &str) -> std::result::Result<Packing, String> {
    let hidden = |part: &str| part == "__MACOSX" || part.starts_with('.') && !part.trim_matches('.').is_empty();
    if name.split(['/', '\\']).any(hidden) {
        return Err("hidden".into());
    }
    match kind::of(name) {
        Some((packing, Kind::Letter)) => Ok(packing),
        Some(_) => Err(format!("{} within an archive", counted(name))),
        None => Err(counted(name)),
    }
}

/// What a file that is passed over is counted as: its extension.
pub fn counted(name: &str) -> String {
    match kind::extension(name) {
        extension if extension.is_empty() => "without extension".into(),
        extension => format!(".{}", extension.get(..extension.floor_char_boundary(16)).unwrap_or_default()),
    }
}

/// The bytes of one letter, for which room for `size` is made at once: grown bit by bit, a small file takes ten calls.
///
/// # Errors
/// [`Error::TooLong`] without reading more than `longest` bytes, and [`Error::Cut`] where the stream breaks.
pub fn bytes(size: usize, longest: u64, unpacked: io::Result<impl Read>) -> Result<Vec<u8>> {
    let cut = |e: io::Error| Error::Cut(e.to_string());
    // With a byte more its end is seen without growing.
    let mut bytes = Vec::with_capacity(size + 1);
    unpacked.map_err(cut)?.take(longest.saturating_add(1)).read_to_end(&mut bytes).map_err(cut)?;
    match bytes.len() as u64 > longest {
        true => Err(Error::TooLong { limit: longest }),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_taken_by_name_and_never_lost_by_it() {
        let mut names = Names::default();
        assert_eq!(["a.txt", "b.txt", "a.txt"].map(|n| names.take(n)), ["a.txt", "b.txt", "a.txt (2)"]);
        assert_eq!(["a.txt (2)", "a.txt"].map(|n| names.take(n)), ["a.txt (2) (2)", "a.txt (3)"]);
        assert!(names.take(&"é".repeat(5000)).len() <= limits::NAME);
        assert_eq!(letter("../../x.pdf"), Ok(Packing::Plain));
        assert_eq!(letter("a/x.txt.gz"), Ok(Packing::Gz));
        for (name, counted) in [
            (".hidden.txt", "hidden"),
            ("__MACOSX/x.pdf", "hidden"),
            ("in.zip", ".zip within an archive"),
            ("notes.md", ".md"),
            ("plain", "without extension"),
        ] {
            assert_eq!(letter(name), Err(counted.into()), "{name}");
        }
    }
}
