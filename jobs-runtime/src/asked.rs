//! Running jobs that somebody cancelled, one by one.

use std::pin::pin;

use jobs_core::JobId;
use tokio::sync::Notify;

use crate::marked::Marked;

/// Those that were asked to stop and have not ended yet.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    jobs: Marked,
    bell: Notify,
}

impl Asked {
    /// Asks the job to stop.
    pub(crate) fn ask(&self, job: JobId) {
        self.jobs.add(job);
        self.bell.notify_waiters();
    }

    /// Whether the job was asked to stop.
    pub(crate) fn holds(&self, job: JobId) -> bool {
        self.jobs.holds(job)
    }

    /// The job has ended.
    pub(crate) fn forget(&self, job: JobId) {
        self.jobs.take(job);
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
}
