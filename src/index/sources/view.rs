//! The sources that are committed, looked up by name, by letter or in the order of their names.

use std::sync::Arc;

use rayon::prelude::*;
use tantivy::columnar::{Column, StrColumn};
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use super::{Holds, Known, Stamp};
use crate::error::Result;
use crate::index::schema::{self, Handles};

/// Where fewer than one in so many of a segment's sources are asked for, each is looked up by itself.
const FEW: usize = 16;

/// A committed state of the index.
pub struct View {
    segments: Vec<Segment>,
    handles: Handles,
}

struct Segment {
    reader: SegmentReader,
    by_source: Arc<InvertedIndexReader>,
    source: StrColumn,
    key: Option<StrColumn>,
    copy_of: Option<StrColumn>,
    size: Column<u64>,
    changed: Column<i64>,
    options: Column<u64>,
    count: Column<u64>,
}

impl View {
    pub fn of(searcher: &Searcher, handles: &Handles) -> Result<Self> {
        let segments = searcher.segment_readers().iter().map(|reader| Segment::open(reader, handles));
        let segments = segments.filter_map(Result::transpose).collect::<Result<_>>()?;
        Ok(View { segments, handles: handles.clone() })
    }

    /// What is known of a source.
    pub fn get(&self, source: &str) -> Result<Option<Known>> {
        let term = Term::from_field_text(self.handles.source, source);
        for segment in &self.segments {
            if let Some(doc) = segment.docs(&segment.by_source, &term)?.next() {
                return segment.known(doc).map(Some);
            }
        }
        Ok(None)
    }

    /// The source whose text stands for the letter.
    pub fn holder(&self, key: &str) -> Result<Option<String>> {
        let mut holder = None;
        self.each_of(self.handles.key, key, |source| holder = Some(source))?;
        Ok(holder)
    }

    /// The sources that are remembered as copies of the letter.
    pub fn copies(&self, key: &str) -> Result<Vec<String>> {
        let mut copies = Vec::new();
        self.each_of(self.handles.copy_of, key, |source| copies.push(source))?;
        Ok(copies)
    }

    /// The sources among the documents that have `value` in a field.
    fn each_of(&self, field: Handle, value: &str, mut each: impl FnMut(String)) -> Result<()> {
        let term = Term::from_field_text(field, value);
        for segment in &self.segments {
            let index = segment.reader.inverted_index(field)?;
            for doc in segment.docs(&index, &term)? {
                text(&segment.source, doc)?.into_iter().for_each(&mut each);
            }
        }
        Ok(())
    }

    /// The letters of which there are copies.
    pub fn copied(&self) -> Result<Vec<String>> {
        let mut keys = Vec::new();
        let term = Term::from_field_text(self.handles.doc, schema::COPY);
        for segment in &self.segments {
            let Some(copy_of) = &segment.copy_of else { continue };
            let index = segment.reader.inverted_index(self.handles.doc)?;
            for doc in segment.docs(&index, &term)? {
                keys.extend(text(copy_of, doc)?);
            }
        }
        Ok(keys)
    }

    /// Visits the sources whose names begin so, each segment's in their order: of each its stamp, and whether it gave a letter.
    pub fn each_below(&self, prefix: &str, mut each: impl FnMut(&str, Stamp, bool) -> Result<()>) -> Result<()> {
        for segment in &self.segments {
            let terms = segment.by_source.terms();
            let mut stream = terms.range().ge(prefix).into_stream().map_err(TantivyError::from)?;
            while let Some((name, info)) = stream.next().filter(|(name, _)| name.starts_with(prefix.as_bytes())) {
                let Ok(name) = std::str::from_utf8(name) else { continue };
                for doc in segment.docs_of(&segment.by_source, info)? {
                    each(name, segment.stamp(doc), segment.is_letter(doc))?;
                }
            }
        }
        Ok(())
    }

    /// Which of `asked`, names with their places, are known as letters with the stamp that `stamp` tells for their place. The
    /// names are in order, as those of a segment are: both are gone through side by side.
    pub fn current<'a, S: Fn(usize) -> Stamp + Sync>(&self, asked: &'a [(&'a str, usize)], stamp: &S) -> Result<Vec<usize>> {
        let found = self.segments.par_iter().map(|segment| segment.current(asked, stamp));
        Ok(found.collect::<Result<Vec<_>>>()?.concat())
    }
}

impl Segment {
    /// `None` where no source is in it.
    fn open(reader: &SegmentReader, handles: &Handles) -> Result<Option<Self>> {
        let fast = reader.fast_fields();
        let Some(source) = fast.str("source")? else { return Ok(None) };
        Ok(Some(Segment {
            by_source: reader.inverted_index(handles.source)?,
            source,
            key: fast.str("key")?,
            copy_of: fast.str("copy-of")?,
            size: fast.u64("size")?,
            changed: fast.i64("changed")?,
            options: fast.u64("options")?,
            count: fast.u64("count")?,
            reader: reader.clone(),
        }))
    }

    fn docs(&self, index: &InvertedIndexReader, term: &Term) -> Result<Docs<'_>> {
        match index.get_term_info(term).map_err(TantivyError::from)? {
            Some(info) => self.docs_of(index, &info),
            None => Ok(Docs { reader: &self.reader, postings: None }),
        }
    }

    fn docs_of(&self, index: &InvertedIndexReader, info: &TermInfo) -> Result<Docs<'_>> {
        let postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic).map_err(TantivyError::from)?;
        Ok(Docs { reader: &self.reader, postings: Some(postings) })
    }

    fn stamp(&self, doc: DocId) -> Stamp {
        Stamp {
            size: self.size.first(doc).unwrap_or(0),
            changed: self.changed.first(doc).unwrap_or(0),
            options: self.options.first(doc).unwrap_or(0),
        }
    }

    fn known(&self, doc: DocId) -> Result<Known> {
        let value = |column: &Option<StrColumn>| column.as_ref().map_or(Ok(None), |column| text(column, doc));
        let count = self.count.first(doc).unwrap_or(0);
        let holds = match (value(&self.key)?, value(&self.copy_of)?) {
            (Some(key), _) | (None, Some(key)) => Holds::Letter { key, decisions: count },
            (None, None) => Holds::Members { faults: count },
        };
        Ok(Known { stamp: self.stamp(doc), holds })
    }

    fn is_letter(&self, doc: DocId) -> bool {
        let has = |column: &Option<StrColumn>| column.as_ref().is_some_and(|column| column.ords().first(doc).is_some());
        has(&self.key) || has(&self.copy_of)
    }

    fn current<S: Fn(usize) -> Stamp>(&self, asked: &[(&str, usize)], stamp: &S) -> Result<Vec<usize>> {
        let (Some((first, _)), Some((last, _))) = (asked.first(), asked.last()) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        let mut compare = |info: &TermInfo, place: usize| -> Result<()> {
            let mut docs = self.docs_of(&self.by_source, info)?;
            found.extend(docs.any(|doc| self.is_letter(doc) && self.stamp(doc) == stamp(place)).then_some(place));
            Ok(())
        };
        let terms = self.by_source.terms();
        if asked.len() < terms.num_terms() / FEW {
            for (name, place) in asked {
                terms.get(name).map_err(TantivyError::from)?.map_or(Ok(()), |info| compare(&info, *place))?;
            }
            return Ok(found);
        }
        let mut asked = asked.iter().peekable();
        let mut stream = terms.range().ge(first).le(last).into_stream().map_err(TantivyError::from)?;
        while let Some((name, info)) = stream.next() {
            while asked.next_if(|(asked, _)| asked.as_bytes() < name).is_some() {}
            match asked.peek() {
                Some((asked, place)) if asked.as_bytes() == name => compare(info, *place)?,
                Some(_) => {}
                None => break,
            }
        }
        Ok(found)
    }
}

/// The documents of a term that have not been deleted.
struct Docs<'a> {
    reader: &'a SegmentReader,
    postings: Option<SegmentPostings>,
}

impl Iterator for Docs<'_> {
    type Item = DocId;

    fn next(&mut self) -> Option<DocId> {
        let postings = self.postings.as_mut()?;
        loop {
            let doc = postings.doc();
            if doc == TERMINATED {
                return None;
            }
            postings.advance();
            if !self.reader.is_deleted(doc) {
                return Some(doc);
            }
        }
    }
}

fn text(column: &StrColumn, doc: DocId) -> Result<Option<String>> {
    let Some(ordinal) = column.ords().first(doc) else { return Ok(None) };
    let mut text = String::new();
    column.ord_to_str(ordinal, &mut text).map_err(TantivyError::from)?;
    Ok(Some(text))
}
