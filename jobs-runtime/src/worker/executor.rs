//! One slot of a worker: takes a claimed job, performs it, and hands in what is to be written.

use std::sync::Arc;

use crate::perform::claim_performer::ClaimPerformer;
use crate::worker::run_queue::{RunGuard, RunQueue};

/// Performs one job at a time.
pub(crate) struct JobExecutor {
    pub(crate) performer: Arc<ClaimPerformer>,
    pub(crate) queue: Arc<RunQueue>,
}

impl JobExecutor {
    /// Runs until it is aborted; the job that it performs then is released.
    pub(crate) async fn run(self) {
        let jobs = self.performer.jobs.clone();
        jobs.scope(async move {
            loop {
                let execution = self.queue.pop().await;
                let guard = RunGuard::new(&self.queue, &execution);
                guard.complete(self.performer.perform(execution).await);
            }
        })
        .await;
    }
}
