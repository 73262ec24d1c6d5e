//! Files made to exhaust the reader: each is refused, or read at a price that its size bounds.

use super::*;

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The parser would inflate these without a bound, or without looking at the checksum.
#[test]
fn streams_that_the_parser_inflates_are_looked_at_first() {
    let zeros = |bytes: usize| deflated(&vec![0; bytes]);
    // The parser takes as many bytes as the dictionary says, so an end mark within them ends nothing.
    let marked = |bytes: usize| [b"x endstream".to_vec(), vec![0; bytes]].concat();
    let large = format!("/Type/ObjStm/N 0/First 0/Length {}", 200 << 10);
    for (entries, data, expected) in [
        ("/Type/ObjStm/N 0/First 0/Filter/FlateDecode", zeros(1000), None),
        ("/Type/ObjStm/N 0/First 0/Filter/FlateDecode", zeros(1000)[..12].to_vec(), Some("checksum of an object stream")),
        ("/Type/ObjStm/N 0/First 0/Filter/FlateDecode", vec![0; 200 << 10], Some("more objects")),
        ("/Type/Obj#53tm/N 0/First 0", vec![0; 200 << 10], Some("more objects")),
        ("/Type/#4f#62#6A#53#74#6d/N 0/First 0", vec![0; 200 << 10], Some("more objects")),
        (&large, marked(200 << 10), Some("more objects")),
        ("/Type/ObjStm/N 0/First 0/Length 9 0 R", marked(200 << 10), Some("more objects")),
        ("/Type/ObjStm/N 0/Filter[/FlateDecode/FlateDecode]", zeros(9), Some("packed in an unusual way")),
        ("/Type/ObjStm/N 0/Filter/LZWDecode", zeros(9), Some("packed in an unusual way")),
        ("/Type/ObjStm/N 0/Filter 9 0 R", zeros(9), Some("packed in an unusual way")),
        ("/Type/ObjStm/N 0/First 0/Filter [ /FlateDecode ]", zeros(1000), None),
        ("/Type/XRef/Filter/FlateDecode", zeros(1000), None),
        ("/Type/XRef/Filter/FlateDecode", zeros(4 << 20), Some("more cross-references")),
        ("/Type/XR#65f/Filter/FlateDecode", zeros(4 << 20), Some("more cross-references")),
        ("/Type/XRef/F#69lter[/Fl/Fl]", zeros(9), Some("packed in an unusual way")),
    ] {
        let mut file = File::new();
        file.stream(entries, &data);
        let read = read(&file.page("", "BT /F 12 Tf 72 700 Td (a) Tj ET").bytes());
        match expected {
            None => assert_eq!(read.unwrap().text, "a\n", "{entries}"),
            Some(expected) => assert!(read.as_ref().is_err_and(|e| e.to_string().contains(expected)), "{entries}: {read:?}"),
        }
    }
    let many = File::new().page("", &"/ObjStm pop ".repeat(300)).bytes();
    assert!(error(&many).contains("more streams"));
}

/// Each of these is read anew whenever it is named, and naming it takes five bytes.
#[test]
fn what_is_named_without_end_is_not_parsed_without_end() {
    let many = "1 ".repeat(20_000);
    let page = |resources: &str, content: &str, object: &dyn Fn(&mut File) -> usize| {
        let mut file = File::new();
        let number = object(&mut file);
        let content = deflated(format!("{} BT /F 12 Tf 72 700 Td (a) Tj ET", content.repeat(100_000)).as_bytes());
        let content = file.stream("/Filter/FlateDecode", content);
        file.page_of(&resources.replace('#', &number.to_string()), content);
        file.bytes()
    };
    let form = |entries: String| move |file: &mut File| file.stream(&format!("/Subtype/Form{entries}"), "");
    for (what, bytes) in [
        ("a form", page("/XObject<</X # 0 R>>", "/X Do ", &form(format!("/J[{many}]")))),
        ("its resources", page("/XObject<</X # 0 R>>", "/X Do ", &form(format!("/Resources<</J[{many}]>>")))),
        ("their kinds", page("/XObject<</X # 0 R>>", "/X Do ", &form(format!("/Resources<</Font<</J[{many}]>>>>")))),
        ("a picture", page("/XObject<</X # 0 R>>", "/X Do ", &|file| file.stream(&format!("/Subtype/Image/J[{many}]"), ""))),
        ("a state", page("/ExtGState<</G # 0 R>>", "/G gs ", &|file| file.object(format!("<</J[{many}]>>")))),
    ] {
        assert!(error(&bytes).contains("more page content than"), "{what}");
    }
    let none = page("/ExtGState<</G # 0 R>>", "/G gs ", &|file| file.object(format!("[{many}]")));
    assert!(error(&none).contains("the graphics state G is none"));
}

/// A font whose codes from 1 on show what `map` says.
fn composite(map: &str, widths: &str, codes: &str) -> Vec<u8> {
    let mut file = File::new();
    let range = "1 begincodespacerange <0000> <ffff> endcodespacerange";
    let map = file.stream("/Filter/FlateDecode", deflated(format!("{range} {map}").as_bytes()));
    let described = file.object(format!("<</Subtype/CIDFontType2/DW 500/W[{widths}]>>"));
    let font = format!("<</Subtype/Type0/Encoding/Identity-H/DescendantFonts[{described} 0 R]/ToUnicode {map} 0 R>>");
    file.objects[2] = font.into_bytes();
    file.page("", &format!("BT /F 12 Tf 72 700 Td <{codes}> Tj ET")).bytes()
}

#[test]
fn a_font_has_a_bounded_price() {
    let shows = |characters: usize| format!("1 beginbfchar <0001> <{}> endbfchar", "0041".repeat(characters));
    assert_eq!(read(&composite(&shows(18), "", "0001")).unwrap().text, format!("{}\n", "A".repeat(18)));
    assert!(error(&composite(&shows(10_000), "", &"0001".repeat(100_000))).contains("does not say what code 1 shows"));
    let widths = "0 65535 600 ".repeat(1_000_000);
    assert!(error(&composite(&shows(1), &widths, "0001")).contains("more data of fonts"));
}

#[test]
fn an_error_quotes_no_long_name() {
    let name = "X".repeat(100_000);
    for content in [format!("BT /{name} 12 Tf (a) Tj ET"), format!("/{name} Do"), format!("/{name} 1 Do")] {
        assert!(error(&one_page(&content)).len() < 200);
    }
}

/// Two glyphs at the ends of a line are set apart by blanks, a hundred for every glyph.
#[test]
fn blanks_do_not_make_a_text_without_end() {
    let lines: String =
        (0..72_000).map(|at| format!("1 0 0 1 {} {}.{} Tm (a) Tj ", at % 2 * 580, 9000 - at / 4, 5 - at % 4 / 2 * 5)).collect();
    let content = format!("BT /F 1 Tf {lines} ET");
    let read = read(&one_page(&content));
    assert!(read.is_err_and(|e| e.to_string().contains("more text than")));
}

/// Without a table of objects the parser would read to the end of the file from each of these.
#[test]
fn strings_that_never_close_are_not_read_again_and_again() {
    let file = format!("%PDF-1.4\n{}", "<</A ( ".repeat(200_000));
    assert!(error(file.as_bytes()).contains("more unfinished objects than"));
}
