//! `imr show`: prints a letter or a decision.

use std::io::Write;
use std::path::Path;

use anyhow::anyhow;
use imr::index::Index;
use imr::record::Letter;
use imr::render::{json, letter, safe};
use imr::search::lookup::{self, Id};
use imr::search::marks::Marker;

use super::{page, parse_query, saved};
use crate::cli::{ShowArgs, ShowFormat};
use crate::exit::Exit;

pub fn run(path: &Path, args: &ShowArgs) -> anyhow::Result<Exit> {
    let id: Id = args.id.parse().map_err(|why: String| anyhow!(why))?;
    let marker = match &args.query {
        Some(text) => {
            let asked = saved::asked(path, text)?;
            let query = parse_query(&asked.text)?;
            Marker::of(&if asked.exact { query } else { imr::query::widen(query) })
        }
        None => Marker::default(),
    };
    let index = Index::open(path)?;
    let view = index.view()?;
    let Some(found) = lookup::letter(&index, &view, &id.letter)? else {
        let sentence = format!("no letter {} in the index in {}", id.letter, path.display());
        anstream::eprintln!("{}", safe::line(&sentence));
        return Ok(Exit::Partly);
    };
    let shown = match id.number {
        None => found,
        Some(number) => match only(found, number) {
            Ok(shown) => shown,
            Err(why) => {
                anstream::eprintln!("{}", safe::line(&why));
                return Ok(Exit::Partly);
            }
        },
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.format {
        ShowFormat::Text => letter::letter(&mut out, page(), &shown, &|field, text| marker.marks(field, text))?,
        ShowFormat::Json => json::line(&mut out, &shown)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// The letter with that decision alone; a sentence if it has no such decision.
fn only(letter: Letter, number: u32) -> Result<Letter, String> {
    let all = letter.decisions.len();
    let decisions: Vec<_> = letter.decisions.into_iter().filter(|d| d.number == number).collect();
    if decisions.is_empty() {
        let name = letter.case_number.as_deref().unwrap_or("the letter");
        return Err(format!("{name} has {}, no #{number}", imr::render::counted(all as u64, "decision")));
    }
    Ok(Letter { decisions, ..letter })
}
