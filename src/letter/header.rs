//! The header table: case number, dates, priority.
//!
//! The table has two columns, and sources give it label by label, column by column, or all labels before all values. So it is
//! read as a run of labels followed by a run of values, again and again: within a run the first label has the first value of
//! its kind. A run that lacks values tells only what stands beside its label; nothing is guessed.

use std::ops::Range;

use jiff::civil::Date;

use super::dates::{Day, date};
use super::lines::Lines;
use super::ocr::{Key, Title, fold, key, spelled, title};

/// What the header tells.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Header {
    pub case_number: Option<String>,
    pub priority: Option<String>,
    pub date_assigned: Option<Day>,
    pub decision_date: Option<Day>,
    pub injury_date: Option<Day>,
    pub ur_denial_date: Option<Day>,
    pub received_date: Option<Day>,
    /// Whether any label was there at all.
    pub present: bool,
}

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Label {
    Case,
    Priority,
    Assigned,
    Decision,
    Injury,
    Denial,
    Received,
}

/// The labels, in small letters without blanks; a longer one stands before the one that begins it.
const LABELS: &[(Title, Label)] = &[
    (title("imrcasenumber"), Label::Case),
    (title("casenumber"), Label::Case),
    (title("priority"), Label::Priority),
    (title("dateassigned"), Label::Assigned),
    (title("decisiondate"), Label::Decision),
    (title("dateofdecision"), Label::Decision),
    (title("dated"), Label::Decision),
    (title("dateofinjury"), Label::Injury),
    (title("injurydate"), Label::Injury),
    (title("urdenialdate"), Label::Denial),
    (title("dateofurdenial"), Label::Denial),
    (title("dateofurdecision"), Label::Denial),
    (title("applicationreceived"), Label::Received),
    (title("imrapplicationreceived"), Label::Received),
    (title("datereceived"), Label::Received),
    (title("received"), Label::Received),
];

/// What ends a label; scanning takes one for the other.
const MARKS: [char; 2] = [':', ';'];

/// A piece of the table, with the line on which it stands.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Label(Label, usize),
    Case(String),
    Priority(&'static str),
    Date(Day, usize),
}

/// Reads the header table.
pub(super) fn header(lines: &Lines, range: Range<usize>) -> Header {
    let pieces = pieces(lines, range);
    let mut out = Header { present: pieces.iter().any(|p| matches!(p, Piece::Label(..))), ..Header::default() };
    let (mut rest, mut announced) = (pieces.as_slice(), None);
    while !rest.is_empty() {
        let labels = rest.iter().take_while(|p| matches!(p, Piece::Label(..))).count();
        let values = rest[labels..].iter().take_while(|p| !matches!(p, Piece::Label(..))).count();
        let (run, after) = rest.split_at(labels + values);
        fill(&mut out, &run[..labels], &run[labels..]);
        announced = announced.or_else(|| announced_case(&run[..labels], &run[labels..]));
        rest = after;
    }
    out.case_number = announced.or(out.case_number);
    out
}

/// The first case number after the words that announce one, in a letter without a header: in its text, else in its pages' feet.
pub(super) fn case_number(lines: &Lines) -> Option<String> {
    let announced = |text: &&str| text.to_ascii_lowercase().contains("case number");
    let mut texts = (0..lines.len()).map(|i| lines.get(i).text).filter(announced).chain(lines.footers().iter().copied());
    texts.find_map(|text| words(text).find_map(|(_, rest)| case(rest))).map(|(c, _)| c)
}

/// The case number that a line announces at its beginning, on itself or, if it ends with its label, on the next.
pub(super) fn case_on(lines: &Lines, line: usize) -> Option<String> {
    let text = lines.get(line).text;
    let label = words(text).take(5).find_map(|(_, rest)| spelled(rest, "casenumber")?.trim_start().strip_prefix(':'))?;
    let value = label.trim_start();
    let value = if value.is_empty() { lines.get(line + 1).text } else { value };
    case(value).map(|(c, _)| c)
}

/// Gives the values of a run to its labels.
fn fill(out: &mut Header, labels: &[Piece], values: &[Piece]) {
    let mut days =
        values.iter().filter_map(|v| if let Piece::Date(day, line) = v { Some((*day, *line)) } else { None }).peekable();
    let dated = |p: &&Piece| matches!(p, Piece::Label(l, _) if !matches!(l, Label::Case | Label::Priority));
    let announced = labels.iter().filter(dated).count();
    let found = days.clone().count();
    for (i, piece) in labels.iter().filter(dated).enumerate() {
        let Piece::Label(label, line) = piece else { continue };
        // Fewer dates than labels: only one beside the last label is sure to be its own.
        let own = found >= announced || i + 1 == announced && found == 1 && days.peek().is_some_and(|(_, l)| l == line);
        let day = if own { days.next().map(|(d, _)| d) } else { None };
        let slot = match label {
            Label::Assigned => &mut out.date_assigned,
            Label::Decision => &mut out.decision_date,
            Label::Injury => &mut out.injury_date,
            Label::Denial => &mut out.ur_denial_date,
            _ => &mut out.received_date,
        };
        *slot = slot.or(day);
    }
    // A case number and a priority are known by their form, whatever label they follow.
    for value in values {
        match value {
            Piece::Case(c) if out.case_number.is_none() => out.case_number = Some(c.clone()),
            Piece::Priority(p) if out.priority.is_none() => out.priority = Some((*p).to_owned()),
            _ => {}
        }
    }
}

/// The first case number that stands behind its label in a run: above it may stand another letter's.
fn announced_case(labels: &[Piece], values: &[Piece]) -> Option<String> {
    let announced = labels.iter().any(|p| piece_is(p, Label::Case));
    values.iter().filter(|_| announced).find_map(|v| if let Piece::Case(case) = v { Some(case.clone()) } else { None })
}

/// Labels and values in the order in which they are printed.
fn pieces(lines: &Lines, range: Range<usize>) -> Vec<Piece> {
    let mut out = Vec::new();
    for line in range {
        let text = lines.get(line).text;
        let mut end = 0;
        for (at, rest) in words(text) {
            if at < end {
                continue;
            }
            let Some((piece, after)) = piece(rest, line) else { continue };
            // "Application" and "Received:" stand on two lines, with the value before the second.
            let again = piece_is(&piece, Label::Received) && out.iter().any(|p| piece_is(p, Label::Received));
            if !again {
                out.push(piece);
            }
            end = text.len() - after.len();
        }
    }
    out
}

fn piece_is(piece: &Piece, label: Label) -> bool {
    matches!(piece, Piece::Label(l, _) if *l == label)
}

/// The places where a word begins, or where one begins that is glued to a colon, with what follows.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let begins = c.is_alphanumeric() && !before.is_alphanumeric() && before != '/';
        before = c;
        begins.then(|| (at, text.get(at..).unwrap_or("")))
    })
}

/// A label or a value at the beginning of `text`.
fn piece(text: &str, line: usize) -> Option<(Piece, &str)> {
    // Nearly every word begins with another letter than any label.
    let first = text.chars().next().map(fold);
    let mut begun = LABELS.iter().filter(|(name, _)| name.name.chars().next().map(fold) == first);
    let labelled = |(name, label): &(Title, Label)| Some((*label, spelled(text, name.name)?.trim_start().strip_prefix(MARKS)?));
    if let Some((label, rest)) = begun.find_map(labelled) {
        return Some((Piece::Label(label, line), rest));
    }
    if let Some((case, rest)) = case(text) {
        return Some((Piece::Case(case), rest));
    }
    if let Some((day, rest)) = date(text) {
        return Some((Piece::Date(day, line), rest));
    }
    for (name, priority) in [("standard", "Standard"), ("expedited", "Expedited")] {
        if let Some(rest) = spelled(text, name) {
            return Some((Piece::Priority(priority), rest));
        }
    }
    if let Some((label, rest)) = scanned(text) {
        return Some((Piece::Label(label, line), rest));
    }
    // The first half of "Application Received:", with its value or nothing beside it.
    let rest = spelled(text, "application")?;
    let beside = rest.trim_start();
    (beside.is_empty() || date(beside).is_some()).then_some((Piece::Label(Label::Received, line), rest))
}

/// A label of which scanning has changed letters.
fn scanned(text: &str) -> Option<(Label, &str)> {
    const LONGEST: usize = 40;
    // The rest of the line is not looked at: it is asked of each word.
    let mark = text.bytes().take(LONGEST + 1).position(|byte| MARKS.contains(&char::from(byte)))?;
    let (printed, rest) = (text.get(..mark)?, text.get(mark + 1..)?);
    let letters = key(printed);
    let spelled = |name: &Title| name.name.len() > 8 && name.is(&Key::of(letters.as_bytes()));
    LABELS.iter().find(|(name, _)| spelled(name)).map(|(_, label)| (*label, rest))
}

/// A case number: `CM16-0213037`, or as scanning spaces it, `CM 16 - 0213037`.
fn case(text: &str) -> Option<(String, &str)> {
    let year = text.get(..2).filter(|cm| cm.eq_ignore_ascii_case("cm")).and_then(|_| text.get(2..))?.trim_start();
    let (year, rest) = year.split_at_checked(2).filter(|(year, _)| year.bytes().all(|b| b.is_ascii_digit()))?;
    let number = rest.trim_start().strip_prefix(['-', '–', '‑'])?.trim_start();
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = number.split_at(digits);
    (5..=9).contains(&digits).then(|| (format!("CM{year}-{number}"), rest))
}

/// The date, and whether it was printed but is impossible.
pub(super) fn known(day: Option<Day>) -> Option<Date> {
    day.and_then(Day::date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn read(text: &str) -> Header {
        let text = Text { text: text.into(), ..Text::default() };
        let lines = Lines::read(&text);
        header(&lines, 0..lines.len())
    }

    fn day(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day::Known)
    }

    #[test]
    fn the_table_is_read_in_every_order() {
        let want = Header {
            case_number: Some("CM15-0001234".into()),
            priority: Some("Expedited".into()),
            date_assigned: day(2015, 1, 2),
            decision_date: day(2015, 2, 3),
            injury_date: day(2014, 3, 4),
            ur_denial_date: day(2014, 12, 5),
            received_date: day(2014, 12, 6),
            present: true,
        };
        for text in [
            "Case Number:    CM15-0001234\nDate Assigned:  01/02/2015     Date of Injury:   03/04/2014\n\
             Decision Date:  02/03/2015     UR Denial Date:   12/05/2014\n\
             Priority:       Expedited      Application       12/06/2014\n                               Received:",
            "Case Number:\nDate Assigned:\nDecision Date:\nPriority:\nDate of Injury:\nUR Denial Date:\nApplication\nReceived:\n\
             CM15-0001234\n1/2/2015\n02/03/2015\nEXPEDITED\n03/04/2014\n12/05/2014\n12/06/2014",
            "Case Number: Date Assigned: Decision Date: Priority: CM15-0001234 01/02/2015 02/03/2015 Expedited\n\
             Date of Injury: UR Denial Date: Application Received: 03/04/2014 12/05/2014 12/06/2014",
            "Case Number: CM15-0001234\nDate Assigned: January 2, 2015\nDecision Date: Feb. 3, 2015\nPriority: Expedited\n\
             Dote of lnjury; March 4, 2014\nUR Denia1 Date: December 5, 2014\nApplication Received: December 6, 2014",
            "CaseNumber:CM15-0001234 DateAssigned:01/02/2015 DecisionDate:02/03/2015 Priority:Expedited\n\
             DateofInjury:03/04/2014 URDenialDate:12/05/2014 ApplicationReceived:12/06/2014",
            "Case Number:\n\nCM15-0001234\n\nDate Assigned:\n\n01/02/2015\nDecision Date:\n02/03/2015\nPriority:\nExpedited\n\
             Date of Injury:\n03/04/2014\nUR Denial Date:\n12/05/2014\nApplication Received:\n12/06/2014",
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn the_case_is_the_one_that_its_label_announces() {
        for (text, want) in [
            ("Case Number: CM15-0001234", "CM15-0001234"),
            ("Case Number: CM 15 – 0001234", "CM15-0001234"),
            ("cm15-0001234", "CM15-0001234"),
            ("In place of CM14-0009999\nCase Number: CM15-0001234", "CM15-0001234"),
            ("Case Number:\nPriority:\nCM15-0001234\nStandard\nDecision Date: 1/2/2015 (see CM14-0009999)", "CM15-0001234"),
        ] {
            assert_eq!(read(text).case_number.as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn what_is_missing_or_impossible_is_not_guessed() {
        let got = read("Date Assigned:          Date of Injury: 03/04/2014\nDecision Date:\nUR Denial Date:\n12/05/2014");
        assert_eq!(got, Header { injury_date: day(2014, 3, 4), present: true, ..Header::default() });
        let got = read("Decision Date: 13/05/2014");
        assert_eq!(got.decision_date, Some(Day::Impossible));
        assert!(!read("12/05/2014 Standard care").present);
    }
}
