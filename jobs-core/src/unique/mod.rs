//! Unique jobs: which jobs count as the same, and for how long the first prevents others.

mod holder;
mod key;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use holder::{HolderJob, KeyHolder};
pub use key::{UniqueBy, UniqueKey};

use crate::State;

/// The event that ends the uniqueness of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UniqueUntil {
    /// A process claims it for the first time. After that it prevents no other job, not even while it is retried.
    Start,
    /// It is finished, discarded or failed for good. While it waits for a retry it still prevents others.
    Done,
}

impl UniqueUntil {
    /// The lower-case name that stores and attributes use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Done => "done",
        }
    }

    /// The one with this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Start, Self::Done].into_iter().find(|until| until.as_str() == name)
    }

    /// Whether a job in this state prevents others. `was_claimed` says whether it ever was.
    ///
    /// No move of [`lifecycle`](crate::lifecycle) except a manual retry turns this from no to yes.
    pub const fn holds(self, state: State, was_claimed: bool) -> bool {
        match self {
            Self::Start => !was_claimed && matches!(state, State::Scheduled | State::Blocked | State::Ready),
            Self::Done => matches!(state, State::Scheduled | State::Blocked | State::Ready | State::Claimed),
        }
    }
}

impl fmt::Display for UniqueUntil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What makes jobs of a type the same, and for how long one of them prevents others.
///
/// With an event and a duration, the earlier of the two ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unique {
    by: &'static [&'static str],
    // At least one of the two is set: no job prevents others for ever.
    until: Option<UniqueUntil>,
    lasting: Option<Duration>,
}

impl Unique {
    /// Jobs with the same arguments are the same; one prevents others until this event.
    pub const fn until(until: UniqueUntil) -> Self {
        Self { by: &[], until: Some(until), lasting: None }
    }

    /// Jobs with the same arguments are the same; one prevents others for this long after its enqueue, in any state.
    pub const fn lasting(time: Duration) -> Self {
        Self { by: &[], until: None, lasting: Some(time) }
    }

    /// Only these arguments count. An empty list means all of them.
    pub const fn by(mut self, arguments: &'static [&'static str]) -> Self {
        self.by = arguments;
        self
    }

    /// Until this event at the latest.
    pub const fn and_until(mut self, until: UniqueUntil) -> Self {
        self.until = Some(until);
        self
    }

    /// For this long after the enqueue at most.
    pub const fn for_at_most(mut self, time: Duration) -> Self {
        self.lasting = Some(time);
        self
    }

    /// The names of the arguments that count; empty for all.
    pub const fn arguments(&self) -> &'static [&'static str] {
        self.by
    }

    /// The event that ends it, if there is one.
    pub const fn event(&self) -> Option<UniqueUntil> {
        self.until
    }

    /// How long after the enqueue it ends at the latest, if a limit is set.
    pub const fn time(&self) -> Option<Duration> {
        self.lasting
    }

    /// What applies to one enqueue: its options override what the job declares. With only a key of its own it is until
    /// [`UniqueUntil::Done`].
    pub fn for_enqueue(
        declared: Option<Self>,
        until: Option<UniqueUntil>,
        time: Option<Duration>,
        has_key: bool,
    ) -> Option<Self> {
        let given = match (until, time) {
            (Some(until), None) => Some(Self::until(until)),
            (None, Some(time)) => Some(Self::lasting(time)),
            (Some(until), Some(time)) => Some(Self::until(until).for_at_most(time)),
            (None, None) => has_key.then_some(Self::until(UniqueUntil::Done)),
        };
        let Some(declared) = declared else { return given };
        Some(Self { until: until.or(declared.until), lasting: time.or(declared.lasting), ..declared })
    }
}
