//! Words that begin alike: to find any of them, each worth the same.

use std::io;

use tantivy::Term;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::query::{EnableScoring, Query as Engine, RegexQuery, Weight};
use tantivy::schema::Field as Handle;

/// What any word with that beginning stands in. The engine goes through all of their documents before it gives the first.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The field of the words.
    pub field: Handle,
    beginning: String,
    engine: RegexQuery,
}

impl Beginning {
    /// Of words in a field.
    pub fn of(beginning: &str, field: Handle) -> tantivy::Result<Self> {
        let engine = RegexQuery::from_pattern(&format!("{}.*", regex::escape(beginning)), field)?;
        Ok(Beginning { field, beginning: beginning.to_owned(), engine })
    }

    /// The words of a segment that have it.
    pub fn words(&self, index: &InvertedIndexReader) -> io::Result<Vec<TermInfo>> {
        beginning_with(index, &self.beginning)
    }
}

impl Engine for Beginning {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        self.engine.weight(scoring)
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.engine.query_terms(visitor);
    }
}

/// The words of a segment's field that begin so.
pub fn beginning_with(index: &InvertedIndexReader, beginning: &str) -> io::Result<Vec<TermInfo>> {
    let mut words = Vec::new();
    let mut stream = index.terms().range().ge(beginning).into_stream()?;
    while stream.advance() && stream.key().starts_with(beginning.as_bytes()) {
        words.push(stream.value().clone());
    }
    Ok(words)
}
