//! The reader against small PDFs, written here as they are needed.

use std::fmt::Write as _;
use std::io::Write as _;

use super::read;
use crate::error::Error;
use crate::text::Text;

mod hostile;

/// Objects of a PDF; the first is the catalogue, the second the page tree, the next two the fonts `F` and, bold, `B`.
struct File {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
}

impl File {
    fn new() -> Self {
        let font = |name: &str| {
            let widths = "500 ".repeat(224);
            let font = "/Type/Font/Subtype/TrueType/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 255";
            format!("<<{font}/BaseFont/{name}/Widths[{widths}]>>").into_bytes()
        };
        let catalogue = b"<</Type/Catalog/Pages 2 0 R>>".to_vec();
        File { objects: vec![catalogue, Vec::new(), font("Serif"), font("Serif,Bold")], pages: Vec::new() }
    }

    /// Adds an object and says its number.
    fn object(&mut self, object: impl AsRef<[u8]>) -> usize {
        self.objects.push(object.as_ref().to_vec());
        self.objects.len()
    }

    fn stream(&mut self, entries: &str, data: impl AsRef<[u8]>) -> usize {
        let data = data.as_ref();
        let head = format!("<<{entries}/Length {}>>stream\n", data.len());
        self.object([head.as_bytes(), data, b"\nendstream"].concat())
    }

    /// Adds a page with the fonts and `resources`, which shows `content`.
    fn page(mut self, resources: &str, content: &str) -> Self {
        let content = self.stream("", content);
        self.page_of(resources, content);
        self
    }

    fn page_of(&mut self, resources: &str, content: usize) {
        let resources = format!("<</Font<</F 3 0 R/B 4 0 R>>{resources}>>");
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {content} 0 R/Resources{resources}>>");
        let page = self.object(page);
        self.pages.push(page);
    }

    fn bytes(mut self) -> Vec<u8> {
        let mut kids = String::new();
        for page in &self.pages {
            write!(kids, "{page} 0 R ").unwrap();
        }
        self.objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count {}>>", self.pages.len()).into_bytes();
        let mut bytes = b"%PDF-1.4\n".to_vec();
        let mut xref = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (object, number) in self.objects.iter().zip(1..) {
            writeln!(xref, "{:010} 00000 n ", bytes.len()).unwrap();
            bytes.extend(format!("{number} 0 obj\n").as_bytes());
            bytes.extend(object);
            bytes.extend(b"\nendobj\n");
        }
        let at = bytes.len();
        let trailer = format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n", self.objects.len() + 1);
        [bytes, xref.into_bytes(), trailer.into_bytes()].concat()
    }
}

fn one_page(content: &str) -> Vec<u8> {
    File::new().page("", content).bytes()
}

fn text(content: &str) -> Text {
    read(&one_page(content)).unwrap()
}

fn error(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

/// Glyphs are 6 points wide at size 12, so "Tm" can put text exactly where other text ends.
#[test]
fn words_and_lines_are_where_the_page_shows_them() {
    for (what, content, expected) in [
        ("plain", "BT /F 12 Tf 72 700 Td (Hello world) Tj ET", "Hello world\n"),
        ("cp1252", r"BT /F 12 Tf 72 700 Td (\223don\222t\224 \226 90\260 \256 2\3273) Tj ET", "“don’t” – 90° ® 2×3\n"),
        ("a word over operators", "BT /F 12 Tf 72 700 Td (CM17) Tj (-) Tj (0003917) Tj ET", "CM17-0003917\n"),
        ("a word over text objects", "BT /F 12 Tf 1 0 0 1 72 700 Tm (CM17) Tj ET BT 1 0 0 1 96 700 Tm (-00) Tj ET", "CM17-00\n"),
        ("a kern is no blank", "BT /F 12 Tf 72 700 Td [(wo) -36 (rd) 80 (s)] TJ ET", "words\n"),
        ("a wide kern is one", "BT /F 12 Tf 72 700 Td [(two) -300 (words)] TJ ET", "two words\n"),
        ("a blank however narrow", "BT /F 12 Tf -5.5 Tw 72 700 Td (two words) Tj ET", "two words\n"),
        ("blanks at an operator's end", "BT /F 12 Tf -5.5 Tw 72 700 Td (two ) Tj (words) Tj ET", "two words\n"),
        ("columns", "BT /F 12 Tf 72 700 Td (Priority:) Tj 100 -.12 Td (Standard) Tj ET", "Priority:           Standard\n"),
        ("two blanks at least", "BT /F 12 Tf 72 700 Td (Priority:) Tj 70 0 Td (Standard) Tj ET", "Priority:     Standard\n"),
        ("a superscript", "BT /F 12 Tf 72 700 Td (3) Tj /F 8 Tf 4 Ts (rd) Tj 0 Ts /F 12 Tf ( Edition) Tj ET", "3rd Edition\n"),
        ("order is the page's", "BT /F 12 Tf 72 686 Td (below) Tj 0 14 Td (above) Tj ( and) Tj ET", "above and\nbelow\n"),
        ("a gap is a blank line", "BT /F 12 Tf 14 TL 72 700 Td (a) Tj T* (b) Tj 28 TL T* (c) Tj ET", "a\nb\n\nc\n"),
        ("quote operators", "BT /F 12 Tf 14 TL 72 700 Td (a) Tj (b) ' 0 0 (c) \" ET", "a\nb\nc\n"),
        ("the scale", "BT /F 12 Tf 200 Tz 72 700 Td (ab) Tj 24 0 Td (c) Tj ET", "abc\n"),
        ("the matrix of the page", "2 0 0 2 0 0 cm BT /F 6 Tf 36 350 Td (ab) Tj 6 0 Td (c) Tj ET", "abc\n"),
        ("a saved state", "q BT /F 12 Tf 72 700 Td (a) Tj ET /B 9 Tf Q q /F 12 Tf BT 72 686 Td (b) Tj ET Q", "a\nb\n"),
        ("overprint", "BT /F 12 Tf 72 700 Td (bold) Tj .3 0 Td (bold) Tj ET", "bold\n"),
        ("a centred line", "BT /F 12 Tf 168 700 Td (TITLE) Tj -96 -14 Td (text) Tj ET", "                    TITLE\ntext\n"),
        ("an inline image", "BI /W 1 /H 1 ID \u{1}( EI BT /F 12 Tf 72 700 Td (a) Tj ET", "a\n"),
        ("marked content", "/P <</MCID 0 /X [1 [2]]>> BDC BT /F 12 Tf 72 700 Td (a) Tj ET EMC", "a\n"),
    ] {
        assert_eq!(text(content).text, expected, "{what}");
    }
}

#[test]
fn bold_is_known() {
    for (what, content, expected) in [
        (
            "an item is bold, its outcome is not",
            "BT 72 700 Td /B 12 Tf (Lumbar MRI: ) Tj /F 12 Tf (Upheld) Tj ET",
            vec!["Lumbar MRI:"],
        ),
        (
            "a wrapped heading is one range",
            "BT 14 TL 72 700 Td /B 12 Tf (Lumbar) Tj T* (MRI) Tj (:) Tj /F 12 Tf ( Upheld) Tj ET",
            vec!["Lumbar\nMRI:"],
        ),
        ("a blank line ends it", "BT 28 TL 72 700 Td /B 12 Tf (TITLE) Tj T* (Item:) Tj ET", vec!["TITLE", "Item:"]),
        ("another size ends it", "BT 72 700 Td /B 14 Tf (TITLE ) Tj /B 12 Tf (Item) Tj ET", vec!["TITLE", "Item"]),
        ("within a word", "BT 72 700 Td /F 12 Tf (un) Tj /B 12 Tf (bold) Tj /F 12 Tf (ed) Tj ET", vec!["bold"]),
        ("an outline is bold", "BT 72 700 Td /F 12 Tf 2 Tr (Item:) Tj 0 Tr ( no) Tj ET", vec!["Item:"]),
    ] {
        let Text { text, bold, .. } = text(content);
        assert_eq!(bold.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), expected, "{what}");
    }
}

#[test]
fn a_form_feed_stands_before_each_page_but_the_first() {
    let show = |text: &str| format!("BT /B 12 Tf 72 700 Td ({text}) Tj ET");
    let file = File::new().page("", &show("one")).page("", "").page("", &show("three"));
    let read = read(&file.bytes()).unwrap();
    assert_eq!(read.text, "one\n\u{c}\u{c}three\n");
    let bold: Vec<&str> = read.bold.iter().map(|range| &read.text[range.clone()]).collect();
    assert_eq!(bold, ["one\n\u{c}\u{c}three"], "a heading cut by a page break is one");
}

#[test]
fn forms_are_read_where_they_are_drawn() {
    let mut file = File::new();
    let form = "/Subtype/Form/Matrix[1 0 0 1 0 -14]/Resources<</Font<</F 3 0 R>>>>";
    let form = file.stream(form, "BT /F 12 Tf 72 700 Td (form) Tj ET");
    let content = "BT /F 12 Tf 72 700 Td (page) Tj ET q 1 0 0 1 0 -14 cm /X Do Q BT /F 12 Tf 72 686 Td (between) Tj ET";
    let file = file.page(&format!("/XObject<</X {form} 0 R>>"), content);
    assert_eq!(read(&file.bytes()).unwrap().text, "page\nbetween\nform\n");
}

#[test]
fn forms_that_draw_themselves_are_refused() {
    let mut file = File::new();
    let form = file.objects.len() + 1;
    file.stream(&format!("/Subtype/Form/Resources<</XObject<</X {form} 0 R>>>>"), "/X Do /X Do");
    let file = file.page(&format!("/XObject<</X {form} 0 R>>"), "/X Do");
    assert!(matches!(read(&file.bytes()), Err(Error::DamagedPdf(_))));
}

#[test]
fn sideways_text_is_kept_apart() {
    let read = text("BT /F 12 Tf 72 700 Td (upright) Tj 0 1 -1 0 30 300 Tm (side) Tj ( ways) Tj ET");
    assert_eq!(read.text, "upright\nside ways\n");
    assert_eq!(read.warnings.len(), 1, "{:?}", read.warnings);
}

/// The middle word of three is drawn over the first, or its letters fall apart, as happens when a width is wrong.
#[test]
fn strange_gaps_are_doubtful() {
    let sentence = "BT /F 12 Tf 72 700 Td (the other words have blanks between them) Tj ET ";
    for (place, doubtful) in [(72, true), (90, false), (96, true), (120, false)] {
        let content = format!("{sentence} BT /F 12 Tf 72 686 Td (yet) Tj ET BT /F 12 Tf {place} 686 Td (one) Tj ET");
        let Text { text, warnings, .. } = text(&content);
        assert_eq!(!warnings.is_empty(), doubtful, "{place}: {text:?} {warnings:?}");
    }
    let every_gap = "BT /F 12 Tf 72 700 Td [(no) -500 (blanks) -500 (at) -500 (all)] TJ ET";
    assert_eq!(text(every_gap).warnings, [""; 0], "some writers show no blanks");
}

#[test]
fn composite_fonts_are_read_by_their_unicode_map() {
    let mut file = File::new();
    let map = file.stream(
        "",
        "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0003> <0005> <0041> endbfrange \
         3 beginbfchar <0006> <00660069> <0007> <2019> <0008> <200b> endbfchar endcmap",
    );
    let descendant = file.object("<</Type/Font/Subtype/CIDFontType2/DW 500/W[3[500 250] 6 7 1000 8 8 0]>>");
    let font = format!("<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]/ToUnicode {map} 0 R>>");
    file.objects[2] = font.into_bytes();
    // A is 6 points wide, B 3, fi 12: what follows is placed exactly there. What no page shows is no end of a word.
    let content = "BT /F 12 Tf 72 700 Td <0003000400080005> Tj 15 0 Td <00060007> Tj ET";
    assert_eq!(read(&file.page("", content).bytes()).unwrap().text, "ABCfi’\n");
}

#[test]
fn scanned_pages_are_said_to_be() {
    let scan = |content: &str| {
        let mut file = File::new();
        let image = file.stream("/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "x");
        file.page(&format!("/XObject<</I {image} 0 R>>"), content)
    };
    assert!(matches!(read(&scan("q 612 0 0 792 0 0 cm /I Do Q").bytes()), Err(Error::Scanned)));
    let mixed = scan("/I Do").page("", "BT /F 12 Tf 72 700 Td (text) Tj ET").bytes();
    assert_eq!(read(&mixed).unwrap().warnings, ["page 1 is a picture without text"]);
}

#[test]
fn what_cannot_be_read_whole_is_an_error() {
    let with_font = |font: &str| {
        let mut file = File::new();
        file.objects[2] = font.as_bytes().to_vec();
        file.page("", "BT /F 12 Tf 72 700 Td (text) Tj ET").bytes()
    };
    let with_content = |entries: &str, content: &[u8]| {
        let mut file = File::new();
        let content = file.stream(entries, content);
        file.page_of("", content);
        file.bytes()
    };
    let deflated = b"\x78\x9c\x73\x0a\x51\x70\xd3\x57\x30\x34\x52\x08\x49\x03\x00";
    for (bytes, expected) in [
        (b"".to_vec(), "empty"),
        (b"<!DOCTYPE html>".to_vec(), "structure"),
        (one_page(""), "no page holds text"),
        (one_page("BT /X 12 Tf (a) Tj ET"), "the font X is missing"),
        (one_page("BT (a) Tj ET"), "text before any font"),
        (one_page("BT /F 12 Tf (a) ET"), "more or fewer"),
        (one_page("BT /F 12 Tf (a) Ti ET"), "an unknown operator"),
        (one_page("/X Do"), "the drawn object X is missing"),
        (one_page("BT /F 12 Tf 72 Td (a) Tj ET"), "more or fewer numbers"),
        (one_page("BT /F 12 Tf 99999999 0 Td (a) Tj ET"), "an impossible place"),
        (one_page("BT /F 0 Tf (a) Tj ET"), "impossible place or size"),
        (one_page(&"[".repeat(100_000)), "more operands"),
        (one_page(&"q ".repeat(100_000)), "more saved states"),
        (one_page(r"BT /F 12 Tf (\7) Tj ET"), "does not say what code 7 shows"),
        (with_font("<</Type/Font/Subtype/TrueType/BaseFont/Arial/Encoding/WinAnsiEncoding>>"), "has no widths"),
        (
            with_font("<</Subtype/TrueType/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 34/Widths[1 2]>>"),
            "more or fewer widths than codes",
        ),
        (with_font("<</Subtype/TrueType/FirstChar 32/LastChar 33/Widths[1 2]>>"), "does not say what code 116 shows"),
        (with_font("<</Subtype/Type3>>"), "cannot read this kind"),
        (with_font("<</Subtype/Type0/Encoding/Identity-H>>"), "no descendant"),
        (with_content("/Filter[/FlateDecode/FlateDecode]", b"x"), "more than once"),
        (with_content("/Filter/LZWDecode", b"x"), "old way"),
        (with_content("/Filter/FlateDecode", b"x"), "checksum"),
        (with_content("/Filter/FlateDecode", deflated), "checksum"),
    ] {
        let found = error(&bytes);
        assert!(found.contains(expected), "{found:?} has not {expected:?}");
    }
}

#[test]
fn a_missing_page_is_an_error() {
    let show = |text: &str| format!("BT /F 12 Tf 72 700 Td ({text}) Tj ET");
    let whole = File::new().page("", &show("one")).page("", &show("two")).bytes();
    let damaged = |from: &str, to: &str| {
        let at = memchr::memmem::find(&whole, from.as_bytes()).unwrap();
        let mut bytes = whole.clone();
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    assert!(read(&whole).is_ok());
    for (from, to, expected) in [
        ("/Count 2", "/Count 3", "2 of its 3 pages are there"),
        ("/Count 2", "/Cxunt 2", "how many pages"),
        ("8 0 R ]", "6 0 R ]", "1 of its 2 pages are there"),
        ("8 0 R ]", "3 0 R ]", "page 2 is none"),
        ("/Contents 7 0 R", "/Contents 5 0 R", "page 2 repeats another"),
        ("/Contents 7 0 R", "/Contents 3 0 R", "the content of page 2 is missing"),
        ("/Contents 7 0 R", "/Cxntents 7 0 R", "the content of page 2 is missing"),
    ] {
        let found = error(&damaged(from, to));
        assert!(found.contains(expected), "{to}: {found:?} has not {expected:?}");
    }
}

/// The fixtures hold our own words, encrypted with AES; the one opens without a password, as the published letters do.
#[test]
fn encrypted_letters_open_without_a_password_or_say_that_they_need_one() {
    let open = include_bytes!("../../../tests/fixtures/pdf/encrypted.pdf");
    assert_eq!(read(open).unwrap().text, "Open to all\n");
    let locked = include_bytes!("../../../tests/fixtures/pdf/password.pdf");
    assert!(matches!(read(locked), Err(Error::Password)));
}

proptest::proptest! {
    /// Nothing that a file can hold makes the reader panic. Whether it is whole is not asked here, for
    /// these small files have no checksums.
    #[test]
    fn any_damage_is_read_or_refused(changes: Vec<(proptest::sample::Index, u8)>, cut: Option<proptest::sample::Index>) {
        let mut file = File::new();
        let form = file.stream("/Subtype/Form", "BT /F 12 Tf 72 686 Td (form) Tj ET");
        let mut bytes = file.page(&format!("/XObject<</X {form} 0 R>>"), "BT /F 12 Tf 72 700 Td [(a) -9 <62>] TJ ET /X Do").bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(Text { text, bold, .. }) = read(&bytes) {
            assert!(bold.iter().all(|range| text.get(range.clone()).is_some()));
            assert!(!text.contains('\u{fffd}'));
        }
    }
}
