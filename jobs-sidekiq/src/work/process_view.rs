//! What this handle knows of the processes that claim through it, and how processes are noted down.

use std::collections::{BTreeMap, BTreeSet};

use jobs_core::{Claim, Process, ProcessId, ProcessRecord, Timestamp};

/// What this handle knows of the processes that claim through it, for Sidekiq's pages.
#[derive(Debug, Default)]
pub(crate) struct ProcessView {
    /// The selectors of the last claim, as text.
    queues: BTreeMap<ProcessId, Vec<String>>,
    /// The most jobs that a claim asked for: how many the process can hold.
    capacity: BTreeMap<ProcessId, usize>,
    quiet: BTreeSet<ProcessId>,
}

/// No process performs more jobs at a time. A claim without a limit says nothing of the process.
const CAPACITY_MAX: usize = 10_000;

impl ProcessView {
    pub(crate) fn claims(&mut self, claim: &Claim) {
        let capacity = self.capacity.entry(claim.process).or_default();
        *capacity = (*capacity).max(claim.limit.min(CAPACITY_MAX));
        let known = self.queues.get(&claim.process).map_or(0, Vec::len);
        if known != claim.queues.len() {
            let queues = claim.queues.iter().map(|queues| queues.selector.to_string()).collect();
            self.queues.insert(claim.process, queues);
        }
    }

    pub(crate) fn queues(&self, process: ProcessId) -> Vec<String> {
        self.queues.get(&process).cloned().unwrap_or_default()
    }

    pub(crate) fn capacity(&self, process: ProcessId) -> usize {
        self.capacity.get(&process).copied().unwrap_or(0)
    }

    pub(crate) fn is_quiet(&self, process: ProcessId) -> bool {
        self.quiet.contains(&process)
    }

    pub(crate) fn be_quiet(&mut self, process: ProcessId) {
        self.quiet.insert(process);
    }

    pub(crate) fn forget(&mut self, process: ProcessId) {
        self.queues.remove(&process);
        self.capacity.remove(&process);
        self.quiet.remove(&process);
    }
}

/// A process as it is noted down: `started:heartbeat:JSON`.
#[derive(Clone, Debug)]
pub(crate) struct Registered {
    /// The text that was read, to see whether it has changed.
    pub(crate) text: Vec<u8>,
    pub(crate) record: ProcessRecord,
}

impl Registered {
    /// Reads what a heartbeat wrote; `None` if it is something else.
    pub(crate) fn parse(text: Vec<u8>) -> Option<Self> {
        let mut parts = text.splitn(3, |byte| *byte == b':');
        let mut time = || std::str::from_utf8(parts.next()?).ok()?.parse().ok().map(Timestamp::from_micros);
        let (started, beat) = (time()?, time()?);
        let process: Process = serde_json::from_slice(parts.next()?).ok()?;
        Some(Self { record: ProcessRecord::new(process, started, beat, 0), text })
    }

    /// The text with another time of the last heartbeat.
    pub(crate) fn text_at(&self, beat: Timestamp) -> Vec<u8> {
        let ProcessRecord { process, started_at, .. } = &self.record;
        let json = serde_json::to_string(process).unwrap_or_default();
        format!("{}:{}:{json}", started_at.as_micros(), beat.as_micros()).into_bytes()
    }
}
