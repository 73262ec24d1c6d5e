//! What a claims administrator or a reviewer relied on: citations in the sentences of the state's form, and the authorities in them.

use super::grammar::{Anything, GRAMMAR};
use super::rng::Rng;

/// Who cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The claims administrator.
    Claims,
    /// The reviewer.
    Reviewer,
}

/// A guideline as printed, with the authorities that are relied on, in the order of the record.
pub fn draw(by: By, rng: &mut Rng) -> (String, Vec<&'static str>) {
    let who = match by {
        By::Claims => "The Claims Administrator",
        By::Reviewer => "The Expert Reviewer",
    };
    let say = |section: &str, rng: &mut Rng| GRAMMAR.say(section, &Anything, rng);
    let mtus = |rng: &mut Rng| {
        // Most cite one or two guidelines, some whatever there is.
        let most = if rng.chance(0.05) { 9 } else { 2 };
        let more: String = (1..rng.between(1, most)).map(|_| format!(", and {}", say("mtus", rng))).collect();
        format!("Decision based on MTUS {}{more}.", say("mtus", rng))
    };
    let outside = format!("{who} based their decision on recommendation(s) outside of the MTUS Guidelines.");
    let citation = |section: &str, rng: &mut Rng| format!("Decision based on Non-MTUS Citation {}.", say(section, rng));
    match rng.below(100) {
        0..45 => (mtus(rng), vec!["MTUS"]),
        45..58 => (format!("{} {}", mtus(rng), citation("odg", rng)), vec!["MTUS", "ODG"]),
        58..65 => (format!("Decision based on MTUS {}.", say("mtus_acoem", rng)), vec!["MTUS", "ACOEM"]),
        65..68 => {
            let text = format!("Decision based on MTUS {}. {}", say("mtus_acoem", rng), citation("odg", rng));
            (text, vec!["MTUS", "ACOEM", "ODG"])
        }
        68..72 => (format!("{} {}", mtus(rng), citation("acoem", rng)), vec!["MTUS", "ACOEM"]),
        72..82 => (format!("{outside} {}", citation("odg", rng)), vec!["ODG"]),
        82..85 => (citation("acoem", rng), vec!["ACOEM"]),
        85..87 => (format!("{outside} {}", citation("fda", rng)), vec!["FDA"]),
        87..89 => (format!("{} {}", citation("odg", rng), citation("fda", rng)), vec!["ODG", "FDA"]),
        89..92 => (citation("elsewhere", rng), vec!["other"]),
        92..94 => (format!("{} {}", mtus(rng), citation("elsewhere", rng)), vec!["MTUS", "other"]),
        _ => (format!("{who} did not cite any medical evidence for its decision."), vec!["none"]),
    }
}
