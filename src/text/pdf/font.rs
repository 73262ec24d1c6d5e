//! Fonts, as far as text needs them: what each code shows, how far it moves, and whether it is bold.
//!
//! A font that does not say all of that is an error. Guessing a width would glue words or split them, and guessing a character
//! would put another one into a quotation.

use hayro_cmap::{BfString, CMap};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::limits::Budget;
use super::{encoding, limits, stream};
use crate::error::{Error, Result};
use crate::text::{LIGATURES, UNSEEN};

/// `ForceBold` among a descriptor's flags.
const FORCE_BOLD: i32 = 1 << 18;

/// A font of a page.
#[derive(Debug)]
pub struct Font {
    /// Set in bold.
    pub bold: bool,
    name: String,
    codes: Codes,
}

#[derive(Debug)]
enum Codes {
    /// One byte a code.
    Simple(Box<[Option<Glyph>; 256]>),
    /// Two bytes a code.
    Composite(Box<Composite>),
}

#[derive(Debug)]
struct Composite {
    widths: Widths,
    unicode: CMap,
}

/// What a code shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its text: a character, or more for a ligature.
    pub shows: Shows,
    /// How far it moves, in units of the font size.
    pub width: f32,
}

/// The text of a glyph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows {
    /// A blank: words end here.
    Blank,
    /// A character.
    Char(char),
    /// Several.
    Text(Box<str>),
    /// A mark that no page shows.
    Nothing,
}

impl Font {
    /// Reads a font dictionary.
    pub fn read(dict: &Dict<'_>, budget: &mut Budget) -> Result<Font> {
        budget.take_font_data(dict.data().len())?;
        let name = dict.get::<Name<'_>>("BaseFont").map(|n| limits::named(&n)).unwrap_or_default();
        let subtype = dict.get::<Name<'_>>("Subtype");
        let (codes, described) = match subtype.as_deref() {
            Some(b"TrueType" | b"Type1" | b"MMType1") => (simple(dict, &name, budget)?, dict.clone()),
            Some(b"Type0") => {
                let descendants = dict.get::<Array<'_>>("DescendantFonts");
                let descendant = descendants.and_then(|fonts| fonts.iter::<Dict<'_>>().next());
                let descendant = descendant.ok_or_else(|| damaged(&name, "has no descendant"))?;
                (composite(dict, &descendant, &name, budget)?, descendant)
            }
            Some(b"Type3") => return Err(unsupported(&name, "is drawn rather than set (Type 3)")),
            _ => return Err(damaged(&name, "is of no known type")),
        };
        let descriptor = described.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
        let bold = name.to_ascii_lowercase().contains("bold")
            || descriptor.get::<i32>("Flags").is_some_and(|flags| flags & FORCE_BOLD != 0)
            || descriptor.get::<f32>("FontWeight").is_some_and(|weight| weight >= 600.0);
        Ok(Font { bold, name, codes })
    }

    /// Calls `show` with each glyph of a shown string, and whether it is the single-byte code 32, which word spacing widens.
    pub fn glyphs(&self, string: &[u8], mut show: impl FnMut(&Glyph, bool)) -> Result<()> {
        match &self.codes {
            Codes::Simple(glyphs) => {
                for &code in string {
                    let glyph = glyphs.get(usize::from(code)).and_then(Option::as_ref);
                    let glyph = glyph.ok_or_else(|| self.unknown(code.into()))?;
                    show(glyph, code == b' ');
                }
            }
            Codes::Composite(font) => {
                let (pairs, rest) = string.as_chunks::<2>();
                if !rest.is_empty() {
                    return Err(damaged(&self.name, "is shown half a code"));
                }
                for &pair in pairs {
                    let code = u16::from_be_bytes(pair);
                    let shows = font.unicode.lookup_bf_string(code.into()).and_then(shows_mapped);
                    let shows = shows.ok_or_else(|| self.unknown(code.into()))?;
                    show(&Glyph { shows, width: font.widths.of(code) }, false);
                }
            }
        }
        Ok(())
    }

    fn unknown(&self, code: u32) -> Error {
        damaged(&self.name, &format!("does not say what code {code} shows and how wide it is"))
    }
}

fn damaged(font: &str, what: &str) -> Error {
    Error::DamagedPdf(format!("the font {font:?} {what}"))
}

fn unsupported(font: &str, what: &str) -> Error {
    Error::UnsupportedPdf(format!("the font {font:?} {what}"))
}

fn simple(dict: &Dict<'_>, name: &str, budget: &mut Budget) -> Result<Codes> {
    let widths = dict.get::<Array<'_>>("Widths").ok_or_else(|| damaged(name, "has no widths"))?;
    budget.take_font_data(widths.data().len())?;
    let widths: Vec<f32> = widths.iter::<f32>().collect();
    let first = dict.get::<usize>("FirstChar").ok_or_else(|| damaged(name, "has no first code"))?;
    let last = dict.get::<usize>("LastChar").ok_or_else(|| damaged(name, "has no last code"))?;
    if last > 255 || first.checked_add(widths.len()) != last.checked_add(1) {
        return Err(damaged(name, "has more or fewer widths than codes"));
    }
    let missing = dict.get::<Dict<'_>>("FontDescriptor").and_then(|descriptor| descriptor.get::<f32>("MissingWidth"));
    let width = |code: usize| code.checked_sub(first).and_then(|at| widths.get(at).copied()).or(missing);

    let characters = characters(dict, name, budget)?;
    let unicode = to_unicode(dict, name, budget)?;
    let glyph = |code: usize| {
        let mapped = unicode.as_ref().and_then(|map| map.lookup_bf_string(u32::try_from(code).ok()?));
        let character = || characters.as_ref().and_then(|table| table.get(code).copied().flatten());
        let shows = mapped.and_then(shows_mapped).or_else(|| character().and_then(shows_char))?;
        Some(Glyph { shows, width: width(code)? / 1000.0 })
    };
    let glyphs: [Option<Glyph>; 256] = std::array::from_fn(glyph);
    Ok(Codes::Simple(Box::new(glyphs)))
}

/// What the encoding of a simple font says; `None` where only the font file or the Unicode map knows.
fn characters(dict: &Dict<'_>, name: &str, budget: &mut Budget) -> Result<Option<[Option<char>; 256]>> {
    let base = |encoding: &[u8]| match encoding {
        b"WinAnsiEncoding" => Ok(encoding::Base::WinAnsi),
        b"MacRomanEncoding" => Ok(encoding::Base::MacRoman),
        b"StandardEncoding" => Ok(encoding::Base::Standard),
        other => Err(damaged(name, &format!("has the unknown encoding {}", limits::named(other)))),
    };
    match dict.get::<Object<'_>>("Encoding") {
        Some(Object::Name(encoding)) => Ok(Some(encoding::table(base(&encoding)?))),
        Some(Object::Dict(encoding)) => {
            let base = match encoding.get::<Name<'_>>("BaseEncoding") {
                Some(name) => base(&name)?,
                None => encoding::Base::Standard,
            };
            let mut table = encoding::table(base);
            let differences = encoding.get::<Array<'_>>("Differences").unwrap_or_default();
            budget.take_font_data(encoding.data().len().saturating_add(differences.data().len()))?;
            let mut code = 0usize;
            for item in differences.iter::<Object<'_>>() {
                match item {
                    Object::Number(number) => code = usize::try_from(number.as_i64()).unwrap_or(usize::MAX),
                    Object::Name(glyph) => {
                        if let Some(slot) = table.get_mut(code) {
                            *slot = encoding::named(glyph.as_str());
                        }
                        code = code.saturating_add(1);
                    }
                    _ => return Err(damaged(name, "has an encoding that is none")),
                }
            }
            Ok(Some(table))
        }
        Some(_) => Err(damaged(name, "has an encoding that is none")),
        None if dict.contains_key("Encoding") => Err(damaged(name, "has lost its encoding")),
        None => Ok(None),
    }
}

fn composite(dict: &Dict<'_>, descendant: &Dict<'_>, name: &str, budget: &mut Budget) -> Result<Codes> {
    if dict.get::<Name<'_>>("Encoding").as_deref() != Some(b"Identity-H") {
        return Err(unsupported(name, "has an encoding other than Identity-H"));
    }
    let unicode = to_unicode(dict, name, budget)?.ok_or_else(|| unsupported(name, "does not say which characters it shows"))?;
    let widths = Widths::read(descendant, name, budget)?;
    Ok(Codes::Composite(Box::new(Composite { widths, unicode })))
}

fn to_unicode(dict: &Dict<'_>, name: &str, budget: &mut Budget) -> Result<Option<CMap>> {
    if !dict.contains_key("ToUnicode") {
        return Ok(None);
    }
    let lost = || damaged(name, "has a Unicode map that cannot be read");
    let map = dict.get::<Stream<'_>>("ToUnicode").ok_or_else(lost)?;
    let map = stream::bytes(&map, "a Unicode map", limits::UNICODE_MAP)?;
    budget.take_font_data(map.len())?;
    CMap::parse(&map, |_| None).ok_or_else(lost).map(Some)
}

fn shows_mapped(mapped: BfString) -> Option<Shows> {
    match mapped {
        BfString::Char(character) => shows_char(character),
        BfString::String(text) => {
            let expected = |c: char| !c.is_control() && c != char::REPLACEMENT_CHARACTER;
            ((1..=limits::LIGATURE).contains(&text.len()) && text.chars().all(expected)).then(|| Shows::Text(text.into()))
        }
    }
}

/// Ligatures are taken apart; a soft hyphen that is shown is a hyphen.
fn shows_char(character: char) -> Option<Shows> {
    let letters = LIGATURES.iter().find(|(ligature, _)| *ligature == character).map(|(_, letters)| *letters);
    Some(match character {
        '\u{ad}' => Shows::Char('-'),
        c if UNSEEN.contains(&c) => Shows::Nothing,
        c if c.is_whitespace() => Shows::Blank,
        c if c.is_control() || c == char::REPLACEMENT_CHARACTER => return None,
        c => letters.map_or(Shows::Char(c), |letters| Shows::Text(letters.into())),
    })
}

/// The widths of a composite font: ranges of codes, in order of their first.
#[derive(Debug)]
struct Widths {
    ranges: Vec<(u16, u16, f32)>,
    default: f32,
}

impl Widths {
    fn read(descendant: &Dict<'_>, name: &str, budget: &mut Budget) -> Result<Widths> {
        let wrong = || damaged(name, "has widths that are none");
        let default = descendant.get::<f32>("DW").unwrap_or(1000.0) / 1000.0;
        let mut ranges = Vec::new();
        let array = descendant.get::<Array<'_>>("W").unwrap_or_default();
        budget.take_font_data(descendant.data().len().saturating_add(array.data().len()))?;
        let mut items = array.iter::<Object<'_>>();
        let code = |item: Option<Object<'_>>| item.and_then(Object::into_number).map(|n| n.as_i64());
        // Codes beyond two bytes cannot be shown, so a range is cut to them.
        let cut = |code: i64| u16::try_from(code.clamp(0, u16::MAX.into())).unwrap_or(u16::MAX);
        while let Some(first) = items.next() {
            let first = code(Some(first)).ok_or_else(wrong)?;
            match items.next() {
                Some(Object::Array(list)) => {
                    for (width, code) in list.iter::<f32>().zip(cut(first)..=u16::MAX) {
                        ranges.push((code, code, width / 1000.0));
                    }
                }
                last => {
                    let last = code(last).ok_or_else(wrong)?;
                    let width = items.next().and_then(Object::into_f32).ok_or_else(wrong)?;
                    ranges.push((cut(first), cut(last), width / 1000.0));
                }
            }
        }
        ranges.sort_by_key(|&(first, ..)| first);
        Ok(Widths { ranges, default })
    }

    fn of(&self, code: u16) -> f32 {
        let after = self.ranges.partition_point(|&(first, ..)| first <= code);
        let range = after.checked_sub(1).and_then(|at| self.ranges.get(at));
        range.filter(|(_, last, _)| code <= *last).map_or(self.default, |&(.., width)| width)
    }
}
