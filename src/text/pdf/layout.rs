//! From words on a page to lines of text, by geometry alone: marked-content groups are hints that not every letter has.
//!
//! Distances are in ems, the font size. Words on one baseline are a line, superscripts and the slightly lower cells of the
//! header table included; a wide gap sets columns apart, a tall one leaves a blank line.

use std::ops::Range;

/// Baselines closer than this are one line.
const SAME_LINE: f32 = 0.35;
/// A wider gap is a blank. A kern of -36 thousandths is not; the narrowest justified blank is twice this.
pub const BLANK: f32 = 0.15;
/// A wider gap sets columns apart.
const COLUMN: f32 = 1.2;
/// Lines further apart than this have a blank line between them.
const BLANK_LINE: f32 = 1.6;
/// The em as it is counted out in blanks, a little less than the mean width of a character so that columns keep their place.
const CHARACTER: f32 = 0.4;
/// A word that begins further back than this runs into the one before it.
pub const BACK: f32 = 0.3;
/// As wide as a line is allowed to grow by blanks.
const MAX_COLUMN: f32 = 150.0;

/// A word, or a part of one, in one style; x grows to the right, y upwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Where it begins.
    pub x0: f32,
    /// Where it ends.
    pub x1: f32,
    /// Its baseline.
    pub y: f32,
    /// The font size.
    pub size: f32,
    /// Set in bold.
    pub bold: bool,
    /// A blank was shown just before it.
    pub after_blank: bool,
    /// Its place in the text of the page.
    pub text: Range<usize>,
}

/// The words of a page and their text.
#[derive(Debug, Default)]
pub struct Words {
    /// In the order of the content.
    pub words: Vec<Word>,
    /// What [`Word::text`] points into.
    pub text: String,
    /// The last glyph shown was a blank.
    pub ends_in_blank: bool,
}

/// Appends pages to a text and notes what is bold.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
    bold: Vec<Range<usize>>,
    /// The size of the bold word just written, if the last word was bold: the next may continue its range.
    bold_size: Option<f32>,
    pages: usize,
    gaps: Gaps,
}

/// How the words of a page are kept apart.
#[derive(Debug, Clone, Copy, Default)]
struct Gaps {
    /// By a blank that is shown.
    blank: usize,
    /// By a blank's width without one, or they run into each other.
    strange: usize,
}

impl Writer {
    /// Begins a page.
    pub fn page(&mut self) {
        self.gaps = Gaps::default();
        if self.pages > 0 {
            self.text.push('\u{c}');
        }
        self.pages += 1;
    }

    /// Sets words into lines and appends them.
    pub fn block(&mut self, mut page: Words) {
        page.words.sort_by(|a, b| b.y.total_cmp(&a.y));
        let left = page.words.iter().map(|word| word.x0).min_by(f32::total_cmp).unwrap_or_default();
        let mut above: Option<f32> = None;
        let mut rest = page.words.as_mut_slice();
        while let Some(first) = rest.first() {
            let (y, mut size) = (first.y, first.size);
            let mut length = 0;
            for word in rest.iter() {
                size = size.max(word.size);
                if y - word.y >= SAME_LINE * size {
                    break;
                }
                length += 1;
            }
            // The first word is on its own baseline whatever its size, even zero.
            let Some((line, below)) = rest.split_at_mut_checked(length.max(1)) else { break };
            rest = below;
            line.sort_by(|a, b| a.x0.total_cmp(&b.x0));
            let baseline = lowest(line);
            let size = line.iter().map(|word| word.size).fold(0.0, f32::max);
            if above.is_some_and(|above| above - baseline > BLANK_LINE * size) {
                self.text.push('\n');
                self.bold_size = None;
            }
            above = Some(baseline);
            self.line(line, &page.text, left);
        }
    }

    /// Whether words of this page run into each other or stand apart for no reason, while the others have blanks between them.
    /// Then a width of a font is probably wrong: widths alone have no checksum, and one changed digit glues or splits words.
    pub fn is_doubtful(&self) -> bool {
        self.gaps.strange > 0 && self.gaps.strange * 5 < self.gaps.blank
    }

    /// Whether the text has more than so many bytes.
    pub fn is_longer_than(&self, bytes: usize) -> bool {
        self.text.len() > bytes
    }

    /// The text, and the ranges of it that are bold.
    pub fn finish(self) -> (String, Vec<Range<usize>>) {
        (self.text, self.bold)
    }

    fn line(&mut self, line: &[Word], text: &str, left: f32) {
        let mut written = 0;
        let mut before: Option<&Word> = None;
        for word in line {
            let shown = text.get(word.text.clone()).unwrap_or_default();
            if before.is_some_and(|before| is_overprint(before, word, text)) {
                continue;
            }
            let blanks = blanks(before, word, left, written);
            self.text.extend(std::iter::repeat_n(' ', blanks));
            self.word(word, shown);
            written += blanks + shown.chars().count();
            if let Some(before) = before {
                let gap = gap(before, word);
                let strange = gap < -BACK || (gap > BLANK && gap <= COLUMN);
                // A bold label and its value are two cells of a table, as far apart as the table has them.
                let cells = before.bold != word.bold;
                self.gaps.strange += usize::from(strange && !cells && !word.after_blank);
                self.gaps.blank += usize::from(word.after_blank);
            }
            before = Some(word);
        }
        self.text.push('\n');
    }

    fn word(&mut self, word: &Word, shown: &str) {
        let start = self.text.len();
        self.text.push_str(shown);
        let continues = self.bold_size.is_some_and(|size| (size - word.size).abs() < 0.5);
        self.bold_size = word.bold.then_some(word.size);
        match self.bold.last_mut() {
            Some(last) if word.bold && continues => last.end = self.text.len(),
            _ if word.bold => self.bold.push(start..self.text.len()),
            _ => {}
        }
    }
}

/// The baseline of a line's largest words, which superscripts do not move.
fn lowest(line: &[Word]) -> f32 {
    line.iter().map(|word| word.y).fold(f32::MAX, f32::min)
}

/// How many blanks stand before `word`, `written` characters after the start of the line.
fn blanks(before: Option<&Word>, word: &Word, left: f32, written: usize) -> usize {
    let column = ((word.x0 - left) / (CHARACTER * word.size)).clamp(0.0, MAX_COLUMN) as usize;
    let Some(before) = before else { return if column < 2 { 0 } else { column } };
    let gap = gap(before, word);
    if gap > COLUMN { column.saturating_sub(written).max(2) } else { usize::from(gap > BLANK || word.after_blank) }
}

/// From the end of one word to the start of the next, in ems.
fn gap(before: &Word, word: &Word) -> f32 {
    (word.x0 - before.x1) / before.size.max(word.size)
}

/// The same word set again a hair beside itself: how some writers make bold.
fn is_overprint(before: &Word, word: &Word, text: &str) -> bool {
    (word.x0 - before.x0).abs() < 0.1 * word.size
        && (word.y - before.y).abs() < 0.1 * word.size
        && text.get(word.text.clone()) == text.get(before.text.clone())
}
