//! What a letter says, before it is printed: the case, the worker, the reviewer, and the decisions with their rationales.
//!
//! Texts hold two marks that are no words: [`GAP`], the blank that a redacted name leaves behind, and a line end where a paragraph ends.

use imr::record::Outcome;
use jiff::civil::Date;

use super::dates::{Days, Way};
use super::grammar::{GRAMMAR, Subject};
use super::guideline::{self, By};
use super::item::{self, Item, Part};
use super::reviewer::Reviewer;
use super::rng::Rng;

/// Stands for a redacted name.
pub const GAP: char = '\u{e000}';

/// A letter.
pub struct Content {
    /// `CM16-0000012`; the number is the letter's place in the corpus, from 1.
    pub case: String,
    /// The days of the header.
    pub days: Days,
    /// `Standard` or `Expedited`.
    pub priority: &'static str,
    /// Who decides.
    pub reviewer: Reviewer,
    /// The worker's age, if it is stated.
    pub age: Option<u8>,
    /// The worker's gender, if it is stated or told by pronouns.
    pub gender: Option<&'static str>,
    /// The clinical case summary.
    pub summary: String,
    /// The day of the injury as the summary gives it, which may differ from the header.
    pub injury_told: Date,
    /// The disputed items.
    pub decisions: Vec<Decision>,
}

/// A disputed item with its outcome.
pub struct Decision {
    /// What is asked for.
    pub item: Item,
    /// What was decided.
    pub outcome: Outcome,
    /// What the claims administrator relied on.
    pub claims: String,
    /// What the reviewer relied on.
    pub relied: String,
    /// The authorities in it.
    pub authorities: Vec<&'static str>,
    /// The reasons.
    pub rationale: String,
}

/// How many letters of a thousand have so many decisions; 2.1 on average, as in the published letters.
const DECISIONS: [(usize, u32); 12] =
    [(1, 605), (2, 165), (3, 60), (4, 40), (5, 45), (6, 30), (7, 20), (8, 15), (9, 6), (10, 6), (12, 5), (21, 3)];

/// Of all letters, so many are of a worker of whom another letter of the corpus is.
const SAME_WORKER: f64 = 0.04;

impl Content {
    /// Letter `number` of the corpus with that seed.
    pub fn of(seed: u64, number: u64) -> Self {
        let mut rng = Rng::of(seed, "letter", &[number]);
        let worker = if rng.chance(SAME_WORKER) { number.saturating_sub(1 + rng.below(40) as u64) } else { number };
        let mut person = Rng::of(seed, "worker", &[worker]);
        let part = Part::draw(&mut person);
        let age = person.chance(0.97).then(|| person.between(20, 50) + person.between(0, 18)).and_then(|a| u8::try_from(a).ok());
        let gender = person.chance(0.98).then(|| person.pick(&["male", "male", "male", "female", "female"]));
        // Nobody is hurt at work as a child.
        let years = age.map_or(10, |age| i64::from(age) - 18).min(20);
        let days = Days::draw(&mut person, years);
        let days = if worker == number { days } else { days.later(rng.between(20, 400)) };
        let reviewer = Reviewer::draw(seed, &mut rng);
        // The header is right where the summary says otherwise.
        let slip = if rng.chance(0.02) { rng.between(1, 9) } else { 0 };
        let injury_told = days.injured.saturating_sub(jiff::Span::new().years(slip));
        let telling =
            Telling { days: &days, way: Way::draw(&mut rng), part, age, gender, injury_told, asked: "", planned: String::new() };
        let count = rng.weighted(&DECISIONS, |d| d.1).0;
        let items: Vec<_> = (0..count)
            .map(|_| {
                let part = if rng.chance(0.85) { part } else { Part::draw(&mut rng) };
                item::draw(part, &mut rng, |rng| telling.way.written(days.visit(rng)))
            })
            .collect();
        let planned = listed(items.iter().map(|i| i.spoken.as_str()).take(3).collect());
        let summary = summary(&Telling { planned, ..telling.clone() }, &mut rng);
        let mut decisions: Vec<Decision> = Vec::new();
        for item in items {
            let asked = item.spoken.clone();
            let decision = decide(item, &Telling { asked: &asked, ..telling.clone() }, &reviewer, decisions.last(), &mut rng);
            decisions.push(decision);
        }
        Content {
            case: format!("CM{:02}-{:07}", days.received.year() % 100, number + 1),
            priority: if rng.chance(0.03) { "Expedited" } else { "Standard" },
            age,
            gender,
            summary,
            injury_told,
            decisions,
            reviewer,
            days,
        }
    }
}

/// The summary: who, what happened, what was planned, what was refused.
fn summary(telling: &Telling<'_>, rng: &mut Rng) -> String {
    let opening = match (telling.age, telling.gender) {
        // By pronouns only.
        (Some(_), Some(_)) if rng.chance(0.1) => "opening_age",
        (Some(_), Some(_)) => "opening_age_gender",
        (Some(_), None) => "opening_age",
        (None, Some(_)) => "opening_gender",
        (None, None) => "opening_none",
    };
    let say = |section: &str, rng: &mut Rng| GRAMMAR.say(section, telling, rng);
    let mut sentences = vec![say(opening, rng)];
    let facts = rng.between(5, 11) + rng.between(0, 8);
    sentences.extend((0..facts).map(|_| say("fact", rng)));
    sentences.push(say("plan", rng));
    sentences.push(say("review", rng));
    // Few have paragraphs.
    let end = if rng.chance(0.05) { "\n" } else { " " };
    sentences.chunks(4).map(|sentences| sentences.join(" ")).collect::<Vec<_>>().join(end)
}

/// About one item in ten is overturned, of some kinds of treatment more than of others.
fn overturned(item: &Item, rng: &mut Rng) -> bool {
    rng.chance(match item.class.category {
        "Rehabilitation" | "Evaluation & Management" => 0.16,
        "Diagnostic Testing" | "Surgery" => 0.12,
        "Pharmaceuticals" => 0.06,
        _ => 0.08,
    })
}

fn decide(item: Item, telling: &Telling<'_>, reviewer: &Reviewer, before: Option<&Decision>, rng: &mut Rng) -> Decision {
    let outcome = if overturned(&item, rng) { Outcome::Overturned } else { Outcome::Upheld };
    // Items of one kind are often argued once and the argument repeated.
    if let Some(same) = before.filter(|b| b.outcome == outcome && rng.chance(0.12)) {
        let (claims, relied, authorities) = (same.claims.clone(), same.relied.clone(), same.authorities.clone());
        return Decision { item, outcome, claims, relied, authorities, rationale: same.rationale.clone() };
    }
    let (claims, _) = guideline::draw(By::Claims, rng);
    let (relied, authorities) = guideline::draw(By::Reviewer, rng);
    Decision { rationale: rationale(&item, outcome, telling, reviewer, rng), item, outcome, claims, relied, authorities }
}

fn rationale(item: &Item, outcome: Outcome, telling: &Telling<'_>, reviewer: &Reviewer, rng: &mut Rng) -> String {
    let say = |section: &str, rng: &mut Rng| GRAMMAR.say(section, telling, rng);
    let suffix = if outcome == Outcome::Overturned { "_overturned" } else { "" };
    let mut text = say(&format!("lead{suffix}"), rng);
    text.push(' ');
    let long = rng.chance(0.08);
    // Few write their rationales in paragraphs.
    let paragraphs = rng.chance(0.08);
    let end = if paragraphs { "\n" } else { " " };
    for _ in 0..if long { rng.between(2, 6) } else { 1 } {
        text.push_str(&reviewer.stock(item.class, rng));
        text.push_str(end);
        if paragraphs {
            text.push_str(&say("paragraph", rng));
            text.push_str(end);
        }
    }
    for _ in 0..reviewer.findings + rng.between(-1, 2) + if long { 4 } else { 0 } {
        text.push_str(&say(&format!("finding{suffix}"), rng));
        text.push(' ');
    }
    text.push_str(&say(if outcome == Outcome::Overturned { "verdict_overturned" } else { "verdict_upheld" }, rng));
    // Some go on after their verdict.
    let more = if item.class.subcategory == "Opioids" && outcome == Outcome::Upheld { "taper" } else { "note" };
    if rng.chance(if more == "taper" { 0.4 } else { 0.06 }) {
        text.push_str(if rng.chance(0.2) { "\n" } else { " " });
        text.push_str(&say(more, rng));
    }
    text
}

fn listed(words: Vec<&str>) -> String {
    match words.as_slice() {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => words.concat(),
    }
}

/// What the sentences of a letter are about.
#[derive(Clone)]
struct Telling<'a> {
    days: &'a Days,
    way: Way,
    part: &'static Part,
    age: Option<u8>,
    gender: Option<&'static str>,
    injury_told: Date,
    asked: &'a str,
    planned: String,
}

impl Subject for Telling<'_> {
    fn words(&self, slot: &str, rng: &mut Rng) -> Option<String> {
        let by_gender = |male: &str, female: &str, unknown: &str| match self.gender {
            Some("male") => male.to_owned(),
            Some(_) => female.to_owned(),
            None => unknown.to_owned(),
        };
        Some(match slot {
            "age" => self.age?.to_string(),
            "gender" => by_gender(["male", "male", "man"][rng.below(3)], ["female", "female", "woman"][rng.below(3)], ""),
            "he" => by_gender("he", "she", "the patient"),
            "his" => by_gender("his", "her", "the patient's"),
            "him" => by_gender("him", "her", "the patient"),
            "part" => self.part.words.to_owned(),
            "item" => self.asked.to_owned(),
            "plan" if !self.planned.is_empty() && self.asked.is_empty() => self.planned.clone(),
            "gap" => GAP.to_string(),
            "injured" => self.way.written(self.injury_told),
            "denied" => self.way.written(self.days.denied),
            "date" => self.way.written(self.days.visit(rng)),
            _ => return None,
        })
    }
}
