//! Text whose paragraphs were joined and wrapped anew, so that its labels and headings stand within lines.
//!
//! Nothing tells where a line of the letter began, so each paragraph is made one line again, to be broken where an unwrapped one
//! is (see [`super::rewrap`]).

use super::decisions::LABELS;
use super::join::join;
use super::lines::{Gap, Lines};
use super::ocr::{Folded, key};
use crate::text::Text;

/// The text with a line for each paragraph, if most of its labels stand within lines. A rationale may quote one.
pub(super) fn joined(lines: &Lines) -> Option<Text> {
    let names: Vec<String> = LABELS.iter().filter_map(|names| Some(key(names.first()?.name))).collect();
    let begun = |name: &str| (0..lines.len()).filter(|i| lines.key(*i).starts_with(name.as_bytes())).count();
    // The words of a label are seldom within lines, so the text is seldom made.
    let mut within =
        names.iter().filter(|name| memchr::memmem::find_iter(lines.keys(), name.as_str()).count() > 2 * begun(name)).peekable();
    within.peek()?;
    let text = paragraphs(lines);
    let folded = Folded::of(&text);
    let labels = |name: &str| {
        let ends = folded.find(name).into_iter().map(|at| folded.byte(at + name.len() - 1, text.len()) + 1);
        ends.filter(|end| text.get(*end..).is_some_and(|rest| rest.trim_start_matches(['(', 's', ')', ' ']).starts_with(':')))
            .count()
    };
    let is_joined = within.any(|name| labels(name) > 2 * begun(name));
    is_joined.then(|| Text { text, ..Text::default() })
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
            joined("A brace: Upheld Claims\nAdministrator guideline: None. Decision\nrationale: He walks.\n\nSo it is.")
                .as_deref(),
            Some("A brace: Upheld Claims Administrator guideline: None. Decision rationale: He walks.\n\nSo it is.\n\n")
        );
        assert_eq!(
            joined("A brace: Upheld\nClaims Administrator guideline: None.\nDecision rationale: See my decision rationale: x."),
            None
        );
        assert_eq!(joined("A brace: Upheld\nDecision rationale: The Claims Administrator guidelines are clear."), None);
    }
}
