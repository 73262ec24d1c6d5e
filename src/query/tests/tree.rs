//! What a searcher or renderer asks a tree.

use super::super::{is_plain, notes};
use super::parse;

fn words(text: &str) -> Vec<String> {
    parse(text).map(|q| q.positive_leaves().iter().map(ToString::to_string).collect()).unwrap_or_default()
}

#[test]
fn positive_leaves_are_what_can_be_marked() {
    assert_eq!(
        words("(mri OR \"bone scan\") of spine -contrast upheld"),
        ["mri", "\"bone scan\"", "of", "spine", "outcome:upheld"]
    );
    assert_eq!(words("NOT (pain AND NOT relief)"), ["relief"]);
    assert_eq!(words("-pain"), [""; 0]);
}

#[test]
fn fields_are_named_once_in_order() {
    let fields = |text| parse(text).map(|q| q.fields().iter().map(|f| f.name).collect::<Vec<_>>());
    assert_eq!(fields("item:a1 upheld -(state:texas OR item:b2) pain"), Ok(vec!["item", "outcome", "licensure"]));
    assert_eq!(fields("pain"), Ok(vec![]));
}

#[test]
fn visit_sees_the_outer_before_the_inner() {
    let query = parse("a1 NOT (b2 OR c3)").expect("reads");
    let mut seen = Vec::new();
    query.visit(&mut |q| seen.push(q.to_string()));
    assert_eq!(seen, ["a1 AND NOT (b2 OR c3)", "a1", "NOT (b2 OR c3)", "b2 OR c3", "b2", "c3"]);
}

#[test]
fn only_words_side_by_side_are_plain() {
    for text in [
        "pain",
        "relief of pain after surgery",
        "knee, mri & ct",
        "norco: 10/325",
        "physical therapy overturned",
        "sling and ice",
        "quantity not specified",
        "therapy, not medically necessary and not documented.",
        "\"a1 b2\"",
        "\"a1 b2\" c3",
    ] {
        assert!(is_plain(text), "{text}");
    }
    for text in [
        "a1 AND b2",
        "a1 or b2",
        "-a1",
        "not a1",
        "(a1)",
        "item:a1",
        "item:\"a1 b2\"",
        "\"a1\" OR b2",
        "hydrocod*",
        "*",
        "",
        "&",
        "\"a1",
        "a1 /5 b2",
        "w/5",
        "a1~1",
        "not A1 specified",
        "quantity NOT specified",
    ] {
        assert!(!is_plain(text), "{text}");
    }
}

#[test]
fn a_not_that_is_read_as_a_word_is_noted() {
    let note = |word: &str| format!("`not` before `{word}` is read as a word; to exclude, write NOT or -");
    assert_eq!(notes("quantity not specified"), [note("specified")]);
    assert_eq!(notes("not Medically necessary, not noted, not noted"), [note("Medically"), note("noted")]);
    for text in ["pain not surgery", "quantity NOT specified", "-specified", "\"not\" specified", "\"not specified\"", "("] {
        assert_eq!(notes(text), [""; 0], "{text}");
    }
}

#[test]
fn what_a_connector_does_not_join_is_noted() {
    assert_eq!(
        notes("physical therapy /5 functional improvement"),
        [
            "`/5` joins `therapy`; for the phrase before it, write \"physical therapy\" /5 …",
            "`/5` joins `functional`; for the phrase behind it, write … /5 \"functional improvement\"",
        ]
    );
    for text in
        ["therapy /5 improvement", "therapy /5 improvement overturned", "\"physical therapy\" /5 improvement", "a1 AND b2 /5 c3"]
    {
        assert_eq!(notes(text), [""; 0], "{text}");
    }
    assert_eq!(
        notes("PT /s not medically necessary"),
        [
            "`not` before `medically` is read as a word; to exclude, write NOT or -",
            "`/s` joins `not`; for the phrase behind it, write … /s \"not medically\"",
        ]
    );
}

#[test]
fn what_other_tools_give_a_meaning_to_is_noted() {
    let table = [
        ("/opioid.*/", "`/opioid.*/` is read as words; there are no regular expressions"),
        ("th?rapy", "`th?rapy` is read as words; `?` stands for no letter, and `*` only for the rest of a word"),
        ("item:(colou?r)", "`colou?r` is read as words; `?` stands for no letter, and `*` only for the rest of a word"),
        ("pain knee^2", "`knee^2` is read as words; there are no weights"),
        ("\"knee pain\"^1.5", "`^1.5` is read as words; there are no weights"),
        ("therap!", "`therap!` is read as `therap*`, every word that begins so"),
        ("pain / 5 relief", "`/ 5` is read as words; a connector has no blank in it: `/5`"),
        ("pain w/ s relief", "`w/ s` is read as words; a connector has no blank in it: `w/s`"),
        (
            "pain /seg relief",
            "`/seg` is read as a word; connectors are `/5` (from 1 to 255 words), `/s` and `/p`, or `+5` in that order",
        ),
        (
            "pain NEAR relief",
            "`NEAR` is read as a word; connectors are `/5` (from 1 to 255 words), `/s` and `/p`, or `+5` in that order",
        ),
        (
            "pain ADJ3 relief",
            "`ADJ3` is read as a word; connectors are `/5` (from 1 to 255 words), `/s` and `/p`, or `+5` in that order",
        ),
        ("functional/5 pain", "`functional/5` is read as words; a connector stands between blanks: `pain /5 relief`"),
        ("functional /5pain", "`/5pain` is read as words; a connector stands between blanks: `pain /5 relief`"),
        ("atleast5(pain)", "`atleast5` is read as a word; how often a word stands cannot be asked for"),
        ("item(mri lumbar)", "`item` is read as a word; the field has a colon: `item:( … )`"),
        ("age > 40", "`age >` is read as words; the field has a colon: `age:>40`"),
        ("year >=2015", "`year >=2015` is read as words; the field has a colon: `decided:>=2015`"),
        ("pain @pt", "`@pt` is read as a word; a saved query stands at the beginning only: `@pt …`"),
        (
            "(@esi-lumbar) AND overturned",
            "`@esi-lumbar` is read as a word; a saved query stands at the beginning only: `@esi-lumbar …`",
        ),
    ];
    for (text, note) in table {
        assert_eq!(notes(text), [note], "{text}");
    }
    for text in [
        "pain 3 / 10",
        "10/325 L4/5 w/5mg /5mg pain/5",
        "and/or s/p",
        "knee + shoulder",
        "+pain",
        "w/ contrast",
        "near relief",
        "PAIN WITHIN LIMITS",
        "item (mri)",
        "injection(s)",
    ] {
        assert_eq!(notes(text), [""; 0], "{text}");
    }
    for text in ["therapy? knee", "?therapy", "5?6", "knee^a", "^2a", "\"th?rapy\"", "norco @50mg", "a@b.org", "\"@pt\"", "@ pt"]
    {
        assert_eq!(notes(text), [""; 0], "{text}");
    }
}

#[test]
fn a_word_that_may_mean_an_outcome_is_noted_where_it_stands_by_itself() {
    let note = |word: &str| format!("`{word}` is read as a word of the text; outcomes are upheld, overturned, modified");
    let table: &[(&str, &[&str])] = &[
        ("MRI denied", &["denied"]),
        ("MRI Denied, denied OR (ct overturn) -granted", &["Denied", "denied", "overturn", "granted"]),
        ("approved decided:last-90-days", &["approved"]),
        ("overturned", &[]),
        ("\"denied\"", &[]),
        ("item:denied outcome:reversed item:(mri denied)", &[]),
        ("denied /s request", &[]),
        ("denied:2016", &[]),
        ("reverse shoulder arthroplasty", &[]),
    ];
    for (text, words) in table {
        assert_eq!(notes(text), words.iter().map(|word| note(word)).collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn words_near_to_each_other_are_one_part() {
    let query = parse("(a1 OR b2) /5 c3 d4 -(e5 /s f6)").expect("reads");
    let parts: Vec<_> = query.positive_parts().iter().map(ToString::to_string).collect();
    assert_eq!(parts, ["(a1 OR b2) /5 c3", "d4"]);
    assert_eq!(words("(a1 OR b2) /5 c3 d4 -(e5 /s f6)"), ["a1", "b2", "c3", "d4"]);
    let fields = |text| parse(text).map(|q| q.fields().iter().map(|f| f.name).collect::<Vec<_>>());
    assert_eq!(fields("item:(a1 /5 b2) age:40"), Ok(vec!["item", "age"]));
}
