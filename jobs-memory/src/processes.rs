//! Who lives, who is silent, and what becomes of the jobs of the dead.

use std::collections::BTreeSet;

use jobs_core::lifecycle::Cause;
use jobs_core::{
    JobId, Phase, Process, ProcessId, ProcessRecord, Pulse, Recovered, Recovery, State, Timestamp, crash_record,
    is_poisonous, poison_record,
};

use crate::settling::uncount;
use crate::shelf::Shelf;

/// The processes that are known.
#[derive(Default)]
pub(crate) struct Processes {
    /// In the order they were seen first.
    pub(crate) known: Vec<ProcessRecord>,
    /// Given up as dead, to be told so if they come back.
    lost: BTreeSet<ProcessId>,
}

impl Processes {
    fn beat(&mut self, process: &Process, now: Timestamp) -> Pulse {
        match self.known.iter_mut().find(|record| record.process.id == process.id) {
            Some(record) => {
                record.process = process.clone();
                record.heartbeat_at = now;
            }
            None => self.known.push(ProcessRecord::new(process.clone(), now, now, 0)),
        }
        if self.lost.remove(&process.id) { Pulse::Revived } else { Pulse::Alive }
    }

    fn forget(&mut self, id: ProcessId) {
        self.known.retain(|record| record.process.id != id);
    }

    fn knows(&self, id: ProcessId) -> bool {
        self.known.iter().any(|record| record.process.id == id)
    }

    /// Forgets those who have been silent for too long, and says who they were.
    fn give_up(&mut self, recovery: &Recovery, now: Timestamp) -> Vec<ProcessId> {
        for record in &mut self.known {
            // After the clock was set back, silence is counted from now, not from a time to come.
            record.heartbeat_at = record.heartbeat_at.min(now);
        }
        let is_silent = |record: &ProcessRecord| now.since(record.heartbeat_at) > recovery.silence;
        let silent: Vec<_> =
            self.known.iter().filter(|record| is_silent(record)).map(|record| record.process.id).collect();
        self.known.retain(|record| !silent.contains(&record.process.id));
        self.lost.extend(&silent);
        silent
    }
}

impl Shelf {
    pub(crate) fn heartbeat(&mut self, process: &Process, now: Timestamp) -> Pulse {
        let pulse = self.processes.beat(process, now);
        if process.phase == Phase::Stopped {
            self.processes.forget(process.id);
            for job in self.piles.held_by(process.id) {
                self.shift(job, Cause::Release, State::Ready, now, uncount);
            }
        }
        pulse
    }

    pub(crate) fn recover(&mut self, recovery: &Recovery, now: Timestamp) -> Recovered {
        let mut recovered = Recovered::default();
        recovered.processes = self.processes.give_up(recovery, now);
        let dead: Vec<_> = self.piles.holders().filter(|holder| !self.processes.knows(*holder)).collect();
        for process in dead {
            for job in self.piles.held_by(process) {
                self.recover_job(job, recovery.crash_limit, now, &mut recovered);
            }
        }
        recovered
    }

    fn recover_job(&mut self, id: JobId, crash_limit: u32, now: Timestamp, recovered: &mut Recovered) {
        let Some(job) = self.jobs.get(&id) else { return };
        let (crashes, attempt) = (job.record.crashes.saturating_add(1), job.record.attempts);
        let process = job.record.claimed_by;
        if is_poisonous(crashes, crash_limit) {
            self.shift(id, Cause::Poison, State::Failed, now, |job| {
                job.record.crashes = crashes;
                job.record.errors.push(poison_record(crashes, attempt, now).by(process));
            });
            recovered.poisoned.push(id);
        } else {
            self.shift(id, Cause::Recover, State::Ready, now, |job| {
                job.record.crashes = crashes;
                job.record.errors.push(crash_record(attempt, now).by(process));
            });
            recovered.ready.push(id);
        }
    }
}
