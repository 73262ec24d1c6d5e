//! imr finds and counts independent medical review decisions.

pub mod classify;
pub mod error;
pub mod field;
pub mod index;
pub mod ingest;
pub mod letter;
pub mod query;
pub mod record;
pub mod render;
pub mod search;
pub mod source;
pub mod text;
