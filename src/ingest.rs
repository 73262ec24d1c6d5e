//! Source to index: reads what has changed, takes it apart on all cores, and hands it to the one writer in a stable order.
//!
//! Nothing that one letter holds can stop a run: a failure, a panic included, becomes a line of the [`Report`].

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::index::{Added, Index, Stamp, Writer};
use crate::source::{self, Input, Options, Source, State};

pub mod batch;
mod columns;
mod fate;
mod prune;
mod reading;
mod rebuild;
mod report;
mod settle;
mod timings;

use batch::Sink;
pub use prune::{Prune, Pruned};
use reading::Ready;
pub use reading::{check, parse, requested};
pub use rebuild::rebuild;
pub use report::{Copy, Report, Unnamed};
use timings::Clock;
pub use timings::{Phase, Spent, Timings};

/// Files that are compared with the index at once.
const COMPARED_AT_ONCE: usize = 1 << 16;
/// What is named of one container that cannot be read, or not whole, and of copies: a file of rows may have millions of them.
const NAMED: u64 = 1000;
/// Letters between two commits where nobody says otherwise, and the time: what a kill can cost.
pub const COMMIT_EVERY: u64 = 100_000;
const COMMIT_AFTER: Duration = Duration::from_secs(300);

/// Where a run tells how far it is.
pub trait Progress {
    /// So many sources are to be read.
    fn start(&self, _sources: u64) {}
    /// So many more are read.
    fn advance(&self, _sources: u64) {}
    /// So many more are to be read, which a container was found to hold.
    fn more(&self, _sources: u64) {}
    /// Whether the run is to end now, with what has been read.
    fn stop(&self) -> bool {
        false
    }
    /// The run waits for another, which the error names.
    fn waits(&self, _why: &Error) {}
}

/// Tells nobody.
impl Progress for () {}

/// How a run is done.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How files of rows are read.
    pub options: Options,
    /// Whether letters are taken out whose files are gone.
    pub prune: Option<Prune>,
    /// Where nothing else can have changed, what has: see [`source::watch`].
    pub changed: Option<BTreeSet<PathBuf>>,
    /// How long another run that writes the index is waited for, beyond a moment.
    pub wait: Option<Duration>,
    /// Letters between two commits.
    pub commit_every: u64,
    /// Whether the report is to say where the time went.
    pub timings: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let options = Options::default();
        Settings { options, prune: None, changed: None, wait: None, commit_every: COMMIT_EVERY, timings: false }
    }
}

/// Brings `index` up to date with the letters in `paths`.
///
/// # Errors
/// Only what concerns the index itself; a letter that cannot be read is in the report.
pub fn run(index: &Index, paths: &[PathBuf], progress: &dyn Progress) -> Result<Report> {
    run_with(index, paths, &Settings::default(), progress)
}

/// The same, done otherwise.
///
/// # Errors
/// Those of [`run`].
pub fn run_with(index: &Index, paths: &[PathBuf], settings: &Settings, progress: &dyn Progress) -> Result<Report> {
    update(index, paths, settings, progress).map_err(|e| index.explained(e))
}

fn update(index: &Index, paths: &[PathBuf], settings: &Settings, progress: &dyn Progress) -> Result<Report> {
    let clock = Clock::start(settings.timings);
    let options = &settings.options;
    // What is found is to be as it is when it is read.
    let opened = waiting(settings.wait, progress, |go_on| Writer::open_when_free(index, go_on))?;
    let Some(writer) = opened else {
        return Ok(Report { stopped: true, ..Report::default() });
    };
    let found = clock.alone(Phase::Find, || match &settings.changed {
        Some(changed) => source::among(changed, paths, index.path(), options),
        None => source::find(paths, index.path(), options),
    });
    let mut report = Report { skipped: found.skipped, ..Report::default() };
    report.failed.extend(found.failed.into_iter().map(|(path, why)| (path, reason(&why))));
    let mut run = Run::new(writer, report, progress, &clock, settings.commit_every);
    let due = clock.alone(Phase::Compare, || run.due(found.inputs))?;
    progress.start(due.len() as u64);
    let maker = run.writer.maker();
    let work = |source: &Source| reading::ready(source, &maker, &clock);
    batch::read(&due, options, &work, &mut run)?;
    // Room for the segments that are merged now.
    drop(due);
    run.report.stopped = progress.stop();
    if !run.report.stopped {
        if let Some(how) = settings.prune {
            match &settings.changed {
                Some(changed) => run.prune(changed, how)?,
                None => run.prune(paths, how)?,
            }
        }
        run.settle(&found.roots, options)?;
    }
    let mut report = run.report;
    if run.dirty {
        let mut writer = run.writer;
        clock.time(Phase::Commit, || writer.commit())?;
        clock.alone(Phase::Merge, || writer.close())?;
    }
    report.timings = clock.stop();
    Ok(report)
}

/// What `open` opens once no other run writes the index; `None` if this one is to end before. `open` asks again and again whether to
/// wait.
fn waiting<T>(
    wait: Option<Duration>,
    progress: &dyn Progress,
    open: impl FnOnce(&mut dyn FnMut(Error) -> bool) -> Result<Option<T>>,
) -> Result<Option<T>> {
    let (began, mut busy) = (Instant::now(), None);
    let opened = open(&mut |why| {
        let waits = !progress.stop() && wait.is_some_and(|most| began.elapsed() < most);
        if waits && busy.is_none() {
            progress.waits(&why);
        }
        busy = Some(why);
        waits
    })?;
    match (opened, busy) {
        (None, Some(busy)) if !progress.stop() => Err(busy),
        (opened, _) => Ok(opened),
    }
}

/// A run under way.
struct Run<'a> {
    writer: Writer,
    report: Report,
    progress: &'a dyn Progress,
    clock: &'a Clock,
    commit_every: u64,
    since_commit: u64,
    last_commit: Instant,
    /// There is something to commit.
    dirty: bool,
    /// A container is being read.
    within: bool,
    /// Letters read of it.
    read: u64,
    /// What of it could not be read.
    faults: u64,
    /// What of it was not read whole.
    partial: u64,
}

fn stamp(state: State) -> Stamp {
    Stamp { size: state.size, changed: state.changed, options: state.options }
}

impl<'a> Run<'a> {
    fn new(writer: Writer, report: Report, progress: &'a dyn Progress, clock: &'a Clock, commit_every: u64) -> Self {
        let (since_commit, last_commit) = (0, Instant::now());
        let (dirty, within, read, faults, partial) = (false, false, 0, 0, 0);
        Run { writer, report, progress, clock, commit_every, since_commit, last_commit, dirty, within, read, faults, partial }
    }

    /// A letter has been written.
    fn wrote(&mut self) -> Result<()> {
        self.dirty = true;
        self.since_commit += 1;
        if self.since_commit >= self.commit_every || self.last_commit.elapsed() >= COMMIT_AFTER {
            self.clock.time(Phase::Commit, || self.writer.commit())?;
            (self.since_commit, self.last_commit) = (0, Instant::now());
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Leaves of the files those that are to be opened.
    fn due(&mut self, found: Vec<Input>) -> Result<Vec<Input>> {
        let mut due = Vec::new();
        let mut found = found.into_iter();
        loop {
            let inputs: Vec<_> = found.by_ref().take(COMPARED_AT_ONCE).collect();
            if inputs.is_empty() {
                return Ok(due);
            }
            let asked: Vec<_> = inputs.iter().map(|input| (input.id(), stamp(input.state))).collect();
            let current: HashSet<usize> = self.writer.current(&asked)?.into_iter().collect();
            self.report.unchanged += current.len() as u64;
            for (place, input) in inputs.into_iter().enumerate() {
                let is_current = current.contains(&place) || input.is_container() && self.is_current_container(&input)?;
                due.extend((!is_current).then_some(input));
            }
        }
    }

    /// Whether a container need not be opened. What could not be read when it was is told again.
    fn is_current_container(&mut self, input: &Input) -> Result<bool> {
        let Some(faults) = self.writer.faults_of(&input.id(), stamp(input.state))? else { return Ok(false) };
        self.report.unchanged += self.writer.members(&input.id())?;
        if faults > 0 {
            let why = format!("unchanged since it was read, when {faults} of it could not be read; change it to read it again");
            self.report.partial.push((input.name(), why));
        }
        Ok(true)
    }
}

/// An error without the path that the report names anyway.
fn reason(error: &Error) -> String {
    match error {
        Error::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

impl Sink for Run<'_> {
    type Error = Error;
    type Read = Ready;

    fn wants(&mut self, source: &Source) -> Result<bool> {
        self.progress.more(1);
        let current = self.writer.is_current(&source.id, stamp(source.state))?;
        if current {
            // A run that was killed had come so far.
            self.report.unchanged += 1;
            self.progress.advance(1);
        }
        Ok(!current)
    }

    fn begin(&mut self, container: &Input) -> Result<()> {
        (self.within, self.read, self.faults, self.partial) = (true, 0, 0, 0);
        self.writer.begin(&container.id(), stamp(container.state));
        Ok(())
    }

    fn letter(&mut self, source: &Source, outcome: Result<Self::Read>) -> Result<()> {
        self.progress.advance(1);
        let Ready { documents, partial } = match outcome {
            Ok(read) => read,
            Err(e) => {
                self.faults += 1;
                self.writer.keep(&source.id, stamp(source.state))?;
                if !self.within || self.faults <= NAMED {
                    self.report.failed.push((source.name.clone(), reason(&e)));
                }
                return Ok(());
            }
        };
        self.read += 1;
        self.dirty = true;
        let (key, decisions) = (documents.key.clone(), documents.decisions);
        let moved = self.let_go_of_gone(&key, &source.id)?;
        let clock = self.clock;
        match clock.time(Phase::Write, || self.writer.add(&source.id, stamp(source.state), documents))? {
            Added::Copy { .. } if self.report.copies.len() as u64 >= NAMED => self.report.more_copies += 1,
            Added::Copy { kept, other } => self.report.copies.push(Copy { letter: key, kept, other }),
            added => {
                let new = added == Added::New && !moved;
                *if new { &mut self.report.new } else { &mut self.report.replaced } += 1;
                self.report.decisions += decisions;
            }
        }
        self.partial += u64::from(partial.is_some());
        let named = !self.within || self.partial <= NAMED;
        self.report.partial.extend(partial.filter(|_| named).map(|why| (source.name.clone(), why)));
        self.wrote()
    }

    fn stopped(&self) -> bool {
        self.progress.stop()
    }

    fn passed_over(&mut self, counted: String) {
        *self.report.skipped.entry(counted).or_default() += 1;
    }

    fn end(&mut self, container: &Input, outcome: Result<()>) -> Result<()> {
        self.progress.advance(1);
        self.within = false;
        let [failed, partial] = [self.faults, self.partial].map(|count| count.saturating_sub(NAMED));
        if failed + partial > 0 {
            self.report.unnamed.push(Unnamed { container: container.name(), failed, partial });
        }
        let whole = outcome.is_ok();
        if let Err(e) = outcome {
            self.faults += 1;
            self.report.failed.push((container.name(), reason(&e)));
        }
        if whole || self.read > 0 {
            self.dirty = true;
            self.report.removed += self.writer.end(&container.id(), stamp(container.state), self.faults, whole)?;
        }
        Ok(())
    }
}
