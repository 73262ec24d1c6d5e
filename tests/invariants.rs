//! What must hold of every letter there is, and that the check which tells so would notice if it did not.
//!
//! The letters are those of `data/`, of `tests/letters` and, where they are at hand, the published ones in `../shared/letters`.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops where it fails, and says what it skips")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use imr::letter::check::{Finding, check};
use imr::letter::parse;
use imr::record::{Layout, Letter};
use imr::text::Text;
use imr::{ingest, source};
use proptest::prelude::*;
use proptest::sample::Index;

use damage::{changes, damaged};

#[path = "common/damage.rs"]
mod damage;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Letters of the folder with what the check finds, and how many letters there are.
fn findings(folder: &Path) -> (Vec<(String, Vec<String>)>, usize) {
    let sources = source::find(&[folder.to_owned()], Path::new(""), &Default::default()).inputs;
    let checked = sources.iter().map(|source| {
        let name = Path::new(&source.name()).file_name().unwrap().to_string_lossy().into_owned();
        (name, ingest::check(&source.letter(&Default::default())).unwrap().iter().map(Finding::to_string).collect::<Vec<_>>())
    });
    (checked.filter(|(_, found)| !found.is_empty()).collect(), sources.len())
}

#[test]
fn nothing_is_wrong_with_the_sample_letters() {
    assert_eq!(findings(&root().join("data")), (vec![], 20));
}

#[test]
fn nothing_is_wrong_with_the_published_letters() {
    let folder = root().join("../shared/letters");
    if !folder.is_dir() {
        eprintln!("skipped: no ../shared/letters");
        return;
    }
    let (wrong, letters) = findings(&folder);
    assert_eq!(wrong, []);
    assert!(letters >= 100, "{letters}");
}

#[test]
fn of_the_fixtures_those_that_lack_something_are_reported() {
    let (found, letters) = findings(&root().join("tests/letters"));
    let found: Vec<_> = found.iter().map(|(name, findings)| (name.as_str(), findings.join("; "))).collect();
    let expected = [
        ("another_body.txt", "no decision could be read"),
        (
            "cut_after_heading.txt",
            "96.9 % of the decisions' words are in the record (62 of 64); the first not: \"Claims Admin ...\"",
        ),
        ("no_decisions.txt", "no decision could be read"),
        ("no_outcome.txt", "no outcome for item 1; no outcome for item 2"),
        ("not_a_letter.txt", "no decision could be read"),
        ("notice_damaged.txt", "no outcome for item 1; no outcome for item 3"),
        ("numbered_damaged.txt", "no outcome for item 2; no outcome for item 3; no outcome for item 4; no outcome for item 5"),
        ("professional_contradicted.txt", "no outcome for item 1"),
        ("scanned.txt", "no outcome for item 2"),
    ];
    assert_eq!(found, expected.map(|(name, found)| (name, found.to_owned())));
    assert!(letters > 2 * expected.len());
}

/// The text letters of `data/` and of the fixtures that are clean, with their records.
static CLEAN: LazyLock<Vec<(Text, Letter)>> = LazyLock::new(|| {
    let folders = ["data", "tests/letters"].map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let mut paths: Vec<PathBuf> = folders.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let read = |path: &PathBuf| {
        let text = Text { text: fs::read_to_string(path).unwrap(), ..Text::default() };
        let letter = parse("letter.txt", &text);
        check(&text, &letter).is_empty().then_some((text, letter))
    };
    let clean: Vec<_> = paths.iter().filter_map(read).collect();
    assert!(clean.len() > 20);
    clean
});

fn without(text: &str, words: std::ops::Range<usize>) -> String {
    let kept = text.split_whitespace().enumerate().filter(|(i, _)| !words.contains(i)).map(|(_, word)| word);
    kept.collect::<Vec<_>>().join(" ")
}

proptest! {
    #[test]
    fn words_lost_inside_a_rationale_are_found(letter in any::<Index>(), decision in any::<Index>(), word in any::<Index>()) {
        let (text, mut letter) = letter.get(&CLEAN).clone();
        prop_assume!(!letter.decisions.is_empty());
        let decision = decision.index(letter.decisions.len());
        let Some(rationale) = letter.decisions[decision].rationale.clone() else { return Err(TestCaseError::reject("no rationale")) };
        let words: Vec<_> = rationale.split_whitespace().collect();
        prop_assume!(words.len() > 2);
        let lost = 1 + word.index(words.len() - 2);
        prop_assume!(words[lost].contains(char::is_alphanumeric) && words[lost] != words[lost - 1] && words[lost] != words[lost + 1]);
        letter.decisions[decision].rationale = Some(without(&rationale, lost..lost + 1));
        let found = check(&text, &letter);
        prop_assert!(matches!(found.first(), Some(Finding::Foreign { what, .. }) if what.starts_with("the rationale")), "{found:?}");
    }

    #[test]
    fn a_rationale_that_ends_too_early_is_found(letter in any::<Index>(), decision in any::<Index>()) {
        let (text, mut letter) = letter.get(&CLEAN).clone();
        prop_assume!(!letter.decisions.is_empty() && letter.layout == Layout::Current);
        let texts = letter.decisions.iter().flat_map(|d| [Some(&d.item), d.claims_guideline.as_ref(), d.imr_guideline.as_ref(), d.rationale.as_ref()]);
        let all: usize = texts.flatten().map(|text| text.split_whitespace().count()).sum();
        let decision = decision.index(letter.decisions.len());
        let Some(rationale) = letter.decisions[decision].rationale.clone() else { return Err(TestCaseError::reject("no rationale")) };
        let words = rationale.split_whitespace().count();
        // More than the one word in a hundred that the check lets pass.
        let lost = 2 + all / 50;
        prop_assume!(words > lost);
        letter.decisions[decision].rationale = Some(without(&rationale, words - lost..words));
        let found = check(&text, &letter);
        prop_assert!(matches!(found[..], [Finding::Uncovered { .. }]), "{found:?}");
    }

    #[test]
    fn texts_in_the_wrong_place_are_found(letter in any::<Index>(), pair in any::<(Index, Index)>(), what in 0..3u8) {
        let (text, mut letter) = letter.get(&CLEAN).clone();
        prop_assume!(letter.decisions.len() > 1 && letter.layout == Layout::Current);
        let a = pair.0.index(letter.decisions.len() - 1);
        let b = a + 1 + pair.1.index(letter.decisions.len() - 1 - a);
        let before = letter.clone();
        let (head, tail) = letter.decisions.split_at_mut(b);
        match what {
            0 => std::mem::swap(&mut head[a].rationale, &mut tail[0].rationale),
            1 => std::mem::swap(&mut head[a], &mut tail[0]),
            _ => drop(letter.decisions.remove(a)),
        }
        prop_assume!(letter != before);
        let found = check(&text, &letter);
        let told = |f: &Finding| matches!(f, Finding::Misplaced { .. } | Finding::Foreign { .. } | Finding::Uncovered { .. });
        prop_assert!(found.iter().any(told), "{found:?}");
    }

    #[test]
    fn a_letter_without_decisions_keeps_every_word(letter in any::<Index>(), word in any::<Index>()) {
        let (text, letter) = letter.get(&CLEAN).clone();
        let lost = word.index(text.text.split_whitespace().count());
        let kept = Letter { decisions: Vec::new(), text: Some(without(&text.text, lost..lost + 1)), ..letter };
        let found = check(&text, &kept);
        let is_word = text.text.split_whitespace().nth(lost).is_some_and(|w| w.contains(char::is_alphanumeric));
        prop_assert!(!is_word || found.iter().any(|f| matches!(f, Finding::Uncovered { .. })), "{found:?}");
    }

    #[test]
    fn dates_out_of_their_order_are_found(letter in any::<Index>(), days in 1..4000i32) {
        let (text, mut letter) = letter.get(&CLEAN).clone();
        let Some(injured) = letter.injury_date else { return Err(TestCaseError::reject("no date of injury")) };
        letter.decision_date = injured.checked_sub(jiff::Span::new().days(days)).ok();
        let told = |f: &Finding| matches!(f, Finding::Dates { first: ("date of injury", _), later: ("decision date", _) });
        prop_assert_eq!(check(&text, &letter).iter().filter(|f| told(f)).count(), 1);
    }

    /// Whatever happened to a letter: what was read from it stands in it, in its order.
    #[test]
    fn nothing_is_read_that_is_not_there(
        letter in any::<Index>(),
        changes in changes(),
    ) {
        let (text, _) = letter.get(&CLEAN);
        let text = Text { text: damaged(&text.text, &changes), ..Text::default() };
        let found = check(&text, &parse("letter.txt", &text));
        let wrong = |f: &Finding| matches!(f, Finding::Foreign { .. } | Finding::Misplaced { .. } | Finding::GaveUp);
        prop_assert!(!found.iter().any(wrong), "{found:?}");
    }

    #[test]
    fn any_record_is_checked_against_any_text_without_panic(
        letter in any::<Index>(),
        text in "(\\PC|\n|\u{c}|: Upheld|Decision rationale:|IMR ISSUES, DECISIONS AND RATIONALES\n){0,200}",
    ) {
        let text = Text { text, ..Text::default() };
        check(&text, &letter.get(&CLEAN).1);
        let own = check(&text, &parse("letter.txt", &text));
        let wrong = |f: &Finding| matches!(f, Finding::Foreign { .. } | Finding::Misplaced { .. } | Finding::GaveUp);
        prop_assert!(!own.iter().any(wrong), "{own:?}");
    }
}
