//! The events of performs, apart from failures.

use std::time::Duration;

use super::JobRef;
use crate::{JobId, PropagationError, SlowReason};

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

/// A perform succeeded.
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
