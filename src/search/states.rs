//! States by their postal codes: `state:CA` is California, and not all states that have a word which begins so.

/// Codes and names of the states and of the District of Columbia, as the Postal Service has them.
const STATES: [(&str, &str); 51] = [
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

/// The state that a code or a whole name stands for, in any letter case.
pub fn named(asked: &str) -> Option<&'static str> {
    let asked = asked.trim();
    let is = |(code, name): &&(&str, &str)| code.eq_ignore_ascii_case(asked) || name.eq_ignore_ascii_case(asked);
    STATES.iter().find(is).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_or_a_whole_name_is_a_state() {
        let table = [
            ("CA", Some("California")),
            ("tx", Some("Texas")),
            ("Dc", Some("District of Columbia")),
            ("virginia", Some("Virginia")),
            ("NEW YORK", Some("New York")),
            ("new", None),
            ("carolina", None),
            ("calif", None),
            ("", None),
        ];
        for (asked, expected) in table {
            assert_eq!(named(asked), expected, "{asked}");
        }
    }

    #[test]
    fn no_code_and_no_name_stands_for_two() {
        let mut all: Vec<_> = STATES.iter().flat_map(|(code, name)| [code.to_lowercase(), name.to_lowercase()]).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 2 * STATES.len());
        assert!(STATES.iter().all(|(code, _)| code.len() == 2));
    }
}
