//! Heartbeats, requests to cancel jobs that run, and the recovery of jobs whose process is dead.

use jobs_core::lifecycle::Cause;
use jobs_core::{
    HeartbeatReply, JobId, Process, ProcessId, ProcessStatus, Recovered, Recovery, State, Timestamp, death_record,
};

use crate::inner::Inner;
use crate::stored::Stored;

impl Inner {
    pub(crate) fn heartbeat(&mut self, process: &Process, now: Timestamp) -> HeartbeatReply {
        let pulse = self.processes.heartbeat(process, now);
        if process.phase == ProcessStatus::Stopped {
            self.processes.forget(process.id);
            for job in self.indexes.claimed_by_process(process.id) {
                self.transition(job, Cause::Release, State::Ready, now, Stored::uncount_attempt);
            }
        }
        pulse
    }

    /// Keeps the request until the job is moved. Returns the process that holds the job, if it is known.
    pub(crate) fn request_cancel(&mut self, id: JobId) -> Option<ProcessId> {
        let job = self.jobs.get_mut(&id)?;
        let process = job.record.claimed_by.filter(|process| self.processes.knows(*process))?;
        job.is_cancelled = true;
        Some(process)
    }

    pub(crate) fn cancelled(&self, process: ProcessId) -> Vec<JobId> {
        let is_cancelled = |id: &JobId| self.jobs.get(id).is_some_and(|job| job.is_cancelled);
        self.indexes.claimed_by_process(process).into_iter().filter(is_cancelled).collect()
    }

    pub(crate) fn recover(&mut self, recovery: &Recovery, now: Timestamp) -> Recovered {
        let mut recovered = Recovered::default();
        recovered.processes = self.processes.give_up(recovery, now);
        let dead: Vec<_> = self.indexes.claimers().filter(|process| !self.processes.knows(*process)).collect();
        for process in dead {
            for job in self.indexes.claimed_by_process(process) {
                self.recover_job(job, recovery.crash_limit, now, &mut recovered);
            }
        }
        recovered
    }

    fn recover_job(&mut self, id: JobId, crash_limit: u32, now: Timestamp, recovered: &mut Recovered) {
        let Some(job) = self.jobs.get(&id) else { return };
        let (crashes, attempt) = (job.record.crashes.saturating_add(1), job.record.attempts);
        let process = job.record.claimed_by;
        let (record, poisonous) = death_record(crashes, crash_limit, attempt, process, now);
        let (cause, to) = if poisonous { (Cause::Poison, State::Failed) } else { (Cause::Recover, State::Ready) };
        self.transition(id, cause, to, now, |job| {
            job.record.crashes = crashes;
            record.append_to(&mut job.record.errors);
        });
        if poisonous { &mut recovered.poisoned } else { &mut recovered.ready }.push(id);
    }
}
