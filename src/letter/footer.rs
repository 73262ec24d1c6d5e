//! The heads and feet that some letters carry on every page, which would else stand in the middle of their texts.
//!
//! What goes as one is in no text of the record, so a line of a sentence must not be one by how it begins. Some are known by their
//! wording wherever they stand. Others are known by their place: beside a page break, with the page's own number in them.

use std::collections::HashMap;

use super::ocr::spelled;

/// How the footers begin that name the letter, in small letters without blanks: old PDFs glue words together.
const TITLES: [&str; 2] = ["finaldeterminationletterforimr", "finalletterofdetermination"];
/// What stands behind, beside numbers: `Form Effective 10.24.13 Page 2 of 8`, `Case Number CM13-0000001`.
const WORDS: [&str; 7] = ["case", "effective", "form", "imr", "number", "of", "page"];
/// What stands for a page's own number.
const NUMBER: &str = "#page";
/// A head or a foot has at most so many lines.
const LINES: usize = 3;
/// And none of them is longer.
const LONGEST: usize = 160;

/// Which of the lines are heads or feet. Each line comes with whether it begins a page.
pub fn footers(lines: &[(&str, bool)]) -> Vec<bool> {
    let mut found: Vec<_> = lines.iter().map(|(text, _)| is_footer(text)).collect();
    sign_off(lines, &mut found);
    if !lines.iter().any(|(_, page)| *page) {
        return found;
    }
    // The letter's own case, but not where it is first told: that may be its header.
    let case = lines.iter().enumerate().find_map(|(i, (text, _))| Some((i, text.split_whitespace().find(|w| is_case(w))?)));
    let (told, case) = case.unwrap_or((usize::MAX, ""));
    // Behind one line of a foot another may come to light.
    for _ in 0..LINES {
        let beside = beside_breaks(lines, &found);
        let known = found.iter().filter(|known| **known).count();
        let mut count: HashMap<&str, usize> = HashMap::new();
        beside.iter().for_each(|(_, form)| *count.entry(form).or_default() += 1);
        for (line, form) in &beside {
            let recurs = form.contains(NUMBER) && count.get(form.as_str()).is_some_and(|n| *n > 1);
            found[*line] |= recurs || (form.contains(NUMBER) || *line != told) && is_beside(form, case);
        }
        if found.iter().filter(|known| **known).count() == known {
            break;
        }
    }
    found
}

/// Finds what a clerk has put below the last line: initials and the number of the case, each on a line of its own.
fn sign_off(lines: &[(&str, bool)], found: &mut [bool]) {
    const MOST: usize = 4;
    let is_initials = |text: &str| {
        text.strip_prefix('/').is_some_and(|i| (1..=4).contains(&i.len()) && i.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    for ((text, _), found) in lines.iter().zip(found.iter_mut()).skip(1).rev().take(MOST) {
        *found |= is_initials(text) || is_case(text);
        if !*found {
            break;
        }
    }
}

/// The lines next to a page break that are not yet known as heads or feet, each as its form.
fn beside_breaks(lines: &[(&str, bool)], known: &[bool]) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut add = |line: usize, text: &str, page: usize| {
        // The only line of a page is one line, not a head and a foot.
        let new = out.last().is_none_or(|(last, _)| *last != line);
        out.extend(form(text, page).filter(|_| new).map(|form| (line, form)));
    };
    let (mut page, mut begins, mut above) = (1, false, None);
    for (line, &(text, new_page)) in lines.iter().enumerate() {
        page += usize::from(new_page);
        begins |= new_page;
        if known[line] {
            continue;
        }
        if begins {
            if let Some((above, text)) = above {
                add(above, text, page - 1);
            }
            add(line, text, page);
        }
        (above, begins) = (Some((line, text)), false);
    }
    if let Some((above, text)) = above {
        add(above, text, page);
    }
    out
}

/// A line with a mark for the number of its page; none for one that is too long for a head or a foot.
fn form(text: &str, page: usize) -> Option<String> {
    if text.len() >= LONGEST {
        return None;
    }
    let page = page.to_string();
    let mut form = String::with_capacity(text.len() + NUMBER.len());
    for word in text.split_whitespace() {
        if !form.is_empty() {
            form.push(' ');
        }
        form.push_str(if word.trim_matches(['-', '–', '|']) == page { NUMBER } else { word });
    }
    Some(form)
}

/// Whether a line beside a page break says nothing but its page or the letter's case.
fn is_beside(form: &str, case: &str) -> bool {
    let is_known =
        |w: &str| w == NUMBER || w == case || is_word(w) || w.bytes().all(|b| b.is_ascii_digit() || b"-|".contains(&b));
    form.split_whitespace().any(|w| w == NUMBER || w == case) && form.split_whitespace().all(is_known)
}

/// `CM13-0000001`.
fn is_case(word: &str) -> bool {
    word.len() == 12 && word.starts_with("CM") && word.bytes().filter(u8::is_ascii_digit).count() == 9
}

/// Whether a line is a footer wherever it stands.
fn is_footer(line: &str) -> bool {
    // Nearly every line is told by its first letter to be none.
    line.starts_with(['P', 'p', '|', 'F'])
        && (is_page_number(line) || TITLES.iter().find_map(|title| spelled(line, title)).is_some_and(is_rest))
}

fn is_page_number(line: &str) -> bool {
    let is_number = |w: &str| w.bytes().all(|b| b.is_ascii_digit());
    let mut words = line.split_whitespace().filter(|w| *w != "|");
    words.next().is_some_and(|w| w.eq_ignore_ascii_case("page"))
        && words.next().is_some_and(is_number)
        && words.all(|w| w.eq_ignore_ascii_case("of") || is_number(w))
}

/// Whether a word is one of those beside a title, or several glued together.
fn is_word(word: &str) -> bool {
    let word = word.trim_end_matches(':');
    let mut rest = word;
    // None of them begins as another does.
    while let Some(behind) = WORDS.iter().find_map(|known| spelled(rest, known)) {
        rest = behind;
    }
    rest.is_empty() && !word.is_empty()
}

fn is_rest(rest: &str) -> bool {
    let is_known = |w: &str| is_word(w) || w.contains(|c: char| c.is_ascii_digit());
    rest.chars().next().is_none_or(char::is_whitespace) && rest.split_whitespace().all(|w| w == "|" || is_known(w))
}

#[cfg(test)]
mod tests {
    use super::{footers, is_footer};

    #[test]
    fn heads_and_feet_are_known_beside_a_page_break() {
        const CASE: &str = "Case Number: CM15-0000001";
        for (text, want) in [
            ("a\n1\n\u{c}b\n2\n\u{c}c\n- 3 -", vec!["1", "2", "- 3 -"]),
            ("a\n\u{c}2\nb 2 of 3 weeks", vec!["2"]),
            ("a\nReview of care, 1\n\u{c}b\nReview of care, 2", vec!["Review of care, 1", "Review of care, 2"]),
            ("a\n2 of 3 weeks,\n\u{c}for 2 weeks", vec![]),
            ("Case Number: CM15-0000001\na\n\u{c}Case Number: CM15-0000001\nb", vec![CASE]),
            ("a\nIMR Case CM15-0000001\nPage | 1\n\u{c}b\nIMR Case CM15-0000001", vec!["Page | 1", "IMR Case CM15-0000001"]),
            ("Case Number: CM15-0000001\n\u{c}Case Number: CM15-0000002", vec![]),
            ("a\n1\nb\n2", vec![]),
            ("a\n/JR\nb\n/jr\nCM15-0000001", vec!["/jr", "CM15-0000001"]),
            ("a\n/wrist", vec![]),
        ] {
            let lines: Vec<_> = text.split('\n').map(|l| (l.trim_start_matches('\u{c}'), l.starts_with('\u{c}'))).collect();
            let got: Vec<_> = lines.iter().zip(footers(&lines)).filter(|(_, found)| *found).map(|((l, _), _)| *l).collect();
            assert_eq!(got, want, "{text:?}");
        }
    }

    #[test]
    fn a_sentence_is_no_footer() {
        for footer in [
            "Page 2",
            "PAGE 2 OF 3",
            "Final Letter of Determination",
            "Final Letter of Determination      Form Effective 10.24.13                Page 2 of 8",
            "Final Letter of Determination      Form Effective 10.24.13                Page | 2",
            "Final Determination Letter for IMR Case Number: CM13-0000001   3",
            "FinalDetermination Letterfor IMR CaseNumber CM13-0000001   3",
        ] {
            assert!(is_footer(footer), "{footer}");
        }
        for line in [
            "Page 2 of the report",
            "Page",
            "Final Letter of DeterminationIONALES",
            "Final Letter of Determination of 2014, in which acupuncture was found necessary.",
            "The Final Letter of Determination",
            "Final Letter of Determination formed",
        ] {
            assert!(!is_footer(line), "{line}");
        }
        assert!(!is_footer(&format!("Final Letter of Determination {}x", "of".repeat(1 << 20))));
    }
}
