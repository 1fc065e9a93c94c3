//! A store that fails on demand.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jobs_core::{
    BlockingTransactional, Claim, Dispatched, Enqueued, Error, Execution, FigureFilter, FigureRows, FigureStore,
    Guarantees, HeartbeatReply, Heartbeats, Inspect, Manage, NewFigures, NewJob, Notifier, Process, ProcessOrders,
    Recovered, Recovery, Recurring, RecurringTask, RecurringTasks, SchemaStatus, Settled, Settlement, Store, StoreExt,
    StoreFuture, Tick, TickOutcome, Transactional,
};

/// A store around another one. Its calls fail on demand.
///
/// Calls are named like the methods of [`Store`] and of [`Recurring`]. If faults are set for `settle` or `claim`, a
/// `settle_and_claim` is made of these two calls. A `tick` is a call of `ticks`. The other capabilities are passed on unchanged.
///
/// ```
/// use std::sync::Arc;
///
/// use jobs_core::{Error, Store};
/// use jobs_memory::MemoryStore;
/// use jobs_testing::FaultyStore;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
/// # runtime.block_on(async {
/// let store = FaultyStore::new(Arc::new(MemoryStore::default()));
/// store.fail_before("dispatch", 1, || Error::transient("gone for a moment"));
/// assert!(store.dispatch(10).await.is_err());
/// assert!(store.dispatch(10).await.is_ok());
/// # });
/// ```
#[derive(Debug)]
pub struct FaultyStore {
    store: Arc<dyn Store>,
    faults: Mutex<VecDeque<Fault>>,
}

struct Fault {
    call: &'static str,
    left: usize,
    applied: bool,
    error: Box<dyn Fn() -> Error + Send + Sync>,
}

const CALLS: [&str; 15] = [
    "enqueue",
    "dispatch",
    "claim",
    "settle",
    "heartbeat",
    "recover",
    "settle_and_claim",
    "declare",
    "tasks",
    "ticks",
    "pause_task",
    "resume_task",
    "forget_task",
    "add_figures",
    "figure_rows",
];

impl FaultyStore {
    /// Around `store`; nothing fails yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, faults: Mutex::default() }
    }

    /// The next `times` calls fail without reaching the store.
    ///
    /// # Panics
    /// `call` is not a method of [`Store`] or [`Recurring`] that can fail, nor `add_figures` or `figure_rows`.
    pub fn fail_before(&self, call: &'static str, times: usize, error: impl Fn() -> Error + Send + Sync + 'static) {
        self.add(call, times, false, Box::new(error));
    }

    /// The next `times` calls reach the store, but their answer is lost: the caller sees the error.
    ///
    /// # Panics
    /// `call` is not a method of [`Store`] or [`Recurring`] that can fail, nor `add_figures` or `figure_rows`.
    pub fn fail_after(&self, call: &'static str, times: usize, error: impl Fn() -> Error + Send + Sync + 'static) {
        self.add(call, times, true, Box::new(error));
    }

    fn add(&self, call: &'static str, left: usize, applied: bool, error: Box<dyn Fn() -> Error + Send + Sync>) {
        let call = if call == "tick" { "ticks" } else { call };
        assert!(CALLS.contains(&call), "`{call}` is no call of a store; the calls are {}", CALLS.join(", "));
        self.lock().push_back(Fault { call, left, applied, error });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The error of the first fault for such a call, and whether the store is to be called.
    fn next(&self, call: &str) -> Option<(bool, Error)> {
        let mut faults = self.lock();
        faults.retain(|fault| fault.left > 0);
        let fault = faults.iter_mut().find(|fault| fault.call == call)?;
        fault.left -= 1;
        Some((fault.applied, (fault.error)()))
    }

    fn is_to_fail(&self, call: &str) -> bool {
        self.lock().iter().any(|fault| fault.call == call && fault.left > 0)
    }

    fn through<'a, T: Send + 'a>(
        &'a self,
        call: &'static str,
        reach: impl FnOnce() -> StoreFuture<'a, T> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move {
            match self.next(call) {
                None => reach().await,
                Some((false, error)) => Err(error),
                Some((true, error)) => reach().await.and(Err(error)),
            }
        })
    }

    async fn one_after_the_other(
        &self,
        settlements: &[Settlement],
        claim: &Claim,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        let settled = if settlements.is_empty() { Vec::new() } else { self.settle(settlements).await? };
        let executions = if claim.limit == 0 { Vec::new() } else { self.claim(claim).await? };
        Ok((settled, executions))
    }
}

#[deny(clippy::missing_trait_methods)]
impl Store for FaultyStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.through("enqueue", || self.store.enqueue(jobs))
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.through("dispatch", move || self.store.dispatch(limit))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.through("claim", || self.store.claim(claim))
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.through("settle", || self.store.settle(settlements))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.through("heartbeat", || self.store.heartbeat(process))
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.through("recover", || self.store.recover(recovery))
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        self.through("settle_and_claim", move || {
            if self.is_to_fail("settle") || self.is_to_fail("claim") {
                Box::pin(self.one_after_the_other(settlements, claim))
            } else {
                self.store.settle_and_claim(settlements, claim)
            }
        })
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        self.store.inspect()
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.store.manage()
    }

    fn transactional(&self) -> Option<&dyn Transactional> {
        self.store.transactional()
    }

    fn blocking_transactional(&self) -> Option<&dyn BlockingTransactional> {
        self.store.blocking_transactional()
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        self.store.recurring().map(|_| self as _)
    }

    fn figures(&self) -> Option<&dyn FigureStore> {
        self.store.figures().map(|_| self as _)
    }

    fn process_orders(&self) -> Option<&dyn ProcessOrders> {
        self.store.process_orders()
    }

    /// None, so that heartbeats are sent by [`heartbeat`](Store::heartbeat) of this store.
    fn heartbeats(&self) -> Option<&dyn Heartbeats> {
        None
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        self.store.notifier()
    }

    fn guarantees(&self) -> Guarantees {
        self.store.guarantees()
    }

    fn schema_status(&self) -> SchemaStatus {
        self.store.schema_status()
    }

    fn allows_prefetch(&self) -> bool {
        self.store.allows_prefetch()
    }

    fn adapter_name(&self) -> &'static str {
        self.store.adapter_name()
    }
}

impl FaultyStore {
    fn repeated<'a, T: Send + 'a>(
        &'a self,
        call: &'static str,
        reach: impl FnOnce(&'a dyn Recurring) -> StoreFuture<'a, T> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        self.through(call, || match self.store.require_recurring() {
            Ok(recurring) => reach(recurring),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        })
    }
}

impl FigureStore for FaultyStore {
    fn add<'a>(&'a self, new: &'a NewFigures) -> StoreFuture<'a, ()> {
        self.through("add_figures", || match self.store.require_figures() {
            Ok(figures) => figures.add(new),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        })
    }

    fn counts_attempts(&self) -> bool {
        self.store.figures().is_some_and(FigureStore::counts_attempts)
    }

    fn rows<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureRows> {
        self.through("figure_rows", || match self.store.require_figures() {
            Ok(figures) => figures.rows(filter),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        })
    }
}

impl Recurring for FaultyStore {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        self.repeated("declare", |recurring| recurring.declare(tasks))
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        self.repeated("tasks", |recurring| recurring.tasks())
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        self.repeated("ticks", |recurring| recurring.ticks(ticks))
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.repeated("pause_task", |recurring| recurring.pause_task(key))
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.repeated("resume_task", |recurring| recurring.resume_task(key))
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.repeated("forget_task", |recurring| recurring.forget_task(key))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = if self.applied { "after" } else { "before" };
        write!(f, "{} times {when} {}", self.left, self.call)
    }
}
