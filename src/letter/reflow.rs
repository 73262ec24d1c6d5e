//! Text whose paragraphs were joined and wrapped anew, so that its labels and headings stand within lines.
//!
//! Nothing tells where a line of the letter began, so each paragraph is made one line again, to be broken where an unwrapped one
//! is (see [`super::rewrap`]).

use std::sync::LazyLock;

use super::decisions::LABELS;
use super::join::join;
use super::lines::{Gap, Lines};
use super::ocr::{Folded, key};
use crate::text::Text;

/// The labels that only this layout has, in folded letters.
static NAMES: LazyLock<Vec<String>> =
    LazyLock::new(|| LABELS.iter().take(2).filter_map(|names| Some(key(names.first()?.name))).collect());

/// The text with a line for each paragraph, if a third of the labels that only this layout has stand within lines. A rationale may
/// quote one; the label of the rationale itself tells nothing, because older layouts have its words within sentences.
pub(super) fn joined(lines: &Lines) -> Option<Text> {
    let places = NAMES.iter().flat_map(|name| lines.with(name));
    let (begun, within): (Vec<_>, Vec<_>) = places.partition(|(_, before)| *before == 0);
    let most = |count: usize| 2 * count > 3 * begun.len();
    // Their words are seldom within lines, so the text is seldom made.
    let text = most(begun.len() + within.len()).then(|| paragraphs(lines))?;
    let folded = Folded::of(&text);
    let labels = |name: &String| {
        let ends = folded.find(name).into_iter().map(|at| folded.byte(at + name.len() - 1, text.len()) + 1);
        ends.filter(|end| text.get(*end..).is_some_and(|rest| rest.trim_start_matches(['(', 's', ')', ' ']).starts_with(':')))
            .count()
    };
    let found: Vec<usize> = NAMES.iter().map(labels).collect();
    (most(found.iter().sum()) && !found.contains(&0)).then(|| Text { text, ..Text::default() })
}

/// Each paragraph as a line.
fn paragraphs(lines: &Lines) -> String {
    let mut out = String::new();
    let mut first = 0;
    for end in 1..=lines.len() {
        if end == lines.len() || lines.get(end).gap == Gap::Blank {
            out.push_str(&join((first..end).map(|i| lines.get(i).text)));
            out.push_str("\n\n");
            first = end;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_within_lines_tell_of_another_wrapping() {
        let joined = |text: &str| {
            let text = Text { text: text.into(), ..Text::default() };
            joined(&Lines::read(&text)).map(|text| text.text)
        };
        assert_eq!(
            joined("A brace: Upheld Claims\nAdministrator guideline: None. MAXIMUS\nguideline: MTUS.\n\nSo it is.").as_deref(),
            Some("A brace: Upheld Claims Administrator guideline: None. MAXIMUS guideline: MTUS.\n\nSo it is.\n\n")
        );
        for text in [
            "Claims Administrator guideline: None.\nMAXIMUS guideline: MTUS.\nDecision rationale: See Claims Administrator guideline: x.",
            "Claims Administrator guideline: None.\nDecision rationale: The Claims Administrator guidelines and MAXIMUS guidelines.",
            "1. A brace is necessary.\nThe Physician Reviewer's decision rationale: He walks.",
        ] {
            assert_eq!(joined(text), None, "{text}");
        }
    }
}
