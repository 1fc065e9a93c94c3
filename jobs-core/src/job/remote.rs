//! Jobs that this program enqueues and another performs.

use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;

use crate::{Job, Settings};

/// A job type that this program enqueues and another performs. `#[remote]` registers it.
///
/// It is no [`Definition`](crate::Definition), so no worker of this program performs it.
#[derive(Clone, Copy, Debug)]
pub struct Remote {
    settings: Settings,
    location: &'static Location<'static>,
}

inventory::collect!(Remote);

impl Remote {
    /// The job type `J`, declared at the caller's location.
    #[track_caller]
    pub const fn of<J: Job>() -> Self {
        Self { settings: J::SETTINGS, location: Location::caller() }
    }

    /// The name that is stored.
    pub const fn name(&self) -> &'static str {
        self.settings.name
    }

    /// Its constant settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where it was declared.
    pub const fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Those that `#[remote]` registered in all crates the program links, in no order.
    pub fn declared() -> impl Iterator<Item = &'static Self> {
        inventory::iter::<Self>.into_iter()
    }

    /// Whether one of these has this name.
    pub fn is_declared(name: &str) -> bool {
        Self::declared().any(|remote| remote.name() == name)
    }
}

/// The failure of a job that this program only enqueues, if it is performed here nevertheless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerformedElsewhere {
    job: &'static str,
}

impl PerformedElsewhere {
    /// The failure of a `J`.
    pub const fn of<J: Job>() -> Self {
        Self { job: J::SETTINGS.name }
    }
}

impl fmt::Display for PerformedElsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is performed by another program: this one has no body for it, and can only enqueue it",
            self.job
        )
    }
}

impl StdError for PerformedElsewhere {}
