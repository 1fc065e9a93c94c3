//! A tick of a recurring task, and what a store answers when it is requested.

use crate::{Enqueued, NewJob, Timestamp};

/// One tick of a task, as a scheduler requests it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tick {
    /// The task.
    pub key: String,
    /// The tick, in whole seconds; the last one if several are left out.
    pub at: Timestamp,
    /// The job to store; `None` to leave out all ticks up to this one.
    pub job: Option<NewJob>,
}

impl Tick {
    /// The tick of this task at this time, with its job; without one, all ticks up to this one are left out.
    pub fn new(key: impl Into<String>, at: Timestamp, job: Option<NewJob>) -> Self {
        Self { key: key.into(), at, job }
    }
}

/// The result of a request for a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TickOutcome {
    /// It was taken, with this result for its job.
    Enqueued(Enqueued),
    /// The ticks up to this one were open and are now left out.
    Skipped,
    /// It was taken or left out before, by any scheduler.
    Taken,
    /// The task is paused.
    Paused,
    /// It is in the future by the store's clock.
    Early,
    /// The store does not know the task; it has to be declared first.
    Unknown,
}
