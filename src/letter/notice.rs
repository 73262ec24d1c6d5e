//! The notice of 2013: `1) MAXIMUS Federal Services, Inc. has determined the request for ITEM is (not) medically necessary and
//! appropriate.`
//!
//! The statements stand at the top, usually twice (on the cover and in the decision), and are argued below under
//! `1) Regarding the request for ITEM:`. The statement gives the outcome. Two statements that disagree give none.

use std::collections::BTreeMap;

use crate::record::{Decision, Outcome};

use super::argued::{self, Argument, Marks};
use super::flow::{Flow, numbered, regards};
use super::lines::{Gap, Lines};
use super::ocr::key;
use super::verdict::{self, Head};

const STATES: &str = "hasdeterminedtherequest";

/// A statement may begin so many bytes before "has determined": the name of the organisation.
const SUBJECT: usize = 60;
/// No statement is longer.
const LONGEST: usize = 1500;

/// What is known of one item.
#[derive(Debug, Default)]
struct Found {
    heads: Vec<Head>,
    argued: Option<(Argument, Head)>,
}

/// The decisions of a notice, and what was doubtful.
pub(super) fn decisions(lines: &Lines) -> (Vec<Decision>, Vec<String>) {
    let flow = Flow::of(lines, 0..lines.len());
    let marks = Marks::find(&flow);
    let mut items: BTreeMap<u32, Found> = BTreeMap::new();
    for (number, head) in statements(&flow) {
        let number = number.unwrap_or_else(|| number_of(&items, &head));
        items.entry(number).or_default().heads.push(head);
    }
    for (number, argument, head) in arguments(&flow, &marks, items.len()) {
        let number = number.unwrap_or_else(|| number_of(&items, &head));
        let item = items.entry(number).or_default();
        // A number that comes again is a list within an argument.
        if item.argued.is_none() {
            item.argued = Some((argument, head));
        }
    }
    let mut warnings = Vec::new();
    let read = |(i, found): (usize, Found)| decision(i + 1, found, &mut warnings);
    let decisions = items.into_values().enumerate().map(read).collect();
    (decisions, warnings)
}

/// The number of an item without one: that of the same item, else the next.
fn number_of(items: &BTreeMap<u32, Found>, head: &Head) -> u32 {
    let wanted = key(&head.item);
    // A statement without an outcome may be one that breaks off in the name of its item, or behind it.
    let broken_off = |item: &str| {
        let verdict =
            |rest: &str| ["is medically necessary", "is not medically necessary"].iter().any(|v| key(v).starts_with(rest));
        item.starts_with(&wanted) || wanted.strip_prefix(item).is_some_and(verdict)
    };
    let is = |item: String| item == wanted || (!head.stated && broken_off(&item));
    let same = |f: &Found| f.heads.iter().any(|h| is(key(&h.item)));
    let next = items.keys().next_back().map_or(1, |last| last.saturating_add(1));
    // A letter has few items; one of a thousand statements is no letter.
    items.iter().take(100).find(|(_, f)| same(f)).map_or(next, |(number, _)| *number)
}

/// What the letter states at its top, with the numbers.
fn statements(flow: &Flow) -> Vec<(Option<u32>, Head)> {
    let phrases = flow.find_anywhere(STATES);
    let opens = |at: usize| {
        // The line that holds the subject, with the number before it.
        let lines = flow.starts.get(..flow.starts.partition_point(|s| s.0 <= at)).unwrap_or_default();
        let near = lines.iter().rev().take(2).filter(|s| at - s.0 <= SUBJECT);
        let all: Vec<usize> = near.map(|s| s.0).collect();
        let numbered = all.iter().find_map(|s| Some((*s, numbered(flow.text.get(*s..)?)?.0)));
        numbered.map_or_else(|| (all.first().copied().unwrap_or(at), None), |(s, n)| (s, Some(n)))
    };
    let starts: Vec<_> = phrases.iter().map(|(at, _)| opens(*at)).collect();
    let statement = |(i, (_, end)): (usize, &(usize, usize))| {
        let next = starts.get(i + 1).map_or(flow.text.len(), |s| s.0).min(end + LONGEST);
        let limit = (*end..=next.max(*end)).rev().find(|b| flow.text.is_char_boundary(*b)).unwrap_or(*end);
        let text = flow.text.get(*end..limit)?;
        let stop = statement_end(flow, text, *end, limit);
        let text = flow.text.get(*end..stop)?.trim_start();
        let text = text.strip_prefix('s').unwrap_or(text).trim_start();
        // A letter that breaks off within the "for" names no item.
        let text = if "for".starts_with(text.trim_end()) { "" } else { text.strip_prefix("for").unwrap_or(text) };
        let head = flow.head(stop - text.len(), stop);
        Some((starts.get(i)?.1, head)).filter(|(_, h)| !h.item.is_empty() || h.stated)
    };
    phrases.iter().enumerate().filter_map(statement).collect()
}

/// Where a statement ends: at its sentence if it states an outcome, else at the next gap or number.
fn statement_end(flow: &Flow, text: &str, from: usize, limit: usize) -> usize {
    let lines = flow.starts.iter().skip(flow.starts.partition_point(|s| s.0 <= from)).take_while(|s| s.0 < limit);
    let breaks = |s: &&(usize, Gap)| s.1 == Gap::Blank || flow.text.get(s.0..).is_some_and(|t| numbered(t).is_some());
    let stop = lines.clone().find(breaks).map_or(limit, |s| s.0);
    match verdict::verdicts(text).first() {
        // What follows on the same lines may be the other half of a split item.
        Some(first) => lines.filter(|s| s.0 >= from + first.end).map(|s| s.0).next().unwrap_or(limit),
        None => stop,
    }
}

/// The arguments, with their numbers and headings.
fn arguments(flow: &Flow, marks: &Marks, items: usize) -> Vec<(Option<u32>, Argument, Head)> {
    let mut starts: Vec<(usize, Option<u32>, usize)> = Vec::new();
    for (line, gap) in &flow.starts {
        if let Some((number, rest)) = flow.text.get(*line..).and_then(|text| regards(text, *gap)) {
            starts.push((*line, number, flow.text.len() - rest.len()));
        }
    }
    // A line that begins so without a number, in a letter that has them, belongs to an argument.
    if starts.iter().any(|s| s.1.is_some()) {
        starts.retain(|s| s.1.is_some());
    }
    let ends = starts.iter().skip(1).map(|s| s.0).chain([flow.text.len()]);
    let read = |((_, number, text), end): (&(usize, Option<u32>, usize), usize)| {
        let close = marks.next(*text).unwrap_or(end).min(end).min(text + LONGEST);
        let close = (*text..=close.max(*text)).rev().find(|b| flow.text.is_char_boundary(*b)).unwrap_or(*text);
        let heading = flow.text.get(*text..close).unwrap_or("");
        let heading = heading.split_once(": ").map_or(heading, |(h, _)| h);
        (*number, marks.argument(flow, *text, end), verdict::head(heading))
    };
    let mut all: Vec<_> = starts.iter().zip(ends).map(read).collect();
    // A letter that breaks off in a heading has not named another item by it.
    let broken_off = |(number, argument, _): &mut (Option<u32>, Argument, Head)| number.is_none() && argument.is_empty();
    if all.len() + items > 1 {
        all.pop_if(broken_off);
    }
    all
}

fn decision(number: usize, found: Found, warnings: &mut Vec<String>) -> Decision {
    let outcomes: Vec<Option<Outcome>> = found.heads.iter().filter(|h| h.stated).map(|h| h.outcome).collect();
    let (argument, argued) = found.argued.unwrap_or_default();
    let outcome = outcomes.first().copied().flatten().filter(|o| outcomes.iter().all(|p| *p == Some(*o)));
    let disagree = outcomes.iter().any(|o| *o != outcomes.first().copied().flatten());
    // A statement that was cut or damaged names less than its argument.
    let stated = found.heads.into_iter().max_by_key(|h| (h.stated, std::cmp::Reverse(h.item.len())));
    let item = stated.map(|h| h.item).filter(|i| !i.is_empty()).unwrap_or(argued.item);
    if disagree {
        warnings.push(format!("two statements disagree on item {number}"));
    }
    argued::decision(number, Head { item, outcome, stated: !outcomes.is_empty() }, argument, warnings)
}
