//! What this handle knows of the processes that claim through it.

use std::collections::BTreeMap;

use jobs_core::{Claim, ProcessId, Timestamp};
use jobs_redis::SeenQueues;

/// What this handle knows of the processes that claim through it, for Sidekiq's pages.
#[derive(Debug, Default)]
pub(crate) struct ProcessView {
    /// The selectors of the claims.
    queues: BTreeMap<ProcessId, SeenQueues>,
    /// The most jobs that a claim asked for: how many the process can hold.
    capacity: BTreeMap<ProcessId, usize>,
    /// When each sent its first heartbeat.
    started: BTreeMap<ProcessId, Timestamp>,
}

/// No process performs more jobs at a time. A claim without a limit says nothing of the process.
const CAPACITY_MAX: usize = 10_000;

/// The page shows so many queues of a process that has more.
const QUEUES_SHOWN: usize = 100;

impl ProcessView {
    pub(crate) fn claims(&mut self, claim: &Claim) {
        let capacity = self.capacity.entry(claim.process).or_default();
        *capacity = (*capacity).max(claim.limit.min(CAPACITY_MAX));
        self.queues.entry(claim.process).or_default().add(claim, QUEUES_SHOWN);
    }

    pub(crate) fn queues(&self, process: ProcessId) -> Vec<String> {
        self.queues.get(&process).map(|queues| queues.names().to_vec()).unwrap_or_default()
    }

    pub(crate) fn capacity(&self, process: ProcessId) -> usize {
        self.capacity.get(&process).copied().unwrap_or(0)
    }

    /// When the process sent its first heartbeat, which is now if this is it.
    pub(crate) fn started(&mut self, process: ProcessId, now: Timestamp) -> Timestamp {
        *self.started.entry(process).or_insert(now)
    }

    pub(crate) fn forget(&mut self, process: ProcessId) {
        self.queues.remove(&process);
        self.capacity.remove(&process);
        self.started.remove(&process);
    }
}
