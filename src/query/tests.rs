//! The language held against tables, laws and its own documentation.

mod docs;
mod errors;
mod laws;
mod readings;
mod tree;
mod widen;

use jiff::civil::{Date, date};

use super::{ParseError, Query};

/// The day on which the tests take place.
fn today() -> Date {
    date(2017, 3, 31)
}

fn parse(text: &str) -> Result<Query, ParseError> {
    super::parse(text, today())
}
