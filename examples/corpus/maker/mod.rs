//! Letters of our own, as many as one likes, in the form in which the state publishes them, with what a reader must get from each.
//!
//! Letter `i` of a corpus depends on the corpus's seed and on `i` alone: ten thousand letters are the first of a hundred thousand, and
//! they can be made on all cores and in any order. What a letter says comes from a grammar of ours ([`grammar`]) and a lexicon without
//! end ([`lexicon`]); what it is about ([`item`], [`guideline`], [`reviewer`]) is known before a word of it is written, so the record beside
//! it is true by construction and no parser was asked. How it is printed ([`style`], [`layout`]) varies as it does in what is published.
//!
//! Nobody in these letters is real, and no sentence was taken from a letter but those of the state's form.

mod content;
mod dates;
mod drugs;
mod grammar;
mod guideline;
mod item;
mod layout;
pub mod lexicon;
mod paragraphs;
mod pdf;
mod reviewer;
mod rng;
mod style;
mod text;
mod truth;
mod widths;
pub mod write;

use imr::record::Letter;

/// The form in which letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Files of text as `pdftotext -layout` prints the published PDFs
    Text,
    /// PDFs as published
    Pdf,
    /// The same text in one file, letters.jsonl, a letter a line
    Jsonl,
    /// Files of text as text corpora keep letters: no header, an empty line after every line
    Bare,
}

/// A letter and what must be read from it.
pub struct Made {
    /// Its case number, also where the form does not print it.
    pub case: String,
    /// What stands in its file.
    pub bytes: Vec<u8>,
    /// The record, `source` aside.
    pub truth: Letter,
}

/// Letter `number` of the corpus with that seed.
pub fn letter(seed: u64, number: u64, form: Form) -> Made {
    let content = content::Content::of(seed, number);
    let mut style = style::Style::of(seed, number, &content);
    if form == Form::Bare {
        style.footer = None;
    }
    let pages = layout::pages(paragraphs::paragraphs(&content, &style, form), &style);
    let bytes = match form {
        Form::Text | Form::Jsonl => text::as_pdftotext(&pages, &style).into_bytes(),
        Form::Bare => text::double_spaced(&pages).into_bytes(),
        Form::Pdf => pdf::document(&pages),
    };
    Made { truth: truth::of(&content, form), case: content.case, bytes }
}
