//! Which characters of a text may be shown. Letters, names of files and queries are other people's; what they hold must be seen and
//! not obeyed, wherever it is shown.

/// Whether a character is none to be seen but does something: control characters of both sets, and the marks by which text
/// changes its direction, its line or its language (Unicode Standard Annex 9 and chapter 23).
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{206f}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
