//! Acting on what is stored by hand.

use std::time::Duration;

use super::StoreFuture;
use crate::{Due, JobId};

/// Acts on stored jobs and queues by hand. Each move is one of [`lifecycle`](crate::lifecycle).
pub trait Manage: Send + Sync {
    /// Makes failed, discarded or scheduled jobs ready. How many it touched.
    ///
    /// A failed or discarded job whose [key](crate::UniqueKey) would be held again stays as it is while another holds the
    /// key; otherwise it takes it.
    ///
    /// Attempts, counters and errors stay; the crashes of processes are counted anew, or a job that failed as
    /// poisonous would fail again at its first.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64>;

    /// Discards jobs that are not claimed and not done. How many it touched.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64>;

    /// Sets another time for ready or scheduled jobs. How many it touched.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64>;

    /// Nothing is claimed from the queue until it is resumed. Whether it was not paused before.
    ///
    /// # Errors
    /// As [`Store`](crate::Store); and if the name can be that of no queue, the error
    /// [is invalid](crate::Error::is_invalid).
    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool>;

    /// Ends a pause. Whether there was one.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool>;

    /// Forgets finished and discarded jobs that were done at least `older_than` ago, at most `limit` of
    /// them, in whatever order. How many it forgot.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64>;
}
