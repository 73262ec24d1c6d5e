//! The layout of 2013-14: `1. ITEM is (not) medically necessary and appropriate.`, argued below in running text.
//!
//! A number is in these letters what the bold heading is in later ones, but rationales number their points too. So a number
//! opens an item only where it goes on counting and the argument of an item follows its statement, or nothing does because
//! the letter breaks off. A letter that numbers nothing is read by its arguments: the paragraph above one is its heading.

use std::collections::HashSet;

use crate::record::Decision;

use super::argued::{self, Marks};
use super::flow::{Flow, numbered};
use super::lines::{Gap, Lines};
use super::sections::introduction;
use super::verdict::{self, Head};

/// No heading is longer.
const LONGEST: usize = 1500;

/// More headings are not lost in a row: a greater step is another number.
const MOST_LOST: u32 = 20;

/// A heading, in the flow's bytes.
#[derive(Debug, Clone, Copy)]
struct Start {
    /// Where it begins, with its number.
    at: usize,
    text: usize,
    end: usize,
}

/// The decisions between two lines, and what was doubtful.
pub(super) fn decisions(lines: &Lines, range: std::ops::Range<usize>) -> (Vec<Decision>, Vec<String>) {
    let from = introduction(lines, range.start..range.end.min(range.start + 8)).unwrap_or(range.start);
    let flow = Flow::of(lines, from..range.end);
    let marks = Marks::find(&flow);
    let starts = starts(&flow, &marks);
    let ends = starts.iter().skip(1).map(|s| s.at).chain([flow.text.len()]);
    let mut warnings = Vec::new();
    let read = |(i, (start, end)): (usize, (&Start, usize))| {
        let head = flow.head(start.text, start.end);
        argued::decision(i + 1, head, marks.argument(&flow, start.end, end), &mut warnings)
    };
    let decisions = starts.iter().zip(ends).enumerate().map(read).collect();
    (decisions, warnings)
}

/// Where the items begin.
fn starts(flow: &Flow, marks: &Marks) -> Vec<Start> {
    let mut starts = by_number(flow, marks);
    if starts.is_empty() {
        starts = by_argument(flow, marks);
    } else {
        let lost = headless(marks, &starts, flow.text.len());
        starts.extend(lost);
        starts.sort_by_key(|s| s.at);
    }
    starts
}

/// A number that may open an item.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    number: u32,
    start: Start,
    /// Whether an argument follows the heading, nothing between them.
    argued: bool,
    /// Whether it is a statement that stands alone, below a gap.
    stated: bool,
}

fn by_number(flow: &Flow, marks: &Marks) -> Vec<Start> {
    let candidates = candidates(flow, marks);
    let argued: HashSet<u32> = candidates.iter().filter(|c| c.argued).map(|c| c.number).collect();
    let mut starts = Vec::new();
    let mut last = 0;
    for c in &candidates {
        let goes_on = c.argued && (last + 1..=last + MOST_LOST).contains(&c.number);
        // Without its argument: the letter breaks off, or lines are lost. One with an argument comes before it.
        let alone = c.stated && c.number == last + 1 && !argued.contains(&c.number);
        if goes_on || alone {
            starts.push(c.start);
            last = c.number;
        }
    }
    starts
}

fn candidates(flow: &Flow, marks: &Marks) -> Vec<Candidate> {
    let opens: Vec<_> = flow.starts.iter().filter_map(|(at, _)| Some((*at, numbered(flow.text.get(*at..)?)?))).collect();
    let next_number = |i: usize| opens.get(i + 1).map_or(flow.text.len(), |o| o.0);
    let candidate = |(i, (at, (number, rest))): (usize, &(usize, (u32, &str)))| {
        let text = flow.text.len() - rest.len();
        let mark = marks.next(text);
        // The number of a list within the heading does not end it.
        let (limit, argued) = match mark {
            Some(mark) if mark - text <= LONGEST && opens.get(i + 1).is_none_or(|o| o.0 >= mark) => (mark, true),
            _ => (next_number(i).min(mark.unwrap_or(usize::MAX)), false),
        };
        let end = heading_end(flow, text, limit);
        let between = flow.text.get(end..limit).unwrap_or("").chars().filter(|c| c.is_alphanumeric()).count();
        // Without a statement it may be a point of the guideline that stands above the rationale.
        let opened = || {
            mark.is_some_and(|m| marks.claims.binary_search_by_key(&m, |c| c.0).is_ok())
                || !verdict::verdicts(flow.text.get(text..end).unwrap_or("")).is_empty()
        };
        let stated = (*at == 0 || flow.line_at(*at) != Some(Gap::None)) && flow.text.get(text..end).is_some_and(is_one_statement);
        Candidate { number: *number, start: Start { at: *at, text, end }, argued: argued && between == 0 && opened(), stated }
    };
    opens.iter().enumerate().map(candidate).collect()
}

/// Whether a text is a single sentence that states an outcome; abbreviations do not end it.
fn is_one_statement(text: &str) -> bool {
    let head = verdict::head(text);
    let mut words = head.item.split(' ').peekable();
    let mut ends = false;
    while let Some(word) = words.next() {
        let next_opens = words.peek().is_some_and(|w| w.starts_with(char::is_uppercase));
        ends |= word.len() > 3 && word.ends_with('.') && next_opens;
    }
    head.stated && !ends
}

/// Where the heading ends that begins at `text`: before `limit`, and after its statement where a gap follows that.
fn heading_end(flow: &Flow, text: usize, limit: usize) -> usize {
    let limit = limit.min(text + LONGEST);
    let limit = (0..=limit.min(flow.text.len())).rev().find(|i| flow.text.is_char_boundary(*i)).unwrap_or(text);
    let found = flow.text.get(text..limit).map(verdict::verdicts).unwrap_or_default();
    let Some(first) = found.first().map(|v| text + v.end) else { return limit };
    let after = flow.starts.iter().skip(flow.starts.partition_point(|s| s.0 < first)).take_while(|s| s.0 < limit);
    after.into_iter().find(|(_, gap)| *gap != Gap::None).map_or(limit, |s| s.0)
}

/// Items of a numbered letter whose headings are lost: their arguments are whole, but stand within the item before.
fn headless(marks: &Marks, starts: &[Start], len: usize) -> Vec<Start> {
    let mut lost = Vec::new();
    let first = starts.first().map_or(0, |s| s.at);
    let bounds = std::iter::once((0, first))
        .chain(starts.iter().enumerate().map(|(i, s)| (s.end, starts.get(i + 1).map_or(len, |n| n.at))));
    for (n, (from, to)) in bounds.enumerate() {
        // Behind a heading its own argument comes first.
        let own = usize::from(n > 0);
        let place = |byte: usize| marks.claims.partition_point(|c| c.0 < byte);
        let here = marks.claims.iter().enumerate().take(place(to)).skip(place(from));
        let complete = here.filter(|(i, c)| {
            let until = marks.claims.get(i + 1).map_or(to, |next| next.0.min(to));
            marks.argues(c.1, until)
        });
        lost.extend(complete.skip(own).map(|(_, c)| Start { at: c.0, text: c.0, end: c.0 }));
    }
    lost
}

/// The items of a letter without numbers: the paragraph above each argument.
fn by_argument(flow: &Flow, marks: &Marks) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::new();
    let openers = if marks.claims.is_empty() { &marks.rationale } else { &marks.claims };
    for (at, _) in openers {
        let floor = starts.last().map_or(0, |s| s.end);
        if !starts.is_empty() && !marks.argues(floor, *at) {
            continue;
        }
        let lines = flow.starts.get(..flow.starts.partition_point(|s| s.0 < *at)).unwrap_or_default();
        let above = lines.iter().rev().take_while(|s| s.0 >= floor).find(|s| s.1 != Gap::None).map(|s| s.0);
        let text = if starts.is_empty() { above.unwrap_or(0) } else { above.unwrap_or(*at) };
        let Head { item, stated, .. } = flow.text.get(text..*at).map_or_else(|| verdict::head(""), verdict::head);
        let is_heading = at - text <= LONGEST && !item.is_empty() && (stated || starts.is_empty());
        // A later argument without a heading may be a quotation.
        if is_heading || starts.is_empty() {
            let text = if is_heading { text } else { *at };
            starts.push(Start { at: text, text, end: *at });
        }
    }
    if starts.is_empty() && verdict::head(&flow.text).stated {
        let end = heading_end(flow, 0, flow.text.len());
        starts.push(Start { at: 0, text: 0, end });
    }
    starts
}
