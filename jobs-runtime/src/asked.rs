//! Running jobs that somebody cancelled, one by one.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::JobId;
use tokio::sync::Notify;

/// Those that were asked to stop and have not ended yet. While there is none, to look costs one load.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    any: AtomicBool,
    jobs: Mutex<HashSet<JobId>>,
    bell: Notify,
}

impl Asked {
    /// Asks the job to stop.
    pub(crate) fn ask(&self, job: JobId) {
        self.lock().insert(job);
        self.any.store(true, Ordering::Release);
        self.bell.notify_waiters();
    }

    /// Whether the job was asked to stop.
    pub(crate) fn holds(&self, job: JobId) -> bool {
        self.any.load(Ordering::Acquire) && self.lock().contains(&job)
    }

    /// The job has ended.
    pub(crate) fn forget(&self, job: JobId) {
        if self.any.load(Ordering::Acquire) {
            let mut jobs = self.lock();
            jobs.remove(&job);
            self.any.store(!jobs.is_empty(), Ordering::Release);
        }
    }

    /// Ready once the job is asked to stop. Cancel safe.
    pub(crate) async fn asked(&self, job: JobId) {
        loop {
            let mut rung = pin!(self.bell.notified());
            // From here on no bell is missed.
            rung.as_mut().enable();
            if self.holds(job) {
                return;
            }
            rung.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<JobId>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
