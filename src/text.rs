//! The text of a letter, as a page shows it: the form in which every source, PDF or text, reaches the letter parser.

use std::ops::Range;

pub mod pdf;

/// Lines ended by `\n`, blank lines where the page leaves a gap, and a form feed before the first line of each page but the
/// first; columns are set apart by two or more blanks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// The lines.
    pub text: String,
    /// The byte ranges of `text` that are set in bold, in order; empty where the source does not say (a text file).
    pub bold: Vec<Range<usize>>,
    /// What was doubtful in reading it, one sentence each.
    pub warnings: Vec<String>,
}
