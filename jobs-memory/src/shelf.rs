//! All that the store holds, and the one function that moves a job.

use std::collections::{BTreeMap, BTreeSet};

use jobs_core::lifecycle::{self, Cause};
use jobs_core::{Dispatched, Enqueued, JobId, JobRecord, NewJob, RecurringRecord, State, Timestamp, Totals};

use crate::holds::Holds;
use crate::piles::Piles;
use crate::processes::Processes;

/// A job with what only the store knows of it.
pub(crate) struct Stored {
    pub(crate) record: JobRecord,
    /// Its place in the order of arrival, kept for life.
    pub(crate) place: u64,
    /// How often it was claimed; never falls.
    pub(crate) claims: i64,
}

/// What the lock of the store guards.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) jobs: BTreeMap<JobId, Stored>,
    pub(crate) piles: Piles,
    pub(crate) processes: Processes,
    pub(crate) paused: BTreeSet<String>,
    pub(crate) holds: Holds,
    pub(crate) tasks: BTreeMap<String, RecurringRecord>,
    /// Whether there is reason to look for work since it was last asked.
    pub(crate) stirred: bool,
    pub(crate) totals: Totals,
    arrivals: u64,
}

impl Shelf {
    pub(crate) fn enqueue(&mut self, job: &NewJob, now: Timestamp) -> Enqueued {
        if self.jobs.contains_key(&job.id) {
            return Enqueued::New(job.id);
        }
        match self.kept_out_by(job, now) {
            // It was stored before, has done its work and was forgotten.
            Some(of) if of == job.id => return Enqueued::New(of),
            Some(of) => return Enqueued::Duplicate { of },
            None => {}
        }
        let stored = Stored { record: record(job, now), place: self.arrivals, claims: 0 };
        self.arrivals += 1;
        self.totals.enqueued += 1;
        self.stirred = true;
        self.piles.put(&stored);
        self.jobs.insert(job.id, stored);
        Enqueued::New(job.id)
    }

    pub(crate) fn dispatch(&mut self, limit: usize, now: Timestamp) -> Dispatched {
        let mut ready = 0;
        while ready < limit {
            let Some((_, id)) = self.piles.next_due().filter(|(due, _)| *due <= now) else { break };
            self.shift(id, Cause::Due, State::Ready, now, |_| {});
            ready += 1;
        }
        Dispatched::new(ready, self.piles.next_due().map(|(due, _)| due.since(now)))
    }

    /// Moves a job and writes what else changes. The only place where a state is changed.
    pub(crate) fn shift(
        &mut self,
        id: JobId,
        cause: Cause,
        to: State,
        now: Timestamp,
        change: impl FnOnce(&mut Stored),
    ) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let from = job.record.state;
        debug_assert!(lifecycle::allows(from, cause, to), "no job goes from {from} by {cause} to {to}");
        self.piles.take(job);
        job.record.state = to;
        job.record.claimed_by = None;
        job.record.done_at = to.is_done().then_some(now);
        let errors = job.record.errors.len();
        change(job);
        self.totals.errors += (job.record.errors.len() - errors) as u64;
        self.totals.finished += u64::from(to == State::Finished);
        self.totals.discarded += u64::from(to == State::Discarded);
        self.piles.put(job);
        self.stirred |= matches!(to, State::Ready | State::Scheduled);
    }

    pub(crate) fn forget(&mut self, id: JobId) {
        if let Some(job) = self.jobs.remove(&id) {
            self.let_go(&job);
            self.piles.take(&job);
        }
    }
}

fn record(job: &NewJob, now: Timestamp) -> JobRecord {
    let mut record = JobRecord::new(job.id, job.name.clone(), job.arguments.clone());
    record.queue.clone_from(&job.queue);
    record.priority = job.priority;
    record.version = job.version;
    record.meta.clone_from(&job.meta);
    record.enqueued_at = now;
    record.due_at = job.due.at(now);
    record.state = if record.due_at <= now { State::Ready } else { State::Scheduled };
    record.unique_key = job.unique_key.map(|key| key.to_string());
    record.concurrency_key.clone_from(&job.concurrency_key);
    record.batch_id.clone_from(&job.batch_id);
    record.expires_at = job.expires_at;
    record
}
