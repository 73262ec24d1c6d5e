//! The field table: the only place where a field is declared.
//!
//! Schema, query parser, facets, help text and docs read it. A field knows its names, its kind, and how its values are had from
//! a record, so that the index and the test oracle take them from the same place.

use std::borrow::Cow;

use jiff::civil::Date;
use smallvec::SmallVec;

use crate::record::{Decision, Letter};

/// The name of the field with the outcome, on which every rate rests.
pub const OUTCOME: &str = "outcome";
/// The name of the field with the reviewer's states.
pub const LICENSURE: &str = "licensure";
/// The name of the field with the day of the decision, by which hits are ordered.
pub const DECIDED: &str = "decided";
/// The name of the field with the regions of the body.
pub const BODY: &str = "body";
/// The name of the field with the drugs.
pub const DRUG: &str = "drug";

/// What a query finds: a decision with its letter, or a letter in which no decision could be read.
#[derive(Debug, Clone, Copy)]
pub struct Unit<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// The decision; `None` for a letter without any.
    pub decision: Option<&'a Decision>,
}

impl<'a> Unit<'a> {
    /// The units of a letter: its decisions, and the letter itself where it has none or holds text that was not taken apart.
    pub fn all(letter: &'a Letter) -> impl Iterator<Item = Unit<'a>> {
        let unread = letter.decisions.is_empty() || letter.text.is_some();
        let whole = unread.then_some(Unit { letter, decision: None });
        letter.decisions.iter().map(move |d| Unit { letter, decision: Some(d) }).chain(whole)
    }
}

/// What a field holds and how it is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Running text, asked for by its words.
    Text {
        /// Weight in the ranking; the rationale has 1.
        weight: f32,
        /// Whether it is the same for all units of a letter, whose words are then in the index once.
        of_letter: bool,
    },
    /// One of a few values, asked for by the value or the beginnings of its words.
    Keyword,
    /// A case number, asked for by itself or its beginning, with or without its hyphen.
    Case,
    /// A whole number, asked for by itself or a range.
    Number,
    /// A day, asked for by itself, its month, its year, or a range.
    Date,
}

/// One value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Of [`Kind::Text`], [`Kind::Keyword`] or [`Kind::Case`].
    Text(Cow<'a, str>),
    /// Of [`Kind::Number`] (as it is) or [`Kind::Date`] (see [`day_number`]).
    Number(i64),
}

/// The values that a unit has in one field: mostly none or one, for which no memory is asked.
pub type Values<'a> = SmallVec<[Value<'a>; 1]>;

/// A day as the number `yyyymmdd`, which sorts as days do and can be read in a debugger.
pub fn day_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// One row of the table.
pub struct Field {
    /// The name in queries, answers and the index.
    pub name: &'static str,
    /// Other names that queries may use.
    pub aliases: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// Whether answers count its values.
    pub facet: bool,
    /// One line for help and docs.
    pub help: &'static str,
    /// Its values for a unit.
    pub values: for<'a> fn(Unit<'a>) -> Values<'a>,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Field {
    /// Whether its words are searched when a query names no field.
    pub fn is_text(&self) -> bool {
        matches!(self.kind, Kind::Text { .. })
    }

    /// Whether its words are in the index once a letter, and hold for each of its units.
    pub fn is_of_letter(&self) -> bool {
        matches!(self.kind, Kind::Text { of_letter: true, .. })
    }

    /// Whether its values are in a column, each with the documents that have it.
    pub fn has_column(&self) -> bool {
        !matches!(self.kind, Kind::Text { .. } | Kind::Case)
    }

    /// Whether its values have an order that readers expect.
    pub fn is_ordered(&self) -> bool {
        matches!(self.name, "year" | "age-band")
    }

    /// The texts, or the values that are no numbers, of a unit.
    pub fn texts<'a>(&self, unit: Unit<'a>) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        (self.values)(unit).into_iter().filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None })
    }

    /// What it tells of, for a field of [`Kind::Keyword`]. Fields that tell of the same have few combinations of values: a reviewer has
    /// the same specialties and licences in every letter, and there are few reviewers. So they are kept, and counted, together.
    pub fn aspect(&self) -> &'static str {
        match self.name {
            "category" | "subcategory" | "guidelines" => "decision",
            "specialty" | LICENSURE => "reviewer",
            "gender" | "age-band" | "year" | "priority" => "case",
            name => name,
        }
    }

    /// The field whose values divide those of this one.
    pub fn finer(&self) -> Option<&'static Field> {
        if self.name == "category" { find("subcategory") } else { None }
    }
}

/// The field of that name or alias, in any letter case, with `_` for `-` allowed.
pub fn find(name: &str) -> Option<&'static Field> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    FIELDS.iter().find(|f| f.name == name || f.aliases.contains(&name.as_str()))
}

/// The valid name most like `name`, if any is like it.
pub fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    FIELDS
        .iter()
        .flat_map(|f| std::iter::once(&f.name).chain(f.aliases))
        .map(|n| (strsim::damerau_levenshtein(&name, n), *n))
        .filter(|(far, n)| *far <= (n.len() / 3).max(1))
        .min()
        .map(|(_, n)| n)
}

/// The fields whose words are searched when a query names none.
pub fn texts() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(|f| f.is_text())
}

/// The fields whose values answers can count.
pub fn facets() -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(|f| f.facet)
}

/// A text of the decision.
const fn text(weight: f32) -> Kind {
    Kind::Text { weight, of_letter: false }
}

/// Every field there is.
pub static FIELDS: &[Field] = &[
    Field {
        name: "item",
        aliases: &["treatment", "heading"],
        kind: text(2.5),
        facet: false,
        help: "the heading that names the disputed treatment",
        values: |u| texts_of(u.decision.map(|d| d.item.as_str())),
    },
    Field {
        name: "rationale",
        aliases: &["reasoning"],
        kind: text(1.0),
        facet: false,
        help: "the reviewer's reasoning",
        values: |u| texts_of(u.decision.and_then(|d| d.rationale.as_deref())),
    },
    Field {
        name: "guideline",
        aliases: &[],
        kind: text(0.5),
        facet: false,
        help: "what the claims administrator and the reviewer cited",
        values: |u| {
            texts_of(u.decision.into_iter().flat_map(|d| [&d.claims_guideline, &d.imr_guideline]).filter_map(|g| g.as_deref()))
        },
    },
    Field {
        name: "summary",
        aliases: &[],
        kind: Kind::Text { weight: 0.15, of_letter: true },
        facet: false,
        help: "the letter's clinical case summary",
        values: |u| texts_of(u.letter.summary.as_deref()),
    },
    Field {
        name: "text",
        aliases: &[],
        kind: text(1.0),
        facet: false,
        help: "the text of a letter, or the part of it, in which no decision could be read",
        // Of the letter's own unit only: what was not taken apart is no part of a decision.
        values: |u| texts_of(u.letter.text.as_deref().filter(|_| u.decision.is_none())),
    },
    Field {
        name: OUTCOME,
        aliases: &["decision", "result"],
        kind: Kind::Keyword,
        facet: true,
        help: "upheld, overturned or modified",
        values: |u| names_of(u.decision.and_then(|d| d.outcome).map(|o| o.name())),
    },
    Field {
        name: "category",
        aliases: &[],
        kind: Kind::Keyword,
        facet: true,
        help: "treatment category of the state's search page",
        values: |u| names_of(u.decision.and_then(|d| d.category.as_deref())),
    },
    Field {
        name: "subcategory",
        aliases: &["class"],
        kind: Kind::Keyword,
        facet: true,
        help: "its subcategory; for drugs the class",
        values: |u| names_of(u.decision.and_then(|d| d.subcategory.as_deref())),
    },
    Field {
        name: BODY,
        aliases: &["region", "body-part"],
        kind: Kind::Keyword,
        facet: true,
        help: "a region of the body named in the item: cervical, lumbar, shoulder, knee",
        values: |u| names_of(u.decision.into_iter().flat_map(|d| &d.body).map(String::as_str)),
    },
    Field {
        name: DRUG,
        aliases: &["medication", "generic"],
        kind: Kind::Keyword,
        facet: true,
        help: "a drug named in the item, by its generic name; a combination by its ingredients too",
        values: |u| names_of(u.decision.into_iter().flat_map(|d| with_ingredients(&d.drug))),
    },
    Field {
        name: "specialty",
        aliases: &["specialties", "certification"],
        kind: Kind::Keyword,
        facet: true,
        help: "a certification of the reviewer",
        values: |u| names_of(u.letter.specialties.iter().map(String::as_str)),
    },
    Field {
        name: LICENSURE,
        aliases: &["licensed", "state"],
        kind: Kind::Keyword,
        facet: true,
        help: "a state in which the reviewer is licensed",
        values: |u| names_of(u.letter.licensure.iter().map(String::as_str)),
    },
    Field {
        name: "gender",
        aliases: &["sex"],
        kind: Kind::Keyword,
        facet: true,
        help: "the worker's: male or female",
        values: |u| names_of(u.letter.gender.as_deref()),
    },
    Field {
        name: "age",
        aliases: &[],
        kind: Kind::Number,
        facet: false,
        help: "the worker's, in years",
        values: |u| u.letter.age.map(|a| Value::Number(a.into())).into_iter().collect(),
    },
    Field {
        name: "age-band",
        aliases: &["ageband"],
        kind: Kind::Keyword,
        facet: true,
        help: "the worker's age in bands of ten years: 40-49",
        values: |u| {
            let band = |a: u8| format!("{:02}-{:02}", a / 10 * 10, a / 10 * 10 + 9);
            u.letter.age.map(|a| Value::Text(band(a).into())).into_iter().collect()
        },
    },
    Field {
        name: "year",
        aliases: &[],
        kind: Kind::Keyword,
        facet: true,
        help: "the year decided",
        values: |u| u.letter.decision_date.map(|d| Value::Text(d.year().to_string().into())).into_iter().collect(),
    },
    Field {
        name: "priority",
        aliases: &[],
        kind: Kind::Keyword,
        facet: true,
        help: "Standard or Expedited",
        values: |u| names_of(u.letter.priority.as_deref()),
    },
    Field {
        name: "guidelines",
        aliases: &["authority", "authorities"],
        kind: Kind::Keyword,
        facet: true,
        help: "the authorities the reviewer relied on: MTUS, ACOEM, ODG, FDA, other, none",
        values: |u| names_of(u.decision.into_iter().flat_map(|d| &d.guidelines).map(String::as_str)),
    },
    Field {
        name: "case",
        aliases: &["case-number"],
        kind: Kind::Case,
        facet: false,
        help: "the case number, or its beginning",
        values: |u| texts_of(u.letter.case_number.as_deref()),
    },
    Field {
        name: DECIDED,
        aliases: &["decision-date", "date"],
        kind: Kind::Date,
        facet: false,
        help: "the day of the decision",
        values: |u| day_of(u.letter.decision_date),
    },
    Field {
        name: "injured",
        aliases: &["injury-date", "injury"],
        kind: Kind::Date,
        facet: false,
        help: "the day of the injury",
        values: |u| day_of(u.letter.injury_date),
    },
    Field {
        name: "denied",
        aliases: &["ur-denial-date"],
        kind: Kind::Date,
        facet: false,
        help: "the day on which utilization review denied the request",
        values: |u| day_of(u.letter.ur_denial_date),
    },
    Field {
        name: "received",
        aliases: &["received-date"],
        kind: Kind::Date,
        facet: false,
        help: "the day on which the application for review was received",
        values: |u| day_of(u.letter.received_date),
    },
    Field {
        name: "assigned",
        aliases: &["date-assigned"],
        kind: Kind::Date,
        facet: false,
        help: "the day on which the reviewer got the case",
        values: |u| day_of(u.letter.date_assigned),
    },
];

fn texts_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Values<'a> {
    texts.into_iter().map(|t| Value::Text(t.into())).collect()
}

/// Names, each once and on one line, and as many as an index has room for beside each other: more is no list that a letter prints,
/// but a text taken for one, and the letter's record has it whole.
fn names_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Values<'a> {
    /// Several such lists beside each other are less than the longest term of an index, of 65,530 bytes.
    const ROOM: usize = 4 << 10;
    let mut distinct = Values::new();
    let mut taken = 0;
    for name in names {
        taken += name.len() + 1;
        if taken > ROOM {
            break;
        }
        let name = Value::Text(on_one_line(name));
        if name != Value::Text("".into()) && !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

fn on_one_line(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_control()) {
        true => name.split_whitespace().collect::<Vec<_>>().join(" ").into(),
        false => name.into(),
    }
}

/// The drugs, each with what it is made of if it is a combination: who asks for hydrocodone means Norco too.
fn with_ingredients(drugs: &[String]) -> impl Iterator<Item = &str> {
    drugs.iter().flat_map(|drug| std::iter::once(drug.as_str()).chain(drug.split('/')))
}

fn day_of<'a>(day: Option<Date>) -> Values<'a> {
    day.map(|d| Value::Number(day_number(d))).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_for_two_fields() {
        let mut names: Vec<_> = FIELDS.iter().flat_map(|f| std::iter::once(&f.name).chain(f.aliases)).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn every_name_and_alias_resolves_in_any_case() {
        for field in FIELDS {
            for name in std::iter::once(&field.name).chain(field.aliases) {
                assert_eq!(find(&name.to_uppercase()), Some(field), "{name}");
                assert_eq!(find(&name.replace('-', "_")), Some(field), "{name}");
            }
        }
    }

    #[test]
    fn a_combination_is_found_by_its_ingredients() {
        let drugs = ["hydrocodone/acetaminophen", "acetaminophen", "naproxen"].map(str::to_owned);
        let expected = ["hydrocodone/acetaminophen", "hydrocodone", "acetaminophen", "naproxen"];
        assert_eq!(names_of(with_ingredients(&drugs)), names_of(expected));
    }

    #[test]
    fn a_name_is_there_once_and_on_one_line_and_has_room_in_an_index() {
        let long = "x".repeat(2_250);
        let table: [(&[&str], &[&str]); 4] = [
            (&["Utah", "Ohio", "Utah"], &["Utah", "Ohio"]),
            (&["Pain\nManagement", "", "\n", "Neurology\u{c}"], &["Pain Management", "Neurology"]),
            (&["a", &long, &long, "b"], &["a", &long]),
            (&["a", &long.repeat(2)], &["a"]),
        ];
        for (names, expected) in table {
            let expected: Values = expected.iter().map(|name| Value::Text((*name).into())).collect();
            assert_eq!(names_of(names.iter().copied()), expected);
        }
    }

    #[test]
    fn text_that_was_not_taken_apart_is_no_part_of_a_decision() {
        let letter = Letter { decisions: vec![Decision::default()], text: Some("another letter".into()), ..Letter::unread("a") };
        let values = find("text").map(|f| f.values).expect("a field");
        let found: Vec<_> = Unit::all(&letter).map(|u| (u.decision.is_some(), values(u).len())).collect();
        assert_eq!(found, [(true, 0), (false, 1)]);
    }

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_strange_one_none() {
        let table = [
            ("specialtiy", Some("specialty")),
            ("outcom", Some("outcome")),
            ("Ratoinale", Some("rationale")),
            ("itme", Some("item")),
            ("age_bnad", Some("age-band")),
            ("zebra", None),
            ("dos", None),
        ];
        for (name, expected) in table {
            assert_eq!(nearest(name), expected, "{name}");
        }
    }
}
