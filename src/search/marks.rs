//! Marks what a query matches in a text, and cuts the passage that shows it best.
//!
//! The same words and stems as in the index decide, so that nothing is marked that did not match and nothing missed that did.

use std::collections::HashSet;
use std::ops::Range;

use super::pattern::{Pattern, Place};
use super::results::Snippet;
use super::spans::{At, Ends, Spans};
use super::translate::scope;
use crate::field::Field;
use crate::index::sentences::sentences;
use crate::index::words::{self, Word};
use crate::query::Query;

/// Bytes of text that a snippet shows, about.
const SNIPPET: usize = 280;

/// What to mark: the words, phrases, beginnings and connectors of a query that are not negated, each in its fields.
#[derive(Debug, Clone, Default)]
pub struct Marker {
    targets: Vec<Target>,
}

#[derive(Debug, Clone)]
struct Target {
    field: &'static Field,
    spans: Spans,
    /// The number of its first pattern, among those of all targets.
    first: usize,
}

/// A match: its bytes, and the number of the pattern it is of.
type Mark = (Range<usize>, usize);

impl Marker {
    /// Marks what the query asks to be present, but for function words: marked wherever they stand, they would hide the rest.
    /// Of words that must be near to each other only those that are.
    pub fn of(query: &Query) -> Self {
        let mut targets = Vec::new();
        let mut first = 0;
        for part in query.positive_parts().into_iter().filter(|part| !matches!(part, Query::Hint { .. })) {
            let fields = scope(part.field()).map(|field| Target { field, spans: Spans::of(part, field), first });
            targets.extend(fields.filter(|target| !target.spans.patterns.is_empty()));
            first += part.positive_leaves().len();
        }
        Marker { targets }
    }

    /// Adds terms of the index that stand side by side in a field.
    pub fn add(&mut self, field: &'static Field, terms: impl IntoIterator<Item = String>) {
        let places: Vec<_> = terms.into_iter().map(Place::Term).collect();
        if !places.is_empty() {
            let first = self.targets.iter().map(|target| target.first + target.spans.patterns.len()).max().unwrap_or(0);
            self.targets.push(Target { field, spans: Spans::one(Pattern { places }), first });
        }
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
        let targets: Vec<_> = self.targets.iter().filter(|t| t.field == field).collect();
        if targets.is_empty() {
            return Vec::new();
        }
        let words = stemmed(text);
        let ends = Ends::of(text, &words);
        let mut marks = Vec::new();
        for target in targets {
            let leaves: Vec<_> = target.spans.patterns.iter().map(|pattern| places(pattern, &words)).collect();
            for (leaf, places) in target.spans.shape.involved(&leaves, &ends).into_iter().enumerate() {
                let bytes = |(first, last): At| words[first as usize].0.range.start..words[last as usize].0.range.end;
                marks.extend(places.into_iter().map(|at| (bytes(at), target.first + leaf)));
            }
        }
        marks.sort_by_key(|(range, pattern)| (range.start, range.end, *pattern));
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

/// Where patterns stand in a text, and where its sentences end.
#[cfg(test)]
pub fn places_of(patterns: &[Pattern], text: &str) -> (Vec<Vec<At>>, Ends) {
    let words = stemmed(text);
    (patterns.iter().map(|pattern| places(pattern, &words)).collect(), Ends::of(text, &words))
}

/// The words of a text with their stems.
fn stemmed(text: &str) -> Vec<(Word<'_>, String)> {
    words::words(text).map(|w| (words::stem(&w.word), w)).map(|(stem, word)| (word, stem)).collect()
}

/// Where a pattern stands.
fn places(pattern: &Pattern, words: &[(Word<'_>, String)]) -> Vec<At> {
    let more = pattern.places.len() as u32 - 1;
    let stands = (0..words.len()).filter(|at| pattern.begins(&words[*at..]));
    stands.map(|at| (at as u32, at as u32 + more)).collect()
}

impl Ends {
    /// Where the sentences of a text end. The text ends with its words.
    fn of(text: &str, words: &[(Word<'_>, String)]) -> Ends {
        let before = |end: usize| words.partition_point(|(word, _)| word.range.start < end) as u32;
        let mut sentences: Vec<_> = sentences(text).filter_map(|range| before(range.end).checked_sub(1)).collect();
        sentences.dedup();
        Ends { texts: Vec::new(), sentences }
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

    fn marker(query: &str) -> Marker {
        Marker::of(&crate::query::parse(query, jiff::civil::date(2017, 3, 31)).unwrap())
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
        let table = [
            ("injection", "Injections|injection"),
            ("\"injection\"", "injection"),
            ("therapies", "therapy|therapy"),
            ("10/325mg", "10/325mg"),
            ("\"physical therapy\"", "physical therapy"),
            ("ther*", "therapy|therapy"),
            ("10/3*", "10/325"),
            ("325m*", "325mg"),
            ("injectoin~1", "injection"),
            ("phisycal~2", "physical|physical"),
            ("absent", ""),
            ("NOT therapy", ""),
            ("physical +1 therapy", "physical therapy"),
            ("therapy /2 physical", "physical therapy|therapy|physical"),
            ("therapy /1 physical", "physical therapy"),
            ("second /3 (10 OR absent OR therapy)", "second|10"),
            ("injections /s physical /s 325", "Injections|injection|325|physical|physical"),
            ("injection /1 therapy", ""),
            ("therapy +5 therapy", "therapy|therapy"),
            ("(second /3 10) /3 therapy", ""),
            ("(second /3 10) /5 physical", "second|10|physical"),
        ];
        for (query, expected) in table {
            let marks = marker(query).marks(rationale, text);
            assert_eq!(marks.into_iter().map(|m| &text[m]).collect::<Vec<_>>().join("|"), expected, "{query}");
        }
    }

    #[test]
    fn what_stands_in_one_sentence_or_paragraph_is_marked_there_only() {
        let rationale = field::find("rationale").unwrap();
        let text = "Pain was noted by Dr. Smith. Therapy for pain helped. No therapy was given.";
        let table = [
            ("pain /s therapy", "Therapy|pain"),
            ("pain +s therapy", ""),
            ("smith /s pain", "Pain|Smith"),
            ("pain +p given", "Pain|pain|given"),
            ("\"Smith therapy\" /s pain", ""),
            ("\"Smith therapy\" /2 pain", "Smith. Therapy|pain"),
        ];
        for (query, expected) in table {
            let marks = marker(query).marks(rationale, text);
            assert_eq!(marks.into_iter().map(|m| &text[m]).collect::<Vec<_>>().join("|"), expected, "{query}");
        }
    }

    #[test]
    fn a_field_is_marked_only_by_what_is_asked_of_it() {
        let marker = marker("item:therapy");
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
        let snippet = marker("physical therapy").snippet(rationale, &text).unwrap();
        assert!(shown(&snippet).contains("The [physical therapy] helped."), "{}", shown(&snippet));
        assert!(snippet.text.starts_with("… ") && snippet.text.ends_with(" …"), "{}", snippet.text);
        assert!(snippet.text.len() < SNIPPET + 20);
    }

    #[test]
    fn a_snippet_is_cut_between_characters_of_any_width() {
        let rationale = field::find("rationale").unwrap();
        for lead in 0..40 {
            let text = format!("{}therapy {}", "é°– ".repeat(lead), "“ü” 38°".repeat(200));
            let snippet = marker("therapy").snippet(rationale, &text).unwrap();
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
            let snippet = marker("xx*").snippet(rationale, &text).unwrap();
            assert!(!snippet.marks.is_empty() && snippet.text.contains("xx"), "{snippet:?}");
            assert!(!verdict(rationale, &text).text.is_empty());
        }
        let snippet = marker("therapy").snippet(rationale, &format!("foo {long},therapy more")).unwrap();
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
