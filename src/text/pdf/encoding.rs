//! From the codes of a simple font to characters: the three base encodings of PDF, and the glyph names that `Differences` use.
//!
//! Only Latin names are known here, which is what letters in English need; another name is an error where its glyph is shown.

/// The base encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    WinAnsi,
    MacRoman,
    Standard,
}

/// The upper half of each table; a replacement character stands for "no glyph".
const WIN_ANSI: &str = "€•‚ƒ„…†‡ˆ‰Š‹Œ•Ž••‘’“”•–—˜™š›œ•žŸ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬-®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
const MAC_ROMAN: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
const STANDARD: &str = "��������������������������������\
    �¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ�–†‡·�¶•‚„”»…‰�¿�`´ˆ˜¯˘˙¨�˚¸�˝˛ˇ—����������������Æ�ª����ŁØŒº�����æ���ı��łøœß����";

/// The names of the glyphs of WinAnsi in the order of [`ascii_then_win_ansi`].
const NAMES: &str = "space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus \
    comma hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal greater question at \
    A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore grave \
    a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde . \
    Euro bullet quotesinglbase florin quotedblbase ellipsis dagger daggerdbl circumflex perthousand Scaron guilsinglleft OE \
    . Zcaron . . quoteleft quoteright quotedblleft quotedblright . endash emdash tilde trademark scaron guilsinglright oe . \
    zcaron Ydieresis nbspace exclamdown cent sterling currency yen brokenbar section dieresis copyright ordfeminine \
    guillemotleft logicalnot sfthyphen registered macron degree plusminus twosuperior threesuperior acute mu paragraph \
    periodcentered cedilla onesuperior ordmasculine guillemotright onequarter onehalf threequarters questiondown Agrave Aacute \
    Acircumflex Atilde Adieresis Aring AE Ccedilla Egrave Eacute Ecircumflex Edieresis Igrave Iacute Icircumflex Idieresis Eth \
    Ntilde Ograve Oacute Ocircumflex Otilde Odieresis multiply Oslash Ugrave Uacute Ucircumflex Udieresis Yacute Thorn \
    germandbls agrave aacute acircumflex atilde adieresis aring ae ccedilla egrave eacute ecircumflex edieresis igrave iacute \
    icircumflex idieresis eth ntilde ograve oacute ocircumflex otilde odieresis divide oslash ugrave uacute ucircumflex \
    udieresis yacute thorn ydieresis";

/// Names outside WinAnsi that letters may well hold.
const MORE_NAMES: &[(&str, char)] = &[
    ("fi", 'ﬁ'),
    ("fl", 'ﬂ'),
    ("ff", 'ﬀ'),
    ("ffi", 'ﬃ'),
    ("ffl", 'ﬄ'),
    ("minus", '−'),
    ("fraction", '⁄'),
    ("lessequal", '≤'),
    ("greaterequal", '≥'),
    ("notequal", '≠'),
    ("approxequal", '≈'),
    ("dotlessi", 'ı'),
    ("Omega", 'Ω'),
];

/// What the 256 codes of an encoding show.
pub fn table(base: Base) -> [Option<char>; 256] {
    let upper = match base {
        Base::WinAnsi => WIN_ANSI,
        Base::MacRoman => MAC_ROMAN,
        Base::Standard => STANDARD,
    };
    let mut table = [None; 256];
    for (slot, character) in table.iter_mut().skip(32).zip(' '..='~') {
        *slot = Some(character);
    }
    for (slot, character) in table.iter_mut().skip(128).zip(upper.chars()) {
        *slot = (character != char::REPLACEMENT_CHARACTER).then_some(character);
    }
    if base == Base::Standard {
        table[usize::from(b'\'')] = Some('’');
        table[usize::from(b'`')] = Some('‘');
    }
    table
}

/// The character of a glyph's name, also as `uni2019` or `u2019`.
pub fn named(name: &str) -> Option<char> {
    if let Some(at) = NAMES.split(' ').position(|known| known == name && known != ".") {
        return ascii_then_win_ansi().nth(at);
    }
    if let Some(&(_, character)) = MORE_NAMES.iter().find(|(known, _)| *known == name) {
        return Some(character);
    }
    let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'))?;
    let code = (4..=6).contains(&digits.len()).then(|| u32::from_str_radix(digits, 16).ok())??;
    char::from_u32(code)
}

fn ascii_then_win_ansi() -> impl Iterator<Item = char> {
    (' '..='\u{7f}').chain(WIN_ANSI.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole() {
        for (base, upper) in [(Base::WinAnsi, WIN_ANSI), (Base::MacRoman, MAC_ROMAN), (Base::Standard, STANDARD)] {
            assert_eq!(upper.chars().count(), 128, "{base:?}");
        }
        assert_eq!(NAMES.split(' ').count(), ascii_then_win_ansi().count());
    }

    #[test]
    fn codes_show_their_characters() {
        for (base, code, character) in [
            (Base::WinAnsi, 0x92, Some('’')),
            (Base::WinAnsi, 0x93, Some('“')),
            (Base::WinAnsi, 0x96, Some('–')),
            (Base::WinAnsi, 0xad, Some('-')),
            (Base::WinAnsi, 0xb0, Some('°')),
            (Base::WinAnsi, 0xd7, Some('×')),
            (Base::WinAnsi, 0x27, Some('\'')),
            (Base::WinAnsi, 0x07, None),
            (Base::WinAnsi, 0x7f, None),
            (Base::MacRoman, 0xd5, Some('’')),
            (Base::MacRoman, 0xde, Some('ﬁ')),
            (Base::MacRoman, 0xff, Some('ˇ')),
            (Base::Standard, 0x27, Some('’')),
            (Base::Standard, 0xae, Some('ﬁ')),
            (Base::Standard, 0xb7, Some('•')),
            (Base::Standard, 0xd0, Some('—')),
            (Base::Standard, 0xfb, Some('ß')),
            (Base::Standard, 0x80, None),
        ] {
            assert_eq!(table(base)[code], character, "{base:?} {code:#x}");
        }
    }

    #[test]
    fn names_name_their_characters() {
        for (name, character) in [
            ("A", Some('A')),
            ("hyphen", Some('-')),
            ("asciitilde", Some('~')),
            ("Euro", Some('€')),
            ("bullet", Some('•')),
            ("quoteright", Some('’')),
            ("ydieresis", Some('ÿ')),
            ("sfthyphen", Some('-')),
            ("fi", Some('ﬁ')),
            ("uni00B0", Some('°')),
            ("u2019", Some('’')),
            ("g23", None),
            (".", None),
            ("uniD800", None),
        ] {
            assert_eq!(named(name), character, "{name}");
        }
    }
}
