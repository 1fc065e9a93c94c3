//! The known processes: which ones are alive, and which ones were given up as dead.

use std::collections::BTreeMap;

use jobs_core::{HeartbeatReply, Process, ProcessId, ProcessOrder, ProcessRecord, ProcessStatus, Recovery, Timestamp};

/// The processes that are known.
#[derive(Default)]
pub(crate) struct Processes {
    /// In the order in which they were first seen.
    pub(crate) known: Vec<ProcessRecord>,
    /// Processes that were given up as dead, with what they were or had to be. One that comes back is told so once.
    lost: BTreeMap<ProcessId, ProcessStatus>,
}

impl Processes {
    pub(crate) fn heartbeat(&mut self, process: &Process, now: Timestamp) -> HeartbeatReply {
        let lost = self.lost.remove(&process.id);
        if let Some(record) = self.known.iter_mut().find(|record| record.process.id == process.id) {
            let asked = record.process.phase.max(process.phase);
            record.process = process.clone();
            record.process.phase = asked;
            record.heartbeat_at = now;
        } else {
            let mut record = ProcessRecord::new(process.clone(), now, now, 0);
            record.process.phase = process.phase.max(lost.unwrap_or(process.phase));
            self.known.push(record);
        }
        let known = self.known.iter().find(|record| record.process.id == process.id);
        let asked = known.map_or(process.phase, |record| record.process.phase);
        HeartbeatReply::new(lost.is_some(), process.phase, asked)
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
            self.known.extract_if(.., |record| is_silent(record)).map(|record| record.process).collect();
        self.lost.extend(silent.iter().map(|process| (process.id, process.phase)));
        silent.into_iter().map(|process| process.id).collect()
    }
}
