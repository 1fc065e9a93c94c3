//! The store: one lock around all its data.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::{
    Claim, Clock, Dispatched, Enqueued, Error, Execution, FigureStore, HeartbeatReply, Inspect, JobId, Manage, NewJob,
    Notifier, Process, ProcessId, ProcessOrder, ProcessOrders, Recovered, Recovery, Recurring, Settled, Settlement,
    Store, StoreFuture, SystemClock, Timestamp,
};
use tokio::sync::watch;

use crate::inner::Inner;

/// Keeps jobs in memory, with all the capabilities a store can have. The jobs are gone when the process ends.
///
/// Each call takes the lock once, does its work without awaiting, and so is atomic.
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    inner: Mutex<Inner>,
    changes: watch::Sender<()>,
}

impl MemoryStore {
    /// An empty store that decides what is due by this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, inner: Mutex::default(), changes: watch::Sender::new(()) }
    }

    /// Runs `work` under the lock when the future is polled first.
    pub(crate) fn call<'a, T: Send>(
        &'a self,
        work: impl FnOnce(&mut Inner, Timestamp) -> T + Send + 'a,
    ) -> StoreFuture<'a, T> {
        self.try_call(|inner, now| Ok(work(inner, now)))
    }

    /// As [`call`](Self::call) for work that may fail. Work that fails must not have changed anything.
    pub(crate) fn try_call<'a, T: Send>(
        &'a self,
        work: impl FnOnce(&mut Inner, Timestamp) -> Result<T, Error> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let mut inner = self.lock();
            let result = work(&mut inner, self.clock.now());
            let changed = std::mem::take(&mut inner.changed);
            drop(inner);
            if changed {
                self.changes.send_replace(());
            }
            result
        })
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    /// An empty store with the machine's clock.
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
        self.try_call(|inner, now| {
            jobs.iter().try_for_each(NewJob::check)?;
            Ok(jobs.iter().map(|job| inner.enqueue(job, now)).collect())
        })
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.call(move |inner, now| inner.dispatch(limit, now))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.call(|inner, now| inner.claim(claim, now))
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.try_call(|inner, now| inner.settle(settlements, now))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.call(|inner, now| inner.heartbeat(process, now))
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.call(|inner, now| inner.recover(recovery, now))
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        self.try_call(|inner, now| {
            let settled = inner.settle(settlements, now)?;
            Ok((settled, inner.claim(claim, now)))
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

    fn figures(&self) -> Option<&dyn FigureStore> {
        Some(self)
    }

    fn process_orders(&self) -> Option<&dyn ProcessOrders> {
        Some(self)
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        Some(self)
    }
}

impl ProcessOrders for MemoryStore {
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool> {
        self.call(move |inner, _| inner.processes.order(process, order))
    }

    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>> {
        self.call(move |inner, _| inner.request_cancel(job))
    }

    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>> {
        self.call(move |inner, _| inner.cancelled(process))
    }
}
