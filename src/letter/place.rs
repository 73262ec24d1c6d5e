//! Where a text stands in the letter, told by its words.
//!
//! A word is a run of letters and digits, so that neither white space, nor a line end inside a hyphenated word or an address,
//! nor punctuation that the reading took off makes a difference. A text stands where its words stand side by side.

use std::ops::Range;

use super::lines::Lines;

/// The words of a letter in their order.
pub(super) struct Words {
    /// The words, a blank before and behind each.
    text: String,
    /// For each word the blank before it.
    starts: Vec<usize>,
    /// For each line its first word.
    lines: Vec<usize>,
}

impl Words {
    pub fn read(lines: &Lines) -> Self {
        let mut words = Words { text: String::new(), starts: Vec::new(), lines: Vec::new() };
        for line in 0..lines.len() {
            words.lines.push(words.starts.len());
            for word in split(lines.get(line).text) {
                words.starts.push(words.text.len());
                words.text.push(' ');
                words.text.push_str(word);
            }
        }
        words.text.push(' ');
        words
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// The word, or an empty one beyond the end.
    pub fn get(&self, word: usize) -> &str {
        let end = self.starts.get(word + 1).copied().unwrap_or(self.text.len() - 1);
        self.starts.get(word).and_then(|start| self.text.get(start + 1..end)).unwrap_or_default()
    }

    /// The first word of the line.
    pub fn of_line(&self, line: usize) -> usize {
        self.lines.get(line).copied().unwrap_or(self.len())
    }

    /// The words of `text` where they first stand at or after the word `from`.
    pub fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let (mut sought, mut count) = (String::new(), 0);
        for word in split(text) {
            sought.push(' ');
            sought.push_str(word);
            count += 1;
        }
        if count == 0 {
            return Some(from..from);
        }
        sought.push(' ');
        let begin = *self.starts.get(from)?;
        let at = begin + memchr::memmem::find(self.text.as_bytes().get(begin..)?, sought.as_bytes())?;
        let first = self.starts.partition_point(|start| *start < at);
        Some(first..first + count)
    }

    /// At most `most` words from `word` on.
    pub fn beginning(&self, word: usize, most: usize) -> String {
        (word..self.len().min(word + most)).map(|w| self.get(w)).collect::<Vec<_>>().join(" ")
    }
}

/// The words of a text.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_text_is_found_whatever_stands_between_its_words() {
        let text = Text {
            text: "Knee brace: Upheld\nfor work-\nrelated pain\nPage 2 of 3\nsee http://a.org/b_\nc".into(),
            ..Text::default()
        };
        let lines = Lines::read(&text);
        let words = Words::read(&lines);
        for (sought, from, place) in [
            ("Knee brace", 0, Some(0..2)),
            ("work-related  pain see http://a.org/b_c", 0, Some(4..13)),
            ("brace", 2, None),
            ("nee brace", 0, None),
            ("brace upheld", 0, None),
            ("c", 0, Some(12..13)),
            ("—", 3, Some(3..3)),
            ("c", 13, None),
        ] {
            assert_eq!(words.find(sought, from), place, "{sought}");
        }
        assert_eq!((words.of_line(1), words.get(12), words.get(13), words.len()), (3, "c", "", 13));
    }
}
