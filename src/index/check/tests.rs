//! What is wrong in files that are as they were written, as a defect of the writer would leave it.

use tantivy::indexer::UserOperation;
use tantivy::schema::Field;
use tantivy::{TantivyDocument, Term};

use super::*;
use crate::index::queue::Queued;
use crate::index::schema::Handles;
use crate::index::{Stamp, Writer, documents, schema};
use crate::record::{Decision, Letter, Outcome};

const STAMP: Stamp = Stamp { size: 1, changed: 1, options: 0 };

fn letter(case: &str, outcome: Outcome) -> Letter {
    let decision = |number| Decision { number, item: "MRI".into(), outcome: Some(outcome), ..Decision::default() };
    Letter { case_number: Some(case.into()), decisions: vec![decision(1), decision(2)], ..Letter::unread("x.txt") }
}

/// The documents of a letter, of which the writer knows nothing.
fn made(writer: &Writer, index: &Index, source: &str, letter: &Letter, added: u64) -> Vec<TantivyDocument> {
    let documents = writer.maker().documents(letter).unwrap();
    documents.written(index.handles(), (source, STAMP), |_, _| added).collect()
}

/// The faults of an index with one sound letter and whatever `change` does to it.
fn faults(change: impl FnOnce(&Index, &Writer) -> Vec<UserOperation<Queued>>) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(dir.path()).unwrap();
    let mut writer = Writer::open(&index).unwrap();
    let sound = letter("CM99-0000001", Outcome::Upheld);
    writer.add("/a.txt", STAMP, writer.maker().documents(&sound).unwrap()).unwrap();
    writer.commit().unwrap();
    let change = change(&index, &writer);
    writer.tantivy.run(change).unwrap();
    writer.commit().unwrap();
    writer.close().unwrap();
    let checked = check(dir.path()).unwrap();
    checked.faults.into_iter().map(|fault| fault.what).collect()
}

#[test]
fn an_index_that_is_sound_has_no_fault() {
    assert_eq!(faults(|_, _| Vec::new()), Vec::<String>::new());
}

/// A document without what it has in a field.
fn without(document: &TantivyDocument, field: Field) -> TantivyDocument {
    let mut rest = TantivyDocument::default();
    document.field_values().filter(|(other, _)| *other != field).for_each(|(other, value)| rest.add_field_value(other, value));
    rest
}

/// What the faults say of a change that adds documents, made of those of another letter.
fn added(
    change: impl FnOnce(Handles, &dyn Fn(&str, &Letter, u64) -> Vec<TantivyDocument>) -> Vec<TantivyDocument>,
) -> Vec<String> {
    faults(|index, writer| {
        let made = |source: &str, letter: &Letter, added| made(writer, index, source, letter, added);
        change(index.handles().clone(), &made).into_iter().map(|document| UserOperation::Add(document.into())).collect()
    })
}

#[test]
fn what_does_not_fit_what_is_stored_is_found() {
    let (first, other) = (letter("CM99-0000001", Outcome::Upheld), letter("CM99-0000002", Outcome::Upheld));
    let overturned = letter("CM99-0000002", Outcome::Overturned);
    let third = letter("CM99-0000003", Outcome::Upheld);
    let second_gone = |index: &Index, _: &Writer| vec![UserOperation::Delete(Term::from_field_u64(index.handles().number, 2))];
    let table = [
        ("letters that have more or fewer decisions than are stored: CM99-0000001", faults(second_gone)),
        ("letters that are in the index twice: 1", added(|_, made| made("/b.txt", &first, 1))),
        ("sources that are in the index twice: 1", added(|_, made| made("/a.txt", &other, 1))),
        (
            "letters whose outcome is not the one that is stored: CM99-0000002",
            added(|_, made| {
                let (mut documents, units) = (made("/b.txt", &other, 1), made("/b.txt", &overturned, 1));
                documents.splice(1.., units.into_iter().skip(1));
                documents
            }),
        ),
        (
            "decisions that do not stand behind their letter: CM99-0000002",
            added(|_, made| made("/b.txt", &other, 1).split_off(1)),
        ),
        ("decisions of a commit that is still to come: CM99-0000002", added(|_, made| made("/b.txt", &other, 100))),
        (
            "letters that cannot be read as they are stored: CM99-0000002",
            added(|handles, made| {
                let mut documents = made("/b.txt", &other, 1);
                documents[0] = without(&documents[0], handles.stored);
                documents[0].add_bytes(handles.stored, b"nothing that was packed");
                documents
            }),
        ),
        (
            "letters that are stored under the name of another: CM99-0000002",
            added(|handles, made| {
                let (mut documents, its) = (made("/b.txt", &other, 1), made("/b.txt", &third, 1));
                documents[0] = without(&documents[0], handles.stored);
                documents[0].add_field_value(handles.stored, its[0].get_first(handles.stored).unwrap());
                documents
            }),
        ),
        (
            "sources that are remembered as copies of letters that are not in the index: 1",
            added(|handles, _| vec![documents::copy(&handles, "/c.txt", STAMP, "CM99-0000009", 1)]),
        ),
        (
            "not every document of the kind `copy` is found as one",
            added(|handles, _| {
                let mut container = without(&documents::container(&handles, "/d.zip", STAMP, 0), handles.doc);
                container.add_text(handles.doc, schema::COPY);
                vec![container]
            }),
        ),
    ];
    for (said, faults) in table {
        assert!(faults.iter().any(|fault| fault.contains(said)), "{said}: {faults:?}");
    }
}
