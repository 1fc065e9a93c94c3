//! A store that counts what it is asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use jobs::{
    Claim, Dispatched, Enqueued, Execution, Inspect, Manage, NewJob, Process, Pulse, Recovered, Recovery, Settled,
    Settlement, Store, StoreFuture, Wakeups,
};

/// Around another store.
#[derive(Debug)]
pub(crate) struct CountingStore {
    store: Arc<dyn Store>,
    /// How many jobs each enqueue brought.
    pub(crate) enqueues: Mutex<Vec<usize>>,
    /// The first selector of each claim.
    pub(crate) claims: Mutex<Vec<String>>,
    /// How many jobs each claim asked for.
    pub(crate) limits: Mutex<Vec<usize>>,
    pub(crate) dispatches: AtomicUsize,
}

impl CountingStore {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            enqueues: Mutex::default(),
            claims: Mutex::default(),
            limits: Mutex::default(),
            dispatches: AtomicUsize::new(0),
        }
    }

    fn log_call(&self, claim: &Claim) {
        let first = claim.queues.first().map_or_else(String::new, ToString::to_string);
        self.claims.lock().expect("no look panics").push(first);
        self.limits.lock().expect("no look panics").push(claim.limit);
    }
}

impl Store for CountingStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.enqueues.lock().expect("no look panics").push(jobs.len());
        self.store.enqueue(jobs)
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.dispatches.fetch_add(1, Ordering::SeqCst);
        self.store.dispatch(limit)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.log_call(claim);
        self.store.claim(claim)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.store.settle(settlements)
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        self.store.heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.store.recover(recovery)
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        self.log_call(claim);
        self.store.settle_and_claim(settlements, claim)
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        self.store.inspect()
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.store.manage()
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        self.store.wakeups()
    }
}
