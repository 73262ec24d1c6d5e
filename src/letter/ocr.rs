//! Spellings that scanning changes, as one.
//!
//! OCR takes `0` for `O` and `1` for `l` or `I`, and loses or doubles blanks. So phrases that the letter's form prints are
//! compared by their folded letters: no blanks, no punctuation, one character for those that look alike. A title may differ
//! in one letter of eight besides; a statement of an outcome may not, because a guess there is worse than nothing.

/// The character that stands for all that look like `c`.
pub(super) const fn fold(c: char) -> char {
    match c.to_ascii_lowercase() {
        '0' => 'o',
        '1' | 'l' | '|' => 'i',
        '5' => 's',
        c => c,
    }
}

/// The folded form of each ASCII character; 0 for those that do not count, and for other bytes. Every byte of a letter is asked for.
const ASCII: [u8; 256] = {
    let mut table = [0; 256];
    let mut c = 0;
    while c < 128 {
        if (c as u8).is_ascii_alphanumeric() || c as u8 == b'|' {
            table[c] = fold(c as u8 as char) as u8;
        }
        c += 1;
    }
    table
};

/// The one byte that stands for a character in a key, if it counts.
fn folded(c: char) -> Option<u8> {
    match u8::try_from(c).ok().filter(u8::is_ascii) {
        Some(ascii) => Some(ASCII[usize::from(ascii)]).filter(|b| *b != 0),
        None => c.is_alphanumeric().then_some(b'?'),
    }
}

/// A text as its folded letters and digits, with the place of each. A character is one byte, so that both have one index.
#[derive(Debug, Default)]
pub(super) struct Folded {
    pub key: String,
    at: Vec<usize>,
}

impl Folded {
    pub fn of(text: &str) -> Self {
        let mut out = Folded { key: String::with_capacity(text.len()), at: Vec::with_capacity(text.len()) };
        for (at, byte) in text.char_indices().filter_map(|(at, c)| Some((at, folded(c)?))) {
            out.key.push(char::from(byte));
            out.at.push(at);
        }
        out
    }

    /// The byte of the text at which the `i`th character of the key stands; `end` beyond the last.
    pub fn byte(&self, i: usize, end: usize) -> usize {
        self.at.get(i).copied().unwrap_or(end)
    }

    /// Where `phrase`, in small letters without blanks, begins in the key.
    pub fn find(&self, phrase: &str) -> Vec<usize> {
        let phrase = key(phrase);
        self.key.match_indices(&phrase).map(|(i, _)| i).collect()
    }
}

/// The folded letters of a text.
pub(super) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    key.extend(text.chars().filter_map(folded).map(char::from));
    key
}

/// Appends the folded letters of a text.
pub(super) fn push_key(text: &str, key: &mut Vec<u8>) {
    let mut rest = text;
    while !rest.is_ascii() {
        let plain = rest.bytes().position(|b| !b.is_ascii()).unwrap_or(rest.len());
        push_ascii(rest.as_bytes().get(..plain).unwrap_or_default(), key);
        let mut others = rest.get(plain..).unwrap_or_default().chars();
        key.extend(others.next().and_then(folded));
        rest = others.as_str();
    }
    push_ascii(rest.as_bytes(), key);
}

fn push_ascii(text: &[u8], key: &mut Vec<u8>) {
    let mut end = key.len();
    key.resize(end + text.len(), 0);
    // Without a branch: what does not count is written over by what comes next. And eight in a turn: one by one takes twice as long.
    let mut push = |byte: &u8| {
        let folded = ASCII[usize::from(*byte)];
        if let Some(place) = key.get_mut(end) {
            *place = folded;
        }
        end += usize::from(folded != 0);
    };
    let (eights, rest) = text.as_chunks::<8>();
    eights.iter().for_each(|eight| eight.iter().for_each(&mut push));
    rest.iter().for_each(push);
    key.truncate(end);
}

/// How many folded letters a text has.
pub(super) fn key_len(text: &str) -> usize {
    match text.is_ascii() {
        true => text.bytes().filter(|b| ASCII[usize::from(*b)] != 0).count(),
        false => text.chars().filter_map(folded).count(),
    }
}

/// Whether a key begins with `phrase`, in small letters without blanks.
pub(super) fn key_begins_with(key: &[u8], phrase: &str) -> bool {
    key.get(..phrase.len()).is_some_and(|begin| begin.iter().zip(phrase.bytes()).all(|(k, b)| *k == ASCII[usize::from(b)]))
}

/// Whether the folded letters of `text` begin with `phrase`, in small letters without blanks.
pub(super) fn begins_with(text: impl Iterator<Item = char>, phrase: &str) -> bool {
    let mut letters = text.filter_map(folded);
    phrase.chars().all(|p| letters.next() == folded(p))
}

/// What follows `name` at the beginning of `text`; letter case and blanks do not count, nor letters that look alike.
pub(super) fn spelled<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut chars = text.chars();
    for n in name.chars() {
        let c = chars.by_ref().find(|c| !c.is_whitespace())?;
        if fold(c) != fold(n) {
            return None;
        }
    }
    Some(chars.as_str())
}

/// How often a text has each letter. Others share a letter's place, and none is counted further than a byte: two texts differ by
/// at least what their counts say.
#[derive(Debug, Clone, Copy)]
struct Counts([u8; 32]);

impl Counts {
    const NONE: Counts = Counts([0; 32]);

    const fn add(&mut self, letter: u8) {
        let place = (letter & 31) as usize;
        self.0[place] = self.0[place].saturating_add(1);
    }

    /// Counts each of these: adding to all places at once, no sum waits for the one before.
    fn add_all(&mut self, letters: impl IntoIterator<Item = u8>) {
        let mut sums = self.0;
        for letter in letters {
            let one = &Self::ONE_OF[usize::from(letter & 31)];
            sums.iter_mut().zip(one).for_each(|(sum, one)| *sum = sum.saturating_add(*one));
        }
        self.0 = sums;
    }

    /// The counts of one letter, for each place.
    const ONE_OF: [[u8; 32]; 32] = {
        let mut one_of = [[0; 32]; 32];
        let mut place = 0;
        while place < 32 {
            one_of[place][place] = 1;
            place += 1;
        }
        one_of
    };

    /// How many letters it has that `other` has not.
    fn beyond(&self, other: &Counts) -> usize {
        self.0.iter().zip(&other.0).map(|(a, b)| u16::from(a.saturating_sub(*b))).sum::<u16>().into()
    }
}

/// The folded letters of a text, to be held against titles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'k> {
    pub letters: &'k [u8],
    counts: Counts,
}

impl<'k> Key<'k> {
    pub fn of(letters: &'k [u8]) -> Self {
        let mut counts = Counts::NONE;
        counts.add_all(letters.iter().copied());
        Key { letters, counts }
    }

    /// The key of `letters`, which begin with those of this one: these are not counted again.
    pub fn grown<'g>(&self, letters: &'g [u8]) -> Key<'g> {
        let mut counts = self.counts;
        counts.add_all(letters.iter().skip(self.letters.len()).copied());
        Key { letters, counts }
    }
}

/// A title that the letter's form prints. Scanning may have changed one letter in eight.
///
/// Every line of a letter is held against every title, and nearly all are neither: what has other letters is told by counting
/// them, at a hundredth of the cost of the distance.
#[derive(Debug)]
pub(super) struct Title<'t> {
    pub name: &'t str,
    counts: Counts,
}

/// The title of this name, in small letters without blanks.
pub(super) const fn title(name: &str) -> Title<'_> {
    let mut counts = Counts::NONE;
    let mut i = 0;
    while i < name.len() {
        counts.add(fold(name.as_bytes()[i] as char) as u8);
        i += 1;
    }
    Title { name, counts }
}

impl Title<'_> {
    /// Whether a key of so many letters may spell it.
    pub fn fits(&self, len: usize) -> bool {
        len.abs_diff(self.name.len()) <= self.name.len() / 8
    }

    /// Whether the letters of `found` may be among those of a spelling: one edit adds at most one letter to either side.
    pub fn holds(&self, found: &Key) -> bool {
        found.counts.beyond(&self.counts) <= self.name.len() / 8
    }

    /// Whether its letters may all be in `found`: a spelling of it has all but one in eight.
    pub fn is_within(&self, found: &Key) -> bool {
        self.counts.beyond(&found.counts) <= self.name.len() / 8
    }

    /// Whether `found` spells it.
    pub fn is(&self, found: &Key) -> bool {
        let most = self.name.len() / 8;
        let near = self.fits(found.letters.len()) && self.holds(found) && self.is_within(found);
        let spelled = || found.letters.iter().copied().map(Some).eq(self.name.chars().map(folded));
        near && (spelled() || most > 0 && distance(found.letters, key(self.name).as_bytes()).is_some_and(|apart| apart <= most))
    }

    /// Whether a spelling of it may begin with `first`.
    pub fn begins_with(&self, first: &Key) -> bool {
        match self.name.get(..first.letters.len()) {
            Some(begin) => first.counts.beyond(&self.counts) <= begin.len() / 8 && title(begin).is(first),
            None => self.fits(first.letters.len()) && self.holds(first),
        }
    }

    /// Whether the letters of `first`, which are fewer, may be those with which a spelling of it begins: an edit moves a letter by
    /// one place at most, or changes it.
    pub fn may_open_with(&self, first: &Key) -> bool {
        // What has too many letters beyond all of its own has them beyond its first.
        if !self.holds(first) {
            return false;
        }
        let most = self.name.len() / 8;
        let begin = self.name.get(..first.letters.len() + most).unwrap_or(self.name);
        let mut counts = Counts::NONE;
        counts.add_all(begin.bytes().map(|b| ASCII[usize::from(b)]));
        first.counts.beyond(&counts) <= most
    }
}

/// How many edits two keys are apart. What they begin and end with alike takes none, and is most of what is only misprinted.
fn distance<'k>(a: &'k [u8], b: &'k [u8]) -> Option<usize> {
    let alike = |(a, b): &(&u8, &u8)| a == b;
    let begin = a.iter().zip(b).take_while(alike).count();
    let (a, b) = (a.get(begin..)?, b.get(begin..)?);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(alike).count();
    let middle = |key: &'k [u8]| str::from_utf8(key.get(..key.len() - end)?).ok();
    Some(strsim::osa_distance(middle(a)?, middle(b)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What [`Title::is`] says, by the distance alone.
    fn spells(found: &str, name: &str) -> bool {
        let most = name.len() / 8;
        found == key(name) || most > 0 && strsim::osa_distance(found, &key(name)) <= most
    }

    /// Names of titles, with letters changed, lost and added.
    fn misspelt() -> impl Strategy<Value = (&'static str, String)> {
        let names = prop::sample::select(&["casesummary", "issueatdispute", "noticeofindependentmedicalreviewdetermination"][..]);
        let edits = prop::collection::vec((any::<prop::sample::Index>(), "[a-z0-9|]{0,2}"), 0..9);
        (names, edits).prop_map(|(name, edits)| {
            let mut text = name.to_owned();
            for (at, by) in edits {
                let at = at.index(text.len() + 1);
                text.replace_range(at..(at + 1).min(text.len()), &by);
            }
            (name, text)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_letters_tell_is_what_the_distance_tells((name, text) in misspelt(), cut in any::<prop::sample::Index>()) {
            let text = key(&text);
            prop_assert_eq!(title(name).is(&Key::of(text.as_bytes())), spells(&text, name));
            let first = text.get(..cut.index(text.len() + 1)).unwrap_or_default();
            let (whole, begin) = (Key::of(text.as_bytes()), Key::of(first.as_bytes()));
            let begins = title(name).begins_with(&begin);
            match name.get(..first.len()) {
                Some(begin) => prop_assert_eq!(begins, spells(first, begin)),
                None => prop_assert!(begins || !title(name).is(&whole)),
            }
            prop_assert!(title(name).may_open_with(&begin) || !title(name).is(&whole));
            prop_assert_eq!(begin.grown(text.as_bytes()).counts.0, whole.counts.0);
        }

        #[test]
        fn a_key_is_the_same_however_it_is_made(text in "[a-zA-Z0-9|. é²ﬁ]{0,30}|\\PC{0,30}") {
            let mut pushed = Vec::new();
            push_key(&text, &mut pushed);
            let text_key = key(&text);
            prop_assert_eq!(&pushed, text_key.as_bytes());
            prop_assert_eq!(pushed.len(), key_len(&text));
            prop_assert!(text_key.contains('?') || key_begins_with(&pushed, &text_key) && !key_begins_with(&pushed, &(text_key.clone() + "a")));
            let folded = Folded::of(&text);
            prop_assert_eq!(folded.key.as_bytes(), &*pushed);
            // A phrase has no character of another script.
            prop_assert!(text_key.contains('?') || begins_with(text.chars(), &text_key));
        }
    }

    #[test]
    fn a_scanned_title_is_known_and_another_is_not() {
        for (text, name, want) in [
            ("C L I N I C A L  CASE SUMMARY", "clinicalcasesummary", true),
            ("CL1N1CAL CASE 5UMMARY", "clinicalcasesummary", true),
            ("C1inica| Case Sunmary", "clinicalcasesummary", true),
            ("Clinical case summaries of many", "clinicalcasesummary", false),
            ("IMR DECISION(S) AND RATIONALE(S)", "imrissuesdecisionsandrationales", false),
            ("cases", "case", false),
        ] {
            assert_eq!(title(name).is(&Key::of(key(text).as_bytes())), want, "{text}");
        }
    }
}
