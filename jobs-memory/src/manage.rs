//! The capability to manage stored jobs and queues.

use std::time::Duration;

use jobs_core::lifecycle::{Cause, allows};
use jobs_core::{Due, JobId, Manage, State, StoreFuture, Timestamp, check_queue_name};

use crate::MemoryStore;
use crate::inner::Inner;
use crate::stored::Stored;

impl Manage for MemoryStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.call(|inner, now| {
            // One after the other: a key that one job takes keeps the next job from being retried.
            let retry =
                |id: &JobId| if inner.key_holders.retake(*id, &inner.jobs, now) { inner.retry(*id, now) } else { 0 };
            jobs.iter().map(retry).sum()
        })
    }

    fn key_holder(&self, job: JobId) -> StoreFuture<'_, Option<JobId>> {
        self.call(move |inner, now| inner.key_holders.blocks(job, &inner.jobs, now))
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.call(|inner, now| inner.transition_all(jobs, Cause::Discard, State::Discarded, now, |_| {}))
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        self.call(move |inner, now| {
            let at = due.at(now);
            inner.transition_all(jobs, Cause::Reschedule, State::Scheduled, now, |job| job.record.due_at = at)
        })
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.try_call(|inner, _| check_queue_name(queue).map(|()| inner.paused.insert(queue.to_owned())))
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.call(|inner, _| {
            inner.changed = true;
            inner.paused.remove(queue)
        })
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        self.call(move |inner, now| inner.prune(now - older_than, limit, now))
    }
}

impl Inner {
    fn retry(&mut self, id: JobId, now: Timestamp) -> u64 {
        self.transition_all(&[id], Cause::ManualRetry, State::Ready, now, |job| {
            job.record.due_at = now;
            job.record.crashes = 0;
        })
    }

    /// Moves the jobs whose state allows it, and returns how many it moved.
    fn transition_all(
        &mut self,
        jobs: &[JobId],
        cause: Cause,
        to: State,
        now: Timestamp,
        change: impl Fn(&mut Stored),
    ) -> u64 {
        let mut touched = 0;
        for id in jobs {
            let state = self.jobs.get(id).map(|job| job.record.state);
            // The lifecycle lets a worker discard its claimed job. A manual discard must not touch it.
            if state.is_some_and(|state| state != State::Claimed && allows(state, cause, to)) {
                self.transition(*id, cause, to, now, &change);
                touched += 1;
            }
        }
        touched
    }

    fn prune(&mut self, until: Timestamp, limit: usize, now: Timestamp) -> u64 {
        self.key_holders.forget_expired(now);
        let mut forgotten = 0;
        for _ in 0..limit {
            let Some((_, id)) = self.indexes.first_done().filter(|(at, _)| *at <= until) else { break };
            self.forget(id);
            forgotten += 1;
        }
        forgotten
    }
}
