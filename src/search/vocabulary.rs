//! The words of an index: which of them are forms of a word, and how frequent they are; by their letters in [`spelling`].

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::directory::CompositeFile;
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field as Handle, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, TantivyError, Term};

use super::as_one::in_a_row;
use super::bits::Bits;
use super::form::Form;
use super::scored::Boxed;
use super::scoring::Statistics;
use crate::error::Result;
use crate::field::{self, Field};
use crate::index::{schema, words};
use crate::query::Query;

mod spelling;

/// Postings of forms that are read to count their documents.
const FEW: u64 = 1 << 14;

/// The forms of a word that occur in a field.
#[derive(Debug)]
pub struct Forms {
    /// In the order of the alphabet.
    pub terms: Vec<Term>,
    /// In how many documents any of them stands.
    pub found: u64,
}

/// The words of what is committed.
pub struct Vocabulary<'a> {
    searcher: &'a Searcher,
    handles: &'a schema::Handles,
    /// How rare words are among what can be found.
    pub statistics: Statistics<'a>,
    /// The same among letters.
    letters: Statistics<'a>,
    /// The words of each segment, by field.
    words: Vec<CompositeFile>,
    /// What has been found: a query asks for the same words again and again.
    forms: Mutex<HashMap<(Handle, Form), Arc<Forms>>>,
}

impl<'a> Vocabulary<'a> {
    /// Of a view of an index.
    pub fn of(searcher: &'a Searcher, handles: &'a schema::Handles) -> Result<Self> {
        let statistics = Statistics::of(searcher, handles)?;
        let letters = statistics.of_letters()?;
        let words = |segment: &SegmentReader| {
            let file = segment.open_read(SegmentComponent::Terms).map_err(TantivyError::from)?;
            Ok(CompositeFile::open(&file).map_err(TantivyError::from)?)
        };
        let words = searcher.segment_readers().iter().map(words).collect::<Result<_>>()?;
        Ok(Vocabulary { searcher, handles, statistics, letters, words, forms: Mutex::default() })
    }

    /// The segments in which a field has words. For any other the engine makes a dictionary that is empty, which takes longer than a
    /// query.
    fn segments_with(&self, handle: Handle) -> impl Iterator<Item = &SegmentReader> {
        let with_words = move |(_, words): &(_, &CompositeFile)| words.open_read(handle).is_some();
        self.searcher.segment_readers().iter().zip(&self.words).filter(with_words).map(|(segment, _)| segment)
    }

    /// Whether a field has words anywhere.
    pub fn has_words(&self, field: &Field) -> bool {
        self.segments_with(self.handles.of(field)).next().is_some()
    }

    /// What of a form occurs in a field.
    pub fn forms(&self, field: &Field, form: &Form) -> Result<Arc<Forms>> {
        let handle = self.handles.of(field);
        let mut known = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (handle, form.clone());
        if let Some(forms) = known.get(&key) {
            return Ok(Arc::clone(forms));
        }
        let among = if field.is_of_letter() { &self.letters } else { &self.statistics };
        let forms = Arc::new(Forms::of(self.segments_with(handle), handle, form, among.units)?);
        known.insert(key, Arc::clone(&forms));
        Ok(forms)
    }

    /// Words side by side in a field, each in its forms.
    pub fn side_by_side(&self, field: &Field, forms: &[Form]) -> Result<Boxed> {
        self.apart(field, forms.iter().enumerate())
    }

    /// Words so far behind the first in a field, each in its forms.
    pub fn apart<'f>(&self, field: &Field, forms: impl Iterator<Item = (usize, &'f Form)>) -> Result<Boxed> {
        let words = forms.map(|(place, form)| Ok((place, self.forms(field, form)?)));
        Ok(in_a_row(words.collect::<Result<_>>()?))
    }

    /// How many of what can be found hold a form in a field. A letter that holds it counts as its units, of which it has as many
    /// as any letter.
    pub fn frequency_in(&self, field: &Field, form: &Form) -> Result<u64> {
        let found = self.forms(field, form)?.found;
        if !field.is_of_letter() {
            return Ok(found);
        }
        let (units, letters) = (self.statistics.units, self.letters.units.max(1));
        Ok((found as f64 * units as f64 / letters as f64).round() as u64)
    }

    /// Whether every word of `text` occurs, in any form.
    pub fn has(&self, text: &str) -> Result<bool> {
        for word in words::words(text) {
            // Most words occur as they are, and to look that up is all it takes.
            if !self.stands(&word.word)? && self.in_any_field(&Form::of(&word.word))? == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a word occurs as it is.
    fn stands(&self, word: &str) -> Result<bool> {
        for field in field::texts() {
            if self.searcher.doc_freq(&Term::from_field_text(self.handles.of(field), word))? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// In how many decisions a word, or the most frequent of several, stands: in the field where it is most frequent.
    pub fn frequency(&self, query: &Query) -> Result<u64> {
        let mut most = 0;
        for leaf in query.positive_leaves() {
            let Query::Word { word, .. } = leaf else { continue };
            // Of words that must stand side by side, the rarest says how rare they are.
            let mut rarest = None;
            for form in Form::all_of(word) {
                let found = self.in_any_field(&form)?;
                rarest = Some(rarest.map_or(found, |least: u64| least.min(found)));
            }
            most = most.max(rarest.unwrap_or(0));
        }
        Ok(most)
    }

    fn in_any_field(&self, form: &Form) -> Result<u64> {
        let mut most = 0;
        for field in field::texts() {
            most = most.max(self.frequency_in(field, form)?);
        }
        Ok(most)
    }

    /// The words that are of a form, the most frequent first.
    pub fn words(&self, fields: impl Iterator<Item = &'static Field>, form: &Form) -> Result<Vec<String>> {
        let mut found = BTreeMap::<String, u64>::new();
        for field in fields {
            for term in &self.forms(field, form)?.terms {
                let word = term.value().as_str().unwrap_or_default().to_owned();
                *found.entry(word).or_default() += self.searcher.doc_freq(term)?;
            }
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by_key(|(_, frequency)| Reverse(*frequency));
        Ok(found.into_iter().map(|(word, _)| word).collect())
    }
}

impl Forms {
    /// What of a form occurs in a field that `all` documents may have. Where forms stand often, their documents are not counted but
    /// told as if the forms kept no company with each other: to count them all postings would have to be read.
    pub fn of<'s>(
        in_segments: impl IntoIterator<Item = &'s SegmentReader>,
        handle: Handle,
        form: &Form,
        all: u64,
    ) -> tantivy::Result<Forms> {
        let mut frequencies = BTreeMap::<String, u64>::new();
        let mut segments = Vec::new();
        for segment in in_segments {
            let mut here = Vec::new();
            form.find(segment.inverted_index(handle)?.terms(), &mut |word, info| {
                *frequencies.entry(word.to_owned()).or_default() += u64::from(info.doc_freq);
                here.push(info.clone());
            })?;
            segments.push((segment, here));
        }
        let sum: u64 = frequencies.values().sum();
        let found = match frequencies.len() {
            0 | 1 => sum,
            _ if sum > FEW => apart(frequencies.values().copied(), all),
            _ => {
                let counts = segments.iter().map(|(segment, terms)| together(segment, handle, terms));
                counts.sum::<tantivy::Result<u64>>()?
            }
        };
        let terms = frequencies.into_keys().map(|word| Term::from_field_text(handle, &word)).collect();
        Ok(Forms { terms, found })
    }
}

/// In how many documents of a segment any of several terms stands.
fn together(segment: &SegmentReader, handle: Handle, terms: &[TermInfo]) -> tantivy::Result<u64> {
    if let [term] = terms {
        return Ok(term.doc_freq.into());
    }
    let index = segment.inverted_index(handle)?;
    let mut found = Bits::none(0..segment.max_doc());
    for term in terms {
        found.insert_all(index.read_block_postings_from_terminfo(term, IndexRecordOption::Basic)?);
    }
    Ok(found.len())
}

/// In how many of all documents any of several terms stands that keep no company with each other.
fn apart(found: impl Iterator<Item = u64>, all: u64) -> u64 {
    let lacking: f64 = found.map(|found| 1.0 - found as f64 / all.max(1) as f64).product();
    (all as f64 * (1.0 - lacking)).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{Index, Stamp, Writer};
    use crate::record::{Decision, Letter};

    /// An index of decisions with these rationales, each in a commit of its own.
    fn indexed(dir: &std::path::Path, rationales: &[&str]) -> Index {
        let index = Index::open_or_create(dir).unwrap();
        let mut writer = Writer::open(&index).unwrap();
        for (number, rationale) in rationales.iter().enumerate() {
            let name = format!("{number}.txt");
            let decisions = vec![Decision { number: 1, rationale: Some((*rationale).to_owned()), ..Decision::default() }];
            let documents = writer.maker().documents(&Letter { decisions, ..Letter::unread(&name) }).unwrap();
            writer.add(&name, Stamp { size: 1, changed: 1, options: 0 }, documents).unwrap();
            writer.commit().unwrap();
        }
        writer.finish().unwrap();
        index
    }

    #[test]
    fn numbers_and_scraps_are_near_to_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let index = indexed(dir.path(), &["Norco 64493 x acupuncture", "both opioids, opioid, mri"]);
        let searcher = index.searcher().unwrap();
        let vocabulary = Vocabulary::of(&searcher, index.handles()).unwrap();
        for (word, near) in [
            ("narco", "norco"),
            ("ACCUPUNTURE", "acupuncture"),
            ("64495", ""),
            ("θ", ""),
            ("zz", ""),
            ("botox", ""),
            ("opoid", "opioid"),
            ("opiodis", "opioids"),
        ] {
            assert_eq!(vocabulary.near(word).unwrap().join(" "), near, "{word}");
        }
    }

    #[test]
    fn a_document_with_two_forms_of_a_word_counts_once() {
        let dir = tempfile::tempdir().unwrap();
        let index = indexed(dir.path(), &["Therapy, therapies", "therapies", "The therapist 12"]);
        let searcher = index.searcher().unwrap();
        let vocabulary = Vocabulary::of(&searcher, index.handles()).unwrap();
        let rationale = field::find("rationale").unwrap();
        for (word, expected, found) in
            [("therapy", "therapies therapy", 2), ("therapist", "therapist", 1), ("12", "12", 1), ("325", "", 0)]
        {
            let forms = vocabulary.forms(rationale, &Form::of(word)).unwrap();
            let words: Vec<_> = forms.terms.iter().filter_map(|term| term.value().as_str().map(str::to_owned)).collect();
            assert_eq!((words.join(" ").as_str(), forms.found), (expected, found), "{word}");
        }
    }

    #[test]
    fn forms_that_keep_no_company_stand_in_as_many_documents_as_chance_puts_them() {
        for (found, all, expected) in
            [(vec![50, 50], 100, 75), (vec![100, 3], 100, 100), (vec![10, 10], 1_000_000, 20), (vec![0], 0, 0)]
        {
            assert_eq!(apart(found.iter().copied(), all), expected, "{found:?}");
        }
    }
}
