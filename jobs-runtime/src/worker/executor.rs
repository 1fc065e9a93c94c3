//! One slot of a worker: takes a claimed job, performs it, and hands in what is to be written.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::perform::claim_performer::ClaimPerformer;
use crate::supervision::liveness::Liveness;
use crate::worker::run_queue::{Claimed, RunGuard, RunQueue};

/// Performs one job at a time.
pub(crate) struct JobExecutor {
    pub(crate) performer: Arc<ClaimPerformer>,
    pub(crate) queue: Arc<RunQueue>,
    pub(crate) liveness: Arc<Liveness>,
    pub(crate) quiet: CancellationToken,
}

impl JobExecutor {
    /// Runs until it is aborted; the job that it performs then is released.
    pub(crate) async fn run(self) {
        let jobs = self.performer.jobs.clone();
        let slot = jobs.shared.polled_jobs.add();
        jobs.scope(async move {
            loop {
                let Claimed { execution, generation } = self.queue.pop().await;
                let guard = RunGuard::new(&self.queue, &execution);
                if !self.liveness.is_shown() {
                    let _quiet = self.quiet.run_until_cancelled(self.liveness.shown()).await;
                }
                // The coordinator releases what was claimed ahead too, but a job that blocks can keep it from running.
                if self.quiet.is_cancelled() {
                    guard.decline();
                } else if self.liveness.generation() != generation {
                    guard.give_up();
                } else {
                    let running = slot.begin(&execution);
                    guard.complete(running.run(self.performer.perform(execution)).await);
                }
            }
        })
        .await;
    }
}
