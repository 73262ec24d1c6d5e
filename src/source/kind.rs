//! What a file is by its name: a letter, or a container that holds many; and how it is packed.

use std::io::Read;

use flate2::read::MultiGzDecoder;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One letter.
    Letter,
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// A record or a text a line, in JSON.
    Jsonl,
    /// A text a row, in a table with a header.
    Csv,
}

/// How a file's bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip.
    Gz,
    /// Zstandard.
    Zst,
}

/// A packing, and what is in it.
pub type Form = (Packing, Kind);

/// What a name says; `None` if it is no letter's and no container's.
pub fn of(name: &str) -> Option<Form> {
    let name = name.to_lowercase();
    let (packing, inner) = if let Some(stem) = name.strip_suffix(".gz") {
        (Packing::Gz, stem)
    } else if let Some(stem) = name.strip_suffix(".zst") {
        (Packing::Zst, stem)
    } else {
        (Packing::Plain, name.as_str())
    };
    let kind = match (packing, extension(inner).as_str()) {
        (_, "pdf" | "txt" | "html" | "htm") => Kind::Letter,
        (_, "tar") => Kind::Tar,
        (_, "jsonl" | "ndjson") => Kind::Jsonl,
        (_, "csv") => Kind::Csv,
        (Packing::Plain, "tgz") => return Some((Packing::Gz, Kind::Tar)),
        (Packing::Plain, "tzst") => return Some((Packing::Zst, Kind::Tar)),
        (Packing::Plain, "zip") => Kind::Zip,
        _ => return None,
    };
    Some((packing, kind))
}

/// What a file that the user names is: what its name says, else a letter.
pub fn of_named(name: &str) -> Form {
    let name = name.to_lowercase();
    of(&name).unwrap_or(match extension(&name).as_str() {
        "gz" => (Packing::Gz, Kind::Letter),
        "zst" => (Packing::Zst, Kind::Letter),
        _ => (Packing::Plain, Kind::Letter),
    })
}

/// What is behind the last dot of a name, in lower case; empty where there is none.
pub fn extension(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or_else(String::new, |(_, e)| e.to_lowercase())
}

/// The bytes in a packing.
pub fn unpacked<'a>(packing: Packing, packed: impl Read + 'a) -> std::io::Result<Box<dyn Read + 'a>> {
    Ok(match packing {
        Packing::Plain => Box::new(packed),
        Packing::Gz => Box::new(MultiGzDecoder::new(packed)),
        Packing::Zst => Box::new(zstd::Decoder::new(packed)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_is_in_a_file() {
        for (name, form) in [
            ("a/CM16-1.PDF", Some((Packing::Plain, Kind::Letter))),
            ("x.txt.gz", Some((Packing::Gz, Kind::Letter))),
            ("x.Tar.Zst", Some((Packing::Zst, Kind::Tar))),
            ("x.tgz", Some((Packing::Gz, Kind::Tar))),
            ("x.zip", Some((Packing::Plain, Kind::Zip))),
            ("x.jsonl.gz", Some((Packing::Gz, Kind::Jsonl))),
            ("x.zip.gz", None),
            ("x.md", None),
            ("x.gz", None),
            (".pdf", None),
            ("a.zip/plain", None),
        ] {
            assert_eq!(of(name), form, "{name}");
        }
        assert_eq!(of_named("x.gz"), (Packing::Gz, Kind::Letter));
        assert_eq!(of_named("plain"), (Packing::Plain, Kind::Letter));
    }
}
