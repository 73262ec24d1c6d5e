//! The physicians who review: anonymous, few, each with credentials and stock paragraphs of their own.
//!
//! A few hundred of them write all letters, the busiest far more than the others, and what they write of a kind of treatment they write
//! again and again. That is why so much of an archive of letters says the same, and what makes ranking and similarity hard in it.

use super::grammar::{Anything, GRAMMAR};
use super::item::Class;
use super::rng::Rng;

const REVIEWERS: usize = 300;
/// Stock paragraphs for each kind of treatment.
const PARAGRAPHS: usize = 4;

/// Who reviews a case.
pub struct Reviewer {
    seed: u64,
    number: u64,
    /// States of licensure.
    pub states: Vec<&'static str>,
    /// Certifications, as records name them.
    pub specialties: Vec<&'static str>,
    /// The same as this reviewer's letters print them.
    pub printed: Vec<&'static str>,
    /// How long the reviewer's rationales are: the number of findings that is usual.
    pub findings: i64,
}

const STATES: [&str; 16] = [
    "California",
    "California",
    "California",
    "California",
    "Texas",
    "New York",
    "Florida",
    "Arizona",
    "North Carolina",
    "Ohio",
    "Pennsylvania",
    "Washington",
    "New Jersey",
    "West Virginia",
    "Massachusetts",
    "Colorado",
];

/// A certification as records name it, and how it is printed besides.
const SPECIALTIES: [(&str, &[&str], u32); 20] = [
    ("Occupational Medicine", &[], 20),
    ("Preventive Medicine", &[], 20),
    ("Physical Medicine & Rehabilitation", &["Physical Medicine and Rehabilitation", "Physical Medicine Rehab"], 16),
    ("Family Practice", &[], 12),
    ("Pain Management", &[], 12),
    ("Orthopedic Surgery", &[], 8),
    ("Internal Medicine", &[], 5),
    ("Anesthesiology", &[], 5),
    ("Pain Medicine", &[], 3),
    ("Hospice & Palliative Medicine", &["Hospice and Palliative Medicine"], 3),
    ("Public Health & General Preventive Medicine", &["Public Health and General Preventive Medicine"], 3),
    ("Sports Medicine", &["Sports Medicinea"], 3),
    ("Neurology", &[], 2),
    ("Chiropractic", &[], 2),
    ("Psychology", &[], 2),
    // Not on the state's list: kept as printed.
    ("Interventional Spine", &[], 1),
    ("Spinal Cord Medicine", &[], 1),
    ("Pediatric Rehabilitation Medicine", &[], 1),
    ("Obstetrics & Gynecology", &[], 1),
    ("Allergy and Immunology", &["Allergy & Immunology"], 1),
];

impl Reviewer {
    /// Who gets a case.
    pub fn draw(seed: u64, rng: &mut Rng) -> Self {
        // The k-th busiest gets about 1/k of what the busiest gets.
        let number = (REVIEWERS as f64).powf(1.0 - rng.unit()) as u64;
        let mut own = Rng::of(seed, "reviewer", &[number]);
        let mut states = Vec::new();
        let mut chosen: Vec<&(&str, &[&str], u32)> = Vec::new();
        // A few are licensed nearly everywhere.
        let most = if own.chance(0.1) { 14 } else { 3 };
        for _ in 0..own.between(1, most) {
            let state = own.pick(&STATES);
            if !states.contains(&state) {
                states.push(state);
            }
        }
        let most = if own.chance(0.1) { 6 } else { 3 };
        for _ in 0..own.between(1, most) {
            let specialty = own.weighted(&SPECIALTIES, |s| s.2);
            if !chosen.iter().any(|c| c.0 == specialty.0) {
                chosen.push(specialty);
            }
        }
        let other = |own: &mut Rng, names: &&(&'static str, &'static [&'static str], u32)| match names.1 {
            [] => names.0,
            others if own.chance(0.4) => own.pick(others),
            _ => names.0,
        };
        Reviewer {
            seed,
            number,
            states,
            specialties: chosen.iter().map(|c| c.0).collect(),
            printed: chosen.iter().map(|c| other(&mut own, c)).collect(),
            findings: own.between(1, 4),
        }
    }

    /// A paragraph that this reviewer writes of such treatments, word for word in all letters.
    pub fn stock(&self, class: Class, rng: &mut Rng) -> String {
        let section = section(class);
        let which = rng.below(PARAGRAPHS).min(rng.below(PARAGRAPHS)) as u64;
        GRAMMAR.say(section, &Anything, &mut Rng::of(self.seed, section, &[self.number, which]))
    }
}

/// Where the grammar has the stock paragraphs of a class.
fn section(class: Class) -> &'static str {
    match class.category {
        "Rehabilitation" | "Psych Services" | "Programs" => "stock_therapy",
        "Pharmaceuticals" => "stock_drug",
        "Diagnostic Testing" => "stock_imaging",
        "Injection" => "stock_injection",
        "Surgery" => "stock_surgery",
        "DMEPOS" => "stock_device",
        _ => "stock_other",
    }
}
