//! Passages: which parts of a decision's texts are shown, and where they are cut.
//!
//! A passage is whole sentences, or whole words of sentences that are too long, with `…` where a sentence was cut. Passages are
//! chosen one by one, each for what it shows of the query that neither the item nor the passages before it show, so that a few
//! of them together show most of the query; of equals the last one, because a rationale cites first and applies in the end. They
//! never overlap.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use super::marks::{self, Mark};
use super::results::Snippet;
use crate::field::Field;
use crate::index::sentences::sentences;

/// Bytes of text that a passage shows, about.
const LENGTH: usize = 280;
/// Bytes of sentences that are rather shown whole than cut.
const LONGEST: usize = 400;

/// A text with what matches in it.
#[derive(Debug, Clone)]
pub struct Marked {
    /// The field it is of.
    pub field: &'static Field,
    /// The text.
    pub text: String,
    /// The matches, in order.
    pub marks: Vec<Mark>,
}

/// At most `most` passages that show matches, in the order of `texts` and within each in the order of the text. Earlier texts
/// are preferred. `seen` are the targets that the reader sees elsewhere.
pub fn passages(texts: &[Marked], seen: &BTreeSet<usize>, most: usize) -> Vec<Snippet> {
    let mut chosen: Vec<Passage> = Vec::new();
    let mut shown = BTreeSet::new();
    while chosen.len() < most {
        let cores = texts.iter().enumerate().flat_map(|(at, text)| cores(text, at, &chosen));
        let worth = |core: &Core| {
            let new = core.targets.difference(&shown).count();
            let unseen = core.targets.difference(&shown).filter(|target| !seen.contains(target)).count();
            (unseen, new, core.targets.len(), Reverse(core.text), core.marks, core.range.start)
        };
        let Some(best) = cores.max_by_key(worth) else { break };
        let Some(Marked { text, marks, .. }) = texts.get(best.text) else { break };
        let gap = gap(text, best.text, best.range.start, &chosen);
        let passage = Passage { text: best.text, ..passage(text, best.range, gap) };
        shown.extend(marks.iter().filter(|(mark, _)| within(mark, &passage.range)).map(|(_, target)| *target));
        chosen.push(passage);
    }
    chosen.sort_by_key(|passage| (passage.text, passage.range.start));
    chosen.into_iter().filter_map(|passage| texts.get(passage.text).map(|text| cut(text, passage))).collect()
}

/// The passage round `core`, which need not match anything.
pub fn around(field: &'static Field, text: &str, core: Range<usize>) -> Snippet {
    cut(&Marked { field, text: text.to_owned(), marks: Vec::new() }, passage(text, core, 0..text.len()))
}

/// A part of a text that is shown.
struct Passage {
    /// Which text.
    text: usize,
    range: Range<usize>,
    /// Whether it begins within a sentence.
    begins_within: bool,
    /// Whether it ends within a sentence.
    ends_within: bool,
}

/// Matches that stand near enough to each other for one passage.
struct Core {
    /// Which text.
    text: usize,
    range: Range<usize>,
    targets: BTreeSet<usize>,
    marks: usize,
}

/// From each match that no passage shows yet, as many as fit in a passage with it and stand before the next passage.
fn cores<'a>(text: &'a Marked, at: usize, chosen: &'a [Passage]) -> impl Iterator<Item = Core> + 'a {
    text.marks.iter().enumerate().filter_map(move |(first, (mark, _))| {
        let gap = gap(&text.text, at, mark.start, chosen);
        let room = gap.start..gap.end.min(mark.end.max(mark.start + LENGTH));
        let fits =
            text.marks[first..].iter().take_while(|(next, _)| next.start < room.end).filter(|(next, _)| within(next, &room));
        let mut core = Core { text: at, range: mark.clone(), targets: BTreeSet::new(), marks: 0 };
        for (range, target) in fits {
            core.marks += 1;
            // What repeats a match is no reason to cut the sentence that it stands in.
            if core.targets.insert(*target) {
                core.range.end = core.range.end.max(range.end);
            }
        }
        (core.marks > 0 && within(mark, &room)).then_some(core)
    })
}

/// The part of the text round `place` that no passage shows yet; empty where one shows it.
fn gap(text: &str, at: usize, place: usize, chosen: &[Passage]) -> Range<usize> {
    let mut gap = 0..text.len();
    for Passage { range: passage, .. } in chosen.iter().filter(|passage| passage.text == at) {
        if passage.end <= place {
            gap.start = gap.start.max(passage.end);
        } else if passage.start > place {
            gap.end = gap.end.min(passage.start);
        } else {
            return place..place;
        }
    }
    gap
}

/// The passage round `core` within `gap`.
fn passage(text: &str, core: Range<usize>, gap: Range<usize>) -> Passage {
    let sentences: Vec<_> = sentences(text).collect();
    let range = grown(text, &sentences, core, gap);
    let within = |place| sentences.iter().any(|s| s.start < place && place < s.end);
    Passage { text: 0, begins_within: within(range.start), ends_within: within(range.end), range }
}

/// Widens `core` within `gap` to whole sentences, and to the sentences behind and before it as long as they fit; to whole words
/// where its own sentences are too long.
fn grown(text: &str, sentences: &[Range<usize>], core: Range<usize>, gap: Range<usize>) -> Range<usize> {
    let first = sentences.partition_point(|s| s.end <= core.start);
    let behind = sentences.partition_point(|s| s.start < core.end.max(core.start + 1));
    let (before, after) = (&sentences[..first], &sentences[behind.max(first)..]);
    let own = sentences[first..behind.max(first)].iter();
    let own = own.fold(core.clone(), |all, s| all.start.min(s.start)..all.end.max(s.end));
    // A passage beside this one may have been cut within the sentence.
    let own = own.start.max(blank_end(text, gap.start)).min(core.start)..own.end.min(blank_start(text, gap.end)).max(core.end);
    if own.len() > LONGEST {
        return words_round(text, core, own);
    }
    let mut passage = own;
    let fits = |all: &Range<usize>| all.len() <= LENGTH && all.start >= gap.start && all.end <= gap.end;
    for next in after {
        let wider = passage.start..next.end;
        if !fits(&wider) {
            break;
        }
        passage = wider;
    }
    for last in before.iter().rev() {
        let wider = last.start..passage.end;
        if !fits(&wider) {
            break;
        }
        passage = wider;
    }
    passage
}

/// Whole words round `core` within `own`, from its beginning or to its end where that is near.
fn words_round(text: &str, core: Range<usize>, own: Range<usize>) -> Range<usize> {
    let room = LENGTH.saturating_sub(core.len());
    let start = match core.start - own.start <= room {
        true => own.start,
        // What stands before the match may be one long word, which has no beginning after which to start.
        false => word_start(text, core.start - room / 3).min(core.start),
    };
    if start + LENGTH < own.end {
        return start..word_end(text, start + LENGTH).max(core.end);
    }
    // What room is left behind the end goes in front.
    word_start(text, own.end.saturating_sub(LENGTH)).max(own.start).min(core.start)..own.end
}

/// The beginning of the first word at or after `at`, or `at` itself in the last word.
fn word_start(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    if at == 0 || text[..at].ends_with(char::is_whitespace) {
        return at;
    }
    text[at..].find(char::is_whitespace).map_or(at, |blank| blank_end(text, at + blank))
}

/// The end of the last whole word at or before `at`, or `at` itself in the first word.
fn word_end(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at.min(text.len()));
    if text[at..].is_empty() || text[at..].starts_with(char::is_whitespace) {
        return at;
    }
    text[..at].rfind(char::is_whitespace).map_or(at, |blank| blank_start(text, blank))
}

/// Behind the blanks from `at` on.
fn blank_end(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

/// Before the blanks that end at `at`.
fn blank_start(text: &str, at: usize) -> usize {
    text[..at].trim_end().len()
}

fn within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    inner.start >= outer.start && inner.end <= outer.end
}

fn cut(Marked { field, text, marks }: &Marked, passage: Passage) -> Snippet {
    let range = passage.range;
    let before = if passage.begins_within { "… " } else { "" };
    let after = if passage.ends_within { " …" } else { "" };
    let shift = |at: usize| at - range.start + before.len();
    let inside = marks.iter().map(|(mark, _)| mark.clone()).filter(|mark| within(mark, &range));
    let marks = marks::merged(text, inside).into_iter().map(|mark| shift(mark.start)..shift(mark.end)).collect();
    Snippet { field: field.name, text: format!("{before}{}{after}", &text[range]), marks }
}

#[cfg(test)]
mod tests;
