//! The events of performs that failed, and of callbacks that failed.

use std::time::Duration;

use super::JobRef;
use crate::ErrorRecord;

/// A perform failed and will be tried again.
///
/// A worker emits this when its rules have decided. It writes the retry again and again until the store has it; only if
/// the process dies before that, the job is recovered instead.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryScheduled {
    /// The job, with its attempt.
    pub job: JobRef,
    /// How long the job waits, from now.
    pub wait: Duration,
    /// Why.
    pub error: ErrorRecord,
}

impl RetryScheduled {
    /// The event with these fields.
    pub const fn new(job: JobRef, wait: Duration, error: ErrorRecord) -> Self {
        Self { job, wait, error }
    }
}

/// The last attempt that a `retry_on` allows failed. [`Failed`] or [`Discarded`] follows.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryStopped {
    /// The job, with its attempt.
    pub job: JobRef,
    /// Why.
    pub error: ErrorRecord,
}

impl RetryStopped {
    /// The event with these fields.
    pub const fn new(job: JobRef, error: ErrorRecord) -> Self {
        Self { job, error }
    }
}

/// A rule discarded the job.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Discarded {
    /// The job, with its attempt.
    pub job: JobRef,
    /// Why.
    pub error: ErrorRecord,
}

impl Discarded {
    /// The event with these fields.
    pub const fn new(job: JobRef, error: ErrorRecord) -> Self {
        Self { job, error }
    }
}

/// A `rescue_from` handled the error.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rescued {
    /// The job, with its attempt.
    pub job: JobRef,
    /// The error.
    pub error: ErrorRecord,
}

impl Rescued {
    /// The event with these fields.
    pub const fn new(job: JobRef, error: ErrorRecord) -> Self {
        Self { job, error }
    }
}

/// The job failed for good and is kept until a person acts.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Failed {
    /// The job, with its attempt.
    pub job: JobRef,
    /// Why.
    pub error: ErrorRecord,
}

impl Failed {
    /// The event with these fields.
    pub const fn new(job: JobRef, error: ErrorRecord) -> Self {
        Self { job, error }
    }
}

/// A failure callback failed itself, or a callback failed after its job was stored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CallbackFailed {
    /// The job, with its attempt.
    pub job: JobRef,
    /// Why.
    pub error: ErrorRecord,
}

impl CallbackFailed {
    /// The event with these fields.
    pub const fn new(job: JobRef, error: ErrorRecord) -> Self {
        Self { job, error }
    }
}
