//! The events of performs, apart from failures.

use std::time::Duration;

use super::JobRef;
use crate::{ErrorRecord, JobId, Outcome, PropagationError, SlowReason};

/// A perform began.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PerformStarted {
    /// The job, with its attempt.
    pub job: JobRef,
}

impl PerformStarted {
    /// The event with these fields.
    pub const fn new(job: JobRef) -> Self {
        Self { job }
    }
}

/// A perform succeeded. Of an attempt that did not succeed, [`AttemptEnded`] has the duration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Performed {
    /// The job, with its attempt.
    pub job: JobRef,
    /// How long it took, callbacks included.
    pub duration: Duration,
}

impl Performed {
    /// The event with these fields.
    pub const fn new(job: JobRef, duration: Duration) -> Self {
        Self { job, duration }
    }
}

/// An attempt ended: it succeeded, failed, was stopped by a callback or was given up. The last event of each attempt, as
/// Active Job's `perform.active_job`.
///
/// An attempt that ended with its process has none; [`Recovered`](super::process::Recovered) counts its job. Nor has one that
/// was cut off when the process stopped, since its job is given back without counting an attempt.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AttemptEnded {
    /// The job, with its attempt.
    pub job: JobRef,
    /// How it ended, and what becomes of the job.
    pub outcome: Outcome,
    /// How long it took, perform callbacks included.
    pub duration: Duration,
    /// The error that it ended with, if it did. Its class says what happened: `jobs::TimedOut` for a job that exceeded its
    /// `timeout`, `jobs::Panic` for one that panicked.
    pub error: Option<ErrorRecord>,
}

impl AttemptEnded {
    /// The event with these fields.
    pub const fn new(job: JobRef, outcome: Outcome, duration: Duration, error: Option<ErrorRecord>) -> Self {
        Self { job, outcome, duration, error }
    }
}

/// A callback stopped a perform on purpose.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PerformHalted {
    /// The job, with its attempt.
    pub job: JobRef,
}

impl PerformHalted {
    /// The event with these fields.
    pub const fn new(job: JobRef) -> Self {
        Self { job }
    }
}

/// A job runs for longer than expected and still runs.
///
/// The first event is emitted when the job exceeds `slow_after`, or without that limit ten times the longest of its recent
/// attempts in this process, at least a minute. Further ones follow at twice that time, at four times, and so on. One more
/// is emitted when 80 % of the job's time-out is over.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RanSlowly {
    /// The job, with its attempt.
    pub job: JobRef,
    /// For how long it has run.
    pub duration: Duration,
    /// What it exceeded.
    pub reason: SlowReason,
    /// The step that it said last that it is at, by [`Context::set_step`](crate::Context::set_step).
    pub step: Option<String>,
    /// Whether the same attempt was reported before.
    pub is_repeated: bool,
}

impl RanSlowly {
    /// The first report of an attempt that named no step.
    pub const fn new(job: JobRef, duration: Duration, reason: SlowReason) -> Self {
        Self { job, duration, reason, step: None, is_repeated: false }
    }

    /// The same with the step that the job is at.
    pub fn at_step(self, step: Option<String>) -> Self {
        Self { step, ..self }
    }

    /// The same with whether the attempt was reported before.
    pub fn repeated(self, is_repeated: bool) -> Self {
        Self { is_repeated, ..self }
    }
}

/// A job put itself off: it runs again later, and this run counts no attempt.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Snoozed {
    /// The job, with its attempt.
    pub job: JobRef,
    /// How long the job waits, from now.
    pub wait: Duration,
}

impl Snoozed {
    /// The event with these fields.
    pub const fn new(job: JobRef, wait: Duration) -> Self {
        Self { job, wait }
    }
}

/// A value that was propagated with a job could not be read; the job runs without it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PropagationFailed {
    /// The job, with its attempt.
    pub job: JobRef,
    /// Which value, and why.
    pub error: PropagationError,
}

impl PropagationFailed {
    /// The event with these fields.
    pub const fn new(job: JobRef, error: PropagationError) -> Self {
        Self { job, error }
    }
}

/// A stored job has a name that this program does not know. It stays in the store.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NameUnknown {
    /// The job, with its attempt.
    pub job: JobRef,
}

impl NameUnknown {
    /// The event with these fields.
    pub const fn new(job: JobRef) -> Self {
        Self { job }
    }
}

/// The arguments of a stored job are of a newer version than this program knows. The job stays in the store.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VersionUnknown {
    /// The job, with its attempt.
    pub job: JobRef,
    /// The version of its arguments.
    pub version: u32,
}

impl VersionUnknown {
    /// The event with these fields.
    pub const fn new(job: JobRef, version: u32) -> Self {
        Self { job, version }
    }
}

/// The result of a perform came too late: another process has the job.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fenced {
    /// The job.
    pub job_id: JobId,
}

impl Fenced {
    /// The event with these fields.
    pub const fn new(job_id: JobId) -> Self {
        Self { job_id }
    }
}

/// The store refused for good to write how a job ended, as a database does that cannot hold a text of its error.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SettlementRefused {
    /// The job.
    pub job_id: JobId,
    /// Whether something else is written instead: the same end with a shorter text in ASCII, or a failure that says what
    /// was refused. If not, the process tries again with growing waits until it stops; then the job runs again.
    pub is_replaced: bool,
    /// The message of the store's error.
    pub message: String,
}

impl SettlementRefused {
    /// The event with these fields.
    pub const fn new(job_id: JobId, is_replaced: bool, message: String) -> Self {
        Self { job_id, is_replaced, message }
    }
}

/// A job was completed in a transaction that was not committed, and returned no error: it is retried.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NotCommitted {
    /// The job.
    pub job_id: JobId,
}

impl NotCommitted {
    /// The event with these fields.
    pub const fn new(job_id: JobId) -> Self {
        Self { job_id }
    }
}
