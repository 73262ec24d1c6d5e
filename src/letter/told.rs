//! Dates that the summary tells, for a letter without a header: the injury, and the denial by utilization review.
//!
//! A date counts where the words before it say what happened then, with nothing between but words that cannot change its meaning:
//! a summary is full of other days, and a wrong one is worse than none.

use jiff::civil::Date;

use super::dates::{self, Day};

/// The date of injury: "an industrial injury on March 4, 2008", "a claim from 10/13/2016".
pub(super) fn injury_date(summary: &str) -> Option<Date> {
    const LINKS: &[&str] = &[
        "on",
        "of",
        "from",
        "in",
        "date",
        "dated",
        "was",
        "is",
        "occurring",
        "occurred",
        "sustained",
        "reported",
        "reportedly",
        "that",
        "which",
        "back",
        "dating",
        "to",
        "and",
        "claim",
        "doi",
        "or",
        "about",
        "approximately",
    ];
    let of_injury = |word: &str| word.starts_with("injur") || matches!(word, "claim" | "doi" | "accident");
    first_date(summary, |word, _| of_injury(word).then_some(LINKS))
        .or_else(|| injured_on(summary))
        .or_else(|| date_before(summary))
}

/// "with a 3/19/14 date of injury".
fn date_before(summary: &str) -> Option<Date> {
    let named = summary.match_indices(" date of injury").filter_map(|(at, _)| summary.get(..at)?.rsplit(' ').next());
    named.filter_map(dates::date).find_map(|(day, rest)| day.date().filter(|_| rest.is_empty()))
}

/// "injured the left ankle on 3/19/14", "an injury to the neck and back on 3/19/14": what was injured in at most so many words, and
/// the day.
fn injured_on(summary: &str) -> Option<Date> {
    const OBJECT: usize = 12;
    const DETERMINERS: &[&str] = &["the", "his", "her", "their", "both", "to", "of"];
    /// Words that begin another story.
    const VERBS: &[&str] =
        &["had", "has", "was", "is", "underwent", "reported", "seen", "surgery", "who", "which", "treated", "saw"];
    let injury = ["injured ", "injury ", "injuries "].iter().flat_map(|name| summary.match_indices(name));
    let told = injury.filter_map(|(at, name)| {
        let rest = summary.get(at + name.len()..)?;
        let words = rest.split_whitespace().take(OBJECT + 1).take_while(|w| !w.contains(['.', ';']) && !VERBS.contains(w));
        let determined = words.clone().next().is_some_and(|w| DETERMINERS.contains(&w.to_ascii_lowercase().as_str()));
        let on = words.clone().find(|w| *w == "on").filter(|_| determined)?;
        let after = rest.get(on.as_ptr() as usize - rest.as_ptr() as usize + on.len()..)?;
        Some((at, dates::date(after.trim_start())?.0.date()?))
    });
    told.min_by_key(|(at, _)| *at).map(|(_, day)| day)
}

/// The date of utilization review.
pub(super) fn ur_denial_date(summary: &str) -> Option<Date> {
    const LINKS: &[&str] = &[
        "review",
        "ur",
        "determination",
        "decision",
        "denial",
        "letter",
        "report",
        "from",
        "being",
        "challenged",
        "is",
        "was",
        "dated",
        "on",
        "of",
        "date",
        "board",
        "denied",
        "certification",
        "non-certified",
        "noncertified",
        "rendered",
        "issued",
        "performed",
        "completed",
        "conducted",
        "made",
        "form",
        "documentation",
        "notice",
        "with",
        "a",
    ];
    first_date(summary, |word, _| matches!(word, "utilization" | "ur").then_some(LINKS))
        .or_else(|| denied_on(summary))
        .or_else(|| denied_before(summary))
        .or_else(|| denied_then(summary))
}

/// "utilization review denied the request on 3/5/2016", "the request was non-certified on 3/5/2016".
fn denied_then(summary: &str) -> Option<Date> {
    let denied = |word: &str, before: &str| match (before, word) {
        ("review" | "ur" | "administrator", "denied" | "modified" | "non-certified" | "noncertified") => {
            Some(&["the", "request", "requests", "on"][..])
        }
        (_, "non-certified" | "noncertified") => Some(&["on"][..]),
        _ => None,
    };
    first_date(summary, denied)
}

/// "On 3/5/2016, the claims administrator denied", "On 3/5/2016 the request for a brace was non-certified by utilization review": the
/// last of such sentences, since a summary ends with the denial that is disputed.
fn denied_on(summary: &str) -> Option<Date> {
    const REVIEWERS: [&str; 4] = ["claims administrator", "utilization review", "ur", "utilization reviewer"];
    /// So much of a sentence is looked at.
    const SENTENCE: usize = 200;
    const DENIALS: [&str; 6] = ["denied", "failed to approve", "non-certified", "noncertified", "did not certify", "modified"];
    let told = summary.match_indices("On ").filter_map(|(at, on)| {
        let (day, rest) = dates::date(summary.get(at + on.len()..)?)?;
        let said: String = rest.trim_start_matches([',', ' ']).chars().take(SENTENCE).collect::<String>().to_ascii_lowercase();
        let said = said.split(". ").next().unwrap_or_default();
        let said = said.strip_prefix("the ").unwrap_or(said).replace("(ur) ", "");
        let denies = |words: &str| DENIALS.iter().any(|d| words.trim_start().starts_with(d));
        let reviewer = |words: &str| REVIEWERS.iter().find_map(|r| words.strip_prefix(r)?.strip_prefix(' ').map(str::to_owned));
        let by_reviewer = |was: &str| {
            was.split_once(" by ").is_some_and(|(denial, by)| {
                let by = by.strip_prefix("the ").unwrap_or(by);
                denies(denial) && denial.split(' ').count() < 4 && REVIEWERS.iter().any(|r| by.starts_with(r))
            })
        };
        let request_was = || {
            let mut verbs = [" was ", " were "].iter().flat_map(|verb| said.match_indices(verb));
            said.starts_with("request") && verbs.any(|(at, verb)| said.get(at + verb.len()..).is_some_and(by_reviewer))
        };
        let denied = reviewer(&said).is_some_and(|words| denies(&words)) || request_was();
        day.date().filter(|_| denied)
    });
    told.last()
}

/// "previously denied on 12/21/2016", "a prior denial was made on 12/21/2016": where nobody says who denied.
fn denied_before(summary: &str) -> Option<Date> {
    const LINKS: &[&str] = &["was", "were", "made", "on", "dated", "for", "the", "request", "requests", "below"];
    const DENIALS: &[&str] =
        &["denial", "determination", "denied", "non-certified", "noncertified", "modified", "reviewed", "review"];
    let before = |word: &str, before: &str| {
        let earlier = matches!(before, "prior" | "previous" | "previously");
        (earlier && DENIALS.contains(&word)).then_some(LINKS)
    };
    first_date(summary, before)
}

/// The first known date that follows a word, with nothing between but the words that it allows. `links` is asked with each word and
/// the one before it.
fn first_date(text: &str, links: impl Fn(&str, &str) -> Option<&'static [&'static str]>) -> Option<Date> {
    let mut allowed: Option<&[&str]> = None;
    let (mut before, mut ended) = (String::new(), false);
    for word in text.split_whitespace() {
        let rest = text.get(word.as_ptr() as usize - text.as_ptr() as usize..).unwrap_or("");
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        if let Some((Day::Known(date), _)) = allowed.and_then(|_| dates::date(rest.trim_start_matches('('))) {
            return Some(date);
        }
        allowed = links(&bare, &before).or(allowed.filter(|a| !ended && a.contains(&bare.as_str())));
        (before, ended) = (bare, word.ends_with(['.', ';']));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_summary() {
        for (text, injury, ur) in [
            ("sustained an industrial injury on March 4, 2008. UR dated 3-5-16.", Some((2008, 3, 4)), Some((2016, 3, 5))),
            ("a work-related injury occurring on 01/19/10", Some((2010, 1, 19)), None),
            ("with a date of injury of 03/27/2010.", Some((2010, 3, 27)), None),
            ("an industrial injury date of 11-16-2016", Some((2016, 11, 16)), None),
            ("a history of an occupational claim from 10/13/2016", Some((2016, 10, 13)), None),
            ("The injury. On 10/13/2016 she was seen.", None, None),
            ("injury to the knee on 10/13/2016", Some((2016, 10, 13)), None),
            ("She sustained injuries to her neck, back and left knee on 10/13/2016.", Some((2016, 10, 13)), None),
            ("an injury to the knee and had surgery on 10/13/2016", None, None),
            ("The original utilization review (3-5-16) denied it.", None, Some((2016, 3, 5))),
            ("The original Utilization Review (UR) (3-5-2016) modified it.", None, Some((2016, 3, 5))),
            ("The UR (utilization review board) denied certification on March 5, 2016; for it.", None, Some((2016, 3, 5))),
            ("On 3-5-16 the request was non-certified by utilization review.", None, Some((2016, 3, 5))),
            ("On March 5, 2016, utilization review denied it.", None, Some((2016, 3, 5))),
            ("On 3-5-16, the request for 6 visits was non-certified by Utilization Review.", None, Some((2016, 3, 5))),
            ("On 3-5-16 the request for 6 visits was made. It was denied by utilization review.", None, None),
            ("Utilization Review form dated 3-5-16 noncertified it.", None, Some((2016, 3, 5))),
            ("The Utilization Review report, with a decision date of 3-5-16, modified it.", None, Some((2016, 3, 5))),
            ("On 03-05-2016, Utilization Review (UR) non-certified it.", None, Some((2016, 3, 5))),
            ("The requests were previously denied on 3/5/2016.", None, Some((2016, 3, 5))),
            ("A prior denial was made on 3/5/2016.", None, Some((2016, 3, 5))),
            ("The previous denial for the requests below was on 3/5/2016.", None, Some((2016, 3, 5))),
            ("UR denied the request dated 3/5/2016.", None, None),
            ("UR denied the requests on 3/5/2016.", None, Some((2016, 3, 5))),
            ("The request for the brace was non-certified on 3/5/2016.", None, Some((2016, 3, 5))),
            ("The request of 3/5/2016 was non-certified. On 3/9/2016 he fell.", None, None),
            ("A 50 year old female with a 3/19/14 date of injury.", Some((2014, 3, 19)), None),
            ("The patient was injured on or about 3/19/14.", Some((2014, 3, 19)), None),
            ("On 3/5/2016 the request was signed by the provider and denied by utilization review.", None, None),
            ("She was previously seen on 3/5/2016.", None, None),
            ("The patient injured the left ankle on 3/19/14 when she fell.", Some((2014, 3, 19)), None),
            ("The injured worker was seen on 3/19/14.", None, None),
            ("She injured the knee. On 3/19/14 she was seen.", None, None),
            ("The utilization review letter is from 1/15/15.", None, Some((2015, 1, 15))),
            ("utilization review determination being challenged is dated 2/28/14", None, Some((2014, 2, 28))),
            (
                "On 1/2/14, the claims administrator denied A. On 2/28/14, the claims administrator failed to approve B.",
                None,
                Some((2014, 2, 28)),
            ),
            (
                "On 2/28/14, the claims administrator was told. On 3/1/14 it rained, the claims administrator denied it.",
                None,
                None,
            ),
        ] {
            let day = |d: Option<Date>| d.map(|d| (d.year(), d.month(), d.day()));
            assert_eq!((day(injury_date(text)), day(ur_denial_date(text))), (injury, ur), "{text}");
        }
    }
}
