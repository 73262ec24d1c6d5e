//! An answer as a page for a reader: how the query was read, the numbers, the facets, the hits.

use std::io::{Result, Write};

use rayon::prelude::*;

use super::{Page, counted, cross, explain, facets, grouped, per_cent, safe};
use crate::query::Widening;
use crate::search::results::{Answer, Hit, InItem, Outcomes, Snippet};

/// Writes the answer.
pub fn answer(out: &mut dyn Write, page: Page, answer: &Answer) -> Result<()> {
    writeln!(out, "{}", page.dim(&page.folded(&format!("read as: {}", safe::line(&answer.read_as)), 0)))?;
    for widening in &answer.widened {
        writeln!(out, "{}", page.dim(&page.folded(&format!("also: {}", safe::line(&also(widening))), 0)))?;
    }
    for note in &answer.notes {
        writeln!(out, "{}", page.folded(&format!("note: {}", safe::line(note)), 0))?;
    }
    if let Some(tree) = &answer.tree {
        explain::tree(out, page, tree, 0)?;
    }
    writeln!(out, "{}", page.bold(&page.folded(&totals(answer), 0)))?;
    if answer.total.decisions > 0 {
        writeln!(out, "{}", page.folded(&format!("{}{}", of_new(answer), split(&answer.outcomes)), 0))?;
    }
    // Of a filter that names several outcomes and leaves none out, all is said already; that of one outcome has a rate only here.
    let is_several = answer.outcome_filter.as_ref().is_some_and(|filter| filter.chosen.len() > 1);
    if let Some(all) = answer.any_outcome.as_ref().filter(|all| !is_several || **all != answer.outcomes) {
        let of = counted(all.tally().decisions, "decision");
        writeln!(out, "{}", page.folded(&format!("{}with any outcome: {of}; {}", of_new(answer), overturned(all)), 0))?;
    }
    if let Some(in_item) = &answer.in_item {
        writeln!(out, "{}", page.dim(&page.folded(&format!("{}{}", of_new(answer), asked_for(answer, in_item)), 0)))?;
    }
    for facet in answer.facets.iter().filter(|facet| facet.over.tally().decisions > 0) {
        writeln!(out)?;
        all_new(out, answer)?;
        facets::facet(out, page, facet, answer.outcome_filter.as_ref())?;
        let chosen = facet.filter.as_ref().is_some_and(|filter| !filter.chosen.is_empty());
        if let Some(finer) = facet.field.finer().filter(|_| !chosen) {
            let finer = format!("{}:NAME in the query shows each {}", facet.field.name, finer.name);
            writeln!(out, "{}", page.dim(&page.folded(&finer, 0)))?;
        }
    }
    if let Some(table) = answer.cross.as_ref().filter(|table| table.rows.over.tally().decisions > 0) {
        writeln!(out)?;
        all_new(out, answer)?;
        cross::cross(out, page, table, answer.outcome_filter.as_ref())?;
    }
    // To fold their lines takes about as long as to find them.
    let set = answer.hits.par_iter().map(|hit| {
        let mut lines = Vec::new();
        self::hit(&mut lines, page, hit).map(|()| lines)
    });
    for (at, (hit, lines)) in answer.hits.iter().zip(set.collect::<Result<Vec<_>>>()?).enumerate() {
        writeln!(out)?;
        if hit.near && answer.hits.get(at.wrapping_sub(1)).is_none_or(|before| !before.near) {
            let or = if answer.related.is_empty() { "" } else { " or what is related to them" };
            let near = grouped(answer.near.unwrap_or(0));
            let head = format!("near matches, which hold part of the words{or} ({near}, not counted above)");
            writeln!(out, "{}", page.bold(&page.folded(&head, 0)))?;
            for related in &answer.related {
                writeln!(out, "{}", page.dim(&page.folded(&format!("related: {}", safe::line(&also(related))), 0)))?;
            }
            writeln!(out)?;
        }
        out.write_all(&lines)?;
    }
    match rest(answer) {
        Some(rest) => writeln!(out, "\n{}", page.dim(&page.folded(&rest, 0))),
        None => Ok(()),
    }
}

/// What the list has behind its last hit, where it ends before what was found does.
fn rest(answer: &Answer) -> Option<String> {
    let shown = (answer.offset + answer.hits.len()) as u64;
    let full = answer.total.decisions + answer.total.unread;
    let all_near = answer.near.unwrap_or(0);
    let near = |n: u64, more: &str| format!("{} {more}near match{}", grouped(n), if n == 1 { "" } else { "es" });
    if answer.hits.is_empty() {
        return match all_near {
            n if answer.offset as u64 >= full + n && answer.offset > 0 && full + n > 0 => {
                let near = if n > 0 { format!(" and {}", near(n, "")) } else { String::new() };
                Some(format!("--offset {} is beyond the end: {}{near} in all", answer.offset, counted(full, "hit")))
            }
            0 => None,
            1 => Some(format!("{}, not counted above; -n 10 lists it", near(1, ""))),
            n => Some(format!("{}, not counted above; -n 10 lists them", near(n, ""))),
        };
    }
    let more = match (full.saturating_sub(shown), (full + all_near).saturating_sub(shown.max(full))) {
        (0, 0) => return None,
        (n, 0) => format!("{} more", grouped(n)),
        (0, n) => near(n, "more "),
        (n, also) => format!("{} more, then {}", grouped(n), near(also, "")),
    };
    Some(format!("{more}; next: --offset {shown}"))
}

/// `PT = "physical therapy", physiotherapy`, with the fields it holds in.
pub fn also(widening: &Widening) -> String {
    let quoted = |text: &String| if text.contains(' ') { format!("\"{text}\"") } else { text.clone() };
    let also: Vec<_> = widening.also.iter().map(quoted).collect();
    let fields: Vec<_> = widening.fields.iter().map(|f| f.name).collect();
    let only = if fields.is_empty() { String::new() } else { format!(" (in {})", fields.join(", ")) };
    format!("{} = {}{only}", widening.word, also.join(", "))
}

fn totals(answer: &Answer) -> String {
    let total = answer.total;
    let of = format!("of {} in {}", counted(answer.index.decisions, "decision"), counted(answer.index.letters, "letter"));
    let (new, since) = match &answer.new_since {
        Some(since) => ("new ", format!(" since {}", since.strftime("%Y-%m-%d %H:%M"))),
        None => ("", String::new()),
    };
    let found = match total.decisions {
        0 if total.unread == 0 && !new.is_empty() => "nothing new".to_owned(),
        0 if total.unread == 0 && answer.near > Some(0) => "nothing holds every word,".to_owned(),
        0 if total.unread == 0 => "nothing found".to_owned(),
        n => format!("{} in {}", counted(n, &format!("{new}decision")), counted(total.letters - total.unread, "letter")),
    };
    let unread = match total.unread {
        0 => String::new(),
        n => format!(", and {} in which no decision could be read,", counted(n, "letter")),
    };
    let comma = if since.is_empty() || !unread.is_empty() { "" } else { "," };
    format!("{found}{since}{unread}{comma} {of}")
}

/// Says before a table of what its numbers are, where that is what is new.
fn all_new(out: &mut dyn Write, answer: &Answer) -> Result<()> {
    if answer.new_since.is_some() { writeln!(out, "{}", of_new(answer).trim_end()) } else { Ok(()) }
}

/// What stands before numbers that are of the new decisions alone, so that none is quoted as of all.
fn of_new(answer: &Answer) -> &'static str {
    if answer.new_since.is_some() { "of the new: " } else { "" }
}

pub(super) fn split(outcomes: &Outcomes) -> String {
    let mut parts = vec![format!("{} upheld", grouped(outcomes.upheld)), format!("{} overturned", grouped(outcomes.overturned))];
    let rare = [(outcomes.modified, "modified"), (outcomes.unknown, "without outcome")];
    parts.extend(rare.into_iter().filter(|(n, _)| *n > 0).map(|(n, name)| format!("{} {name}", grouped(n))));
    format!("{}; {}", parts.join(", "), overturned(outcomes))
}

/// How many of the decisions ask for what the words name; whoever counts treatments means these.
fn asked_for(answer: &Answer, in_item: &InItem) -> String {
    let tally = in_item.tally;
    let read_as = safe::line(&in_item.read_as);
    let overturned = match answer.outcome_filter {
        None => format!(" ({} overturned)", grouped(tally.overturned)),
        Some(_) => String::new(),
    };
    let have = match tally.decisions {
        0 => return format!("none of them has the words in the item: {read_as}"),
        1 => "has",
        _ => "have",
    };
    let (n, of) = (grouped(tally.decisions), grouped(answer.total.decisions));
    format!("{n} of the {of} {have} the words in the item{overturned}: {read_as}")
}

/// The overturn rate, with the decisions that it is of.
fn overturned(outcomes: &Outcomes) -> String {
    let tally = outcomes.tally();
    let Some(rate) = tally.rate() else { return "no rate".into() };
    let among = match outcomes.unknown {
        0 => String::new(),
        n => format!(", {} without outcome among them", grouped(n)),
    };
    let of = format!("{} of {}{among}", grouped(tally.overturned), grouped(tally.decisions));
    format!("overturn rate {} ({of}; 95 % interval {})", per_cent(rate), facets::interval(tally))
}

pub(super) fn hit(out: &mut dyn Write, page: Page, hit: &Hit) -> Result<()> {
    let letter = &hit.letter;
    let decision = letter.decisions.first();
    let mut facts = vec![match decision {
        Some(d) => page.outcome(d.outcome),
        None => "NO DECISION READ".into(),
    }];
    facts.extend(letter.decision_date.map(|d| d.to_string()));
    facts.extend(letter.age.map(|age| format!("age {age}")));
    facts.extend((!letter.specialties.is_empty()).then(|| safe::line(&letter.specialties.join(", "))));
    facts.extend(letter.case_number.is_none().then(|| safe::line(&letter.source)));
    let head = format!("{:>3}. {}  {}", hit.rank, page.bold(&safe::line(&hit.id)), facts.join("  "));
    writeln!(out, "{}", page.hanging(&head, 5))?;
    if let Some(d) = decision {
        writeln!(out, "{}", page.marked(&d.item, &hit.item_marks, 5))?;
    }
    match hit.snippets.as_slice() {
        [only] => passage(out, page, only),
        several => several.iter().try_for_each(|snippet| named(out, page, snippet)),
    }?;
    match &hit.why {
        Some(why) => explain::why(out, page, why),
        None => Ok(()),
    }
}

/// The only passage of a hit; the reasons and the text of a letter need no name.
fn passage(out: &mut dyn Write, page: Page, snippet: &Snippet) -> Result<()> {
    if !["rationale", "text", "item"].contains(&snippet.field) {
        writeln!(out, "     {}", page.dim(&format!("in the {}:", snippet.field)))?;
    }
    writeln!(out, "{}", page.marked(&snippet.text, &snippet.marks, 5))
}

/// One passage of several, behind the name of its field, which tells it from the one before.
fn named(out: &mut dyn Write, page: Page, snippet: &Snippet) -> Result<()> {
    let name = format!("{}: ", snippet.field);
    let marks: Vec<_> = snippet.marks.iter().map(|mark| mark.start + name.len()..mark.end + name.len()).collect();
    writeln!(out, "{}", page.marked(&format!("{name}{}", snippet.text), &marks, 5))
}

/// Writes how many decisions match, as programs read it.
pub fn count(out: &mut dyn Write, answer: &Answer) -> Result<()> {
    writeln!(out, "{}", answer.total.decisions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::results::Total;

    #[test]
    fn no_number_is_cut_at_the_edge_of_a_narrow_page() {
        let outcomes = Outcomes { upheld: 12_201, overturned: 1_028, modified: 12, unknown: 3 };
        let empty = Answer {
            query: String::new(),
            read_as: "therapy".into(),
            widened: Vec::new(),
            tree: None,
            notes: Vec::new(),
            index: Total { decisions: 1_234_567, letters: 765_432, unread: 0 },
            new_since: None,
            seen: 1,
            total: Total { decisions: 13_244, letters: 9_876, unread: 21 },
            near: None,
            related: Vec::new(),
            outcomes,
            in_item: None,
            outcome_filter: None,
            any_outcome: Some(outcomes),
            facets: Vec::new(),
            cross: None,
            offset: 0,
            passages: 1,
            hits: Vec::new(),
        };
        for width in 40..120 {
            let mut out = Vec::new();
            answer(&mut out, Page { width, colour: false, rows: 0 }, &empty).unwrap();
            let page = String::from_utf8(out).unwrap();
            assert!(page.lines().all(|line| line.chars().count() <= width), "{width}:\n{page}");
        }
    }

    #[test]
    fn a_rate_says_how_many_of_its_decisions_print_no_outcome() {
        let outcomes = Outcomes { upheld: 5, overturned: 2, modified: 1, unknown: 2 };
        assert_eq!(
            split(&outcomes),
            "5 upheld, 2 overturned, 1 modified, 2 without outcome; \
             overturn rate 20.0 % (2 of 10, 2 without outcome among them; 95 % interval 5.7 to 51.0 %)"
        );
        assert_eq!(overturned(&Outcomes::default()), "no rate");
    }
}
