//! The result of a command, and the exit status that it becomes.

use std::io;
use std::process::ExitCode;

use jobs::Error;

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Success,
    /// The command checked something and found problems.
    ProblemsFound,
}

impl Exit {
    pub(crate) const fn with_problems(found: bool) -> Self {
        if found { Self::ProblemsFound } else { Self::Success }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::SUCCESS,
            Exit::ProblemsFound => Self::from(3),
        }
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum CommandError {
    Failed(Error),
    /// The reader of the output closed it, as `head` does.
    OutputClosed,
}

pub(crate) type CommandResult<T = Exit> = Result<T, CommandError>;

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::Failed(Error::other("the output cannot be written").with_source(error)),
        }
    }
}

impl From<serde_json::Error> for CommandError {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}
