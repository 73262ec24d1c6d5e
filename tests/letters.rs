//! The letters of `tests/letters`, each with the record that it must give, and what holds of any text.
//!
//! The folder is the list: a `.txt` of our own writing in the published form, a `.json` beside it. `IMR_BLESS=1 cargo test
//! --test letters` writes the records anew; read the difference before committing it.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;
use std::path::{Path, PathBuf};

use imr::letter::parse;
use imr::record::{Layout, Letter};
use imr::text::Text;
use proptest::prelude::*;

use damage::{changes, damaged};
use record::{holds, key};

#[path = "common/damage.rs"]
mod damage;
#[path = "common/record.rs"]
mod record;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    paths
}

fn read(text: &str) -> Letter {
    parse("letter.txt", &Text { text: text.to_owned(), ..Text::default() })
}

#[test]
fn every_letter_gives_its_record() {
    let paths = fixtures();
    assert!(paths.len() >= 12);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let got = read(&text);
        let json = path.with_extension("json");
        if std::env::var_os("IMR_BLESS").is_some() {
            fs::write(&json, serde_json::to_string_pretty(&got).unwrap() + "\n").unwrap();
        }
        let want: Letter = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
        assert_eq!(got, want, "{}", path.display());
        holds(&text, &got, false);
    }
}

/// What `damaged` may say of the items of `whole`: no other outcome than that does, but it may know none.
fn agree(damaged: &Letter, whole: &Letter, every_item: bool) {
    for d in damaged.decisions.iter().filter(|d| d.outcome.is_some()) {
        let same: Vec<_> = whole.decisions.iter().filter(|w| key(&w.item) == key(&d.item)).collect();
        let known = same.iter().any(|w| w.outcome == d.outcome);
        assert!(known || !every_item && same.is_empty(), "{} is {:?}, but of {same:?}", d.item, d.outcome);
    }
}

#[test]
fn no_line_that_is_lost_or_moved_changes_an_outcome() {
    for path in fixtures() {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.split('\n').collect();
        let whole = read(&text);
        // Where heading and argument contradict each other, a loss in one leaves the other.
        let contradicts = whole.warnings.iter().any(|w| w.contains("do not say one outcome"));
        for at in 0..lines.len() {
            agree(&read(&lines[..at].join("\n")), &whole, true);
            if contradicts {
                continue;
            }
            let mut damaged = lines.clone();
            damaged.remove(at);
            agree(&read(&damaged.join("\n")), &whole, false);
            let mut damaged = lines.clone();
            damaged.swap(at, (at + 1) % lines.len());
            agree(&read(&damaged.join("\n")), &whole, false);
        }
    }
}

#[test]
fn a_notice_that_breaks_off_within_a_word_names_no_further_item() {
    for path in fixtures().into_iter().filter(|path| path.file_stem().is_some_and(|name| name == "notice_unnumbered")) {
        let text = fs::read_to_string(&path).unwrap();
        let whole = read(&text);
        for (at, _) in text.char_indices() {
            let cut = read(&text[..at]);
            assert!(cut.decisions.len() <= whole.decisions.len(), "cut at {at}: {:?}", cut.decisions);
        }
    }
}

#[test]
fn every_layout_has_its_letters() {
    let layouts: Vec<_> = fixtures().iter().map(|p| read(&fs::read_to_string(p).unwrap()).layout).collect();
    for layout in [Layout::Current, Layout::Numbered, Layout::Notice, Layout::ProfessionalReview] {
        assert!(layouts.iter().filter(|l| **l == layout).count() >= 4, "{layout:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(\\PC|\n|\u{c}|\r|: Upheld|Decision rationale:|CM1|IMR DECISIONS AND RATIONALES|1\\. | is not medically necessary|Regarding the request for|MAXIMUS has determined the request for|ISSUE AT DISPUTE:|MEDICAL PROFESSIONAL REVIEW){0,300}") {
        holds(&text, &read(&text), true);
    }

    #[test]
    fn damaged_letters_keep_what_can_be_read(
        which in any::<prop::sample::Index>(),
        changes in changes(),
    ) {
        let paths = fixtures();
        let text = fs::read_to_string(which.get(&paths)).unwrap();
        let damaged = damaged(&text, &changes);
        holds(&damaged, &read(&damaged), true);
    }

    #[test]
    fn a_letter_cut_anywhere_has_the_first_decisions_of_the_whole(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let paths = fixtures();
        let text = fs::read_to_string(which.get(&paths)).unwrap();
        let cut = text.get(..at.index(text.len())).unwrap_or("");
        let (whole, cut) = (read(&text), read(cut));
        prop_assert!(cut.decisions.len() <= whole.decisions.len(), "{:?} cut at {}: {:?}", which.get(&paths), at.index(text.len()), cut.decisions.iter().map(|d| &d.item).collect::<Vec<_>>());
        agree(&cut, &whole, true);
        // The arguments of a notice and of a professional review stand behind all their items.
        if cut.layout == whole.layout && !matches!(whole.layout, Layout::Notice | Layout::ProfessionalReview) {
            let sure = cut.decisions.len().saturating_sub(1);
            prop_assert_eq!(&cut.decisions[..sure], &whole.decisions[..sure]);
        }
    }
}
