//! Text of a letter on its way to a terminal: whoever wrote it must not be able to steer the terminal.

/// `text` on one line: white space is one blank each, other control characters and characters that reorder text are gone.
pub fn line(text: &str) -> String {
    let visible = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{c}' => Some(' '),
        c if c.is_control() || is_reordering(c) => None,
        c => Some(c),
    };
    text.chars().filter_map(visible).collect()
}

/// The marks by which text changes its direction (Unicode Standard Annex 9).
fn is_reordering(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(line("a\u{1b}[31mb\u{7}\r\nc\u{9b}d\u{202e}e"), "a[31mb  cde");
        assert_eq!(line("38° – “x” naïve 疼"), "38° – “x” naïve 疼");
    }
}
