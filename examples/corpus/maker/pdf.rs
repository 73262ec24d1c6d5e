//! Pages as a PDF, with what matters to a reader of the published ones: two TrueType fonts that are not embedded, with widths and
//! WinAnsiEncoding; the item and the labels bold; a marked-content group a paragraph; words cut over several strings with small kerns
//! between, each piece placed by itself, as Word writes them; deflated streams.
//!
//! The published letters are moreover encrypted for an empty user password. These are not: pdf-writer does not encrypt, and a sample of
//! encrypted ones is in data/.

use std::io::Write;

use encoding_rs::WINDOWS_1252;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::FontFlags;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str};

use super::layout::{Line, Place};
use super::widths::{BOLD, FIRST, REGULAR, width};

const SIZE: f32 = 12.0;
const LEFT: f32 = 72.024;
const MIDDLE: f32 = 306.0;
const TOP: f32 = 708.84;
const PITCH: f32 = 13.8;
/// Where the columns of the header table begin.
const COLUMNS: [f32; 4] = [72.024, 179.42, 328.99, 426.91];
/// A value of the header stands a little lower than its label.
const LOWER: f32 = 0.12;

const BOLD_FONT: (Name, Name) = (Name(b"F1"), Name(b"TimesNewRomanPS-BoldMT"));
const REGULAR_FONT: (Name, Name) = (Name(b"F2"), Name(b"TimesNewRomanPSMT"));

/// The letter as a file.
pub fn document(pages: &[Vec<Line>]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let mut last = Ref::new(1);
    let mut next = || last.bump();
    let (catalog, tree, bold, regular) = (next(), next(), next(), next());
    let numbers: Vec<_> = pages.iter().map(|page| (page, next(), next())).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids(numbers.iter().map(|n| n.1)).count(numbers.len() as i32);
    font(&mut pdf, bold, next(), BOLD_FONT.1, &BOLD);
    font(&mut pdf, regular, next(), REGULAR_FONT.1, &REGULAR);
    for (page, number, shown) in numbers {
        let mut leaf = pdf.page(number);
        leaf.parent(tree).media_box(Rect::new(0.0, 0.0, 612.0, 792.0)).contents(shown);
        leaf.resources().fonts().pair(BOLD_FONT.0, bold).pair(REGULAR_FONT.0, regular);
        leaf.finish();
        pdf.stream(shown, &deflated(&content(page))).filter(Filter::FlateDecode);
    }
    pdf.document_info(next()).producer(pdf_writer::TextStr("corpus maker of imr"));
    pdf.finish()
}

/// A font without its program: the reader of the PDF has it, or one like it.
fn font(pdf: &mut Pdf, number: Ref, descriptor: Ref, name: Name<'_>, widths: &[u16]) {
    pdf.indirect(number)
        .dict()
        .pair(Name(b"Type"), Name(b"Font"))
        .pair(Name(b"Subtype"), Name(b"TrueType"))
        .pair(Name(b"BaseFont"), name)
        .pair(Name(b"Encoding"), Name(b"WinAnsiEncoding"))
        .pair(Name(b"FirstChar"), i32::from(FIRST))
        .pair(Name(b"LastChar"), 255)
        .pair(Name(b"FontDescriptor"), descriptor)
        .insert(Name(b"Widths"))
        .array()
        .items(widths.iter().map(|w| i32::from(*w)));
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(-568.0, -216.0, 2000.0, 693.0))
        .italic_angle(0.0)
        .ascent(891.0)
        .descent(-216.0)
        .cap_height(693.0)
        .stem_v(40.0);
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes what is written")
}

/// What a page shows.
fn content(page: &[Line]) -> Vec<u8> {
    let mut shown = Content::new();
    for (row, line) in page.iter().enumerate() {
        let y = TOP - PITCH * row as f32;
        let of_same = |other: Option<&Line>| other.is_some_and(|other| other.paragraph == line.paragraph);
        if !of_same(row.checked_sub(1).and_then(|above| page.get(above))) {
            shown.begin_marked_content_with_properties(Name(b"P")).properties().identify(row as i32);
        }
        place(&mut shown, line, y);
        if !of_same(page.get(row + 1)) {
            shown.end_marked_content();
        }
    }
    shown.finish().into_vec()
}

/// A line's runs at their places.
fn place(shown: &mut Content, line: &Line, y: f32) {
    let points = |text: &str, bold: bool| width(text, bold) as f32 * SIZE / 1000.0;
    let mut x = match line.place {
        Place::Centre => MIDDLE - points(&line.text(), true) / 2.0,
        _ => LEFT,
    };
    for (column, (text, bold)) in line.runs.iter().enumerate() {
        let lower = if line.place == Place::Columns && !bold { LOWER } else { 0.0 };
        if line.place == Place::Columns {
            x = COLUMNS[column];
        }
        // A run is cut behind hyphens and colons.
        for piece in text.split_inclusive(['-', ':']) {
            show(shown, piece, *bold, x, y - lower);
            x += points(piece, *bold);
        }
    }
}

/// A piece of a run, in strings with kerns between that add up to nothing much.
fn show(shown: &mut Content, piece: &str, bold: bool, x: f32, y: f32) {
    const CUTS: [(usize, f32); 4] = [(7, 4.0), (3, -3.0), (11, 6.0), (5, -7.0)];
    let bytes = WINDOWS_1252.encode(piece).0;
    let (font, _) = if bold { BOLD_FONT } else { REGULAR_FONT };
    shown.begin_text().set_font(font, SIZE).set_text_matrix([1.0, 0.0, 0.0, 1.0, x, y]);
    let mut strings = shown.show_positioned();
    let mut items = strings.items();
    let mut rest: &[u8] = &bytes;
    for (cut, kern) in CUTS.iter().cycle() {
        let (string, after) = rest.split_at(rest.len().min(*cut));
        items.show(Str(string));
        rest = after;
        if rest.is_empty() {
            break;
        }
        items.adjust(*kern);
    }
    items.finish();
    strings.finish();
    shown.end_text();
}
