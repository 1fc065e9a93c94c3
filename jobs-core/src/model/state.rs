//! The states of a job.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The state of a job. In JSON it is its name, as `"ready"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Not due yet: enqueued for later, or waiting for a retry.
    Scheduled,
    /// Waits for other jobs with its concurrency key.
    Blocked,
    /// May be claimed.
    Ready,
    /// A process holds it.
    Claimed,
    /// Given up; kept until a person retries or discards it.
    Failed,
    /// Performed successfully.
    Finished,
    /// Dropped on purpose, by a rule or manually.
    Discarded,
}

impl State {
    /// All states, in the order of a job's life.
    pub const ALL: [Self; 7] =
        [Self::Scheduled, Self::Blocked, Self::Ready, Self::Claimed, Self::Failed, Self::Finished, Self::Discarded];

    /// The lower-case name that stores and tools use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Blocked => "blocked",
            Self::Ready => "ready",
            Self::Claimed => "claimed",
            Self::Failed => "failed",
            Self::Finished => "finished",
            Self::Discarded => "discarded",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether it is finished or discarded: it does not run again by itself, and no person has to act.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Finished | Self::Discarded)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
