//! Warnings as they are counted: the same doubt is one warning, whatever place in the letter it names.

/// A warning with `N` for its numbers: `no heading for item N`.
pub fn folded(warning: &str) -> String {
    let fold = |word: &str| {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &word[digits..];
        let number = digits > 0 && rest.bytes().all(|b| b.is_ascii_punctuation());
        if number { format!("N{rest}") } else { word.to_owned() }
    };
    warning.split_whitespace().map(fold).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fold_and_names_with_digits_do_not() {
        for (warning, want) in [
            ("no heading for item 3", "no heading for item N"),
            ("page 12 is a picture without text", "page N is a picture without text"),
            ("not valid UTF-8 at byte 123; read as Windows-1252", "not valid UTF-8 at byte N; read as Windows-1252"),
            ("no age stated", "no age stated"),
        ] {
            assert_eq!(folded(warning), want);
        }
    }
}
