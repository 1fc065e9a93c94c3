//! Unique keys: who took each last. Whether it is still held is read off that job.

use std::collections::HashMap;

use jobs_core::{Hold, JobId, NewJob, State, Timestamp, UniqueKey};

use crate::shelf::{Shelf, Stored};

/// The last hold of each key.
#[derive(Default)]
pub(crate) struct Holds(HashMap<String, Hold>);

impl Shelf {
    /// The job that keeps this one out. If there is none, the job takes its key.
    pub(crate) fn kept_out_by(&mut self, job: &NewJob, now: Timestamp) -> Option<JobId> {
        let key = job.unique_key.as_ref()?;
        let holder = self.holder(&key.name(), now);
        if holder.is_none() {
            self.holds.0.insert(key.name(), Hold::new(key, job.id, now));
        }
        holder
    }

    /// Whether a failed or discarded job may be retried by hand. It takes its key again if it would hold it.
    pub(crate) fn takes_again(&mut self, id: JobId, now: Timestamp) -> bool {
        let Some(job) = self.jobs.get(&id) else { return false };
        if !matches!(job.record.state, State::Failed | State::Discarded) {
            return true;
        }
        let stored = job.record.unique_key.as_deref();
        let Some(key) = stored.and_then(|stored| UniqueKey::taken_again(stored, was_claimed(job))) else { return true };
        if self.holder(&key.name(), now).is_some_and(|holder| holder != id) {
            return false;
        }
        self.holds.0.insert(key.name(), Hold::new(&key, id, now));
        true
    }

    /// Forgets the hold of a job that goes.
    pub(crate) fn let_go(&mut self, job: &Stored) {
        let Some(stored) = &job.record.unique_key else { return };
        let name = UniqueKey::name_in(stored);
        if self.holds.0.get(name).is_some_and(|hold| hold.job == job.record.id && hold.ends_with_its_job()) {
            self.holds.0.remove(name);
        }
    }

    /// Forgets the holds whose time is over.
    pub(crate) fn forget_expired(&mut self, now: Timestamp) {
        self.holds.0.retain(|_, hold| hold.expires_at.is_none_or(|at| now < at));
    }

    fn holder(&self, name: &str, now: Timestamp) -> Option<JobId> {
        let hold = self.holds.0.get(name)?;
        let job = self.jobs.get(&hold.job).map(|job| (job.record.state, was_claimed(job)));
        hold.holds(job, now).then_some(hold.job)
    }
}

fn was_claimed(job: &Stored) -> bool {
    job.claims > 0
}
