//! Marks what a query matches in a text, and cuts the passage that shows it best.
//!
//! The same words and stems as in the index decide, so that nothing is marked that did not match and nothing missed that did.

use std::collections::HashSet;
use std::ops::Range;

use super::results::Snippet;
use crate::field::Field;
use crate::index::words::{self, Word};

/// Bytes of text that a snippet shows, about.
const SNIPPET: usize = 280;

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
    /// The only field in which it counts, if it names one.
    field: Option<&'static Field>,
    pattern: Pattern,
}

/// A match: its bytes, and which target it is of.
type Mark = (Range<usize>, usize);

impl Marker {
    /// Adds something to mark.
    pub fn add(&mut self, field: Option<&'static Field>, pattern: Pattern) {
        self.targets.push(Target { field, pattern });
    }

    /// Whether there is nothing to mark.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The matches in a text of `field`, as byte ranges, in order and apart from each other.
    pub fn marks(&self, field: &Field, text: &str) -> Vec<Range<usize>> {
        merged(text, self.find(field, text).into_iter().map(|(range, _)| range))
    }

    fn find(&self, field: &Field, text: &str) -> Vec<Mark> {
        let here = |t: &&Target| t.field.is_none_or(|f| f == field);
        let targets: Vec<_> = self.targets.iter().enumerate().filter(|(_, t)| here(t)).collect();
        if targets.is_empty() {
            return Vec::new();
        }
        let words: Vec<(Word<'_>, String)> = words::words(text).map(|w| (words::stem(&w.word), w)).map(|(s, w)| (w, s)).collect();
        let mut marks = Vec::new();
        for at in 0..words.len() {
            for (number, target) in &targets {
                if let Some(length) = target.pattern.length_at(&words[at..]) {
                    marks.push((words[at].0.range.start..words[at + length - 1].0.range.end, *number));
                }
            }
        }
        marks
    }

    /// The passage of `text` with the most of what was asked for, or `None` where nothing matches.
    pub fn snippet(&self, field: &'static Field, text: &str) -> Option<Snippet> {
        let marks = self.find(field, text);
        let worth = |from: usize| {
            let inside = marks[from..].iter().take_while(|(range, _)| range.end <= marks[from].0.start + SNIPPET);
            let targets: HashSet<_> = inside.clone().map(|(_, number)| number).collect();
            (targets.len(), inside.count(), usize::MAX - from)
        };
        let best = (0..marks.len()).max_by_key(|&from| worth(from))?;
        let last = marks[best..].iter().map(|(range, _)| range.end).take_while(|&end| end <= marks[best].0.start + SNIPPET).max();
        let passage = passage(text, marks[best].0.start..last.unwrap_or(marks[best].0.end));
        Some(cut(field.name, text, passage, merged(text, marks.into_iter().map(|(range, _)| range))))
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

/// A passage for a decision that no word was asked of: the sentence of the verdict, else the beginning.
pub fn verdict(field: &'static Field, text: &str) -> Snippet {
    let verdict = text.rfind("medically necessary").or_else(|| text.rfind("medical necessity")).unwrap_or(0);
    cut(field.name, text, passage(text, verdict..verdict), Vec::new())
}

/// Widens `core` to whole words, from the beginning of its sentence where that is near, to about `SNIPPET` bytes.
fn passage(text: &str, core: Range<usize>) -> Range<usize> {
    let room = SNIPPET.saturating_sub(core.len());
    let sentence = text[..core.start].rfind(". ").map_or(0, |dot| dot + 2);
    let start = match core.start - sentence <= room {
        true => sentence,
        // What stands before the match may be one long word, which has no beginning after which to start.
        false => word_start(text, core.start - room / 3).min(core.start),
    };
    let end = word_end(text, (start + SNIPPET).max(core.end)).max(core.end);
    // What room is left behind the text's end goes in front.
    match end - start < SNIPPET {
        true => start.min(word_start(text, end.saturating_sub(SNIPPET)))..end,
        false => start..end,
    }
}

/// The beginning of the first word at or after `at`, or `at`'s own word where there is none.
fn word_start(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    if at == 0 || text[..at].ends_with(char::is_whitespace) {
        return at;
    }
    text[at..].find(char::is_whitespace).map_or(at, |blank| text.len() - text[at + blank..].trim_start().len())
}

/// The end of the last whole word at or before `at`.
fn word_end(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    let at = text.floor_char_boundary(at);
    if text[at..].starts_with(char::is_whitespace) {
        return at;
    }
    text[..at].rfind(char::is_whitespace).map_or(at, |blank| text[..blank].trim_end().len())
}

fn cut(field: &'static str, text: &str, passage: Range<usize>, marks: Vec<Range<usize>>) -> Snippet {
    let before = if passage.start > 0 { "… " } else { "" };
    let after = if passage.end < text.len() { " …" } else { "" };
    let shift = |at: usize| at - passage.start + before.len();
    let inside = marks.into_iter().filter(|m| m.start >= passage.start && m.end <= passage.end);
    let marks = inside.map(|m| shift(m.start)..shift(m.end)).collect();
    Snippet { field, text: format!("{before}{}{after}", &text[passage]), marks }
}

/// Ranges in order, with those made one that overlap or have only blanks between them.
fn merged(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
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

    fn shown(snippet: &Snippet) -> String {
        let mut text = snippet.text.clone();
        for mark in snippet.marks.iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        text
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

    #[test]
    fn a_snippet_shows_the_place_with_most_of_the_query_in_whole_words() {
        let rationale = field::find("rationale").unwrap();
        let text = format!(
            "Therapy alone. {}The physical therapy helped. {}",
            "Other words stand here. ".repeat(30),
            "More. ".repeat(90)
        );
        let snippet = marker(&[terms(&["physical"]), terms(&["therapy"])]).snippet(rationale, &text).unwrap();
        assert!(shown(&snippet).contains("The [physical therapy] helped."), "{}", shown(&snippet));
        assert!(snippet.text.starts_with("… ") && snippet.text.ends_with(" …"), "{}", snippet.text);
        assert!(snippet.text.len() < SNIPPET + 20);
    }

    #[test]
    fn a_snippet_is_cut_between_characters_of_any_width() {
        let rationale = field::find("rationale").unwrap();
        for lead in 0..40 {
            let text = format!("{}therapy {}", "é°– ".repeat(lead), "“ü” 38°".repeat(200));
            let snippet = marker(&[terms(&["therapy"])]).snippet(rationale, &text).unwrap();
            assert!(shown(&snippet).contains("[therapy]"));
        }
    }

    #[test]
    fn a_match_in_or_beside_a_word_longer_than_a_snippet_is_shown() {
        let rationale = field::find("rationale").unwrap();
        let long = "x".repeat(400);
        for text in
            [format!("foo {long}, bar"), format!("foo {long},xxtherapy more"), format!("{long}-{long}"), format!("a, ({long}")]
        {
            let snippet = marker(&[Pattern::Prefix("xx".into())]).snippet(rationale, &text).unwrap();
            assert!(!snippet.marks.is_empty() && snippet.text.contains("xx"), "{snippet:?}");
            assert!(!verdict(rationale, &text).text.is_empty());
        }
        let snippet = marker(&[terms(&["therapy"])]).snippet(rationale, &format!("foo {long},therapy more")).unwrap();
        assert_eq!(snippet.marks.iter().map(|m| &snippet.text[m.clone()]).collect::<Vec<_>>(), ["therapy"]);
    }

    #[test]
    fn without_words_the_verdict_is_shown() {
        let rationale = field::find("rationale").unwrap();
        let text = format!("{}Therefore, the request is not medically necessary.", "Words of the case. ".repeat(40));
        assert!(verdict(rationale, &text).text.ends_with("the request is not medically necessary."));
        assert_eq!(verdict(rationale, "Short.").text, "Short.");
    }
}
