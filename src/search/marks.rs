//! Marks what a query matches in a text.
//!
//! The same words and stems as in the index decide, so that nothing is marked that did not match and nothing missed that did.

use std::ops::Range;

use crate::field::Field;
use crate::index::words::{self, Word};

/// What to mark: the positive words, phrases and prefixes of a query, each in its field.
#[derive(Debug, Clone, Default)]
pub struct Marker {
    targets: Vec<Target>,
}

/// One word, phrase or prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Index terms that stand side by side: words as they are, or stems.
    Terms(Vec<String>),
    /// The beginning of a word.
    Prefix(String),
}

#[derive(Debug, Clone)]
struct Target {
    /// Which target it is of: other spellings of a word are the same target.
    number: usize,
    /// The only field in which it counts, if it names one.
    field: Option<&'static Field>,
    pattern: Pattern,
}

/// A match: its bytes, and which target it is of.
pub type Mark = (Range<usize>, usize);

impl Marker {
    /// Adds something to mark, a target by itself.
    pub fn add(&mut self, field: Option<&'static Field>, pattern: Pattern) {
        self.add_to(self.targets(), field, pattern);
    }

    /// Adds something to mark to a target.
    pub fn add_to(&mut self, number: usize, field: Option<&'static Field>, pattern: Pattern) {
        self.targets.push(Target { number, field, pattern });
    }

    /// How many targets there are; they are numbered from 0.
    pub fn targets(&self) -> usize {
        self.targets.last().map_or(0, |last| last.number + 1)
    }

    /// Whether there is nothing to mark.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The matches in a text of `field`, as byte ranges, in order and apart from each other.
    pub fn marks(&self, field: &Field, text: &str) -> Vec<Range<usize>> {
        merged(text, self.find(field, text).into_iter().map(|(range, _)| range))
    }

    /// The matches in a text of `field` with the target each is of, in the order in which they begin.
    pub fn find(&self, field: &Field, text: &str) -> Vec<Mark> {
        let here = |t: &&Target| t.field.is_none_or(|f| f == field);
        let targets: Vec<_> = self.targets.iter().filter(here).collect();
        if targets.is_empty() {
            return Vec::new();
        }
        let words: Vec<(Word<'_>, String)> = words::words(text).map(|w| (words::stem(&w.word), w)).map(|(s, w)| (w, s)).collect();
        let mut marks = Vec::new();
        for at in 0..words.len() {
            for target in &targets {
                if let Some(length) = target.pattern.length_at(&words[at..]) {
                    marks.push((words[at].0.range.start..words[at + length - 1].0.range.end, target.number));
                }
            }
        }
        marks
    }
}

impl Pattern {
    /// How many words from the first of `words` on the pattern covers, if it matches there.
    fn length_at(&self, words: &[(Word<'_>, String)]) -> Option<usize> {
        match self {
            Pattern::Terms(terms) => {
                let same = |(term, (word, stem)): (&String, &(Word<'_>, String))| *term == word.word || term == stem;
                (!terms.is_empty() && words.len() >= terms.len() && terms.iter().zip(words).all(same)).then_some(terms.len())
            }
            Pattern::Prefix(prefix) => words.first()?.0.word.starts_with(prefix.as_str()).then_some(1),
        }
    }
}

/// Ranges in order, with those made one that overlap or have only blanks between them.
pub(super) fn merged(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut ranges: Vec<_> = ranges.collect();
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end || text[last.end..range.start].trim().is_empty() => {
                last.end = last.end.max(range.end)
            }
            _ => out.push(range),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field;

    fn marker(patterns: &[Pattern]) -> Marker {
        let mut marker = Marker::default();
        patterns.iter().for_each(|p| marker.add(None, p.clone()));
        marker
    }

    fn terms(terms: &[&str]) -> Pattern {
        Pattern::Terms(terms.iter().map(|t| (*t).to_owned()).collect())
    }

    #[test]
    fn words_are_marked_by_their_stem_and_phrases_as_written() {
        let rationale = field::find("rationale").unwrap();
        let text = "Injections: the second injection of 10/325mg, and physical therapy; therapy was physical.";
        let table: &[(Pattern, &str)] = &[
            (Pattern::Terms(vec![words::stem("injection")]), "Injections|injection"),
            (terms(&["injection"]), "injection"),
            (Pattern::Terms(vec![words::stem("therapies")]), "therapy|therapy"),
            (terms(&["10", "325", "mg"]), "10/325mg"),
            (terms(&["physical", "therapy"]), "physical therapy"),
            (Pattern::Prefix("ther".into()), "therapy|therapy"),
            (terms(&["absent"]), ""),
        ];
        for (pattern, expected) in table {
            let marks = marker(std::slice::from_ref(pattern)).marks(rationale, text);
            assert_eq!(marks.into_iter().map(|m| &text[m]).collect::<Vec<_>>().join("|"), *expected, "{pattern:?}");
        }
    }

    #[test]
    fn a_field_is_marked_only_by_what_is_asked_of_it() {
        let mut marker = Marker::default();
        marker.add(field::find("item"), terms(&["therapy"]));
        assert!(marker.marks(field::find("rationale").unwrap(), "therapy").is_empty());
        assert_eq!(marker.marks(field::find("item").unwrap(), "therapy").first(), Some(&(0..7)));
    }
}
