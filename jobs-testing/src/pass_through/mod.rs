//! Stores that pass calls on to another store, except those that a test replaces.

mod store;

use std::future::ready;
use std::time::Duration;

use jobs_core::{
    BlockingTransactional, Claim, Counts, Cursor, Dispatched, Due, Enqueued, Error, Execution, FigureStore, Filter,
    Guarantees, HeartbeatReply, Inspect, JobId, JobRecord, JobStats, Manage, NewJob, Notifier, Page, Process,
    ProcessOrders, ProcessRecord, QueueRecord, Recovered, Recovery, Recurring, RecurringTask, RecurringTasks,
    SchemaStatus, Settled, Settlement, Store, StoreExt, StoreFuture, Tick, TickOutcome, Transactional,
};

/// The calls of a store and of its capabilities, each passed on to [`inner`](Self::inner) unless it is replaced.
///
/// [`PassThroughStore`] makes a store of it: one that counts its calls, hangs in one of them, or breaks one promise.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use jobs_core::{Dispatched, Store, StoreFuture};
/// use jobs_memory::MemoryStore;
/// use jobs_testing::{PassThrough, PassThroughStore};
///
/// #[derive(Default)]
/// struct CountsDispatches(MemoryStore, AtomicUsize);
///
/// impl PassThrough for CountsDispatches {
///     fn inner(&self) -> &dyn Store {
///         &self.0
///     }
///
///     fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
///         self.1.fetch_add(1, Ordering::SeqCst);
///         self.inner().dispatch(limit)
///     }
/// }
///
/// let store: Arc<dyn Store> = Arc::new(PassThroughStore(CountsDispatches::default()));
/// # drop(store);
/// ```
pub trait PassThrough: Send + Sync + 'static {
    /// The store that the calls are passed on to.
    fn inner(&self) -> &dyn Store;

    /// [`Store::enqueue`].
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.inner().enqueue(jobs)
    }

    /// [`Store::dispatch`].
    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.inner().dispatch(limit)
    }

    /// [`Store::claim`].
    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.inner().claim(claim)
    }

    /// [`Store::settle`].
    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.inner().settle(settlements)
    }

    /// [`Store::heartbeat`].
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.inner().heartbeat(process)
    }

    /// [`Store::recover`].
    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.inner().recover(recovery)
    }

    /// [`Store::settle_and_claim`]. By default [`settle`](Self::settle) and [`claim`](Self::claim) of this trait, so
    /// that a replaced call is replaced here too.
    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        Box::pin(async move { Ok((self.settle(settlements).await?, self.claim(claim).await?)) })
    }

    /// Whether the store can be inspected. The calls go to the methods of this trait, not to what is returned here.
    fn inspect(&self) -> Option<&dyn Inspect> {
        self.inner().inspect()
    }

    /// Whether the store can be managed. The calls go to the methods of this trait, not to what is returned here.
    fn manage(&self) -> Option<&dyn Manage> {
        self.inner().manage()
    }

    /// [`Store::transactional`].
    fn transactional(&self) -> Option<&dyn Transactional> {
        self.inner().transactional()
    }

    /// [`Store::blocking_transactional`].
    fn blocking_transactional(&self) -> Option<&dyn BlockingTransactional> {
        self.inner().blocking_transactional()
    }

    /// Whether the store keeps recurring tasks. The calls go to the methods of this trait, not to what is returned.
    fn recurring(&self) -> Option<&dyn Recurring> {
        self.inner().recurring()
    }

    /// [`Store::figures`].
    fn figures(&self) -> Option<&dyn FigureStore> {
        self.inner().figures()
    }

    /// [`Store::process_orders`].
    fn process_orders(&self) -> Option<&dyn ProcessOrders> {
        self.inner().process_orders()
    }

    /// [`Store::notifier`].
    fn notifier(&self) -> Option<&dyn Notifier> {
        self.inner().notifier()
    }

    /// [`Store::guarantees`].
    fn guarantees(&self) -> Guarantees {
        self.inner().guarantees()
    }

    /// [`Store::schema_status`].
    fn schema_status(&self) -> SchemaStatus {
        self.inner().schema_status()
    }

    /// [`Inspect::find`].
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.inner().require_inspect().map_or_else(failed, |inspect| inspect.find(id))
    }

    /// [`Inspect::page`], and by it [`Inspect::list`].
    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        self.inner().require_inspect().map_or_else(failed, |inspect| inspect.page(filter))
    }

    /// [`Inspect::cursor_at`].
    fn cursor_at(&self, job: &JobRecord) -> Cursor {
        self.inner().inspect().map_or_else(|| job.id.into(), |inspect| inspect.cursor_at(job))
    }

    /// [`Inspect::counts`].
    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.inner().require_inspect().map_or_else(failed, |inspect| inspect.counts())
    }

    /// [`Inspect::queues`].
    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        self.inner().require_inspect().map_or_else(failed, |inspect| inspect.queues())
    }

    /// [`Inspect::processes`].
    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.inner().require_inspect().map_or_else(failed, |inspect| inspect.processes())
    }

    /// [`Inspect::stats`].
    fn stats(&self) -> StoreFuture<'_, JobStats> {
        self.inner().require_inspect().map_or_else(failed, |inspect| inspect.stats())
    }

    /// [`Manage::retry`].
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.inner().require_manage().map_or_else(failed, |manage| manage.retry(jobs))
    }

    /// [`Manage::key_holder`].
    fn key_holder(&self, job: JobId) -> StoreFuture<'_, Option<JobId>> {
        self.inner().require_manage().map_or_else(failed, |manage| manage.key_holder(job))
    }

    /// [`Manage::discard`].
    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.inner().require_manage().map_or_else(failed, |manage| manage.discard(jobs))
    }

    /// [`Manage::reschedule`].
    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        self.inner().require_manage().map_or_else(failed, |manage| manage.reschedule(jobs, due))
    }

    /// [`Manage::pause`].
    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.inner().require_manage().map_or_else(failed, |manage| manage.pause(queue))
    }

    /// [`Manage::resume`].
    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.inner().require_manage().map_or_else(failed, |manage| manage.resume(queue))
    }

    /// [`Manage::prune`].
    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        self.inner().require_manage().map_or_else(failed, |manage| manage.prune(older_than, limit))
    }

    /// [`Recurring::declare`].
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        self.inner().require_recurring().map_or_else(failed, |recurring| recurring.declare(tasks))
    }

    /// [`Recurring::tasks`].
    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        self.inner().require_recurring().map_or_else(failed, |recurring| recurring.tasks())
    }

    /// [`Recurring::ticks`].
    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        self.inner().require_recurring().map_or_else(failed, |recurring| recurring.ticks(ticks))
    }

    /// [`Recurring::pause_task`].
    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.inner().require_recurring().map_or_else(failed, |recurring| recurring.pause_task(key))
    }

    /// [`Recurring::resume_task`].
    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.inner().require_recurring().map_or_else(failed, |recurring| recurring.resume_task(key))
    }

    /// [`Recurring::forget_task`].
    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.inner().require_recurring().map_or_else(failed, |recurring| recurring.forget_task(key))
    }
}

/// Calls of a capability that the inner store lacks fail with its error.
fn failed<'a, T: Send + 'a>(error: Error) -> StoreFuture<'a, T> {
    Box::pin(ready(Err(error)))
}

/// A [`PassThrough`] as a store.
pub struct PassThroughStore<P>(pub P);
