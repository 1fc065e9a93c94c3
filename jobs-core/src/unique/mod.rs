//! Jobs that are there once at a time: for how long the first of them keeps others out.

mod key;

pub use key::{UniqueBy, UniqueKey};

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{JobId, State, Timestamp};

/// Which event lets others of its key in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Until {
    /// A process claims it for the first time. What becomes of it then, a retry for instance, keeps nobody out.
    Start,
    /// It is finished, discarded or failed for good. Waiting for a retry it still keeps others out.
    Done,
}

impl Until {
    /// The lower-case word that stores and attributes use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Done => "done",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Start, Self::Done].into_iter().find(|until| until.as_str() == word)
    }

    /// Whether a job in this state keeps others out. `was_claimed` says whether it ever was.
    ///
    /// Apart from a retry by hand no move of [`lifecycle`](crate::lifecycle) turns this from no to yes.
    pub const fn holds(self, state: State, was_claimed: bool) -> bool {
        match self {
            Self::Start => !was_claimed && matches!(state, State::Scheduled | State::Blocked | State::Ready),
            Self::Done => matches!(state, State::Scheduled | State::Blocked | State::Ready | State::Claimed),
        }
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a job says about others like it: which arguments make them the same, and for how long they are kept out.
///
/// With an event and a time, what comes first lets others in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unique {
    by: &'static [&'static str],
    // One of the two is there at least: nothing is kept out for ever.
    until: Option<Until>,
    lasting: Option<Duration>,
}

impl Unique {
    /// All its arguments make a job the same as another; it keeps others out until this event.
    pub const fn until(until: Until) -> Self {
        Self { by: &[], until: Some(until), lasting: None }
    }

    /// All its arguments make a job the same as another; it keeps others out for this long after its enqueue, whatever
    /// becomes of it.
    pub const fn lasting(time: Duration) -> Self {
        Self { by: &[], until: None, lasting: Some(time) }
    }

    /// Only these arguments count. None at all means all of them.
    pub const fn by(mut self, arguments: &'static [&'static str]) -> Self {
        self.by = arguments;
        self
    }

    /// Until this event at the latest.
    pub const fn and_until(mut self, until: Until) -> Self {
        self.until = Some(until);
        self
    }

    /// For this long after the enqueue at most.
    pub const fn and_lasting(mut self, time: Duration) -> Self {
        self.lasting = Some(time);
        self
    }

    /// The names of the arguments that count; none for all.
    pub const fn arguments(&self) -> &'static [&'static str] {
        self.by
    }

    /// The event that lets others in, if one does.
    pub const fn event(&self) -> Option<Until> {
        self.until
    }

    /// How long after the enqueue others are let in at the latest, if a time is set.
    pub const fn time(&self) -> Option<Duration> {
        self.lasting
    }

    /// What holds for one enqueue: what was said there comes before what the job declares. With a key of its own and
    /// nothing else it is until [`Until::Done`].
    pub fn for_enqueue(
        declared: Option<Self>,
        until: Option<Until>,
        time: Option<Duration>,
        has_key: bool,
    ) -> Option<Self> {
        let said = match (until, time) {
            (Some(until), None) => Some(Self::until(until)),
            (None, Some(time)) => Some(Self::lasting(time)),
            (Some(until), Some(time)) => Some(Self::until(until).and_lasting(time)),
            (None, None) => has_key.then_some(Self::until(Until::Done)),
        };
        let Some(declared) = declared else { return said };
        Some(Self { until: until.or(declared.until), lasting: time.or(declared.lasting), ..declared })
    }
}

/// A key that a job took, as a store notes it.
///
/// It says who took it, not whether it is still held: that is read off the job. So nothing has to be given back where
/// a job moves on or a process dies, and no key is held without a job that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Who took it.
    pub job: JobId,
    /// The event that ends it.
    pub until: Option<Until>,
    /// When it ends at the latest, by the store's clock.
    pub expires_at: Option<Timestamp>,
}

impl Hold {
    /// The hold of a job that takes the key now.
    pub fn new(key: &UniqueKey, job: JobId, now: Timestamp) -> Self {
        Self { job, until: key.until(), expires_at: key.lasting().map(|time| now.after(time)) }
    }

    /// Whether it keeps others out. `job` is the state of the job and whether it was ever claimed; `None` if the store
    /// has it no longer.
    pub fn holds(&self, job: Option<(State, bool)>, now: Timestamp) -> bool {
        let in_time = self.expires_at.is_none_or(|at| now < at);
        in_time && self.until.is_none_or(|until| job.is_some_and(|(state, claimed)| until.holds(state, claimed)))
    }

    /// Whether it may be forgotten with the job: no time has to pass.
    pub const fn ends_with_its_job(&self) -> bool {
        self.until.is_some()
    }
}
