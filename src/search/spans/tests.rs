//! Which stretches satisfy a connector, and how long it takes to find them.

use super::*;
use crate::search::marks;

/// The smallest stretches in a text, as they stand in it.
fn found(query: &str, text: &str) -> Vec<At> {
    let query = crate::query::parse(query, jiff::civil::date(2017, 3, 31)).unwrap();
    let spans = Spans::of(&query, crate::field::find("rationale").unwrap());
    let (leaves, ends) = marks::places_of(&spans.patterns, text);
    spans.shape.smallest(&leaves, &ends).into_iter().map(|span| (span.first, span.last)).collect()
}

#[test]
fn stretches_are_where_words_satisfy_a_connector() {
    let table: &[(&str, &str, &[At])] = &[
        // Words side by side are one apart; either order, or that one.
        ("a1 /1 b2", "a1 b2 a1", &[(0, 1), (1, 2)]),
        ("a1 +1 b2", "a1 b2 a1", &[(0, 1)]),
        ("a1 /2 b2", "a1 x b2 x x a1", &[(0, 2)]),
        ("a1 /3 b2", "a1 x b2 x x a1", &[(0, 2), (2, 5)]),
        // No word stands on both sides.
        ("a1 /5 a1", "x a1 x", &[]),
        ("a1 /5 a1", "a1 x a1", &[(0, 2)]),
        ("\"a1 b2\" /5 b2", "a1 b2 x", &[]),
        ("\"a1 b2\" /5 b2", "a1 b2 b2", &[(0, 2)]),
        ("(a1 /5 b2) /5 a1", "a1 b2", &[]),
        ("(a1 /5 b2) /5 a1", "a1 b2 x a1", &[(0, 3)]),
        ("a1 /5 a1 /5 a1", "a1 x a1", &[]),
        // Within a stretch nothing is apart from it.
        ("(a1 /9 b2) /1 c3", "a1 x c3 x b2", &[(0, 4)]),
        ("(a1 /9 b2) +9 c3", "a1 x c3 x b2", &[]),
        ("(a1 /9 b2) /1 (c3 /9 d4)", "a1 c3 b2 x d4", &[(0, 4)]),
        // Not the closest pair, but the one that is near to the third.
        ("(a1 /9 b2) /1 c3", "b2 a1 x x x b2 c3", &[(1, 6)]),
        ("(a1 /9 b2) /1 c3", "c3 b2 x x a1 b2", &[(0, 4)]),
        // Sentences and texts.
        ("a1 /s b2", "A1 xx. B2 a1", &[(2, 3)]),
        ("a1 /p b2", "A1 xx. B2", &[(0, 2)]),
        ("\"xx b2\" /s a1", "A1 xx. B2", &[]),
        ("(a1 /s b2) /1 c3", "A1 b2. X c3", &[]),
        ("(a1 /s b2) /2 c3", "A1 b2. X c3", &[(0, 3)]),
    ];
    for (query, text, expected) in table {
        assert_eq!(found(query, text), *expected, "{query} in {text}");
    }
}

#[test]
fn nothing_reaches_from_one_text_into_another() {
    let query = crate::query::parse("a1 /9 b2", jiff::civil::date(2017, 3, 31)).unwrap();
    let spans = Spans::of(&query, crate::field::find("guideline").unwrap());
    let leaves = [vec![(0, 0), (9, 9)], vec![(4, 4)]];
    let ends = |texts: &[u32]| Ends { texts: texts.to_vec(), sentences: Vec::new() };
    assert_eq!(spans.shape.smallest(&leaves, &ends(&[10])).len(), 2);
    assert_eq!(spans.shape.smallest(&leaves, &ends(&[3, 10])).len(), 1);
    assert_eq!(spans.shape.smallest(&leaves, &ends(&[3, 5, 10])).len(), 0);
}

/// Without the bound on pairs it would not end.
#[test]
fn a_long_text_of_the_same_words_is_searched_to_the_end() {
    let text = "a1 b2 c3 ".repeat(3_000);
    for query in ["(a1 /p b2) /255 c3", "a1 /255 a1 /p a1"] {
        assert!(!found(query, &text).is_empty());
    }
}
