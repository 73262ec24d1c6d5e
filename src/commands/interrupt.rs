//! Ending when asked to: what has been read is committed first. Asked twice, the program ends at once, as after a kill.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

/// What a shell says of a program that an interrupt has ended.
const INTERRUPTED: i32 = 130;

/// Whether the user, or the system, has asked the program to end.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// For what is short enough to be killed.
    pub fn never() -> Self {
        Interrupt::default()
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Takes over SIGINT, SIGTERM and SIGHUP; once in a program.
pub fn watched() -> Result<Interrupt> {
    let interrupt = Interrupt::default();
    let asked = interrupt.0.clone();
    let handler = move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    };
    ctrlc::set_handler(handler).context("signals cannot be taken")?;
    Ok(interrupt)
}
