//! The queue between a worker's coordinator and its executors: claimed jobs in, settlements out.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{ClaimToken, Decision, Execution, JobId, Settlement};
use tokio::sync::{Notify, Semaphore};

use crate::perform::claim_performer::PerformedClaim;
use crate::perform::job_set::JobSet;

/// Shared by one coordinator and its executors. No lock is held over an await.
#[derive(Debug)]
pub(crate) struct RunQueue {
    claimed: Mutex<VecDeque<Claimed>>,
    /// One permit for each claimed job that no executor has taken.
    permits: Semaphore,
    completed: Mutex<Vec<Settlement>>,
    /// Jobs for which a stale settlement is expected: they were completed in a transaction of their own, or lost.
    may_be_stale: JobSet,
    /// Notified when there is something to settle.
    wakeup: Notify,
    running: AtomicUsize,
    /// How many jobs were taken and released without a run.
    declined: AtomicUsize,
}

/// A claimed job, with the [generation](crate::supervision::liveness::Liveness::generation) of its claim.
#[derive(Debug)]
pub(crate) struct Claimed {
    pub(crate) execution: Execution,
    pub(crate) generation: u64,
}

impl RunQueue {
    pub(crate) fn new() -> Self {
        Self {
            claimed: Mutex::default(),
            permits: Semaphore::new(0),
            completed: Mutex::default(),
            may_be_stale: JobSet::default(),
            wakeup: Notify::new(),
            running: AtomicUsize::new(0),
            declined: AtomicUsize::new(0),
        }
    }

    /// Adds claimed jobs for the executors.
    pub(crate) fn push(&self, claimed: impl ExactSizeIterator<Item = Claimed>) {
        let count = claimed.len();
        lock(&self.claimed).extend(claimed);
        self.permits.add_permits(count);
    }

    /// Waits for a job to perform. Cancel safe.
    pub(crate) async fn pop(&self) -> Claimed {
        loop {
            // The semaphore is never closed.
            if let Ok(permit) = self.permits.acquire().await {
                permit.forget();
            }
            // The job of this permit may have been released meanwhile.
            if let Some(claimed) = lock(&self.claimed).pop_front() {
                self.running.fetch_add(1, Ordering::Relaxed);
                return claimed;
            }
        }
    }

    /// Records the end of a job that was taken.
    pub(crate) fn complete(&self, settlement: Settlement) {
        self.running.fetch_sub(1, Ordering::Relaxed);
        lock(&self.completed).push(settlement);
        self.wakeup.notify_one();
    }

    /// Whether a stale settlement is expected for a job that is settled now. Forgets that.
    pub(crate) fn take_may_be_stale(&self, job: JobId) -> bool {
        self.may_be_stale.remove(job)
    }

    /// Takes everything that waits to be settled.
    pub(crate) fn take_completed(&self) -> Vec<Settlement> {
        std::mem::take(&mut lock(&self.completed))
    }

    /// Releases the jobs beyond `keep` that no executor has taken, the last claimed first. Returns how many.
    pub(crate) fn release(&self, keep: usize) -> usize {
        let mut claimed = lock(&self.claimed);
        let surplus = claimed.len().saturating_sub(keep);
        let released: Vec<_> = (0..surplus).filter_map(|_| claimed.pop_back()).collect();
        self.permits.forget_permits(released.len());
        drop(claimed);
        lock(&self.completed).extend(released.into_iter().map(|claimed| claimed.execution.settle(Decision::Release)));
        surplus
    }

    /// How many claimed jobs no executor has taken.
    pub(crate) fn len(&self) -> usize {
        lock(&self.claimed).len()
    }

    /// How many jobs executors have taken and released without a run.
    pub(crate) fn declined(&self) -> usize {
        self.declined.load(Ordering::Relaxed)
    }

    /// How many jobs run.
    pub(crate) fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    /// Waits until there is something to settle. Cancel safe.
    pub(crate) async fn wait_completed(&self) {
        self.wakeup.notified().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right to settle a running job. If it is dropped before that, the job is released.
#[derive(Debug)]
pub(crate) struct RunGuard<'a> {
    queue: &'a RunQueue,
    token: Option<ClaimToken>,
}

impl<'a> RunGuard<'a> {
    pub(crate) fn new(queue: &'a RunQueue, execution: &Execution) -> Self {
        Self { queue, token: Some(execution.token) }
    }

    pub(crate) fn complete(mut self, performed: PerformedClaim) {
        self.token = None;
        if performed.was_completed {
            self.queue.may_be_stale.insert(performed.settlement.token.job);
        }
        self.queue.complete(performed.settlement);
    }

    /// Releases the job without a run: the process stops.
    pub(crate) fn decline(self) {
        self.queue.declined.fetch_add(1, Ordering::Relaxed);
    }

    /// Releases the job without a run, in case this process still has it: it was given up as dead after the claim.
    pub(crate) fn give_up(self) {
        if let Some(token) = &self.token {
            self.queue.may_be_stale.insert(token.job);
        }
    }
}

impl Drop for RunGuard<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            self.queue.complete(Settlement::new(token, Decision::Release));
        }
    }
}

#[cfg(test)]
mod tests {
    use jobs_core::ProcessId;
    use tokio_util::task::TaskTracker;

    use super::*;

    fn claimed(numbers: std::ops::Range<u8>) -> std::vec::IntoIter<Claimed> {
        let claimed = |number: u8| {
            let job = JobId::from_bytes([number; 16]);
            let token = ClaimToken::new(job, ProcessId::new(1), 1);
            let execution = Execution::new(token, "work".to_owned(), "{}".to_owned());
            Claimed { execution, generation: 0 }
        };
        numbers.map(claimed).collect::<Vec<_>>().into_iter()
    }

    fn settled(queue: &RunQueue) -> Vec<u8> {
        queue.take_completed().iter().map(|settlement| settlement.token.job.as_bytes()[0]).collect()
    }

    #[tokio::test]
    async fn jobs_are_performed_in_the_order_of_the_claim() {
        let queue = RunQueue::new();
        queue.push(claimed(0..3));
        for number in 0..3 {
            let execution = queue.pop().await.execution;
            assert_eq!(execution.id().as_bytes()[0], number);
            assert_eq!((queue.len(), queue.running()), (2 - usize::from(number), 1));
            queue.complete(execution.settle(Decision::Finish { keep: true }));
        }
        assert_eq!(settled(&queue), [0, 1, 2]);
    }

    #[tokio::test]
    async fn jobs_that_no_executor_has_taken_are_released_last_claimed_first() {
        let queue = RunQueue::new();
        queue.push(claimed(0..4));
        let first = queue.pop().await.execution;
        assert_eq!(queue.release(1), 2);
        assert_eq!(settled(&queue), [3, 2]);
        assert_eq!((queue.len(), queue.running()), (1, 1), "what runs goes on");
        drop(RunGuard::new(&queue, &first));
        assert_eq!((settled(&queue), queue.running()), (vec![0], 0), "a dropped job is released");
    }

    #[tokio::test]
    async fn an_executor_that_waits_is_woken_by_the_next_job_also_after_a_release() {
        let queue = std::sync::Arc::new(RunQueue::new());
        queue.push(claimed(0..2));
        assert_eq!(queue.release(0), 2);
        let tracker = TaskTracker::new();
        let waiting = std::sync::Arc::clone(&queue);
        let popped = tracker.spawn(async move { waiting.pop().await.execution.id() });
        queue.push(claimed(7..8));
        assert_eq!(popped.await.ok().map(|id| id.as_bytes()[0]), Some(7));
    }
}
