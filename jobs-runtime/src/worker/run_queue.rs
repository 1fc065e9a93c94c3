//! Where a worker's coordinator and its executors meet: claimed jobs in, settlements out.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{ClaimToken, Decision, Execution, JobId, Settlement};
use tokio::sync::{Notify, Semaphore};

use crate::perform::job_set::JobSet;

/// Shared by one coordinator and its executors. No lock is held over an await.
#[derive(Debug)]
pub(crate) struct RunQueue {
    claimed: Mutex<VecDeque<Execution>>,
    /// One permit for each claimed job that nobody has begun.
    permits: Semaphore,
    completed: Mutex<Vec<Settlement>>,
    /// Jobs that were completed in a transaction: that a settlement comes too late for them is as it should be.
    committed: JobSet,
    /// Rings when there is something to settle.
    wakeup: Notify,
    running: AtomicUsize,
}

impl RunQueue {
    pub(crate) fn new() -> Self {
        Self {
            claimed: Mutex::default(),
            permits: Semaphore::new(0),
            completed: Mutex::default(),
            committed: JobSet::default(),
            wakeup: Notify::new(),
            running: AtomicUsize::new(0),
        }
    }

    /// Lays claimed jobs out for the executors.
    pub(crate) fn push(&self, executions: Vec<Execution>) {
        let count = executions.len();
        lock(&self.claimed).extend(executions);
        self.permits.add_permits(count);
    }

    /// Waits for a job to begin. Cancel safe.
    pub(crate) async fn pop(&self) -> Execution {
        loop {
            // The semaphore is never closed.
            if let Ok(permit) = self.permits.acquire().await {
                permit.forget();
            }
            // A job whose permit was taken may have been given back run_while.
            if let Some(execution) = lock(&self.claimed).pop_front() {
                self.running.fetch_add(1, Ordering::Relaxed);
                return execution;
            }
        }
    }

    /// Notes the end of a job that was begun.
    pub(crate) fn complete(&self, settlement: Settlement) {
        self.running.fetch_sub(1, Ordering::Relaxed);
        lock(&self.completed).push(settlement);
        self.wakeup.notify_one();
    }

    /// Notes that a job was completed in a transaction.
    pub(crate) fn mark_committed(&self, job: JobId) {
        self.committed.insert(job);
    }

    /// Whether a job that was settled now was completed in a transaction.
    pub(crate) fn take_committed(&self, job: JobId) -> bool {
        self.committed.remove(job)
    }

    /// Takes all that waits to be settled.
    pub(crate) fn take_completed(&self) -> Vec<Settlement> {
        std::mem::take(&mut lock(&self.completed))
    }

    /// Gives the jobs beyond `keep` back that nobody has begun, the last claimed first.
    pub(crate) fn release(&self, keep: usize) -> usize {
        let mut claimed = lock(&self.claimed);
        let surplus = claimed.len().saturating_sub(keep);
        let back: Vec<_> = (0..surplus).filter_map(|_| claimed.pop_back()).collect();
        self.permits.forget_permits(back.len());
        drop(claimed);
        lock(&self.completed).extend(back.into_iter().map(|execution| execution.settle(Decision::Release)));
        surplus
    }

    /// How many claimed jobs nobody has begun.
    pub(crate) fn len(&self) -> usize {
        lock(&self.claimed).len()
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

/// Holds the right to settle a job that runs. Dropped before the job is settled, it gives the job back.
#[derive(Debug)]
pub(crate) struct RunGuard<'a> {
    queue: &'a RunQueue,
    token: Option<ClaimToken>,
}

impl<'a> RunGuard<'a> {
    pub(crate) fn new(queue: &'a RunQueue, execution: &Execution) -> Self {
        Self { queue, token: Some(execution.token) }
    }

    pub(crate) fn settle(mut self, settlement: Settlement) {
        self.token = None;
        self.queue.complete(settlement);
    }
}

impl Drop for RunGuard<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            self.queue.complete(Settlement { token, decision: Decision::Release });
        }
    }
}
