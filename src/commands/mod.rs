//! One file a command: open the parts, call the library, choose a renderer.

use std::io::IsTerminal;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use anyhow::Result;
use imr::error::Error;
use imr::query::ParseError;
use imr::render::Page;

use crate::cli::{Args, Command};
use crate::exit::Exit;

mod check;
mod facets;
mod index;
mod interrupt;
mod parse;
mod paths;
mod query;
mod report;
mod saved;
mod show;
mod similar;
mod stats;
mod watch;

/// Columns where the output is no terminal.
const WIDTH: usize = 100;
/// Values of a facet on a page, where nobody says how many.
const ROWS: usize = 15;

/// Runs the command.
pub fn run(args: Args) -> Result<Exit> {
    let index = args.index.clone();
    match panic::catch_unwind(AssertUnwindSafe(|| dispatched(args))) {
        Ok(done) => done.map_err(|e| located(e, &index)),
        // Of a file that has been changed the engine may make anything.
        Err(panic) => Err(damaged(&index).unwrap_or_else(|| panic::resume_unwind(panic))),
    }
}

fn dispatched(args: Args) -> Result<Exit> {
    match args.command {
        Command::Index(command) => index::run(&args.index, &command),
        Command::Query(command) => query::run(&args.index, &command),
        Command::Show(command) => show::run(&args.index, &command),
        Command::Similar(command) => similar::run(&args.index, &command),
        Command::Saved(command) => saved::run(&args.index, &command),
        Command::Stats(command) => stats::run(&args.index, &command),
        Command::Check(command) => check::run(&args.index, &command),
        Command::Parse(command) => parse::run(&command),
    }
}

/// An error with the place of the index and the remedy, where it comes of an index that is damaged.
fn located(e: anyhow::Error, index: &Path) -> anyhow::Error {
    match e.downcast_ref() {
        Some(Error::Damaged(why)) => told_damaged(index, why),
        Some(Error::Index(_)) => damaged(index).unwrap_or(e),
        _ => e,
    }
}

/// What to say of an index some of whose files are damaged, if some are.
fn damaged(index: &Path) -> Option<anyhow::Error> {
    let files = imr::index::check::damaged_files(index);
    files.first().map(|file| told_damaged(index, &format!("{file} is cut off or has been changed")))
}

fn told_damaged(index: &Path, why: &str) -> anyhow::Error {
    let index = index.display();
    anyhow::anyhow!(
        "the index in {index} is damaged or incomplete ({why}); imr check says more, imr index --rebuild makes it anew"
    )
}

/// An error as the user sees it: one sentence, or a query with the place that is wrong.
pub fn message(e: &anyhow::Error) -> String {
    match e.downcast_ref::<WrongQuery>() {
        Some(wrong) => wrong.to_string(),
        None => told(&format!("error: {}", imr::render::safe::line(&e.to_string()))),
    }
}

/// A query that cannot be read, with its text.
#[derive(Debug)]
struct WrongQuery {
    text: String,
    error: ParseError,
}

impl std::fmt::Display for WrongQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.error.render(&self.text).trim_end())
    }
}

impl std::error::Error for WrongQuery {}

fn parse_query(text: &str) -> Result<imr::query::Query> {
    let today = jiff::Zoned::now().date();
    imr::query::parse(text, today).map_err(|error| WrongQuery { text: text.to_owned(), error }.into())
}

/// A line for standard error, folded where that is a terminal: by itself it would break it in the middle of a word.
fn told(line: &str) -> String {
    let terminal = terminal_size::terminal_size_of(std::io::stderr()).filter(|_| std::io::stderr().is_terminal());
    match terminal {
        Some((width, _)) => Page { width: width.0.into(), colour: false, rows: ROWS }.folded(line, 0),
        None => line.to_owned(),
    }
}

/// How to set a page on standard output.
fn page() -> Page {
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let width = if std::io::stdout().is_terminal() { terminal_size::terminal_size() } else { None };
    Page { width: width.map_or(WIDTH, |(w, _)| w.0.into()), colour, rows: ROWS }
}
