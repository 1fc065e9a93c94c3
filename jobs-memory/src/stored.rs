//! A job as this store keeps it.

use std::collections::BTreeMap;

use jobs_core::{JobId, JobRecord, NewJob, State, Timestamp};

/// All jobs, in the order of their ids.
pub(crate) type Client = BTreeMap<JobId, Stored>;

/// A job's record, and what only the store knows of the job.
pub(crate) struct Stored {
    pub(crate) record: JobRecord,
    /// Its number in the order of arrival. It never changes, so a job that is ready again keeps its turn.
    pub(crate) arrival: u64,
    /// How often the job was claimed. The number never falls, so it fences each claim from the earlier ones.
    pub(crate) claims: i64,
    /// Whether its process is asked to cancel it; until the job is moved.
    pub(crate) is_cancelled: bool,
}

impl Stored {
    pub(crate) fn new(job: &NewJob, arrival: u64, now: Timestamp) -> Self {
        Self { record: record(job, now), arrival, claims: 0, is_cancelled: false }
    }

    /// Takes back the attempt that the claim counted.
    pub(crate) fn uncount_attempt(&mut self) {
        self.record.attempts = self.record.attempts.saturating_sub(1);
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
