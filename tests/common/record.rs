//! What holds of every record, whatever letter it was read from.

use imr::letter::footer::footers;
use imr::record::{Layout, Letter};

/// A text as its letters and digits.
pub fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Decisions are counted from 1, what was extracted stands in the letter in that order, and a letter without decisions keeps its
/// text. The items of a notice stand together at its top, and the form of a professional review has one guideline for all of
/// them; damage may have made a numbered letter of such a one.
pub fn holds(text: &str, letter: &Letter, damaged: bool) {
    let whole = key(&without_footers(text));
    let mut rest = whole.as_str();
    let mut find = |part: &str| {
        let part = key(part);
        let at = rest.find(&part).unwrap_or_else(|| panic!("not in the letter, or not in order: {part}"));
        rest = &rest[at + part.len()..];
    };
    let in_order = match letter.layout {
        Layout::Numbered => !damaged,
        Layout::Notice | Layout::ProfessionalReview => false,
        Layout::Current | Layout::Unknown => true,
    };
    let argued_in_order = in_order || (letter.layout == Layout::Notice && !damaged);
    for d in &letter.decisions {
        if in_order {
            find(&d.item);
        }
        assert!(whole.contains(&key(&d.item)));
        for part in [&d.claims_guideline, &d.imr_guideline, &d.rationale].into_iter().flatten() {
            assert!(whole.contains(&key(part)), "not in the letter: {part}");
            if argued_in_order {
                find(part);
            }
        }
    }
    if let Some(summary) = &letter.summary {
        assert!(whole.contains(&key(summary)));
    }
    is_sound(letter);
    assert!(letter.text.is_some() || !letter.decisions.is_empty() || whole.is_empty());
}

/// A letter without the heads and feet of its pages: they stand in no text of the record, not even in the middle of one.
fn without_footers(text: &str) -> String {
    let (mut lines, mut begins_page) = (Vec::new(), false);
    for piece in text.split_inclusive(['\n', '\r', '\u{c}']) {
        let line = piece.trim();
        if !line.is_empty() {
            lines.push((line, begins_page));
            begins_page = false;
        }
        begins_page |= piece.ends_with('\u{c}');
    }
    let kept = lines.iter().zip(footers(&lines)).filter(|(_, is_footer)| !is_footer);
    kept.map(|((line, _), _)| *line).collect::<Vec<_>>().join("\n")
}

/// What holds of a record without its letter.
pub fn is_sound(letter: &Letter) {
    for (decision, number) in letter.decisions.iter().zip(1..) {
        assert_eq!(decision.number, number);
        assert!(key(&decision.item).contains(&key(&decision.disputed)));
        let texts = [&decision.claims_guideline, &decision.imr_guideline, &decision.rationale];
        assert!(!texts.into_iter().flatten().any(String::is_empty));
    }
    assert!(letter.summary.as_ref().is_none_or(|summary| !summary.is_empty()));
    let several = letter.warnings.iter().any(|w| w.starts_with("more than one letter"));
    assert!(letter.text.is_none() || letter.decisions.is_empty() || several);
    assert!(letter.layout != Layout::Unknown || letter.decisions.is_empty());
}
