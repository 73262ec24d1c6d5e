//! The professional review of 2013: one form, whose last heading says the outcome.
//!
//! `ISSUE AT DISPUTE:` names the items, and `RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT MEDICALLY NECESSARY:`
//! holds the argument. The heading may be as the form had it before anyone filled it in, so it counts only where the text below
//! does not say otherwise; where the heading offers both, the text alone counts.

use crate::record::{Decision, Outcome};

use super::argued::{self, Argument};
use super::flow::{Flow, numbered};
use super::lines::Lines;
use super::ocr::key;
use super::outline::{Heading, Outline, Part, WHY};
use super::verdict::{self, Head, verdicts};
use crate::text::LONGEST;

/// What the heading of the rationale says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    Outcome(Outcome),
    /// "IS/IS NOT": the form asks.
    Either,
    /// It is not whole.
    Nothing,
}

/// The decisions of a professional review, and what was doubtful.
pub(super) fn decisions(lines: &Lines, outline: &Outline) -> (Vec<Decision>, Vec<String>) {
    let flow_of = |part: Part| outline.first(part).map(|h| body(lines, outline, h)).unwrap_or_default();
    let issues = points(&flow_of(Part::Issue));
    // What all items share is written with each, but where the record would be longer than any letter with the first alone.
    let shared = |text: &str, i: usize| {
        let has_room = i == 0 || text.len() * issues.len() <= LONGEST;
        Some(text.to_owned()).filter(|text| !text.is_empty() && has_room)
    };
    let imr = outline.text(Part::Guidelines, lines).unwrap_or_default();
    let rationale = flow_of(Part::Rationale);
    let said = outline.first(Part::Rationale).map_or(Said::Nothing, |h| said(lines, h));
    let whole = outline.first(Part::Rationale).is_some_and(|h| outline.range(h, lines).end < lines.len());
    let of_all = outcome(said, &rationale.text, whole);
    let reasons = points(&rationale);
    let mut warnings = Vec::new();
    let mut decisions = Vec::new();
    for (i, item) in issues.iter().enumerate() {
        // A rationale that numbers its points as the issues are numbered argues them one by one.
        let own = reasons.get(i).filter(|_| reasons.len() == issues.len());
        let outcome = own.map_or(of_all, |own| outcome(said, own, whole));
        let text = own.cloned().or_else(|| shared(&rationale.text, i));
        let number = i + 1;
        if outcome.is_none() && said != Said::Nothing {
            warnings.push(format!("heading and rationale do not say one outcome for item {number}"));
        }
        let head = Head { item: verdict::bare(item).to_owned(), outcome, stated: outcome.is_some() };
        // The form has no place for the administrator's guideline: that is no loss to warn of.
        let argument = Argument { claims: Some(String::new()), imr: shared(&imr, i), rationale: text, ..Argument::default() };
        let decision = argued::decision(number, head, argument, &mut warnings);
        decisions.push(Decision { claims_guideline: None, ..decision });
    }
    (decisions, warnings)
}

/// The text of a part, as a flow.
fn body(lines: &Lines, outline: &Outline, heading: Heading) -> Flow {
    let range = outline.range(heading, lines);
    Flow::of_text(lines, heading.text, range.end)
}

/// The numbered points of a text, or the text itself.
fn points(flow: &Flow) -> Vec<String> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for (line, _) in &flow.starts {
        let Some((number, rest)) = flow.text.get(*line..).and_then(numbered) else { continue };
        if number as usize == starts.len() + 1 {
            starts.push((*line, flow.text.len() - rest.len()));
        }
    }
    let ends = starts.iter().skip(1).map(|s| s.0).chain([flow.text.len()]);
    let points: Vec<_> = starts.iter().zip(ends).filter_map(|((_, text), end)| flow.slice(*text, end)).collect();
    if points.is_empty() { flow.slice(0, flow.text.len()).into_iter().collect() } else { points }
}

/// What the heading of the rationale says.
fn said(lines: &Lines, heading: Heading) -> Said {
    let end = heading.text.line + usize::from(heading.text.col > 0);
    let text = (heading.line..end).map(|i| lines.get(i).text).collect::<Vec<_>>().join(" ");
    let text = text.split(':').next().unwrap_or("");
    let found = key(text);
    let Some(at) = found.find(&key("medicallynecessary")) else { return Said::Nothing };
    let words = found.get(WHY.name.len()..at).unwrap_or("");
    let words = ["sservice", "service"].iter().find_map(|s| words.strip_prefix(s)).unwrap_or(words);
    let words = words.strip_prefix('s').unwrap_or(words);
    let slash_not = text.to_ascii_lowercase().replace(' ', "").contains("/not");
    match words {
        _ if slash_not => Said::Either,
        "is" | "was" | "iswas" | "are" | "were" | "arewere" | "wasis" => Said::Outcome(Outcome::Overturned),
        "isnot" | "wasnot" | "iswasnot" | "arenot" | "werenot" | "arewerenot" | "wasisnot" => Said::Outcome(Outcome::Upheld),
        _ if words.contains("not") => Said::Either,
        _ => Said::Nothing,
    }
}

/// The outcome of heading and text together. A text that is not `whole` may have gone on to say otherwise.
fn outcome(said: Said, text: &str, whole: bool) -> Option<Outcome> {
    let argued: Vec<_> = verdicts(text).into_iter().map(|v| v.outcome).collect();
    let last = argued.last().copied().flatten();
    match said {
        Said::Outcome(outcome) => Some(outcome).filter(|o| argued.is_empty() && whole || last == Some(*o)),
        Said::Either => last.filter(|o| argued.iter().all(|a| *a == Some(*o))),
        Said::Nothing => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::letter::parse;
    use crate::text::{LONGEST, Text};

    #[test]
    fn a_record_is_not_many_times_its_letter() {
        let issues: String = (1..1000).map(|n| format!("{n}. Sleep study\n")).collect();
        for (sentences, every_item_is_argued) in [(10, true), (10_000, false)] {
            let rationale = "He snores. ".repeat(sentences);
            let text = format!(
                "MEDICAL PROFESSIONAL REVIEW\nISSUE AT DISPUTE:\n{issues}RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS NOT \
                 MEDICALLY NECESSARY:\n{rationale}\nIt is not medically necessary.\n"
            );
            let letter = parse("x.txt", &Text { text, ..Text::default() });
            let argued: Vec<_> = letter.decisions.iter().filter_map(|decision| decision.rationale.as_deref()).collect();
            assert_eq!((letter.decisions.len(), argued.len()), (999, if every_item_is_argued { 999 } else { 1 }));
            assert!(letter.decisions[0].rationale.as_ref().is_some_and(|text| text.starts_with(&rationale)));
            assert!(argued.iter().map(|text| text.len()).sum::<usize>() <= LONGEST);
        }
    }
}
