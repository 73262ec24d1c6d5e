//! What a filter's value stands for: `specialty:pain` for `Pain Management`.
//!
//! A value that is in the index, in any letter case, stands for itself. Otherwise it stands for every value that has its words
//! as beginnings of consecutive words: `pain` and `pain man` for `Pain Management`, `medicine` for all medicines. A state's postal
//! code or name stands for that state alone, and another name of a drug or of a region of the body for what an item is classified
//! as that has this name: `norco`, `neck`.

use std::collections::BTreeSet;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

use super::states;
use crate::classify::classify;
use crate::error::Result;
use crate::field::{BODY, DRUG, Field, LICENSURE, OUTCOME};
use crate::index::values::place;
use crate::index::view::View;
use crate::index::words;
use crate::query;
use crate::record::Outcome;

/// Values named in a sentence.
const FEW: usize = 5;

/// All values of a facet in the index, in order, but for those that only replaced letters had.
pub fn all(view: &View, field: &Field) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for segment in view.segments() {
        let values = segment.values(field.aspect())?;
        for value in values.said(place(field)).values() {
            if !all.contains(value) && is_found(segment.reader(), field, value)? {
                all.insert(value.clone());
            }
        }
    }
    Ok(all)
}

/// Whether any document that has this value is not deleted. Mostly the first is not, so that this takes less than to look at all.
fn is_found(segment: &SegmentReader, field: &Field, value: &str) -> tantivy::Result<bool> {
    let Some(alive) = segment.alive_bitset() else { return Ok(true) };
    let term = Term::from_field_text(segment.schema().get_field(field.name)?, value);
    let documents = segment.inverted_index(term.field())?.read_postings(&term, IndexRecordOption::Basic)?;
    let Some(mut documents) = documents else { return Ok(false) };
    while documents.doc() != TERMINATED && alive.is_deleted(documents.doc()) {
        documents.advance();
    }
    Ok(documents.doc() != TERMINATED)
}

/// The values among `all`, which are those of `field`, for which `asked` stands.
pub fn matching<'a>(field: &Field, asked: &str, all: impl IntoIterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    let state = if field.name == LICENSURE { states::named(asked) } else { None };
    let whole = key(state.unwrap_or(asked));
    let exact: Vec<_> = all.clone().into_iter().filter(|value| key(value) == whole).collect();
    if !exact.is_empty() || state.is_some() {
        return exact;
    }
    let beginning = beginning(asked, all.clone());
    if beginning.is_empty() { called(field, &whole, all) } else { beginning }
}

/// The value among `all` of which these words are another name, if it has only that one meaning.
fn called<'a>(field: &Field, name: &[String], all: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let subject = classify(&name.join(" "), "");
    let mentions = match field.name {
        BODY => subject.body,
        DRUG => subject.drug,
        _ => return Vec::new(),
    };
    match mentions.as_slice() {
        [one] if key(one.term) == name => all.into_iter().filter(|value| *value == one.value).collect(),
        _ => Vec::new(),
    }
}

/// The values among `all` that have the words of `asked` as beginnings of consecutive words: what `asked*` stands for.
pub fn beginning<'a>(asked: &str, all: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let asked = key(asked);
    if asked.is_empty() {
        return Vec::new();
    }
    let begins = |window: &[String]| window.iter().zip(&asked).all(|(word, begin)| word.starts_with(begin.as_str()));
    all.into_iter().filter(|value| key(value).windows(asked.len()).any(begins)).collect()
}

fn key(text: &str) -> Vec<String> {
    words::words(text).map(|w| w.word.into_owned()).collect()
}

/// The sentence for a value that stands for none among `all`, with those that may be meant.
pub fn none(field: &Field, asked: &str, all: &BTreeSet<String>) -> String {
    let said = format!("no value of `{}` in the index matches `{asked}`", field.name);
    let few = |values: Vec<&str>| values.join(", ");
    if field.name == OUTCOME && beginning(asked, Outcome::ALL.map(Outcome::name)).is_empty() {
        return format!("{said}; outcomes are {}", few(Outcome::ALL.map(Outcome::name).to_vec()));
    }
    let meant = meant(asked, all.iter().map(String::as_str));
    let near = if meant.is_empty() { nearest(asked, all.iter().map(String::as_str)) } else { meant };
    match near.is_empty() {
        false => format!("{said}; near it: {}", few(near)),
        true if (1..=FEW).contains(&all.len()) => format!("{said}; there are {}", few(all.iter().map(String::as_str).collect())),
        true => format!("{said}; --facet {} lists them", field.name),
    }
}

/// The values among `all` that have the words of what `asked` may be meant for, at most [`FEW`], those of the first such words
/// first.
fn meant<'a>(asked: &str, all: impl IntoIterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    let mut found = Vec::new();
    for other in query::meant(asked) {
        for value in beginning(&other, all.clone()) {
            if !found.contains(&value) {
                found.push(value);
            }
        }
    }
    found.truncate(FEW);
    found
}

/// The values most like `asked`, at most three, the nearest first.
pub fn nearest<'a>(asked: &str, all: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let asked = asked.to_lowercase();
    let far = |value: &str| {
        let value = value.to_lowercase();
        let words = value.split_whitespace().map(|word| strsim::damerau_levenshtein(word, &asked));
        words.chain([strsim::damerau_levenshtein(&value, &asked)]).min().unwrap_or(usize::MAX)
    };
    let mut near: Vec<_> =
        all.into_iter().map(|v| (far(v), v)).filter(|(d, _)| *d <= (asked.chars().count() / 3).max(1)).collect();
    near.sort();
    near.into_iter().take(3).map(|(_, v)| v).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str) -> &'static Field {
        crate::field::find(name).unwrap()
    }

    const SPECIALTIES: [&str; 5] = ["Internal Medicine", "Occupational Medicine", "Pain Management", "Surgery", "Hand Surgery"];

    #[test]
    fn a_value_stands_for_itself_or_for_all_that_begin_like_it() {
        let table: &[(&str, &[&str])] = &[
            ("pain", &["Pain Management"]),
            ("PAIN MAN", &["Pain Management"]),
            ("surgery", &["Surgery"]),
            ("surg", &["Surgery", "Hand Surgery"]),
            ("medicine", &["Internal Medicine", "Occupational Medicine"]),
            ("management pain", &[]),
            ("ain", &[]),
            ("", &[]),
        ];
        for (asked, expected) in table {
            assert_eq!(matching(field("specialty"), asked, SPECIALTIES), *expected, "{asked}");
        }
        assert_eq!(beginning("surgery", SPECIALTIES), ["Surgery", "Hand Surgery"]);
    }

    #[test]
    fn a_state_s_code_or_name_stands_for_that_state_alone() {
        let all = ["California", "North Carolina", "South Carolina", "Texas", "West Virginia"];
        let table: &[(&str, &[&str])] = &[
            ("CA", &["California"]),
            ("tx", &["Texas"]),
            ("NC", &["North Carolina"]),
            ("VA", &[]),
            ("virginia", &[]),
            ("west", &["West Virginia"]),
            ("cali", &["California"]),
            ("carolina", &["North Carolina", "South Carolina"]),
        ];
        for (asked, expected) in table {
            assert_eq!(matching(field("state"), asked, all), *expected, "{asked}");
        }
        assert_eq!(matching(field("specialty"), "ca", ["Cardiology", "California"]), ["Cardiology", "California"]);
        assert_eq!(beginning("CA", all), ["California", "North Carolina", "South Carolina"], "what `state:CA*` asks for");
    }

    #[test]
    fn another_name_of_a_drug_or_region_stands_for_it() {
        let all = ["cervical", "hydrocodone", "hydrocodone/acetaminophen", "lumbar", "tramadol"];
        let table: &[(&str, &str, &[&str])] = &[
            ("drug", "Norco", &["hydrocodone/acetaminophen"]),
            ("drug", "ultram er", &["tramadol"]),
            ("drug", "hydrocodone", &["hydrocodone"]),
            ("drug", "ultram 50 mg", &[]),
            ("drug", "norco ultram", &[]),
            ("drug", "flexeril", &[]),
            ("drug", "neck", &[]),
            ("body", "neck", &["cervical"]),
            ("body", "low back", &["lumbar"]),
            ("body", "back", &[]),
            ("body", "spine", &[]),
            ("body", "cervicothoracic", &[]),
            ("specialty", "neck", &[]),
        ];
        for (name, asked, expected) in table {
            assert_eq!(matching(field(name), asked, all), *expected, "{name}:{asked}");
        }
    }

    #[test]
    fn a_value_that_is_not_there_is_answered_by_those_that_may_be_meant() {
        let outcomes = ["upheld"];
        let regions = ["ankle", "cervical", "hip", "knee", "lumbar", "thoracic"];
        let drugs = ["hydrocodone", "hydrocodone/acetaminophen", "naproxen", "a", "b", "c"];
        let table: &[(&str, &str, &[&str], &str)] = &[
            ("outcome", "denied", &outcomes, "; outcomes are upheld, overturned, modified"),
            ("outcome", "modified", &outcomes, "; there are upheld"),
            ("body", "back", &regions, "; near it: lumbar, thoracic"),
            ("body", "spine", &regions, "; near it: cervical, thoracic, lumbar"),
            ("body", "lumbr", &regions, "; near it: lumbar"),
            ("body", "zebra", &regions, "; --facet body lists them"),
            ("drug", "Norcos", &drugs, "; near it: hydrocodone, hydrocodone/acetaminophen"),
            (
                "specialty",
                "PM&R",
                &["Pain Management", "Physical Medicine & Rehabilitation"],
                "; near it: Physical Medicine & Rehabilitation",
            ),
            ("gender", "woman", &["female", "male"], "; there are female, male"),
            ("gender", "woman", &[], "; --facet gender lists them"),
        ];
        for (name, asked, all, expected) in table {
            let said = none(field(name), asked, &all.iter().map(|v| (*v).to_owned()).collect());
            let begins = format!("no value of `{name}` in the index matches `{asked}`");
            assert_eq!(said.strip_prefix(&begins), Some(*expected), "{name}:{asked}");
        }
    }

    #[test]
    fn a_misspelt_value_has_neighbours() {
        let table: &[(&str, &[&str])] = &[
            ("pian", &["Pain Management"]),
            ("surgrey", &["Hand Surgery", "Surgery"]),
            ("medcine", &["Internal Medicine", "Occupational Medicine"]),
            ("PAIN MANAGMENT", &["Pain Management"]),
            ("internal medcine", &["Internal Medicine"]),
            ("zebra", &[]),
        ];
        for (asked, expected) in table {
            assert_eq!(nearest(asked, SPECIALTIES), *expected, "{asked}");
        }
    }
}
