//! A set of few jobs that is queried for very many.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::JobId;

/// A set of jobs that is mostly empty. A query of an empty set costs one load.
#[derive(Debug, Default)]
pub(crate) struct JobSet {
    any: AtomicBool,
    jobs: Mutex<HashSet<JobId>>,
}

impl JobSet {
    pub(crate) fn insert(&self, job: JobId) {
        let mut jobs = self.lock();
        jobs.insert(job);
        self.any.store(true, Ordering::Release);
    }

    pub(crate) fn contains(&self, job: JobId) -> bool {
        self.any.load(Ordering::Acquire) && self.lock().contains(&job)
    }

    /// Removes the job. Whether it was there.
    pub(crate) fn remove(&self, job: JobId) -> bool {
        if !self.any.load(Ordering::Acquire) {
            return false;
        }
        let mut jobs = self.lock();
        let was_there = jobs.remove(&job);
        self.any.store(!jobs.is_empty(), Ordering::Release);
        was_there
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<JobId>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
