//! What is related to a word without meaning the same: the lines of `widenings.txt` with `~`.
//!
//! Who describes what he looks for in words of his own (`stomach protection while taking NSAIDs`) is answered by letters that say
//! it in theirs (`gastrointestinal prophylaxis`, `omeprazole`). Such words say where to look and are no evidence that a letter
//! says what was asked, so they serve near matches alone: nothing is counted by them. Forms of a word are one (`fails`, `failed`).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::widen::{Widening, widen};
use super::widenings::{Entries, OWN, normal, within};
use super::{Query, tree, word};

/// What is related to a run of words: each by its stem.
static TABLE: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| OWN.lines().filter_map(line).collect());

static LONGEST: LazyLock<usize> = LazyLock::new(|| TABLE.keys().map(|key| key.split(' ').count()).max().unwrap_or_default());

/// The runs among `words` that the table knows, and what is related to each; not what the words themselves ask for.
pub fn related(words: &[Query]) -> Vec<(Range<usize>, Widening)> {
    let texts: Vec<_> = words.iter().map(|q| tree::word_or_hint(q).unwrap_or_default()).collect();
    let asked = stems(&texts.join(" "));
    let mut found = Vec::new();
    for start in 0..texts.len() {
        for run in (1..=*LONGEST).map_while(|length| texts.get(start..start + length)) {
            let Some(all) = TABLE.get(&stems(&run.join(" "))) else { continue };
            let also: Vec<_> = all.iter().filter(|word| !within(&stems(word), &asked)).cloned().collect();
            if !also.is_empty() {
                found.push((start..start + run.len(), Widening { word: run.join(" "), also, fields: Vec::new() }));
            }
        }
    }
    found
}

/// What a value that stands for nothing may be meant for: its other spellings (`neck` for `cervical`, brands for generics), and
/// then what is related to it (`back`, `lumbar`).
pub fn meant(value: &str) -> Vec<String> {
    let entries = Entries::beginning(value);
    let same = entries.find(value).into_iter().flatten().flat_map(|way| &way.also);
    let related = TABLE.get(&stems(value)).into_iter().flatten();
    same.chain(related).cloned().collect()
}

/// A description taken apart: its members, and behind each quotation the words of it, widened as if they were written without the
/// quotation marks. Nothing but filters is required of what is near it.
pub fn loose(query: &Query) -> Vec<Query> {
    let members = if let Query::And(members) = query { members.as_slice() } else { std::slice::from_ref(query) };
    let mut all = Vec::new();
    for member in members {
        all.push(member.clone());
        if let Query::Phrase { field: None, text } = member {
            let words = text.split(' ').filter(|run| run.chars().any(char::is_alphanumeric));
            let word = |text: &str| match word::is_function(text) {
                true => Query::Hint { word: text.to_owned() },
                false => Query::Word { field: None, word: text.to_owned() },
            };
            match widen(Query::And(words.map(word).collect())) {
                Query::And(words) => all.extend(words),
                word => all.push(word),
            }
        }
    }
    all
}

fn line(line: &str) -> Option<(String, Vec<String>)> {
    let (word, related) = line.split_once(" ~ ").filter(|_| !line.starts_with('#'))?;
    Some((stems(word), related.split(", ").map(str::to_owned).collect()))
}

fn stems(text: &str) -> String {
    let stem = |word: &str| Stemmer::new(Algorithm::English).stem(word).into_owned();
    normal(text).split(' ').map(stem).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn said(written: &str) -> Vec<String> {
        let words = match parse(written, jiff::civil::date(2017, 3, 31)).unwrap() {
            Query::And(members) => members,
            other => vec![other],
        };
        related(&words).iter().map(|(at, w)| format!("{at:?} {} ~ {}", w.word, w.also.join(", "))).collect()
    }

    #[test]
    fn every_line_is_in_the_form_that_the_table_says() {
        let lines: Vec<_> = OWN.lines().filter(|line| line.contains('~') && !line.starts_with('#')).collect();
        for text in &lines {
            let (word, related) = text.split_once(" ~ ").unwrap();
            assert_eq!(text.to_lowercase(), **text);
            assert!(
                related.split(", ").all(|other| normal(other) == other.replace('-', " ") && stems(other) != stems(word)),
                "{text}"
            );
        }
        assert_eq!(TABLE.len(), lines.len(), "a word stands in one line");
    }

    #[test]
    fn no_negation_is_related_to_anything() {
        let negates = |text: &str| text.split(' ').any(|word| ["no", "not", "without", "never", "none", "nor"].contains(&word));
        for text in OWN.lines().filter(|line| line.contains(" ~ ") && !line.starts_with('#')) {
            let (word, related) = text.split_once(" ~ ").unwrap();
            assert!(!negates(word) && !related.split(", ").any(negates), "{text}");
        }
    }

    #[test]
    fn runs_of_words_find_what_is_related_to_them_in_any_form() {
        assert_eq!(said("sleeping pills"), ["0..2 sleeping pills ~ zolpidem, ambien, lunesta, eszopiclone"]);
        assert_eq!(said("knee scopes"), ["1..2 scopes ~ arthroscopy, arthroscopic"]);
        assert_eq!(said("scope arthroscopic arthroscopy"), [""; 0], "what is asked for is not related to what is asked for");
        assert_eq!(said("zebra"), [""; 0]);
    }

    #[test]
    fn a_value_may_be_meant_for_what_it_is_also_called() {
        let table: &[(&str, &[&str])] =
            &[("neck", &["cervical"]), ("Norco", &["hydrocodone"]), ("back", &["lumbar", "thoracic", "spine"]), ("zebra", &[])];
        for (value, expected) in table {
            assert_eq!(meant(value), *expected, "{value}");
        }
    }
}
