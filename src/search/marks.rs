//! Marks what a query matches in a text.
//!
//! The same words and forms of them as in the index decide, so that nothing is marked that did not match and nothing missed that did.

use std::ops::Range;

use super::form::Form;
use super::pattern::{Pattern, Place};
use super::spans::{At, Ends, Spans};
use super::translate::scope;
use crate::field::Field;
use crate::index::sentences::sentences;
use crate::index::words::{self, Word};
use crate::query::Query;

/// What to mark: the words, phrases, beginnings and connectors of a query that are not negated, each in its fields.
#[derive(Debug, Clone, Default)]
pub struct Marker {
    targets: Vec<Target>,
}

#[derive(Debug, Clone)]
struct Target {
    field: &'static Field,
    spans: Spans,
    /// For each pattern the number of what is asked for by it. Other spellings of a word have the word's.
    numbers: Vec<usize>,
}

/// A match: its bytes, and the number of what is asked for by it.
pub type Mark = (Range<usize>, usize);

impl Marker {
    /// Marks what the query asks to be present, but for function words: marked wherever they stand, they would hide the rest.
    /// Of words that must be near to each other only those that are.
    pub fn of(query: &Query) -> Self {
        let mut marker = Marker::default();
        marker.gather(query);
        marker
    }

    fn gather(&mut self, query: &Query) {
        match query {
            Query::And(members) | Query::Or(members) => members.iter().for_each(|member| self.gather(member)),
            // Other spellings are found instead of the word, so one of them is enough.
            Query::Wide { .. } => {
                let first = self.asked();
                query.positive_parts().into_iter().for_each(|part| self.add_part(part, |_| first));
            }
            query => {
                for part in query.positive_parts() {
                    let first = self.asked();
                    self.add_part(part, |pattern| first + pattern);
                }
            }
        }
    }

    fn add_part(&mut self, part: &Query, number: impl Fn(usize) -> usize) {
        if matches!(part, Query::Hint { .. }) {
            return;
        }
        for field in scope(part.field()) {
            let spans = Spans::of(part, field);
            let numbers: Vec<_> = (0..spans.patterns.len()).map(&number).collect();
            if !numbers.is_empty() {
                self.targets.push(Target { field, spans, numbers });
            }
        }
    }

    /// Adds words that stand side by side in a field.
    pub fn add(&mut self, field: &'static Field, forms: impl IntoIterator<Item = Form>) {
        let places: Vec<_> = forms.into_iter().map(Place::Form).collect();
        if !places.is_empty() {
            let numbers = vec![self.asked()];
            self.targets.push(Target { field, spans: Spans::one(Pattern { places }), numbers });
        }
    }

    /// How much is asked for; it is numbered from 0.
    pub fn asked(&self) -> usize {
        self.targets.iter().flat_map(|target| &target.numbers).max().map_or(0, |last| last + 1)
    }

    /// Whether there is nothing to mark.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The matches in a text of `field`, as byte ranges, in order and apart from each other.
    pub fn marks(&self, field: &Field, text: &str) -> Vec<Range<usize>> {
        merged(text, self.find(field, text).into_iter().map(|(range, _)| range))
    }

    /// The matches in a text of `field`, in the order in which they begin.
    pub fn find(&self, field: &Field, text: &str) -> Vec<Mark> {
        // Most texts hold nothing that is asked for, and in one of ASCII letters that is seen without cutting it into words.
        let lower = text.is_ascii().then(|| text.to_ascii_lowercase());
        let may_stand = |pattern: &Pattern| lower.as_deref().is_none_or(|lower| pattern.may_stand_in(lower));
        let targets = self.targets.iter().filter(|target| target.field == field);
        let targets: Vec<_> = targets.filter(|target| target.spans.patterns.iter().any(may_stand)).collect();
        if targets.is_empty() {
            return Vec::new();
        }
        let words: Vec<_> = words::words(text).collect();
        let needs_ends = targets.iter().any(|target| target.spans.shape.needs_sentences());
        let ends = if needs_ends { Ends::of(text, &words) } else { Ends::default() };
        let mut marks = Vec::new();
        for target in targets {
            let leaves: Vec<_> = target.spans.patterns.iter().map(|pattern| places(pattern, &words)).collect();
            let involved = target.spans.shape.involved(&leaves, &ends).into_iter();
            for (number, places) in target.numbers.iter().zip(involved) {
                let bytes = |(first, last): At| words[first as usize].range.start..words[last as usize].range.end;
                marks.extend(places.into_iter().map(|at| (bytes(at), *number)));
            }
        }
        marks.sort_by_key(|(range, pattern)| (range.start, range.end, *pattern));
        marks
    }
}

/// Where patterns stand in a text, and where its sentences end.
#[cfg(test)]
pub fn places_of(patterns: &[Pattern], text: &str) -> (Vec<Vec<At>>, Ends) {
    let words: Vec<_> = words::words(text).collect();
    (patterns.iter().map(|pattern| places(pattern, &words)).collect(), Ends::of(text, &words))
}

/// Where a pattern stands.
fn places(pattern: &Pattern, words: &[Word<'_>]) -> Vec<At> {
    let more = pattern.places.len() as u32 - 1;
    let stands = (0..words.len()).filter(|at| pattern.begins(&words[*at..]));
    stands.map(|at| (at as u32, at as u32 + more)).collect()
}

impl Ends {
    /// Where the sentences of a text end. The text ends with its words.
    fn of(text: &str, words: &[Word<'_>]) -> Ends {
        let before = |end: usize| words.partition_point(|word| word.range.start < end) as u32;
        let mut sentences: Vec<_> = sentences(text).filter_map(|range| before(range.end).checked_sub(1)).collect();
        sentences.dedup();
        Ends { texts: Vec::new(), sentences }
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

    fn marker(query: &str) -> Marker {
        Marker::of(&crate::query::parse(query, jiff::civil::date(2017, 3, 31)).unwrap())
    }

    #[test]
    fn words_are_marked_in_any_form_and_phrases_as_written() {
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
    fn no_text_with_a_match_is_passed_over() {
        let words =
            "hope hoping hopes therapy THERAPIES dying dies die skies sky disabled Disability Disabilities 10/325mg L4 they";
        for asked in words.split(' ') {
            for leaf in [asked.to_owned(), format!("\"{asked}\""), format!("{}*", &asked[..2]), format!("{asked}~1")] {
                let Ok(query) = crate::query::parse(&leaf, jiff::civil::date(2017, 3, 31)) else { continue };
                let Some(pattern) = Pattern::of(&query) else { continue };
                for text in words.split(' ').chain([words]) {
                    let (places, _) = places_of(std::slice::from_ref(&pattern), text);
                    let stands = places.iter().any(|places| !places.is_empty());
                    assert!(!stands || pattern.may_stand_in(&text.to_lowercase()), "{leaf} in {text}");
                    assert!(stands || text == words || leaf != format!("\"{text}\""), "{leaf} in {text}");
                }
            }
        }
    }

    #[test]
    fn a_field_is_marked_only_by_what_is_asked_of_it() {
        let marker = marker("item:therapy");
        assert!(marker.marks(field::find("rationale").unwrap(), "therapy").is_empty());
        assert_eq!(marker.marks(field::find("item").unwrap(), "therapy").first(), Some(&(0..7)));
    }
}
