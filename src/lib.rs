//! imr finds and counts California independent medical review (IMR) decisions.
//!
//! Two pipelines meet only in the record and the index:
//!
//! ```text
//! source -> text -> letter -> record -> index                                       (imr index, imr parse)
//! query text -> tree -> tantivy query -> collectors -> results -> renderers         (imr query, show, similar)
//! ```
//!
//! | module | what it is |
//! |---|---|
//! | [`record`] | what is known of a letter, as plain data |
//! | [`field`] | the one table of fields, read by schema, query parser, facets and docs |
//! | [`source`], [`text`] | files, and the text of a letter from PDF or text |
//! | [`letter`], [`classify`] | text to record; item to treatment category |
//! | [`index`], [`ingest`] | one tantivy index, and the run that keeps it up to date |
//! | [`query`] | the query language: text to tree, without an engine |
//! | [`saved`] | queries saved by name, and how far each has been seen |
//! | [`search`] | tree to answer: hits, counts, facets, passages |
//! | [`render`] | answer to page or JSON |
//! | [`visible`] | which characters of other people's texts may be shown |
//!
//! What each may import from the others is held by `tests/architecture.rs`.
//!
//! ```
//! let today = jiff::civil::date(2026, 1, 31);
//! let query = imr::query::parse("physical therapy AND overturned", today).expect("a query");
//! assert_eq!(query.to_string(), "physical AND therapy AND outcome:overturned");
//! ```

pub mod classify;
pub mod error;
pub mod field;
pub mod index;
pub mod ingest;
pub mod letter;
pub mod query;
pub mod record;
pub mod render;
pub mod saved;
pub mod search;
pub mod source;
pub mod text;
pub mod visible;
