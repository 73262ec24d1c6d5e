//! Similar decisions as a page, as JSON, or as ids.
//!
//! What is counted of the nearest is counted of the nearest: the page names how many they are each time, and gives no rate, which
//! would be taken for that of all decisions on the treatment.

use std::collections::BTreeSet;
use std::io::{Result, Write};

use super::{Page, counted, grouped, safe};
use crate::record::{Layout, Outcome};
use crate::search::results::Outcomes;
use crate::search::results::similar::{Similar, Subject};

mod contrast;
mod wire;

pub use wire::{json, lines};

/// Words of the subject that a page names; JSON has all.
const WORDS: usize = 15;

/// Writes the answers one below the other.
pub fn text(out: &mut dyn Write, page: Page, answers: &[Similar]) -> Result<()> {
    for (at, answer) in answers.iter().enumerate() {
        if at > 0 {
            writeln!(out, "\n")?;
        }
        self::answer(out, page, answer)?;
    }
    Ok(())
}

fn answer(out: &mut dyn Write, page: Page, answer: &Similar) -> Result<()> {
    subject(out, page, &answer.subject)?;
    let more = answer.terms.len().saturating_sub(WORDS);
    let mut by = answer.terms.iter().take(WORDS).map(|word| safe::line(word)).collect::<Vec<_>>().join(", ");
    if more > 0 {
        by += &format!(" and {more} more");
    }
    writeln!(out, "{}", page.dim(&page.folded(&format!("by: {by}"), 0)))?;
    if let Some(among) = &answer.among {
        writeln!(out, "{}", page.dim(&page.folded(&format!("among: {}", safe::line(among)), 0)))?;
    }
    for widening in &answer.widened {
        writeln!(out, "{}", page.dim(&page.folded(&format!("also: {}", safe::line(&super::text::also(widening))), 0)))?;
    }
    for note in &answer.notes {
        writeln!(out, "{}", page.folded(&format!("note: {}", safe::line(note)), 0))?;
    }
    if answer.left_out > 0 {
        let others = counted(answer.left_out, "other decision");
        let left_out = format!("left out: {others} of the same letter; --same-letter keeps them");
        writeln!(out, "{}", page.dim(&page.folded(&left_out, 0)))?;
    }
    writeln!(out, "{}", page.bold(&page.folded(&nearest(answer), 0)))?;
    if answer.nearest.found > 0 && answer.nearest.outcomes.is_some() {
        let caution = "counted among these alone: no overturn rate; imr query counts all decisions on a treatment";
        writeln!(out, "{}", page.dim(&page.folded(caution, 0)))?;
    }
    if let Some(contrast) = &answer.contrast {
        contrast::contrast(out, page, contrast, answer.subject.outcome())?;
    }
    for hit in &answer.hits {
        writeln!(out)?;
        super::text::hit(out, page, hit)?;
    }
    if answer.more && !answer.hits.is_empty() {
        writeln!(out, "\n{}", page.dim(&format!("more; next: --offset {}", answer.offset + answer.hits.len())))?;
    }
    Ok(())
}

impl Subject {
    fn outcome(&self) -> Option<Outcome> {
        self.letter.decisions.first().and_then(|d| d.outcome)
    }

    /// Why there is no decision to compare, where there is none.
    fn without_decision(&self) -> &'static str {
        match self.letter.layout {
            Layout::Unknown => "not an IMR letter of a known layout",
            _ => "an IMR letter in which no decision could be read",
        }
    }
}

fn subject(out: &mut dyn Write, page: Page, subject: &Subject) -> Result<()> {
    let letter = &subject.letter;
    let name = page.bold(&safe::line(&subject.name));
    let Some(decision) = letter.decisions.first() else {
        return writeln!(
            out,
            "{}",
            page.hanging(&format!("like {name}: {}; its whole text is compared", subject.without_decision()), 5)
        );
    };
    if subject.requested {
        writeln!(out, "{}", page.hanging(&format!("like {name}: not an IMR letter; what it asks for is compared"), 5))?;
        return writeln!(out, "{}", page.folded(&safe::line(&decision.item), 5));
    }
    let mut facts = vec![page.outcome(decision.outcome)];
    facts.extend(letter.decision_date.map(|d| d.to_string()));
    facts.extend(letter.age.map(|age| format!("age {age}")));
    facts.extend((!letter.specialties.is_empty()).then(|| safe::line(&letter.specialties.join(", "))));
    writeln!(out, "{}", page.hanging(&format!("like {name}  {}", facts.join("  ")), 5))?;
    writeln!(out, "{}", page.folded(&safe::line(&decision.item), 5))
}

/// How the nearest were decided, with how many they are.
fn nearest(answer: &Similar) -> String {
    let index = counted(answer.index.decisions, "decision");
    let among = if answer.among.is_some() { ", among those that match --where" } else { "" };
    let found = grouped(answer.nearest.found as u64);
    let set = match (answer.nearest.found, answer.nearest.asked) {
        (0, _) => return format!("nothing is similar enough{among} (the index has {index})"),
        (1, 1) => format!("of the most similar decision{among}"),
        (1, _) => format!("of the 1 decision that is similar enough{among}"),
        (n, asked) if n < asked => format!("of the {found} decisions that are similar enough{among}"),
        _ => format!("of the {found} most similar decisions{among}"),
    };
    match &answer.nearest.outcomes {
        Some(outcomes) => format!("{set}: {} (the index has {index})", split(outcomes)),
        None => format!("{set}: outcomes not counted, since --where chooses among them"),
    }
}

fn split(outcomes: &Outcomes) -> String {
    let parts = [
        (outcomes.overturned, "overturned"),
        (outcomes.upheld, "upheld"),
        (outcomes.modified, "modified"),
        (outcomes.unknown, "without outcome"),
    ];
    let parts = parts.into_iter().enumerate().filter(|(at, (n, _))| *at < 2 || *n > 0);
    parts.map(|(_, (n, name))| format!("{} {name}", grouped(n))).collect::<Vec<_>>().join(", ")
}

/// Writes the ids of the hits, each once, one a line.
pub fn ids(out: &mut dyn Write, answers: &[Similar]) -> Result<()> {
    let mut written = BTreeSet::new();
    for hit in answers.iter().flat_map(|answer| &answer.hits) {
        if written.insert(&hit.id) {
            writeln!(out, "{}", safe::line(&hit.id))?;
        }
    }
    Ok(())
}
