//! Similar decisions on random letters: what must hold of every list, and what separates two sides held against a plain count.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use imr::field;
use imr::index::words::words;
use imr::index::{Index, Stamp, Writer};
use imr::query::Query;
use imr::record::{Decision, Letter, Outcome};
use imr::search::form::Form;
use imr::search::results::Outcomes;
use imr::search::results::similar::{Separating, Similar, Subject};
use imr::search::similar::{Request, similar};
use imr::search::{contrast, lookup};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Words with stems of their own: a decision has few of them, as a real one has few of all words.
const WORDS: [&str; 40] = [
    "acupuncture",
    "ankle",
    "arthritis",
    "brace",
    "cervical",
    "chiropractic",
    "clinic",
    "cream",
    "disc",
    "electrode",
    "epidural",
    "evidence",
    "exercise",
    "fusion",
    "gabapentin",
    "imaging",
    "injection",
    "knee",
    "lumbar",
    "massage",
    "nerve",
    "opioid",
    "pain",
    "physical",
    "program",
    "radiculopathy",
    "relapse",
    "rotator",
    "session",
    "shoulder",
    "sleep",
    "spasm",
    "splint",
    "surgeon",
    "tendon",
    "therapy",
    "tramadol",
    "trauma",
    "walker",
    "wrist",
];

fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(select(&WORDS[..]), 1..most).prop_map(|words| words.join(" "))
}

/// Sentences of random words, now and then with a verdict behind them.
fn rationale() -> impl Strategy<Value = String> {
    let sentence = text(6).prop_map(|s| format!("So {s}. "));
    (prop::collection::vec(sentence, 1..5), prop::bool::ANY).prop_map(|(sentences, verdict)| {
        let verdict = if verdict { "The request for therapy is not medically necessary." } else { "" };
        sentences.concat() + verdict
    })
}

fn decision() -> impl Strategy<Value = Decision> {
    let outcome = prop::option::of(select(&Outcome::ALL[..]));
    let subcategory = prop::option::of(select(&["Opioids", "Fusion", "Acupuncture"][..]).prop_map(str::to_owned));
    (text(5), outcome, subcategory, prop::option::of(rationale())).prop_map(|(item, outcome, subcategory, rationale)| Decision {
        disputed: item.clone(),
        item,
        outcome,
        subcategory,
        rationale,
        ..Decision::default()
    })
}

/// Three words of one half of them as the item, six of the other as the rationale.
fn even() -> impl Strategy<Value = Decision> {
    let (items, rationales) = WORDS.split_at(WORDS.len() / 2);
    (subsequence(items, 3), subsequence(rationales, 6)).prop_map(|(item, rationale)| Decision {
        disputed: item.join(" "),
        item: item.join(" "),
        rationale: Some(rationale.join(" ")),
        ..Decision::default()
    })
}

fn letter() -> impl Strategy<Value = Letter> {
    (prop::collection::vec(decision(), 1..4), prop::option::of(text(8)), prop::option::of(20u8..70)).prop_map(
        |(decisions, summary, age)| {
            let decisions = decisions.into_iter().zip(1..).map(|(d, number)| Decision { number, ..d }).collect();
            Letter { decisions, summary, age, ..Letter::unread("a.txt") }
        },
    )
}

fn letters() -> impl Strategy<Value = Vec<Letter>> {
    prop::collection::vec(letter(), 12..40)
}

fn key(at: usize) -> String {
    format!("CM16-{at:07}")
}

/// An index of letters, each under the key of its place, written in the order of `order`.
fn indexed(letters: &[Letter], order: &[usize], dir: &std::path::Path) -> Index {
    let index = Index::open_or_create(dir).unwrap();
    let mut writer = Writer::open(&index).unwrap();
    for &at in order {
        let stamp = Stamp { size: 1, changed: at as i64, options: 0 };
        let letter = Letter { case_number: Some(key(at)), ..letters[at].clone() };
        let documents = writer.maker().documents(&letter).unwrap();
        writer.add(&format!("{at}.txt"), stamp, documents).unwrap();
    }
    writer.finish().unwrap();
    index
}

fn in_order(letters: &[Letter], dir: &std::path::Path) -> Index {
    indexed(letters, &(0..letters.len()).collect::<Vec<_>>(), dir)
}

fn first_of(letter: &Letter, key: &str) -> Subject {
    Subject::all(letter, key).remove(0)
}

fn all() -> Request {
    Request { among: None, nearest: 10, limit: 1000, offset: 0, same_letter: false, contrast: false }
}

fn ids(answer: &Similar) -> Vec<String> {
    answer.hits.iter().map(|hit| hit.id.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn neither_the_subject_nor_unasked_its_letter_is_among_the_similar(letters in letters()) {
        let dir = tempfile::tempdir().unwrap();
        let index = in_order(&letters, dir.path());
        let answer = similar(&index, first_of(&letters[0], &key(0)), &all()).unwrap();
        prop_assert!(!ids(&answer).iter().any(|id| id.starts_with(&key(0))));
        prop_assert_eq!(answer.left_out as usize, letters[0].decisions.len() - 1);
        let kept = similar(&index, first_of(&letters[0], &key(0)), &Request { same_letter: true, ..all() }).unwrap();
        let itself = format!("{}#1", key(0));
        prop_assert!(!ids(&kept).contains(&itself));
        prop_assert_eq!(kept.left_out, 0);
        prop_assert!(ids(&answer).iter().all(|id| ids(&kept).contains(id)));
    }

    /// Which letter is read first, and into which segment, decides nothing.
    #[test]
    fn the_list_does_not_depend_on_the_order_of_indexing(letters in letters(), seed in prop::collection::vec(any::<u32>(), 40)) {
        let mut order: Vec<_> = (0..letters.len()).collect();
        order.sort_by_key(|at| seed[*at]);
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let lists = [in_order(&letters, one.path()), indexed(&letters, &order, other.path())].map(|index| {
            let answer = similar(&index, first_of(&letters[0], &key(0)), &all()).unwrap();
            (answer.terms.clone(), answer.hits.into_iter().map(|hit| (hit.id, hit.score.to_string())).collect::<Vec<_>>())
        });
        prop_assert_eq!(&lists[0], &lists[1]);
    }

    /// Also where the subject is a file that the index does not hold. Texts are of one length and repeat nothing: else a decision
    /// that says one of the words twice may score better.
    #[test]
    fn a_decision_alike_in_everything_comes_first(decisions in prop::collection::vec(even(), 12..40), held in prop::bool::ANY) {
        let letter = |d: &Decision| Letter { decisions: vec![Decision { number: 1, ..d.clone() }], ..Letter::unread("a.txt") };
        let mut letters: Vec<_> = decisions.iter().map(letter).collect();
        letters.push(letters[0].clone());
        let dir = tempfile::tempdir().unwrap();
        let index = in_order(&letters, dir.path());
        let subject = first_of(&letters[0], &if held { key(0) } else { "CM99-0000000".into() });
        let answer = similar(&index, subject, &all()).unwrap();
        prop_assume!(!answer.terms.is_empty());
        let twin = answer.hits.iter().find(|hit| hit.id == format!("{}#1", key(letters.len() - 1)));
        prop_assert!(twin.is_some_and(|twin| twin.score == answer.hits[0].score), "{:?}", ids(&answer));
    }

    #[test]
    fn pages_partition_the_list_and_the_nearest_are_its_first(letters in letters(), page in 1usize..5, nearest in 1usize..30) {
        let dir = tempfile::tempdir().unwrap();
        let index = in_order(&letters, dir.path());
        let ask = |request: Request| similar(&index, first_of(&letters[0], &key(0)), &request).unwrap();
        let whole = ask(Request { nearest, ..all() });
        prop_assert!(!whole.more);
        prop_assert!(whole.hits.is_sorted_by(|a, b| a.score >= b.score));
        let mut pages = Vec::new();
        loop {
            let part = ask(Request { nearest, limit: page, offset: pages.len(), ..all() });
            prop_assert_eq!(part.more, pages.len() + part.hits.len() < whole.hits.len());
            pages.extend(part.hits.iter().map(|hit| (hit.rank, hit.id.clone())));
            if !part.more { break }
        }
        prop_assert_eq!(pages, whole.hits.iter().map(|hit| (hit.rank, hit.id.clone())).collect::<Vec<_>>());
        let mut outcomes = Outcomes::default();
        whole.hits.iter().take(nearest).for_each(|hit| outcomes.add(hit.letter.decisions[0].outcome));
        prop_assert_eq!(whole.nearest.outcomes, Some(outcomes));
        prop_assert_eq!(whole.nearest.found, whole.hits.len().min(nearest));
    }

    /// The restriction takes decisions from the list, and changes neither order nor score of the others.
    #[test]
    fn a_restriction_only_takes_away(letters in letters(), word in select(&WORDS[..])) {
        let dir = tempfile::tempdir().unwrap();
        let index = in_order(&letters, dir.path());
        let ask = |among| similar(&index, first_of(&letters[0], &key(0)), &Request { among, ..all() }).unwrap();
        let item = Query::Word { field: field::find("item"), word: word.into() };
        let has = |hit: &&imr::search::results::Hit| words(&hit.letter.decisions[0].item).any(|w| Form::of(word).is(&w.word));
        let expected: Vec<_> = ask(None).hits.iter().filter(has).map(|hit| (hit.id.clone(), hit.score)).collect();
        let got: Vec<_> = ask(Some(item)).hits.into_iter().map(|hit| (hit.id, hit.score)).collect();
        prop_assert_eq!(got, expected);
        let overturned = Query::Value { field: field::find("outcome").unwrap(), value: "overturned".into() };
        let answer = ask(Some(overturned));
        prop_assert!(answer.hits.iter().all(|hit| hit.letter.decisions[0].outcome == Some(Outcome::Overturned)));
        prop_assert_eq!(answer.nearest.outcomes, None);
    }

    /// The sides are the first of each outcome in the list.
    #[test]
    fn a_contrast_takes_the_nearest_of_each_outcome(letters in letters()) {
        let dir = tempfile::tempdir().unwrap();
        let index = in_order(&letters, dir.path());
        let answer = similar(&index, first_of(&letters[0], &key(0)), &Request { contrast: true, nearest: 8, ..all() }).unwrap();
        let contrast = answer.contrast.unwrap();
        for (side, outcome) in [(contrast.overturned, Outcome::Overturned), (contrast.upheld, Outcome::Upheld)] {
            let of: Vec<_> = answer.hits.iter().filter(|h| h.letter.decisions[0].outcome == Some(outcome)).collect();
            prop_assert_eq!(side.decisions as usize, of.len().min(4));
            prop_assert_eq!(side.nearest.map(|h| h.id), of.first().map(|h| h.id.clone()));
        }
    }

    #[test]
    fn what_separates_two_sides_is_what_a_plain_count_says(
        overturned in prop::collection::vec(rationale(), 3..20),
        upheld in prop::collection::vec(rationale(), 3..20),
    ) {
        let rows = contrast::terms(&sides(&overturned), &sides(&upheld), &|_| false);
        let count = |side: &[String], term: &str| side.iter().filter(|text| naive_terms(text).contains(term)).count();
        let naive = |term: &str| {
            let with = [count(&overturned, term), count(&upheld, term)];
            (with, naive_z(with, [overturned.len(), upheld.len()]))
        };
        for row in &rows {
            let (with, z) = naive(&row.term);
            prop_assert_eq!([row.overturned as usize, row.upheld as usize], with, "{}", &row.term);
            prop_assert!((row.z - z).abs() < 1e-9, "{} {} {}", &row.term, row.z, z);
        }
        prop_assert!(rows.is_sorted_by(|a, b| a.z.abs() >= b.z.abs()));
        // What is missing separates less, or is said by a row that shares a word with it, or there are enough.
        let candidates: BTreeSet<String> = overturned.iter().chain(&upheld).flat_map(|text| naive_terms(text)).collect();
        for term in candidates {
            let (with, z) = naive(&term);
            let counts = z.abs() >= 1.96 && with[usize::from(z < 0.0)] >= 3;
            let same_side = |row: &&Separating| (row.z > 0.0) == (z > 0.0) && row.z.abs() >= z.abs() - 1e-9;
            let shares = |row: &Separating| row.term.split(' ').any(|word| term.split(' ').any(|w| w == word));
            let told = rows.iter().any(|row| row.term == term);
            let said = rows.iter().filter(same_side).any(shares) || rows.iter().filter(same_side).count() >= 12;
            prop_assert!(if counts { told || said } else { !told }, "{term} {with:?} {z}");
        }
    }
}

fn sides(rationales: &[String]) -> Vec<Letter> {
    let of = |text: &String| Decision { number: 1, rationale: Some(text.clone()), ..Decision::default() };
    rationales.iter().map(|text| Letter { decisions: vec![of(text)], ..Letter::unread("a.txt") }).collect()
}

/// Words, and pairs of words, of the sentences that are no verdict. The test's words are stems' own, so forms are terms.
fn naive_terms(rationale: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for sentence in rationale.split(". ").filter(|s| !s.contains("medically necessary")) {
        let words: Vec<_> = sentence.trim_end_matches('.').split(' ').filter(|w| w.len() > 2).collect();
        terms.extend(words.iter().map(|w| (*w).to_owned()));
        terms.extend(words.windows(2).map(|pair| pair.join(" ")));
    }
    terms
}

/// The log-odds ratio with an informative Dirichlet prior, as the paper writes it, for having and not having a term.
fn naive_z(with: [usize; 2], of: [usize; 2]) -> f64 {
    let [y1, y2] = with.map(|n| n as f64);
    let [n1, n2] = of.map(|n| n as f64);
    let a0 = 10.0;
    let a = a0 * (y1 + y2 + 0.5) / (n1 + n2 + 1.0);
    let delta = ((y1 + a) / (n1 + a0 - y1 - a)).ln() - ((y2 + a) / (n2 + a0 - y2 - a)).ln();
    let variance = 1.0 / (y1 + a) + 1.0 / (n1 + a0 - y1 - a) + 1.0 / (y2 + a) + 1.0 / (n2 + a0 - y2 - a);
    delta / variance.sqrt()
}

#[test]
fn a_letter_in_the_index_and_its_file_are_one_subject() {
    let decision = |item: &str| Decision { number: 1, item: item.into(), disputed: item.into(), ..Decision::default() };
    let letters: Vec<_> = WORDS
        .iter()
        .map(|word| Letter { decisions: vec![decision(&format!("{word} therapy sessions"))], ..Letter::unread("a.txt") })
        .chain([Letter { decisions: vec![decision("lumbar brace")], ..Letter::unread("b.txt") }])
        .collect();
    let dir = tempfile::tempdir().unwrap();
    let index = in_order(&letters, dir.path());
    let at = WORDS.iter().position(|w| *w == "lumbar").unwrap();
    let stored = lookup::letter(&index, &index.view().unwrap(), &key(at)).unwrap().unwrap();
    for letter in [&stored, &letters[at]] {
        let answer = similar(&index, first_of(letter, &key(at)), &all()).unwrap();
        assert_eq!(ids(&answer), [format!("{}#1", key(WORDS.len()))]);
        assert_eq!(answer.terms, ["lumbar"], "a word that most decisions use weighs nothing");
    }
}

#[test]
fn a_text_that_names_a_case_finds_its_decisions() {
    let decision = |item: &str| Decision { number: 1, item: item.into(), disputed: item.into(), ..Decision::default() };
    let letters: Vec<_> =
        WORDS.iter().map(|word| Letter { decisions: vec![decision(word)], ..Letter::unread("a.txt") }).collect();
    let dir = tempfile::tempdir().unwrap();
    let index = in_order(&letters, dir.path());
    let at = WORDS.iter().position(|w| *w == "lumbar").unwrap();
    let request = Letter { text: Some("Request for lumbar, lumbar as before".into()), ..Letter::unread("request.txt") };
    let answer = similar(&index, first_of(&request, &key(at)), &all()).unwrap();
    assert_eq!((ids(&answer), answer.left_out), (vec![format!("{}#1", key(at))], 0));
}

#[test]
fn the_part_of_an_item_that_was_authorised_says_nothing() {
    let of = |item: &str, disputed: &str| {
        let decision = Decision { number: 1, item: item.into(), disputed: disputed.into(), ..Decision::default() };
        Letter { decisions: vec![decision], ..Letter::unread("a.txt") }
    };
    let mut letters: Vec<_> = WORDS.iter().map(|word| of(word, word)).collect();
    letters.push(of("knee brace", "knee brace"));
    letters.push(of("wrist splint", "wrist splint"));
    let dir = tempfile::tempdir().unwrap();
    let index = in_order(&letters, dir.path());
    let subject = of("wrist splint was authorized; the original request, knee brace, is", "knee brace");
    let answer = similar(&index, first_of(&subject, "CM99-0000000"), &all()).unwrap();
    assert_eq!(ids(&answer)[0], format!("{}#1", key(WORDS.len())));
    assert!(!ids(&answer).contains(&format!("{}#1", key(WORDS.len() + 1))));
}
