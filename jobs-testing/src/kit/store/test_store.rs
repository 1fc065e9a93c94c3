//! The store of a test: in memory, with history, and performing what is enqueued while a block asks for it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::{
    BlockingTransactional, Claim, Decision, Dispatched, Due, Enqueued, Error, Execution, FigureStore, Guarantees,
    HeartbeatReply, Inspect, Manage, NewJob, Notifier, Process, ProcessId, Recovered, Recovery, Recurring,
    SchemaStatus, Settled, Settlement, Store, StoreFuture, Transactional,
};
use jobs_memory::MemoryStore;

use crate::ManualClock;
use crate::kit::store::History;

/// The process of the kit, and the only one that can claim. A worker on this store gets nothing: jobs run only when
/// the test asks.
pub(crate) const DRAIN: ProcessId = ProcessId::new(i64::MAX);

/// Keeps enqueued jobs until the test asks to perform them.
#[derive(Debug)]
pub(crate) struct TestStore {
    memory: MemoryStore,
    history: Mutex<History>,
    hook: Mutex<Option<Arc<dyn EnqueueHook>>>,
}

/// A hook after each enqueue, as of a block that performs jobs at once.
pub(crate) trait EnqueueHook: std::fmt::Debug + Send + Sync {
    /// Runs after the jobs are stored and before the enqueuing call returns.
    fn after_enqueue(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

impl TestStore {
    pub(crate) fn new(clock: &ManualClock) -> Self {
        let memory = MemoryStore::new(Arc::new(clock.clone()));
        Self { memory, history: Mutex::default(), hook: Mutex::default() }
    }

    pub(crate) fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn memory(&self) -> &MemoryStore {
        &self.memory
    }

    /// Sets the hook that runs after each enqueue. Returns the hook that was set before.
    pub(crate) fn set_hook(&self, hook: Option<Arc<dyn EnqueueHook>>) -> Option<Arc<dyn EnqueueHook>> {
        let mut current = self.hook.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, hook)
    }

    fn hook(&self) -> Option<Arc<dyn EnqueueHook>> {
        self.hook.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn keep(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        let answers = self.memory.enqueue(jobs).await?;
        let mut history = self.history();
        for (job, answer) in jobs.iter().zip(&answers) {
            if matches!(answer, Enqueued::New(_)) && !history.knows(job.id) {
                history.arrived(job.id, job.due != Due::Now);
            }
        }
        Ok(answers)
    }
}

impl Store for TestStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let answers = self.keep(jobs).await?;
            if let Some(hook) = self.hook() {
                hook.after_enqueue().await;
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
                    self.history().arrived(settlement.token.job, true);
                }
            }
            Ok(settled)
        })
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.memory.heartbeat(process)
    }

    /// Jobs of a drain are not lost, although the drain sends no heartbeats.
    fn recover<'a>(&'a self, _recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(std::future::ready(Ok(Recovered::default())))
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        self.memory.inspect()
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.memory.manage()
    }

    fn transactional(&self) -> Option<&dyn Transactional> {
        Some(self)
    }

    fn blocking_transactional(&self) -> Option<&dyn BlockingTransactional> {
        Some(self)
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        self.memory.recurring()
    }

    fn figures(&self) -> Option<&dyn FigureStore> {
        self.memory.figures()
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        self.memory.notifier()
    }

    fn guarantees(&self) -> Guarantees {
        self.memory.guarantees()
    }

    fn schema_status(&self) -> SchemaStatus {
        self.memory.schema_status()
    }
}

/// The settlements to write where each transaction counts as committed.
fn committed(settlements: &[Settlement]) -> Vec<Settlement> {
    let written = settlements.iter().cloned();
    written
        .map(|mut settlement| {
            if settlement.decision.is_unless_committed() {
                settlement.decision = Decision::Finish { keep: true };
            }
            settlement
        })
        .collect()
}
