//! The store: one lock around all it holds.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::{
    Claim, Clock, Dispatched, Enqueued, Error, Execution, Inspect, Manage, NewJob, Process, Pulse, Recovered, Recovery,
    Recurring, Settled, Settlement, Store, StoreFuture, SystemClock, Timestamp, Wakeups,
};
use tokio::sync::watch;

use crate::shelf::Shelf;

/// Keeps jobs in memory, with all the powers a store can have. What it holds ends with the process.
///
/// Each call takes the lock once, does its work, and never awaits, so every call is atomic.
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    shelf: Mutex<Shelf>,
    hints: watch::Sender<()>,
}

impl MemoryStore {
    /// An empty store that decides what is due by this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, shelf: Mutex::default(), hints: watch::Sender::new(()) }
    }

    /// What happens to the shelf in one piece, once the future is polled.
    pub(crate) fn answer<'a, T: Send>(
        &'a self,
        work: impl FnOnce(&mut Shelf, Timestamp) -> T + Send + 'a,
    ) -> StoreFuture<'a, T> {
        self.attempt(|shelf, now| Ok(work(shelf, now)))
    }

    /// As [`answer`](Self::answer) where something may be refused; then nothing happens to the shelf.
    pub(crate) fn attempt<'a, T: Send>(
        &'a self,
        work: impl FnOnce(&mut Shelf, Timestamp) -> Result<T, Error> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let mut held = self.lock();
            let answer = work(&mut held, self.clock.now());
            let stirred = std::mem::take(&mut held.stirred);
            drop(held);
            if stirred {
                self.hints.send_replace(());
            }
            answer
        })
    }

    pub(crate) fn hints(&self) -> watch::Receiver<()> {
        self.hints.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    /// An empty store that goes by the machine's clock.
    fn default() -> Self {
        Self::new(Arc::new(SystemClock))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("jobs", &self.lock().jobs.len()).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.answer(|shelf, now| jobs.iter().map(|job| shelf.enqueue(job, now)).collect())
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.answer(move |shelf, now| shelf.dispatch(limit, now))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.answer(|shelf, now| shelf.claim(claim, now))
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.attempt(|shelf, now| shelf.settle(settlements, now))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        self.answer(|shelf, now| shelf.heartbeat(process, now))
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.answer(|shelf, now| shelf.recover(recovery, now))
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        self.attempt(|shelf, now| {
            let settled = shelf.settle(settlements, now)?;
            Ok((settled, shelf.claim(claim, now)))
        })
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        Some(self)
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        Some(self)
    }
}
