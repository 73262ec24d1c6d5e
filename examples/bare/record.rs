//! A record as it stands in a line of `truth.jsonl`: what an index takes of it, borrowed from the line.

use std::borrow::Cow;

use serde::Deserialize;

/// A letter.
#[derive(Deserialize)]
pub struct Letter<'a> {
    #[serde(borrow)]
    pub case_number: Option<Cow<'a, str>>,
    /// `2016-11-01`.
    pub decision_date: Option<&'a str>,
    #[serde(borrow)]
    pub licensure: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    pub specialties: Vec<Cow<'a, str>>,
    pub age: Option<u64>,
    pub gender: Option<&'a str>,
    #[serde(borrow)]
    pub summary: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub decisions: Vec<Decision<'a>>,
}

/// A decision of it.
#[derive(Deserialize)]
pub struct Decision<'a> {
    #[serde(borrow)]
    pub item: Cow<'a, str>,
    pub outcome: Option<&'a str>,
    #[serde(borrow)]
    pub category: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub claims_guideline: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub imr_guideline: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub rationale: Option<Cow<'a, str>>,
}
