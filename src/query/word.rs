//! What a run of characters between blanks is: which marks at its edges belong to the sentence, which words are operators,
//! outcomes, function words or case numbers, and which are signs of other query languages that must not pass for words.

/// Hyphen, minus sign and the dashes that word processors put in their place.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '–' | '−')
}

/// White space, and what cannot be seen: pasted text holds zero-width blanks and controls.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}' | '\u{feff}')
}

/// Straight and curly double quotes are one.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟')
}

/// Whether there is anything to search in it.
pub(super) fn has_content(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

fn is_edge(c: char) -> bool {
    is_dash(c) || matches!(c, ',' | ';' | ':' | '!' | '?' | '—')
}

/// Without the punctuation that a sentence puts before a word.
pub(super) fn clean_start(raw: &str) -> &str {
    raw.trim_start_matches(is_edge)
}

/// Without the punctuation of a sentence on either side. A leading full stop stays (`.5mg`).
pub(super) fn clean(raw: &str) -> &str {
    clean_start(raw).trim_end_matches(|c| is_edge(c) || c == '.')
}

/// The same, but for the `!` that follows a letter or digit: it stands for the rest of the word.
pub(super) fn clean_with_root(raw: &str) -> &str {
    let (start, word) = (clean_start(raw), clean(raw));
    let rooted = word.ends_with(char::is_alphanumeric) && start.strip_prefix(word).is_some_and(|rest| rest.starts_with('!'));
    if rooted { start.get(..=word.len()).unwrap_or(word) } else { word }
}

/// The words of a list without blanks, `pain;knee,hip`: cut before a semicolon that a word follows, and before a comma that a
/// letter follows. `1,000` and `L4,5` are no lists.
pub(super) fn list(run: &str) -> impl Iterator<Item = &str> {
    let mut rest = run;
    std::iter::from_fn(move || {
        let first = first_of_list(rest);
        rest = rest.get(first.len()..).unwrap_or_default();
        (!first.is_empty()).then_some(first)
    })
}

/// The first word of a list; all of a run that is none.
pub(super) fn first_of_list(run: &str) -> &str {
    let cuts = |at: usize| {
        let behind = |mark| run.get(at..).and_then(|rest| rest.strip_prefix(mark)).and_then(|rest| rest.chars().next());
        behind(';').is_some_and(char::is_alphanumeric) || behind(',').is_some_and(char::is_alphabetic)
    };
    let cut = run.match_indices([',', ';']).map(|(at, _)| at).find(|at| cuts(*at) && run.get(..*at).is_some_and(has_content));
    match cut {
        Some(cut) if !is_pattern(run) => run.get(..cut).unwrap_or(run),
        _ => run,
    }
}

/// Operators, in any letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
}

pub(super) fn operator(word: &str) -> Option<Operator> {
    [("and", Operator::And), ("or", Operator::Or), ("not", Operator::Not)]
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|(_, operator)| operator)
}

/// Words that say little by themselves. Negations are not among them: `no evidence` is not `evidence`.
const HINTS: [&str; 75] = [
    "a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "by", "with", "into", "upon", "between", "through", "about",
    "after", "before", "during", "until", "while", "when", "where", "because", "since", "if", "so", "is", "are", "was", "were",
    "be", "been", "being", "has", "have", "had", "do", "does", "did", "as", "that", "this", "these", "those", "which", "who",
    "it", "its", "he", "she", "they", "his", "her", "their", "than", "then", "but", "also", "such", "what", "why", "how",
    "there", "can", "could", "may", "should", "will", "would", "we", "our", "you", "your",
];

/// Whether it may be a hint. In capitals some are terms: vitamin A, IT band.
pub(super) fn is_function(word: &str) -> bool {
    !matches!(word, "A" | "IT") && HINTS.iter().any(|f| f.eq_ignore_ascii_case(word))
}

/// What a decision can be.
pub(super) const OUTCOMES: [&str; 3] = ["upheld", "overturned", "modified"];

/// The outcome that a bare word names.
pub(super) fn outcome(word: &str) -> Option<&'static str> {
    OUTCOMES.into_iter().find(|o| o.eq_ignore_ascii_case(word))
}

/// What other courts, or other forms of the words, call an outcome. Words that treatments are described by too are not among
/// them: reverse shoulder arthroplasty, modify activities.
const LIKE_OUTCOMES: [&str; 14] = [
    "affirm",
    "affirmed",
    "approve",
    "approved",
    "denied",
    "deny",
    "grant",
    "granted",
    "overrule",
    "overruled",
    "overturn",
    "rejected",
    "reversed",
    "uphold",
];

/// Whether by itself it might be meant as an outcome.
pub(super) fn is_like_outcome(word: &str) -> bool {
    LIKE_OUTCOMES.iter().any(|o| o.eq_ignore_ascii_case(word))
}

/// What compares in other languages.
pub(super) fn is_comparison(c: char) -> bool {
    matches!(c, '=' | '<' | '>' | '≤' | '≥')
}

/// A whole case number, in the form in which letters print it, and what follows it.
pub(super) fn case_number(word: &str) -> Option<(String, &str)> {
    let rest = word.strip_prefix(['c', 'C'])?.strip_prefix(['m', 'M'])?;
    let (year, rest) = digits(rest, 2)?;
    let (number, rest) = digits(rest.strip_prefix(is_dash).unwrap_or(rest), 7)?;
    (!rest.starts_with(char::is_alphanumeric)).then(|| (format!("CM{year}-{number}"), rest))
}

fn digits(text: &str, count: usize) -> Option<(&str, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then_some((digits, rest))
}

/// Whether it is one plain word, which needs no quotes as a value.
pub(super) fn is_simple(value: &str) -> bool {
    value.chars().all(|c| c.is_alphanumeric() || c == '-')
        && value.starts_with(char::is_alphanumeric)
        && value.ends_with(char::is_alphanumeric)
        && operator(value).is_none()
}

/// Whether it is meant as the beginning of words: `therap*`, or as the law libraries write it `therap!`.
pub(super) fn is_beginning(word: &str) -> bool {
    word.contains('*') || word.ends_with('!')
}

/// A word spelt like `opiod~1`: the word and what stands behind `~`.
pub(super) fn fuzzy(word: &str) -> Option<(&str, &str)> {
    word.rsplit_once('~').filter(|(head, number)| has_content(head) && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether the index has it as one word: letters and digits, and no letter behind a digit (`325mg` is two words there).
pub(super) fn is_single(word: &str) -> bool {
    let cut = word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_numeric() && b.is_alphabetic());
    !cut && word.chars().all(char::is_alphanumeric)
}

/// A regular expression, as other languages have them: `/opioid.*/`. It is words here, stars and all.
pub(super) fn is_pattern(word: &str) -> bool {
    word.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).is_some_and(has_content)
}

/// Whether a `?` stands between letters, as for any letter in other languages: `th?rapy`.
pub(super) fn has_wildcard(word: &str) -> bool {
    let between = |(left, right): (&str, &str)| left.ends_with(char::is_alphabetic) && right.starts_with(char::is_alphabetic);
    word.split('?').zip(word.split('?').skip(1)).any(between)
}

/// Whether it ends in what weighs a word in other languages: `knee^2`.
pub(super) fn is_weighted(word: &str) -> bool {
    let number =
        |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    word.rsplit_once('^').is_some_and(|(_, weight)| number(weight))
}

/// Whether it is spelt like the name of a saved query, which is one only at the beginning: `@pt`.
pub(super) fn is_reference(word: &str) -> bool {
    word.strip_prefix('@').is_some_and(|name| name.starts_with(char::is_alphabetic))
}

/// What letters say of requests and records. Behind `not` in small letters each can hardly be meant as something to exclude.
const PREDICATES: [&str; 58] = [
    "addressed",
    "adequately",
    "appropriate",
    "approved",
    "attempted",
    "authorized",
    "available",
    "been",
    "certified",
    "clear",
    "clearly",
    "completed",
    "considered",
    "consistent",
    "demonstrated",
    "described",
    "detailed",
    "discussed",
    "documented",
    "established",
    "evident",
    "exhausted",
    "explained",
    "given",
    "identified",
    "included",
    "indicated",
    "justified",
    "known",
    "listed",
    "medically",
    "mentioned",
    "met",
    "necessary",
    "needed",
    "noted",
    "outlined",
    "performed",
    "present",
    "presented",
    "proven",
    "provided",
    "reasonable",
    "recommended",
    "reported",
    "required",
    "satisfied",
    "shown",
    "specified",
    "stated",
    "submitted",
    "substantiated",
    "sufficient",
    "supported",
    "tried",
    "warranted",
    "within",
    "yet",
];

/// Whether `not` before it is a word of a sentence.
pub(super) fn is_predicate(word: &str) -> bool {
    PREDICATES.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// A sign that other search languages give a meaning to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `/5,`: a connector, but for punctuation.
    Connector,
    /// `"two words"~5`: so near to each other.
    Slop,
    /// `!word`; `!` or `%` by itself: not.
    Not,
    /// `||`, `one|other`: or.
    Bar,
}

/// The sign in a run, if there is one; `word` is the run cleaned.
pub(super) fn sign(raw: &str, word: &str) -> Option<Sign> {
    let head = raw.strip_suffix(raw.trim_start_matches(|c: char| !c.is_alphanumeric())).unwrap_or_default();
    if raw.contains('|') && !is_pattern(word) {
        Some(Sign::Bar)
    } else if !has_content(word) {
        (raw == "%" || raw.chars().all(|c| c == '!')).then_some(Sign::Not)
    } else {
        head.ends_with('!').then_some(Sign::Not)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_predicates_is_in_order() {
        assert!(PREDICATES.is_sorted());
    }
}
