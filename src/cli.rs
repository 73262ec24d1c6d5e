//! The command line as typed. What it resolves to is made by the commands.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use imr::search::results::{Arrangement, Order};
use imr::source::limits::Limits;

mod size;

use size::size;

/// Find and count California independent medical review (IMR) decisions.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 found or done, 1 nothing found, some letters not read or an index that is not whole, 2 error."
)]
pub struct Args {
    /// Folder of the index
    #[arg(long, global = true, env = "IMR_INDEX", hide_env_values = true, default_value = "index", value_name = "DIR")]
    pub index: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands. What each takes is told the parser only when it is asked for; a `///` on the arguments would then take the place of
/// what is said of the command here.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Read letters (folders, files, archives) into the index; what has not changed is not read again
    Index(IndexArgs),
    /// Search: decisions that match, how many were overturned, and why each matched
    #[command(visible_alias = "search")]
    Query(QueryArgs),
    /// Print a letter (CM16-0247255) or a decision of it (CM16-0247255#2)
    Show(ShowArgs),
    /// Decisions most like one, or like a file: a letter, a request for authorization, a report, a denial
    Similar(SimilarArgs),
    /// List the saved queries, or forget some
    Saved(SavedArgs),
    /// What the index holds, how full each field is, and what was doubtful in reading it
    Stats(StatsArgs),
    /// Check that the index is whole: every file as it was written, every letter readable, every count right
    Check(CheckArgs),
    /// Take letters apart into records, one JSON object a line; needs no index
    Parse(ParseArgs),
}

// Arguments of every command that reads letters.
#[derive(Debug, ClapArgs)]
pub struct InputArgs {
    /// The field of JSONL, or the column of CSV, that holds the text of a letter
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub text_field: String,
    /// Paths on standard input are ended by NUL, not by a line end
    #[arg(short = '0', long)]
    pub null: bool,
    /// The largest letter that is read, unpacked: bytes, or 500K, 16M, 1G
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size)]
    pub max_letter: u64,
    /// How many times its own size an archive, or a packed file of rows, may unpack to
    #[arg(long, value_name = "N", default_value_t = Limits::default().ratio, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_ratio: u64,
}

impl InputArgs {
    /// How files are read.
    pub fn options(&self) -> imr::source::Options {
        let limits = Limits { letter: self.max_letter, ratio: self.max_ratio };
        imr::source::Options { text_field: self.text_field.clone(), limits }
    }
}

// Arguments of `imr index`.
#[derive(Debug, ClapArgs)]
#[command(after_help = INPUT_HELP)]
pub struct IndexArgs {
    /// Folders and files; - for a list of paths on standard input
    #[arg(required_unless_present = "rebuild")]
    pub paths: Vec<PathBuf>,
    /// How they are read.
    #[command(flatten)]
    pub input: InputArgs,
    /// Make the index anew: from PATH and the files that it knows, and where these are gone, from what it stores of them; it stays as
    /// it is until the new one is whole
    #[arg(long, conflicts_with_all = ["prune", "watch"])]
    pub rebuild: bool,
    /// Take out letters of these paths whose files are gone; =folders: also where the whole folder is gone or empty
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "files")]
    pub prune: Option<PruneArg>,
    /// Go on until interrupted, and read what comes or changes: docs/keeping_fresh.md
    #[arg(long)]
    pub watch: bool,
    /// Letters between two commits: what is committed is found at once, and no kill can take it
    #[arg(long, value_name = "N", default_value_t = imr::ingest::COMMIT_EVERY, value_parser = clap::value_parser!(u64).range(1..))]
    pub commit_every: u64,
    /// Wait for another imr that writes the index, at most so many seconds if they are given
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true)]
    pub wait: Option<Option<u64>>,
    /// Say where the time went
    #[arg(long)]
    pub timings: bool,
}

/// `--prune`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PruneArg {
    /// Files that are gone from a folder that is there
    Files,
    /// And folders that are gone or empty
    Folders,
}

impl IndexArgs {
    /// How the run is done.
    pub fn settings(&self) -> imr::ingest::Settings {
        let prune = self.prune.map(|what| match what {
            PruneArg::Files => imr::ingest::Prune::Files,
            PruneArg::Folders => imr::ingest::Prune::Folders,
        });
        let wait = self.wait.map(|most| most.map_or(Duration::MAX, Duration::from_secs));
        let options = self.input.options();
        imr::ingest::Settings { options, prune, changed: None, wait, commit_every: self.commit_every, timings: self.timings }
    }
}

// Arguments of `imr query`.
#[derive(Debug, ClapArgs)]
#[command(after_help = QUERY_HELP)]
pub struct QueryArgs {
    /// The query, as one argument: 'physical therapy AND overturned', or @NAME for a saved one
    #[arg(allow_hyphen_values = true)]
    pub query: String,
    /// What stands behind it if it was not quoted; told from the options to be answered with how to write it.
    #[arg(hide = true)]
    pub more: Vec<String>,
    /// Bring the index up to date with these letters first
    #[arg(long, value_name = "PATH")]
    pub letters: Vec<PathBuf>,
    /// How they are read.
    #[command(flatten)]
    pub input: InputArgs,
    /// Count the values of a field among the matches, with the overturn rate of each; `all` for every field; may be given
    /// several times
    #[arg(long, value_name = "FIELD")]
    pub facet: Vec<String>,
    /// Count the values of the facet (rows) against those of this field (columns)
    #[arg(long, value_name = "FIELD", requires = "facet")]
    pub by: Option<String>,
    /// How the facets are shown.
    #[command(flatten)]
    pub arrangement: FacetArgs,
    /// Print only how many decisions match
    #[arg(long, conflicts_with_all = ["facet", "limit", "offset", "snippets", "explain", "sort", "new"])]
    pub count: bool,
    /// Hits to show [default: 10; all for jsonl, ids and --new]
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,
    /// Hits to pass over
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub offset: usize,
    /// Passages to show of each hit, at most 20; together they show most of the query [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..=20))]
    pub snippets: Option<u8>,
    /// Only hits that hold every word: no near matches for plain words
    #[arg(long)]
    pub strict: bool,
    /// Only words as written: no abbreviations, brands or other spellings of them
    #[arg(long)]
    pub exact: bool,
    /// Say how the query was read, part by part, and why each hit matched: what each word adds to its score
    #[arg(long)]
    pub explain: bool,
    /// Save the query by this name: imr query @NAME runs it
    #[arg(long, value_name = "NAME", conflicts_with = "new")]
    pub save: Option<String>,
    /// Of a saved query, only what came into the index since it was last run with --new, or saved; all of it, no near matches
    #[arg(long)]
    pub new: bool,
    /// Order of the hits
    #[arg(long, value_enum, default_value_t = SortArg::Relevance)]
    pub sort: SortArg,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
}

// How facets are shown.
#[derive(Debug, ClapArgs)]
pub struct FacetArgs {
    /// Leave out the values of a facet that fewer decisions have
    #[arg(long, default_value_t = 0, value_name = "N", hide_default_value = true)]
    pub min_decisions: u64,
    /// Order of a facet's values [default: count; value for years and ages]
    #[arg(long, value_enum)]
    pub facet_sort: Option<FacetSortArg>,
    /// Values of a facet to show on a page; 0 for all
    #[arg(long, default_value_t = 15, value_name = "N")]
    pub facet_limit: usize,
}

impl FacetArgs {
    /// The same for the library.
    pub fn arrangement(&self) -> Arrangement {
        let order = self.facet_sort.map(|sort| match sort {
            FacetSortArg::Count => Order::Count,
            FacetSortArg::Rate => Order::Rate,
            FacetSortArg::Value => Order::Value,
        });
        Arrangement { order, min: self.min_decisions }
    }
}

// Arguments of `imr show`.
#[derive(Debug, ClapArgs)]
pub struct ShowArgs {
    /// A case number, or a case number, # and the decision's number
    pub id: String,
    /// Mark what this query matches
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
}

// Arguments of `imr saved`.
#[derive(Debug, ClapArgs)]
pub struct SavedArgs {
    /// Forget the query of this name
    #[arg(long, value_name = "NAME")]
    pub forget: Vec<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = SavedFormat::Text)]
    pub format: SavedFormat,
}

// Arguments of `imr similar`.
#[derive(Debug, ClapArgs)]
#[command(after_help = SIMILAR_HELP)]
pub struct SimilarArgs {
    /// A decision (CM16-0247255#2), a letter (all its decisions), or a file; - for standard input
    #[arg(value_name = "ID|FILE")]
    pub subject: String,
    /// Only decisions that match this query
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    pub among: Option<String>,
    /// Set the nearest overturned decisions against the nearest upheld ones
    #[arg(long)]
    pub contrast: bool,
    /// How many of the most similar decisions the outcomes are counted of; --contrast compares half as many of each outcome
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub nearest: u32,
    /// Do not leave out other decisions of the same letter
    #[arg(long)]
    pub same_letter: bool,
    /// Hits to show for each decision [default: 10; none with --contrast; those of --nearest for jsonl and ids]
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,
    /// Hits to pass over
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub offset: usize,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = SimilarFormat::Text)]
    pub format: SimilarFormat,
}

// Arguments of `imr stats`.
#[derive(Debug, ClapArgs)]
pub struct StatsArgs {
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = StatsFormat::Text)]
    pub format: StatsFormat,
}

// Arguments of `imr check`.
#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = StatsFormat::Text)]
    pub format: StatsFormat,
}

// Arguments of `imr parse`.
#[derive(Debug, ClapArgs)]
#[command(after_help = INPUT_HELP)]
pub struct ParseArgs {
    /// Files and folders; - for a list of paths on standard input
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// How they are read.
    #[command(flatten)]
    pub input: InputArgs,
    /// Check the records against the letters, and print what is wrong instead of them
    #[arg(long)]
    pub check: bool,
    /// Form of what --check prints: a line a finding, or a JSON object a letter with findings
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, requires = "check")]
    pub format: CheckFormat,
    /// Say for each decision which term or rule chose its category, body regions and drugs
    #[arg(long, conflicts_with = "check")]
    pub explain: bool,
}

/// `--sort`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SortArg {
    /// The best match first
    Relevance,
    /// The latest decision first
    Newest,
    /// The earliest decision first
    Oldest,
}

/// `--facet-sort`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FacetSortArg {
    /// The most decisions first
    Count,
    /// The highest overturn rate first
    Rate,
    /// By the value itself
    Value,
}

/// `--format` of an answer.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AnswerFormat {
    /// A page to read
    Text,
    /// One JSON object with everything
    Json,
    /// One JSON object a hit
    Jsonl,
    /// One id a line
    Ids,
    /// The counts of --facet, one a line, for a spreadsheet
    Csv,
}

/// `--format` of a list of similar decisions.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SimilarFormat {
    /// A page to read
    Text,
    /// One JSON object with everything
    Json,
    /// One JSON object a hit
    Jsonl,
    /// One id a line
    Ids,
}

/// `--format` of a letter.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ShowFormat {
    /// A page to read
    Text,
    /// The record as JSON
    Json,
}

/// `--format` of a check's findings.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum CheckFormat {
    /// A line a finding
    Text,
    /// A JSON object a letter with findings
    Json,
}

/// `--format` of the saved queries.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SavedFormat {
    /// A page to read
    Text,
    /// One JSON object a query
    Jsonl,
}

/// `--format` of the statistics, and of the check of an index.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum StatsFormat {
    /// A page to read
    Text,
    /// One JSON object
    Json,
}

const INPUT_HELP: &str = "\
Letters are .pdf, .txt and .html files, each also as .gz or .zst; .zip, .tar, .tar.gz and .tar.zst archives of them; and .jsonl
and .csv files, when named, with the text in one field. What each takes, and all limits: docs/inputs.md";

const SIMILAR_HELP: &str = "\
A file may be .pdf, .txt or .html. An IMR letter is compared decision by decision, whether it is in the index or not; any other text
as a whole. What has the form of a case number is one; for a file of that name write ./NAME. How it works: docs/similar.md";

const QUERY_HELP: &str = "\
Query:
  physical therapy AND overturned    both words, and the outcome
  \"home exercise program\" upheld     a phrase as written
  (mri OR ct) lumbar -contrast       alternatives, exclusion
  item:acupuncture specialty:pain    words in a field; a field's value
  age:40..60 decided:2016-12..       ranges, ends included
  functional /5 improvement          within 5 words; +3 in order, /s same sentence, /p paragraph
  hydrocod*  opiod~1                 beginning of a word; a word spelt like that
  *                                  everything
  @esi overturned                    a saved query (imr query --save esi QUERY), and more
The whole language: docs/query_syntax.md; what is counted, and of what the rates are: docs/facets.md";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_that_help_shows_are_those_of_the_library() {
        let args = Args::try_parse_from(["imr", "index", "x"]).unwrap();
        let Command::Index(index) = args.command else { panic!("another command") };
        assert_eq!(index.input.options().limits, Limits::default());
    }
}
