//! The letters in a zip or tar archive, one after the other; never more than one is unpacked.
//!
//! A zip is read by its directory. Where that has been lost, as at the end of a truncated file, or names two members alike, it
//! is read by the headers before the members instead. A tar that ends without its end mark has been cut off between members.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::rc::Rc;

use zip::result::ZipError;
use zip::{ZipArchive, read::ZipFile};

use super::kind::{self, Packing};
use super::member::{self, Names};
use super::{Held, Input, Seen, Visit, limits};
use crate::error::{Error, Result};

/// Visits the letters of a zip.
pub fn zip(input: &Input, visit: &mut Visit<'_>) -> Result<()> {
    let open = || File::open(input.path()).map(BufReader::new).map_err(|e| Error::io(&input.path(), e));
    let mut names = Names::default();
    match ZipArchive::new(open()?) {
        Ok(archive) if !archive.has_duplicate_names() => by_directory(input, archive, &mut names, visit),
        Ok(_) => by_headers(input, open()?, &mut names, visit).map(|_| ()),
        Err(why) => {
            let before = by_headers(input, open()?, &mut names, visit)?;
            Err(broken(before.as_deref(), &said(&why)))
        }
    }
}

fn by_directory<R: Read + Seek>(
    input: &Input,
    mut archive: ZipArchive<R>,
    names: &mut Names,
    visit: &mut Visit<'_>,
) -> Result<()> {
    for number in 0..archive.len() {
        let name = match archive.by_index_data(number) {
            Ok(entry) if entry.is_dir() => continue,
            Ok(entry) => entry.name().map_or_else(|_| format!("member {number}"), |name| name.into_owned()),
            Err(_) => format!("member {number}"),
        };
        let held = match member::letter(&name) {
            Err(counted) => Err(counted),
            Ok(packing) => Ok(match archive.by_index(number) {
                Ok(file) => of_zip(packing, file),
                Err(why) => Held::Lost(said(&why)),
            }),
        };
        if tell(input, names, &name, held, visit).is_break() {
            break;
        }
    }
    Ok(())
}

/// Says after which member it ended.
fn by_headers<R: Read>(input: &Input, mut file: R, names: &mut Names, visit: &mut Visit<'_>) -> Result<Option<String>> {
    let mut last = None;
    // A member that could not be read: the file may end within it.
    let mut lost: Option<(String, Held)> = None;
    loop {
        let (name, held) = match zip::read::read_zipfile_from_stream(&mut file) {
            Ok(Some(file)) if file.is_dir() => continue,
            Ok(Some(file)) => {
                let name = file.name().map_or_else(|_| "a member".into(), |name| name.into_owned());
                let held = member::letter(&name).map(|packing| of_zip(packing, file));
                (name, Some(held))
            }
            Ok(None) => (String::new(), None),
            Err(why) => {
                let why = lost.map_or_else(|| said(&why), |(name, _)| format!("the archive ends within {name}"));
                return Err(broken(last.as_deref(), &why));
            }
        };
        if let Some((name, held)) = lost.take() {
            if tell(input, names, &name, Ok(held), visit).is_break() {
                return Ok(None);
            }
            last = Some(name);
        }
        match held {
            None => return Ok(last),
            Some(Ok(held @ Held::Lost(_))) => lost = Some((name, held)),
            Some(held) => {
                if tell(input, names, &name, held, visit).is_break() {
                    return Ok(None);
                }
                last = Some(name);
            }
        }
    }
}

fn of_zip<R: Read + ?Sized>(packing: Packing, mut file: ZipFile<'_, R>) -> Held {
    let size = file.size();
    match packing {
        Packing::Plain if size > limits::LETTER => Held::too_large(size),
        _ => member::bytes(packing, 0, &mut file).into(),
    }
}

/// An error of the zip reader, as a user needs it.
fn said(why: &ZipError) -> String {
    match why {
        ZipError::UnsupportedArchive(what) if *what == ZipError::PASSWORD_REQUIRED => {
            "it is encrypted; unpack the archive with its password".into()
        }
        ZipError::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => "the file ends too early".into(),
        why => why.to_string(),
    }
}

/// Visits the letters of a tar.
pub fn tar(input: &Input, visit: &mut Visit<'_>) -> Result<()> {
    let file = File::open(input.path()).map_err(|e| Error::io(&input.path(), e))?;
    let ended = Rc::new(Cell::new(false));
    let unpacked = kind::unpacked(input.form.0, BufReader::new(file)).map_err(|e| broken(None, &e.to_string()))?;
    let left = Rc::new(Cell::new(limits::HEADER));
    let mut archive = tar::Archive::new(Watched { inner: unpacked, ended: ended.clone(), left: left.clone() });
    let mut names = Names::default();
    let mut last: Option<String> = None;
    for entry in archive.entries().map_err(|e| broken(None, &e.to_string()))? {
        let mut entry = entry.map_err(|e| broken(last.as_deref(), &e.to_string()))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let size = entry.size();
        left.set(u64::MAX);
        let held = match member::letter(&name) {
            _ if !kind.is_file() && !kind.is_contiguous() => Err("link or device in an archive".into()),
            Ok(Packing::Plain) if size > limits::LETTER => Ok(Held::too_large(size)),
            Ok(packing) => Ok(member::bytes(packing, 0, &mut entry).into()),
            Err(counted) => Err(counted),
        };
        // What is left of the member is passed here, so that the reader of the archive has only headers to read. A sparse file is
        // larger than what stands in the archive, and left to that reader.
        if !kind.is_gnu_sparse() {
            let passed = io::copy(&mut entry, &mut io::sink());
            ended.set(ended.get() || passed.is_err());
            left.set(limits::HEADER);
        }
        if ended.get() {
            return Err(broken(last.as_deref(), &format!("the archive ends within {name}")));
        }
        if tell(input, &mut names, &name, held, visit).is_break() {
            return Ok(());
        }
        last = Some(name);
    }
    if ended.get() {
        return Err(broken(last.as_deref(), "the archive ends without its end mark"));
    }
    left.set(limits::TAIL);
    // Only at its end does a packed stream say whether it was whole.
    let rest = io::copy(&mut archive.into_inner().take(limits::TAIL), &mut io::sink());
    rest.map(|_| ()).map_err(|e| broken(last.as_deref(), &e.to_string()))
}

/// Notes that there is nothing more to be had, be it that the reader has come to its end or that it failed; and gives no more
/// than is `left`, since a long name is read whole.
struct Watched<R> {
    inner: R,
    ended: Rc<Cell<bool>>,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into);
        let more = matches!(read, Ok(n) if n > 0 || into.is_empty());
        let interrupted = matches!(&read, Err(e) if e.kind() == io::ErrorKind::Interrupted);
        self.ended.set(self.ended.get() || !more && !interrupted);
        let read = read?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::other(format!("a header of more than {} bytes", limits::HEADER))),
        }
        Ok(read)
    }
}

fn tell(input: &Input, names: &mut Names, name: &str, held: Result<Held, String>, visit: &mut Visit<'_>) -> ControlFlow<()> {
    match held {
        Ok(held) => visit(Seen::Letter(input.member(&names.take(name), held))),
        Err(counted) => visit(Seen::PassedOver(counted)),
    }
}

fn broken(last: Option<&str>, why: &str) -> Error {
    let at = last.map_or_else(|| "at its beginning".into(), |name| format!("behind {name}"));
    Error::Broken { at, why: why.to_owned() }
}
