//! Running jobs that somebody cancelled, one by one.

use std::pin::pin;

use jobs_core::JobId;
use tokio::sync::Notify;

use crate::perform::job_set::JobSet;

/// Those that were asked to stop and have not ended yet.
#[derive(Debug, Default)]
pub(crate) struct CancelRequests {
    jobs: JobSet,
    notify: Notify,
}

impl CancelRequests {
    /// Asks the job to stop.
    pub(crate) fn request(&self, job: JobId) {
        self.jobs.insert(job);
        self.notify.notify_waiters();
    }

    /// Whether the job was asked to stop.
    pub(crate) fn contains(&self, job: JobId) -> bool {
        self.jobs.contains(job)
    }

    /// The job has ended.
    pub(crate) fn remove(&self, job: JobId) {
        self.jobs.remove(job);
    }

    /// Ready once the job is asked to stop. Cancel safe.
    pub(crate) async fn requested(&self, job: JobId) {
        loop {
            let mut rung = pin!(self.notify.notified());
            // From here on no notify is missed.
            rung.as_mut().enable();
            if self.contains(job) {
                return;
            }
            rung.await;
        }
    }
}
