//! A disputed item: its words, and what a record must say of it.
//!
//! `items.txt` and `parts.txt` hold them with the truth beside the words; drugs come from [`super::drugs`]. The heading of an item may
//! tell that part of the request was authorised, in the two wordings that letters use.

use std::sync::LazyLock;

use super::drugs;
use super::lexicon::capitalised;
use super::rng::Rng;

/// A category and subcategory of the state's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// `Pharmaceuticals`.
    pub category: &'static str,
    /// `Opioids`.
    pub subcategory: &'static str,
}

/// What is asked for.
pub struct Item {
    /// The heading, whole.
    pub heading: String,
    /// What is in dispute.
    pub disputed: String,
    /// As a sentence of the rationale says it.
    pub spoken: String,
    /// Its class.
    pub class: Class,
    /// The regions that the disputed part names, from the head down.
    pub body: Vec<&'static str>,
    /// The drugs that it names.
    pub drug: Vec<String>,
}

/// Regions from the head down.
const REGIONS: [&str; 13] =
    ["head", "cervical", "thoracic", "lumbar", "shoulder", "arm", "elbow", "wrist", "hand", "hip", "leg", "knee", "ankle"];

/// Where a worker hurts.
pub struct Part {
    /// In words.
    pub words: &'static str,
    regions: Vec<&'static str>,
    limb: Place,
    level: Place,
}

type Place = (&'static str, Vec<&'static str>);

static PARTS: LazyLock<Vec<Part>> = LazyLock::new(|| {
    let rows = include_str!("parts.txt").lines().filter(|l| l.contains('|'));
    rows.map(|row| {
        let mut places = row.split('|').map(place);
        let mut next = || places.next().unwrap_or_else(|| panic!("a place is missing in parts.txt: {row}"));
        let (words, regions) = next();
        Part { words, regions, limb: next(), level: next() }
    })
    .collect()
});

fn place(text: &'static str) -> Place {
    let (words, regions) = text.split_once(" @ ").unwrap_or((text, ""));
    (words.trim(), list(regions))
}

fn list(text: &'static str) -> Vec<&'static str> {
    text.split(',').map(str::trim).filter(|w| !w.is_empty()).collect()
}

impl Part {
    /// Some part.
    pub fn draw(rng: &mut Rng) -> &'static Part {
        // The first rows are what most letters are about.
        &PARTS[rng.below(PARTS.len()).min(rng.below(PARTS.len()))]
    }
}

impl Class {
    /// `Category / Subcategory`, the words after it left out.
    pub fn parse(text: &'static str) -> Self {
        let (category, subcategory) = text.split_once(" / ").unwrap_or_else(|| panic!("no class: {text}"));
        Class { category, subcategory }
    }
}

struct Section {
    class: Class,
    weight: u32,
    templates: Vec<Template>,
}

struct Template {
    weight: u32,
    text: &'static str,
    regions: Vec<&'static str>,
    drugs: Vec<&'static str>,
}

static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
    let mut sections: Vec<Section> = Vec::new();
    for line in include_str!("items.txt").lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
        if let Some((class, weight)) = line.strip_prefix('[').and_then(|l| l.split_once("] ")) {
            let weight = weight.parse().unwrap_or_else(|_| panic!("no weight in items.txt: {line}"));
            sections.push(Section { class: Class::parse(class), weight, templates: Vec::new() });
        } else if let Some(section) = sections.last_mut() {
            section.templates.push(Template::parse(line));
        }
    }
    sections
});

impl Template {
    fn parse(line: &'static str) -> Self {
        let weighted = line.split_once("* ").and_then(|(weight, text)| Some((weight.parse().ok()?, text)));
        let (weight, text) = weighted.unwrap_or((1, line));
        let (text, drugs) = text.split_once(" = ").unwrap_or((text, ""));
        let (text, regions) = text.split_once(" @ ").unwrap_or((text, ""));
        Template { weight, text, regions: list(regions), drugs: list(drugs) }
    }
}

/// Of all items, so many are drugs.
const DRUGS: f64 = 0.25;

/// An item for a worker who hurts there. `dates` gives a day of service.
pub fn draw(part: &Part, rng: &mut Rng, service: impl FnOnce(&mut Rng) -> String) -> Item {
    let medicine_asked = rng.chance(DRUGS);
    let (words, class, mut body, drug) = if medicine_asked { medicine(rng) } else { treatment(part, rng) };
    // Tablets are counted in months, visits in weeks.
    let (unit, often) = if medicine_asked { (30, [30, 30, 60, 60, 90, 90, 120, 180]) } else { (1, [2, 4, 6, 8, 10, 12, 18, 24]) };
    body.sort_by_key(|region| REGIONS.iter().position(|r| r == region));
    body.dedup();
    // A number that begins an item is often a word.
    let spelt = rng.chance(0.4);
    let made = |heading, disputed: String, spoken| Item { heading, disputed, spoken, class, body, drug };
    if words.contains(COUNT) && rng.chance(0.15) {
        let (granted, left) = (unit * rng.between(2, 9), unit * rng.between(2, 9));
        let [whole, granted, left] = [granted + left, granted, left].map(|n| counted(&words, n, spelt));
        let heading = format!(
            "{whole} was the original request. {granted} was authorized by the Claims Administrator. The remaining IMR eligible portion \
             of the original request, {left} is"
        );
        return made(heading, left.clone(), left);
    }
    let words = counted(&words, rng.pick(&often), spelt);
    if rng.chance(0.03) {
        let other = rng.pick(&["a one-month trial of it", "a lesser amount", "a consultation"]);
        let heading = format!(
            "{words} was the original request. The Claims Administrator authorized {other}, leaving the original request IMR eligible. \
             The original request, {words} is"
        );
        return made(heading, words.clone(), words);
    }
    let heading = match rng.below(40) {
        0 => format!("Retrospective request for {words}, DOS: {}", service(rng)),
        1 => format!("Retrospective {words} (DOS {})", service(rng)),
        2 => format!("{words}; as an outpatient"),
        3 => format!("“{words}”"),
        _ => words.clone(),
    };
    made(heading.clone(), heading, words)
}

type Words = (String, Class, Vec<&'static str>, Vec<String>);

/// Stands for the number until it is known how much of it was authorised.
const COUNT: &str = "{count}";

fn counted(words: &str, number: i64, spelt: bool) -> String {
    const NAMES: [&str; 12] = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];
    let name = usize::try_from(number - 1).ok().and_then(|at| NAMES.get(at));
    match (words.strip_prefix(COUNT), name) {
        (Some(rest), Some(name)) if spelt => format!("{name}{rest}"),
        _ => words.replace(COUNT, &number.to_string()),
    }
}

fn treatment(part: &Part, rng: &mut Rng) -> Words {
    let section = rng.weighted(&SECTIONS, |s| s.weight);
    let template = rng.weighted(&section.templates, |t| t.weight);
    let (mut text, mut body) = (String::new(), template.regions.clone());
    let mut rest = template.text;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').unwrap_or_else(|| panic!("a brace is not closed in items.txt: {rest}"));
        text.push_str(before);
        let side = rng.pick(&["left", "right", "bilateral"]);
        match slot {
            "part" => (text.push_str(part.words), body.extend(&part.regions)).0,
            "limb" => (text.push_str(part.limb.0), body.extend(&part.limb.1)).0,
            "level" => (text.push_str(part.level.0), body.extend(&part.level.1)).0,
            "side" => text.push_str(side),
            "^side" => text.push_str(&capitalised(side)),
            "count" => text.push_str(COUNT),
            range => {
                let (low, high) = range.split_once('-').unwrap_or_else(|| panic!("items.txt knows no slot {{{range}}}"));
                let number = |n: &str| n.parse().unwrap_or_else(|_| panic!("no number in items.txt: {range}"));
                text.push_str(&rng.between(number(low), number(high)).to_string());
            }
        }
        rest = after;
    }
    text.push_str(rest);
    (text, section.class, body, template.drugs.iter().map(|d| (*d).to_owned()).collect())
}

fn medicine(rng: &mut Rng) -> Words {
    let (class, drug) = drugs::draw(rng);
    let name = drug.names[rng.below(drug.names.len()).min(rng.below(drug.names.len()))];
    let name = match rng.below(12) {
        0 => name.to_owned(),
        1 => name.to_uppercase(),
        _ => capitalised(name),
    };
    let strength = rng.pick(&[2, 5, 10, 20, 25, 40, 50, 75, 100, 200, 300, 500]);
    let words = match rng.below(12) {
        0..=4 => format!("{name} {strength}mg #{COUNT}"),
        5 => format!("{name} {strength} mg #{COUNT} with {} refills", rng.between(1, 5)),
        6 => format!("{name} {strength}mg, one by mouth twice a day as needed, #{COUNT}"),
        7 => format!("{name} {strength}mg quantity {COUNT}"),
        // Not where the generic name alone is of another class.
        8 if drug.names[0] == drug.generic && name.to_lowercase() != drug.generic => {
            format!("{name} ({}) {strength}mg #{COUNT}", drug.generic)
        }
        9 => format!("Post-op {name} {strength}mg #{COUNT}"),
        10 => format!("Unknown prescription of {name}"),
        _ => name,
    };
    (words, class, Vec::new(), vec![drug.generic.to_owned()])
}
