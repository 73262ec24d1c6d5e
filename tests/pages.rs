//! No line of a page is wider than the page: a terminal would break it in the middle of a number.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ops::RangeInclusive;
use std::path::Path;

use imr::field::{self, Field};
use imr::index::Index;
use imr::ingest;
use imr::query::{parse, widen};
use imr::render::{Page, letter, similar as render, stats as figures, text};
use imr::search::results::Arrangement;
use imr::search::results::similar::Subject;
use imr::search::similar::{self, similar};
use imr::search::{Request, lookup, search, stats};

const WIDTHS: RangeInclusive<usize> = 40..=140;

fn index(dir: &Path) -> Index {
    let index = Index::open_or_create(dir).unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    ingest::run(&index, &[data], &()).unwrap();
    index
}

/// Writes a page of every width, every other one with colour, and looks at its lines.
fn fits(what: &str, write: impl Fn(&mut Vec<u8>, Page)) {
    for width in WIDTHS {
        let colour = width % 2 == 1;
        let mut out = Vec::new();
        write(&mut out, Page { width, colour, rows: 0 });
        let page = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string();
        assert!(!page.is_empty(), "{what}");
        for line in page.lines().filter(|line| line.chars().count() > width) {
            // What stands alone behind blanks, or behind its label, is a word that has no room: it is not cut, so that it can be
            // searched for.
            let words = line.trim_start_matches("  source ");
            assert!(words.split_whitespace().count() == 1, "{what} at {width}, colour {colour}: {line}");
        }
    }
}

#[test]
fn an_answer_fits_its_page() {
    let dir = tempfile::tempdir().unwrap();
    let index = index(dir.path());
    let facets: Vec<&Field> = field::facets().collect();
    for text in
        ["physical therapy program", "upheld body:spine", "therapy AND overturned", "*", "nothingofthekind", "NOT age:1..200"]
    {
        let query = widen(parse(text, jiff::civil::date(2016, 5, 1)).unwrap());
        let near = imr::query::is_plain(text);
        let request = Request { text: text.into(), query, facets: facets.clone(), near, explain: true, ..Request::default() };
        for (limit, offset) in [(usize::MAX, 0), (2, 1), (0, 0), (5, 1000)] {
            let answer = search(&index, &Request { limit, offset, ..request.clone() }).unwrap();
            fits(text, |out, page| text::answer(out, page, &answer).unwrap());
        }
    }
}

#[test]
fn a_cross_table_fits_its_page() {
    let dir = tempfile::tempdir().unwrap();
    let index = index(dir.path());
    for rows in field::facets() {
        for columns in field::facets().filter(|columns| *columns != rows) {
            let request = Request { cross: Some([rows, columns]), limit: 0, ..Request::default() };
            let mut answer = search(&index, &request).unwrap();
            answer.arrange(Arrangement::default());
            let what = format!("{} by {}", rows.name, columns.name);
            fits(&what, |out, page| text::answer(out, page, &answer).unwrap());
        }
    }
}

#[test]
fn what_is_similar_fits_its_page() {
    let dir = tempfile::tempdir().unwrap();
    let index = index(dir.path());
    let searcher = index.view().unwrap();
    for case in ["CM99-0000001", "CM99-0000005"] {
        let letter = lookup::letter(&index, &searcher, case).unwrap().unwrap();
        fits(case, |out, page| letter::letter(out, page, &letter, &|_, _| Vec::new()).unwrap());
        for contrast in [false, true] {
            let request = similar::Request {
                among: None,
                nearest: 50,
                limit: if contrast { 0 } else { 10 },
                offset: 0,
                same_letter: false,
                contrast,
            };
            let subjects = Subject::all(&letter, &letter.key());
            let answers: Vec<_> = subjects.into_iter().map(|subject| similar(&index, subject, &request).unwrap()).collect();
            fits(case, |out, page| render::text(out, page, &answers).unwrap());
        }
    }
}

#[test]
fn the_figures_of_an_index_fit_their_page() {
    let dir = tempfile::tempdir().unwrap();
    let stats = stats::stats(&index(dir.path())).unwrap();
    fits("stats", |out, page| figures::page(out, page, &stats).unwrap());
}
