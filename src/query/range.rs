//! Ranges of numbers and days as they are written: `40..60`, `40-60`, `2016..`, `>=2016-03`, `last-90-days`.
//!
//! An end that is a month or a year stands for all its days, so `2016-03..2017-02` ends with the last of February.

use std::ops::Range;

use jiff::civil::Date;

use super::date::{self, Wrong};
use super::{ParseError, Query, word};
use crate::field::{Field, Kind};

/// What one end stands for, and its neighbours, if there are any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct End {
    pub first: i64,
    pub last: i64,
    pub before: Option<i64>,
    pub after: Option<i64>,
}

/// A part of the query text.
#[derive(Debug, Clone, Copy)]
struct Part<'q> {
    text: &'q str,
    at: usize,
}

impl<'q> Part<'q> {
    /// Without blanks and the punctuation of a sentence at its edges.
    fn trim(self) -> Self {
        let edge = |c: char| word::is_blank(c) || matches!(c, ',' | ';' | ':' | '?');
        let text = self.text.trim_start_matches(edge);
        Part { text: text.trim_end_matches(|c| edge(c) || c == '.'), at: self.at + self.text.len() - text.len() }
    }

    /// What stands before and after the bytes `cut`.
    fn split(self, cut: Range<usize>) -> (Self, Self) {
        let before = Part { text: self.text.get(..cut.start).unwrap_or_default(), ..self };
        let after = Part { text: self.text.get(cut.end..).unwrap_or_default(), at: self.at + cut.end };
        (before.trim(), after.trim())
    }

    fn place(self) -> Range<usize> {
        self.at..self.at + self.text.len()
    }
}

/// Reads `text`, which stands at byte `at` of the query, as a range of `field`.
pub(super) fn parse(field: &'static Field, text: &str, at: usize, today: Date) -> Result<Query, ParseError> {
    let whole = Part { text, at };
    let reader = Reader { field, whole, today };
    let (low, high) = if let Some(dots) = text.find("..") {
        let (low, high) = whole.split(dots..dots + 2);
        reader.between(low, high)?
    } else {
        reader.without_dots()?
    };
    Ok(Query::Range { field, low, high })
}

type Ends = (Option<i64>, Option<i64>);

struct Reader<'q> {
    field: &'static Field,
    whole: Part<'q>,
    today: Date,
}

impl<'q> Reader<'q> {
    fn without_dots(&self) -> Result<Ends, ParseError> {
        let one = self.whole.trim();
        for (sign, above, included) in [(">=", true, true), ("≥", true, true), ("<=", false, true), ("≤", false, true)]
            .into_iter()
            .chain([(">", true, false), ("<", false, false)])
        {
            if let Some(rest) = one.text.strip_prefix(sign) {
                let part = Part { text: rest, at: one.at + sign.len() }.trim();
                return self.compared(part, above, included);
            }
        }
        if self.field.kind == Kind::Date
            && let Some(since) = date::last(one.text, self.today)
        {
            let (low, high) = since.map_err(|wrong| self.wrong(one, wrong))?;
            return Ok((Some(low), Some(high)));
        }
        if let Some((low, high)) = self.dashed(one) {
            return self.between(low, high);
        }
        let end = self.end(one)?;
        Ok((Some(end.first), Some(end.last)))
    }

    /// `40-60`, `2015-2016`: a dash between two ends, unless it belongs to a day.
    fn dashed(&self, one: Part<'q>) -> Option<(Part<'q>, Part<'q>)> {
        let full = |text: &str| match self.field.kind {
            Kind::Date => text.contains('/') || (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())),
            _ => !text.is_empty(),
        };
        let mut dashes = one.text.char_indices().filter(|(_, c)| word::is_dash(*c));
        let (at, dash) = dashes.next()?;
        let (low, high) = one.split(at..at + dash.len_utf8());
        (dashes.next().is_none() && full(low.text) && full(high.text)).then_some((low, high))
    }

    fn between(&self, low: Part<'q>, high: Part<'q>) -> Result<Ends, ParseError> {
        let name = self.field.name;
        if low.text.is_empty() && high.text.is_empty() {
            let error = ParseError::new(self.whole.place(), "a range without ends", self.forms());
            return Err(error.suggest(format!("`{name}:*` asks for all in which it is known")));
        }
        let end = |part: Part<'q>| if part.text.is_empty() { Ok(None) } else { self.end(part).map(Some) };
        let (from, to) = (end(low)?, end(high)?);
        if let (Some(from), Some(to)) = (from, to)
            && from.first > to.last
        {
            let (low, high) = (low.text, high.text);
            let found = format!("a range that runs backwards: {low} comes after {high}");
            let error = ParseError::new(self.whole.trim().place(), found, "the lower end first");
            return Err(error.suggest(format!("write `{name}:{high}..{low}`")));
        }
        Ok((from.map(|e| e.first), to.map(|e| e.last)))
    }

    fn compared(&self, part: Part<'q>, above: bool, included: bool) -> Result<Ends, ParseError> {
        if part.text.is_empty() {
            return Err(ParseError::new(self.whole.place(), format!("`{}` without an end", self.whole.text), self.forms()));
        }
        let end = self.end(part)?;
        let limit = match (above, included) {
            (true, true) => Some(end.first),
            (true, false) => end.after,
            (false, true) => Some(end.last),
            (false, false) => end.before,
        };
        if limit.is_none() {
            let found = format!("nothing comes {} `{}`", if above { "after" } else { "before" }, part.text);
            return Err(ParseError::new(self.whole.place(), found, self.forms()));
        }
        Ok(if above { (limit, None) } else { (None, limit) })
    }

    fn end(&self, part: Part<'q>) -> Result<End, ParseError> {
        let end = if self.field.kind == Kind::Date { date::end(part.text) } else { number(part.text) };
        end.map_err(|wrong| self.wrong(part, wrong))
    }

    fn wrong(&self, part: Part<'q>, wrong: Wrong) -> ParseError {
        let place = if part.text.is_empty() { self.whole.place() } else { part.place() };
        let kind = if self.field.kind == Kind::Date { "date" } else { "number" };
        match wrong {
            Wrong::Form => ParseError::new(place, format!("`{}` is not a {kind}", part.text), self.forms()),
            Wrong::Day(why) => ParseError::new(place, format!("`{}` is not a {kind}: {why}", part.text), self.forms()),
        }
    }

    fn forms(&self) -> &'static str {
        match self.field.kind {
            Kind::Date => {
                "a year, month or day (2016, 2016-03, 2016-03-05, 03/05/2016), a range of them (2016-03..2017-02, 2016.., \
                 ..2016, >=2016), or last-90-days (weeks, months, years)"
            }
            _ => "a number (40) or a range (40..60, 40.., ..60, >=40)",
        }
    }
}

/// Numbers from here on are misprints.
const LIMIT: i64 = 1_000_000_000;

fn number(text: &str) -> Result<End, Wrong> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Wrong::Form);
    }
    let n: i64 = text.parse().ok().filter(|n| *n < LIMIT).ok_or_else(|| Wrong::Day("it is too large".to_owned()))?;
    Ok(End { first: n, last: n, before: n.checked_sub(1).filter(|n| *n >= 0), after: Some(n + 1).filter(|n| *n < LIMIT) })
}
