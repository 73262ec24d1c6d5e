//! The verdict of a rationale, the sentence that says how the reviewer decides: what is shown where no words were asked for.
//!
//! Reviewers end with it, or let warnings follow that say what it is not (`This determination of medical necessity should not be
//! interpreted as ...`). So it is the last sentence with the statute's own words; else the last with a word that such sentences
//! have; else the last.

use std::ops::Range;

use crate::index::sentences::sentences;

/// The words of the statute (Labor Code 4610.5), and what is said instead of them.
const STATED: [&str; 3] = ["medically necessary", "medically appropriate", "not certified"];
/// Words of a verdict, which others say too.
const LIKELY: [&str; 11] = [
    "medical necessity",
    "certif",
    "approv",
    "authoriz",
    "recommended",
    "overturned",
    "upheld",
    "supported",
    "warranted",
    "indicated",
    "appropriate",
];

/// Where the words of the verdict stand, or where the last sentence begins; `None` in a text without words.
pub fn words(rationale: &str) -> Option<Range<usize>> {
    let sentences: Vec<_> = sentences(rationale).collect();
    last(rationale, &sentences, &STATED)
        .or_else(|| last(rationale, &sentences, &LIKELY))
        .or_else(|| sentences.last().map(|sentence| sentence.start..sentence.start))
}

/// Where the words of the last verdict in the statute's own words stand.
pub fn stated(text: &str) -> Option<Range<usize>> {
    last(text, &sentences(text).collect::<Vec<_>>(), &STATED)
}

/// The first of `words` in the last sentence that has any.
fn last(text: &str, sentences: &[Range<usize>], words: &[&str]) -> Option<Range<usize>> {
    sentences.iter().rev().find_map(|sentence| {
        let folded = text.get(sentence.clone())?.to_ascii_lowercase();
        let (at, word) = words.iter().filter_map(|word| Some((folded.find(word)?, word))).min()?;
        let rest = &folded[at + word.len()..];
        let end = at + word.len() + rest.find(char::is_whitespace).unwrap_or(rest.len());
        Some(sentence.start + at..sentence.start + end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_is_in_the_last_sentence_that_gives_one() {
        // Its words stand between bars; without such words, the last sentence begins at the only bar.
        for row in [
            "He was seen. Therefore, the request is not |medically necessary.|",
            "It is not medically necessary to rest. The request is not |Medically Necessary| today. Weaning is recommended.",
            "The request is not |medically necessary.| This determination of medical necessity should not be taken as advice.",
            "Massage is recommended for pain. The request is |not certified.|",
            "Sleep is poor. Dr. Roe's request is |recommended| for approval. Thanks are due.",
            "There is no functional improvement. |There is a concurrent request for more.",
            "|One sentence",
        ] {
            let (text, want) = (row.replace('|', ""), row.split('|').nth(1));
            let found = words(&text).map(|words| if words.is_empty() { &text[words.start..] } else { &text[words] });
            assert_eq!(found, want, "{text}");
        }
        assert_eq!((words(" "), stated("The request is recommended.")), (None, None));
    }
}
