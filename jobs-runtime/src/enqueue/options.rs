//! What one enqueue sets differently from the job's definition.

use std::time::Duration;

use jobs_core::{Due, Expires, JobId, Unique, UniqueBy, UniqueUntil};

/// Options of one enqueue. What is not set comes from the job.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EnqueueOptions {
    /// The queue, without prefix.
    pub queue: Option<String>,
    /// The priority; higher numbers run first.
    pub priority: Option<i32>,
    /// When it may run first.
    pub due: Due,
    /// When it expires if it has not begun.
    pub expires: Option<Expires>,
    /// The unique key in place of the arguments.
    pub unique_by: Option<String>,
    /// The event until which the key is held.
    pub unique_until: Option<UniqueUntil>,
    /// How long after the enqueue the key is held at most.
    pub unique_for: Option<Duration>,
    /// The id, if the caller chooses it.
    pub id: Option<JobId>,
}

impl EnqueueOptions {
    /// Nothing is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The uniqueness of a job that declares this.
    pub(crate) fn unique(&self, declared: Option<Unique>) -> Option<Unique> {
        Unique::for_enqueue(declared, self.unique_until, self.unique_for, self.unique_by.is_some())
    }

    /// The key that was given for this enqueue.
    pub(crate) fn key(&self) -> Option<UniqueBy> {
        self.unique_by.as_ref().map(UniqueBy::value)
    }
}
