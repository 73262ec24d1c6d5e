//! How a letter is printed, within what is seen in published letters: nothing here changes what it says.

use super::content::Content;
use super::rng::Rng;

/// The looks of one letter.
pub struct Style {
    /// The width of a line, in thousandths of the font size.
    pub column: u32,
    /// Lines on a page.
    pub page: usize,
    /// Whether two blanks follow a sentence and the colon of a heading.
    pub wide: bool,
    /// The reviewer as the state's sentences call him: `expert reviewer`.
    pub reviewer: &'static str,
    /// Whether the credentials stand in a sentence, as in the first years, and not in a list.
    pub sentence: bool,
    /// Between states of licensure.
    pub comma: &'static str,
    /// Whether outcomes stand on a line of their own.
    pub apart: bool,
    /// What stands at the foot of a page, before its number.
    pub footer: Option<String>,
    /// Whether an empty page follows.
    pub empty_page: bool,
    /// Whether a text gives all labels of the header and then all values.
    pub labels_first: bool,
}

impl Style {
    /// The looks of letter `number`.
    pub fn of(seed: u64, number: u64, content: &Content) -> Self {
        let mut rng = Rng::of(seed, "style", &[number]);
        let early = content.days.decided.year() < 2015;
        Style {
            column: if rng.chance(0.8) { 39_000 } else { rng.between(34_000, 44_000) as u32 },
            page: rng.between(38, 47) as usize,
            wide: rng.chance(if early { 0.5 } else { 0.1 }),
            reviewer: if early && rng.chance(0.4) { "physician reviewer" } else { "expert reviewer" },
            sentence: early,
            comma: if rng.chance(0.15) { "," } else { ", " },
            apart: rng.chance(0.03),
            footer: match rng.below(20) {
                0 => Some("Page".to_owned()),
                1 if early => Some(format!("Final Determination Letter for IMR Case Number {}", content.case)),
                _ => None,
            },
            empty_page: rng.chance(0.04),
            labels_first: rng.chance(0.02),
        }
    }
}
