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
use super::limits::{self, Limits, Ration};
use super::member::{self, Names};
use super::{Held, Input, Options, Seen, Visit};
use crate::error::{Error, Result};

/// What a member is counted as that is no file.
const LINK: &str = "link or device in an archive";

/// Visits the letters of a zip.
pub fn zip(input: &Input, options: &Options, visit: &mut Visit<'_>) -> Result<()> {
    let open = || File::open(input.path()).map(BufReader::new).map_err(|e| Error::io(&input.path(), e));
    let mut zip =
        Zip { input, names: Names::default(), limits: options.limits, members: options.limits.unpacked(input.state.size) };
    match ZipArchive::new(open()?) {
        Ok(archive) if !archive.has_duplicate_names() => zip.by_directory(archive, visit),
        Ok(_) => zip.by_headers(open()?, visit).map(|_| ()),
        Err(why) => {
            let before = zip.by_headers(open()?, visit)?;
            Err(broken(before.as_deref(), &said(&why)))
        }
    }
}

struct Zip<'a> {
    input: &'a Input,
    names: Names,
    limits: Limits,
    members: Ration,
}

impl Zip<'_> {
    fn by_directory<R: Read + Seek>(&mut self, mut archive: ZipArchive<R>, visit: &mut Visit<'_>) -> Result<()> {
        let mut last: Option<String> = None;
        for number in 0..archive.len() {
            let (name, is_link) = match archive.by_index_data(number) {
                Ok(entry) if entry.is_dir() => continue,
                Ok(entry) => (entry.name().ok().map(|name| name.into_owned()), entry.is_symlink()),
                Err(_) => (None, false),
            };
            let name = name.unwrap_or_else(|| format!("member {number}"));
            let held = match member::letter(&name) {
                _ if is_link => Err(LINK.into()),
                Err(counted) => Err(counted),
                Ok(packing) => Ok(match archive.by_index(number) {
                    Ok(file) => self.held(packing, file),
                    Err(why) => Held::Lost(said(&why)),
                }),
            };
            within(&self.members, last.as_deref())?;
            if self.tell(&name, held, visit).is_break() {
                break;
            }
            last = Some(name);
        }
        Ok(())
    }

    /// Says after which member it ended.
    fn by_headers<R: Read>(&mut self, mut file: R, visit: &mut Visit<'_>) -> Result<Option<String>> {
        let mut last = None;
        // A member that could not be read: the file may end within it.
        let mut lost: Option<(String, Held)> = None;
        loop {
            let (name, held) = match zip::read::read_zipfile_from_stream(&mut file) {
                Ok(Some(file)) if file.is_dir() => continue,
                Ok(Some(file)) => {
                    let name = file.name().map_or_else(|_| "a member".into(), |name| name.into_owned());
                    let held = member::letter(&name).map(|packing| self.held(packing, file));
                    (name, Some(held))
                }
                Ok(None) => (String::new(), None),
                Err(why) => {
                    let why = lost.map_or_else(|| said(&why), |(name, _)| format!("the archive ends within {name}"));
                    return Err(broken(last.as_deref(), &why));
                }
            };
            within(&self.members, last.as_deref())?;
            if let Some((name, held)) = lost.take() {
                if self.tell(&name, Ok(held), visit).is_break() {
                    return Ok(None);
                }
                last = Some(name);
            }
            match held {
                None => return Ok(last),
                Some(Ok(held @ Held::Lost(_))) => lost = Some((name, held)),
                Some(held) => {
                    if self.tell(&name, held, visit).is_break() {
                        return Ok(None);
                    }
                    last = Some(name);
                }
            }
        }
    }

    fn held<R: Read + ?Sized>(&self, packing: Packing, mut file: ZipFile<'_, R>) -> Held {
        let (size, longest) = (file.size(), self.limits.letter);
        match packing {
            Packing::Plain if size > longest => Held::too_large(size, longest),
            _ => unpacked(packing, &mut file, longest, &self.members),
        }
    }

    fn tell(&mut self, name: &str, held: Result<Held, String>, visit: &mut Visit<'_>) -> ControlFlow<()> {
        tell(self.input, &mut self.names, name, held, visit)
    }
}

fn unpacked(packing: Packing, reader: impl Read, longest: u64, members: &Ration) -> Held {
    member::bytes(0, longest, kind::unpacked(packing, reader).map(|reader| members.over(reader))).into()
}

/// Goes no further where an archive has unpacked to more than it may.
fn within(ration: &Ration, last: Option<&str>) -> Result<()> {
    ration.spent().map_or(Ok(()), |why| Err(Error::Beyond { at: behind(last), why: why.to_owned() }))
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
pub fn tar(input: &Input, options: &Options, visit: &mut Visit<'_>) -> Result<()> {
    let limits = options.limits;
    let file = File::open(input.path()).map_err(|e| Error::io(&input.path(), e))?;
    let ended = Rc::new(Cell::new(false));
    let stream = kind::unpacked(input.form.0, BufReader::new(file)).map_err(|e| broken(None, &e.to_string()))?;
    // A member may be packed once more, so both the archive and its members are bounded.
    let (whole, members) = (limits.unpacked(input.state.size), limits.unpacked(input.state.size));
    // A long name is read whole.
    let header = Ration::new(limits::HEADER, format!("a header of more than {} bytes", limits::HEADER));
    let stream = header.over(whole.over(Watched { inner: stream, ended: ended.clone() }));
    let mut archive = tar::Archive::new(stream);
    let mut names = Names::default();
    let mut last: Option<String> = None;
    for entry in archive.entries().map_err(|e| broken(None, &e.to_string()))? {
        within(&whole, last.as_deref())?;
        let mut entry = entry.map_err(|e| broken(last.as_deref(), &e.to_string()))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let size = entry.size();
        header.renew(u64::MAX);
        let held = match member::letter(&name) {
            _ if !kind.is_file() && !kind.is_contiguous() => Err(LINK.into()),
            Ok(Packing::Plain) if size > limits.letter => Ok(Held::too_large(size, limits.letter)),
            Ok(packing) => Ok(unpacked(packing, &mut entry, limits.letter, &members)),
            Err(counted) => Err(counted),
        };
        // What is left of the member is passed here, so that the reader of the archive has only headers to read. A sparse file is
        // larger than what stands in the archive, and left to that reader.
        if !kind.is_gnu_sparse() {
            let passed = io::copy(&mut entry, &mut io::sink());
            ended.set(ended.get() || passed.is_err());
            header.renew(limits::HEADER);
        }
        within(&whole, last.as_deref())?;
        within(&members, last.as_deref())?;
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
    header.renew(limits::TAIL);
    // Only at its end does a packed stream say whether it was whole.
    let rest = io::copy(&mut archive.into_inner().take(limits::TAIL), &mut io::sink());
    rest.map(|_| ()).map_err(|e| broken(last.as_deref(), &e.to_string()))
}

/// Notes that there is nothing more to be had, be it that the reader has come to its end or that it failed.
struct Watched<R> {
    inner: R,
    ended: Rc<Cell<bool>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into);
        let more = matches!(read, Ok(n) if n > 0 || into.is_empty());
        let interrupted = matches!(&read, Err(e) if e.kind() == io::ErrorKind::Interrupted);
        self.ended.set(self.ended.get() || !more && !interrupted);
        read
    }
}

fn tell(input: &Input, names: &mut Names, name: &str, held: Result<Held, String>, visit: &mut Visit<'_>) -> ControlFlow<()> {
    match held {
        Ok(held) => visit(Seen::Letter(input.member(&names.take(name), held))),
        Err(counted) => visit(Seen::PassedOver(counted)),
    }
}

fn broken(last: Option<&str>, why: &str) -> Error {
    Error::Broken { at: behind(last), why: why.to_owned() }
}

fn behind(last: Option<&str>) -> String {
    last.map_or_else(|| "at its beginning".into(), |name| format!("behind {name}"))
}
