//! The disputed items: heading, the two guidelines, rationale.
//!
//! The labels at the beginning of lines are the bones. A label opens an item if a heading with an outcome stands right above
//! it, or above the text of labels that are lost, else it belongs to the item that lacks it, else it is a quotation within the
//! text. So a rationale may quote anything, and an item that has lost one of its parts keeps the others.

use std::ops::Range;

use crate::record::Decision;

use super::authorities::authorities;
use super::disputed::disputed;
use super::heading::{self, Start};
use super::lines::{Gap, Lines, Pos, ends_sentence, letters};
use super::ocr::{Title, title};
use super::sections::introduction;

/// The labels of an item, in the order in which it has them.
pub(super) const LABELS: [&[Title]; 3] = [
    &[title("claimsadministratorguideline"), title("claimadministratorguideline")],
    &[title("maximusguideline"), title("imrguideline"), title("expertreviewerguideline")],
    &[title("decisionrationale")],
];
const CLAIMS: usize = 0;
const RATIONALE: usize = 2;

/// An item as a range of lines.
#[derive(Debug)]
struct Item {
    /// The heading's lines.
    heading: Range<usize>,
    certain: bool,
    /// For each label its line, and where its text begins.
    parts: [Option<(usize, Pos)>; 3],
    /// Which labels its texts quote.
    quoted: [bool; 3],
}

/// The decisions of the issues section, and what was doubtful.
pub(super) fn decisions(lines: &Lines, issues: Range<usize>) -> (Vec<Decision>, Vec<String>) {
    let items = items(lines, issues.clone());
    let mut warnings = Vec::new();
    let ends = items.iter().skip(1).map(|i| i.heading.start).chain([issues.end]);
    let decisions =
        items.iter().zip(ends).enumerate().map(|(i, (item, end))| decision(lines, item, end, i + 1, &mut warnings)).collect();
    (decisions, warnings)
}

/// Finds the items by their labels.
fn items(lines: &Lines, issues: Range<usize>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut floor = introduction(lines, issues.start..issues.end.min(issues.start + 8)).unwrap_or(issues.start);
    let labels = labels(lines, issues.clone());
    for (n, &(kind, line, at)) in labels.iter().enumerate() {
        let lacks = items.last().is_some_and(|i| i.parts[kind..].iter().all(Option::is_none));
        let opens = match kind {
            CLAIMS => {
                heading::outcome_above(lines, floor, line)
                    || !lacks && opens_without_outcome(lines, floor, line, labels.get(n + 1))
            }
            _ => !lacks && (items.is_empty() || heading::outcome_above(lines, floor, line)),
        };
        let new = match (opens, lacks) {
            (true, _) => Some(opened(lines, floor, line, items.is_empty())),
            (false, true) => None,
            (false, false) => without_first_label(lines, floor, line, kind),
        };
        let is_part = lacks || new.is_some();
        items.extend(new);
        match items.last_mut() {
            Some(item) if is_part => {
                item.parts[kind] = Some((line, at));
                floor = at.line + 1;
            }
            Some(item) => item.quoted[kind] = true,
            None => {}
        }
    }
    items.extend(cut_short(lines, floor, issues.end, items.is_empty()));
    items
}

/// Where the first item begins in a letter without a title above it.
pub(super) fn first_heading(lines: &Lines, floor: usize) -> Option<usize> {
    let claims = |line: &usize| label(lines, *line).is_some_and(|(kind, _)| kind == CLAIMS);
    let line = (floor..lines.len()).find(claims).filter(|line| heading::outcome_above(lines, floor, *line))?;
    let nothing_above = (floor + 1..line).all(|i| lines.get(i).gap != Gap::Blank);
    Some(heading::start(lines, floor, line - 1, nothing_above).line)
}

/// Whether any of the lines has a label of this layout.
pub(super) fn are_labelled(lines: &Lines, range: Range<usize>, with_rationale: bool) -> bool {
    range.into_iter().any(|line| label(lines, line).is_some_and(|(kind, _)| kind < RATIONALE || with_rationale))
}

/// The label at the beginning of the line, and where its text begins.
fn label(lines: &Lines, line: usize) -> Option<(usize, Pos)> {
    LABELS.iter().enumerate().find_map(|(kind, names)| Some((kind, names.iter().find_map(|n| lines.label(line, n))?)))
}

/// The labels of the section. Where no rationale has its usual label, a shorter one opens it.
fn labels(lines: &Lines, issues: Range<usize>) -> Vec<(usize, usize, Pos)> {
    const SHORT: [Title; 2] = [title("rationale"), title("expertreviewerdecisionrationale")];
    let mut found: Vec<_> = issues.clone().filter_map(|line| label(lines, line).map(|(kind, at)| (kind, line, at))).collect();
    if !found.is_empty() && found.iter().all(|(kind, ..)| *kind < RATIONALE) {
        let short = |line: usize| SHORT.iter().find_map(|n| lines.label(line, n)).map(|at| (RATIONALE, line, at));
        found.extend(issues.filter_map(short));
        found.sort_by_key(|(_, line, _)| *line);
    }
    found
}

/// An item whose first label is on `line`.
fn opened(lines: &Lines, floor: usize, line: usize, first: bool) -> Item {
    let headless =
        line <= floor || !heading::outcome_above(lines, floor, line) && !first && paragraph_above(lines, floor, line).is_none();
    let Start { line: start, certain } = match line.checked_sub(1) {
        Some(last) if !headless => heading::start(lines, floor, last, first),
        _ => Start { line, certain: true },
    };
    Item { heading: start..line, certain, parts: [None; 3], quoted: [false; 3] }
}

/// An item whose first labels are lost, so that `line` has the first that is left: its heading stands above a gap, and the text
/// behind it is the claims guideline.
fn without_first_label(lines: &Lines, floor: usize, line: usize, kind: usize) -> Option<Item> {
    /// No guidelines are longer.
    const FURTHEST: usize = 40;
    let heads = |below: &usize| lines.get(*below).gap != Gap::None && heading::outcome_above(lines, floor, *below);
    let below = (floor.max(line.saturating_sub(FURTHEST))..line).rev().find(heads).filter(|_| kind > CLAIMS)?;
    let mut item = opened(lines, floor, below, false);
    item.parts[CLAIMS] = Some((below, Pos { line: below, col: 0 }));
    Some(item)
}

/// Whether a claims guideline opens an item though no outcome stands above it: the heading or its outcome has been lost.
fn opens_without_outcome(lines: &Lines, floor: usize, line: usize, next: Option<&(usize, usize, Pos)>) -> bool {
    let goes_on = next.is_some_and(|(kind, ..)| *kind != CLAIMS);
    let apart = line <= floor || lines.get(line).gap != Gap::None;
    goes_on && apart
}

/// The first line of a paragraph above `line` that may be a heading without outcome.
fn paragraph_above(lines: &Lines, floor: usize, line: usize) -> Option<usize> {
    let last = line.checked_sub(1).filter(|l| *l >= floor && !ends_sentence(lines.get(*l).text))?;
    (floor.max(last.saturating_sub(8))..=last).rev().find(|&i| lines.get(i).gap == Gap::Blank)
}

/// A last heading after which the letter breaks off.
fn cut_short(lines: &Lines, floor: usize, end: usize, first: bool) -> Option<Item> {
    let broken_label = end.checked_sub(1).filter(|l| *l > floor && is_broken_label(lines.get(*l).text));
    let end = broken_label.unwrap_or(end);
    let last = end.checked_sub(1).filter(|l| *l >= floor && !lines.get(*l).text.ends_with('.'))?;
    let set_off = first || paragraph_above(lines, floor, end).is_some() || lines.get(last).gap != Gap::None;
    let found = set_off && heading::outcome_above(lines, floor, end);
    found.then(|| {
        let Start { line, certain } = heading::start(lines, floor, last, first);
        Item { heading: line..end, certain, parts: [None; 3], quoted: [false; 3] }
    })
}

fn is_broken_label(text: &str) -> bool {
    text.len() < 40 && Some(letters(text)).is_some_and(|l| l.len() > 3 && LABELS[CLAIMS].iter().any(|n| n.name.starts_with(&l)))
}

/// Reads an item that ends before line `end`.
fn decision(lines: &Lines, item: &Item, end: usize, number: usize, warnings: &mut Vec<String>) -> Decision {
    let mut warn = |missing: bool, what: &str| {
        if missing {
            warnings.push(format!("{what} item {number}"));
        }
    };
    let heading = heading::read(&lines.text(Pos { line: item.heading.start, col: 0 }, item.heading.end).unwrap_or_default());
    let part = |kind: usize| {
        let (_, from) = item.parts[kind]?;
        let next = item.parts[kind + 1..].iter().flatten().map(|(line, _)| *line).next();
        lines.text(from, next.unwrap_or(end))
    };
    let (claims_guideline, imr_guideline, rationale) = (part(CLAIMS), part(1), part(RATIONALE));
    let asked = without_number(&heading.item, number);
    warn(asked.is_empty(), "no heading for");
    warn(!item.certain, "another beginning is possible for the heading of");
    warn(heading.outcome.is_none(), "no outcome for");
    warn(heading.in_part, "an outcome in part, read as modified, for");
    warn(claims_guideline.is_none(), "no claims administrator guideline for");
    warn(imr_guideline.is_none(), "no reviewer guideline for");
    warn(rationale.is_none(), "no rationale for");
    warn(item.quoted[1] && item.quoted[RATIONALE], "another item may begin within");
    Decision {
        number: u32::try_from(number).unwrap_or(u32::MAX),
        disputed: disputed(asked),
        item: asked.to_owned(),
        outcome: heading.outcome,
        guidelines: imr_guideline.as_deref().map(authorities).unwrap_or_default(),
        claims_guideline,
        imr_guideline,
        rationale,
        ..Decision::default()
    }
}

/// An item without the number of its place in a list: `2. Knee brace`, unless it goes on as a list itself.
fn without_number(item: &str, number: usize) -> &str {
    let numbered = |item: &str, n: usize| {
        let counted = item.trim_start_matches('#');
        let rest = counted.strip_prefix(&n.to_string())?;
        let rest = rest.strip_prefix(['.', ')', ':']).or_else(|| (counted.len() < item.len()).then_some(rest))?;
        Some(rest.strip_prefix(' ')?.trim_start().len())
    };
    let Some(rest) = numbered(item, number).and_then(|len| item.get(item.len() - len..)) else { return item };
    let goes_on = rest.match_indices(' ').any(|(at, _)| rest.get(at + 1..).is_some_and(|r| numbered(r, number + 1).is_some()));
    if goes_on { item } else { rest }
}

#[cfg(test)]
mod tests {
    use super::without_number;

    #[test]
    fn the_number_of_the_place_is_no_part_of_the_item() {
        for (item, number, want) in [
            ("2. Knee brace", 2, "Knee brace"),
            ("2) Knee brace", 2, "Knee brace"),
            ("#2: Knee brace", 2, "Knee brace"),
            ("#2 Knee brace", 2, "Knee brace"),
            ("2 knee braces", 2, "2 knee braces"),
            ("2.5 % gel", 2, "2.5 % gel"),
            ("2. Knee brace", 1, "2. Knee brace"),
            ("1) Knee brace; 2) walker", 1, "1) Knee brace; 2) walker"),
        ] {
            assert_eq!(without_number(item, number), want);
        }
    }
}
