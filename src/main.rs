//! `imr`: finds and counts independent medical review decisions. Runs the command, prints an error once, sets the exit status.

use std::io::{ErrorKind, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::Parser;
use imr::render::safe;

mod cli;
mod commands;
mod exit;

use exit::Exit;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match cli::Args::try_parse() {
        Ok(args) => args,
        Err(e) => return refused(&e),
    };
    // A panic is told in one sentence below, or in the report of the letter that it came from.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(|_| {}));
    }
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| commands::run(args)));
    match outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("imr itself failed; please report the command you ran"))) {
        Ok(exit) => exit.into(),
        Err(e) if is_closed_pipe(&e) => Exit::Done.into(),
        Err(e) => {
            // Where even that cannot be written, the status still says it.
            let _ = writeln!(anstream::stderr(), "{}", commands::message(&e));
            Exit::Error.into()
        }
    }
}

/// Tells what is wrong with the arguments, or the help that was asked for. An error quotes what was typed, which another program
/// may have typed from what it read.
fn refused(e: &clap::Error) -> ExitCode {
    let is_safe = std::env::args_os().all(|arg| arg.to_str().is_some_and(|arg| safe::line(arg) == arg));
    if is_safe || !e.use_stderr() {
        e.exit()
    }
    let lines = e.to_string().lines().map(safe::line).collect::<Vec<_>>().join("\n");
    let _ = writeln!(anstream::stderr(), "{lines}");
    Exit::Error.into()
}

/// The reader of the output has gone, as `head` does when it has enough.
fn is_closed_pipe(e: &anyhow::Error) -> bool {
    e.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).any(|e| e.kind() == ErrorKind::BrokenPipe)
}
