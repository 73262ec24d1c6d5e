//! `imr query`: searches and prints the answer.

use std::io::Write;
use std::mem::ManuallyDrop;
use std::path::Path;

use anyhow::{Result, bail};
use imr::field;
use imr::index::Index;
use imr::ingest::Report;
use imr::render::{Page, csv, json, safe, text};
use imr::search::results::{Answer, Total};
use imr::search::{self, Request, Sort};

use super::saved::{self, Asked, Look};
use super::{facets, index, page, parse_query};
use crate::cli::{AnswerFormat, QueryArgs, SortArg};
use crate::exit::Exit;

/// Hits on a page.
const PAGE: usize = 10;

pub fn run(path: &Path, args: &QueryArgs) -> Result<Exit> {
    let asked = saved::asked(path, &args.query)?;
    let watched = if args.new { Some(asked.watched()?) } else { None };
    let name = args.save.as_deref().map(saved::name).transpose()?;
    let mut request = request(args, &asked)?;
    let (index, report) = match args.letters.is_empty() {
        true => {
            // Who reads letters first has threads at work already, and they go on without this one.
            search::join_in();
            (Index::open(path)?, None)
        }
        false => index::once(path, &args.letters, &args.input).map(|(index, report)| (index, Some(report)))?,
    };
    // The system takes all of its files back at once; to close them one by one takes a tenth of what a query does.
    let index = ManuallyDrop::new(index);
    // Whoever neither saves nor watches the query leaves no trace of it.
    let look = if name.is_some() || watched.is_some() { Some(Look::at(&index)?) } else { None };
    let watched = watched.zip(look.as_ref());
    request.new = watched.map(|(saved, look)| look.new_of(saved));
    let complete = |answer: Answer| {
        let mut notes = answer.notes.clone();
        notes.extend(watched.and_then(|(saved, look)| look.note_of(saved)));
        notes.extend(report.as_ref().and_then(|report| others(report, answer.index)));
        if answer.index.letters == 0 {
            // Whatever else was noted is that it is not there.
            notes = vec!["the index is empty; imr index PATH fills it".to_owned()];
        }
        let mut answer = Answer { notes, ..answer };
        answer.arrange(args.arrangement.arrangement());
        answer
    };
    // Before anything is printed: whoever reads it may stop, as `head` does.
    let begin = |answer: &Answer| {
        if let Some((name, look)) = name.zip(look.as_ref()) {
            look.save(name, &asked, args.exact, answer)?;
        }
        // A number alone is piped as a list is.
        let format = if args.count && matches!(args.format, AnswerFormat::Text) { AnswerFormat::Ids } else { args.format };
        told_beside(format, answer)
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut shown = 0;
    let answer = match args.format {
        // What is piped may be all there is: each hit is written as it is found.
        AnswerFormat::Jsonl | AnswerFormat::Ids => {
            let answer = search::search_each(&index, &request, &mut |answer, listed| {
                if shown == 0 {
                    begin(&complete(answer.clone()))?;
                }
                shown += 1;
                match args.format {
                    AnswerFormat::Ids => writeln!(out, "{}", safe::line(&listed.id()?))?,
                    _ => json::hit(&mut out, &listed.hit()?, request.passages)?,
                }
                anyhow::Ok(())
            })?;
            let answer = complete(answer);
            if shown == 0 {
                begin(&answer)?;
            }
            answer
        }
        format => {
            let answer = complete(search::search(&index, &request)?);
            begin(&answer)?;
            shown = answer.hits.len() as u64;
            match format {
                AnswerFormat::Json if args.count => json::count(&mut out, &answer)?,
                _ if args.count => text::count(&mut out, &answer)?,
                AnswerFormat::Json => json::answer(&mut out, &answer)?,
                AnswerFormat::Csv => csv::facets(&mut out, &answer)?,
                _ => text::answer(&mut out, Page { rows: args.arrangement.facet_limit, ..page() }, &answer)?,
            }
            answer
        }
    };
    out.flush()?;
    // Only now: what could not be printed has not been seen.
    if let Some((saved, look)) = watched {
        look.seen(saved, &answer, shown)?;
    }
    let clean = report.is_none_or(|report| report.is_clean());
    Ok(if clean && answer.total.letters + answer.near.unwrap_or(0) > 0 { Exit::Done } else { Exit::Partly })
}

/// Who names letters with a query asks them, and may have forgotten that the index holds others. What failed now may be in the
/// index from before, and is no other.
fn others(report: &Report, index: Total) -> Option<String> {
    let named = report.new + report.replaced + report.unchanged + report.count_copies() + report.count_failed();
    let others = index.letters.checked_sub(named).filter(|others| *others > 0)?;
    let others = imr::render::counted(others, "letter");
    Some(format!("the index also holds {others} not among those named, and counts them; --index DIR names another index"))
}

fn request(args: &QueryArgs, asked: &Asked) -> Result<Request> {
    if args.query.starts_with("--") {
        bail!("no option `{}`; imr query --help lists them", args.query);
    }
    if !args.more.is_empty() {
        bail!("the query is one argument; write: imr query '{} {}'", args.query, args.more.join(" "));
    }
    has_effect(args)?;
    let sort = match args.sort {
        SortArg::Relevance => Sort::Relevance,
        SortArg::Newest => Sort::Newest,
        SortArg::Oldest => Sort::Oldest,
    };
    let (facets, cross) = facets::asked(&args.facet, args.by.as_deref())?;
    // A page is read, a list of ids is piped: half a list without a word would be taken for the whole. Of what is new, nothing
    // may be missed.
    let limit = args.limit.unwrap_or(match args.format {
        _ if args.count => 0,
        AnswerFormat::Csv => 0,
        AnswerFormat::Text | AnswerFormat::Json if !args.new => PAGE,
        _ => usize::MAX,
    });
    // What is piped is counted there, and what is counted must be what was asked for; and what only comes near is no news.
    let read = matches!(args.format, AnswerFormat::Text | AnswerFormat::Json);
    let plain = read && !args.count && imr::query::is_plain(&asked.text);
    let near = plain && !args.strict && !args.new;
    let query = parse_query(&asked.text)?;
    let in_item = plain.then(|| query.clone().in_field(field::find("item"))).filter(|in_item| *in_item != query);
    let exact = args.exact || asked.exact;
    let widened = |query| if exact { query } else { imr::query::widen(query) };
    let passages = if matches!(args.format, AnswerFormat::Ids) { 0 } else { args.snippets.unwrap_or(1).into() };
    Ok(Request {
        query: widened(query),
        text: asked.text.clone(),
        facets,
        cross,
        sort,
        limit,
        offset: args.offset,
        passages,
        near,
        related: !exact,
        new: None,
        explain: args.explain,
        in_item: in_item.map(widened),
    })
}

/// Refuses an option that the format has no place for: whoever gives it would wait for what never comes.
fn has_effect(args: &QueryArgs) -> Result<()> {
    if args.count && !matches!(args.format, AnswerFormat::Text | AnswerFormat::Json) {
        bail!("--count is one number; it goes with --format text and json");
    }
    if matches!(args.format, AnswerFormat::Csv) && args.facet.is_empty() {
        bail!("--format csv has the counts of facets; say of which with --facet FIELD");
    }
    let format = match args.format {
        AnswerFormat::Text | AnswerFormat::Json => return Ok(()),
        AnswerFormat::Jsonl => "jsonl",
        AnswerFormat::Ids => "ids",
        AnswerFormat::Csv => "csv",
    };
    let is_csv = matches!(args.format, AnswerFormat::Csv);
    if !args.facet.is_empty() && !is_csv {
        bail!("--format {format} has no place for --facet; it goes with text, json and csv");
    }
    if args.explain {
        bail!("--format {format} has no place for --explain; it goes with text and json");
    }
    if args.snippets.is_some() && !matches!(args.format, AnswerFormat::Jsonl) {
        bail!("--format {format} has no place for --snippets; it goes with text, json and jsonl");
    }
    Ok(())
}

/// What the answer's format has no room for, on standard error: how the query was read, and what was left out. A list of hits
/// says it only where there is more to it than the words that were written.
fn told_beside(format: AnswerFormat, answer: &Answer) -> Result<()> {
    match format {
        AnswerFormat::Text | AnswerFormat::Json => return Ok(()),
        AnswerFormat::Jsonl | AnswerFormat::Ids if answer.widened.is_empty() && answer.notes.is_empty() => return Ok(()),
        _ => {}
    }
    let mut err = anstream::stderr().lock();
    writeln!(err, "read as: {}", safe::line(&answer.read_as))?;
    for widening in &answer.widened {
        writeln!(err, "also: {}", safe::line(&text::also(widening)))?;
    }
    if answer.new_since.is_some() && matches!(format, AnswerFormat::Csv) {
        writeln!(err, "note: the counts are of the new decisions alone")?;
    }
    for note in &answer.notes {
        writeln!(err, "note: {}", safe::line(note))?;
    }
    let facets = answer.facets.iter().chain(answer.cross.iter().map(|cross| &cross.rows));
    for facet in facets.filter(|facet| facet.few.values > 0) {
        let (few, name) = (facet.few, facet.field.name);
        writeln!(err, "note: {} of {name} with fewer than {} decisions left out", few.values, few.min)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_were_not_named_are_told_and_those_that_failed_are_none() {
        let report = Report { new: 1, unchanged: 2, failed: vec![("a.pdf".into(), "damaged".into())], ..Report::default() };
        let holds = |letters| others(&report, Total { letters, ..Total::default() });
        assert_eq!((holds(3), holds(4)), (None, None));
        assert!(holds(6).is_some_and(|note| note.starts_with("the index also holds 2 letters not among those named")));
    }
}
