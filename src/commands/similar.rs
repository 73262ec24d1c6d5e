//! `imr similar`: the decisions most like one, or like a file.

use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use imr::error::Error;
use imr::index::Index;
use imr::ingest;
use imr::record::{Layout, Letter};
use imr::render::{safe, similar as render};
use imr::search::lookup::{self, Id};
use imr::search::results::similar::Subject;
use imr::search::similar::{Request, similar};
use imr::source::limits::Limits;
use imr::source::{Held, Input, Options, Source, State};

use super::{page, parse_query};
use crate::cli::{SimilarArgs, SimilarFormat};
use crate::exit::Exit;

/// Hits on a page, for each decision.
const PAGE: usize = 10;

pub fn run(path: &Path, args: &SimilarArgs) -> Result<Exit> {
    let request = request(args)?;
    let index = Index::open(path)?;
    let subjects = match Named::of(&args.subject)? {
        Named::Id(id) => match in_index(&index, &id)? {
            Ok(subjects) => subjects,
            Err(why) => {
                anstream::eprintln!("{}", safe::line(&why));
                return Ok(Exit::Partly);
            }
        },
        Named::File(source) => in_file(&source)?,
    };
    let answers = subjects.into_iter().map(|subject| similar(&index, subject, &request)).collect::<Result<Vec<_>, Error>>()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.format {
        SimilarFormat::Text => render::text(&mut out, page(), &answers)?,
        SimilarFormat::Json => render::json(&mut out, &answers)?,
        SimilarFormat::Jsonl => render::lines(&mut out, &answers)?,
        SimilarFormat::Ids => render::ids(&mut out, &answers)?,
    }
    out.flush()?;
    Ok(if answers.iter().all(|answer| answer.nearest.found == 0) { Exit::Partly } else { Exit::Done })
}

fn request(args: &SimilarArgs) -> Result<Request> {
    let a_page = matches!(args.format, SimilarFormat::Text | SimilarFormat::Json);
    if args.contrast && !a_page {
        bail!("--contrast answers as text or json; leave out --format, or write --format json");
    }
    let nearest = args.nearest as usize;
    let limit = match (args.contrast, a_page) {
        (true, _) => 0,
        (false, true) => PAGE,
        (false, false) => nearest,
    };
    Ok(Request {
        among: args.among.as_deref().map(parse_query).transpose()?.map(imr::query::widen),
        nearest,
        limit: args.limit.unwrap_or(limit),
        offset: args.offset,
        same_letter: args.same_letter,
        contrast: args.contrast,
    })
}

/// What the argument names.
enum Named {
    Id(Id),
    File(Source),
}

impl Named {
    fn of(name: &str) -> Result<Named> {
        if name == "-" {
            return standard_input().map(Named::File);
        }
        if is_id(name) {
            return Ok(Named::Id(name.parse().map_err(|why: String| anyhow!(why))?));
        }
        let path = Path::new(name);
        if path.is_dir() {
            bail!("{} is a folder; name one file in it", safe::line(name));
        }
        if !path.exists() {
            bail!("`{}` is neither the id of a decision, as CM16-0247255#2, nor a file", safe::line(name));
        }
        let options = Options::default();
        let input = Input::named(path, &options)?;
        if input.is_container() {
            bail!("{} holds many letters; name one file, or the id of a decision", safe::line(name));
        }
        Ok(Named::File(input.letter(&options)))
    }
}

/// Whether a name has the form of a case number, or of what stands for it where a letter has none.
fn is_id(name: &str) -> bool {
    let letter = name.split('#').next().unwrap_or(name).to_ascii_uppercase();
    let case = letter.strip_prefix("CM").map(|rest| rest.replacen('-', "", 1));
    let is_case = case.is_some_and(|rest| (7..=9).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_digit()));
    let digest = letter.strip_prefix('T').is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_hexdigit()));
    is_case || digest
}

fn standard_input() -> Result<Source> {
    let mut bytes = Vec::new();
    let limit = Limits::default().letter;
    std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes).context("standard input")?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLong { limit }).context("standard input");
    }
    let state = State { size: bytes.len() as u64, changed: 0, options: 0 };
    Ok(Source { name: "standard input".into(), id: "-".into(), state, held: Held::Bytes(bytes) })
}

/// The decisions of a letter in the index, or the one that the id names; a sentence if there is none.
fn in_index(index: &Index, id: &Id) -> Result<Result<Vec<Subject>, String>> {
    let view = index.view()?;
    let Some(letter) = lookup::letter(index, &view, &id.letter)? else {
        return Ok(Err(format!("no letter {} in the index in {}", id.letter, index.path().display())));
    };
    let key = letter.key();
    let mut subjects = Subject::all(&letter, &key);
    if let Some(number) = id.number {
        subjects.retain(|s| s.letter.decisions.iter().any(|d| d.number == number));
        if subjects.is_empty() {
            let all = imr::render::counted(letter.decisions.len() as u64, "decision");
            return Ok(Err(format!("{key} has {all}, no #{number}")));
        }
    }
    Ok(Ok(subjects))
}

/// The decisions of the letter in a file; of another text the treatments that it asks for, or itself.
fn in_file(source: &Source) -> Result<Vec<Subject>> {
    let (mut letter, mut warnings): (Letter, _) = ingest::parse(source).map_err(|e| anyhow!("{}: {e}", source.name))?;
    if letter.text.is_some() && !letter.decisions.is_empty() {
        warnings.push("it holds more than one letter; only the decisions of the first are compared".into());
    }
    for warning in warnings {
        anstream::eprintln!("warning: {}: {}", safe::line(&source.name), safe::line(&warning));
    }
    let key = letter.key();
    if letter.layout == Layout::Unknown && letter.decisions.is_empty() {
        letter.decisions = ingest::requested(source).map_err(|e| anyhow!("{}: {e}", source.name))?;
        return Ok(Subject::requested(&letter, &key));
    }
    Ok(Subject::all(&letter, &key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_an_id_by_its_form() {
        for id in ["CM16-0247255", "cm16-0247255#2", "CM160247255", "TD91274EDC079B3BB#1", "CM16-0247255#x"] {
            assert!(is_id(id), "{id}");
        }
        for file in ["CM16-0247255.pdf", "./CM16-0247255", "rfa.txt", "TD91274", "CM", "", "CM16-02472551111"] {
            assert!(!is_id(file), "{file}");
        }
    }
}
