//! A letter, or one decision of it, laid out to be read.

use std::io::{Result, Write};
use std::ops::Range;

use jiff::civil::Date;

use super::{Page, safe};
use crate::field::{self, Field};
use crate::record::{Decision, Letter};

/// Finds what to set off in a text of a field.
pub type Marks<'a> = &'a dyn Fn(&Field, &str) -> Vec<Range<usize>>;

/// Writes a letter.
pub fn letter(out: &mut dyn Write, page: Page, letter: &Letter, marks: Marks<'_>) -> Result<()> {
    let name = letter.case_number.as_deref().unwrap_or("letter without a case number");
    writeln!(out, "{}", page.bold(&safe::line(name)))?;
    let day = |date: Option<Date>| date.map(|d| d.to_string());
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
    let worker = [letter.age.map(|a| format!("{a} years")), letter.gender.clone()].into_iter().flatten().collect::<Vec<_>>();
    let facts = [
        ("decided", day(letter.decision_date)),
        ("injured", day(letter.injury_date)),
        ("denied by UR", day(letter.ur_denial_date)),
        ("application received", day(letter.received_date)),
        ("assigned", day(letter.date_assigned)),
        ("priority", letter.priority.clone()),
        ("reviewer", list(&letter.specialties)),
        ("licensed in", list(&letter.licensure)),
        ("worker", list(&worker)),
        ("source", Some(letter.source.clone())),
    ];
    let known = facts.into_iter().filter_map(|(label, value)| Some((label, value?)));
    for (label, value) in known.chain(letter.warnings.iter().map(|warning| ("warning", warning.clone()))) {
        // Escape sequences take no columns, so that the label is filled up before it is set.
        let label = page.dim(&format!("{label:22}"));
        writeln!(out, "{}", page.hanging(&format!("  {label}{}", safe::line(&value)), 24))?;
    }
    section(out, page, "Clinical case summary", "summary", letter.summary.as_deref(), marks)?;
    for decision in &letter.decisions {
        self::decision(out, page, decision, marks)?;
    }
    if let Some(text) = &letter.text {
        writeln!(out, "\n{}", page.bold("Text of the letter"))?;
        for line in text.lines() {
            writeln!(out, "{}", page.marked(line, &found("text", line, marks), 2).trim_end())?;
        }
    }
    Ok(())
}

fn decision(out: &mut dyn Write, page: Page, decision: &Decision, marks: Marks<'_>) -> Result<()> {
    writeln!(out, "\n{} {}", page.bold(&format!("#{}", decision.number)), page.outcome(decision.outcome))?;
    writeln!(out, "{}", page.marked(&decision.item, &found("item", &decision.item, marks), 2))?;
    if decision.disputed != decision.item {
        writeln!(out, "{}", page.folded(&format!("in dispute: {}", safe::line(&decision.disputed)), 2))?;
    }
    let class = [decision.category.as_deref(), decision.subcategory.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    if !class.is_empty() {
        writeln!(out, "{}", page.dim(&page.folded(&safe::line(&class.join(" > ")), 2)))?;
    }
    let texts = [
        ("Claims administrator's guideline", "guideline", &decision.claims_guideline),
        ("Reviewer's guideline", "guideline", &decision.imr_guideline),
        ("Rationale", "rationale", &decision.rationale),
    ];
    texts.into_iter().try_for_each(|(title, name, text)| section(out, page, title, name, text.as_deref(), marks))
}

fn section(out: &mut dyn Write, page: Page, title: &str, name: &str, text: Option<&str>, marks: Marks<'_>) -> Result<()> {
    let Some(text) = text else { return Ok(()) };
    writeln!(out, "\n{}\n{}", page.bold(title), page.marked(text, &found(name, text, marks), 2))
}

/// The marks in a text of the field of that name.
fn found(name: &str, text: &str, marks: Marks<'_>) -> Vec<Range<usize>> {
    field::find(name).map(|field| marks(field, text)).unwrap_or_default()
}
