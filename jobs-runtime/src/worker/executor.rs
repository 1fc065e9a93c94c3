//! One slot of a worker: takes a claimed job, performs it, and hands in what is to be written.

use std::sync::Arc;

use jobs_core::events::Failed;
use jobs_core::{Decision, Execution, Failure, Settlement};
use tokio_util::sync::CancellationToken;

use crate::guard::record_of;
use crate::perform::claim_performer::{ClaimPerformer, PerformedClaim};
use crate::supervision::liveness::Liveness;
use crate::supervision::polled_jobs::{RunningJob, Slot};
use crate::supervision::supervisor::{Ended, Supervisor};
use crate::worker::run_queue::{Claimed, RunGuard, RunQueue};

/// Performs one job at a time.
pub(crate) struct JobExecutor {
    pub(crate) performer: Arc<ClaimPerformer>,
    pub(crate) queue: Arc<RunQueue>,
    pub(crate) liveness: Arc<Liveness>,
    pub(crate) quiet: CancellationToken,
}

impl JobExecutor {
    /// Runs until it is aborted; the job that it performs then is released. A panic that comes through in spite of all guards
    /// releases the job, and the slot goes on after a wait.
    pub(crate) async fn run(self) {
        let jobs = self.performer.jobs.clone();
        let slot = jobs.shared.polled_jobs.add();
        let mut supervisor = Supervisor::new("executor", jobs.shared.events.clone());
        jobs.scope(async move { while supervisor.run(Box::pin(self.perform_jobs(&slot))).await == Ended::Panicked {} })
            .await;
    }

    async fn perform_jobs(&self, slot: &Slot) {
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
                guard.complete(self.perform(&slot.begin(&execution), execution).await);
            }
        }
    }

    /// Performs the job. User code runs guarded in there; a panic that comes through nevertheless fails the job, and the slot goes on.
    async fn perform(&self, running: &RunningJob<'_>, execution: Execution) -> PerformedClaim {
        let (token, meta, attempt) = (execution.token, execution.meta.clone(), execution.attempt);
        match running.run(self.performer.perform(execution)).await {
            Ok(performed) => performed,
            Err(panic) => {
                let shared = &self.performer.jobs.shared;
                shared.cancel_requests.remove(token.job);
                let mut error = record_of(&Failure::from_error(panic)).bounded().into_owned();
                (error.attempt, error.at) = (attempt, shared.clock.now());
                if let Some(job) = running.job() {
                    shared.events.emit(|| Failed::new(job, error.clone()));
                }
                let settlement = Settlement::new(token, Decision::Fail { meta, error });
                PerformedClaim { settlement, was_completed: true }
            }
        }
    }
}
