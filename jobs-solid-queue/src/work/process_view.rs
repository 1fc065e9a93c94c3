//! What this handle has seen of processes: what they asked for, and whether they were registered.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{Claim, Process, ProcessId};

use super::process_row::Metadata;

/// A claim for more jobs says nothing of how many a process runs at a time.
const CAPACITY_MAX: usize = 10_000;

/// What this handle has seen of processes.
#[derive(Debug, Default)]
pub(crate) struct ProcessView(Mutex<ProcessSnapshots>);

#[derive(Debug, Default)]
struct ProcessSnapshots {
    claims: HashMap<ProcessId, (Vec<String>, usize)>,
    /// The processes that have sent a heartbeat, as they last described themselves.
    registered: HashMap<ProcessId, Process>,
    /// Those whose rows were gone when they claimed.
    returned: HashSet<ProcessId>,
}

impl ProcessView {
    fn lock(&self) -> MutexGuard<'_, ProcessSnapshots> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A process asks for jobs.
    pub(crate) fn claims(&self, claim: &Claim) {
        let mut seen = self.lock();
        let (queues, capacity) = seen.claims.entry(claim.process).or_default();
        *capacity = (*capacity).max(claim.limit.min(CAPACITY_MAX));
        if queues.len() != claim.queues.len() {
            *queues = claim.queues.iter().map(|queues| queues.selector.to_string()).collect();
        }
    }

    /// The metadata of a process; before its first heartbeat nothing describes it.
    pub(crate) fn metadata(&self, id: ProcessId, process: Option<&Process>) -> Metadata {
        let seen = self.lock();
        let (queues, capacity) =
            seen.claims.get(&id).map_or((&[][..], 0), |(queues, capacity)| (&queues[..], *capacity));
        Metadata::new(process, queues, capacity)
    }

    /// A process has sent a heartbeat, before which its row was there or not. Answers whether others have taken the row away since its
    /// last one.
    pub(crate) fn registered(&self, process: &Process, was_there: bool) -> bool {
        let mut seen = self.lock();
        let has_returned = seen.returned.remove(&process.id);
        let was_registered = seen.registered.insert(process.id, process.clone()).is_some();
        was_registered && (has_returned || !was_there)
    }

    /// A process claims whose row is gone. Answers how it last described itself; `None` if it has sent no heartbeat yet.
    pub(crate) fn returns(&self, process: ProcessId) -> Option<Process> {
        let mut seen = self.lock();
        let known = seen.registered.get(&process).cloned()?;
        seen.returned.insert(process);
        Some(known)
    }

    /// A process has stopped. Answers whether it had sent a heartbeat.
    pub(crate) fn forget(&self, process: ProcessId) -> bool {
        let mut seen = self.lock();
        seen.claims.remove(&process);
        seen.returned.remove(&process);
        seen.registered.remove(&process).is_some()
    }
}
