//! Where a worker's coordinator and its runners meet: claimed jobs in, settlements out.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{ClaimToken, Decision, Execution, JobId, Settlement};
use tokio::sync::{Notify, Semaphore};

use crate::marked::Marked;

/// Shared by one coordinator and its runners. No lock is held over an await.
#[derive(Debug)]
pub(crate) struct Desk {
    claimed: Mutex<VecDeque<Execution>>,
    /// One permit for each claimed job that nobody has begun.
    begun: Semaphore,
    settled: Mutex<Vec<Settlement>>,
    /// Jobs that were completed in a transaction: that a settlement comes too late for them is as it should be.
    completed: Marked,
    /// Rings when there is something to settle.
    bell: Notify,
    running: AtomicUsize,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            claimed: Mutex::default(),
            begun: Semaphore::new(0),
            settled: Mutex::default(),
            completed: Marked::default(),
            bell: Notify::new(),
            running: AtomicUsize::new(0),
        }
    }

    /// Lays claimed jobs out for the runners.
    pub(crate) fn lay_out(&self, executions: Vec<Execution>) {
        let count = executions.len();
        lock(&self.claimed).extend(executions);
        self.begun.add_permits(count);
    }

    /// Waits for a job to begin. Cancel safe.
    pub(crate) async fn begin(&self) -> Execution {
        loop {
            // The semaphore is never closed.
            if let Ok(permit) = self.begun.acquire().await {
                permit.forget();
            }
            // A job whose permit was taken may have been given back meanwhile.
            if let Some(execution) = lock(&self.claimed).pop_front() {
                self.running.fetch_add(1, Ordering::Relaxed);
                return execution;
            }
        }
    }

    /// Notes the end of a job that was begun.
    pub(crate) fn end(&self, settlement: Settlement) {
        self.running.fetch_sub(1, Ordering::Relaxed);
        lock(&self.settled).push(settlement);
        self.bell.notify_one();
    }

    /// Notes that a job was completed in a transaction.
    pub(crate) fn completed(&self, job: JobId) {
        self.completed.add(job);
    }

    /// Whether a job that was settled now was completed in a transaction.
    pub(crate) fn take_completed(&self, job: JobId) -> bool {
        self.completed.take(job)
    }

    /// Takes all that waits to be settled.
    pub(crate) fn take_settled(&self) -> Vec<Settlement> {
        std::mem::take(&mut lock(&self.settled))
    }

    /// Gives the jobs beyond `keep` back that nobody has begun, the last claimed first.
    pub(crate) fn give_back(&self, keep: usize) -> usize {
        let mut claimed = lock(&self.claimed);
        let surplus = claimed.len().saturating_sub(keep);
        let back: Vec<_> = (0..surplus).filter_map(|_| claimed.pop_back()).collect();
        self.begun.forget_permits(back.len());
        drop(claimed);
        lock(&self.settled).extend(back.into_iter().map(|execution| execution.settle(Decision::Release)));
        surplus
    }

    /// How many claimed jobs nobody has begun.
    pub(crate) fn waiting(&self) -> usize {
        lock(&self.claimed).len()
    }

    /// How many jobs run.
    pub(crate) fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    /// Waits until there is something to settle. Cancel safe.
    pub(crate) async fn settled(&self) {
        self.bell.notified().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Holds the right to settle a job that runs. Dropped before the job is settled, it gives the job back.
#[derive(Debug)]
pub(crate) struct Begun<'a> {
    desk: &'a Desk,
    token: Option<ClaimToken>,
}

impl<'a> Begun<'a> {
    pub(crate) fn new(desk: &'a Desk, execution: &Execution) -> Self {
        Self { desk, token: Some(execution.token) }
    }

    pub(crate) fn settle(mut self, settlement: Settlement) {
        self.token = None;
        self.desk.end(settlement);
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token.take() {
            self.desk.end(Settlement::new(token, Decision::Release));
        }
    }
}
