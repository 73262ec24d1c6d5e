//! The part of an item that is in dispute, where the claims administrator authorised another part of it.
//!
//! Such a heading tells a story in two or three sentences and names the disputed part last: "X was the original request. Y was
//! authorized by the Claims Administrator. The remaining IMR eligible portion of the original request, Z is", or, with the
//! whole still in dispute, "... The original request, X is".

use super::lines::letters;

/// What is in dispute: the item itself, unless its heading says that part of it was authorised.
pub(super) fn disputed(item: &str) -> String {
    partly(item).unwrap_or(item).to_owned()
}

/// The disputed part of a partly authorised request.
fn partly(item: &str) -> Option<&str> {
    let lower = item.to_ascii_lowercase();
    let original = [" was the original request", " were the original request"].iter().find_map(|w| lower.find(w));
    if original.is_none() && !lower.contains("imr eligible") && !lower.contains("imr-eligible") {
        return None;
    }
    let whole = original.and_then(|end| item.get(..end)).map(str::trim).filter(|w| !w.is_empty());
    let named = lower.rfind("original request").and_then(|at| item.get(at + "original request".len()..)).and_then(named_part);
    // "with open release" is no request by itself: the original is meant.
    match named {
        Some(part) if !begins_with_preposition(part) => Some(part),
        _ => whole.or(named),
    }
}

/// The part that a sentence names after "the original request": ", Z is"; without the comma only if the sentence ends so.
fn named_part(rest: &str) -> Option<&str> {
    let marked = rest.trim_start().strip_prefix([',', ':', ';', '-', '–']);
    let part = marked.unwrap_or(rest).trim().trim_end_matches([':', ',', '.']).trim_end();
    let verb = part.rsplit(' ').next().filter(|w| ["is", "are", "was", "were"].contains(w)).unwrap_or("");
    if marked.is_none() && (verb.is_empty() || part.to_ascii_lowercase().starts_with("imr")) {
        return None;
    }
    let part = part.strip_suffix(verb).unwrap_or(part).trim_end().trim_end_matches(',');
    (!letters(part).is_empty() || part.chars().any(|c| c.is_ascii_digit())).then_some(part)
}

fn begins_with_preposition(part: &str) -> bool {
    let first = part.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
    ["with", "and", "plus", "without", "including", "of", "to", "for"].contains(&first.as_str())
}

/// The words before the disputed part, up to its name. They may be cut anywhere by a page break.
const BEFORE_NAME: [&str; 2] =
    ["theremainingimreligibleportionoftheoriginalrequest", "leavingtheoriginalrequestimreligibletheoriginalrequest"];

/// Whether a piece of a heading is the end of such a story without its beginning.
pub(super) fn lacks_beginning(heading: &str) -> bool {
    const NAME: &str = "originalrequest";
    let cut_before_name = heading.trim_start().starts_with("request, ");
    let ends_as_told = heading.rsplit_once(':').is_some_and(|(item, _)| item.ends_with(" is") || item.ends_with(" are"));
    let heading = letters(heading);
    let begins = ["wastheoriginalrequest", "weretheoriginalrequest", "theoriginalrequestwas"].iter().any(|s| heading.contains(s));
    let goes_on =
        ["imreligible", "bytheclaimsadministrator", "theclaimsadministratorauthorized"].iter().any(|s| heading.contains(s));
    let opening = heading.find(NAME).and_then(|at| heading.get(..at + NAME.len()));
    let opens_within = opening.is_some_and(|opening| BEFORE_NAME.iter().any(|words| words.ends_with(opening)));
    // No heading ends so but this story.
    (goes_on || opens_within || cut_before_name || ends_as_told) && !begins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disputed_part_is_named_last() {
        for (item, want) in [
            ("Knee brace", "Knee brace"),
            ("Review of the original request, form 3", "Review of the original request, form 3"),
            (
                "Massage times 8 was the original request. Massage times 3 was authorized by the Claims Administrator. The remaining IMR eligible portion of the original request, Massage times 5 is",
                "Massage times 5",
            ),
            (
                "Massage times 8 was the original request. Massage times 3 was authorized by the Claims Administrator. The remaining IMR eligible portion of the original request Massage times 5 is",
                "Massage times 5",
            ),
            (
                "Two braces were the original request. One was authorized by the Claims Administrator. The remaining IMR-eligible portion of the original request, one brace",
                "one brace",
            ),
            (
                "A walker was the original request. The Claims Administrator authorized a cane, leaving the original request IMR eligible. The original request, a walker is",
                "a walker",
            ),
            (
                "A walker was the original request. The Claims Administrator authorized a cane, leaving the original request IMR eligible.",
                "A walker",
            ),
            (
                "Elbow repair with nerve release was the original request. Elbow repair was authorized by the Claims Administrator. The remaining IMR eligible portion of the original request, with nerve release is",
                "Elbow repair with nerve release",
            ),
        ] {
            assert_eq!(disputed(item), want);
        }
    }

    #[test]
    fn an_end_without_beginning_is_known() {
        assert!(lacks_beginning("Massage was authorized by the Claims Administrator. The remaining"));
        assert!(lacks_beginning("The remaining IMR eligible portion is:"));
        assert!(lacks_beginning("The original request, a walker is:"));
        assert!(lacks_beginning("portion of the original request, a walker is:"));
        assert!(lacks_beginning("original request, a walker is:"));
        assert!(lacks_beginning("request, a walker is:"));
        assert!(lacks_beginning("eligible. The original request, a walker is:"));
        assert!(lacks_beginning("Massage times 5 is: Upheld"));
        assert!(!lacks_beginning("MRI of the pelvis: Upheld"));
        assert!(!lacks_beginning("Review of the original request, form 3"));
        assert!(!lacks_beginning("Request for a walker"));
        assert!(!lacks_beginning("Massage was the original request. It was authorized by the Claims Administrator."));
        assert!(!lacks_beginning("Massage"));
        assert!(!lacks_beginning("The original request was for massage. It was authorized by the Claims Administrator."));
    }
}
