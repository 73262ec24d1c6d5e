//! The query language: text to tree, without an engine.
//!
//! A query is quoted in briefs, so no query may change meaning silently: what cannot be read as it was meant is an error that
//! points at the place, and what was read prints itself in one canonical form that reads back as the same tree.
//!
//! ```text
//! query    = or
//! or       = and { "OR" and }
//! and      = not { [ "AND" ] not }              juxtaposition binds as AND does
//! not      = { "NOT" | "-" } near               "-" only at the start, after a blank or after "("
//! near     = primary { connector primary }      of places in one field of words, from left to right
//! connector = ( "/" | "w/" | "within/" | "near/" | "+" | "pre/" | "onear/" ) reach     the last three: in that order
//! reach    = n | "s" | "sent" | "sentence"      n words from 1 to 255; in the same sentence; not "+sent", "+sentence"
//!          | "p" | "para" | "paragraph"         in the same paragraph; not "+para", "+paragraph"
//! primary  = "(" or ")"                         at most 50 deep
//!          | field ":" [ blank ] value
//!          | phrase | word | word ( "*" | "!" ) | word "~" [ "1" | "2" ] | "*"
//! value    = "(" or ")"                         every word inside is of that field
//!          | phrase | word | word ( "*" | "!" ) | word "~" [ "1" | "2" ] | "*"     "*": the field is known
//!          | range                              of fields that hold a number or a day
//! range    = end | [ end ] ".." [ end ] | ( ">" | ">=" | "<" | "<=" ) end | end "-" end
//!          | "last-" n "-" ( "days" | "weeks" | "months" | "years" )
//! phrase   = '"' anything but '"' '"'           curly quotes are the same quotes
//! word     = all but blanks, quotes and parentheses, with a letter or digit in it; others are passed over
//! ```
//!
//! Operators are read in any letter case. A word loses the punctuation of a sentence at its edges (`norco:`, `pain,`) and keeps
//! all else (`10/325mg`, `#60`, `L4-5`). Bare `upheld`, `overturned` and `modified` are outcomes, a bare case number is a case.
//! In the group of a field of values, words side by side are one value: `specialty:(pain management OR neurology)`.
//! A connector is one only between blanks; glued to a word it is part of it (`10/325`, `w/o`), glued to `)` it is an error.
//! `not` in small letters is a word where what letters say of requests follows it (`not specified`), and [`notes`] says so.
//! A function word among other words is a [`Query::Hint`]. What is read may then be widened by what means the same ([`widen`]).

mod date;
mod error;
mod gap;
mod habits;
mod leaf;
mod lexer;
mod lines;
mod parser;
mod plain;
mod print;
mod proximity;
mod range;
mod related;
mod tree;
mod widen;
mod widenings;
mod word;

#[cfg(test)]
mod tests;

pub use error::ParseError;
pub use gap::{Gap, Reach};
pub use parser::parse;
pub use plain::{is_plain, notes};
pub use related::{loose, meant, related};
pub use tree::Query;
pub use widen::{Widening, widen, widenings};

/// Groups within groups; deeper ones are an error, so that no query exhausts the stack.
pub const MAX_DEPTH: usize = 50;

/// Bytes of one word; a longer one is an error, because an analyzer may make hundreds of words of it.
pub const MAX_WORD: usize = 500;

/// Words in one query; more are an error, so that no query takes the engine minutes.
pub const MAX_WORDS: usize = 1_000;
