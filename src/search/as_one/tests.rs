//! Words in a row, held against a plain loop over the texts.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tantivy::schema::{Schema, TEXT};
use tantivy::{Index, IndexWriter, Searcher, doc};

use super::*;
use crate::search::bits::Bits;
use crate::search::through::Through;

const WORDS: [&str; 4] = ["therapy", "therapies", "pain", "pains"];

/// An index of texts, in one segment.
fn indexed(texts: &[Vec<&str>]) -> Searcher {
    let mut schema = Schema::builder();
    let field = schema.add_text_field("text", TEXT);
    let index = Index::create_in_ram(schema.build());
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
    for text in texts {
        writer.add_document(doc!(field => text.join(" "))).unwrap();
    }
    writer.commit().unwrap();
    index.reader().unwrap().searcher()
}

/// How often the words stand in a row in a text.
fn rows(text: &[&str], words: &[(usize, Vec<&str>)]) -> u32 {
    let here = |start: usize| words.iter().all(|(place, forms)| text.get(start + place).is_some_and(|word| forms.contains(word)));
    (0..text.len()).filter(|start| here(*start)).count() as u32
}

/// What has the documents of the words, and how often they stand in them.
fn found(searcher: &Searcher, words: &[(usize, Vec<&str>)]) -> Box<dyn Frequencies> {
    let field = searcher.schema().get_field("text").unwrap();
    let forms = |words: &[&str]| {
        let terms = words.iter().map(|word| Term::from_field_text(field, word)).collect();
        Arc::new(Forms { terms, found: 0 })
    };
    let words: Vec<(usize, Arc<Forms>)> = words.iter().map(|(place, words)| (*place, forms(words))).collect();
    let reader = searcher.segment_reader(0);
    match words.as_slice() {
        [(_, forms)] => Box::new(union(reader, &forms.terms, IndexRecordOption::WithFreqs).unwrap()),
        _ => Box::new(InARow::of(AsOne { words }.open(reader).unwrap())),
    }
}

/// Words each in some forms, one right behind the other or further.
fn words() -> impl Strategy<Value = Vec<(usize, Vec<&'static str>)>> {
    let word = (1usize..3, subsequence(&WORDS[..], 1..4));
    prop::collection::vec(word, 1..4).prop_map(|words| {
        let places = words.iter().scan(0, |place, (further, _)| {
            *place += further;
            Some(*place)
        });
        let places: Vec<_> = places.collect();
        places.iter().map(|place| place - places[0]).zip(words.into_iter().map(|(_, forms)| forms)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn words_in_a_row_are_found_as_often_as_they_stand(
        texts in prop::collection::vec(prop::collection::vec(select(&WORDS[..]), 0..12), 1..40),
        words in words(),
        asked in prop::collection::btree_set(0u32..40, 0..20),
    ) {
        let expected: Vec<_> = texts.iter().zip(0..).map(|(text, doc)| (doc, rows(text, &words))).filter(|(_, n)| *n > 0).collect();
        let searcher = indexed(&texts);
        let mut docs = found(&searcher, &words);
        let mut all = Vec::new();
        while docs.doc() != TERMINATED {
            all.push((docs.doc(), docs.frequency()));
            docs.advance();
        }
        prop_assert_eq!(&all, &expected);
        prop_assert_eq!(docs.advance(), TERMINATED);

        let (mut sought, mut looked) = (found(&searcher, &words), found(&searcher, &words));
        let first = looked.doc();
        for doc in asked {
            let next = expected.iter().find(|(at, _)| *at >= doc);
            if doc >= sought.doc() {
                prop_assert_eq!(sought.seek(doc), next.map_or(TERMINATED, |(at, _)| *at));
            }
            if doc > first {
                match looked.seek_danger(doc) {
                    SeekDangerResult::Found => prop_assert_eq!(Some(&(doc, looked.frequency())), next),
                    SeekDangerResult::SeekLowerBound(bound) => {
                        prop_assert!(bound > doc && next.is_none_or(|(at, _)| *at >= bound));
                    }
                }
            }
        }
    }

    #[test]
    fn words_that_are_read_through_stand_in_the_same_rows(
        texts in prop::collection::vec(prop::collection::vec(select(&WORDS[..]), 0..40), 20..60),
        words in words(),
        further in 1u32..300,
    ) {
        // More documents than the engine packs together.
        let texts: Vec<_> = texts.iter().cycle().take(60 * texts.len()).cloned().collect();
        let searcher = indexed(&texts);
        let (reader, field) = (searcher.segment_reader(0), searcher.schema().get_field("text").unwrap());
        let index = reader.inverted_index(field).unwrap();
        let info = |word: &&str| index.get_term_info(&Term::from_field_text(field, word)).unwrap();
        let terms: Vec<_> = words.iter().map(|(place, words)| (*place, words.iter().filter_map(info).collect())).collect();
        let read = |docs: std::ops::Range<u32>, among: Option<&Bits>| {
            let mut read = BTreeSet::new();
            Through::of(reader, field, &terms).unwrap().each(docs, among, |doc| {
                read.insert(doc);
            });
            read
        };
        let all = texts.len() as u32;
        let expected = |docs: std::ops::Range<u32>| docs.filter(|doc| rows(&texts[*doc as usize], &words) > 0);
        prop_assert_eq!(read(0..all, None), expected(0..all).collect::<BTreeSet<_>>());
        let some = further.min(all)..all - all / 5;
        let among = Bits::of(some.clone(), some.clone().filter(|doc| doc % 3 > 0));
        prop_assert_eq!(read(some.clone(), Some(&among)), expected(some).filter(|doc| doc % 3 > 0).collect::<BTreeSet<_>>());
    }
}
