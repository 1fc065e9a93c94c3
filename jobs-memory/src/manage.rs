//! Acting on stored jobs and queues by hand.

use std::time::Duration;

use jobs_core::lifecycle::{Cause, allows};
use jobs_core::{Due, JobId, Manage, State, StoreFuture, Timestamp, check_queue_name};

use crate::MemoryStore;
use crate::shelf::{Shelf, Stored};

impl Manage for MemoryStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.answer(|shelf, now| {
            // One after the other: what one takes keeps the next one out.
            let retry = |id: &JobId| if shelf.takes_again(*id, now) { shelf.retry(*id, now) } else { 0 };
            jobs.iter().map(retry).sum()
        })
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.answer(|shelf, now| shelf.shift_all(jobs, Cause::Discard, State::Discarded, now, |_| {}))
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        self.answer(move |shelf, now| {
            let at = due.at(now);
            shelf.shift_all(jobs, Cause::Reschedule, State::Scheduled, now, |job| job.record.due_at = at)
        })
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.attempt(|shelf, _| check_queue_name(queue).map(|()| shelf.paused.insert(queue.to_owned())))
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.answer(|shelf, _| {
            shelf.stirred = true;
            shelf.paused.remove(queue)
        })
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        self.answer(move |shelf, now| shelf.prune(now.before(older_than), limit, now))
    }
}

impl Shelf {
    fn retry(&mut self, id: JobId, now: Timestamp) -> u64 {
        self.shift_all(&[id], Cause::RetryByHand, State::Ready, now, |job| {
            job.record.due_at = now;
            job.record.crashes = 0;
        })
    }

    /// Moves those of the jobs that may move so by hand, and counts them.
    fn shift_all(
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
            // The table also lets a worker discard what it holds; a hand may not.
            if state.is_some_and(|state| state != State::Claimed && allows(state, cause, to)) {
                self.shift(*id, cause, to, now, &change);
                touched += 1;
            }
        }
        touched
    }

    fn prune(&mut self, until: Timestamp, limit: usize, now: Timestamp) -> u64 {
        self.forget_expired(now);
        let mut forgotten = 0;
        for _ in 0..limit {
            let Some((_, id)) = self.piles.first_done().filter(|(at, _)| *at <= until) else { break };
            self.forget(id);
            forgotten += 1;
        }
        forgotten
    }
}
