//! Spellings that scanning changes, as one.
//!
//! OCR takes `0` for `O` and `1` for `l` or `I`, and loses or doubles blanks. So phrases that the letter's form prints are
//! compared by their folded letters: no blanks, no punctuation, one character for those that look alike. A title may differ
//! in one letter of eight besides; an outcome may not, because a guess there is worse than nothing.

/// The character that stands for all that look like `c`.
pub(super) fn fold(c: char) -> char {
    match c.to_ascii_lowercase() {
        '0' => 'o',
        '1' | 'l' | '|' => 'i',
        '5' => 's',
        c => c,
    }
}

/// A text as its folded letters and digits, with the place of each. A character is one byte, so that both have one index.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub key: String,
    at: Vec<usize>,
}

impl Folded {
    pub fn of(text: &str) -> Self {
        let mut out = Folded { key: String::with_capacity(text.len()), at: Vec::with_capacity(text.len()) };
        for (at, c) in text.char_indices().filter(|(_, c)| counts(*c)) {
            out.key.push(one_byte(c));
            out.at.push(at);
        }
        out
    }

    /// The byte of the text at which the `i`th character of the key stands; `end` beyond the last.
    pub fn byte(&self, i: usize, end: usize) -> usize {
        self.at.get(i).copied().unwrap_or(end)
    }

    /// Where `phrase`, in small letters without blanks, begins in the key.
    pub fn find(&self, phrase: &str) -> Vec<usize> {
        let phrase = key(phrase);
        self.key.match_indices(&phrase).map(|(i, _)| i).collect()
    }
}

/// The folded letters of a text.
pub(super) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    key.extend(text.chars().filter(|c| counts(*c)).map(one_byte));
    key
}

fn counts(c: char) -> bool {
    c.is_alphanumeric() || c == '|'
}

fn one_byte(c: char) -> char {
    if c.is_ascii() { fold(c) } else { '?' }
}

/// Whether a folded key spells `title`, one letter of eight aside.
///
/// Every line of a letter is held against every title, and nearly all are neither: what has other letters is told by counting
/// them, at a tenth of the cost of the distance.
pub(super) fn spells(found: &str, title: &str) -> bool {
    let most = title.len() / 8;
    if found.len().abs_diff(title.len()) > most {
        return false;
    }
    let folded = || title.chars().map(fold);
    if found.chars().eq(folded()) {
        return true;
    }
    most > 0 && letters_apart(found.chars(), folded()) <= 2 * most && strsim::osa_distance(found, &key(title)) <= most
}

/// By how many letters two texts differ whatever their order. One edit changes it by two at the most.
fn letters_apart(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    let mut counts = [0_i32; 128];
    let place = |c: char| (c as usize) & 127;
    a.for_each(|c| counts[place(c)] += 1);
    b.for_each(|c| counts[place(c)] -= 1);
    counts.iter().map(|n| n.unsigned_abs() as usize).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanned_title_is_known_and_another_is_not() {
        for (text, title, want) in [
            ("C L I N I C A L  CASE SUMMARY", "clinicalcasesummary", true),
            ("CL1N1CAL CASE 5UMMARY", "clinicalcasesummary", true),
            ("C1inica| Case Sunmary", "clinicalcasesummary", true),
            ("Clinical case summaries of many", "clinicalcasesummary", false),
            ("IMR DECISION(S) AND RATIONALE(S)", "imrissuesdecisionsandrationales", false),
            ("cases", "case", false),
        ] {
            assert_eq!(spells(&key(text), title), want, "{text}");
        }
    }
}
