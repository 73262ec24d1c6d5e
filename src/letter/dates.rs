//! Dates as letters print them: `11/09/2016`, `11-9-16`, `March 4, 2008`, `2016-11-09`.

use jiff::civil::Date;

/// A date that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// It exists.
    Known(Date),
    /// It is printed as no calendar has it: `02/30/2016`, `11/09/20216`.
    Impossible,
}

impl Day {
    pub fn date(self) -> Option<Date> {
        match self {
            Day::Known(date) => Some(date),
            Day::Impossible => None,
        }
    }
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A date at the beginning of `text`, and what follows it.
pub(super) fn date(text: &str) -> Option<(Day, &str)> {
    numeric(text).or_else(|| named(text)).or_else(|| year_first(text))
}

/// `YYYY-MM-DD`.
fn year_first(text: &str) -> Option<(Day, &str)> {
    let (year, rest) = digits(text)?;
    let (month, rest) = digits(rest.strip_prefix('-')?)?;
    let (day, rest) = digits(rest.strip_prefix('-')?)?;
    ([year.len(), month.len(), day.len()] == [4, 2, 2]).then(|| (day_of(year, month.parse().ok(), day), rest))
}

/// `MM/DD/YYYY`, with `-` or `.` for `/`, one-digit months and days, and two-digit years.
pub(super) fn numeric(text: &str) -> Option<(Day, &str)> {
    let (month, rest) = digits(text)?;
    let rest = separator(rest)?;
    let (day, rest) = digits(rest)?;
    let rest = separator(rest)?;
    let (year, rest) = digits(rest)?;
    (month.len() <= 2 && day.len() <= 2).then(|| (day_of(year, month.parse().ok(), day), rest))
}

/// `March 4, 2008`, `Oct. 10 2015`.
fn named(text: &str) -> Option<(Day, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (name, rest) = text.split_at(end);
    let name = name.to_ascii_lowercase();
    let month = MONTHS.iter().position(|m| name.starts_with(m))?;
    let rest = rest.strip_prefix('.').unwrap_or(rest).trim_start();
    let (day, rest) = digits(rest)?;
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start();
    let rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    let (year, rest) = digits(rest)?;
    (day.len() <= 2 && year.len() >= 4).then(|| (day_of(year, i8::try_from(month + 1).ok(), day), rest))
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn separator(text: &str) -> Option<&str> {
    text.strip_prefix(['/', '-', '.']).map(str::trim_start)
}

fn day_of(year: &str, month: Option<i8>, day: &str) -> Day {
    let full: Option<i16> = match year.len() {
        4 => year.parse().ok(),
        // Injuries reach back into the last century, letters only to 2013.
        2 => year.parse().ok().map(|y: i16| if y < 50 { 2000 + y } else { 1900 + y }),
        _ => None,
    };
    let date = full.filter(|y| (1900..2100).contains(y)).zip(month).zip(day.parse().ok());
    date.and_then(|((y, m), d)| Date::new(y, m, d).ok()).map_or(Day::Impossible, Day::Known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form() {
        for (text, want) in [
            ("11/09/2016 x", Some(Some((2016, 11, 9)))),
            ("1/9/2016", Some(Some((2016, 1, 9)))),
            ("10-25-16.", Some(Some((2016, 10, 25)))),
            ("10/10/ 2016", Some(Some((2016, 10, 10)))),
            ("01/19/98", Some(Some((1998, 1, 19)))),
            ("March 4, 2008.", Some(Some((2008, 3, 4)))),
            ("Oct. 10th, 2015", Some(Some((2015, 10, 10)))),
            ("02/30/2016", Some(None)),
            ("11/09/20216", Some(None)),
            ("11/2016", None),
            ("2016-11-09 x", Some(Some((2016, 11, 9)))),
            ("2016-13-09", Some(None)),
            ("2016-11-9", None),
            ("L4-5", None),
            ("March of 2008", None),
        ] {
            let got = date(text).map(|(d, _)| d.date().map(|d| (d.year(), d.month(), d.day())));
            assert_eq!(got, want, "{text}");
        }
    }
}
