//! Where the time of a run goes: what each part took by the clock, and of the cores.
//!
//! Letters are read on all cores at once, and the engine's own threads write and merge meanwhile. So of what is done to single
//! letters only the time of the cores says something, and what no part has used is the engine's. To ask for it before and after each
//! part of each letter takes a fortieth of a run, so it is asked for only where somebody wants to know.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cpu_time::{ProcessTime, ThreadTime};

/// A part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Which files there are, and whether they have changed.
    Find,
    /// Which of them are in the index as they are.
    Compare,
    /// Their bytes.
    Read,
    /// The text in the bytes.
    Text,
    /// The record in the text.
    Letter,
    /// What the treatments are.
    Classify,
    /// Records made documents, and packed.
    Pack,
    /// Documents handed to the engine.
    Write,
    /// What was written is made visible and lasting.
    Commit,
    /// Waiting for segments to be merged.
    Merge,
}

impl Phase {
    /// In the order in which a letter comes to them.
    pub const ALL: [Phase; 10] = [
        Phase::Find,
        Phase::Compare,
        Phase::Read,
        Phase::Text,
        Phase::Letter,
        Phase::Classify,
        Phase::Pack,
        Phase::Write,
        Phase::Commit,
        Phase::Merge,
    ];

    /// Whether it is done to many letters at once.
    pub fn is_parallel(self) -> bool {
        matches!(self, Phase::Read | Phase::Text | Phase::Letter | Phase::Classify | Phase::Pack)
    }
}

/// What a part took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// By the clock; of a parallel part the sum over its threads.
    pub wall: Duration,
    /// Of the cores.
    pub cpu: Duration,
}

/// What all parts took.
#[derive(Debug, Clone, Default)]
pub struct Timings {
    /// One for each of [`Phase::ALL`].
    pub phases: Vec<(Phase, Spent)>,
    /// What the engine's threads used.
    pub engine: Duration,
    /// The whole run.
    pub total: Spent,
}

/// Takes the time of a run, on any thread; or lets it pass.
pub struct Clock(Option<Taken>);

struct Taken {
    began: Instant,
    began_cpu: Duration,
    wall: [AtomicU64; Phase::ALL.len()],
    cpu: [AtomicU64; Phase::ALL.len()],
}

impl Clock {
    /// A clock that begins now, if somebody wants to know.
    pub fn start(wanted: bool) -> Self {
        let zeros = || std::array::from_fn(|_| AtomicU64::new(0));
        Clock(wanted.then(|| Taken { began: Instant::now(), began_cpu: process_cpu(), wall: zeros(), cpu: zeros() }))
    }

    /// Does some work of one thread.
    pub fn time<T>(&self, phase: Phase, work: impl FnOnce() -> T) -> T {
        self.taken(phase, thread_cpu, work)
    }

    /// Does some work while the engine has nothing to do but with it: all threads count.
    pub fn alone<T>(&self, phase: Phase, work: impl FnOnce() -> T) -> T {
        self.taken(phase, process_cpu, work)
    }

    fn taken<T>(&self, phase: Phase, used: fn() -> Duration, work: impl FnOnce() -> T) -> T {
        let Some(taken) = &self.0 else { return work() };
        let (began, before) = (Instant::now(), used());
        let done = work();
        let add = |to: &[AtomicU64], time: Duration| {
            if let Some(place) = to.get(phase as usize) {
                place.fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
            }
        };
        add(&taken.cpu, used().saturating_sub(before));
        add(&taken.wall, began.elapsed());
        done
    }

    /// What has been taken so far, if it was.
    pub fn stop(&self) -> Option<Timings> {
        self.0.as_ref().map(Taken::sum)
    }
}

impl Taken {
    fn sum(&self) -> Timings {
        let read = |times: &AtomicU64| Duration::from_nanos(times.load(Ordering::Relaxed));
        let spent = self.wall.iter().zip(&self.cpu).map(|(wall, cpu)| Spent { wall: read(wall), cpu: read(cpu) });
        let phases: Vec<_> = Phase::ALL.into_iter().zip(spent).collect();
        let total = Spent { wall: self.began.elapsed(), cpu: process_cpu().saturating_sub(self.began_cpu) };
        let known = phases.iter().map(|(_, spent)| spent.cpu).sum();
        Timings { phases, engine: total.cpu.saturating_sub(known), total }
    }
}

fn thread_cpu() -> Duration {
    ThreadTime::now().as_duration()
}

fn process_cpu() -> Duration {
    ProcessTime::now().as_duration()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_place_and_no_part_is_more_than_all() {
        let clock = Clock::start(true);
        for (place, phase) in Phase::ALL.into_iter().enumerate() {
            assert_eq!(phase as usize, place);
            clock.time(phase, || std::hint::black_box((0..200_000u64).sum::<u64>()));
        }
        let timings = clock.stop().unwrap();
        let parts: Duration = timings.phases.iter().map(|(_, spent)| spent.wall).sum();
        assert!(parts <= timings.total.wall, "{timings:?}");
        assert!(Clock::start(false).stop().is_none());
        assert!(timings.phases.iter().all(|(_, spent)| spent.wall > Duration::ZERO), "{timings:?}");
    }
}
