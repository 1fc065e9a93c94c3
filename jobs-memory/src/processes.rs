//! The known processes: which ones are alive, and which ones were given up as dead.

use std::collections::BTreeSet;

use jobs_core::{HeartbeatReply, Process, ProcessId, ProcessRecord, Recovery, Timestamp};

/// The processes that are known.
#[derive(Default)]
pub(crate) struct Processes {
    /// In the order in which they were first seen.
    pub(crate) known: Vec<ProcessRecord>,
    /// Processes that were given up as dead. One that comes back is told so once.
    lost: BTreeSet<ProcessId>,
}

impl Processes {
    pub(crate) fn heartbeat(&mut self, process: &Process, now: Timestamp) -> HeartbeatReply {
        match self.known.iter_mut().find(|record| record.process.id == process.id) {
            Some(record) => {
                record.process = process.clone();
                record.heartbeat_at = now;
            }
            None => self.known.push(ProcessRecord::new(process.clone(), now, now, 0)),
        }
        if self.lost.remove(&process.id) { HeartbeatReply::WasRecovered } else { HeartbeatReply::Alive }
    }

    pub(crate) fn forget(&mut self, id: ProcessId) {
        self.known.retain(|record| record.process.id != id);
    }

    pub(crate) fn knows(&self, id: ProcessId) -> bool {
        self.known.iter().any(|record| record.process.id == id)
    }

    /// Removes the processes that have been silent for too long, and returns their ids.
    pub(crate) fn give_up(&mut self, recovery: &Recovery, now: Timestamp) -> Vec<ProcessId> {
        for record in &mut self.known {
            // After the clock was set back, silence is counted from now, not from a time to come.
            record.heartbeat_at = record.heartbeat_at.min(now);
        }
        let is_silent = |record: &ProcessRecord| now.duration_since(record.heartbeat_at) > recovery.silence;
        let silent: Vec<_> =
            self.known.iter().filter(|record| is_silent(record)).map(|record| record.process.id).collect();
        self.known.retain(|record| !silent.contains(&record.process.id));
        self.lost.extend(&silent);
        silent
    }
}
