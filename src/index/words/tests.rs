use proptest::prelude::*;

use super::*;

#[test]
fn a_text_is_cut_into_words() {
    let table: &[(&str, &[&str])] = &[
        ("Physical therapy, 12 sessions", &["physical", "therapy", "12", "sessions"]),
        ("Norco 10/325mg #60", &["norco", "10", "325", "mg", "60"]),
        ("L4-5 and C5-C6", &["l4", "5", "and", "c5", "c6"]),
        ("the patient's workers’ neighbour’s", &["the", "patient", "workers", "neighbour"]),
        ("it'self", &["it", "self"]),
        ("ADL's; 50% ≥ 38°C", &["adl", "50", "38", "c"]),
        ("", &[]),
        ("—", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(words(text).map(|w| w.word.into_owned()).collect::<Vec<_>>(), *expected, "{text}");
    }
}

#[test]
fn function_words_are_found_in_their_list() {
    assert!(FUNCTION_WORDS.is_sorted());
    assert!(is_function("the") && !is_function("therapy"));
}

/// What the tokenizer gives.
fn indexed(text: &str) -> Vec<(usize, String, Range<usize>)> {
    let mut analyzer = Words::default();
    let mut stream = analyzer.token_stream(text);
    let mut tokens = Vec::new();
    while stream.advance() {
        let token = stream.token();
        tokens.push((token.position, token.text.clone(), token.offset_from..token.offset_to));
    }
    tokens
}

#[test]
fn the_index_gets_words_and_ends_at_one_position() {
    let tokens = indexed("?! The injections. Of 10mg. (Dr. A)").into_iter().map(|(at, word, _)| (at, word));
    let expected = [
        (0, "the"),
        (1, "injections"),
        (1, SENTENCE_END),
        (2, "of"),
        (3, "10"),
        (4, "mg"),
        (4, SENTENCE_END),
        (5, "dr"),
        (6, "a"),
        (6, SENTENCE_END),
        (6, TEXT_END),
    ];
    assert_eq!(tokens.collect::<Vec<_>>(), expected.map(|(at, word)| (at, word.to_owned())));
}

/// The words of a text as the head of this file says them, a letter at a time.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        let end = at + c.len_utf8();
        let ends = text[end..].chars().next().is_none_or(|next| !next.is_alphanumeric());
        let cut = before.is_numeric() && c.is_alphabetic();
        before = c;
        match runs.last_mut() {
            Some(run) if run.end == at && !cut => run.end = end,
            Some(run) if ends && matches!(&text[run.end..end], "'s" | "'S" | "’s" | "’S") => {}
            _ => runs.push(at..end),
        }
    }
    runs
}

/// What the index gets of a text, from its words and its sentences.
fn tokens(text: &str) -> Vec<(usize, String, Range<usize>)> {
    let runs = runs(text);
    let sentences: Vec<_> = sentences(text).collect();
    let sentence = |run: &Range<usize>| sentences.iter().position(|s| run.start < s.end);
    let mut tokens = Vec::new();
    for (position, run) in runs.iter().enumerate() {
        let word = text[run.clone()].to_lowercase();
        let next = runs.get(position + 1);
        let ends = next.is_none_or(|next| sentence(next) != sentence(run)).then(|| SENTENCE_END.to_owned());
        let last = next.is_none().then(|| TEXT_END.to_owned());
        let all = [Some(word), ends, last].into_iter().flatten();
        tokens.extend(all.map(|term| (position, term, run.clone())));
    }
    tokens
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_gets_the_words_and_ends_of_any_text(
        text in "([a-zA-Z0-9üßİⅧ²]{0,9}(['’]s)?[.?!)\"]{0,2}[ \n“]{0,2}){0,30}|\\PC{0,60}"
    ) {
        prop_assert_eq!(indexed(&text), tokens(&text));
        prop_assert_eq!(words(&text).map(|w| w.range).collect::<Vec<_>>(), runs(&text));
    }
}
