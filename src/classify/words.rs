//! Text -> words in normal form, so that a term is one spelling and matches whole words only.
//!
//! Lower case; hyphens and all punctuation part words ("x-ray" is "x ray"), apostrophes and the dots of "T.E.N.S." join them;
//! a number parts from its unit ("50mg" is "50 mg"), a letter does not part from its number ("L4", "B12"); `%` is a
//! word and `&` is "and"; plurals lose their ending.

/// The words of `text`, each with a blank on either side of its own: " knee  brace ". So neighbouring terms never share a blank,
/// and a term written in this form can only be found at whole words.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3 / 2 + 2);
    let mut word = String::with_capacity(USUAL);
    let mut chars = text.chars().peekable();
    let mut dotted = false;
    while let Some(c) = chars.next() {
        let after_digit = word.ends_with(|w: char| w.is_ascii_digit());
        match c {
            _ if c.is_alphanumeric() => {
                if after_digit && c.is_alphabetic() {
                    finish(&mut word, &mut out);
                }
                match c.is_ascii() {
                    true => word.push(c.to_ascii_lowercase()),
                    false => word.extend(c.to_lowercase()),
                }
                continue;
            }
            '\'' | '’' if !word.is_empty() => continue,
            '.' if (word.len() == 1 || dotted) && !after_digit && chars.peek().is_some_and(|n| n.is_alphabetic()) => {
                dotted = true;
                continue;
            }
            _ => {}
        }
        dotted = false;
        finish(&mut word, &mut out);
        match c {
            '%' => out.push_str(" % "),
            '&' => out.push_str(" and "),
            _ => {}
        }
    }
    finish(&mut word, &mut out);
    out
}

/// Bytes that nearly every word has room in.
const USUAL: usize = 16;

fn finish(word: &mut String, out: &mut String) {
    if !word.is_empty() {
        let (stem, ending) = singular(word);
        out.extend([" ", stem, ending, " "]);
        word.clear();
    }
}

/// A word without its plural ending, as a stem and what to put after it. Terms go through this too, so it need not be English
/// ("diabete"), only the same for both; but "tens" must not become the number.
fn singular(word: &str) -> (&str, &str) {
    if word.len() < 4 || word == "tens" || ["ss", "us", "is"].iter().any(|e| word.ends_with(e)) {
        return (word, "");
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return (stem, "y");
    }
    match word.strip_suffix("es") {
        Some(stem) if ["ch", "sh", "x", "ss"].iter().any(|e| stem.ends_with(e)) => (stem, ""),
        _ => (word.strip_suffix('s').unwrap_or(word), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn words_are_found_in_every_spelling() {
        for (text, words) in [
            ("X-rays", "x ray"),
            ("Norco 10/325mg #60", "norco 10 325 mg 60"),
            ("Lidocaine 5% patches", "lidocaine 5 % patch"),
            ("T.E.N.S. unit", "tens unit"),
            ("ten sessions", "ten session"),
            ("L4-L5, B12", "l4 l5 b12"),
            ("0.5mg b.i.d. ADL's", "0 5 mg bid adl"),
            ("therapies  biopsies braces crutches", "therapy biopsy brace crutch"),
            ("lotion®;lupus—Duexis", "lotion lupus duexis"),
            ("H&P", "h and p"),
            ("  ", ""),
        ] {
            assert_eq!(normal(text).split_whitespace().collect::<Vec<_>>().join(" "), words, "{text}");
        }
    }

    #[test]
    fn each_word_has_its_own_blanks() {
        assert_eq!(normal("knee brace"), " knee  brace ");
    }
}
