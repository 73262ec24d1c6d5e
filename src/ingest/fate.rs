//! What became of a file that the index knows.
//!
//! A file counts as deleted only where its folder is there and holds something. A folder that is gone or empty may be a disk that
//! is not mounted. What cannot be looked at is never gone.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is there, or nobody can tell.
    There,
    /// It was deleted.
    Gone,
    /// It went with its folder.
    Folder(PathBuf),
}

/// What became of `file`, where `folder` tells it of what is missing in a folder: see [`missing_in`]. What is not a whole path was
/// no file.
pub fn of(file: &Path, folder: &mut dyn FnMut(&Path) -> Fate) -> Fate {
    let Err(e) = file.metadata() else { return Fate::There };
    let Some(parent) = file.parent().filter(|_| file.is_absolute()) else { return Fate::There };
    match e.kind() {
        // A link leads to a file that is not there; it may lie on a disk that is not mounted. Links in a circle are another error.
        ErrorKind::NotFound => match file.read_link() {
            Ok(target) => of(&parent.join(target), folder),
            Err(_) => folder(parent),
        },
        // Where its folder was there is a file.
        ErrorKind::NotADirectory => Fate::Folder(parent.to_owned()),
        _ => Fate::There,
    }
}

/// What became of a file that is not in its folder.
pub fn missing_in(folder: &Path) -> Fate {
    match folder.read_dir().map(|mut entries| entries.next()) {
        Ok(Some(Ok(_))) => Fate::Gone,
        Ok(None) => Fate::Folder(folder.to_owned()),
        Err(e) if e.kind() == ErrorKind::NotFound => Fate::Folder(folder.to_owned()),
        Ok(Some(Err(_))) | Err(_) => Fate::There,
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_is_gone_only_where_its_folder_has_others() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for folder in ["full", "empty"] {
            fs::create_dir(at(folder)).unwrap();
        }
        fs::write(at("full/a.txt"), "").unwrap();
        for (target, link) in [("full/a.txt", "to-a"), ("full/b.txt", "to-b"), ("empty/b.txt", "to-empty"), ("circle", "circle")]
        {
            symlink(target, at(link)).unwrap();
        }
        symlink("no-folder", at("to-no-folder")).unwrap();
        for (file, fate) in [
            (at("full/a.txt"), Fate::There),
            (at("full/b.txt"), Fate::Gone),
            (at("empty/b.txt"), Fate::Folder(at("empty"))),
            (at("none/b.txt"), Fate::Folder(at("none"))),
            (at("full/a.txt/b.txt"), Fate::Folder(at("full/a.txt"))),
            (at("to-a"), Fate::There),
            (at("to-b"), Fate::Gone),
            (at("to-empty"), Fate::Folder(at("empty"))),
            (at("to-no-folder/b.txt"), Fate::Folder(at("to-no-folder"))),
            (at("circle"), Fate::There),
            ("letter".into(), Fate::There),
        ] {
            assert_eq!(of(&file, &mut missing_in), fate, "{}", file.display());
        }
    }
}
