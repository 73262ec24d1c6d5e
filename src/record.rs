//! The letter record: what is known of one final determination, as plain data.
//!
//! Every other part of the program speaks of letters in these types, and their serialised names are the names of the JSON, the
//! CSV and the docs. Unknown is `None` or an empty list, never a guess and never an empty text.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The number written as `schema` into every record; it grows when a name or a meaning changes.
pub const SCHEMA: u32 = 1;

/// How a letter is laid out, which decides how it is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// 2014 on: `IMR ISSUES, DECISIONS AND RATIONALES`, then `ITEM: Outcome` headings.
    Current,
    /// 2013-14: `IMR DECISION(S) AND RATIONALE(S)`, then `1. ITEM is (not) medically necessary and appropriate.`
    Numbered,
    /// 2013: `Notice of Independent Medical Review Determination`, with the outcomes at its top.
    Notice,
    /// 2013: `MEDICAL PROFESSIONAL REVIEW`, whose heading of the rationale says the outcome.
    ProfessionalReview,
    /// None that is known; only the text could be kept.
    Unknown,
}

impl Layout {
    /// The word as records write it.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Current => "current",
            Layout::Numbered => "numbered",
            Layout::Notice => "notice",
            Layout::ProfessionalReview => "professional-review",
            Layout::Unknown => "unknown",
        }
    }
}

/// What the physician reviewer decided on UR's denial, as the letter prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The denial stands.
    Upheld,
    /// The treatment must be given.
    Overturned,
    /// The denial stands in part.
    Modified,
}

impl Outcome {
    /// Every outcome, in the order in which answers list them.
    pub const ALL: [Outcome; 3] = [Outcome::Upheld, Outcome::Overturned, Outcome::Modified];

    /// The word as records and queries write it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Upheld => "upheld",
            Outcome::Overturned => "overturned",
            Outcome::Modified => "modified",
        }
    }
}

/// One final determination: one case number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The file it was read from, as the user named it.
    pub source: String,
    /// How it is laid out.
    pub layout: Layout,
    /// As printed: `CM16-0213037`.
    pub case_number: Option<String>,
    /// When the reviewer got the case.
    pub date_assigned: Option<Date>,
    /// When the letter was decided.
    pub decision_date: Option<Date>,
    /// When the worker was injured.
    pub injury_date: Option<Date>,
    /// When utilization review denied the request.
    pub ur_denial_date: Option<Date>,
    /// When the application for review was received.
    pub received_date: Option<Date>,
    /// `Standard` or `Expedited`.
    pub priority: Option<String>,
    /// States in which the reviewer is licensed.
    pub licensure: Vec<String>,
    /// The reviewer's certifications, in the names of the state's list where it has them.
    pub specialties: Vec<String>,
    /// The worker's age in years.
    pub age: Option<u8>,
    /// `male` or `female`.
    pub gender: Option<String>,
    /// The clinical case summary.
    pub summary: Option<String>,
    /// The disputed items, in the letter's order.
    pub decisions: Vec<Decision>,
    /// What could not be read or was read in one of two possible ways.
    pub warnings: Vec<String>,
    /// What was not taken apart, so that it can still be found: the whole text where no decision could be read from it, else
    /// the other letters of a file that holds several. It is no part of any decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Letter {
    /// The letter's identity: its case number, or a digest of its texts where it prints none.
    pub fn key(&self) -> String {
        if let Some(case) = &self.case_number {
            return case.to_uppercase();
        }
        let mut hasher = blake3::Hasher::new();
        let of = |d: &'_ Decision| d.outcome.map_or("", |o| o.name());
        let decisions = self.decisions.iter().flat_map(|d| [Some(d.item.as_str()), Some(of(d)), d.rationale.as_deref()]);
        for text in decisions.chain([self.summary.as_deref(), self.text.as_deref()]).flatten() {
            hasher.update(text.as_bytes()).update(b"\n");
        }
        let hex = hasher.finalize().to_hex();
        format!("T{}", hex[..16].to_uppercase())
    }

    /// A letter of which nothing is known but where it came from.
    pub fn unread(source: impl Into<String>) -> Self {
        Letter {
            schema: SCHEMA,
            source: source.into(),
            layout: Layout::Unknown,
            case_number: None,
            date_assigned: None,
            decision_date: None,
            injury_date: None,
            ur_denial_date: None,
            received_date: None,
            priority: None,
            licensure: Vec::new(),
            specialties: Vec::new(),
            age: None,
            gender: None,
            summary: None,
            decisions: Vec::new(),
            warnings: Vec::new(),
            text: None,
        }
    }
}

/// Whether a text can be a case number: one word that can be typed, and goes before the `#` of a decision.
pub fn is_case_number(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

/// One disputed item of a letter with its outcome: the unit of search and of every count.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its place in the letter, from 1.
    pub number: u32,
    /// The heading that names the treatment, whole.
    pub item: String,
    /// The part of the item that is in dispute; the item itself unless part of it was authorised.
    pub disputed: String,
    /// `None` where the letter prints none.
    pub outcome: Option<Outcome>,
    /// Treatment category of the state's search page.
    pub category: Option<String>,
    /// Its subcategory; for drugs the class.
    pub subcategory: Option<String>,
    /// The regions of the body that the disputed part names, from the head down: `cervical`, `knee`.
    #[serde(default)]
    pub body: Vec<String>,
    /// The drugs that it names, generic: `tramadol`, `hydrocodone/acetaminophen`.
    #[serde(default)]
    pub drug: Vec<String>,
    /// What the claims administrator relied on.
    pub claims_guideline: Option<String>,
    /// What the reviewer relied on.
    pub imr_guideline: Option<String>,
    /// The authorities named in `imr_guideline`: MTUS, ACOEM, ODG, FDA, other, none.
    pub guidelines: Vec<String>,
    /// The reviewer's reasoning.
    pub rationale: Option<String>,
    /// Why category, body and drug are what they are, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
}

/// Why a decision has its category, regions and drugs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Explain {
    /// The term or rule that chose category and subcategory.
    pub category: String,
    /// For each region the term that named it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub body: BTreeMap<String, String>,
    /// For each drug the term that named it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drug: BTreeMap<String, String>,
}
