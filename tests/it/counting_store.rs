//! A store that counts its calls.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use jobs::Enqueued;
use jobs::recurring::RecurringTasks;
use jobs::store::{Claim, Dispatched, Execution, NewJob, Settled, Settlement, Store, StoreFuture};
use jobs_testing::{PassThrough, PassThroughStore};

/// A store around another one, with its [`CallCounts`].
pub(crate) type CountingStore = PassThroughStore<CallCounts>;

/// The calls of a store so far.
pub(crate) struct CallCounts {
    store: Arc<dyn Store>,
    /// How many jobs each enqueue brought.
    pub(crate) enqueues: Mutex<Vec<usize>>,
    /// How many jobs each claim asked for.
    pub(crate) limits: Mutex<Vec<usize>>,
    pub(crate) dispatches: AtomicUsize,
    /// How often the recurring tasks were read.
    pub(crate) task_reads: AtomicUsize,
}

impl CallCounts {
    /// Counts the calls of this store.
    pub(crate) fn of(store: Arc<dyn Store>) -> Arc<CountingStore> {
        Arc::new(PassThroughStore(Self {
            store,
            enqueues: Mutex::default(),
            limits: Mutex::default(),
            dispatches: AtomicUsize::new(0),
            task_reads: AtomicUsize::new(0),
        }))
    }

    fn count_claim(&self, claim: &Claim) {
        self.limits.lock().expect("no claim panics").push(claim.limit);
    }
}

impl PassThrough for CallCounts {
    fn inner(&self) -> &dyn Store {
        &*self.store
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.enqueues.lock().expect("no enqueue panics").push(jobs.len());
        self.store.enqueue(jobs)
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.dispatches.fetch_add(1, Ordering::SeqCst);
        self.store.dispatch(limit)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.count_claim(claim);
        self.store.claim(claim)
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        self.count_claim(claim);
        self.store.settle_and_claim(settlements, claim)
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        self.task_reads.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { self.store.recurring().expect("the store keeps recurring tasks").tasks().await })
    }
}
