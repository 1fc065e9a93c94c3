//! The capability of a store to change jobs and queues manually.

use std::time::Duration;

use super::StoreFuture;
use crate::{Due, JobId};

/// A manual change of jobs, for stores that make all of them in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManualChange {
    /// [`Manage::retry`].
    Retry,
    /// [`Manage::discard`].
    Discard,
    /// [`Manage::reschedule`].
    Reschedule(Due),
}

/// For how long a finished job is kept at least, also if a shorter time is set: five minutes. Its id tells a repeated enqueue that the job
/// was stored. A caller that lost the answer repeats within seconds; one that waits for the end of an outage needs minutes.
pub const REPEATABLE_FOR: Duration = Duration::from_secs(300);

/// For how long finished and discarded jobs are kept if a user asks for this: at least [`REPEATABLE_FOR`].
pub fn kept_for(asked: Duration) -> Duration {
    asked.max(REPEATABLE_FOR)
}

/// Changes stored jobs and queues manually. Each move is one of [`lifecycle`](crate::lifecycle).
pub trait Manage: Send + Sync {
    /// Makes failed, discarded or scheduled jobs ready. Returns how many it changed.
    ///
    /// A failed or discarded job that would hold its [key](crate::UniqueKey) again is not changed while another job holds
    /// the key; otherwise it takes the key.
    ///
    /// Attempts, counters and errors stay; the count of crashes restarts from zero, or a job that failed as poisonous
    /// would fail again after one more crash.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64>;

    /// The other job because of which [`retry`](Self::retry) does not change this failed or discarded job: it holds the
    /// [key](crate::UniqueKey) that this job would take again. `None` if there is none, or the store has no unique keys.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn key_holder(&self, _job: JobId) -> StoreFuture<'_, Option<JobId>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Discards jobs that are not claimed and not done. Returns how many it changed.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64>;

    /// Sets another time for ready or scheduled jobs. Returns how many it changed.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64>;

    /// Pauses a queue: no job is claimed from it until it is resumed. Returns whether it was not paused before.
    ///
    /// # Errors
    /// As [`Store`](crate::Store); and if the name is not a valid queue name, the error
    /// [is invalid](crate::Error::is_invalid).
    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool>;

    /// Ends a pause. Returns whether there was one.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool>;

    /// Deletes finished and discarded jobs that were done at least `older_than` ago, at most `limit` of
    /// them, in any order. Returns how many it deleted.
    ///
    /// An enqueue that is repeated after that stores its job again; a runtime deletes no job that finished less than
    /// [`REPEATABLE_FOR`] ago.
    ///
    /// # Errors
    /// As [`Store`](crate::Store). If the database refuses to delete one of the jobs, the error names it; the others of the
    /// call are deleted, and the next calls leave it out for a while.
    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64>;
}
