//! The record that a reader must make of a letter: what the letter was made from, in the words of `imr parse`.

use imr::record::{self, Layout, Letter};

use super::Form;
use super::content::{Content, Decision, GAP};

/// The true record, its `source` left empty: the same letter may stand anywhere.
pub fn of(letter: &Content, form: Form) -> Letter {
    let headed = form != Form::Bare;
    let days = &letter.days;
    let warnings = [
        (letter.age.is_none(), "no age stated"),
        (letter.gender.is_none(), "no gender stated"),
        (!headed, "no decision date"),
        (!headed, "no header"),
        (!headed, "no case number"),
    ];
    let owned = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    Letter {
        layout: Layout::Current,
        case_number: headed.then(|| letter.case.clone()),
        date_assigned: headed.then_some(days.assigned),
        decision_date: headed.then_some(days.decided),
        // Every summary tells both.
        injury_date: Some(if headed { days.injured } else { letter.injury_told }),
        ur_denial_date: Some(days.denied),
        received_date: headed.then_some(days.received),
        priority: headed.then(|| letter.priority.to_owned()),
        licensure: owned(&letter.reviewer.states),
        specialties: owned(&letter.reviewer.specialties),
        age: letter.age,
        gender: letter.gender.map(str::to_owned),
        summary: Some(plain(&letter.summary)),
        decisions: letter.decisions.iter().zip(1..).map(|(decision, number)| decided(decision, number)).collect(),
        warnings: warnings.iter().filter(|w| w.0).map(|w| w.1.to_owned()).collect(),
        ..Letter::unread("")
    }
}

fn decided(decision: &Decision, number: u32) -> record::Decision {
    let item = &decision.item;
    record::Decision {
        number,
        item: item.heading.clone(),
        disputed: item.disputed.clone(),
        outcome: Some(decision.outcome),
        category: Some(item.class.category.to_owned()),
        subcategory: Some(item.class.subcategory.to_owned()),
        body: item.body.iter().map(|r| (*r).to_owned()).collect(),
        drug: item.drug.clone(),
        claims_guideline: Some(plain(&decision.claims)),
        imr_guideline: Some(plain(&decision.relied)),
        guidelines: decision.authorities.iter().map(|a| (*a).to_owned()).collect(),
        rationale: Some(plain(&decision.rationale)),
        explain: None,
    }
}

/// A text without the marks of the layout.
fn plain(text: &str) -> String {
    text.replace(GAP, " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
