//! `imr stats`: what the index holds.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use imr::index::Index;
use imr::render::stats as render;
use imr::search::stats::stats;

use super::page;
use crate::cli::{StatsArgs, StatsFormat};
use crate::exit::Exit;

pub fn run(path: &Path, args: &StatsArgs) -> Result<Exit> {
    let stats = stats(&Index::open(path)?)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match args.format {
        StatsFormat::Text => render::page(&mut out, page(), &stats)?,
        StatsFormat::Json => render::json(&mut out, &stats)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}
