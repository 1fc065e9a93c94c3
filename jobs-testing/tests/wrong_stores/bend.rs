//! The store in memory with some of its methods bent.

use std::fmt;

use jobs_core::{
    Claim, Dispatched, Enqueued, Execution, Inspect, Manage, NewJob, Process, Pulse, Recovered, Recovery, Recurring,
    Settled, Settlement, Standing, Store, StoreFuture, Wakeups, Within, WithinBlocking,
};
use jobs_memory::MemoryStore;

/// What is wrong with a store: every method that is not given is the true one.
pub(crate) trait Bend: Send + Sync + 'static {
    fn inner(&self) -> &MemoryStore;

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.inner().enqueue(jobs)
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.inner().dispatch(limit)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.inner().claim(claim)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.inner().settle(settlements)
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        self.inner().heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.inner().recover(recovery)
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        Box::pin(async move { Ok((self.settle(settlements).await?, self.claim(claim).await?)) })
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        self.inner().inspect()
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.inner().manage()
    }

    fn within(&self) -> Option<&dyn Within> {
        self.inner().within()
    }

    fn within_blocking(&self) -> Option<&dyn WithinBlocking> {
        self.inner().within_blocking()
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        self.inner().recurring()
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        self.inner().wakeups()
    }
}

/// A bent store as a store.
pub(crate) struct Wrong<B>(pub(crate) B);

impl<B: Bend> fmt::Debug for Wrong<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wrong").field(self.0.inner()).finish()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<B: Bend> Store for Wrong<B> {
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

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
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
        self.0.inspect()
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.0.manage()
    }

    fn within(&self) -> Option<&dyn Within> {
        self.0.within()
    }

    fn within_blocking(&self) -> Option<&dyn WithinBlocking> {
        self.0.within_blocking()
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        self.0.recurring()
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        self.0.wakeups()
    }

    fn standing(&self) -> Standing {
        self.0.inner().standing()
    }
}
