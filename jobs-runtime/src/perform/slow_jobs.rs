//! The jobs of this process that run for far longer than usual: the heartbeats say so, and the health check reads it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{Execution, JobId, Process, SlowJob, Timestamp};

/// The slow jobs, until they end.
#[derive(Debug, Default)]
pub(crate) struct SlowJobs(Mutex<BTreeMap<JobId, SlowJob>>);

impl SlowJobs {
    /// The jobs for a heartbeat, those that run longest first.
    pub(crate) fn list(&self) -> Vec<SlowJob> {
        let mut jobs: Vec<_> = self.lock().values().cloned().collect();
        jobs.sort_by_key(|job| job.since);
        jobs.truncate(Process::SLOW_JOBS);
        jobs
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobId, SlowJob>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One attempt, which may become slow. It is removed from the list when this is dropped.
pub(crate) struct SlowAttempt<'s> {
    jobs: &'s SlowJobs,
    listed: Option<JobId>,
}

impl<'s> SlowAttempt<'s> {
    pub(crate) const fn new(jobs: &'s SlowJobs) -> Self {
        Self { jobs, listed: None }
    }

    /// Adds the attempt to the list, as one that runs since then.
    pub(crate) fn list(&mut self, execution: &Execution, since: Timestamp) {
        let id = execution.id();
        let job = SlowJob::new(id, execution.name.as_str(), since);
        self.jobs.lock().entry(id).or_insert(job);
        self.listed = Some(id);
    }
}

impl Drop for SlowAttempt<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.listed {
            self.jobs.lock().remove(&id);
        }
    }
}
