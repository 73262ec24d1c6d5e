//! Reads files in batches: taken apart on all cores, handed on in their order. What a batch may hold bounds the memory that a
//! container takes, however large it is.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::reading::panicked;
use crate::error::{Error, Result};
use crate::source::{Input, Options, Seen, Source};

/// Letters taken apart at once before they are handed on: enough to keep the cores busy, few enough to keep memory small.
const LETTERS: usize = 512;
/// Bytes of letters that are held at once.
const BYTES: usize = 64 << 20;

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
    let mut batch = Batch { steps: Vec::new(), bytes: 0 };
    for input in inputs {
        if sink.stopped() {
            break;
        }
        if !input.is_container() {
            batch.push(Step::Letter(input.letter()), work, sink)?;
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
    batch.flush(work, sink)
}

enum Step<'a> {
    Begin(&'a Input),
    Letter(Source),
    End(&'a Input, Result<()>),
}

struct Batch<'a> {
    steps: Vec<Step<'a>>,
    bytes: usize,
}

impl<'a> Batch<'a> {
    fn push<S: Sink>(&mut self, step: Step<'a>, work: Work<'_, S>, sink: &mut S) -> Result<(), S::Error> {
        if let Step::Letter(source) = &step {
            self.bytes += source.held.size();
        }
        self.steps.push(step);
        if self.steps.len() >= LETTERS || self.bytes >= BYTES { self.flush(work, sink) } else { Ok(()) }
    }

    fn flush<S: Sink>(&mut self, work: Work<'_, S>, sink: &mut S) -> Result<(), S::Error> {
        self.bytes = 0;
        let steps = std::mem::take(&mut self.steps);
        let read: Vec<_> = steps
            .par_iter()
            .map(|step| match step {
                Step::Letter(source) => Some(work(source)),
                Step::Begin(_) | Step::End(..) => None,
            })
            .collect();
        for (step, read) in steps.into_iter().zip(read) {
            match (step, read) {
                (Step::Letter(source), Some(outcome)) => sink.letter(&source, outcome)?,
                (Step::Begin(input), _) => sink.begin(input)?,
                (Step::End(input, outcome), _) => sink.end(input, outcome)?,
                (Step::Letter(_), None) => {}
            }
        }
        Ok(())
    }
}
