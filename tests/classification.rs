//! The classifier against the letters read by hand.
//!
//! `../shared` is not part of the project; without it the test says that it was skipped.

#![expect(clippy::print_stderr, reason = "a test says what it scored and why it was skipped")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use imr::classify::{Mention, classify, taxonomy};
use serde::Deserialize;

const CATEGORY: f64 = 0.985;
const SUBCATEGORY: f64 = 0.97;

#[derive(Deserialize)]
struct Letter {
    decisions: Vec<Decision>,
}

#[derive(Deserialize)]
struct Decision {
    disputed: String,
    rationale: Option<String>,
    /// Every pair that a careful reader may choose.
    accept: Vec<(String, String)>,
}

fn shared(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    let text = fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: no {}", path.display());
    }
    text
}

#[test]
fn the_letters_read_by_hand_are_classed_as_their_readers_did() {
    let Some(gold) = shared("letters/gold.jsonl") else { return };
    let (mut all, mut category, mut both, mut misses) = (0, 0, 0, Vec::new());
    for line in gold.lines() {
        let letter: Letter = serde_json::from_str(line).unwrap();
        for d in letter.decisions {
            let class = classify(&d.disputed, d.rationale.as_deref().unwrap_or_default()).class;
            let fits = |f: &dyn Fn(&(String, String)) -> bool| usize::from(d.accept.iter().any(f));
            all += 1;
            category += fits(&|(c, _)| class.is_some_and(|k| k.category == c));
            let right = fits(&|(c, s)| class.is_some_and(|k| k.category == c && k.subcategory == s));
            both += right;
            if right == 0 {
                misses.push(format!("{} -> {class:?}, not {:?}", d.disputed, d.accept));
            }
        }
    }
    let rate = |n: usize| n as f64 / all as f64;
    let report = format!("category {:.4}, subcategory {:.4} of {all}\n{}", rate(category), rate(both), misses.join("\n"));
    eprintln!("{report}");
    assert!(all > 0 && rate(category) >= CATEGORY && rate(both) >= SUBCATEGORY, "{report}");
}

#[test]
fn the_hierarchy_is_the_state_s() {
    #[derive(Deserialize)]
    struct Taxonomy {
        categories: BTreeMap<String, Vec<String>>,
    }
    let Some(text) = shared("taxonomy.json") else { return };
    let theirs: Taxonomy = serde_json::from_str(&text).unwrap();
    let own = |s: &[&str]| s.iter().map(ToString::to_string).collect::<Vec<_>>();
    let ours: BTreeMap<_, _> = taxonomy::CATEGORIES.iter().map(|(c, s)| (c.to_string(), own(s))).collect();
    assert_eq!(ours, theirs.categories);
}

#[test]
fn items_of_every_class_are_classed() {
    let table = include_str!("classification.txt");
    let (mut wanted, mut tried, mut wrong) = (None, Vec::new(), Vec::new());
    for line in table.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if line == "(none)" {
            wanted = None;
        } else if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            let (category, subcategory) = name.split_once(" / ").unwrap();
            wanted = Some(taxonomy::pair(category, subcategory).unwrap());
            tried.extend(wanted);
        } else {
            let class = classify(line, "").class;
            if class.map(|c| (c.category, c.subcategory)) != wanted {
                wrong.push(format!("{line} -> {class:?}, not {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let untried: Vec<_> = taxonomy::pairs().filter(|p| !tried.contains(p)).collect();
    assert!(untried.is_empty(), "no items of {untried:?}");
}

#[test]
fn a_silent_item_is_left_to_a_rationale_that_names_one_class() {
    for (rationale, wanted) in [
        ("The request for Norco is not supported. Opioids need monitoring. Gabapentin was tried.", Some("Opioids")),
        ("Norco and gabapentin were tried. Neither helped.", None),
        ("", None),
        ("é", None),
    ] {
        assert_eq!(classify("Unspecified request", rationale).class.map(|c| c.subcategory), wanted, "{rationale}");
    }
    assert_eq!(classify("MRI", "The request for Norco is denied.").class.map(|c| c.rule), Some("mri"));
}

#[test]
fn regions_and_drugs_are_those_that_the_item_names() {
    let (mut items, mut wrong) = (0, Vec::new());
    for line in include_str!("subject.txt").lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let [item, body, drug] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else { panic!("{line}") };
        let subject = classify(item, "Norco did not help the left knee.");
        let listed = |mentions: &[Mention]| mentions.iter().map(|m| m.value).collect::<Vec<_>>().join(", ");
        let found = (listed(&subject.body), listed(&subject.drug));
        items += 1;
        if found != (body.to_owned(), drug.to_owned()) {
            wrong.push(format!("{line} -> {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(items >= 120, "{items}");
}

#[test]
fn a_choice_says_what_made_it() {
    for (item, rationale, reason) in [
        ("Tramadol 50mg", "", "term: tramadol"),
        ("Tramadol 5% cream", "", "term: tramadol"),
        ("Baclofen 5% cream", "", "rule: topical + Pharmaceuticals / Muscle Relaxant -> Pharmaceuticals / Topical Analgesics"),
        ("Laboratory", "", "rule: lab + nothing -> Diagnostic Testing / Lab & Pathology"),
        ("Acupuncturre", "", "misspelt term: acupuncture"),
        ("Unspecified request", "Acupuncture is asked for.", "term of the rationale: acupuncture"),
        ("Unspecified request", "", "no term named a class"),
    ] {
        assert_eq!(classify(item, rationale).explain().category, reason, "{item}");
    }
    let explain = classify("Norco, low back and neck", "").explain();
    assert_eq!(explain.body.into_iter().collect::<Vec<_>>(), [("cervical", "neck"), ("lumbar", "low back")].map(own));
    assert_eq!(explain.drug.into_iter().collect::<Vec<_>>(), [("hydrocodone/acetaminophen", "norco")].map(own));
}

fn own((value, term): (&str, &str)) -> (String, String) {
    (value.to_owned(), term.to_owned())
}
