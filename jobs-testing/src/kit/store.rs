//! The store of a test: in memory, with notes, and performing what is enqueued while a block asks for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::{
    Claim, Decision, Dispatched, Due, Enqueued, Error, Execution, Inspect, Manage, NewJob, Process, ProcessId, Pulse,
    Recovered, Recovery, Recurring, Settled, Settlement, Standing, Store, StoreFuture, Wakeups, Within, WithinBlocking,
};
use jobs_memory::MemoryStore;

use crate::ManualClock;
use crate::kit::block::Block;
use crate::kit::notes::Notes;
use crate::kit::within::committed;

/// Whose claims are answered. A worker that was started over this store gets nothing: jobs run when the test asks.
pub(crate) const DRAIN: ProcessId = ProcessId::new(i64::MAX);

/// Keeps what is enqueued until the test asks for it to be performed.
#[derive(Debug)]
pub(crate) struct TestStore {
    memory: MemoryStore,
    notes: Mutex<Notes>,
    block: Mutex<Option<Arc<Block>>>,
}

impl TestStore {
    pub(crate) fn new(clock: &ManualClock) -> Self {
        let memory = MemoryStore::new(Arc::new(clock.clone()));
        Self { memory, notes: Mutex::default(), block: Mutex::default() }
    }

    pub(crate) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn memory(&self) -> &MemoryStore {
        &self.memory
    }

    /// Sets what is to perform jobs as they come; gives what did so before.
    pub(crate) fn set_block(&self, block: Option<Arc<Block>>) -> Option<Arc<Block>> {
        let mut held = self.block.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *held, block)
    }

    fn block(&self) -> Option<Arc<Block>> {
        self.block.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn keep(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        let answers = self.memory.enqueue(jobs).await?;
        let mut notes = self.notes();
        for (job, answer) in jobs.iter().zip(&answers) {
            if matches!(answer, Enqueued::New(_)) && !notes.knows(job.id) {
                notes.arrived(job.id, job.due != Due::Now);
            }
        }
        Ok(answers)
    }
}

impl Store for TestStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let answers = self.keep(jobs).await?;
            if let Some(block) = self.block() {
                block.perform().await;
            }
            Ok(answers)
        })
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.memory.dispatch(limit)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        if claim.process == DRAIN { self.memory.claim(claim) } else { Box::pin(std::future::ready(Ok(Vec::new()))) }
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let settlements = committed(settlements);
            let settled = self.memory.settle(&settlements).await?;
            let applied = settlements.iter().zip(&settled).filter(|(_, settled)| **settled == Settled::Applied);
            for (settlement, _) in applied {
                if matches!(settlement.decision, Decision::Retry { .. } | Decision::Continue { .. }) {
                    self.notes().arrived(settlement.token.job, true);
                }
            }
            Ok(settled)
        })
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        self.memory.heartbeat(process)
    }

    /// What a drain holds is not lost, though it never shows that it lives.
    fn recover<'a>(&'a self, _recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(std::future::ready(Ok(Recovered::default())))
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        self.memory.inspect()
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.memory.manage()
    }

    fn within(&self) -> Option<&dyn Within> {
        Some(self)
    }

    fn within_blocking(&self) -> Option<&dyn WithinBlocking> {
        Some(self)
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        self.memory.recurring()
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        self.memory.wakeups()
    }

    fn standing(&self) -> Standing {
        self.memory.standing()
    }
}
