//! The text of a web page: blocks and rows become lines, cells stand apart by two blanks, bold stays bold.
//!
//! Only what has to do with lines is looked at. Styles are not read, and tables do not line up: letters are told by their words.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use super::{Text, shown};

/// Elements that begin and end lines.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
];
/// Blocks with a blank line before and after.
const PARAGRAPHS: &[&str] = &["h1", "h2", "h3", "h4", "h5", "h6", "p", "pre"];
/// Elements whose text is not shown.
const UNSEEN: &[&str] = &["head", "noscript", "script", "style", "template", "textarea"];

/// Whether a file that begins so is a web page.
pub fn is_page(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |with: &[u8]| head.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    let within = || head.windows(5).any(|w| w.eq_ignore_ascii_case(b"<html"));
    begins(b"<!doctype html") || begins(b"<html") || (begins(b"<?xml") || begins(b"<!--")) && within()
}

/// The text of a page.
pub fn text(page: &str) -> Text {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut out = Lines::default();
    for token in Tokenizer::new_with_emitter(page, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => out.tag(&String::from_utf8_lossy(&tag.name), true),
            Token::EndTag(tag) => out.tag(&String::from_utf8_lossy(&tag.name), false),
            Token::String(text) => out.text(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    out.finish()
}

#[derive(Default)]
struct Lines {
    text: Text,
    /// Within what is not shown.
    unseen: Option<String>,
    /// Depth of `pre`, whose line ends count.
    preformatted: usize,
    bold: usize,
    /// A blank has been read and not written yet.
    blank: bool,
}

impl Lines {
    fn tag(&mut self, name: &str, opens: bool) {
        if let Some(unseen) = &self.unseen {
            // A page without the end tag of its head still has a body.
            if unseen == name && !opens || name == "body" {
                self.unseen = None;
            }
            return;
        }
        match name {
            "br" => self.line_end(),
            "td" | "th" if opens => self.gap(),
            "b" | "strong" => self.bold = if opens { self.bold + 1 } else { self.bold.saturating_sub(1) },
            _ if UNSEEN.contains(&name) && opens => self.unseen = Some(name.to_owned()),
            _ if BLOCKS.contains(&name) => self.new_line(),
            _ if PARAGRAPHS.contains(&name) => {
                self.new_line();
                self.paragraph();
                if name == "pre" {
                    self.preformatted = if opens { self.preformatted + 1 } else { self.preformatted.saturating_sub(1) };
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.unseen.is_some() {
            return;
        }
        if self.preformatted > 0 {
            return self.write(text);
        }
        let text = shown(text.into());
        // White space is one blank; a blank that does not break is one as others are.
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if !word.is_empty() {
                let apart = self.blank && !self.at_line_start() && !self.text.text.ends_with(' ');
                self.write(&format!("{}{word}", if apart { " " } else { "" }));
                self.blank = false;
            }
            self.blank |= word.len() < piece.len();
        }
    }

    fn write(&mut self, text: &str) {
        let from = self.text.text.len();
        self.text.text += text;
        if self.bold > 0 {
            match self.text.bold.last_mut().filter(|range| range.end == from) {
                Some(range) => range.end = self.text.text.len(),
                None => self.text.bold.push(from..self.text.text.len()),
            }
        }
    }

    fn at_line_start(&self) -> bool {
        self.text.text.is_empty() || self.text.text.ends_with('\n')
    }

    fn line_end(&mut self) {
        self.text.text.push('\n');
        self.blank = false;
    }

    fn new_line(&mut self) {
        if !self.at_line_start() {
            self.line_end();
        }
        self.blank = false;
    }

    fn paragraph(&mut self) {
        if !self.text.text.is_empty() && !self.text.text.ends_with("\n\n") {
            self.line_end();
        }
    }

    fn gap(&mut self) {
        if !self.at_line_start() {
            self.text.text += "   ";
        }
        self.blank = false;
    }

    fn finish(mut self) -> Text {
        self.new_line();
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_lines_and_cells_stand_apart() {
        for (page, expected) in [
            ("<p>one\n  two</p><p>three</p>", "one two\n\nthree\n\n"),
            ("a<br>b<br/><br>c", "a\nb\n\nc\n"),
            ("<table><tr><td>Case Number:</td><td>CM16</td></tr><tr><td>x</td></tr></table>", "Case Number:   CM16\nx\n"),
            ("<head><title>t</title><style>p{}</style></head><body>x &amp; y&nbsp;z &#8220;q&#8221;</body>", "x & y z “q”\n"),
            ("<script>if (a<b) {}</script>ab<i>c</i> <b>d</b>", "abc d\n"),
            ("<pre>a  b\n c</pre>", "a  b\n c\n\n"),
            ("<div><div>a</div></div><li>b", "a\nb\n"),
        ] {
            assert_eq!(text(page).text, expected, "{page}");
        }
    }

    #[test]
    fn bold_is_kept() {
        let page = text("<p>plain <b>one <i>two</i></b> plain</p>");
        let bold: Vec<_> = page.bold.iter().map(|range| page.text[range.clone()].trim()).collect();
        assert_eq!(bold, ["one two"]);
    }

    #[test]
    fn a_page_is_told_by_its_beginning() {
        for (head, page) in [
            ("\n<!DOCTYPE HTML><p>", true),
            ("<html>", true),
            ("<?xml version='1.0'?><html", true),
            ("%PDF-1.4", false),
            ("<p>", false),
        ] {
            assert_eq!(is_page(head.as_bytes()), page, "{head}");
        }
    }
}
