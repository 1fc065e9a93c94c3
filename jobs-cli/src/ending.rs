//! How a command ends.

use std::io;
use std::process::ExitCode;

use jobs::Error;

/// How a command ended that did what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All is well.
    Done,
    /// It was to look for something, and found it.
    Found,
}

impl Ending {
    /// `Found` if something was.
    pub(crate) const fn found(anything: bool) -> Self {
        if anything { Self::Found } else { Self::Done }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::Found => Self::from(3),
        }
    }
}

/// Why a command came to nothing.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The store or the program said so.
    Said(Error),
    /// Whoever read the output went away, as `head` does.
    NobodyReads,
}

pub(crate) type Result<T, E = Trouble> = std::result::Result<T, E>;

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::Said(Error::other("the output cannot be written").with_source(error)),
        }
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}
