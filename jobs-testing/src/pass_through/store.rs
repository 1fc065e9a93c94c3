//! A `PassThrough` as a store with all its capabilities.

use std::fmt;
use std::time::Duration;

use jobs_core::{
    BlockingTransactional, Claim, Counts, Cursor, Dispatched, Due, Enqueued, Execution, FigureStore, Filter,
    Guarantees, HeartbeatReply, Heartbeats, Inspect, JobId, JobRecord, JobStats, Manage, NewJob, Notifier, Page,
    Process, ProcessOrders, ProcessRecord, QueueRecord, Recovered, Recovery, Recurring, RecurringTask, RecurringTasks,
    SchemaStatus, Settled, Settlement, Store, StoreFuture, Tick, TickOutcome, Transactional,
};

use crate::pass_through::{PassThrough, PassThroughStore};

impl<P: PassThrough> fmt::Debug for PassThroughStore<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PassThroughStore").field(&self.0.inner()).finish()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<P: PassThrough> Store for PassThroughStore<P> {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.0.enqueue(jobs)
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.0.dispatch(limit)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.0.claim(claim)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.0.settle(settlements)
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.0.heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.0.recover(recovery)
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        self.0.settle_and_claim(settlements, claim)
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        self.0.inspect().map(|_| self as _)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.0.manage().map(|_| self as _)
    }

    fn transactional(&self) -> Option<&dyn Transactional> {
        self.0.transactional()
    }

    fn blocking_transactional(&self) -> Option<&dyn BlockingTransactional> {
        self.0.blocking_transactional()
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        self.0.recurring().map(|_| self as _)
    }

    fn figures(&self) -> Option<&dyn FigureStore> {
        self.0.figures()
    }

    fn process_orders(&self) -> Option<&dyn ProcessOrders> {
        self.0.process_orders()
    }

    /// None, so that heartbeats are sent by [`heartbeat`](Store::heartbeat) of this store.
    fn heartbeats(&self) -> Option<&dyn Heartbeats> {
        None
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        self.0.notifier()
    }

    fn guarantees(&self) -> Guarantees {
        self.0.guarantees()
    }

    fn schema_status(&self) -> SchemaStatus {
        self.0.schema_status()
    }

    fn allows_prefetch(&self) -> bool {
        self.0.inner().allows_prefetch()
    }

    fn adapter_name(&self) -> &'static str {
        self.0.inner().adapter_name()
    }
}

impl<P: PassThrough> Inspect for PassThroughStore<P> {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.0.find(id)
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        self.0.page(filter)
    }

    fn cursor_at(&self, job: &JobRecord) -> Cursor {
        self.0.cursor_at(job)
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.0.counts()
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        self.0.queues()
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.0.processes()
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        self.0.stats()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<P: PassThrough> Manage for PassThroughStore<P> {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.0.retry(jobs)
    }

    fn key_holder(&self, job: JobId) -> StoreFuture<'_, Option<JobId>> {
        self.0.key_holder(job)
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.0.discard(jobs)
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        self.0.reschedule(jobs, due)
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.0.pause(queue)
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        self.0.resume(queue)
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        self.0.prune(older_than, limit)
    }
}

#[deny(clippy::missing_trait_methods)]
impl<P: PassThrough> Recurring for PassThroughStore<P> {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        self.0.declare(tasks)
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        self.0.tasks()
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        self.0.ticks(ticks)
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.0.pause_task(key)
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.0.resume_task(key)
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.0.forget_task(key)
    }
}
