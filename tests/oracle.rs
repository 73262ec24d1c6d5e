//! Searches and counts held against a naive oracle: on random letters and random queries, the index must find, count and order
//! exactly what a plain loop over the records does.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use imr::field::{self, FIELDS, Field, Kind, Unit, Value};
use imr::index::sentences::sentences;
use imr::index::words::{Word, words};
use imr::index::{Index, Stamp, Writer};
use imr::query::{Gap, Query, Reach};
use imr::record::{Decision, Letter, Outcome};
use imr::search::form::Form;
use imr::search::marks::Marker;
use imr::search::results::{Answer, Hit, Part};
use imr::search::translate::Translator;
use imr::search::values;
use imr::search::{Request, Sort, search, search_each};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use tantivy::collector::TopDocs;

#[path = "oracle/facets.rs"]
mod facets;

const WORDS: [&str; 17] = [
    "physical",
    "therapy",
    "therapies",
    "of",
    "the",
    "lumbar",
    "L4-5",
    "10/325mg",
    "mg",
    "patient's",
    "injection",
    "injections",
    "opioid",
    "opioids",
    "x-ray",
    "MRI",
    "opiate",
];
/// Of the large corpus: enough for more than 4096 documents in each of the two segments that the writer makes.
const LETTERS: usize = 6_000;
const QUERIES: u32 = 40;
const SPECIALTIES: [&str; 5] = ["Pain Management", "Internal Medicine", "Occupational Medicine", "Surgery", "Hand Surgery"];
const DRUGS: [&str; 4] = ["hydrocodone", "hydrocodone/acetaminophen", "naproxen", "vitamin d"];
const REGIONS: [&str; 3] = ["cervical", "lumbar", "knee"];
const CATEGORIES: [&str; 3] = ["Surgery", "Rehabilitation", "Pharmaceuticals"];

/// Words, and here and there what ends a sentence or does not.
fn text() -> impl Strategy<Value = String> {
    let end = prop_oneof![8 => Just(""), 2 => Just(". The"), 1 => Just(". of"), 1 => Just("? MRI"), 1 => Just(" Dr. L4-5")];
    let pieces = prop::collection::vec((select(&WORDS[..]), end).prop_map(|(word, end)| format!("{word}{end}")), 1..8);
    pieces.prop_map(|pieces| pieces.join(" "))
}

fn decision() -> impl Strategy<Value = Decision> {
    let outcome = prop::option::of(select(&Outcome::ALL[..]));
    let category = prop::option::of(select(&CATEGORIES[..]).prop_map(str::to_owned));
    let subject = (subsequence(&REGIONS[..], 0..3), subsequence(&DRUGS[..], 0..3));
    (text(), outcome, category, prop::option::of(text()), prop::option::of(text()), subject).prop_map(
        |(item, outcome, category, rationale, imr, (body, drug))| Decision {
            disputed: item.clone(),
            item,
            outcome,
            category,
            body: body.into_iter().map(str::to_owned).collect(),
            drug: drug.into_iter().map(str::to_owned).collect(),
            rationale,
            imr_guideline: imr,
            ..Decision::default()
        },
    )
}

prop_compose! {
    fn letter()(
        decisions in prop::collection::vec(decision(), 0..4),
        age in prop::option::of(18u8..80),
        year in prop::option::of(2014i16..2018),
        specialties in subsequence(&SPECIALTIES[..], 0..3),
        summary in prop::option::of(text()),
        whole in text(),
        second in prop::bool::weighted(0.1),
    ) -> Letter {
        let numbered = decisions.into_iter().enumerate().map(|(at, d)| Decision { number: at as u32 + 1, ..d });
        let decisions: Vec<_> = numbered.collect();
        Letter {
            text: (decisions.is_empty() || second).then_some(whole),
            decisions,
            age,
            decision_date: year.map(|y| jiff::civil::date(y, 3, 1)),
            specialties: specialties.into_iter().map(str::to_owned).collect(),
            summary,
            ..Letter::unread("")
        }
    }
}

fn leaf() -> impl Strategy<Value = Query> {
    let texts: Vec<_> = field::texts().map(Some).chain([None, None, None]).collect();
    let field = || select(texts.clone());
    let named = |name: &str| field::find(name).unwrap();
    prop_oneof![
        6 => (field(), select(&WORDS[..])).prop_map(|(field, word)| Query::Word { field, word: word.into() }),
        2 => (field(), prop::collection::vec(select(&WORDS[..]), 1..4))
            .prop_map(|(field, words)| Query::Phrase { field, text: words.join(" ") }),
        1 => (field(), select(vec!["inj", "ther", "opioid", "l", "3", "10/3", "L4", "patient's o"]))
            .prop_map(|(field, prefix)| Query::Prefix { field, prefix: prefix.into() }),
        1 => (field(), select(MISSPELT.to_vec())).prop_map(|(field, (word, distance))| Query::Fuzzy { field, word: word.into(), distance }),
        3 => near(),
        2 => select(vec!["upheld", "over", "modified"]).prop_map(move |v| Query::Value { field: named("outcome"), value: v.into() }),
        1 => select(vec!["pain", "medicine", "SURGERY", "nothing"])
            .prop_map(move |v| Query::Value { field: named("specialty"), value: v.into() }),
        1 => (prop::option::of(18i64..60), prop::option::of(30i64..80))
            .prop_map(move |(low, high)| Query::Range { field: named("age"), low, high }),
        1 => (2014i64..2018).prop_map(move |y| Query::Range { field: named("decided"), low: Some(y * 10_000), high: None }),
        1 => select(vec!["age", "specialty", "category", "decided", "summary", "outcome"])
            .prop_map(move |name| Query::Known { field: named(name) }),
        1 => Just(Query::All),
    ]
}

/// Words spelt otherwise, and how many changes are allowed.
const MISSPELT: [(&str, u8); 8] =
    [("opiods", 1), ("opiods", 2), ("Lumabr", 1), ("hterapy", 1), ("therpies", 2), ("injectoin", 1), ("mir", 1), ("physcial", 2)];

/// Words near to each other, nested, in one field or in any.
fn near() -> impl Strategy<Value = Query> {
    let texts: Vec<_> = field::texts().map(Some).chain([None, None, None]).collect();
    select(texts).prop_flat_map(|field| {
        let word = || select(&WORDS[..]).prop_map(move |word| Query::Word { field, word: word.into() });
        let also = prop::collection::vec(select(&WORDS[..]), 1..3);
        let place = prop_oneof![
            8 => word(),
            2 => prop::collection::vec(select(&WORDS[..]), 1..4)
                .prop_map(move |words| Query::Phrase { field, text: words.join(" ") }),
            1 => select(vec!["inj", "ther", "o", "10/3"]).prop_map(move |prefix| Query::Prefix { field, prefix: prefix.into() }),
            1 => select(MISSPELT.to_vec()).prop_map(move |(word, distance)| Query::Fuzzy { field, word: word.into(), distance }),
            1 => (word(), also).prop_map(move |(of, also)| {
                let also = also.into_iter().map(|word| Query::Word { field: field.or(field::find("item")), word: word.into() });
                Query::Wide { of: Box::new(of), also: also.collect() }
            }),
        ];
        let side = place.prop_recursive(
            3,
            8,
            3,
            |inner| prop_oneof![1 => prop::collection::vec(inner.clone(), 2..4).prop_map(Query::Or), 3 => joined(inner)],
        );
        joined(side)
    })
}

fn joined(side: impl Strategy<Value = Query> + Clone) -> impl Strategy<Value = Query> {
    let reach = prop_oneof![4 => (1u8..6).prop_map(Reach::Words), 2 => Just(Reach::Sentence), 1 => Just(Reach::Paragraph)];
    (side.clone(), reach, prop::bool::weighted(0.3), side).prop_map(|(left, reach, ordered, right)| Query::Proximity {
        gap: Gap { reach, ordered },
        left: Box::new(left),
        right: Box::new(right),
    })
}

/// A word, or two that are a term together, with other spellings of one to three words.
fn wide() -> impl Strategy<Value = Query> {
    let texts: Vec<_> = field::texts().map(Some).chain([None, None, None]).collect();
    let spelling = prop::collection::vec(select(&WORDS[..]), 1..4).prop_map(|words| words.join(" "));
    let also = prop::collection::vec((spelling, select(texts.clone())), 1..4);
    (select(texts), prop::collection::vec(select(&WORDS[..]), 1..3), also).prop_map(|(field, words, also)| {
        let words = words.into_iter().map(|word| Query::Word { field, word: word.into() });
        let mut words: Vec<_> = words.collect();
        let of = if words.len() == 1 { words.remove(0) } else { Query::And(words) };
        // A word of a field has spellings of that field; a word of none may have some that hold in one.
        let also = also.into_iter().map(|(word, narrower)| Query::Word { field: field.or(narrower), word });
        Query::Wide { of: Box::new(of), also: also.collect() }
    })
}

fn query() -> impl Strategy<Value = Query> {
    prop_oneof![5 => leaf(), 1 => wide()].prop_recursive(3, 12, 4, |inner| {
        let hint = select(vec!["of", "the"]).prop_map(|word| Query::Hint { word: word.into() });
        prop_oneof![
            3 => (prop::collection::vec(inner.clone(), 1..4), prop::option::of(hint)).prop_map(|(mut members, hint)| {
                members.extend(hint);
                Query::And(members)
            }),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(Query::Or),
            1 => inner.prop_map(|q| Query::Not(Box::new(q))),
        ]
    })
}

/// A text with its field: its words, their stems, and the number of the sentence of each.
type Cut = (&'static Field, Vec<String>, Vec<Form>, Vec<usize>);

fn cut(field: &'static Field, text: &str) -> Cut {
    let sentences = sentences(text).enumerate().flat_map(|(number, range)| words(&text[range]).map(move |_| number));
    (field, exact(text), stems(text), sentences.collect())
}

/// Every way in which a text satisfies a query of words: the places of the words that do.
fn ways(query: &Query, text: &Cut) -> Vec<BTreeSet<usize>> {
    let (field, words, stems, sentences) = text;
    let row = |fits: &dyn Fn(usize, usize) -> bool, length: usize| -> Vec<BTreeSet<usize>> {
        let starts = (0..words.len()).filter(|start| length > 0 && start + length <= words.len());
        starts.filter(|start| (0..length).all(|at| fits(at, start + at))).map(|start| (start..start + length).collect()).collect()
    };
    if query.field().is_some_and(|f| f != *field) {
        return Vec::new();
    }
    match query {
        Query::Word { word, .. } => {
            let asked = self::stems(word);
            row(&|at, place| asked[at] == stems[place], asked.len())
        }
        Query::Phrase { text, .. } => {
            let asked = exact(text);
            row(&|at, place| asked[at] == words[place], asked.len())
        }
        Query::Prefix { prefix, .. } => {
            let asked = exact(prefix);
            let last = asked.len() - 1;
            row(
                &|at, place| if at < last { asked[at] == words[place] } else { words[place].starts_with(&asked[at]) },
                asked.len(),
            )
        }
        Query::Fuzzy { word, distance, .. } => {
            row(&|_, place| changes(&word.to_lowercase(), &words[place]) <= *distance as usize, 1)
        }
        Query::Or(members) => members.iter().flat_map(|m| ways(m, text)).collect(),
        Query::Wide { of, also } => also.iter().chain([&**of]).flat_map(|m| ways(m, text)).collect(),
        Query::Proximity { gap, left, right } => {
            let mut both = Vec::new();
            for l in ways(left, text) {
                for r in ways(right, text) {
                    let (l_first, l_last) = (*l.first().unwrap(), *l.last().unwrap());
                    let (r_first, r_last) = (*r.first().unwrap(), *r.last().unwrap());
                    let all: BTreeSet<usize> = l.union(&r).copied().collect();
                    let one_sentence = (l_first.min(r_first)..=l_last.max(r_last)).all(|at| sentences[at] == sentences[l_first]);
                    let near = match gap.reach {
                        // So many words from the end of one to the beginning of the other.
                        Reach::Words(most) => r_first <= l_last + most as usize && l_first <= r_last + most as usize,
                        Reach::Sentence => one_sentence,
                        Reach::Paragraph => true,
                    };
                    if l.is_disjoint(&r) && near && (!gap.ordered || l_last < r_first) {
                        both.push(all);
                    }
                }
            }
            both
        }
        other => panic!("{other} stands at no place"),
    }
}

/// The least number of letters left out, put in, replaced or changed in place with their neighbour: optimal string alignment,
/// by its definition.
fn changes(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut least = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            least[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => {
                    let same = usize::from(a[i - 1] != b[j - 1]);
                    let mut here = (least[i - 1][j] + 1).min(least[i][j - 1] + 1).min(least[i - 1][j - 1] + same);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        here = here.min(least[i - 2][j - 2] + 1);
                    }
                    here
                }
            };
        }
    }
    least[a.len()][b.len()]
}

/// The plain loop.
struct Oracle<'a> {
    units: Vec<(String, Unit<'a>)>,
    /// For each unit its texts.
    texts: Vec<Vec<Cut>>,
    values: BTreeMap<&'static str, BTreeSet<String>>,
}

impl<'a> Oracle<'a> {
    fn new(letters: &'a [Letter]) -> Self {
        let units = letters.iter().enumerate().flat_map(|(at, letter)| {
            Unit::all(letter).map(move |unit| {
                let id = unit.decision.map_or(key(at), |d| format!("{}#{}", key(at), d.number));
                (id, unit)
            })
        });
        let units: Vec<_> = units.collect();
        let texts_of = |unit| field::texts().flat_map(move |f| strings(f, unit).into_iter().map(move |t| cut(f, &t))).collect();
        let texts = units.iter().map(|(_, unit)| texts_of(*unit)).collect();
        let all = |field: &Field| units.iter().flat_map(|(_, unit)| strings(field, *unit)).collect();
        let values = FIELDS.iter().filter(|f| f.kind == Kind::Keyword).map(|f| (f.name, all(f))).collect();
        Oracle { units, texts, values }
    }

    fn matches(&self, query: &Query, at: usize) -> bool {
        let unit = self.units[at].1;
        let texts =
            |field: Option<&'static Field>| self.texts[at].iter().filter(move |(f, ..)| field.is_none_or(|only| only == *f));
        match query {
            Query::All | Query::Hint { .. } => true,
            Query::Word { field, word } => texts(*field).any(|(_, _, text, _)| contains(text, &stems(word))),
            Query::Phrase { field, text } => texts(*field).any(|(_, words, ..)| contains(words, &exact(text))),
            Query::Prefix { .. } | Query::Fuzzy { .. } | Query::Proximity { .. } => {
                texts(None).any(|text| !ways(query, text).is_empty())
            }
            Query::Value { field, value } => {
                let meant = values::matching(field, value, self.values[field.name].iter().map(String::as_str));
                strings(field, unit).iter().any(|v| meant.contains(&v.as_str()))
            }
            Query::Range { field, low, high } => (field.values)(unit).iter().any(|value| match value {
                Value::Number(n) => low.is_none_or(|l| l <= *n) && high.is_none_or(|h| *n <= h),
                Value::Text(_) => false,
            }),
            Query::Known { field } => !(field.values)(unit).is_empty(),
            Query::And(members) => members.iter().all(|m| self.matches(m, at)),
            Query::Or(members) => members.iter().any(|m| self.matches(m, at)),
            Query::Not(inner) => !self.matches(inner, at),
            Query::Wide { of, also } => self.matches(of, at) || also.iter().any(|spelling| self.matches(spelling, at)),
        }
    }

    fn check(&self, query: &Query, answer: &Answer) {
        let found: Vec<_> = (0..self.units.len()).filter(|at| self.matches(query, *at)).map(|at| &self.units[at]).collect();
        let expected: BTreeSet<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        let got: BTreeSet<&str> = answer.hits.iter().map(|h| h.id.as_str()).collect();
        assert_eq!(got, expected, "{query}");
        assert_eq!(answer.hits.len(), expected.len(), "each hit once: {query}");
        let shown = |h: &Hit| h.snippets.first().is_some_and(|s| !s.text.is_empty());
        assert!(answer.hits.iter().all(shown), "no snippet is empty: {query}");
        self.check_counts(query, answer);
    }

    fn check_counts(&self, query: &Query, answer: &Answer) {
        let found: Vec<_> = (0..self.units.len()).filter(|at| self.matches(query, *at)).map(|at| &self.units[at]).collect();
        let decisions: Vec<_> = found.iter().filter_map(|(_, unit)| unit.decision.map(|d| (*unit, d))).collect();
        let letters: BTreeSet<_> = found.iter().map(|(id, unit)| (id.split('#').next(), unit.decision.is_some())).collect();
        assert_eq!(answer.total.decisions, decisions.len() as u64);
        assert_eq!(answer.total.letters, letters.len() as u64);
        assert_eq!(answer.total.unread, (found.len() - decisions.len()) as u64);
        let by = |outcome| decisions.iter().filter(|(_, d)| d.outcome == outcome).count() as u64;
        let counted = [answer.outcomes.upheld, answer.outcomes.overturned, answer.outcomes.modified, answer.outcomes.unknown];
        assert_eq!(counted, [by(Some(Outcome::Upheld)), by(Some(Outcome::Overturned)), by(Some(Outcome::Modified)), by(None)]);
        facets::check(self, query, answer);
        if matches!(query, Query::Proximity { .. } | Query::Fuzzy { .. } | Query::Prefix { .. }) {
            self.check_marks(query, answer);
        }
    }

    /// Marked is each word that is part of some way to satisfy the query, and no other.
    fn check_marks(&self, query: &Query, answer: &Answer) {
        let marker = Marker::of(query);
        for hit in answer.hits.iter().take(50) {
            let (_, unit) = self.units.iter().find(|(id, _)| *id == hit.id).unwrap();
            for (field, text) in field::texts().flat_map(|f| strings(f, *unit).into_iter().map(move |text| (f, text))) {
                let part: BTreeSet<usize> = ways(query, &cut(field, &text)).into_iter().flatten().collect();
                let marks = marker.marks(field, &text);
                let inside = |word: &Word<'_>| marks.iter().any(|m| m.start <= word.range.start && word.range.end <= m.end);
                let marked: BTreeSet<usize> =
                    words(&text).enumerate().filter(|(_, word)| inside(word)).map(|(at, _)| at).collect();
                assert_eq!(marked, part, "{query} in {text}");
            }
        }
    }
}

/// What the words add to a hit's score in each field adds up to it.
fn explained(answer: &Answer) {
    for hit in &answer.hits {
        let why = hit.why.as_ref().unwrap();
        let sum: f32 = why.parts.iter().map(|part| part.score).sum();
        assert!((sum - hit.score).abs() <= 1e-4 * hit.score.max(1.0), "{} is {} and not {why:?}", hit.id, hit.score);
        let told = |part: &Part| !part.what.is_empty() && part.field.is_some() != part.what.starts_with("about ");
        assert!(why.parts.iter().all(told), "{why:?}");
        assert!(why.missing.is_empty() || hit.near, "{why:?}");
    }
}

/// So many, or what PROPTEST_CASES says, for a longer run by hand.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// The ids of the near matches, by a plain loop: what holds more than an eighth of the words' weight, and not all of them.
fn naive_near(oracle: &Oracle<'_>, words: &[Query]) -> BTreeSet<String> {
    let documents = oracle.units.len() as f32;
    let holds = |stem: &Form, field: &Field, at: usize| {
        oracle.texts[at].iter().any(|(f, _, text, _)| *f == field && text.iter().any(|w| w == stem))
    };
    let letter = |at: usize| oracle.units[at].0.split('#').next();
    let letters = (0..oracle.units.len()).map(letter).collect::<BTreeSet<_>>().len() as f32;
    // What a letter says once is in so many of all as of the letters.
    let frequency_in = |stem: &Form, f: &Field| {
        let held = (0..oracle.units.len()).filter(|at| holds(stem, f, *at));
        match f.is_of_letter() {
            true => (held.map(letter).collect::<BTreeSet<_>>().len() as f32 * documents / letters).round() as usize,
            false => held.count(),
        }
    };
    let frequency = |stem: &Form| field::texts().map(|f| frequency_in(stem, f)).max();
    let weight = |query: &Query| {
        // A word is as frequent as the most frequent of its spellings, a spelling as its rarest word.
        let leaves = query.positive_leaves().into_iter();
        let rarest = |leaf: &Query| match leaf {
            Query::Word { word, .. } => stems(word).iter().filter_map(frequency).min().unwrap_or(0),
            _ => panic!("plain words only"),
        };
        let found = leaves.map(rarest).max().unwrap_or(0) as f32;
        (1.0 + (documents - found + 0.5).max(0.0) / (found + 0.5)).ln()
    };
    let weights: Vec<f32> = words.iter().map(weight).collect();
    let need = 0.125 * weights.iter().sum::<f32>();
    let near = |at: &usize| {
        let held: Vec<bool> = words.iter().map(|word| oracle.matches(word, *at)).collect();
        let sum: f32 = weights.iter().zip(&held).filter(|(_, held)| **held).map(|(w, _)| w).sum();
        sum > need && held.contains(&false)
    };
    (0..oracle.units.len()).filter(near).map(|at| oracle.units[at].0.clone()).collect()
}

fn contains<T: PartialEq>(text: &[T], part: &[T]) -> bool {
    text.windows(part.len().max(1)).any(|window| window == part)
}

fn exact(text: &str) -> Vec<String> {
    words(text).map(|w| w.word.into_owned()).collect()
}

fn stems(text: &str) -> Vec<Form> {
    words(text).map(|w| Form::of(&w.word)).collect()
}

fn key(at: usize) -> String {
    format!("CM16-{at:07}")
}

fn strings(field: &Field, unit: Unit<'_>) -> Vec<String> {
    let text = |value| match value {
        Value::Text(text) => Some(text.into_owned()),
        Value::Number(_) => None,
    };
    (field.values)(unit).into_iter().filter_map(text).collect()
}

fn indexed(letters: &[Letter], dir: &std::path::Path) -> Index {
    let index = Index::open_or_create(dir).unwrap();
    let mut writer = Writer::open(&index).unwrap();
    for (at, letter) in letters.iter().enumerate() {
        let letter = Letter { case_number: Some(key(at)), ..letter.clone() };
        let documents = writer.maker().documents(&letter).unwrap();
        writer.add(&format!("{at}.txt"), Stamp { size: 1, changed: at as i64, options: 0 }, documents).unwrap();
    }
    writer.finish().unwrap();
    index
}

fn ask(index: &Index, query: &Query, sort: Sort) -> Answer {
    let facets = field::facets().collect();
    search(index, &Request { query: query.clone(), facets, sort, ..Request::default() }).unwrap()
}

/// Asks the index of the letters every query, and holds the answers against the loop.
fn agree(letters: &[Letter], queries: &[Query]) {
    let dir = tempfile::tempdir().unwrap();
    let index = indexed(letters, dir.path());
    let oracle = Oracle::new(letters);
    for query in queries {
        oracle.check(query, &ask(&index, query, Sort::Relevance));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(24)))]

    #[test]
    fn the_index_finds_and_counts_what_a_plain_loop_does(
        letters in prop::collection::vec(letter(), 1..30),
        queries in prop::collection::vec(query(), 60),
    ) {
        agree(&letters, &queries);
    }

    #[test]
    fn what_words_add_to_a_score_adds_up_to_it(
        letters in prop::collection::vec(letter(), 1..30),
        queries in prop::collection::vec(query(), 20),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let index = indexed(&letters, dir.path());
        for query in queries {
            explained(&search(&index, &Request { query, explain: true, ..Request::default() }).unwrap());
        }
    }

    #[test]
    fn near_matches_hold_part_of_the_words(
        letters in prop::collection::vec(letter(), 1..30),
        chosen in subsequence(&["physical", "therapy", "lumbar", "L4-5", "10/325mg", "injections", "opioid", "x-ray", "MRI"][..], 2..5),
        spellings in prop::collection::vec(prop::option::of(select(&["opioids", "lumbar injection", "of the patient's"][..])), 4),
        page in 1usize..12,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let index = indexed(&letters, dir.path());
        let oracle = Oracle::new(&letters);
        let word = |w: &str| Query::Word { field: None, word: w.to_owned() };
        let widened = |(w, spelling): (&&str, &Option<&str>)| match spelling {
            Some(spelling) => Query::Wide { of: Box::new(word(w)), also: vec![word(spelling)] },
            None => word(w),
        };
        let words: Vec<_> = chosen.iter().zip(&spellings).map(widened).collect();
        let occurs = |word: &Query| (0..oracle.units.len()).any(|at| oracle.matches(word, at));
        prop_assume!(words.iter().all(occurs));
        let query = Query::And(words.clone());
        let ask = |limit, offset| {
            let request = Request { query: query.clone(), limit, offset, near: true, related: false, explain: true, ..Request::default() };
            search(&index, &request).unwrap()
        };
        let answer = ask(1000, 0);
        let near: BTreeSet<String> = answer.hits.iter().filter(|h| h.near).map(|h| h.id.clone()).collect();
        prop_assert_eq!(&near, &naive_near(&oracle, &words));
        prop_assert_eq!(answer.near, Some(near.len() as u64));
        explained(&answer);
        prop_assert!(answer.hits.is_sorted_by_key(|h| h.near), "near matches stand behind");
        // Pages partition the list, also where near matches begin.
        let whole: Vec<_> = answer.hits.iter().map(|h| (h.rank, h.id.clone())).collect();
        let pages: Vec<_> = (0..whole.len().div_ceil(page)).flat_map(|n| ask(page, n * page).hits).map(|h| (h.rank, h.id)).collect();
        prop_assert_eq!(pages, whole);
    }

    #[test]
    fn words_that_are_a_term_together_have_near_matches_by_either_spelling(
        letters in prop::collection::vec(letter(), 1..30),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let index = indexed(&letters, dir.path());
        let oracle = Oracle::new(&letters);
        let word = |w: &str| Query::Word { field: None, word: w.to_owned() };
        let wide = |of| Query::Wide { of: Box::new(of), also: vec![word("MRI")] };
        let parts = [wide(word("physical")), wide(word("therapy")), word("lumbar")];
        let occurs = |word: &Query| (0..oracle.units.len()).any(|at| oracle.matches(word, at));
        prop_assume!(["physical", "therapy", "lumbar", "MRI"].map(word).iter().all(occurs));
        let query = Query::And(vec![wide(Query::And(vec![word("physical"), word("therapy")])), word("lumbar")]);
        let request = Request { query: query.clone(), near: true, related: false, ..Request::default() };
        let near: BTreeSet<String> = search(&index, &request).unwrap().hits.into_iter().filter(|h| h.near).map(|h| h.id).collect();
        prop_assert_eq!(near, naive_near(&oracle, &parts));
    }

    /// In two letters that differ in nothing else, the word comes before what is another spelling of it, however rare that is.
    #[test]
    fn a_word_ranks_before_its_other_spellings(
        words in prop::collection::vec(select(&WORDS[..]), 1..6),
        spelling in select(&["MRI", "x-ray", "opioid", "lumbar injection"][..]),
        others in prop::collection::vec(letter(), 0..10),
        frequent in 0usize..30,
        term in any::<bool>(),
    ) {
        let around = words.join(" ");
        let with = |word: &str| {
            let decision = Decision { number: 1, item: format!("{word} {around}"), ..Decision::default() };
            Letter { decisions: vec![decision], ..Letter::unread("") }
        };
        // As long as its spelling, so that nothing but the words differs.
        let word = if spelling.contains(['-', ' ']) { "zygoma arthrodesis" } else { "zygoma" };
        prop_assume!(!words.iter().any(|w| spelling.split(' ').any(|s| Form::of(&w.to_lowercase()) == Form::of(&s.to_lowercase()))));
        prop_assume!(!(spelling == "lumbar injection" && words.iter().any(|w| w.starts_with("inj"))));
        let common = (0..frequent).map(|_| with(&format!("{word} {word} {word}")));
        let letters: Vec<_> = [with(spelling), with(word)].into_iter().chain(others).chain(common).collect();
        let dir = tempfile::tempdir().unwrap();
        let index = indexed(&letters, dir.path());
        let leaf = |w: &str| Query::Word { field: field::find("item"), word: w.to_owned() };
        // Two words are one word in the query, or a term.
        let of = match word.split_once(' ').filter(|_| term) {
            Some((first, second)) => Query::And(vec![leaf(first), leaf(second)]),
            None => leaf(word),
        };
        let query = Query::Wide { of: Box::new(of), also: vec![leaf(spelling)] };
        let hits = ask(&index, &query, Sort::Relevance).hits;
        let place = |at: usize| hits.iter().position(|h| h.id == format!("{}#1", key(at)));
        prop_assert!(place(0).is_some(), "the other spelling is found too");
        prop_assert!(place(1) < place(0), "{:?}", hits.iter().map(|h| (&h.id, h.score)).collect::<Vec<_>>());
    }

    #[test]
    fn hits_are_ordered_by_day_then_case(letters in prop::collection::vec(letter(), 1..20)) {
        let dir = tempfile::tempdir().unwrap();
        let index = indexed(&letters, dir.path());
        let order = |sort| -> Vec<_> {
            let answer = ask(&index, &Query::All, sort);
            answer.hits.into_iter().map(|h| (h.letter.decision_date, h.id)).collect()
        };
        let natural = |id: &str| id.split_once('#').map_or((id.to_owned(), 0), |(k, n)| (k.to_owned(), n.parse::<u32>().unwrap()));
        for sort in [Sort::Newest, Sort::Oldest] {
            let got = order(sort);
            let mut expected = got.clone();
            expected.sort_by(|(day_a, a), (day_b, b)| {
                let days = match sort {
                    Sort::Oldest => day_a.cmp(day_b),
                    _ => day_b.cmp(day_a),
                };
                let unknown_last = day_a.is_none().cmp(&day_b.is_none());
                unknown_last.then(days).then_with(|| natural(a).cmp(&natural(b)))
            });
            prop_assert_eq!(got, expected);
        }
    }
}

/// What the engine says of a score is that score.
#[test]
fn the_score_of_a_connector_is_explained() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let letters = prop::collection::vec(letter(), 200).new_tree(&mut runner).unwrap().current();
    let dir = tempfile::tempdir().unwrap();
    let index = indexed(&letters, dir.path());
    let searcher = index.searcher().unwrap();
    let translator = Translator::of(&searcher, index.handles()).unwrap();
    let mut hits = 0;
    for text in ["therapy /5 injection", "(lumbar OR opi*) /s therapies", "opiods~1 /p mri", "(mri /2 lumbar) +9 physical"] {
        let query = translator.query(&imr::query::parse(text, jiff::civil::date(2017, 3, 31)).unwrap()).unwrap();
        for (score, address) in searcher.search(&query, &TopDocs::with_limit(20).order_by_score()).unwrap() {
            let explained = query.explain(&searcher, address).unwrap().value();
            assert!(score > 0.0 && (explained - score).abs() < 1e-4 * score, "{text}: {explained} for {score}");
            hits += 1;
        }
    }
    assert!(hits > 40, "{hits} hits");
}

/// The engine reads documents in blocks of 128 and 4096: what goes wrong only beyond them needs a corpus beyond them.
#[test]
fn the_index_agrees_with_the_loop_on_many_letters() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut sample = |size: usize| prop::collection::vec(letter(), size).new_tree(&mut runner).unwrap().current();
    let letters = sample(LETTERS);
    let queries = prop::collection::vec(query(), cases(QUERIES) as usize).new_tree(&mut runner).unwrap().current();
    agree(&letters, &queries);
}

/// What is passed over when a page is ranked could not have been on it: of so many letters that most are.
#[test]
fn the_first_hits_are_those_of_the_whole_list() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let letters = prop::collection::vec(letter(), LETTERS).new_tree(&mut runner).unwrap().current();
    let dir = tempfile::tempdir().unwrap();
    let index = indexed(&letters, dir.path());
    for text in [
        "therapy",
        "physical therapy",
        "\"physical therapy\"",
        "lumbar injection MRI",
        "opioid OR opiate",
        "injection overturned",
        "summary:physical",
        "item:therapy OR rationale:opioid",
        "therapy /3 lumbar",
        "inj*",
        "therapy -lumbar",
        "(physical therapy) OR (lumbar -injection)",
        "\"physical therapy\" OR \"lumbar injection\"",
        "summary:\"physical therapy\" OR item:\"lumbar injection\"",
        "(therapy -\"physical therapy\") OR \"injection therapy\"",
        "rationale:opioid OR item:inj*",
        "rationale:therapy OR item:opi*",
        "MRI inj*",
        "lumbar OR inj*",
        "*",
    ] {
        let query = imr::query::widen(imr::query::parse(text, jiff::civil::date(2017, 3, 31)).unwrap());
        let ids = |sort, limit| {
            let mut ids = Vec::new();
            let request = Request { query: query.clone(), sort, limit, ..Request::default() };
            let listed = search_each(&index, &request, &mut |_, listed| {
                ids.push(listed.id()?);
                Ok::<_, imr::error::Error>(())
            });
            listed.unwrap();
            ids
        };
        for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
            let whole = ids(sort, usize::MAX);
            assert!(whole.len() > 100, "{text}: {}", whole.len());
            // A long list reaches what holds little: words that only begin alike, where the others stand in a field that counts less.
            for limit in [1, 10, 100, 2_000] {
                assert_eq!(ids(sort, limit), whole[..limit.min(whole.len())], "{text} by {sort:?}");
            }
        }
    }
}

#[test]
fn the_words_and_fields_of_the_oracle_are_those_of_the_table() {
    assert!(FIELDS.iter().any(|f| f.kind == Kind::Number) && field::texts().count() >= 4 && field::facets().count() >= 10);
}
