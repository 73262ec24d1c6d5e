//! The tokens of page content.
//!
//! Not the parser's own iterator: this one is half again as fast, and it never skips what it does not understand. The streams
//! it reads have passed their checksum, so a malformed token is a damaged or hostile file, and an error.

use std::borrow::Cow;

use crate::error::{Error, Result};

/// One token; arrays and dictionaries are left flat, so that no input can make a reader of tokens recurse.
#[derive(Debug, Clone, PartialEq)]
pub enum Token<'a> {
    Number(f64),
    Name(Cow<'a, [u8]>),
    String(Cow<'a, [u8]>),
    ArrayStart,
    ArrayEnd,
    DictStart,
    DictEnd,
    Operator(&'a [u8]),
}

/// Reads tokens off a content stream.
#[derive(Debug)]
pub struct Lexer<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    /// At the start of `data`.
    pub fn new(data: &'a [u8]) -> Self {
        Lexer { data, at: 0 }
    }

    /// The next token, or `None` at the end.
    pub fn token(&mut self) -> Result<Option<Token<'a>>> {
        self.skip_blanks();
        let Some(byte) = self.peek() else { return Ok(None) };
        let token = match byte {
            b'(' => Token::String(self.literal_string()?),
            b'/' => Token::Name(self.name()),
            b'[' => self.one(Token::ArrayStart),
            b']' => self.one(Token::ArrayEnd),
            b'<' if self.peek_at(1) == Some(b'<') => self.two(Token::DictStart),
            b'<' => Token::String(Cow::Owned(self.hex_string()?)),
            b'>' if self.peek_at(1) == Some(b'>') => self.two(Token::DictEnd),
            b'0'..=b'9' | b'+' | b'-' | b'.' => Token::Number(self.number()?),
            b'{' | b'}' | b')' | b'>' => return Err(malformed("a stray bracket")),
            _ => Token::Operator(self.regular()),
        };
        Ok(Some(token))
    }

    /// Skips the bytes of an inline image: from after `ID` to after `EI`.
    pub fn skip_inline_image(&mut self) -> Result<()> {
        let start = self.at;
        while let Some(found) = memchr::memmem::find(self.rest(), b"EI") {
            let ei = self.at + found;
            self.at = ei + 2;
            let apart = ei > start && self.data.get(ei - 1).is_some_and(|&b| is_blank(b));
            if apart && self.peek().is_none_or(is_blank) {
                return Ok(());
            }
        }
        Err(malformed("an inline image without end"))
    }

    fn rest(&self) -> &'a [u8] {
        self.data.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.data.get(self.at + ahead).copied()
    }

    fn one(&mut self, token: Token<'a>) -> Token<'a> {
        self.at += 1;
        token
    }

    fn two(&mut self, token: Token<'a>) -> Token<'a> {
        self.at += 2;
        token
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                self.at += self.rest().iter().take_while(|&&b| b != b'\n' && b != b'\r').count();
            } else if is_blank(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The bytes up to the next blank or bracket.
    fn regular(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|&&b| !is_blank(b) && !is_delimiter(b)).count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn name(&mut self) -> Cow<'a, [u8]> {
        self.at += 1;
        let raw = self.regular();
        if !raw.contains(&b'#') {
            return Cow::Borrowed(raw);
        }
        let mut name = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let [first, tail @ ..] = rest {
            if let (b'#', [high, low, after @ ..]) = (first, tail)
                && let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low))
            {
                name.push(high << 4 | low);
                rest = after;
            } else {
                name.push(*first);
                rest = tail;
            }
        }
        Cow::Owned(name)
    }

    fn number(&mut self) -> Result<f64> {
        let word = self.regular();
        let (negative, digits) = match word {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, word),
        };
        let (mut value, mut scale, mut point) = (0.0f64, 1.0f64, false);
        for &byte in digits {
            match byte {
                b'0'..=b'9' if point => {
                    scale *= 0.1;
                    value += f64::from(byte - b'0') * scale;
                }
                b'0'..=b'9' => value = value * 10.0 + f64::from(byte - b'0'),
                b'.' if !point => point = true,
                // Some writers print `0.-5` or `--5`; what they mean is anybody's guess.
                _ => return Err(malformed("a number that is none")),
            }
        }
        Ok(if negative { -value } else { value })
    }

    fn literal_string(&mut self) -> Result<Cow<'a, [u8]>> {
        self.at += 1;
        let rest = self.rest();
        let plain = rest.iter().take_while(|b| !matches!(b, b'(' | b')' | b'\\' | b'\r')).count();
        if rest.get(plain) == Some(&b')') {
            self.at += plain + 1;
            return Ok(Cow::Borrowed(rest.get(..plain).unwrap_or_default()));
        }
        let mut string = Vec::new();
        let mut open = 1usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Cow::Owned(string));
                    }
                }
                b'\\' => {
                    string.extend(self.escape());
                    continue;
                }
                // A line end inside a string is a line feed, however it is written.
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    string.push(b'\n');
                    continue;
                }
                _ => {}
            }
            string.push(byte);
        }
        Err(malformed("a string without end"))
    }

    /// What a backslash stands for with what follows it; nothing where it continues a line.
    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                None
            }
            b'0'..=b'7' => {
                let mut code = byte - b'0';
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    code = code.wrapping_shl(3) | (digit - b'0');
                    self.at += 1;
                }
                Some(code)
            }
            other => Some(other),
        }
    }

    fn hex_string(&mut self) -> Result<Vec<u8>> {
        self.at += 1;
        let mut string = Vec::new();
        let mut high = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match (byte, hex_digit(byte), high) {
                (b'>', ..) => {
                    string.extend(high.map(|digit: u8| digit << 4));
                    return Ok(string);
                }
                (_, Some(digit), None) => high = Some(digit),
                (_, Some(digit), Some(first)) => {
                    string.push(first << 4 | digit);
                    high = None;
                }
                (blank, None, _) if is_blank(blank) => {}
                _ => break,
            }
        }
        Err(malformed("a hexadecimal string that is none"))
    }
}

fn malformed(what: &str) -> Error {
    Error::DamagedPdf(format!("the page content holds {what}"))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(data: &[u8]) -> Result<Vec<Token<'_>>> {
        let mut lexer = Lexer::new(data);
        std::iter::from_fn(|| lexer.token().transpose()).collect()
    }

    fn strings(data: &[u8]) -> Vec<Vec<u8>> {
        let strings = tokens(data).unwrap().into_iter();
        strings.filter_map(|t| if let Token::String(s) = t { Some(s.into_owned()) } else { None }).collect()
    }

    #[test]
    fn strings_are_unescaped() {
        for (written, read) in [
            (&b"(plain)"[..], &b"plain"[..]),
            (b"(a(b)c)", b"a(b)c"),
            (br"(\(\)\\)", br"()\"),
            (br"(\222\101\7)", b"\x92A\x07"),
            (b"(a\\\nb\\\r\nc)", b"abc"),
            (b"(a\r\nb)", b"a\nb"),
            (b"<41 4>", b"A@"),
            (b"<>", b""),
        ] {
            assert_eq!(strings(written), [read], "{}", written.escape_ascii());
        }
    }

    #[test]
    fn numbers_are_read() {
        for (written, value) in [(&b"12"[..], 12.0), (b"-.5", -0.5), (b"+3.25", 3.25), (b"4.", 4.0), (b"-", 0.0)] {
            assert_eq!(tokens(written).unwrap(), [Token::Number(value)], "{}", written.escape_ascii());
        }
    }

    #[test]
    fn a_text_line_is_read() {
        let read = tokens(b"/F#31 12 Tf[(a)-36(b)]TJ % comment\nT*").unwrap();
        let name = |n: &'static [u8]| Token::Name(Cow::Borrowed(n));
        let string = |s: &'static [u8]| Token::String(Cow::Borrowed(s));
        assert_eq!(
            read,
            [
                name(b"F1"),
                Token::Number(12.0),
                Token::Operator(b"Tf"),
                Token::ArrayStart,
                string(b"a"),
                Token::Number(-36.0),
                string(b"b"),
                Token::ArrayEnd,
                Token::Operator(b"TJ"),
                Token::Operator(b"T*"),
            ]
        );
    }

    #[test]
    fn what_is_malformed_is_an_error() {
        for damaged in [&b"(no end"[..], b"<41", b"<4g>", b")", b"1.2.3", b"--5", b"{"] {
            assert!(tokens(damaged).is_err(), "{}", damaged.escape_ascii());
        }
    }

    #[test]
    fn inline_images_are_skipped() {
        let mut lexer = Lexer::new(b"xEIx \xff(EI Q");
        assert!(lexer.skip_inline_image().is_err());
        let mut lexer = Lexer::new(b" xEIx \xff( EI Q");
        lexer.skip_inline_image().unwrap();
        assert_eq!(lexer.token().unwrap(), Some(Token::Operator(b"Q")));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(data: Vec<u8>) {
            let mut lexer = Lexer::new(&data);
            let mut count = 0;
            while let Ok(Some(_)) = lexer.token() {
                count += 1;
                assert!(count <= data.len(), "a token takes at least a byte");
            }
        }
    }
}
