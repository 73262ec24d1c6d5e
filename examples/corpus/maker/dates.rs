//! The days of a case, in the order in which they must come, and the ways in which letters write a day.

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};

use super::rng::Rng;

/// The days in the header of a letter.
pub struct Days {
    /// The injury.
    pub injured: Date,
    /// Utilization review's denial.
    pub denied: Date,
    /// The application for review.
    pub received: Date,
    /// When the reviewer got the case.
    pub assigned: Date,
    /// When it was decided.
    pub decided: Date,
}

impl Days {
    /// Decided in 2014 to 2018, applied for some weeks before, and the injury up to so many years before that.
    pub fn draw(rng: &mut Rng, years: i64) -> Self {
        let back = |day: Date, days: i64| day.saturating_sub(Span::new().days(days));
        let decided = date(2014, 1, 1).saturating_add(rng.between(0, 1825).days());
        let assigned = back(decided, rng.between(3, 40));
        let received = back(assigned, rng.between(1, 60));
        let denied = back(received, rng.between(2, 35));
        // Most claims are some years old, few are young or very old.
        let age = rng.unit() * rng.unit() * (years * 365) as f64;
        Days { injured: back(denied, 40 + age as i64), denied, received, assigned, decided }
    }

    /// Those of a later case of the same worker.
    pub fn later(self, days: i64) -> Self {
        let [denied, received, assigned, decided] =
            [self.denied, self.received, self.assigned, self.decided].map(|day| day.saturating_add(days.days()));
        Days { injured: self.injured, denied, received, assigned, decided }
    }

    /// A day on which the worker was seen: most often of the months before the denial.
    pub fn visit(&self, rng: &mut Rng) -> Date {
        let between = i64::from((self.denied - self.injured).get_days()).max(5);
        let before = (-rng.unit().ln() * 150.0) as i64;
        self.denied.saturating_sub((1 + before.min(between - 2)).days())
    }
}

/// How a letter writes days in running text.
#[derive(Debug, Clone, Copy)]
pub struct Way(&'static str);

impl Way {
    /// Some way.
    pub fn draw(rng: &mut Rng) -> Self {
        Way(rng.pick(&["%m/%d/%Y", "%m/%d/%Y", "%-m/%-d/%y", "%B %-d, %Y", "%m-%d-%Y", "%-m/%-d/%Y"]))
    }

    /// A day in words.
    pub fn written(self, day: Date) -> String {
        day.strftime(self.0).to_string()
    }
}

/// As the header writes it.
pub fn in_header(day: Date) -> String {
    day.strftime("%m/%d/%Y").to_string()
}
