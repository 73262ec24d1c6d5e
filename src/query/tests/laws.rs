//! What holds for every text and every tree.

use proptest::prelude::*;

use super::super::{Gap, MAX_DEPTH, MAX_WORDS, Query, Reach};
use super::parse;
use crate::field::{FIELDS, Field, Kind};

fn field(wanted: fn(Kind) -> bool) -> impl Strategy<Value = &'static Field> {
    prop::sample::select(FIELDS.iter().filter(|f| wanted(f.kind)).collect::<Vec<_>>())
}

/// Words that no other rule claims.
fn plain_word() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "lumbar",
        "L4-5",
        "10/325mg",
        "#60",
        "10%",
        "x-ray",
        "patient's",
        "Größe",
        "鍼",
        "12:30",
        ".5mg",
        "~5",
    ])
    .prop_map(str::to_owned)
}

fn function_word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["the", "of", "After"]).prop_map(str::to_owned)
}

fn text_field() -> impl Strategy<Value = Option<&'static Field>> {
    prop::option::of(field(|k| matches!(k, Kind::Text { .. })))
}

fn phrase() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["home exercise", "overturned", "a (b) AND - c", "/5", "the"]).prop_map(str::to_owned)
}

fn day() -> impl Strategy<Value = i64> + Clone {
    (1990i64..2020, 1i64..=12, 1i64..=28).prop_map(|(y, m, d)| y * 10_000 + m * 100 + d)
}

fn ends(number: impl Strategy<Value = i64> + Clone) -> impl Strategy<Value = (Option<i64>, Option<i64>)> {
    (number.clone(), number, 0..3).prop_map(|(a, b, open)| match open {
        0 => (Some(a), None),
        1 => (None, Some(b)),
        _ => (Some(a.min(b)), Some(a.max(b))),
    })
}

fn leaf() -> impl Strategy<Value = Query> {
    let range = |(field, (low, high))| Query::Range { field, low, high };
    prop_oneof![
        4 => (text_field(), plain_word()).prop_map(|(field, word)| Query::Word { field, word }),
        3 => (text_field(), function_word()).prop_map(|(field, word)| Query::Word { field, word }),
        1 => Just(Query::All),
        1 => (text_field(), phrase()).prop_map(|(field, text)| Query::Phrase { field, text }),
        1 => (text_field(), "[a-z0-9]{2,5}|10/325|L4-5").prop_map(|(field, prefix)| Query::Prefix { field, prefix }),
        1 => (text_field(), "[a-z]{5,7}", 1u8..3).prop_map(|(field, word, distance)| Query::Fuzzy { field, word, distance }),
        2 => near(),
        1 => (field(|k| k == Kind::Keyword), "[a-z]{1,3}(-[a-z]{2}| & [a-z]{2}| [A-Z]{2})?")
            .prop_map(|(field, value)| Query::Value { field, value }),
        1 => (field(|k| k == Kind::Case), "CM1[0-9]-[0-9]{7}").prop_map(|(field, value)| Query::Value { field, value }),
        1 => (field(|k| k == Kind::Number), ends(0i64..120)).prop_map(range),
        1 => (field(|k| k == Kind::Date), ends(day())).prop_map(range),
        1 => field(|_| true).prop_map(|field| Query::Known { field }),
    ]
}

/// Words near to each other, all in one field or in none.
fn near() -> impl Strategy<Value = Query> {
    text_field().prop_flat_map(|field| {
        let place = prop_oneof![
            3 => plain_word().prop_map(move |word| Query::Word { field, word }),
            1 => function_word().prop_map(move |word| Query::Word { field, word }),
            1 => phrase().prop_map(move |text| Query::Phrase { field, text }),
            1 => "[a-z]{2,5}".prop_map(move |prefix| Query::Prefix { field, prefix }),
            1 => "[a-z]{5,7}".prop_map(move |word| Query::Fuzzy { field, word, distance: 2 }),
        ];
        let side = place.prop_recursive(3, 10, 3, |inner| {
            prop_oneof![prop::collection::vec(inner.clone(), 2..4).prop_map(Query::Or), joined(inner)]
        });
        joined(side)
    })
}

fn joined(side: impl Strategy<Value = Query> + Clone) -> impl Strategy<Value = Query> {
    let reach = prop_oneof![(1u8..=255).prop_map(Reach::Words), Just(Reach::Sentence), Just(Reach::Paragraph)];
    (side.clone(), reach, any::<bool>(), side).prop_map(|(left, reach, ordered, right)| Query::Proximity {
        gap: Gap { reach, ordered },
        left: Box::new(left),
        right: Box::new(right),
    })
}

/// Trees as the parser makes them: simple, and with hints only where a hint can stand.
fn tree() -> impl Strategy<Value = Query> {
    leaf()
        .prop_recursive(5, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec((inner.clone(), prop::option::of(function_word())), 2..5).prop_map(with_hints),
                prop::collection::vec(inner.clone(), 2..5).prop_map(Query::Or),
                inner.prop_map(|q| Query::Not(Box::new(q))),
            ]
        })
        .prop_map(Query::simplify)
}

fn with_hints(members: Vec<(Query, Option<String>)>) -> Query {
    let asks = members.iter().any(|(q, _)| q.asks());
    let hint = |word: Option<String>| word.filter(|_| asks).map(|word| Query::Hint { word });
    Query::And(members.into_iter().flat_map(|(query, word)| [hint(word), Some(query)]).flatten().collect())
}

/// Texts that look like queries, right or wrong.
fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "pain",
        "the",
        "of",
        "overturned",
        "AND",
        "or",
        "NOT",
        "-",
        "–",
        "(",
        ")",
        "((",
        "\"",
        "“",
        "”",
        " ",
        " ",
        " ",
        "  ",
        "\t",
        "item:",
        "specialty:",
        "age:",
        "decided:",
        "case:",
        "foo:",
        "foo: ",
        ":",
        "*",
        "hydrocod*",
        "..",
        "40",
        "40..60",
        "2016-03",
        "2016",
        ">",
        "<=",
        "/5",
        "+3",
        "/s",
        "w/p",
        " /5 ",
        " +s ",
        " /5 ",
        "/0",
        " not noted",
        "word~1",
        "~2",
        "!",
        ",",
        ".",
        "&",
        "|",
        " | ",
        "%",
        "/sent",
        ";",
        "#60",
        "L4-5",
        "CM16-0213037",
        "#2",
        "'",
        "鍼",
        "last-2-months",
        "http://x",
        "12:30",
        "--",
        "\u{200b}",
        "\u{0}",
        "é",
        "A",
        "to",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

fn reads_back(query: &Query) -> Result<(), TestCaseError> {
    let printed = query.to_string();
    let again = parse(&printed).map_err(|e| TestCaseError::fail(e.render(&printed)))?;
    prop_assert_eq!(again.to_string(), printed.clone());
    prop_assert!(&again == query, "{} reads back as another tree", printed);
    Ok(())
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(query) => reads_back(&query),
        Err(error) => {
            prop_assert!(text.get(error.span.clone()).is_some(), "{:?} is no place in {:?}", error.span, text);
            let rendered = error.render(text);
            prop_assert!(rendered.lines().count() >= 4, "{}", rendered);
            prop_assert!(!rendered.chars().any(|c| c.is_control() && c != '\n'), "{:?}", rendered);
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_reads_back_as_itself(query in tree()) {
        reads_back(&query)?;
    }

    #[test]
    fn a_text_is_read_or_refused_with_its_place(text in text()) {
        holds(&text)?;
    }

    #[test]
    fn so_is_any_text_at_all(text in any::<String>()) {
        holds(&text)?;
    }

    #[test]
    fn simplifying_twice_is_simplifying_once(query in tree()) {
        prop_assert!(query.clone().simplify() == query);
    }
}

#[test]
fn long_inputs_are_read_or_refused_in_time_that_grows_with_them() {
    let many = |piece: &str, count: usize| piece.repeat(count);
    let texts = [
        many("pain ", MAX_WORDS),
        (0..MAX_WORDS).map(|i| format!("w{i} OR (x{i} ")).collect(),
        (0..MAX_WORDS).map(|i| format!("w{i} ")).collect(),
        many("pain ", 50_000),
        many("& ", 50_000),
        many("(", 50_000),
        many("-", 50_000),
        many("NOT ", 50_000),
        many("\"", 50_001),
        many("a:", 50_000),
        many("鍼", 50_000),
        format!("\"{}\"", many("pain ", 50_000)),
        format!("item:({}", many(" - ", 50_000)),
        many("pain /5 ", 50_000),
        format!("{}pain", many("pain /5 ", 40)),
        format!("({0}) /5 ({0})", (0..MAX_WORDS / 2).map(|i| format!("w{i} ")).collect::<String>()),
        many("(pain OR (a b)) /s ", 40) + "c",
    ];
    for text in texts {
        // Linear, all of them take a second; quadratic, the test would not end.
        let said = parse(&text).map_or_else(|e| e.render(&text), |q| q.to_string());
        assert!(!said.is_empty());
    }
}

#[test]
fn the_limits_are_where_they_are_said_to_be() {
    let deep = |n: usize| format!("{}pain{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&deep(MAX_DEPTH)).is_ok());
    assert!(parse(&deep(MAX_DEPTH + 1)).is_err());
    assert!(parse(&"pain ".repeat(MAX_WORDS)).is_ok());
    assert!(parse(&"pain ".repeat(MAX_WORDS + 1)).is_err());
}
