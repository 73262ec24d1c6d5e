//! A connector: how near to each other its two sides must stand, and whether in that order.

use std::fmt::{self, Display, Formatter};

/// How near, and whether in that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// How near.
    pub reach: Reach,
    /// Whether the left side must stand before the right one.
    pub ordered: bool,
}

/// How near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At most so many words apart; words side by side are one apart.
    Words(u8),
    /// In one sentence.
    Sentence,
    /// In one paragraph: a text of the letter, such as the rationale of one decision.
    Paragraph,
}

/// What connectors begin with, here and in the law libraries, and whether it asks for that order.
const SIGNS: [(&str, bool); 7] =
    [("/", false), ("+", true), ("w/", false), ("within/", false), ("near/", false), ("pre/", true), ("onear/", true)];

/// A run that is meant as a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connector {
    Gap(Gap),
    /// With a number of words that is none from 1 to 255.
    OutOfRange,
}

/// The connector that a run between blanks is: `/5`, `+3`, `/s`, `w/10`, `/sent`. Glued to anything else it is none: `10/325`, `w/o`.
pub(super) fn connector(run: &str) -> Option<Connector> {
    let lower = run.to_ascii_lowercase();
    let (sign, reach, ordered) = SIGNS.iter().find_map(|(sign, ordered)| Some((*sign, lower.strip_prefix(sign)?, *ordered)))?;
    let reach = match reach {
        "s" => Reach::Sentence,
        "p" => Reach::Paragraph,
        // `+sent` might well be a word.
        "sent" | "sentence" if sign != "+" => Reach::Sentence,
        "para" | "paragraph" if sign != "+" => Reach::Paragraph,
        words if !words.is_empty() && words.bytes().all(|b| b.is_ascii_digit()) => match words.parse() {
            Ok(words @ 1..) => Reach::Words(words),
            _ => return Some(Connector::OutOfRange),
        },
        _ => return None,
    };
    Some(Connector::Gap(Gap { reach, ordered }))
}

impl Display for Gap {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.ordered { "+" } else { "/" })?;
        match self.reach {
            Reach::Words(words) => write!(f, "{words}"),
            Reach::Sentence => f.write_str("s"),
            Reach::Paragraph => f.write_str("p"),
        }
    }
}
