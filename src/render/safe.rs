//! Text of a letter, of a file's name or of a query on its way out: whoever wrote it must not be able to steer the terminal on
//! which it is shown.

use std::borrow::Cow;
use std::fmt::Write;

use crate::visible::steers;

/// `text` on one line: white space is one blank each, other control characters and characters that reorder text are gone.
pub fn line(text: &str) -> String {
    // Nearly all text is plain.
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return text.to_owned();
    }
    let visible = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{c}' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if steers(c) => None,
        c => Some(c),
    };
    text.chars().filter_map(visible).collect()
}

/// JSON as it is, but for what JSON lets stand and a terminal would obey: that is escaped, and reads back as the same.
pub fn json(json: &str) -> Cow<'_, str> {
    if json.bytes().all(|byte| byte < 0x7f) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        // Outside of its texts JSON has line ends only.
        if c == '\n' || !steers(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(line("a\u{1b}[31mb\u{7}\r\nc\u{9b}d\u{202e}e"), "a[31mb  cde");
        assert_eq!(line("38° – “x” naïve 疼"), "38° – “x” naïve 疼");
    }

    #[test]
    fn json_reads_back_as_it_was() {
        let text = "a\u{7f}\u{9b}31m\u{202e}\u{2028}\u{e0041}é\n\u{1b}\\u";
        let written = serde_json::to_string(text).unwrap();
        let safe = json(&written);
        assert_eq!(safe, r#""a\u007f\u009b31m\u202e\u2028\udb40\udc41é\n\u001b\\u""#);
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
        assert_eq!(json("{\n  \"é\": 1\n}"), "{\n  \"é\": 1\n}");
    }
}
