//! Sets glyphs as words. A word ends where a blank is shown, where the next glyph stands apart, or where the style changes; not
//! where an operator ends, for writers split words over operators as they please.

use super::font::{Glyph, Shows};
use super::layout::{BACK, BLANK, Word, Words};
use super::matrix::Matrix;
use crate::error::{Error, Result};

/// Further out than any page, and where single precision would blur a kern.
const FAR: f64 = 20_000.0;

/// The words of a page by the way they are turned: upright, rising, on their head, falling.
#[derive(Debug, Default)]
pub struct Pen {
    /// The words set so far.
    pub turned: [Words; 4],
    /// Pictures drawn.
    pub pictures: usize,
}

/// How text is set.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// In bold.
    pub bold: bool,
    /// The font size, before all matrices.
    pub size: f64,
    /// Stretched by this.
    pub scale: f64,
    /// Raised by this.
    pub rise: f64,
}

/// A baseline on which glyphs are set.
#[derive(Debug)]
pub struct Baseline<'a> {
    words: &'a mut Words,
    style: Style,
    /// Where it begins, in the direction of reading.
    start: f64,
    /// Page units for one unit of text space.
    unit: f64,
    /// How far the glyphs have moved, in text space.
    advance: f64,
    y: f32,
    size: f32,
    after_blank: bool,
    /// Whether the last word may still grow.
    open: bool,
}

impl Pen {
    /// Begins at the origin of `to_page`, which maps text space to the page.
    pub fn on(&mut self, to_page: &Matrix, style: Style) -> Result<Baseline<'_>> {
        let [a, b, c, d, ..] = to_page.0;
        let Matrix([.., x, y]) = Matrix::translation(0.0, style.rise).then(to_page);
        let forward = (style.size * style.scale).signum();
        let (along_x, along_y) = (a * forward, b * forward);
        let size = (style.size * c.hypot(d)).abs();
        let sound = [x, y, size].iter().all(|value| value.abs() < FAR) && size > 0.0 && a.hypot(b) > 0.0 && style.scale != 0.0;
        if !sound {
            return Err(Error::DamagedPdf("text is set in an impossible place or size".into()));
        }
        let [upright, rising, reversed, falling] = &mut self.turned;
        let (words, start, above, unit) = if along_x >= along_y.abs() {
            (upright, x, y, a)
        } else if along_y > along_x.abs() {
            (rising, y, -x, b)
        } else if -along_x >= along_y.abs() {
            (reversed, -x, -y, -a)
        } else {
            (falling, -y, x, -b)
        };
        let open = !words.words.is_empty() && !words.ends_in_blank;
        let after_blank = words.ends_in_blank;
        Ok(Baseline { words, style, start, unit, advance: 0.0, y: above as f32, size: size as f32, after_blank, open })
    }
}

impl Baseline<'_> {
    /// Sets a glyph and moves past it and the space after it.
    pub fn glyph(&mut self, glyph: &Glyph, space: f64) {
        let width = f64::from(glyph.width) * self.style.size * self.style.scale;
        let (x0, x1) = (self.place(self.advance), self.place(self.advance + width));
        match &glyph.shows {
            Shows::Blank => {
                self.after_blank = true;
                self.open = false;
            }
            Shows::Char(character) => self.set(x0, x1, |text| text.push(*character)),
            Shows::Text(several) => self.set(x0, x1, |text| text.push_str(several)),
            Shows::Nothing => {}
        }
        self.advance += width + space * self.style.scale;
    }

    /// Moves without setting anything, by a distance of text space.
    pub fn skip(&mut self, distance: f64) {
        self.advance += distance;
    }

    /// Ends, and says how far the glyphs have moved in text space.
    pub fn advance(self) -> f64 {
        self.words.ends_in_blank = self.after_blank;
        self.advance
    }

    fn place(&self, advance: f64) -> f32 {
        (self.start + advance * self.unit) as f32
    }

    fn set(&mut self, x0: f32, x1: f32, write: impl FnOnce(&mut String)) {
        let Words { words, text, .. } = &mut *self.words;
        let start = text.len();
        write(text);
        if let Some(last) = words.last_mut().filter(|_| self.open) {
            let gap = (x0 - last.x1) / self.size;
            let goes_on = (-BACK..=BLANK).contains(&gap) && (self.y - last.y).abs() <= 0.01 * self.size;
            if goes_on && last.bold == self.style.bold && last.size == self.size {
                last.x1 = x1;
                last.text.end = text.len();
                return;
            }
        }
        words.push(Word {
            x0,
            x1,
            y: self.y,
            size: self.size,
            bold: self.style.bold,
            after_blank: std::mem::take(&mut self.after_blank),
            text: start..text.len(),
        });
        self.open = true;
    }
}
