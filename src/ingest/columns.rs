//! What the columns beside a text tell of its letter. The letter's own text wins; where the two disagree, a warning says so.

use jiff::civil::Date;

use crate::record::{Letter, is_case_number};

/// Fills what the text did not give.
pub fn fill(letter: &mut Letter, columns: &[(&'static str, String)]) {
    for (column, value) in columns {
        let doubt = match *column {
            "case_number" => case_number(letter, value),
            "date_assigned" => date(letter, |l| &mut l.date_assigned, value, "no date assigned"),
            "decision_date" => date(letter, |l| &mut l.decision_date, value, "no decision date"),
            "injury_date" => date(letter, |l| &mut l.injury_date, value, "no date of injury"),
            "ur_denial_date" => date(letter, |l| &mut l.ur_denial_date, value, "no UR denial date"),
            "received_date" => date(letter, |l| &mut l.received_date, value, "no date received"),
            _ => None,
        };
        letter.warnings.extend(doubt.map(|doubt| format!("column {column} {doubt}")));
    }
}

fn case_number(letter: &mut Letter, value: &str) -> Option<String> {
    if !is_case_number(value) {
        return Some(format!("holds no case number: {}", value.chars().take(40).collect::<String>()));
    }
    let value = value.to_uppercase();
    match &letter.case_number {
        Some(own) if own.to_uppercase() == value => None,
        Some(own) => Some(format!("says {value}, the letter {own}")),
        None => {
            letter.case_number = Some(value);
            letter.warnings.retain(|warning| warning != "no case number");
            None
        }
    }
}

/// `missing` is the warning that the letter's parser gives where it finds none.
fn date(letter: &mut Letter, of: fn(&mut Letter) -> &mut Option<Date>, value: &str, missing: &str) -> Option<String> {
    let Some(day) = read(value) else { return Some(format!("holds no date: {}", value.chars().take(40).collect::<String>())) };
    match of(letter) {
        Some(own) if *own == day => None,
        Some(own) => Some(format!("says {day}, the letter {own}")),
        own => {
            *own = Some(day);
            letter.warnings.retain(|warning| warning != missing);
            None
        }
    }
}

/// `2016-12-19`, with or without a time behind it, or `12/19/2016`.
fn read(value: &str) -> Option<Date> {
    let day = value.split(['T', ' ']).next().unwrap_or_default();
    day.parse().ok().or_else(|| Date::strptime("%m/%d/%Y", day).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn columns_fill_what_is_missing_and_contradict_what_is_not() {
        let mut letter = Letter {
            decision_date: Some(date(2016, 1, 20)),
            warnings: vec!["no case number".into(), "no date of injury".into()],
            ..Letter::unread("x")
        };
        let columns = [
            ("case_number", "cm99-0000001"),
            ("decision_date", "2016-01-21"),
            ("injury_date", "02/03/2014"),
            ("received_date", "2015-12-21T00:00:00"),
            ("date_assigned", "soon"),
            ("case_number", "CM99 \n#2"),
        ];
        fill(&mut letter, &columns.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(letter.case_number.as_deref(), Some("CM99-0000001"));
        assert_eq!(letter.decision_date, Some(date(2016, 1, 20)));
        assert_eq!(letter.injury_date, Some(date(2014, 2, 3)));
        assert_eq!(letter.received_date, Some(date(2015, 12, 21)));
        let expected = [
            "column decision_date says 2016-01-21, the letter 2016-01-20",
            "column date_assigned holds no date: soon",
            "column case_number holds no case number: CM99 \n#2",
        ];
        assert_eq!(letter.warnings, expected);
    }
}
