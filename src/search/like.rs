//! A subject as a query: more like this.
//!
//! As in Lucene's MoreLikeThis, the words of each field that are frequent in the subject and rare in the index become a query, a
//! bounded number of them, any of which may hold. They are looked for in the same field and, at a lower weight, where else they
//! are likely to stand (`PLACES`); BM25 scores them. A word is chosen by the weight of Robertson and Spärck Jones ("Relevance
//! weighting of search terms", 1976), which is nothing for a word that half of all decisions use: with it go the formulas of
//! letters and verdicts. Values that a decision shares with the subject (`SHARED`) count as if they were words, rare ones more
//! than frequent ones.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tantivy::query::ConstScoreQuery;
use tantivy::{Searcher, Term};

use super::form::Form;
use super::lookup;
use super::marks::Marker;
use super::results::similar::Subject;
use super::scored::{Boxed, in_field};
use super::translate::term;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::field::{self, Field, Unit};
use crate::index::{schema::Handles, words};
use crate::record::{Decision, Letter};

/// How the words of one text field of a subject are used.
struct Place {
    from: &'static str,
    /// How many of them.
    words: usize,
    /// Where they are looked for, with what they weigh there.
    to: &'static [(&'static str, f32)],
}

const PLACES: &[Place] = &[
    Place { from: "item", words: 12, to: &[("item", 3.0), ("rationale", 0.5)] },
    Place { from: "rationale", words: 25, to: &[("rationale", 1.0), ("summary", 0.2)] },
    Place { from: "guideline", words: 6, to: &[("guideline", 0.5)] },
    Place { from: "summary", words: 15, to: &[("summary", 0.4)] },
    Place { from: "text", words: 40, to: &[("item", 1.0), ("rationale", 1.0), ("summary", 0.8)] },
];

/// Fields whose values count where a decision shares them, with what they weigh.
const SHARED: &[(&str, f32)] = &[("category", 4.0), ("subcategory", 8.0), ("drug", 6.0), ("body", 6.0), ("age-band", 1.0)];

/// How soon a word gains nothing more by being repeated in the subject: BM25's k3.
const K3: f32 = 7.0;

/// What a word weighs that a whole text says once only: forms and reports are full of such.
const ONCE: f32 = 0.5;

/// The part of its weight that a word of a whole text has if no item has it, and how fast that grows with the items that do, as
/// a part of the rationales.
const UNNAMING: f32 = 0.1;
const NAMING: f32 = 2.0;

/// A word must be in one of so many decisions, or in [`ENOUGH`]; what is rarer is a name or a misprint.
const ONE_IN: u64 = 1_000;

/// Decisions in which no word is too rare.
const ENOUGH: u64 = 5;

impl Subject {
    /// The decisions of a letter, or if it has none its text. `key` is the letter's in the index, whether it is there or not.
    pub fn all(letter: &Letter, key: &str) -> Vec<Subject> {
        let one = |decision: Option<&Decision>| Subject {
            name: decision.map_or_else(|| letter.source.clone(), |d| lookup::id(key, d.number.into())),
            key: key.to_owned(),
            letter: Letter { decisions: decision.cloned().into_iter().collect(), ..letter.clone() },
            requested: false,
        };
        match letter.decisions.as_slice() {
            [] => vec![one(None)],
            decisions => decisions.iter().map(|d| one(Some(d))).collect(),
        }
    }

    /// The treatments that a text asks for which is no letter, or if there are none the text: `text` with them as its decisions.
    pub fn requested(text: &Letter, key: &str) -> Vec<Subject> {
        let requested = !text.decisions.is_empty();
        // What a report says of the course of the case is what a letter's summary says of it.
        let text = match requested {
            true => &Letter { summary: text.text.clone(), text: None, ..text.clone() },
            false => text,
        };
        let named = |subject: Subject| Subject { name: text.source.clone(), requested, ..subject };
        Subject::all(text, key).into_iter().map(named).collect()
    }

    fn texts(&self, field: &Field) -> Vec<Cow<'_, str>> {
        let decision = self.letter.decisions.first();
        match decision {
            // The rest of the item says what was authorised.
            Some(decision) if field.name == "item" => vec![decision.disputed.as_str().into()],
            _ => field.texts(Unit { letter: &self.letter, decision }).collect(),
        }
    }
}

/// What finds decisions like a subject.
pub struct Like {
    /// The words, each in its field. A decision must have one of them.
    pub words: Vec<Boxed>,
    /// The values, which add to the score.
    pub shared: Vec<Boxed>,
    /// What a decision would score that has all values and each word once, in texts of average length.
    pub best: f32,
    /// Marks the words.
    pub marker: Marker,
    /// The words as the subject writes them, what weighs most first.
    pub shown: Vec<String>,
}

/// An index, as far as it says how rare words are.
pub struct Rarity<'a> {
    /// Its fields.
    pub handles: &'a Handles,
    /// What is committed.
    pub searcher: &'a Searcher,
    /// Its words.
    pub vocabulary: &'a Vocabulary<'a>,
    /// Letters in it.
    pub letters: u64,
    /// Decisions in it.
    pub decisions: u64,
    /// Whether the subject is one of them.
    pub with_subject: bool,
}

impl Rarity<'_> {
    /// The weight of Robertson and Spärck Jones without knowledge of relevant documents; 0 for what half of all decisions have,
    /// and for what too few have to be a word.
    fn weight(&self, field: &Field, found: u64) -> f32 {
        let all = if field.is_of_letter() { self.letters } else { self.decisions };
        let least = (all / ONE_IN).clamp(1, ENOUGH) + u64::from(self.with_subject);
        let all = all as f32;
        match found < least {
            true => 0.0,
            false => ((all - found as f32 + 0.5).max(0.5) / (found as f32 + 0.5)).ln().max(0.0),
        }
    }

    /// How many documents hold a form in a field.
    pub fn found(&self, field: &Field, form: &Form) -> Result<u64> {
        Ok(self.vocabulary.forms(field, form)?.found)
    }

    /// The query that a subject becomes.
    pub fn like(&self, subject: &Subject) -> Result<Like> {
        let mut clauses: BTreeMap<(&str, Form), (f32, f32)> = BTreeMap::new();
        let mut weights: BTreeMap<Form, (f32, String)> = BTreeMap::new();
        for place in PLACES {
            let Some(from) = field::find(place.from) else { continue };
            for word in self.heaviest(subject, from, place)? {
                for (place, weight, rarity) in word.places {
                    let clause = clauses.entry((place, word.form.clone())).or_insert((0.0, rarity));
                    clause.0 += weight;
                }
                let shown = weights.entry(word.form).or_insert((0.0, word.shown));
                shown.0 += word.weight;
            }
        }
        let mut like = Like { words: Vec::new(), shared: Vec::new(), best: 0.0, marker: Marker::default(), shown: Vec::new() };
        for ((place, form), (weight, rarity)) in clauses {
            let Some(place) = field::find(place) else { continue };
            like.words.push(in_field(place, weight, self.vocabulary.side_by_side(place, std::slice::from_ref(&form))?));
            like.best += weight * rarity;
            like.marker.add(place, [form]);
        }
        let mut shown: Vec<_> = weights.into_values().collect();
        shown.sort_by(|(a, a_word), (b, b_word)| b.total_cmp(a).then_with(|| a_word.cmp(b_word)));
        like.shown = shown.into_iter().map(|(_, word)| word).collect();
        self.share(subject, &mut like)?;
        Ok(like)
    }

    /// Adds the values that a decision may share.
    fn share(&self, subject: &Subject, like: &mut Like) -> Result<()> {
        for &(name, weight) in SHARED {
            let Some(field) = field::find(name) else { continue };
            for value in field.texts(Unit { letter: &subject.letter, decision: subject.letter.decisions.first() }) {
                let found = self.searcher.doc_freq(&Term::from_field_text(self.handles.of(field), &value))?;
                let score = weight * self.weight(field, found);
                like.best += score;
                like.shared.push(Box::new(ConstScoreQuery::new(term(self.handles.of(field), &value), score)));
            }
        }
        Ok(())
    }

    /// How much of its weight a word has that a whole text says: all if it names treatments, little if it is of a form or of
    /// the course of a case. Told by how often items have it, of how often rationales do.
    fn naming(&self, form: &Form) -> Result<f32> {
        let found = |name: &str| field::find(name).map_or(Ok(0.0), |field| Ok::<_, Error>(self.found(field, form)? as f32));
        let (items, rationales) = (found("item")?, found("rationale")?);
        Ok((UNNAMING + NAMING * items / (rationales + 1.0)).min(1.0))
    }

    /// The words of a field of the subject that weigh most.
    fn heaviest(&self, subject: &Subject, from: &Field, place: &Place) -> Result<Vec<Weighed>> {
        let texts = subject.texts(from);
        let mut forms: BTreeMap<Form, BTreeMap<String, usize>> = BTreeMap::new();
        for word in texts.iter().flat_map(|text| words::words(text)).filter(|w| says(from, &w.word)) {
            *forms.entry(Form::of(&word.word)).or_default().entry(word.word.into_owned()).or_default() += 1;
        }
        // A text that is no letter is full of words that say nothing of the treatment.
        let whole = from.name == "text" || (from.name == "summary" && subject.requested);
        let mut weighed = Vec::new();
        for (form, written) in forms {
            let times = written.values().sum::<usize>() as f32;
            let repeated = match whole {
                true if times < 2.0 => ONCE * self.naming(&form)?,
                true => times * (K3 + 1.0) / (times + K3) * self.naming(&form)?,
                false => times * (K3 + 1.0) / (times + K3),
            };
            let mut word = Weighed { form, shown: most_frequent(&written), weight: 0.0, places: Vec::new() };
            for &(to, weight) in place.to {
                let Some(field) = field::find(to) else { continue };
                let rarity = self.weight(field, self.found(field, &word.form)?);
                if rarity > 0.0 {
                    word.weight += repeated * weight * rarity;
                    word.places.push((to, repeated * weight, rarity));
                }
            }
            weighed.extend((word.weight > 0.0).then_some(word));
        }
        weighed.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.form.cmp(&b.form)));
        weighed.truncate(place.words);
        Ok(weighed)
    }
}

/// A word of the subject.
struct Weighed {
    /// In the index.
    form: Form,
    /// In the subject.
    shown: String,
    weight: f32,
    /// Where it is looked for, with its weight there and how rare it is.
    places: Vec<(&'static str, f32, f32)>,
}

/// Whether a word of a field may tell what it is about. Numbers do in an item, where they are doses and levels; elsewhere they are
/// pages and days.
fn says(from: &Field, word: &str) -> bool {
    !words::is_function(word) && (from.name == "item" || !word.bytes().all(|b| b.is_ascii_digit()))
}

/// The most frequent of several forms of a word; of equals the first of the alphabet.
pub(super) fn most_frequent(forms: &BTreeMap<String, usize>) -> String {
    let most = forms.iter().max_by(|(a, n), (b, m)| n.cmp(m).then_with(|| b.cmp(a)));
    most.map(|(form, _)| form.clone()).unwrap_or_default()
}
