//! The events of enqueues: jobs that were stored, or not.

use super::{Bulk, JobRef};
use crate::{ErrorRecord, JobId, Timestamp};

/// A job was stored to run at once.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Enqueued {
    /// The job.
    pub job: JobRef,
}

impl Enqueued {
    /// The event with these fields.
    pub const fn new(job: JobRef) -> Self {
        Self { job }
    }
}

/// A job was stored to run later.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnqueuedAt {
    /// The job.
    pub job: JobRef,
    /// When it is due.
    pub at: Timestamp,
}

impl EnqueuedAt {
    /// The event with these fields.
    pub const fn new(job: JobRef, at: Timestamp) -> Self {
        Self { job, at }
    }
}

/// A job was stored in the caller's transaction and exists if that commits. Whether it does is not known here.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnqueuedWithin {
    /// The job.
    pub job: JobRef,
}

impl EnqueuedWithin {
    /// The event with these fields.
    pub const fn new(job: JobRef) -> Self {
        Self { job }
    }
}

/// A callback stopped an enqueue on purpose: no job was stored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnqueueHalted {
    /// The job. Its id is new, since none was stored.
    pub job: JobRef,
}

impl EnqueueHalted {
    /// The event with these fields.
    pub const fn new(job: JobRef) -> Self {
        Self { job }
    }
}

/// A job was not stored: it is invalid, a callback failed, or the store failed. The caller has the error. If the answer of
/// the store was lost, the job may be stored all the same.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnqueueFailed {
    /// The job. Its id is new, since none was stored.
    pub job: JobRef,
    /// Why: of a callback that failed, with the class of its error.
    pub error: ErrorRecord,
    /// Whether the job may be stored all the same, because the store's answer was lost.
    pub may_be_stored: bool,
}

impl EnqueueFailed {
    /// The event with these fields, of a job that is not stored for certain.
    pub const fn new(job: JobRef, error: ErrorRecord) -> Self {
        Self { job, error, may_be_stored: false }
    }
}

/// A job was not stored: a job of the same unique key is there already.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnqueueDeduplicated {
    /// The job that was not stored.
    pub job: JobRef,
    /// The job that is there.
    pub of: JobId,
}

impl EnqueueDeduplicated {
    /// The event with these fields.
    pub const fn new(job: JobRef, of: JobId) -> Self {
        Self { job, of }
    }
}

/// Jobs were stored in bulk, or some of them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnqueuedAll {
    /// How many, and of which names.
    pub bulk: Bulk,
}

impl EnqueuedAll {
    /// The event with these fields.
    pub const fn new(bulk: Bulk) -> Self {
        Self { bulk }
    }
}

/// Jobs were stored in bulk in the caller's transaction and exist if that commits.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnqueuedAllWithin {
    /// How many, and of which names.
    pub bulk: Bulk,
}

impl EnqueuedAllWithin {
    /// The event with these fields.
    pub const fn new(bulk: Bulk) -> Self {
        Self { bulk }
    }
}
