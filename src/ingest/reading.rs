//! One source to its letter: text, record, classes, and what the columns beside the text add.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::columns;
use super::timings::{Clock, Phase};
use crate::classify;
use crate::error::{Error, Result};
use crate::index::documents::{Documents, Maker};
use crate::letter::{self, check::Finding};
use crate::record::{Decision, Layout, Letter, SCHEMA, is_case_number};
use crate::source::{Held, Source};
use crate::text;

/// Reads a source and takes it apart. The warnings beside the letter are about reading its text.
///
/// # Errors
/// Whatever keeps its text from being read, a panic included.
pub fn parse(source: &Source) -> Result<(Letter, Vec<String>)> {
    guarded(|| attempt(source, &Clock::start(false)))
}

/// A letter as the writer takes it.
pub struct Ready {
    pub documents: Documents,
    /// Why it is not whole, if it is not.
    pub partial: Option<String>,
}

/// Reads a source, takes it apart, and makes its documents.
///
/// # Errors
/// Those of [`parse`].
pub fn ready(source: &Source, maker: &Maker, clock: &Clock) -> Result<Ready> {
    guarded(|| {
        let (letter, warnings) = attempt(source, clock)?;
        let documents = clock.time(Phase::Pack, || maker.documents(&letter))?;
        Ok(Ready { documents, partial: partial(&letter, &warnings) })
    })
}

/// Reads a source that is no letter, such as a request for authorization: the treatments that it asks for, each as a decision that
/// nobody has made yet; none where none is recognised.
///
/// # Errors
/// Those of [`parse`].
pub fn requested(source: &Source) -> Result<Vec<Decision>> {
    guarded(|| {
        let text = text::read(source.read()?)?;
        let mut decisions: Vec<Decision> = Vec::new();
        for line in letter::request::lines(&text.text) {
            // The first column of any class is the treatment; diagnoses and quantities beside it seldom are of one.
            let treatments = line.iter().map(|item| Decision {
                item: (*item).to_owned(),
                disputed: (*item).to_owned(),
                ..Decision::default()
            });
            let named = treatments.map(classified).find(|decision| decision.category.is_some());
            decisions.extend(named.map(|decision| Decision { number: decisions.len() as u32 + 1, ..decision }));
        }
        Ok(decisions)
    })
}

/// Reads a source, takes it apart, and checks the record against the text. A record of ours has no text beside it.
///
/// # Errors
/// Those of [`parse`].
pub fn check(source: &Source) -> Result<Vec<Finding>> {
    if let Held::Record(_) = &source.held {
        return parse(source).map(|_| Vec::new());
    }
    guarded(|| {
        let text = text::read(source.read()?)?;
        Ok(letter::check::check(&text, &letter::parse(&source.name, &text)))
    })
}

/// Runs `attempt` on one letter; a panic becomes its error.
fn guarded<T>(attempt: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

fn attempt(source: &Source, clock: &Clock) -> Result<(Letter, Vec<String>)> {
    if let Held::Record(json) = &source.held {
        return clock.time(Phase::Read, || record(json)).map(|letter| (letter, Vec::new()));
    }
    let bytes = clock.time(Phase::Read, || source.read())?;
    let text = clock.time(Phase::Text, || text::read(bytes))?;
    let mut letter = clock.time(Phase::Letter, || letter::parse(&source.name, &text));
    letter.decisions = clock.time(Phase::Classify, || letter.decisions.into_iter().map(classified).collect());
    if let Held::Row(row) = &source.held {
        columns::fill(&mut letter, &row.columns);
    }
    Ok((letter, text.warnings))
}

/// The decision with what its texts say it is about.
fn classified(decision: Decision) -> Decision {
    let subject = classify::classify(&decision.disputed, decision.rationale.as_deref().unwrap_or_default());
    Decision {
        category: subject.class.map(|c| c.category.to_owned()),
        subcategory: subject.class.map(|c| c.subcategory.to_owned()),
        body: subject.body.iter().map(|m| m.value.to_owned()).collect(),
        drug: subject.drug.iter().map(|m| m.value.to_owned()).collect(),
        ..decision
    }
}

/// A record that `imr parse` wrote, or somebody else: what an index knows letters and decisions by must be as it writes it.
fn record(json: &str) -> Result<Letter> {
    let letter: Letter = serde_json::from_str(json).map_err(|e| Error::Unreadable(format!("no record: {e}")))?;
    if letter.schema != SCHEMA {
        return Err(Error::Unreadable(format!("a record of schema {}; this imr reads schema {SCHEMA}", letter.schema)));
    }
    if let Some(case) = letter.case_number.as_ref().filter(|case| !is_case_number(case)) {
        let begins: String = case.chars().take(40).collect();
        return Err(Error::Unreadable(format!("a record whose case number is none: {begins}")));
    }
    match letter.decisions.iter().zip(1..).all(|(decision, number)| decision.number == number) {
        true => Ok(letter),
        false => Err(Error::Unreadable("a record whose decisions are not numbered from 1 on".into())),
    }
}

/// What a panic said, as the error of one letter.
pub fn panicked(panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Error::Panic(said.unwrap_or("no message").to_owned())
}

/// Why a letter is not whole, if it is not.
fn partial(letter: &Letter, warnings: &[String]) -> Option<String> {
    if !warnings.is_empty() {
        return Some(warnings.join("; "));
    }
    let why = match (letter.decisions.is_empty(), letter.layout, &letter.text) {
        (true, Layout::Unknown, _) => "its layout is not known; it can be found by its text",
        (true, ..) => "no decision could be read; it can be found by its text",
        (false, _, Some(_)) => "it holds more than one letter; the others can be found by their text",
        (false, _, None) => return None,
    };
    Some(why.to_owned())
}
