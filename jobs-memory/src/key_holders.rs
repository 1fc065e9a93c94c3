//! Unique keys: the job that took each key last. Whether the job still holds it is read from the job's state.

use std::collections::HashMap;

use jobs_core::{HolderJob, JobId, KeyHolder, NewJob, State, Timestamp, UniqueKey};

use crate::stored::{Client, Stored};

/// The last holder of each key.
#[derive(Default)]
pub(crate) struct KeyHolders(HashMap<String, KeyHolder>);

impl KeyHolders {
    /// The job that holds this new job's key. If there is none, the new job takes the key.
    pub(crate) fn take(&mut self, job: &NewJob, jobs: &Client, now: Timestamp) -> Option<JobId> {
        let key = job.unique_key.as_ref()?;
        let holder = self.holder(&key.name(), jobs, now);
        if holder.is_none() {
            self.0.insert(key.name(), KeyHolder::new(key, job.id, now));
        }
        holder
    }

    /// Whether a failed or discarded job may be retried manually. If the job would hold its key again, it takes it.
    pub(crate) fn retake(&mut self, id: JobId, jobs: &Client, now: Timestamp) -> bool {
        if self.blocks(id, jobs, now).is_some() {
            return false;
        }
        if let Some(key) = key_on_retry(id, jobs) {
            self.0.insert(key.name(), KeyHolder::new(&key, id, now));
        }
        jobs.contains_key(&id)
    }

    /// The other job that holds the key which a failed or discarded job would hold again.
    pub(crate) fn blocks(&self, id: JobId, jobs: &Client, now: Timestamp) -> Option<JobId> {
        let key = key_on_retry(id, jobs)?;
        self.holder(&key.name(), jobs, now).filter(|holder| *holder != id)
    }

    /// Forgets the key of a job that is removed.
    pub(crate) fn release(&mut self, job: &Stored) {
        let Some(stored) = &job.record.unique_key else { return };
        let name = UniqueKey::name_in(stored);
        if self.0.get(name).is_some_and(|hold| hold.job == job.record.id && hold.ends_with_its_job()) {
            self.0.remove(name);
        }
    }

    /// Forgets the keys whose time is over.
    pub(crate) fn forget_expired(&mut self, now: Timestamp) {
        self.0.retain(|_, hold| hold.expires_at.is_none_or(|at| now < at));
    }

    fn holder(&self, name: &str, jobs: &Client, now: Timestamp) -> Option<JobId> {
        let hold = self.0.get(name)?;
        let job = jobs.get(&hold.job).map(|job| HolderJob {
            state: job.record.state,
            was_claimed: was_claimed(job),
            expires_at: job.record.expires_at,
        });
        hold.holds(job, now).then_some(hold.job)
    }
}

/// The key that a failed or discarded job would hold again.
fn key_on_retry(id: JobId, jobs: &Client) -> Option<UniqueKey> {
    let job = jobs.get(&id).filter(|job| matches!(job.record.state, State::Failed | State::Discarded))?;
    UniqueKey::key_on_retry(job.record.unique_key.as_deref()?, was_claimed(job))
}

fn was_claimed(job: &Stored) -> bool {
    job.claims > 0
}
