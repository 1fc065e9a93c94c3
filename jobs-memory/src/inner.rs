//! All data of the store, and the one function that moves a job to another state.

use std::collections::{BTreeMap, BTreeSet};

use jobs_core::lifecycle::{self, Cause};
use jobs_core::{Dispatched, Enqueued, JobId, NewJob, RecurringRecord, State, Timestamp, Totals};

use crate::figures::StoredFigures;
use crate::indexes::Indexes;
use crate::key_holders::KeyHolders;
use crate::processes::Processes;
use crate::stored::{Client, Stored};

/// The data that the store's lock guards.
#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) jobs: Client,
    pub(crate) indexes: Indexes,
    pub(crate) processes: Processes,
    pub(crate) paused: BTreeSet<String>,
    pub(crate) key_holders: KeyHolders,
    pub(crate) tasks: BTreeMap<String, RecurringRecord>,
    pub(crate) figures: StoredFigures,
    /// Whether a call gave listeners a reason to look for work. The store resets it after each call.
    pub(crate) changed: bool,
    pub(crate) totals: Totals,
    arrivals: u64,
}

impl Inner {
    pub(crate) fn enqueue(&mut self, job: &NewJob, now: Timestamp) -> Enqueued {
        if self.jobs.contains_key(&job.id) {
            return Enqueued::New(job.id);
        }
        match self.key_holders.take(job, &self.jobs, now) {
            // The same job was stored before, finished, and was removed.
            Some(of) if of == job.id => return Enqueued::New(of),
            Some(of) => return Enqueued::Duplicate { of },
            None => {}
        }
        let stored = Stored::new(job, self.arrivals, now);
        self.arrivals += 1;
        self.totals.enqueued += 1;
        self.changed = true;
        self.indexes.insert(&stored);
        self.jobs.insert(job.id, stored);
        Enqueued::New(job.id)
    }

    pub(crate) fn dispatch(&mut self, limit: usize, now: Timestamp) -> Dispatched {
        let mut ready = 0;
        while ready < limit {
            let Some((_, id)) = self.indexes.next_due().filter(|(due, _)| *due <= now) else { break };
            self.transition(id, Cause::Due, State::Ready, now, |_| {});
            ready += 1;
        }
        Dispatched::new(ready, self.indexes.next_due().map(|(due, _)| due.duration_since(now)))
    }

    /// Moves a job to another state and applies `change` to it. No other function writes a state, so indexes and totals
    /// always agree with the jobs.
    pub(crate) fn transition(
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
        self.indexes.remove(job);
        job.record.state = to;
        job.record.claimed_by = None;
        job.record.claimed_at = job.record.claimed_at.filter(|_| to == State::Finished);
        job.is_cancelled = false;
        job.record.done_at = to.is_done().then_some(now);
        let errors = job.record.errors.len();
        change(job);
        self.totals.errors += (job.record.errors.len() - errors) as u64;
        self.totals.finished += u64::from(to == State::Finished);
        self.totals.discarded += u64::from(to == State::Discarded);
        self.indexes.insert(job);
        self.changed |= matches!(to, State::Ready | State::Scheduled);
    }

    pub(crate) fn forget(&mut self, id: JobId) {
        if let Some(job) = self.jobs.remove(&id) {
            self.key_holders.release(&job);
            self.indexes.remove(&job);
        }
    }
}
