//! The heading of an item: where it begins, and the outcome at its end.
//!
//! A heading ends just before a label and says its outcome last; the hard part is its beginning, because nothing but its place
//! tells it from the end of the rationale before it. In a PDF it is set in bold. Else it follows a blank line, or, where a page
//! break has swallowed that, a sentence that ends; a heading may be split by a page break itself. Where none of these is
//! there, the nearest end of a sentence is taken and the reading is called uncertain.

use crate::record::Outcome;

use super::disputed::lacks_beginning;
use super::lines::{Gap, Lines, Pos, ends_sentence, letters};
use super::ocr::{fold, key};

/// No heading has more lines.
const LONGEST: usize = 30;
/// And none has more words, unless it tells of a partial authorisation.
const MOST_WORDS: usize = 100;

/// Where a heading begins, and whether another reading is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    pub line: usize,
    pub certain: bool,
}

/// How an outcome is set off from the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// By a colon or a dash.
    Set,
    /// By standing alone.
    Alone,
    /// By a capital letter only.
    Bare,
}

/// What a heading says.
#[derive(Debug, PartialEq)]
pub(super) struct Heading {
    pub item: String,
    pub outcome: Option<Outcome>,
    /// Whether the outcome is printed as one in part ("Partially Overturned").
    pub in_part: bool,
}

/// Takes a heading apart.
pub(super) fn read(text: &str) -> Heading {
    let Some((item, outcome, in_part, _)) = split(text) else {
        return Heading { item: text.trim_end_matches(':').trim_end().to_owned(), outcome: None, in_part: false };
    };
    Heading { item: item.to_owned(), outcome: Some(outcome), in_part }
}

/// The item, the outcome, whether it is one in part, and how it is set off.
fn split(text: &str) -> Option<(&str, Outcome, bool, Mark)> {
    let text = text.trim_end_matches(['.', ' ']);
    let (text, in_part) = strip_word(text, "in part").map_or((text, false), |t| (t.trim_end(), true));
    let (item, outcome) = set_off(text).or_else(|| OUTCOMES.iter().find_map(|(word, o)| Some((strip_word(text, word)?, *o))))?;
    let printed = text.get(item.len()..)?;
    let (item, partially) = ["partially", "partly"]
        .iter()
        .find_map(|w| strip_word(item.trim_end(), w))
        .map_or((item.trim_end(), false), |i| (i.trim_end(), true));
    let marked = item.trim_end_matches(MARKS);
    let mark = match () {
        () if marked.len() < item.len() => Mark::Set,
        () if item.is_empty() => Mark::Alone,
        // Scanning shows a capital O as a zero.
        () if printed.starts_with(|c: char| c.is_uppercase() || c == '0') => Mark::Bare,
        () => return None,
    };
    let in_part = in_part || partially;
    Some((marked.trim_end(), if in_part { Outcome::Modified } else { outcome }, in_part, mark))
}

const OUTCOMES: [(&str, Outcome); 3] =
    [("upheld", Outcome::Upheld), ("overturned", Outcome::Overturned), ("modified", Outcome::Modified)];

/// What sets an outcome off.
const MARKS: [char; 5] = [':', ';', '-', '–', '—'];

/// `text` up to its last mark, if nothing but an outcome stands behind it: there blanks and quotes do not count, and scanning may
/// have changed a letter, since no outcome is like another.
fn set_off(text: &str) -> Option<(&str, Outcome)> {
    /// With each of its letters at most a blank.
    const LONGEST: usize = 2 * "overturned".len() + 2;
    let said = text.rsplit(MARKS).next().filter(|said| said.len() <= LONGEST)?;
    let letters = key(said);
    let near = |word: &str| letters == word || strsim::osa_distance(&letters, word) < 2;
    let spells = |word: &str| letters.len().abs_diff(word.len()) < 2 && near(&key(word));
    let (_, outcome) = OUTCOMES.iter().find(|(word, _)| spells(word))?;
    Some((text.strip_suffix(said)?, *outcome))
}

/// `text` without the word at its end, in any letter case and as scanning may show it; none if the word is only the end of a longer
/// one.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(word.len())?;
    let (before, end) = (text.get(..at)?, text.get(at..)?);
    (end.chars().map(fold).eq(word.chars().map(fold)) && !before.ends_with(char::is_alphanumeric)).then_some(before)
}

/// Whether the line above `label` ends with an outcome as headings do. `floor` is the first line that a heading may have.
pub(super) fn outcome_above(lines: &Lines, floor: usize, label: usize) -> bool {
    let Some(last) = label.checked_sub(1).filter(|l| *l >= floor) else { return false };
    let text = lines.get(last).text;
    match split(text) {
        Some((.., Mark::Set)) => true,
        // A rationale may end with these words too, but then in a sentence.
        Some((.., Mark::Alone)) => !text.ends_with('.') || text.starts_with(char::is_uppercase),
        Some((.., Mark::Bare)) => !text.ends_with('.'),
        None => false,
    }
}

/// The first line of the heading whose last line is `last`. `first` says that nothing but the introduction stands above.
pub(super) fn start(lines: &Lines, floor: usize, last: usize, first: bool) -> Start {
    let sure = |line| Start { line, certain: true };
    let doubtful = |line| Start { line, certain: false };
    // An outcome alone below a gap belongs to the item above the gap.
    let alone = matches!(split(lines.get(last).text), Some((item, ..)) if item.is_empty());
    let hi = if alone && last > floor { last - 1 } else { last };
    if let Some(line) = bold_start(lines, floor, hi) {
        return sure(line);
    }
    let lowest = floor.max(hi.saturating_sub(LONGEST));
    if first && lowest == floor && !(floor + 1..=hi).any(|i| ends_with_verdict(lines, i)) {
        return sure(floor);
    }
    let whole = |from: usize| !lacks_beginning(&lines.text(Pos { line: from, col: 0 }, last + 1).unwrap_or_default());
    let gap = |from: usize| (lowest..=from).rev().find(|&i| lines.get(i).gap == Gap::Blank);
    let ended = |i: usize| i > 0 && ends_sentence(lines.get(i - 1).text);
    let opens = |i: usize| ended(i) && !lines.get(i).text.starts_with(char::is_lowercase) && whole(i);
    let in_sentence = |t: usize| !ended(t) && lines.get(t).text.starts_with(char::is_lowercase);
    let too_long = |t: usize| {
        (t..=hi).map(|i| lines.get(i).text.split_whitespace().count()).sum::<usize>() > MOST_WORDS && !tells(lines, t..hi + 1)
    };
    let mut top = gap(hi);
    if let Some(t) = top {
        // A gap inside a heading: one that tells of a partial authorisation, or a phrase that goes on below it.
        let phrase = |from: usize| {
            in_sentence(t) && !ends_with_verdict(lines, t) && !in_sentence(from) && !too_long(from) && !sentences(lines, from..t)
        };
        let above = t.checked_sub(1).filter(|l| *l >= lowest).and_then(gap);
        top = above.filter(|&from| whole(from) && (!whole(t) || phrase(from))).or(top);
    }
    // A gap inside a sentence, or so far above that what stands between is no heading.
    let within = |t: usize| in_sentence(t) || too_long(t);
    top = top.filter(|&t| !(within(t) && (t + 1..=hi).any(opens)));
    let below = top.map_or(lowest, |t| t + 1);
    let new_page = |i: usize| lines.get(i).gap == Gap::Page && (ended(i) || ends_with_verdict(lines, i)) && whole(i);
    // What follows a verdict is the heading, unless more sentences follow it.
    let after_verdict = |i: usize| ended(i) && ends_with_verdict(lines, i) && whole(i) && !(i + 1..=hi).any(opens);
    if let Some(line) = (below..=hi).rev().find(|&i| new_page(i) || after_verdict(i)) {
        return sure(line);
    }
    if let Some(line) = top {
        return sure(line);
    }
    let page = |i: usize| lines.get(i).gap == Gap::Page && !lines.get(i).text.starts_with(char::is_lowercase) && whole(i);
    let weak = (lowest..=hi).rev().find(|&i| page(i) || opens(i));
    doubtful(weak.unwrap_or(hi))
}

/// Whether the lines tell of a partial authorisation.
fn tells(lines: &Lines, range: std::ops::Range<usize>) -> bool {
    letters(&lines.text(Pos { line: range.start, col: 0 }, range.end).unwrap_or_default()).contains("originalrequest")
}

/// Whether a sentence ends within the lines.
fn sentences(lines: &Lines, range: std::ops::Range<usize>) -> bool {
    lines.text(Pos { line: range.start, col: 0 }, range.end).is_some_and(|text| text.contains(". "))
}

/// The first line of the bold text that ends on line `last`.
fn bold_start(lines: &Lines, floor: usize, last: usize) -> Option<usize> {
    let bold = |line: usize| lines.is_bold(line, 0..1);
    let joined = |line: &usize| *line > floor && lines.get(*line).gap != Gap::Blank && bold(*line - 1);
    let mut first = Some(last).filter(|&l| bold(l))?;
    while joined(&first) {
        first -= 1;
    }
    Some(first)
}

/// Whether the line before `line` ends with a reviewer's verdict, which no heading holds.
fn ends_with_verdict(lines: &Lines, line: usize) -> bool {
    let Some(before) = line.checked_sub(1) else { return false };
    let text = lines.get(before).text.trim_end_matches(|c: char| !c.is_alphanumeric());
    ["necessary", "necessity", "appropriate", "warranted", "not supported"].iter().any(|v| strip_word(text, v).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn the_outcome_is_what_the_heading_says_last() {
        use Outcome::{Modified, Overturned, Upheld};
        for (text, item, outcome) in [
            ("Knee brace: Upheld", "Knee brace", Some(Upheld)),
            ("Knee brace :UPHELD", "Knee brace", Some(Upheld)),
            ("Labs: CBC: overturned", "Labs: CBC", Some(Overturned)),
            ("A walker is: Modified.", "A walker is", Some(Modified)),
            ("A walker: Overturned .", "A walker", Some(Overturned)),
            ("A walker: UpheId", "A walker", Some(Upheld)),
            ("A walker: Upbeld", "A walker", Some(Upheld)),
            ("A walker: Overtuned", "A walker", Some(Overturned)),
            ("A walker Upbeld", "A walker Upbeld", None),
            ("A \"walker\": \"Up held\"", "A \"walker\"", Some(Upheld)),
            ("A walker 0verturned", "A walker", Some(Overturned)),
            ("Knee brace - Overturned", "Knee brace", Some(Overturned)),
            ("Knee brace Upheld", "Knee brace", Some(Upheld)),
            ("Knee brace: Partially Overturned", "Knee brace", Some(Modified)),
            ("Knee brace: Overturned in part", "Knee brace", Some(Modified)),
            ("Knee brace as modified", "Knee brace as modified", None),
            ("Knee brace:", "Knee brace", None),
            ("Unmodified", "Unmodified", None),
        ] {
            let got = read(text);
            assert_eq!((got.item.as_str(), got.outcome), (item, outcome), "{text}");
        }
    }

    /// The line at which the heading begins that ends the text, with the words in `[[ ]]` bold.
    fn begins(text: &str) -> (String, bool) {
        let mut plain = String::new();
        let mut bold = Vec::new();
        for (i, part) in text.split(['[', ']']).filter(|p| !p.is_empty()).enumerate() {
            if text.contains('[') && (i % 2 == 1) != text.starts_with('[') {
                bold.push(plain.len()..plain.len() + part.len());
            }
            plain.push_str(part);
        }
        let text = Text { text: plain, bold, warnings: Vec::new() };
        let lines = Lines::read(&text);
        let got = start(&lines, 1, lines.len() - 1, false);
        (lines.get(got.line).text.to_owned(), got.certain)
    }

    #[test]
    fn the_beginning_is_found_with_and_without_bold() {
        for (text, line, certain) in [
            ("Decision rationale: a.\nb.\n\nKnee brace: Upheld", "Knee brace: Upheld", true),
            ("Decision rationale: a.\n\nKnee brace\n\nUpheld", "Knee brace", true),
            ("Decision rationale: a.\n\nKnee.\nBrace: Upheld", "Knee.", true),
            ("Decision rationale: a.\nb is not medically necessary.\nKnee brace: Upheld", "Knee brace: Upheld", true),
            ("Decision rationale: a.\nb.\n\u{c}Knee brace: Upheld", "Knee brace: Upheld", true),
            ("Decision rationale: a.\n\nKnee\n\u{c}brace: Upheld", "Knee", true),
            ("Decision rationale: a.\n\nKnee\n\n\u{c}brace: Upheld", "Knee", true),
            ("Decision rationale: a.\n\nb is not necessary\n\nknee brace: Upheld", "knee brace: Upheld", true),
            ("Decision rationale: a.\n\nb is so. c is\n\nknee brace: Upheld", "knee brace: Upheld", true),
            ("Decision rationale: a.\n\nb is not necessary\n\u{c}Knee brace: Upheld", "Knee brace: Upheld", true),
            (
                "Decision rationale: a.\n\nA walker was the original request.\n\u{c}A cane was authorized by the Claims Administrator. The\nrest is: Upheld",
                "A walker was the original request.",
                true,
            ),
            ("Decision rationale: a.\nb is\nunclear\n\u{c}Knee brace: Upheld", "Knee brace: Upheld", false),
            ("Decision rationale: a.\nb is so.\nKnee\nbrace: Upheld", "Knee", false),
            ("Decision rationale: a.\nb of the\n\u{c}MTUS is so.\nKnee\nbrace: Upheld", "Knee", false),
            ("Decision rationale: a\n\nb is so.\nKnee\nbrace: Upheld", "Knee", false),
            ("Decision rationale: a\nb\nknee brace: Upheld", "knee brace: Upheld", false),
            ("Decision rationale: a.\nb is so\n[Knee.\nBrace]: Upheld", "Knee.", true),
            ("Decision rationale: a.\nb is so.\n\u{c}[Knee\n\u{c}Brace for\nhome]: Upheld", "Knee", true),
        ] {
            assert_eq!(begins(text), (line.to_owned(), certain), "{text:?}");
        }
    }
}
