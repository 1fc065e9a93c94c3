//! The known processes: which ones are alive, and which ones were given up as dead.

use std::collections::BTreeSet;

use jobs_core::{HeartbeatReply, Process, ProcessId, ProcessOrder, ProcessRecord, Recovery, Timestamp};

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
                let asked = record.process.phase.max(process.phase);
                record.process = process.clone();
                record.process.phase = asked;
                record.heartbeat_at = now;
            }
            None => self.known.push(ProcessRecord::new(process.clone(), now, now, 0)),
        }
        let known = self.known.iter().find(|record| record.process.id == process.id);
        let asked = known.map_or(process.phase, |record| record.process.phase);
        HeartbeatReply::new(self.lost.remove(&process.id), process.phase, asked)
    }

    /// Keeps an order until the process follows it. Returns whether it is new.
    pub(crate) fn order(&mut self, process: ProcessId, order: ProcessOrder) -> bool {
        let known = self.known.iter_mut().find(|record| record.process.id == process);
        let Some(record) = known.filter(|record| record.process.phase < order.status()) else { return false };
        record.process.phase = order.status();
        true
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
