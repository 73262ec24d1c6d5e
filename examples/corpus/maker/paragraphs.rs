//! A letter as paragraphs from top to bottom: the header, the state's own sentences, and what the letter says between them.

use super::Form;
use super::content::{Content, Decision};
use super::dates::in_header;
use super::style::Style;

/// What stands between two others.
pub enum Paragraph {
    /// An empty line.
    Blank,
    /// A row of the header table: label, value, label, value.
    Row([String; 4]),
    /// The title of a section.
    Title(&'static str),
    /// Running text, each part bold or not.
    Text(Vec<(String, bool)>),
    /// A line end within a paragraph.
    Break,
}

use Paragraph::{Blank, Break, Row, Text, Title};

/// The paragraphs of a letter.
pub fn paragraphs(letter: &Content, style: &Style, form: Form) -> Vec<Paragraph> {
    let mut all = Vec::new();
    if form != Form::Bare {
        all.extend(header(letter));
        all.push(Blank);
    }
    all.push(Title("HOW THE IMR FINAL DETERMINATION WAS MADE"));
    all.extend(reviewer(letter, style));
    all.extend([Blank, Title("CLINICAL CASE SUMMARY")]);
    all.push(plain("The expert reviewer developed the following clinical case summary based on a review of the case file, including all medical records:"));
    all.push(Blank);
    all.extend(letter.summary.split('\n').enumerate().flat_map(|(n, part)| {
        let gap = (n > 0).then_some(Blank);
        gap.into_iter().chain([plain(part)])
    }));
    all.extend([Blank, Title("IMR ISSUES, DECISIONS AND RATIONALES")]);
    all.push(plain("The Final Determination was based on decisions for the disputed items/services set forth below:"));
    for decision in &letter.decisions {
        all.extend(argued(decision, style));
    }
    all
}

fn plain(text: &str) -> Paragraph {
    Text(vec![(text.to_owned(), false)])
}

/// The header table; `Application Received:` is over two rows of one cell.
fn header(letter: &Content) -> impl Iterator<Item = Paragraph> + use<> {
    let days = &letter.days;
    let rows = [
        ["Case Number:", &letter.case, "", ""],
        ["Date Assigned:", &in_header(days.assigned), "Date of Injury:", &in_header(days.injured)],
        ["Decision Date:", &in_header(days.decided), "UR Denial Date:", &in_header(days.denied)],
        ["Priority:", letter.priority, "Application", &in_header(days.received)],
        ["", "", "Received:", ""],
    ];
    rows.map(|row| Row(row.map(str::to_owned))).into_iter()
}

/// How the determination was made, with the reviewer's credentials.
fn reviewer(letter: &Content, style: &Style) -> Vec<Paragraph> {
    let who = style.reviewer;
    let start = format!(
        "MAXIMUS Federal Services sent the complete case file to {} {who}. He/she has no affiliation with the employer, employee, \
         providers or the claims administrator.",
        if who.starts_with('e') { "an" } else { "a" }
    );
    let items = if style.sentence { "services" } else { "Service" };
    let rest = format!(
        "He/she has been in active clinical practice for more than five years and is currently working at least 24 hours a week in \
         active practice. The {who} was selected based on his/her clinical experience, education, background, and expertise in the same \
         or similar specialties that evaluate and/or treat the medical condition and disputed items/{items}. He/she is familiar with \
         governing laws and regulations, including the strength of evidence hierarchy that applies to Independent Medical Review \
         determinations."
    );
    let names = &letter.reviewer.printed;
    let states = letter.reviewer.states.join(style.comma);
    if !style.sentence {
        return vec![
            plain(&format!("{start} {rest}")),
            Blank,
            plain("The Expert Reviewer has the following credentials:"),
            plain(&format!("State(s) of Licensure: {states}")),
            plain(&format!("Certification(s)/Specialty: {}", names.join(", "))),
        ];
    }
    let [first, more @ ..] = names.as_slice() else { return Vec::new() };
    let more = if more.is_empty() { String::new() } else { format!(", has a subspecialty in {}", more.join(", ")) };
    vec![plain(&format!("{start} The {who} is Board Certified in {first}{more} and is licensed to practice in {states}. {rest}"))]
}

/// An item with its labels; the item and the labels are bold, the outcome is not.
fn argued(decision: &Decision, style: &Style) -> Vec<Paragraph> {
    let outcome = if decision.outcome == imr::record::Outcome::Overturned { "Overturned" } else { "Upheld" };
    let bold = |text: &str| (text.to_owned(), true);
    let label = |label: &str, text: &str| Text(vec![bold(label), (text.to_owned(), false)]);
    let mut all = vec![Blank];
    let heading = format!("{}:", decision.item.heading);
    if style.apart {
        all.extend([Text(vec![bold(&heading)]), Break, plain(outcome)]);
    } else {
        all.push(Text(vec![bold(&heading), (outcome.to_owned(), false)]));
    }
    all.extend([Blank, label("Claims Administrator guideline:", &decision.claims)]);
    all.extend([Blank, label("MAXIMUS guideline:", &decision.relied)]);
    let mut parts = decision.rationale.split('\n').filter(|p| !p.trim().is_empty());
    all.extend([Blank, label("Decision rationale:", parts.next().unwrap_or_default())]);
    all.extend(parts.flat_map(|part| [Blank, plain(part)]));
    all
}
