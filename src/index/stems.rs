//! Stems, remembered: the same few thousand words are nearly all of any text, and finding a stem costs more than all else that is
//! done to a word.
//!
//! Each thread has a table with one place for all words of one hash, and a word takes its place from the one before it. So the
//! table is bounded without counting, and a word that comes often is nearly always found in it.

use std::cell::RefCell;
use std::hash::BuildHasher;

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxBuildHasher;

use super::words::{STEM, is_function};

/// Places of the table: with their words some 300 KB.
const PLACES: usize = 4096;
/// Longer words are rare, and are not remembered.
const LONGEST: usize = 32;

thread_local! {
    static TABLE: RefCell<Vec<Place>> = RefCell::new(vec![Place::default(); PLACES]);
}

/// A word, and the index term for its stem; empty where it has none.
#[derive(Debug, Clone, Default)]
struct Place {
    word: String,
    term: String,
}

/// Appends the index term for the stem of `word`; nothing where it has none.
pub fn push_term(word: &str, out: &mut String) {
    if word.len() <= 2 || !is_alphabetic(word) {
        return;
    }
    if word.len() > LONGEST {
        return push_new(word, out);
    }
    let hash = FxBuildHasher.hash_one(word) as usize;
    TABLE.with_borrow_mut(|table| match table.get_mut(hash % PLACES) {
        Some(place) => {
            if place.word != word {
                place.word.clear();
                place.word.push_str(word);
                place.term.clear();
                push_new(word, &mut place.term);
            }
            out.push_str(&place.term);
        }
        None => push_new(word, out),
    });
}

fn push_new(word: &str, out: &mut String) {
    if !is_function(word) {
        out.push_str(STEM);
        out.push_str(&Stemmer::new(Algorithm::English).stem(word));
    }
}

fn is_alphabetic(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_alphabetic()) || word.chars().all(char::is_alphabetic)
}
