//! The first of what was found, by the day of the decision.

use std::ops::RangeInclusive;

use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId};

use super::first::{First, first};
use crate::error::Result;
use crate::field;
use crate::search::Sort;
use crate::search::bits::Bits;
use crate::search::part::Part;

/// Documents whose day is looked up at once.
const BLOCK: usize = 1 << 10;

/// Documents that a column goes through, looking for days, in the time in which the day of one is looked up.
const MANY: u64 = 8;

/// Documents that a column goes through at once.
const STRETCH: DocId = 1 << 16;

/// The latest or the earliest of what was found in each part, at most so many; those without a date last.
pub fn by_day(parts: &[Part<'_>], sort: Sort, found: &[Bits], limit: usize) -> Result<Vec<DocAddress>> {
    let places = first(parts, found, limit, |part, found, first| {
        let days = part.segment.fast_fields().i64(field::DECIDED)?;
        let are_many = found.len() * MANY > part.docs.len() as u64;
        let mut left = found.iter();
        let mut docs = Vec::new();
        loop {
            docs.clear();
            docs.extend(left.by_ref().take(BLOCK));
            let Some(last) = docs.last() else { return Ok(()) };
            let mut next = last + 1;
            offer_days(&docs, &days, sort, first);
            // Once there is a list, the column is asked for the days that would be in it.
            while are_many && let Some(better) = days_among(first, sort) {
                if next >= part.docs.end {
                    return Ok(());
                }
                let stretch = next..next.saturating_add(STRETCH).min(part.docs.end);
                next = stretch.end;
                docs.clear();
                days.get_docids_for_value_range(better, stretch, &mut docs);
                docs.retain(|doc| found.has(*doc));
                offer_days(&docs, &days, sort, first);
            }
        }
    })?;
    Ok(places.into_iter().map(|(_, _, address)| address).collect())
}

fn offer_days(docs: &[DocId], days: &Column<i64>, sort: Sort, first: &mut First<'_>) {
    let mut known = vec![None; docs.len()];
    days.first_vals(docs, &mut known);
    for (doc, day) in docs.iter().zip(known) {
        let day = day.and_then(|day| u64::try_from(day).ok());
        let key = day.map_or(u64::MAX, |day| if sort == Sort::Oldest { day } else { u64::MAX - 1 - day });
        first.offer(key, *doc);
    }
}

/// The days of which a document may still be among the first, once there are enough and all have one.
fn days_among(first: &First<'_>, sort: Sort) -> Option<RangeInclusive<i64>> {
    let key = first.last()?;
    let days = match sort {
        Sort::Oldest => 0..=i64::try_from(key).ok()?,
        _ => i64::try_from((u64::MAX - 1).checked_sub(key)?).ok()?..=i64::MAX,
    };
    Some(days)
}
