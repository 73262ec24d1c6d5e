//! `imr query`: searches and prints the answer.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use imr::field::{self, Field};
use imr::index::Index;
use imr::render::{json, text};
use imr::search::{self, Request, Sort};

use super::saved::{self, Asked, Look};
use super::{index, page, parse_query};
use crate::cli::{AnswerFormat, QueryArgs, SortArg};
use crate::exit::Exit;

/// Hits on a page.
const PAGE: usize = 10;

pub fn run(path: &Path, args: &QueryArgs) -> Result<Exit> {
    let asked = saved::asked(path, &args.query)?;
    let watched = if args.new { Some(asked.watched()?) } else { None };
    let name = args.save.as_deref().map(saved::name).transpose()?;
    let mut request = request(args, &asked)?;
    let mut clean = true;
    let index = match args.letters.is_empty() {
        true => Index::open(path)?,
        false => {
            let (index, report) = index::refresh(path, &args.letters, &args.input)?;
            clean = report.is_clean();
            index
        }
    };
    let look = Look::at(&index)?;
    request.new = watched.map(|saved| look.new_of(saved));
    let mut answer = search::search(&index, &request)?;
    answer.notes.extend(watched.and_then(|saved| look.note_of(saved)));
    if let Some(name) = name {
        look.save(name, &asked, args.exact, &answer)?;
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.format {
        AnswerFormat::Text => text::answer(&mut out, page(), &answer)?,
        AnswerFormat::Json => json::answer(&mut out, &answer)?,
        AnswerFormat::Jsonl => json::lines(&mut out, &answer)?,
        AnswerFormat::Ids => text::ids(&mut out, &answer)?,
    }
    out.flush()?;
    // Only now: what could not be printed has not been seen.
    if let Some(saved) = watched {
        look.seen(saved, &answer)?;
    }
    Ok(if clean && answer.total.letters + answer.near > 0 { Exit::Done } else { Exit::Partly })
}

fn request(args: &QueryArgs, asked: &Asked) -> Result<Request> {
    if args.query.starts_with("--") {
        bail!("no option `{}`; imr query --help lists them", args.query);
    }
    if !args.more.is_empty() {
        bail!("the query is one argument; write: imr query '{} {}'", args.query, args.more.join(" "));
    }
    let sort = match args.sort {
        SortArg::Relevance => Sort::Relevance,
        SortArg::Newest => Sort::Newest,
        SortArg::Oldest => Sort::Oldest,
    };
    let mut facets = Vec::new();
    for name in &args.facet {
        let facet = facet(name)?;
        if !facets.contains(&facet) {
            facets.push(facet);
        }
    }
    // A page is read, a list of ids is piped: half a list without a word would be taken for the whole. Of what is new, nothing
    // may be missed.
    let limit = args.limit.unwrap_or(match args.format {
        AnswerFormat::Text | AnswerFormat::Json if !args.new => PAGE,
        _ => usize::MAX,
    });
    // A bare id cannot say that it is of a near match, and what only comes near is no news.
    let bare = args.new || matches!(args.format, AnswerFormat::Ids);
    let near = !args.strict && !bare && imr::query::is_plain(&asked.text);
    let query = parse_query(&asked.text)?;
    let exact = args.exact || asked.exact;
    let query = if exact { query } else { imr::query::widen(query) };
    let passages = if matches!(args.format, AnswerFormat::Ids) { 0 } else { args.snippets.into() };
    let text = args.query.clone();
    Ok(Request {
        query,
        text,
        facets,
        sort,
        limit,
        offset: args.offset,
        passages,
        near,
        related: !exact,
        new: None,
        explain: args.explain,
    })
}

fn facet(name: &str) -> Result<&'static Field> {
    let names = || field::facets().map(|f| f.name).collect::<Vec<_>>().join(", ");
    match field::find(name) {
        Some(field) if field.facet => Ok(field),
        Some(field) => bail!("the values of `{}` are not counted; facets: {}", field.name, names()),
        None => bail!("no facet `{name}`; facets: {}", names()),
    }
}
