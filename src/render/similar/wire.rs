//! Similar decisions as JSON: the wire format, apart from the results.

use std::io::{Result, Write};

use jiff::civil::Date;
use serde::Serialize;

use crate::record::SCHEMA;
use crate::render::json::{self, ByOutcome, Counts, Widened, WireHit, rounded};
use crate::search::results::similar::{Contrast, Separating, Side, Similar, Subject};

#[derive(Serialize)]
struct Wire<'a> {
    schema: u32,
    answers: Vec<Answer<'a>>,
}

#[derive(Serialize)]
struct Answer<'a> {
    like: Like<'a>,
    by: &'a [String],
    r#where: Option<&'a str>,
    widened: Vec<Widened<'a>>,
    notes: &'a [String],
    index: Counts,
    left_out: u64,
    nearest: Nearest,
    hits: Vec<WireHit<'a>>,
    more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    contrast: Option<Against<'a>>,
}

#[derive(Serialize)]
struct Like<'a> {
    /// `None` where a whole text was compared.
    id: Option<&'a str>,
    case_number: Option<&'a str>,
    source: &'a str,
    outcome: Option<&'a str>,
    item: Option<&'a str>,
    disputed: Option<&'a str>,
    category: Option<&'a str>,
    subcategory: Option<&'a str>,
    decision_date: Option<Date>,
}

/// The outcomes of so many of the most similar decisions: in no way those of all decisions on the treatment.
#[derive(Serialize)]
struct Nearest {
    asked: usize,
    decisions: usize,
    /// `null` where the query behind `where` chooses outcomes.
    outcomes: Option<ByOutcome>,
}

#[derive(Serialize)]
struct Against<'a> {
    overturned: WireSide<'a>,
    upheld: WireSide<'a>,
    /// Fewer decisions than this on a side are not compared.
    fewest: u64,
    terms: Vec<Row<'a>>,
    values: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct WireSide<'a> {
    decisions: u64,
    nearest: Option<WireHit<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    term: &'a str,
    overturned: u64,
    upheld: u64,
    z: f64,
}

impl<'a> From<&'a Subject> for Like<'a> {
    fn from(subject: &'a Subject) -> Self {
        let letter = &subject.letter;
        let decision = letter.decisions.first();
        Like {
            id: decision.filter(|_| !subject.requested).map(|_| subject.name.as_str()),
            case_number: letter.case_number.as_deref(),
            source: &letter.source,
            outcome: decision.and_then(|d| d.outcome).map(|o| o.name()),
            item: decision.map(|d| d.item.as_str()),
            disputed: decision.map(|d| d.disputed.as_str()),
            category: decision.and_then(|d| d.category.as_deref()),
            subcategory: decision.and_then(|d| d.subcategory.as_deref()),
            decision_date: letter.decision_date,
        }
    }
}

impl<'a> From<&'a Similar> for Answer<'a> {
    fn from(answer: &'a Similar) -> Self {
        Answer {
            like: (&answer.subject).into(),
            by: &answer.terms,
            r#where: answer.among.as_deref(),
            widened: answer.widened.iter().map(Widened::from).collect(),
            notes: &answer.notes,
            index: Counts { letters: answer.index.letters, decisions: answer.index.decisions },
            left_out: answer.left_out,
            nearest: Nearest {
                asked: answer.nearest.asked,
                decisions: answer.nearest.found,
                outcomes: answer.nearest.outcomes.as_ref().map(ByOutcome::from),
            },
            hits: answer.hits.iter().map(WireHit::from).collect(),
            more: answer.more,
            contrast: answer.contrast.as_ref().map(Against::from),
        }
    }
}

impl<'a> From<&'a Contrast> for Against<'a> {
    fn from(contrast: &'a Contrast) -> Self {
        let side = |side: &'a Side| WireSide { decisions: side.decisions, nearest: side.nearest.as_ref().map(WireHit::from) };
        Against {
            overturned: side(&contrast.overturned),
            upheld: side(&contrast.upheld),
            fewest: Contrast::FEWEST,
            terms: contrast.terms.iter().map(Row::from).collect(),
            values: contrast.values.iter().map(Row::from).collect(),
        }
    }
}

impl<'a> From<&'a Separating> for Row<'a> {
    fn from(row: &'a Separating) -> Self {
        Row {
            field: row.field.map(|f| f.name),
            term: &row.term,
            overturned: row.overturned,
            upheld: row.upheld,
            z: rounded(row.z),
        }
    }
}

/// Writes all answers as one object.
pub fn json(out: &mut dyn Write, answers: &[Similar]) -> Result<()> {
    let wire = Wire { schema: SCHEMA, answers: answers.iter().map(Answer::from).collect() };
    json::pretty(out, &wire)
}

/// Writes one object a hit, each on a line, with what it is like.
pub fn lines(out: &mut dyn Write, answers: &[Similar]) -> Result<()> {
    #[derive(Serialize)]
    struct Line<'a> {
        like: &'a str,
        #[serde(flatten)]
        hit: WireHit<'a>,
    }
    for answer in answers {
        for hit in &answer.hits {
            json::line(out, &Line { like: &answer.subject.name, hit: hit.into() })?;
        }
    }
    Ok(())
}
