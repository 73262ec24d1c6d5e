//! Names of specialties: the state's own list, and how letters spell them otherwise.
//!
//! A list of specialties is split at commas and at "and" or "&", but names hold these themselves. So known names are taken
//! first, the longest before the shorter, and an unknown name is kept as printed.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::ocr::fold;

/// The names in use on the state's search page.
const NAMES: &[&str] = &[
    "Addiction Psychiatry",
    "Allergy and Immunology",
    "Anesthesiology",
    "Cardiovascular Disease",
    "Child and Adolescent Psychiatry",
    "Chiropractic",
    "Colon and Rectal Surgery",
    "Critical Care Medicine",
    "Dentist",
    "Dermatology",
    "Diagnostic Radiology",
    "Emergency Medicine",
    "Family Practice",
    "Gastroenterology",
    "General Vascular Surgery",
    "Geriatric Medicine",
    "Hand Surgery",
    "Hospice & Palliative Medicine",
    "Infectious Disease",
    "Internal Medicine",
    "Interventional Cardiology",
    "Medical Oncology",
    "Medical Toxicology",
    "Nephrology",
    "Neurological Surgery",
    "Neurology",
    "Neuromuscular Medicine",
    "Neuroradiology",
    "Occupational Medicine",
    "Oncology",
    "Ophthalmology",
    "Optometry",
    "Oriental Medicine",
    "Orthopedic Surgery",
    "Otolaryngology",
    "Pain Management",
    "Pediatrics",
    "Physical Medicine & Rehabilitation",
    "Plastic Surgery",
    "Podiatric Surgery",
    "Podiatrist",
    "Preventive Medicine",
    "Psychiatry",
    "Psychologist",
    "Psychology",
    "Public Health & General Preventive Medicine",
    "Pulmonary Disease",
    "Radiology",
    "Registered Nurse",
    "Rheumatology",
    "Sleep Medicine",
    "Sports Medicine",
    "Surgery",
    "Surgical Critical Care",
    "Thoracic Surgery",
    "Urology",
];

/// Names that the list has not, but that letters join to others: "Pain Medicine & Addiction Medicine".
const BESIDES: &[&str] =
    &["Addiction Medicine", "Chiropractor", "Family Medicine", "Pain Medicine", "Spinal Cord Injury Medicine"];

/// The names with what they are compared by.
static KEYS: LazyLock<Vec<(String, &str)>> = LazyLock::new(|| NAMES.iter().chain(BESIDES).map(|n| (key(n), *n)).collect());

/// No name that is several is longer; anything longer is kept as printed.
const LONGEST: usize = 150;

/// The names of printed lists, each once.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let names = texts.into_iter().flat_map(split_at_commas).flat_map(|part| split(&part));
    names.filter(|name| seen.insert(name.clone())).collect()
}

fn split_at_commas(text: &str) -> Vec<String> {
    text.split([',', ';']).map(clean).filter(|p| !p.is_empty()).collect()
}

/// A name without the "and" that a list has before its last, and without its full stop.
fn clean(part: &str) -> String {
    let part = part.trim().trim_end_matches('.').trim_end();
    let part = part.strip_prefix("and ").or_else(|| part.strip_prefix("& ")).unwrap_or(part);
    part.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One name, or several joined by "and", "&" or "/". They are several only where a side is known on its own.
fn split(part: &str) -> Vec<String> {
    if let Some(name) = known(part) {
        return vec![name.to_owned()];
    }
    if part.len() > LONGEST {
        return vec![part.to_owned()];
    }
    for joint in [" and ", " & ", "/"] {
        for (at, _) in part.match_indices(joint) {
            let (left, right) = (part[..at].trim(), part[at + joint.len()..].trim());
            if known(left).is_some() || known(right).is_some() {
                return split(left).into_iter().chain(split(right)).collect();
            }
        }
    }
    vec![part.to_owned()]
}

/// The name in use that `printed` spells, if any.
fn known(printed: &str) -> Option<&'static str> {
    if printed.len() > LONGEST {
        return None;
    }
    let key = key(printed);
    let chars = key.chars().count();
    // One edit leaves the first letter or the last.
    let end = |name: &str| name.as_bytes().first() == key.as_bytes().first() || name.as_bytes().last() == key.as_bytes().last();
    let near = |name: &str| key.len() > 8 && chars.abs_diff(name.len()) <= 1 && end(name);
    let misprint = |name: &str| near(name) && strsim::osa_distance(&key, name) == 1;
    KEYS.iter().find(|(k, _)| *k == key).or_else(|| KEYS.iter().find(|(k, _)| misprint(k))).map(|(_, name)| *name)
}

/// A name as it is compared: small letters as scanning leaves them, no "and", abbreviations written out.
fn key(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(str::to_ascii_lowercase);
    words
        .filter(|w| w != "and")
        .map(|w| match w.as_str() {
            "rehab" => "rehabilitation".to_owned(),
            _ => w,
        })
        .map(|w| w.chars().map(fold).collect::<String>())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_into_the_names_in_use() {
        for (text, want) in [
            ("Preventive Medicine, Occupational Medicine", vec!["Preventive Medicine", "Occupational Medicine"]),
            (
                "Physical Medicine and Rehabilitation & Pain Management",
                vec!["Physical Medicine & Rehabilitation", "Pain Management"],
            ),
            ("Physical Medicine Rehab.", vec!["Physical Medicine & Rehabilitation"]),
            ("Orthopedic Surgery, Sports Medicinea", vec!["Orthopedic Surgery", "Sports Medicine"]),
            ("Allergy & Immunology and Pediatrics", vec!["Allergy and Immunology", "Pediatrics"]),
            ("Urology, Neurology, and Surgery", vec!["Urology", "Neurology", "Surgery"]),
            ("Pain Medicine, Obstetrics and Gynecology", vec!["Pain Medicine", "Obstetrics and Gynecology"]),
            ("Psychology", vec!["Psychology"]),
            ("0rthopaedic Surgery, Pain Med1clne", vec!["Orthopedic Surgery", "Pain Medicine"]),
            ("Pain Medicine & Addiction Medicine", vec!["Pain Medicine", "Addiction Medicine"]),
            ("Neurology; NEUROLOGY", vec!["Neurology"]),
            ("", vec![]),
        ] {
            assert_eq!(list([text]), want, "{text}");
        }
    }

    #[test]
    fn no_name_is_a_misprint_of_another() {
        for a in NAMES.iter().chain(BESIDES) {
            assert_eq!(known(a), Some(*a));
        }
    }
}
