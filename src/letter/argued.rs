//! How the older layouts argue an item: sentences that open what in the current layout has a label.
//!
//! "The Claims Administrator based its decision on ...", "The Expert Reviewer based his/her decision on ...", "... decision
//! rationale:". They come in this order; one that comes again is a quotation within the rationale.

use crate::record::{Decision, Outcome};

use super::authorities::authorities;
use super::flow::Flow;
use super::ocr::key;
use super::verdict::{Head, verdicts};

/// How each of the three parts opens.
const CLAIMS: &[&str] = &[
    "theclaimsadministratorbased",
    "theclaimsadministratordidnot",
    "theclaimsadministratorcited",
    "theclaimsadministratorreliedon",
    "theclaimsadministratorreliedupon",
    "theclaimsadministratorused",
    "theclaimsadministratorutilized",
    "theclaimsadministratorreferenced",
    "theclaimsadministratorapplied",
    "theclaimsadministratorsdecision",
    "theclaimsadministratorsguideline",
    "claimsadministratorguideline",
    "claimsadministratorbased",
];
const REVIEWERS: &[&str] = &["expert", "physician", "medical", "professional", "chiropractic", "psychologist"];
const RELIES: &[&str] = &[
    "based",
    "didnot",
    "reliedon",
    "reliedupon",
    "found",
    "determined",
    "stated",
    "cited",
    "used",
    "utilized",
    "referenced",
    "applied",
];
const GUIDELINES: &[&str] = &["maximusguideline", "imrguideline"];
const RATIONALES: &[&str] = &["decisionrationale", "rationaleforthedecision"];

/// Headings that say nothing but stand between these parts.
const SILENT: &[&str] = &[
    "sectionofthemedicaltreatmentutilizationschedulereliedupon",
    "medicaltreatmentutilizationschedulereliedupon",
    "medicaltreatmentguidelinesreliedupon",
];

/// What follows the last rationale in every letter.
const CLOSINGS: &[&str] = &[
    "effectofthedecision",
    "ifthedecisionisappealed",
    "sincerely",
    "disclaimermaximus",
    "thedeterminationofmaximusfederalservicesanditsphysicianreviewer",
];

/// Where each part opens and where its text begins; in the flow's bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    pub claims: Vec<(usize, usize)>,
    reviewer: Vec<(usize, usize)>,
    pub rationale: Vec<(usize, usize)>,
    silent: Vec<usize>,
    /// Where the letter's arguments end.
    closing: usize,
}

impl Marks {
    pub fn find(flow: &Flow) -> Self {
        let sorted = |mut found: Vec<(usize, usize)>| {
            found.sort_unstable();
            found.dedup_by_key(|f| f.0);
            found
        };
        let all = |phrases: &[&str]| phrases.iter().flat_map(|p| flow.find(p)).collect::<Vec<_>>();
        let mut reviewer = flow.find_between(REVIEWERS, "reviewer", RELIES);
        reviewer.extend(all(GUIDELINES));
        // "The Physician Reviewer's decision rationale:" opens a rationale, and ends with its colon.
        let mut rationale = flow.find_between(REVIEWERS, "reviewer", &["sdecisionrationale", "decisionrationale"]);
        rationale.extend(all(RATIONALES));
        let mut rationale = sorted(rationale);
        rationale.retain_mut(|(_, end)| {
            let rest = flow.text.get(*end..).unwrap_or("");
            let Some(colon) = rest.find(':').filter(|c| *c <= 3) else { return false };
            *end += colon + 1;
            true
        });
        // Boilerplate closes a letter only behind its arguments: a cover page has the same words.
        let argued = rationale.first().map_or(usize::MAX, |r| r.0);
        let closing = sorted(all(CLOSINGS)).iter().map(|c| c.0).find(|c| *c > argued).unwrap_or(flow.text.len());
        Marks {
            claims: sorted(all(CLAIMS)),
            reviewer: sorted(reviewer),
            rationale,
            silent: sorted(all(SILENT)).iter().map(|s| s.0).collect(),
            closing,
        }
    }

    /// The first mark of any kind from `from` on.
    pub fn next(&self, from: usize) -> Option<usize> {
        let first = |marks: &[(usize, usize)]| marks.get(marks.partition_point(|m| m.0 < from)).map(|m| m.0);
        [first(&self.claims), first(&self.reviewer), first(&self.rationale)].into_iter().flatten().min()
    }

    /// Whether a reviewer's guideline or a rationale stands between two bytes.
    pub fn argues(&self, from: usize, to: usize) -> bool {
        [&self.reviewer, &self.rationale].iter().any(|m| within(m, from, to).is_some())
    }

    /// Reads the parts between two bytes.
    pub fn argument(&self, flow: &Flow, from: usize, to: usize) -> Argument {
        let to = to.min(self.closing.max(from));
        let rationale = within(&self.rationale, from, to);
        let before = rationale.map_or(to, |r| r.0);
        let claims = within(&self.claims, from, before);
        let reviewer = within(&self.reviewer, claims.map_or(from, |c| c.1), before);
        let heading = self.silent.iter().copied().find(|s| (from..before).contains(s));
        // Where neither opens as usual, what stands below the heading is what was relied upon.
        let relied = reviewer.map(|r| r.0).or(heading.filter(|_| claims.is_none() && rationale.is_some()));
        let until =
            |limit: usize| self.silent.iter().copied().find(|s| claims.is_some_and(|c| *s > c.0)).map_or(limit, |s| s.min(limit));
        let again = rationale.and_then(|r| within(&self.reviewer, r.1, to)).and_then(|r| within(&self.rationale, r.1, to));
        Argument {
            again: again.is_some(),
            claims: claims.and_then(|c| flow.slice(c.0, until(relied.filter(|r| *r > c.0).unwrap_or(before)))),
            imr: relied.and_then(|r| flow.slice(if reviewer.is_none() { below(flow, r) } else { r }, before)),
            rationale: rationale.and_then(|r| flow.slice(r.1, to)),
        }
    }
}

/// Where the text of a silent heading begins.
fn below(flow: &Flow, heading: usize) -> usize {
    const LONGEST: usize = 160;
    let rest = flow.text.get(heading..).unwrap_or("");
    heading + rest.find(':').filter(|c| *c < LONGEST).map_or(0, |c| c + 1)
}

/// The first mark between two bytes.
fn within(marks: &[(usize, usize)], from: usize, to: usize) -> Option<(usize, usize)> {
    marks.get(marks.partition_point(|m| m.0 < from)).copied().filter(|m| m.0 < to)
}

/// What is argued for an item.
#[derive(Debug, Default)]
pub(super) struct Argument {
    pub claims: Option<String>,
    pub imr: Option<String>,
    pub rationale: Option<String>,
    /// Whether the rationale holds another argument: a quotation, or that of an item whose heading is not known as one.
    pub again: bool,
}

impl Argument {
    /// Whether nothing was argued.
    pub fn is_empty(&self) -> bool {
        self.claims.is_none() && self.imr.is_none() && self.rationale.is_none()
    }
}

/// A decision from its heading and its argument, and what was doubtful.
pub(super) fn decision(number: usize, head: Head, argument: Argument, warnings: &mut Vec<String>) -> Decision {
    let mut warn = |when: bool, what: &str| {
        if when {
            warnings.push(format!("{what} item {number}"));
        }
    };
    warn(head.item.is_empty(), "no heading for");
    warn(!head.stated, "no outcome for");
    warn(head.stated && head.outcome.is_none(), "an outcome that is not one of yes or no for");
    warn(argument.claims.is_none(), "no claims administrator guideline for");
    warn(argument.imr.is_none(), "no reviewer guideline for");
    warn(argument.rationale.is_none(), "no rationale for");
    warn(argument.again, "another item may begin within");
    let argued = argument.rationale.as_deref().and_then(concluded);
    warn(contradicts(head.outcome, argued), "the rationale says otherwise than the heading of");
    Decision {
        number: u32::try_from(number).unwrap_or(u32::MAX),
        disputed: head.item.clone(),
        item: head.item,
        outcome: head.outcome,
        guidelines: relied_on(argument.claims.as_deref(), argument.imr.as_deref()),
        claims_guideline: argument.claims,
        imr_guideline: argument.imr,
        rationale: argument.rationale,
        ..Decision::default()
    }
}

/// The outcome with which a text concludes.
pub(super) fn concluded(text: &str) -> Option<Outcome> {
    verdicts(text).last().and_then(|v| v.outcome)
}

pub(super) fn contradicts(printed: Option<Outcome>, argued: Option<Outcome>) -> bool {
    matches!((printed, argued), (Some(a), Some(b)) if a != b && a != Outcome::Modified)
}

/// The authorities of the reviewer; where he found the administrator's guidelines fitting, those.
fn relied_on(claims: Option<&str>, imr: Option<&str>) -> Vec<String> {
    let Some(imr) = imr else { return Vec::new() };
    let said = key(imr);
    let adopts = said.contains(&key("usedbytheclaimsadministrator"))
        && ["relevant", "appropriate", "appiicabie"].iter().any(|w| said.contains(w))
        && !["notreievant", "notappropriate", "notappiicabie", "inappropriate"].iter().any(|w| said.contains(w));
    match claims.filter(|_| adopts) {
        Some(claims) => authorities(&format!("{claims} {imr}")),
        None => authorities(imr),
    }
}
