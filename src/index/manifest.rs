//! The list of an index's files, `meta.json`, as it lies on disk: the engine's own list, and in it the length and the checksum of
//! every file, and at the end a checksum of the list itself.
//!
//! The engine knows a checksum of a file's content only, which lies in the file, and none of its list. With these every byte is
//! covered. The list stays JSON that the engine reads, since it passes over members that it does not know. Without it no file means
//! anything, so it is there twice, the second as [`COPY`].

use std::collections::BTreeMap;
use std::path::Path;

use crc32fast::Hasher;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The name of the list.
pub const META: &str = "meta.json";
/// The name of its copy, which is written before it.
pub const COPY: &str = "meta.json.copy";

/// Behind it nothing stands but the checksum of what stands before it.
const SEAL: &str = ",\n  \"checksum\": \"";

/// The length of a file and the checksum of all its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Bytes.
    pub bytes: u64,
    /// CRC-32.
    pub crc: u32,
}

impl Sum {
    /// Of a file that has been read or written so far.
    pub fn so_far(bytes: u64, hasher: &Hasher) -> Self {
        Sum { bytes, crc: hasher.clone().finalize() }
    }
}

/// Files by name.
pub type Sums = BTreeMap<String, Sum>;

/// What the engine lists, as far as it is needed here.
#[derive(Deserialize)]
struct List {
    #[serde(default)]
    segments: Vec<Segment>,
    #[serde(default)]
    payload: Option<String>,
    #[serde(default)]
    files: Sums,
}

#[derive(Deserialize)]
struct Segment {
    segment_id: String,
    deletes: Option<Deletes>,
}

#[derive(Deserialize)]
struct Deletes {
    opstamp: u64,
}

impl Segment {
    /// Whether the file of that name is needed to read it.
    fn needs(&self, file: &str) -> bool {
        let Some((segment, rest)) = file.split_once('.') else { return false };
        let is_mine = self.segment_id.replace('-', "") == segment;
        let deletes = self.deletes.as_ref().map(|deletes| format!("{}.del", deletes.opstamp));
        is_mine && !rest.ends_with(".temp") && (!rest.ends_with(".del") || deletes.as_deref() == Some(rest))
    }
}

/// The engine's list with what `known` tells of the files in it, sealed.
pub fn sealed(list: &[u8], known: &Sums) -> std::io::Result<Vec<u8>> {
    let wrong = |why: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, format!("the engine's list of files {why}"));
    let text = std::str::from_utf8(list).map_err(|_| wrong("is no text"))?;
    let parsed: List = serde_json::from_str(text)?;
    let open = text.trim_end().strip_suffix('}').ok_or_else(|| wrong("has no end"))?.trim_end();
    let needed = |(name, _): &(&String, &Sum)| parsed.segments.iter().any(|segment| segment.needs(name));
    let files: BTreeMap<_, _> = known.iter().filter(needed).collect();
    let body = format!("{open},\n  \"files\": {}", serde_json::to_string(&files)?);
    let crc = crc32fast::hash(body.as_bytes());
    Ok(format!("{body}{SEAL}{crc:08x}\"\n}}\n").into_bytes())
}

/// What a list says beside what it says to the engine.
#[derive(Debug, Default)]
pub struct Manifest {
    /// What was committed with the documents.
    pub payload: Option<String>,
    /// The files.
    pub files: Sums,
}

impl Manifest {
    /// Reads a list; `None` where it is not as it was written.
    pub fn of(list: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(list).ok()?;
        let (body, rest) = text.split_at(text.rfind(SEAL)?);
        let crc = crc32fast::hash(body.as_bytes());
        let List { payload, files, .. } = serde_json::from_str(text).ok()?;
        (rest == format!("{SEAL}{crc:08x}\"\n}}\n")).then_some(Manifest { payload, files })
    }

    /// The list in a folder.
    ///
    /// # Errors
    /// [`Error::NoIndex`] where there is none nor was any, [`Error::Damaged`] where it is not as it was written.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(META);
        match std::fs::read(&path) {
            Ok(list) => Manifest::of(&list).ok_or_else(|| Error::Damaged(format!("{META} is cut off or has been changed"))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && folder.join(COPY).exists() => {
                Err(Error::Damaged(format!("{META} is missing")))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(Error::NoIndex(folder.to_owned())),
            Err(e) => Err(Error::io(&path, e)),
        }
    }
}

/// The payload of a list that was never sealed, as formats before 5 have it.
pub fn unsealed_payload(list: &[u8]) -> Option<String> {
    let is_sealed = std::str::from_utf8(list).is_ok_and(|text| text.contains("\"checksum\""));
    let list: List = serde_json::from_slice(list).ok().filter(|_| !is_sealed)?;
    list.payload
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"{
  "segments": [
    {"segment_id": "0a-1b", "max_doc": 3, "deletes": {"num_deleted_docs": 1, "opstamp": 7}},
    {"segment_id": "2c", "max_doc": 3, "deletes": null}
  ],
  "opstamp": 7,
  "payload": "5 1 x"
}
"#;

    fn sum(text: &str) -> Sum {
        Sum { bytes: text.len() as u64, crc: crc32fast::hash(text.as_bytes()) }
    }

    #[test]
    fn a_list_holds_the_files_of_its_segments_and_any_change_of_it_is_seen() {
        let names = ["0a1b.idx", "0a1b.5.del", "0a1b.7.del", "0a1b.store.temp", "2c.store", "2c.7.del", "3d.store", "2c"];
        let known: Sums = names.iter().map(|name| ((*name).to_owned(), sum(name))).collect();
        let sealed = sealed(LIST.as_bytes(), &known).unwrap();
        let manifest = Manifest::of(&sealed).unwrap();
        assert_eq!(manifest.files.keys().collect::<Vec<_>>(), ["0a1b.7.del", "0a1b.idx", "2c.store"]);
        assert_eq!(manifest.files["2c.store"], sum("2c.store"));
        assert_eq!(manifest.payload.as_deref(), Some("5 1 x"));
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[at] ^= 1 << bit;
                assert!(Manifest::of(&changed).is_none(), "byte {at}, bit {bit}");
            }
            assert!(Manifest::of(&sealed[..at]).is_none(), "{at} bytes");
        }
        assert_eq!(unsealed_payload(&sealed), None);
        assert_eq!(unsealed_payload(LIST.as_bytes()).as_deref(), Some("5 1 x"));
    }
}
