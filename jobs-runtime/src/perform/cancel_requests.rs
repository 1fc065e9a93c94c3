//! Running jobs whose cancellation was requested, one by one.

use std::pin::pin;

use jobs_core::JobId;
use tokio::sync::Notify;

use crate::perform::job_set::JobSet;

/// Jobs whose cancellation was requested and that have not ended yet.
#[derive(Debug, Default)]
pub(crate) struct CancelRequests {
    jobs: JobSet,
    notify: Notify,
}

impl CancelRequests {
    /// Requests the cancellation of the job.
    pub(crate) fn request(&self, job: JobId) {
        self.jobs.insert(job);
        self.notify.notify_waiters();
    }

    /// Whether cancellation of the job was requested.
    pub(crate) fn contains(&self, job: JobId) -> bool {
        self.jobs.contains(job)
    }

    /// The job has ended.
    pub(crate) fn remove(&self, job: JobId) {
        self.jobs.remove(job);
    }

    /// Ready once cancellation of the job is requested. Cancel safe.
    pub(crate) async fn requested(&self, job: JobId) {
        loop {
            let mut notified = pin!(self.notify.notified());
            // From here on no notification is missed.
            notified.as_mut().enable();
            if self.contains(job) {
                return;
            }
            notified.await;
        }
    }
}
