//! The states of a job and the table of moves between them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a job is in its life. In JSON it is its word, as `"ready"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for its time: enqueued for later, or waiting for a retry.
    Scheduled,
    /// Waits for others of its concurrency key.
    Blocked,
    /// May be claimed.
    Ready,
    /// A process holds it.
    Claimed,
    /// Given up on; kept until someone retries or discards it.
    Failed,
    /// Done.
    Finished,
    /// Dropped on purpose, by a rule or by hand.
    Discarded,
}

impl State {
    /// All states, in the order of a life.
    pub const ALL: [Self; 7] =
        [Self::Scheduled, Self::Blocked, Self::Ready, Self::Claimed, Self::Failed, Self::Finished, Self::Discarded];

    /// The lower-case word stores and tools use.
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

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the job will not run again by itself and was not given up on: finished or discarded.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Finished | Self::Discarded)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
