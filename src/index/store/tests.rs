//! Letters come back as they went in, or not at all.

use tantivy::query::TermQuery;

use super::*;
use crate::index::{Index, Stamp, Writer};

const STAMP: Stamp = Stamp { size: 1, changed: 1, options: 0 };

/// A letter that is like no other but in its sentences.
fn letter(number: usize) -> Letter {
    let sentence = |at: usize| format!("Sentence {} says what many letters say, {number} times. ", (number * at) % 50);
    Letter { summary: Some((0..60).map(sentence).collect()), ..Letter::unread(format!("{number}.txt")) }
}

fn packed(index: &Index, searcher: &Searcher, key: &str) -> OwnedBytes {
    let query = TermQuery::new(Term::from_field_text(index.handles().key, key), IndexRecordOption::Basic);
    let found = searcher.search(&query, &tantivy::collector::DocSetCollector).unwrap();
    // The letter's own document is the first of its documents.
    let address = found.into_iter().min().unwrap();
    let store = searcher.segment_reader(address.segment_ord).get_store_reader(0).unwrap();
    stored(&store, address.doc_id).unwrap()
}

#[test]
fn letters_come_back_as_they_went_in_with_and_without_a_dictionary() {
    let dir = tempfile::tempdir().unwrap();
    let mut sizes = Vec::new();
    // Each run opens the index anew: what the first packs with, the later find there.
    for numbers in [0..10, 10..900, 900..910] {
        let index = Index::open_or_create(dir.path()).unwrap();
        let mut writer = Writer::open(&index).unwrap();
        for number in numbers.clone() {
            let name = format!("{number}.txt");
            let documents = writer.maker().documents(&letter(number)).unwrap();
            writer.add(&name, STAMP, documents).unwrap();
        }
        writer.finish().unwrap();
        let (index, searcher) = (Index::open(dir.path()).unwrap(), index.searcher().unwrap());
        for number in 0..numbers.end {
            let bytes = packed(&index, &searcher, &letter(number).key());
            assert_eq!(index.unpacker().unpack(&bytes, &searcher).unwrap(), letter(number), "{number}");
        }
        let last = packed(&index, &searcher, &letter(numbers.end - 1).key());
        sizes.push((zstd_safe::get_dict_id_from_frame(&last), last.len()));
    }
    assert!(sizes[0].0.is_none() && sizes[1].0.is_some() && sizes[1].0 == sizes[2].0, "{sizes:?}");
    assert!(sizes[2].1 < sizes[0].1, "{sizes:?}");
}

#[test]
fn of_two_dictionaries_one_may_be_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(dir.path()).unwrap();
    let mut writer = Writer::open(&index).unwrap();
    for number in 0..900 {
        writer.add(&format!("{number}.txt"), STAMP, writer.maker().documents(&letter(number)).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    let last = |letter: &Letter| {
        let index = Index::open(dir.path()).unwrap();
        let searcher = index.searcher().unwrap();
        let bytes = packed(&index, &searcher, &letter.key());
        assert!(zstd_safe::get_dict_id_from_frame(&bytes).is_some());
        index.unpacker().unpack(&bytes, &searcher)
    };
    let stores = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
    let places = |bytes: &[u8]| memchr::memmem::find_iter(bytes, &[0x37, 0xa4, 0x30, 0xec]).collect::<Vec<_>>();
    let holds = |path: &std::path::PathBuf| places(&std::fs::read(path).unwrap()).len() == 2;
    let path = stores.filter(|path| path.extension().is_some_and(|e| e == "store")).find(holds).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let [first, second] = places(&whole)[..] else { panic!("{:?}", places(&whole)) };
    for (damaged, is_read) in [(&[][..], true), (&[first], true), (&[second], true), (&[first, second], false)] {
        let mut bytes = whole.clone();
        damaged.iter().for_each(|at| bytes[at + 5000] ^= 4);
        std::fs::write(&path, bytes).unwrap();
        match last(&letter(899)) {
            Ok(read) => assert!(is_read && read == letter(899), "{damaged:?}"),
            Err(e) => assert!(!is_read && matches!(e, Error::Damaged(_)), "{damaged:?}: {e}"),
        }
    }
}

#[test]
fn a_letter_that_has_changed_on_disk_is_damaged_and_not_misread() {
    let searcher = tantivy::Index::create_in_ram(schema::build().0).reader().unwrap().searcher();
    let (whole, unpacker) = (Packer::default().pack(&letter(1)).unwrap().bytes, Unpacker::default());
    assert_eq!(unpacker.unpack(&whole, &searcher).unwrap(), letter(1));
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        match unpacker.unpack(&bytes, &searcher) {
            // A bit of the frame's head that decides nothing may change.
            Ok(read) => assert_eq!(read, letter(1), "byte {at}"),
            Err(e) => assert!(matches!(e, Error::Damaged(_)), "byte {at}: {e}"),
        }
    }
    assert!(matches!(unpacker.unpack(&whole[..whole.len() / 2], &searcher), Err(Error::Damaged(_))));
}
