//! An index in pieces answers as it does whole.

use super::*;
use crate::field;
use crate::index::{Index, Stamp, Writer};
use crate::record::{Decision, Letter, Outcome};
use crate::search::{Request, Sort, search_parts};

/// A letter with up to four decisions, or with a text that could not be taken apart.
fn letter(number: usize) -> Letter {
    const WORDS: [&str; 7] = ["therapy", "physical", "the", "lumbar", "pain", "medically", "necessary"];
    const OUTCOMES: [Option<Outcome>; 4] = [Some(Outcome::Upheld), Some(Outcome::Overturned), Some(Outcome::Modified), None];
    let words = |seed: usize| {
        let words = (0..12).map(|at| WORDS[(seed * seed + at * (seed % 5 + 1)) % WORDS.len()]);
        words.collect::<Vec<_>>().join(" ")
    };
    let decision = |at: usize| Decision {
        number: at as u32 + 1,
        item: words(number + at),
        rationale: Some(words(7 * number + at)),
        outcome: OUTCOMES[(number * 3 + at) % 4],
        ..Decision::default()
    };
    let decisions: Vec<_> = (0..number % 5).map(decision).collect();
    let text = decisions.is_empty().then(|| words(number));
    Letter {
        decisions,
        text,
        summary: Some(words(3 * number)),
        age: Some(number as u8 % 90),
        ..Letter::unread(format!("{number}.txt"))
    }
}

#[test]
fn an_index_in_pieces_answers_as_it_does_whole() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(dir.path()).unwrap();
    let mut writer = Writer::open(&index).unwrap();
    for number in 0..120 {
        let documents = writer.maker().documents(&letter(number)).unwrap();
        writer.add(&format!("{number}.txt"), Stamp { size: 1, changed: 1, options: 0 }, documents).unwrap();
    }
    writer.commit().unwrap();
    for number in (0..120).step_by(7) {
        writer.drop_source(&format!("{number}.txt")).unwrap();
    }
    writer.finish().unwrap();
    let searcher = index.view().unwrap();
    let ask = |text: &str, sort: Sort, largest: usize| {
        let query = crate::query::parse(text, jiff::civil::date(2017, 3, 31)).unwrap();
        let near = crate::query::is_plain(text);
        let facets = field::facets().collect();
        let cross = ["outcome", "age-band"].map(|name| field::find(name).unwrap());
        let request =
            Request { text: text.into(), query, facets, cross: Some(cross), sort, near, limit: 30, ..Request::default() };
        let mut hits = Vec::new();
        let parts = pieces(&searcher, largest).unwrap();
        let answer = search_parts(&index, &searcher, &parts, &request, &mut |_, listed| {
            hits.push(listed.hit()?);
            Ok::<_, crate::error::Error>(())
        });
        (parts.len(), format!("{:#?} {hits:#?}", answer.unwrap()))
    };
    let queries = [
        "*",
        "therapy",
        "\"the lumbar\"",
        "physical therapy",
        "ther*",
        "theraby~1",
        "pain AND NOT overturned",
        "overturned OR lumbar",
        "summary:necessary",
        "summary:(pain AND \"the\")",
        "age:20..60",
        "text:pain",
        "pain /s necessary",
        "\"medically necessary\" age:*",
    ];
    for query in queries {
        for sort in [Sort::Relevance, Sort::Oldest] {
            let (whole, expected) = ask(query, sort, usize::MAX);
            for largest in [1, 5, 64, 150] {
                let (many, answer) = ask(query, sort, largest);
                assert!(many > whole, "{many} pieces of at most {largest}");
                assert_eq!(answer, expected, "{query} in pieces of {largest}");
            }
        }
    }
}
