//! The exit status, as scripts read it.

use std::process::ExitCode;

/// How a command ended without an error of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Found, or done: 0.
    Done,
    /// Nothing found, some letters could not be read whole, or the index is not whole: 1.
    Partly,
    /// The command could not be carried out: 2.
    Error,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Partly => 1,
            Exit::Error => 2,
        })
    }
}
