//! Where letters come from. An [`Input`] is a file: a letter, or a container of many (an archive, JSONL, CSV). A [`Source`] is
//! one letter: a file, or a member of a container.
//!
//! In folders letters and archives are taken, by name; what is passed over is counted, so that nothing is lost silently. Files of
//! rows are taken only when the user names them, for folders hold lists too. A file that the user names is taken whatever it is
//! called. A source is known by its absolute path, a member as `archive.zip!member.pdf` or `letters.jsonl!12`, and shown as the
//! user named it. Containers are read as streams: whatever their size, one member at a time is held here.

use std::borrow::Cow;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use crate::error::{Error, Result};

mod archive;
mod find;
mod folder;
pub mod kind;
pub mod limits;
mod member;
mod options;
mod rows;
pub mod watch;

pub use find::{Found, among, find};
use kind::{Form, Kind};
pub use options::Options;
pub use rows::COLUMNS;

/// What tells whether a file has changed since it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Bytes.
    pub size: u64,
    /// Time of change, in nanoseconds since 1970.
    pub changed: i64,
    /// A digest of the options on which its reading depends; 0 where it depends on none.
    pub options: u64,
}

/// A path that the user named.
#[derive(Debug, PartialEq, Eq)]
pub struct Root {
    /// As it was named.
    pub named: PathBuf,
    /// Without links, from the root of the file system.
    pub real: PathBuf,
}

impl Root {
    /// Where a path lies below it. Of what has UTF-8 names the bytes are compared, which takes a tenth of the time.
    fn rest(&self, real: &Path) -> PathBuf {
        let text = self.real.to_str().and_then(|root| real.to_str()?.strip_prefix(root)?.strip_prefix('/'));
        text.map_or_else(|| real.strip_prefix(&self.real).unwrap_or(real).to_owned(), PathBuf::from)
    }

    /// As a user knows what lies below it.
    fn shown(&self, rest: &Path) -> PathBuf {
        below(&self.named, rest)
    }

    /// As a user knows a path: by the name of the root, where it lies below it.
    pub fn known(&self, real: &Path) -> PathBuf {
        self.shown(&self.rest(real))
    }

    /// The file of that identity, if it lies here.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be looked at.
    pub fn input(self: &Arc<Self>, id: &str, options: &Options) -> Option<Result<Input>> {
        let path = path_of(id);
        let rest = path.strip_prefix(&self.real).ok()?;
        Some(Input::new(self.clone(), rest, kind::of_named(id), options))
    }
}

/// Nothing below a path is the path itself, which `join` would end with a slash.
fn below(path: &Path, rest: &Path) -> PathBuf {
    if rest.as_os_str().is_empty() { path.to_owned() } else { path.join(rest) }
}

/// A file that was found. There may be millions of them, so what they have in common is held once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    root: Arc<Root>,
    /// Where it lies below that; nothing if it was named itself.
    rest: Box<Path>,
    /// Whether it has changed.
    pub state: State,
    /// How it is packed, and what is in it.
    pub form: Form,
}

/// One letter, and where it is from.
#[derive(Debug)]
pub struct Source {
    /// Its name as shown and recorded.
    pub name: String,
    /// What it is known by.
    pub id: String,
    /// Of the file that it is in.
    pub state: State,
    /// Its content, or where that is.
    pub held: Held,
}

/// The content of a source.
#[derive(Debug)]
pub enum Held {
    /// In a file that is still to be read.
    File {
        /// Where it is.
        path: PathBuf,
        /// How it is packed.
        packing: kind::Packing,
        /// Bytes of the longest letter that is read.
        longest: u64,
    },
    /// The bytes of a PDF, a text or a page.
    Bytes(Vec<u8>),
    /// A row of a table.
    Row(Row),
    /// A record of ours, as JSON.
    Record(String),
    /// It could not be had, with the reason.
    Lost(String),
}

/// A text with what stands beside it in its row.
#[derive(Debug)]
pub struct Row {
    /// The text.
    pub text: Vec<u8>,
    /// Names of [`COLUMNS`] with their values, none of them empty.
    pub columns: Vec<(&'static str, String)>,
}

impl Row {
    fn new(text: Vec<u8>, columns: impl Iterator<Item = (&'static str, String)>) -> Self {
        let trimmed = columns.map(|(name, value)| (name, value.trim().to_owned()));
        Row { text, columns: trimmed.filter(|(_, value)| !value.is_empty()).collect() }
    }
}

impl Held {
    fn too_large(size: u64, limit: u64) -> Self {
        Held::Lost(Error::TooLarge { size, limit }.to_string())
    }

    /// Bytes to hold: for a container's members no more are held at once than a batch may have.
    pub fn size(&self) -> usize {
        match self {
            Held::Bytes(bytes) => bytes.len(),
            Held::Row(row) => row.text.len(),
            Held::Record(json) => json.len(),
            Held::File { .. } | Held::Lost(_) => 0,
        }
    }
}

impl From<Result<Vec<u8>>> for Held {
    fn from(bytes: Result<Vec<u8>>) -> Self {
        bytes.map_or_else(|e| Held::Lost(e.to_string()), Held::Bytes)
    }
}

/// What a container shows of itself, in its order.
pub enum Seen {
    /// A letter.
    Letter(Source),
    /// A member that is none by its name, and what it is counted as.
    PassedOver(String),
}

/// Is told what a container holds; may break off.
pub type Visit<'a> = dyn FnMut(Seen) -> ControlFlow<()> + 'a;

impl Input {
    fn new(root: Arc<Root>, rest: &Path, form: Form, options: &Options) -> Result<Self> {
        let path = below(&root.real, rest);
        let data = fs::metadata(&path).map_err(|e| Error::io(&root.shown(rest), e))?;
        if !data.is_file() {
            return Err(Error::Unreadable("it is no file but a device or a pipe".into()));
        }
        let since = data.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
        let changed = since.and_then(|d| i64::try_from(d.as_nanos()).ok()).unwrap_or(0);
        let options = options.digest(form.1);
        Ok(Input { root, rest: rest.into(), state: State { size: data.len(), changed, options }, form })
    }

    /// The file of that path, whatever it is called.
    pub fn named(path: &Path, options: &Options) -> Result<Self> {
        let real = fs::canonicalize(path).map_err(|e| Error::io(path, e))?;
        let form = kind::of_named(&path.to_string_lossy());
        Self::new(Arc::new(Root { named: path.to_owned(), real }), Path::new(""), form, options)
    }

    /// The file of that identity, which need not lie in a path that the user named.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be looked at.
    pub fn known(id: &str, options: &Options) -> Result<Self> {
        Self::known_as(id, path_of(id), options)
    }

    /// The same, by the name that the user gave it.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be looked at.
    pub fn known_as(id: &str, named: PathBuf, options: &Options) -> Result<Self> {
        let root = Root { named, real: path_of(id) };
        Self::new(Arc::new(root), Path::new(""), kind::of_named(id), options)
    }

    /// Where it is, as the user named it.
    pub fn path(&self) -> PathBuf {
        self.root.shown(&self.rest)
    }

    /// Its absolute path: what it is known by.
    pub fn id(&self) -> String {
        identity(&below(&self.root.real, &self.rest))
    }

    /// Its name as shown and recorded.
    pub fn name(&self) -> String {
        self.path().to_string_lossy().into_owned()
    }

    /// Whether it holds many letters.
    pub fn is_container(&self) -> bool {
        self.form.1 != Kind::Letter
    }

    /// The letter that it is, if it is one.
    pub fn letter(&self, options: &Options) -> Source {
        let held = Held::File { path: self.path(), packing: self.form.0, longest: options.limits.letter };
        Source { name: self.name(), id: self.id(), state: self.state, held }
    }

    fn member(&self, name: &str, held: Held) -> Source {
        Source { name: format!("{}!{name}", self.name()), id: format!("{}!{name}", self.id()), state: self.state, held }
    }

    /// Visits the letters in a container, in its order.
    ///
    /// # Errors
    /// Where the container cannot be read on; what was visited before is whole.
    pub fn each(&self, options: &Options, visit: &mut Visit<'_>) -> Result<()> {
        match self.form.1 {
            Kind::Letter => {
                let _ = visit(Seen::Letter(self.letter(options)));
                Ok(())
            }
            Kind::Zip => archive::zip(self, options, visit),
            Kind::Tar => archive::tar(self, options, visit),
            Kind::Jsonl => rows::jsonl(self, options, visit),
            Kind::Csv => rows::csv(self, options, visit),
        }
    }
}

/// What a file is known by: its path. A byte that is no UTF-8 is written as two hexadecimal digits behind a zero character, which
/// no path has, so that two names never become one, what lies in a folder begins as the folder does, and there is a way back.
pub fn identity(path: &Path) -> String {
    let mut id = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        id.push_str(chunk.valid());
        id.extend(chunk.invalid().iter().map(|byte| format!("\0{byte:02x}")));
    }
    id
}

/// The path of a file that is known so.
pub fn path_of(id: &str) -> PathBuf {
    #[cfg(unix)]
    if id.contains('\0') {
        use std::os::unix::ffi::OsStringExt;
        let mut parts = id.split('\0');
        let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
            bytes.extend(u8::from_str_radix(digits, 16));
            bytes.extend_from_slice(rest.as_bytes());
        }
        return std::ffi::OsString::from_vec(bytes).into();
    }
    PathBuf::from(id)
}

impl Source {
    /// Its bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] and [`Error::TooLong`] without reading more than a letter may have, and [`Error::Io`].
    pub fn read(&self) -> Result<Cow<'_, [u8]>> {
        match &self.held {
            Held::File { path, packing, longest } => {
                let size = self.state.size;
                if size > *longest {
                    return Err(Error::TooLarge { size, limit: *longest });
                }
                let file = File::open(path).map_err(|e| Error::io(path, e))?;
                member::bytes(size as usize, *longest, kind::unpacked(*packing, file)).map(Cow::Owned)
            }
            Held::Bytes(bytes) => Ok(bytes.into()),
            Held::Row(row) => Ok((&row.text).into()),
            Held::Record(json) => Ok(json.as_bytes().into()),
            Held::Lost(why) => Err(Error::Unreadable(why.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_refused_unread() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("huge.txt");
        let options = Options::default();
        File::create(&path).unwrap().set_len(options.limits.letter + 1).unwrap();
        assert!(matches!(Input::named(&path, &options).unwrap().letter(&options).read(), Err(Error::TooLarge { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_known_by_its_path_whatever_its_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let ids = [
            (&b"/l/a.txt"[..], "/l/a.txt"),
            (b"/l/\xe9.txt", "/l/\0e9.txt"),
            (b"/l/\xe9\xff\\xff", "/l/\0e9\0ff\\xff"),
            ("/l/é".as_bytes(), "/l/é"),
        ];
        for (bytes, id) in ids {
            let path = Path::new(std::ffi::OsStr::from_bytes(bytes));
            assert_eq!(identity(path), id);
            assert_eq!(path_of(id), path);
        }
    }
}
