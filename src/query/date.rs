//! Days, months and years as ends of a range, counted in [`day_number`]s.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::range::End;
use super::word;
use crate::field::day_number;

/// Why a text is no end of a range.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wrong {
    /// It is not written as one.
    Form,
    /// It is, but there is no such day, month or count.
    Day(String),
}

/// A year, a month or a day: `2016`, `2016-03`, `2016-03-05`, `03/05/2016`.
pub(super) fn end(text: &str) -> Result<End, Wrong> {
    let slashes: Vec<_> = text.split('/').collect();
    let dashes: Vec<_> = text.split(word::is_dash).collect();
    let (year, month, day) = match (slashes.as_slice(), dashes.as_slice()) {
        (_, [year]) if slashes.len() == 1 => (*year, None, None),
        (_, [year, month]) => (*year, Some(*month), None),
        (_, [year, month, day]) => (*year, Some(*month), Some(*day)),
        ([month, day, year], _) => (*year, Some(*month), Some(*day)),
        _ => return Err(Wrong::Form),
    };
    let year: i16 = digits(year, 4..=4)?;
    let month: Option<i8> = month.map(|m| digits(m, 1..=2)).transpose()?;
    let day: Option<i8> = day.map(|d| digits(d, 1..=2)).transpose()?;
    if year == 0 {
        return Err(Wrong::Day("there is no year 0".to_owned()));
    }
    let of_month = |m: i8| Date::new(year, m, 1).map_err(|_| Wrong::Day(format!("there is no month {m}, of 01 to 12")));
    let first = of_month(month.unwrap_or(1))?;
    let last = of_month(month.unwrap_or(12))?.last_of_month();
    let (first, last) = match day {
        None => (first, last),
        Some(d) => {
            let day = Date::new(year, first.month(), d);
            let days = last.day();
            let day = day.map_err(|_| Wrong::Day(format!("{} has {days} days", first.strftime("%B %Y"))))?;
            (day, day)
        }
    };
    let before = first.yesterday().ok().filter(|d| d.year() > 0).map(day_number);
    let after = last.tomorrow().ok().map(day_number);
    Ok(End { first: day_number(first), last: day_number(last), before, after })
}

fn digits<N: std::str::FromStr>(text: &str, count: std::ops::RangeInclusive<usize>) -> Result<N, Wrong> {
    if !count.contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Wrong::Form);
    }
    text.parse().map_err(|_| Wrong::Form)
}

/// `last-90-days` and the like, up to and with today: `last-1-days` is today. `None` if it is not written so.
pub(super) fn last(text: &str, today: Date) -> Option<Result<(i64, i64), Wrong>> {
    let lower = text.to_ascii_lowercase();
    let (count, unit) = lower.strip_prefix("last")?.strip_prefix(word::is_dash)?.split_once(word::is_dash)?;
    if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let since: fn(i64) -> Result<Span, jiff::Error> = match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => |n| Span::new().try_days(n),
        "week" => |n| Span::new().try_weeks(n),
        "month" => |n| Span::new().try_months(n),
        "year" => |n| Span::new().try_years(n),
        _ => return None,
    };
    let first = count
        .parse()
        .ok()
        .filter(|n| *n > 0)
        .and_then(|n| since(n).ok())
        .and_then(|span| today.checked_sub(span).ok()?.checked_add(1.day()).ok())
        .filter(|day| day.year() > 0);
    Some(match first {
        Some(first) => Ok((day_number(first), day_number(today))),
        None => Err(Wrong::Day(format!("{count} {unit} cannot be counted back"))),
    })
}

/// The day of a day number, as `2016-03-05`.
pub(super) fn iso(day: i64) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

/// The year or month that a range of days is, if it is one.
pub(super) fn whole(low: i64, high: i64) -> Option<String> {
    let day = iso(low);
    let (month, _) = day.rsplit_once('-')?;
    let (year, _) = month.split_once('-')?;
    [year, month].into_iter().find(|t| end(t).is_ok_and(|e| (e.first, e.last) == (low, high))).map(str::to_owned)
}
