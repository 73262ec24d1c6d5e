//! An answer as JSON. The types here are the wire format, apart from the results they are made of, under a schema number.

use std::io::{Result, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::{explain, safe};
use crate::query::Widening;
use crate::record::SCHEMA;
use crate::search::results::{self, Answer, Hit, Outcomes};

mod facets;

pub(super) use facets::{Facets, Notes};

#[derive(Serialize)]
struct Wire<'a> {
    schema: u32,
    query: &'a str,
    read_as: &'a str,
    widened: Vec<Widened<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<explain::Node<'a>>,
    notes: &'a [String],
    index: Counts,
    /// Where only what is new was asked: since when. All that follows is of the new decisions alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_since: Option<Timestamp>,
    total: Found,
    /// `null` where they were not looked for, since the page ends before them.
    near: Option<u64>,
    related: Vec<Widened<'a>>,
    outcomes: ByOutcome,
    overturn_rate: Option<f64>,
    overturn_interval: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_item: Option<InItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome_filter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    any_outcome: Option<ByOutcome>,
    facets: Facets<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facet_notes: Option<Notes<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cross: Option<facets::Cross<'a>>,
    hits: Vec<WireHit<'a>>,
}

#[derive(Serialize)]
pub(super) struct Widened<'a> {
    word: &'a str,
    also: &'a [String],
    /// The only fields in which it holds; absent where it holds wherever the word is looked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    r#in: Vec<&'a str>,
}

impl<'a> From<&'a Widening> for Widened<'a> {
    fn from(w: &'a Widening) -> Self {
        Widened { word: &w.word, also: &w.also, r#in: w.fields.iter().map(|f| f.name).collect() }
    }
}

#[derive(Serialize)]
pub(super) struct Counts {
    pub letters: u64,
    pub decisions: u64,
}

#[derive(Serialize)]
struct Found {
    decisions: u64,
    letters: u64,
    unread: u64,
}

#[derive(Serialize)]
struct InItem<'a> {
    read_as: &'a str,
    decisions: u64,
    overturned: u64,
}

impl<'a> From<&'a results::InItem> for InItem<'a> {
    fn from(it: &'a results::InItem) -> Self {
        InItem { read_as: &it.read_as, decisions: it.tally.decisions, overturned: it.tally.overturned }
    }
}

#[derive(Serialize)]
pub(super) struct ByOutcome {
    upheld: u64,
    overturned: u64,
    modified: u64,
    unknown: u64,
}

impl From<&Outcomes> for ByOutcome {
    fn from(o: &Outcomes) -> Self {
        ByOutcome { upheld: o.upheld, overturned: o.overturned, modified: o.modified, unknown: o.unknown }
    }
}

#[derive(Serialize)]
pub(super) struct WireHit<'a> {
    rank: usize,
    id: &'a str,
    case_number: Option<&'a str>,
    number: u64,
    source: &'a str,
    score: f64,
    /// Whether it holds every word or comes near; absent where it is only similar.
    #[serde(skip_serializing_if = "Option::is_none")]
    r#match: Option<&'static str>,
    outcome: Option<&'a str>,
    item: Option<&'a str>,
    disputed: Option<&'a str>,
    category: Option<&'a str>,
    subcategory: Option<&'a str>,
    decision_date: Option<Date>,
    age: Option<u8>,
    gender: Option<&'a str>,
    specialties: &'a [String],
    /// The first passage; `null` where none was asked for.
    snippet: Option<Snippet<'a>>,
    /// All of them, where more than one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    snippets: Option<Vec<Snippet<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<explain::Why<'a>>,
}

#[derive(Serialize)]
struct Snippet<'a> {
    field: &'a str,
    text: &'a str,
    /// First character and the one behind the last, counted in Unicode characters.
    marks: Vec<[usize; 2]>,
}

impl<'a> From<&'a results::Snippet> for Snippet<'a> {
    fn from(snippet: &'a results::Snippet) -> Self {
        let text = snippet.text.as_str();
        let characters = |byte: usize| text.get(..byte).map_or(0, |before| before.chars().count());
        let marks = snippet.marks.iter().map(|m| [characters(m.start), characters(m.end)]).collect();
        Snippet { field: snippet.field, text, marks }
    }
}

/// A hit that is similar.
impl<'a> From<&'a Hit> for WireHit<'a> {
    fn from(hit: &'a Hit) -> Self {
        WireHit { r#match: None, ..WireHit::of(hit, 1) }
    }
}

impl<'a> WireHit<'a> {
    /// A hit of an answer for which so many passages were asked.
    fn of(hit: &'a Hit, passages: usize) -> Self {
        let letter = &hit.letter;
        let decision = letter.decisions.first();
        WireHit {
            rank: hit.rank,
            id: &hit.id,
            case_number: letter.case_number.as_deref(),
            number: hit.number,
            source: &letter.source,
            score: rounded(hit.score.into()),
            r#match: Some(if hit.near { "near" } else { "all" }),
            outcome: decision.and_then(|d| d.outcome).map(|o| o.name()),
            item: decision.map(|d| d.item.as_str()),
            disputed: decision.map(|d| d.disputed.as_str()),
            category: decision.and_then(|d| d.category.as_deref()),
            subcategory: decision.and_then(|d| d.subcategory.as_deref()),
            decision_date: letter.decision_date,
            age: letter.age,
            gender: letter.gender.as_deref(),
            specialties: &letter.specialties,
            snippet: hit.snippets.first().map(Snippet::from),
            explain: hit.why.as_ref().map(explain::Why::from),
            snippets: (passages > 1).then(|| hit.snippets.iter().map(Snippet::from).collect()),
        }
    }
}

/// Four decimals of a score: more would pretend to a precision that it has not. A rate is never rounded here, since whoever
/// rounds it once more would get another number than the page has.
pub(super) fn rounded(x: f64) -> f64 {
    (x * 10_000.0).round() / 10_000.0
}

/// Writes the answer as one object.
pub fn answer(out: &mut dyn Write, answer: &Answer) -> Result<()> {
    let wire = Wire {
        schema: SCHEMA,
        query: &answer.query,
        read_as: &answer.read_as,
        widened: answer.widened.iter().map(Widened::from).collect(),
        explain: answer.tree.as_ref().map(explain::Node::from),
        notes: &answer.notes,
        index: Counts { letters: answer.index.letters, decisions: answer.index.decisions },
        new_since: answer.new_since.as_ref().map(|since| since.timestamp()),
        total: Found { decisions: answer.total.decisions, letters: answer.total.letters, unread: answer.total.unread },
        near: answer.near,
        related: answer.related.iter().map(Widened::from).collect(),
        outcomes: (&answer.outcomes).into(),
        overturn_rate: answer.outcomes.tally().rate(),
        overturn_interval: answer.outcomes.tally().interval(),
        in_item: answer.in_item.as_ref().map(InItem::from),
        any_outcome: answer.any_outcome.as_ref().map(ByOutcome::from),
        outcome_filter: answer.outcome_filter.as_ref().map(|filter| filter.text.as_str()),
        facets: Facets(&answer.facets),
        facet_notes: (!answer.facets.is_empty()).then_some(Notes(&answer.facets)),
        cross: answer.cross.as_ref().map(facets::Cross::from),
        hits: answer.hits.iter().map(|hit| WireHit::of(hit, answer.passages)).collect(),
    };
    pretty(out, &wire)
}

/// Writes how much matches as one object.
pub fn count(out: &mut dyn Write, answer: &Answer) -> Result<()> {
    #[derive(Serialize)]
    struct Counted<'a> {
        schema: u32,
        query: &'a str,
        read_as: &'a str,
        notes: &'a [String],
        total: Found,
    }
    let Answer { query, read_as, notes, total, .. } = answer;
    let total = Found { decisions: total.decisions, letters: total.letters, unread: total.unread };
    line(out, &Counted { schema: SCHEMA, query, read_as, notes, total })
}

/// Writes a hit as an object on a line of its own, where so many passages were asked for.
pub fn hit(out: &mut dyn Write, hit: &Hit, passages: usize) -> Result<()> {
    line(out, &WireHit::of(hit, passages))
}

/// Writes what a check found in a letter, on a line of its own.
pub fn findings(out: &mut dyn Write, source: &str, findings: &[String]) -> Result<()> {
    #[derive(Serialize)]
    struct Checked<'a> {
        schema: u32,
        source: &'a str,
        findings: &'a [String],
    }
    line(out, &Checked { schema: SCHEMA, source, findings })
}

/// Writes a value as JSON on a line of its own.
pub fn line(out: &mut dyn Write, value: &impl Serialize) -> Result<()> {
    writeln!(out, "{}", safe::json(&serde_json::to_string(value)?))
}

/// Writes a value as JSON for people too.
pub(super) fn pretty(out: &mut dyn Write, value: &impl Serialize) -> Result<()> {
    writeln!(out, "{}", safe::json(&serde_json::to_string_pretty(value)?))
}
