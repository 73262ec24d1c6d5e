//! Objects that do not end.
//!
//! Where the table of a file's objects cannot be used, the parser looks for them: at whatever begins like one it reads on until that
//! one ends or cannot go on, and if it cannot, begins again a few bytes behind. A file of strings that are never closed is so read
//! to its end from every one of them, which takes hours for a few MiB. In a letter what begins ends soon.

use super::limits::{self, too_much};
use crate::error::Result;

/// Refuses a file from whose beginnings of objects there is too much to read until they end.
pub fn refuse(file: &[u8]) -> Result<()> {
    let mut left = file.len().saturating_mul(limits::READINGS);
    for begin in dictionaries(file).chain(objects(file)) {
        left = left.checked_sub(extent(file.get(begin..).unwrap_or_default())).ok_or_else(|| too_much("unfinished objects"))?;
    }
    Ok(())
}

fn dictionaries(file: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memmem::find_iter(file, b"<<")
}

/// What stands behind each `1 0 obj`.
fn objects(file: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memmem::find_iter(file, b"obj").map(|at| at + b"obj".len())
}

/// How many bytes there are at most to the end of the object that `bytes` begin with, as far as brackets tell.
fn extent(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    let mut open = 0_usize;
    while let [first, behind @ ..] = rest {
        rest = match (first, behind) {
            (b'(', _) => behind_string(behind),
            (b'%', _) => behind_line(behind),
            (b'<', [b'<', behind @ ..]) => {
                open += 1;
                behind
            }
            (b'>', [b'>', behind @ ..]) => {
                open = open.saturating_sub(1);
                behind
            }
            (b'[', _) => {
                open += 1;
                behind
            }
            (b']', _) => {
                open = open.saturating_sub(1);
                behind
            }
            // What stands before an object, or in one.
            _ if open > 0 || first.is_ascii_whitespace() || *first == 0 => {
                rest = behind;
                continue;
            }
            // Numbers and names end by themselves.
            _ => break,
        };
        if open == 0 && *first != b'%' {
            break;
        }
    }
    bytes.len() - rest.len()
}

/// What stands behind a string, whose first bracket is left out.
fn behind_string(mut rest: &[u8]) -> &[u8] {
    let mut open = 1_usize;
    while let [first, behind @ ..] = rest {
        rest = match (first, behind) {
            (b'\\', [_, behind @ ..]) => behind,
            _ => behind,
        };
        match first {
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    rest
}

/// What stands behind a comment.
fn behind_line(rest: &[u8]) -> &[u8] {
    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    rest.get(end..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_reaches_to_its_last_bracket() {
        for (object, behind) in [
            ("<</A 1>>", " stream"),
            ("<</A<</B(>>\\)())/C[<41>]>>>>", ">>"),
            (" % <<\n[1 2 (]) <</A/B>>]", "]"),
            ("(a(b)\\()", ")"),
            (" ", "12 endobj"),
            (" ", "/Name <<"),
            ("<</A (", ""),
            ("<</A % >>", ""),
            ("", ""),
        ] {
            assert_eq!(extent(format!("{object}{behind}").as_bytes()), object.len(), "{object}");
        }
    }

    #[test]
    fn what_never_ends_is_refused_and_what_ends_is_not() {
        for unfinished in
            ["1 0 obj ( ", "1 0 obj % ", "1 0 obj [ ", "<< ", "<</A ", "<</A ( ", "<</A (\\ ", "<</A % ", "1 0 obj <</A "]
        {
            let file = unfinished.repeat(2000);
            assert!(refuse(file.as_bytes()).is_err(), "{unfinished}");
        }
        for finished in
            ["1 0 obj (a) endobj ", "1 0 obj % a\n1 endobj ", "<</A<</B<</C[<</D(e)>>]>>>>>> ", "<</A<41>>> ", "( ( < "]
        {
            let file = finished.repeat(2000);
            assert!(refuse(file.as_bytes()).is_ok(), "{finished}");
        }
    }
}
