//! Reads files in batches: taken apart on all cores, handed on in their order. While one is taken apart, the one before it is
//! handed on, so that no core waits for the other. What a batch may hold bounds the memory that a container takes, however large
//! it is.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::reading::panicked;
use crate::error::{Error, Result};
use crate::source::{Input, Options, Seen, Source};

/// Letters of a batch: enough to keep the cores busy, few enough to keep memory small.
const LETTERS: usize = 256;
/// Bytes of the letters of a batch.
const BYTES: usize = 32 << 20;

/// Where letters go: into the index, or to standard output.
pub trait Sink {
    /// What can go wrong there.
    type Error: From<Error>;
    /// What is wanted of a letter.
    type Read: Send;

    /// Whether this member of a container is to be read.
    fn wants(&mut self, _source: &Source) -> Result<bool, Self::Error> {
        Ok(true)
    }

    /// The letters that follow are this container's.
    fn begin(&mut self, _container: &Input) -> Result<(), Self::Error> {
        Ok(())
    }

    /// What a letter gave, or why it could not be read.
    fn letter(&mut self, source: &Source, outcome: Result<Self::Read>) -> Result<(), Self::Error>;

    /// Whether no more is to be read; of a container that is being read its end is then not told.
    fn stopped(&self) -> bool {
        false
    }

    /// A member that is no letter by its name.
    fn passed_over(&mut self, _counted: String) {}

    /// The container has been read; an error says where it broke off.
    fn end(&mut self, _container: &Input, _outcome: Result<()>) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// What is done to a letter, on any core.
type Work<'w, S> = &'w (dyn Fn(&Source) -> Result<<S as Sink>::Read> + Sync);

/// Does `work` on the letters of `inputs`, and hands on what it gives in their order.
///
/// # Errors
/// Those of the sink.
pub fn read<S: Sink>(inputs: &[Input], options: &Options, work: Work<'_, S>, sink: &mut S) -> Result<(), S::Error> {
    let mut batch = Batch { steps: Vec::new(), bytes: 0, read: Vec::new() };
    for input in inputs {
        if sink.stopped() {
            break;
        }
        if !input.is_container() {
            batch.push(Step::Letter(input.letter(options)), work, sink)?;
            continue;
        }
        batch.push(Step::Begin(input), work, sink)?;
        let mut refused = None;
        let mut visit = |seen: Seen| {
            let taken = match seen {
                Seen::PassedOver(counted) => {
                    sink.passed_over(counted);
                    Ok(())
                }
                Seen::Letter(source) => match sink.wants(&source) {
                    Ok(true) => batch.push(Step::Letter(source), work, sink),
                    Ok(false) => Ok(()),
                    Err(e) => Err(e),
                },
            };
            refused = taken.err();
            if refused.is_some() || sink.stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| input.each(options, &mut visit)));
        let outcome = outcome.unwrap_or_else(|panic| Err(panicked(&*panic)));
        if let Some(e) = refused {
            return Err(e);
        }
        if sink.stopped() {
            break;
        }
        batch.push(Step::End(input, outcome), work, sink)?;
    }
    batch.flush(work, sink)?;
    batch.flush(work, sink)
}

enum Step<'a> {
    Begin(&'a Input),
    Letter(Source),
    End(&'a Input, Result<()>),
}

struct Batch<'a, R> {
    steps: Vec<Step<'a>>,
    bytes: usize,
    /// The batch before, taken apart, which is still to be handed on.
    read: Vec<(Step<'a>, Option<Result<R>>)>,
}

impl<'a, R: Send> Batch<'a, R> {
    fn push<S: Sink<Read = R>>(&mut self, step: Step<'a>, work: Work<'_, S>, sink: &mut S) -> Result<(), S::Error> {
        if let Step::Letter(source) = &step {
            self.bytes += source.held.size();
        }
        self.steps.push(step);
        if self.steps.len() >= LETTERS || self.bytes >= BYTES { self.flush(work, sink) } else { Ok(()) }
    }

    fn flush<S: Sink<Read = R>>(&mut self, work: Work<'_, S>, sink: &mut S) -> Result<(), S::Error> {
        self.bytes = 0;
        let steps = std::mem::take(&mut self.steps);
        let before = std::mem::take(&mut self.read);
        let read = &mut self.read;
        // The sink is used by this thread alone.
        rayon::in_place_scope(|scope| {
            scope.spawn(move |_| *read = steps.into_par_iter().map(|step| taken_apart(step, work)).collect());
            hand_on(before, sink)
        })
    }
}

fn taken_apart<'a, R>(step: Step<'a>, work: &(dyn Fn(&Source) -> Result<R> + Sync)) -> (Step<'a>, Option<Result<R>>) {
    let read = match &step {
        Step::Letter(source) => Some(work(source)),
        Step::Begin(_) | Step::End(..) => None,
    };
    (step, read)
}

fn hand_on<S: Sink>(read: Vec<(Step<'_>, Option<Result<S::Read>>)>, sink: &mut S) -> Result<(), S::Error> {
    for (step, read) in read {
        match (step, read) {
            (Step::Letter(source), Some(outcome)) => sink.letter(&source, outcome)?,
            (Step::Begin(input), _) => sink.begin(input)?,
            (Step::End(input, outcome), _) => sink.end(input, outcome)?,
            (Step::Letter(_), None) => {}
        }
    }
    Ok(())
}
