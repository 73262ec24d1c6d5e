//! What the letter tells of the worker in running text: age and gender.
//!
//! Only what is said of the worker counts, and the first mention decides: a summary opens with it, and ages further down belong
//! to children, to old injuries or to studies. Gender is taken from a noun beside the age or the subject, else from the
//! pronouns of the whole summary where they are clear.

use std::borrow::Cow;
use std::str::SplitAsciiWhitespace;

/// Age and gender as the summary states them; the reviewers' rationales are asked only for what it leaves out.
pub(super) fn worker<'a>(summary: &str, rationales: impl Iterator<Item = &'a str> + Clone) -> (Option<u8>, Option<&'static str>) {
    let mut words = Reading::of(summary);
    let stated = || rationales.clone().filter_map(|rationale| Reading::of(rationale).first(subject_with_age));
    let age = words.first(age).or_else(|| stated().next().map(|(a, _)| a));
    let gender = words.first(gender).or_else(|| stated().find_map(|(_, g)| g)).or_else(|| pronouns(words.all()));
    (age, gender)
}

/// A word as it is compared (small, straight quotes, no punctuation around it), and whether it ends a sentence or clause.
#[derive(Debug)]
struct Word<'a> {
    text: Cow<'a, str>,
    ends: bool,
}

/// The words of a text, read as far as they are wanted: nearly every summary tells in its first sentence what is sought. Words that
/// hyphens or dashes join are several. Texts of a record have no other white space than blanks.
struct Reading<'t> {
    printed: SplitAsciiWhitespace<'t>,
    words: Vec<Word<'t>>,
    /// Whether all are read.
    ended: bool,
}

impl<'t> Reading<'t> {
    /// Printed words that are read at once.
    const BLOCK: usize = 32;
    /// So many words behind one are looked at to tell what it says.
    const AHEAD: usize = 20;

    fn of(text: &'t str) -> Self {
        Reading { printed: text.split_ascii_whitespace(), words: Vec::with_capacity(Self::BLOCK), ended: false }
    }

    /// What `find` finds first, asked with each word's place.
    fn first<T>(&mut self, find: impl Fn(&[Word], usize) -> Option<T>) -> Option<T> {
        let mut from = 0;
        loop {
            let to = if self.ended { self.words.len() } else { self.words.len().saturating_sub(Self::AHEAD).max(from) };
            let found = (from..to).find_map(|i| find(&self.words, i));
            if found.is_some() || self.ended {
                return found;
            }
            from = to;
            self.read_on();
        }
    }

    fn all(&mut self) -> &[Word<'t>] {
        while !self.ended {
            self.read_on();
        }
        &self.words
    }

    fn read_on(&mut self) {
        const DASHES: [char; 5] = ['-', '‐', '‑', '–', '—'];
        for _ in 0..Self::BLOCK {
            let Some(printed) = self.printed.next() else {
                self.ended = true;
                return;
            };
            // Most words have no dash, which is told at once.
            match printed.is_ascii() && !printed.contains('-') {
                true => self.push(printed),
                false => printed.split(DASHES).for_each(|part| self.push(part)),
            }
        }
    }

    fn push(&mut self, part: &'t str) {
        // Most words have nothing around them, which their first and last byte tell.
        if let [first, .., last] = part.as_bytes()
            && first.is_ascii_alphanumeric()
            && last.is_ascii_alphanumeric()
        {
            return self.words.push(Word { text: folded(part), ends: false });
        }
        let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
        if !bare.is_empty() {
            self.words.push(Word { text: folded(bare), ends: part.ends_with(['.', ';', '?', '!']) });
        }
    }
}

/// A word in small letters; "MR arthrogram" and "MS Contin" keep theirs, so that these are no titles.
fn folded(word: &str) -> Cow<'_, str> {
    match word {
        "MR" | "MS" => word.into(),
        _ if !word.is_ascii() => word.to_lowercase().replace('’', "'").into(),
        _ if word.bytes().any(|b| b.is_ascii_uppercase()) => word.to_ascii_lowercase().into(),
        _ => word.into(),
    }
}

/// An age among the words: its value, and the index of the word after it.
fn age_at(words: &[Word], i: usize) -> Option<(u8, usize)> {
    let word = |n: usize| words.get(n).map_or("", |w| &*w.text);
    let (years, next, glued) = number(words, i).filter(|(years, ..)| (12..=110).contains(years))?;
    // "fifty-eight (58) year old".
    let next = number(words, next).filter(|(again, ..)| glued.is_empty() && *again == years).map_or(next, |(_, next, _)| next);
    // The unit may be glued to the number or stand apart: "46yo", "46 year old", "46 y/o".
    let unit = letters_of(glued);
    let (unit, next) = if unit.is_empty() { (letters_of(word(next)), next + 1) } else { (unit, next) };
    let next = match unit.as_str() {
        "yo" | "yearold" | "yearsold" | "yrold" | "yrsold" => next,
        // "46 y o", "46 year old", "46 years of age", "46 year male".
        "year" | "years" | "yr" | "yrs" | "y" if letters_of(word(next)) == "old" || word(next) == "o" => next + 1,
        "year" | "years" if word(next) == "of" && word(next + 1) == "age" => next + 2,
        "year" | "years" | "yr" | "yrs" | "y" if gender_of(word(next)).is_some() => next,
        // "54M", "56/F", "a 54 male": the number of another thing but where a worker is introduced.
        unit if gender_of(unit).or(gender_letter(unit)).is_some() && introduces(words, i) => next - usize::from(glued.is_empty()),
        _ => return None,
    };
    Some((years, next))
}

/// Whether what stands at `i` may introduce the worker: it opens a sentence, or "The patient is a" and the like stands before it, but
/// not an article alone, as in "through a 16F catheter".
fn introduces(words: &[Word], i: usize) -> bool {
    let before = |i: usize| i.checked_sub(1).and_then(|b| words.get(b));
    let article = before(i).is_some_and(|w| !w.ends && matches!(&*w.text, "a" | "an"));
    before(i - usize::from(article))
        .is_none_or(|w| w.ends || matches!(&*w.text, "is" | "was" | "now" | "this") || SUBJECTS.contains(&&*w.text))
}

/// A number in digits or words, the index of the word after it, and what is glued to its digits.
fn number<'w>(words: &'w [Word], i: usize) -> Option<(u8, usize, &'w str)> {
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    const ONES: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    const TEENS: [&str; 7] = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
    let word = &*words.get(i)?.text;
    let place = |names: &[&str], word: &str| names.iter().position(|n| *n == word).and_then(|at| u8::try_from(at).ok());
    let ones = || words.get(i + 1).and_then(|w| place(&ONES, &w.text));
    if let Some(tens) = place(&TENS, word).map(|at| (at + 2) * 10) {
        return Some(ones().map_or((tens, i + 1, ""), |at| (tens + at + 1, i + 2, "")));
    }
    if let Some(at) = place(&TEENS, word) {
        return Some((at + 13, i + 1, ""));
    }
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, glued) = word.split_at(digits);
    Some((digits.parse().ok()?, i + 1, glued))
}

fn letters_of(word: &str) -> String {
    word.chars().filter(|c| c.is_alphabetic()).collect()
}

/// Words after an age that make it another's than the worker's.
const OTHERS: &[&str] = &[
    "son", "daughter", "child", "boy", "girl", "baby", "infant", "wife", "husband", "mother", "father", "brother", "sister",
    "injury", "fracture", "history", "study", "claim", "accident", "surgery", "tear",
];

/// Words before an age that make it another time of life.
const EARLIER: &[&str] = &["since", "at", "when", "until", "than", "over", "under", "every", "for"];

/// An age that is the worker's.
fn age(words: &[Word], i: usize) -> Option<u8> {
    let (years, next) = age_at(words, i).or_else(|| aged(words, i))?;
    let other = is_another_s(words, i, next);
    let before = i.checked_sub(1).and_then(|b| words.get(b)).map_or("", |w| &*w.text);
    let earlier = EARLIER.contains(&before) || at_injury(words, next);
    (!other && !earlier).then_some(years)
}

/// Whether the words behind an age make it another's, unless those before it say that it is the worker's: "The patient is a 52 year
/// old child care provider".
fn is_another_s(words: &[Word], i: usize, next: usize) -> bool {
    let said = i.checked_sub(3).is_some_and(|subject| is_a(words, subject));
    !said && words.iter().skip(next).take(2).any(|w| OTHERS.contains(&&*w.text))
}

/// "patient is a"
fn is_a(words: &[Word], i: usize) -> bool {
    words.get(i).is_some_and(|w| SUBJECTS.contains(&&*w.text))
        && words.get(i + 1).is_some_and(|w| matches!(&*w.text, "is" | "was"))
        && words.get(i + 2).is_some_and(|w| matches!(&*w.text, "a" | "an" | "now"))
}

/// Whether the words behind an age say that it was the age at the injury: "41 years old at the time of injury".
fn at_injury(words: &[Word], next: usize) -> bool {
    const NOUNS: &[&str] = &["worker", "patient", "employee"];
    const ARTICLES: &[&str] = &["the", "his", "her", "their", "this", "industrial", "original", "work"];
    let mut said = clause(words, next, 8).iter().map(|w| &*w.text).peekable();
    while said.next_if(|w| gender_of(w).is_some() || NOUNS.contains(w)).is_some() {}
    let mut told = said.filter(|w| !ARTICLES.contains(w)).take(4);
    let told: [&str; 4] = std::array::from_fn(|_| told.next().unwrap_or_default());
    matches!(
        told,
        ["at", "time", "of", "injury" | "accident" | "incident"]
            | ["when", "injured" | "hurt", ..]
            | ["when", _, "was", "injured" | "hurt"]
    )
}

/// "age 46", "aged 46", "age of 46".
fn aged(words: &[Word], i: usize) -> Option<(u8, usize)> {
    let word = |n: usize| words.get(n).map_or("", |w| &*w.text);
    let next = match (word(i), word(i + 1)) {
        ("age" | "aged", "of" | "is") => i + 2,
        ("age" | "aged", _) => i + 1,
        _ => return None,
    };
    // "at age 46", "at the age of 46" tell when something happened.
    let earlier = (1..=2).any(|b| i.checked_sub(b).is_some_and(|b| EARLIER.contains(&word(b))));
    let (years, next, _) = number(words, next).filter(|(a, ..)| (12..=110).contains(a) && !earlier)?;
    Some((years, next))
}

fn gender_of(word: &str) -> Option<&'static str> {
    match word {
        "male" | "man" | "gentleman" | "males" => Some("male"),
        "female" | "woman" | "lady" | "gentlewoman" => Some("female"),
        // No other word is so near; "make" is nearer to "male" than most misprints of it.
        _ if word.starts_with("fe") && strsim::osa_distance(word, "female") == 1 => Some("female"),
        _ => None,
    }
}

fn gender_letter(word: &str) -> Option<&'static str> {
    match word {
        "m" => Some("male"),
        "f" => Some("female"),
        _ => None,
    }
}

/// Who the worker is in letters.
const SUBJECTS: &[&str] = &["worker", "patient", "applicant", "claimant", "employee", "individual", "iw", "member"];

/// Words behind which the worker is no longer described.
const ELSE: &[&str] =
    &["who", "whose", "that", "which", "with", "when", "while", "after", "was", "is", "has", "had", "by", "from", "on", "at"];

/// A noun of gender within a few words after the age, or beside the subject.
fn gender(words: &[Word], i: usize) -> Option<&'static str> {
    if let Some((_, next)) = age_at(words, i) {
        let after = clause(words, next, 12);
        // Beyond a few words only what still describes the worker: "a 43 year old right handed, married and obese female".
        let told = after.iter().position(|w| ELSE.contains(&&*w.text)).unwrap_or(after.len());
        let noun = || after.iter().take(told.max(6)).find_map(|w| gender_of(&w.text));
        // "46 y/o M" and "46M" have the letter beside the age only.
        let letter = || {
            let glued = words.get(i).and_then(|w| gender_letter(&letters_of(&w.text)));
            glued.or_else(|| after.first().and_then(|w| gender_letter(&w.text)))
        };
        // "Male, 46 years old"
        let before = || i.checked_sub(1).and_then(|b| words.get(b)).filter(|w| !w.ends).and_then(|w| gender_of(&w.text));
        return if is_another_s(words, i, next) { None } else { noun().or_else(letter).or_else(before) };
    }
    let subject = SUBJECTS.contains(&&*words.get(i)?.text);
    if matches!(&*words.get(i)?.text, "gender" | "sex") {
        return words.get(i + 1).and_then(|w| gender_of(&w.text));
    }
    let described = || {
        // "The patient, age 46, is a male"
        let said = clause(words, i + 1, 9);
        said.iter().zip(said.iter().skip(1)).enumerate().find_map(|(at, (is, next))| match (&*is.text, &*next.text) {
            ("is" | "was", "a" | "an" | "now") => said.iter().skip(at + 2).take(4).find_map(|w| gender_of(&w.text)),
            // "The patient is female"
            ("is" | "was", noun) => gender_of(noun),
            _ => None,
        })
    };
    let beside = || {
        i.checked_sub(1).and_then(|b| gender_of(&words.get(b)?.text)).or_else(|| {
            // "the male injured worker"
            let injured = i.checked_sub(1).and_then(|b| words.get(b)).is_some_and(|w| w.text == "injured");
            i.checked_sub(2).filter(|_| injured).and_then(|b| gender_of(&words.get(b)?.text))
        })
    };
    if subject { described().or_else(beside) } else { None }
}

/// At most `most` words from `from` to the end of their sentence.
fn clause<'w, 'a>(words: &'w [Word<'a>], from: usize, most: usize) -> &'w [Word<'a>] {
    let words = words.get(from..(from + most).min(words.len())).unwrap_or_default();
    let end = words.iter().position(|w| w.ends).map_or(words.len(), |e| e + 1);
    &words[..end]
}

/// Whoever a pronoun may mean besides the worker, where the sentence has named them before it.
const PROVIDERS: &[&str] =
    &["provider", "physician", "doctor", "dr", "surgeon", "therapist", "reviewer", "treater", "chiropractor"];

/// The gender that pronouns and titles tell, if at least twice as many tell it as the other.
fn pronouns(words: &[Word]) -> Option<&'static str> {
    let (mut male, mut female, mut provider) = (0, 0, false);
    for word in words {
        let text = &*word.text;
        provider |= PROVIDERS.contains(&text);
        male += usize::from(!provider && ["he", "him", "his", "himself", "mr", "he's"].contains(&text));
        female += usize::from(!provider && ["she", "her", "hers", "herself", "ms", "mrs", "she's"].contains(&text));
        provider &= !word.ends || text == "dr";
    }
    match (male, female) {
        (m, f) if m > 0 && m >= 2 * f => Some("male"),
        (m, f) if f > 0 && f >= 2 * m => Some("female"),
        _ => None,
    }
}

/// Age, and gender beside it, where a rationale says "The patient is a 34-year-old male".
fn subject_with_age(words: &[Word], i: usize) -> Option<(u8, Option<&'static str>)> {
    let (years, next) = is_a(words, i).then(|| age_at(words, i + 3)).flatten()?;
    Some((years, clause(words, next, 6).iter().find_map(|w| gender_of(&w.text))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn age_and_gender_are_read_in_every_wording() {
        for (text, age, gender) in [
            ("The injured worker is a 59 year old male, who fell.", Some(59), Some("male")),
            ("The claimant is a 53 year-old right-hand dominant woman with pain.", Some(53), Some("female")),
            ("This case involves a now 39-year-old female with a history.", Some(39), Some("female")),
            ("The injured worker is a(n) 57 year old male.", Some(57), Some("male")),
            ("The 38 year old male injured worker fell.", Some(38), Some("male")),
            ("This is a 46 y/o gentleman.", Some(46), Some("male")),
            ("46yo F with neck pain.", Some(46), Some("female")),
            ("A 46-y/o lady.", Some(46), Some("female")),
            ("54M with neck pain.", Some(54), Some("male")),
            ("He saw a nurse. 54/F, with neck pain.", Some(54), Some("female")),
            ("The patient (54, female) fell.", Some(54), Some("female")),
            ("The patient had a catheter of 16F and walked 30 m.", None, None),
            ("The patient has a 16F catheter.", None, None),
            ("The applicant is a 54 female. The claimant was an 18M.", Some(54), Some("female")),
            ("The claimant, an 18M, fell.", Some(18), Some("male")),
            ("Male, 46 years old, with neck pain.", Some(46), Some("male")),
            ("The patient is a 46 year old feamle.", Some(46), Some("female")),
            ("The patient is a 46 year old child care provider.", Some(46), None),
            ("The patient is a 46 year old father of two. He fell.", Some(46), Some("male")),
            ("The patient is a 46 year old right handed, Spanish speaking, married and obese female.", Some(46), Some("female")),
            ("The patient is a 46 year old clerk with pain since a fall on a male coworker.", Some(46), None),
            ("The patient is a 46 year old injured and unemployed female worker, injured on 3/4/2012.", Some(46), Some("female")),
            ("The patient is a 46 year old nurse injured on 3/4/2012 lifting a heavy male coworker.", Some(46), None),
            ("The worker was 33 years old when hurt. The patient is a 46 year old male.", Some(46), Some("male")),
            ("The patient, age 46, is a male.", Some(46), Some("male")),
            ("The patient is 46 years of age. She fell, and her knee hurts.", Some(46), Some("female")),
            ("The injured worker is a female who fell at age 30.", None, Some("female")),
            ("The patient is a 36 year old with an injury. A male nurse was called.", Some(36), None),
            ("This male patient has had headaches since 13 years old.", None, Some("male")),
            ("The worker has a 20 year old son. He/she fell.", None, None),
            ("The worker fell. He saw his doctor, and she said so.", None, Some("male")),
            ("The worker fell. Dr. X is the provider, and he wrote a report.", None, None),
            ("The worker saw him and her.", None, None),
            ("The worker takes MS Contin.", None, None),
            ("Her knee hurts, so an MR arthrogram and an MR neurogram were done.", None, Some("female")),
            ("Mr. A fell.", None, Some("male")),
            ("The patient is a 200 year old male.", None, Some("male")),
            ("This is a 46-year-old-male.", Some(46), Some("male")),
            ("This is a 46–year–old male.", Some(46), Some("male")),
            ("The patient is a 46 -year-old male.", Some(46), Some("male")),
            ("The patient is a forty-six year old woman.", Some(46), Some("female")),
            ("The patient is a forty six-year-old woman.", Some(46), Some("female")),
            ("A nineteen year old male fell.", Some(19), Some("male")),
            ("A forty-six (46) year old male fell.", Some(46), Some("male")),
            ("The patient is a 46 year male.", Some(46), Some("male")),
            ("Age: 46. Gender: female.", Some(46), Some("female")),
            ("The patient is female. A male nurse was called.", None, Some("female")),
            ("The patient was 46 years old at the time of the injury.", None, None),
            ("A 46-year-old man at the time of his injury is now 50 years old.", Some(50), Some("male")),
            ("The worker is a 46-year-old male who at the time of injury was a driver.", Some(46), Some("male")),
            ("The worker has had pain for thirty years.", None, None),
        ] {
            assert_eq!(worker(text, std::iter::empty()), (age, gender), "{text}");
        }
    }

    #[test]
    fn rationales_are_asked_only_for_what_they_say_of_the_worker() {
        let asks = |r: &str| worker("A fall.", std::iter::once(r));
        assert_eq!(asks("The patient is a 34-year-old male who fell."), (Some(34), Some("male")));
        assert_eq!(asks("In a study, a 34-year-old male did well. She may try."), (None, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// What is found while a text is still being read is what is found in the whole of it.
        #[test]
        fn a_text_tells_the_same_however_much_of_it_is_read(
            words in prop::collection::vec(
                prop::sample::select(&[
                    "46", "(46)", "forty-six", "fifty", "six", "year", "years", "old", "of", "age", "aged", "male", "woman", "son", "at", "the",
                    "time", "injury.", "when", "injured", "patient", "worker", "is", "a", "gender", "fell.", "pain",
                ][..]),
                0..200,
            ),
            before in 0..120_usize,
        ) {
            let text = format!("{}{}", "knee ".repeat(before), words.join(" "));
            let whole = || {
                let mut reading = Reading::of(&text);
                reading.all();
                reading
            };
            prop_assert_eq!(Reading::of(&text).first(age), whole().first(age));
            prop_assert_eq!(Reading::of(&text).first(gender), whole().first(gender));
            prop_assert_eq!(Reading::of(&text).first(subject_with_age), whole().first(subject_with_age));
        }
    }
}
