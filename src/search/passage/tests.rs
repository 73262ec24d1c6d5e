//! Which passages are chosen, and where they are cut.

use proptest::prelude::*;

use super::*;
use crate::field;

/// A text in which `[0:word]` is a match of target 0.
fn marked(name: &str, text: &str) -> Marked {
    let mut marked = Marked { field: field::find(name).unwrap(), text: String::new(), marks: Vec::new() };
    for (at, piece) in text.split('[').enumerate() {
        let Some(((target, word), rest)) =
            (at > 0).then(|| piece.split_once(']').unwrap()).map(|(mark, rest)| (mark.split_once(':').unwrap(), rest))
        else {
            marked.text += piece;
            continue;
        };
        let start = marked.text.len();
        marked.text += word;
        marked.marks.push((start..marked.text.len(), target.parse().unwrap()));
        marked.text += rest;
    }
    marked
}

fn shown(snippet: &Snippet) -> String {
    let mut text = snippet.text.clone();
    for mark in snippet.marks.iter().rev() {
        text.insert(mark.end, ']');
        text.insert(mark.start, '[');
    }
    format!("{}: {text}", snippet.field)
}

fn passages_of(texts: &[(&str, String)], seen: &[usize], most: usize) -> Vec<String> {
    let texts: Vec<_> = texts.iter().map(|(name, text)| marked(name, text)).collect();
    passages(&texts, &seen.iter().copied().collect(), most).iter().map(shown).collect()
}

fn filler(times: usize) -> String {
    "Other words stand in this sentence of the letter. ".repeat(times)
}

#[test]
fn a_passage_is_the_whole_sentences_with_most_of_the_query() {
    let text = format!("[1:Therapy] alone. {}The [0:physical] [1:therapy] helped. {}[0:Physical] end.", filler(6), filler(6));
    let got = passages_of(&[("rationale", text)], &[], 1);
    let want = format!("rationale: The [physical therapy] helped. {}", filler(5).trim_end());
    assert_eq!(got, [want]);
    // What fits behind the match and before it, when the text ends with it.
    let text = format!("{}The [0:physical] test.", filler(9));
    assert_eq!(passages_of(&[("rationale", text)], &[], 1), [format!("rationale: {}The [physical] test.", filler(5))]);
}

#[test]
fn a_sentence_that_is_too_long_is_cut_between_words() {
    let text = format!("{}the [0:brace] and {}so on.", "and more ".repeat(50), "much more ".repeat(50));
    let got = passages_of(&[("rationale", text)], &[], 1).remove(0);
    assert!(got.starts_with("rationale: … ") && got.ends_with("more …") && got.contains("the [brace] and"), "{got}");
    let text = format!("The [0:brace] and {}so on.", "much more ".repeat(50));
    let got = passages_of(&[("rationale", text)], &[], 1).remove(0);
    assert!(got.starts_with("rationale: The [brace] and") && got.ends_with(" …"), "{got}");
}

#[test]
fn passages_together_show_most_of_the_query_from_several_fields() {
    let reasons = format!("The [0:mri] is clean. {}The [0:mri] and [1:knee] again. {}No [2:locking].", filler(6), filler(6));
    let texts = [("rationale", reasons), ("guideline", "ODG, [0:mri] of the [3:spine].".to_owned())];
    let heads = |most, seen: &[usize]| -> Vec<String> {
        let found = passages_of(&texts, seen, most);
        found.iter().map(|p| p.chars().take(32).collect::<String>()).collect()
    };
    assert_eq!(heads(1, &[]), ["rationale: The [mri] and [knee]"].map(|s| format!("{s} ")));
    assert_eq!(heads(1, &[0, 1]), ["guideline: ODG, [mri] of the [sp"]);
    assert_eq!(
        heads(3, &[]),
        ["rationale: The [mri] and [knee] ", "rationale: Other words stand in ", "guideline: ODG, [mri] of the [sp"]
    );
    assert_eq!(heads(20, &[]).len(), 4);
    assert!(heads(0, &[]).is_empty());
}

#[test]
fn a_match_in_or_beside_a_word_longer_than_a_passage_is_shown() {
    let long = "x".repeat(400);
    for text in [
        format!("foo [0:{long}], bar"),
        format!("foo {long},[0:xxtherapy] more"),
        format!("[0:{long}]-[0:{long}]"),
        format!("a, ([0:{long}]"),
    ] {
        let found = passages_of(&[("rationale", text.clone())], &[], 1);
        assert!(found[0].contains('['), "{found:?}");
        assert!(!around(field::find("item").unwrap(), &text, 0..0).text.is_empty());
    }
}

/// Words of any width, ends of sentences, and matches of up to four targets.
fn any_text() -> impl Strategy<Value = Marked> {
    let word = prop_oneof![8 => "[a-z]{1,9}", 1 => "[é°–]{1,4}", 1 => "[a-z]{250,300}"];
    let end = prop_oneof![6 => Just(" "), 1 => Just(". The "), 1 => Just("; ")];
    let mark = prop_oneof![5 => Just(None), 2 => (0usize..4).prop_map(Some)];
    prop::collection::vec((word, mark, end), 1..150).prop_map(|words| {
        let mut text = Marked { field: field::find("rationale").unwrap(), text: String::new(), marks: Vec::new() };
        for (word, mark, end) in words {
            let start = text.text.len();
            text.text += &word;
            text.marks.extend(mark.map(|target| (start..text.text.len(), target)));
            text.text += end;
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn passages_are_whole_words_of_the_text_with_their_matches_and_never_overlap(
        texts in prop::collection::vec(any_text(), 1..3), most in 0usize..6,
    ) {
        let found = passages(&texts, &BTreeSet::new(), most);
        prop_assert_eq!(&found, &passages(&texts, &BTreeSet::new(), most));
        prop_assert!(found.len() <= most);
        let targets: BTreeSet<_> = texts.iter().flat_map(|t| &t.marks).map(|(_, target)| *target).collect();
        prop_assert!(most == 0 || targets.is_empty() || !found.is_empty());
        // Each is found behind the one before it.
        let (mut at, mut from) = (0, 0);
        for snippet in &found {
            let bare = snippet.text.trim_start_matches("… ").trim_end_matches(" …");
            let (opens, closes) = (snippet.text.starts_with("… "), snippet.text.ends_with(" …"));
            // Where the same letters stand inside another word is not where it was taken from.
            let taken = |text: &str, place: usize| {
                let bound = |at: usize| !text[..at].ends_with(char::is_alphanumeric) || !text[at..].starts_with(char::is_alphanumeric);
                let cut = |place: usize| sentences(text).any(|s| s.start < place && place < s.end);
                let end = place + bare.len();
                bound(place) && bound(end) && (cut(place), cut(end)) == (opens, closes)
            };
            let place = loop {
                prop_assert!(at < texts.len(), "whole words, and cut where it says so: {}", snippet.text);
                let text = &texts[at].text;
                let mut places = text[from..].match_indices(bare).map(|(place, _)| from + place);
                match places.find(|place| taken(text, *place)) {
                    Some(place) => break place,
                    None => (at, from) = (at + 1, 0),
                }
            };
            prop_assert!(!snippet.marks.is_empty());
            prop_assert!(snippet.marks.iter().all(|mark| snippet.text.get(mark.clone()).is_some_and(|m| !m.contains('…'))));
            prop_assert!(bare.len() <= LONGEST || !bare.contains(". "), "{} is one word or one match", bare);
            from = place + bare.len();
        }
    }
}
