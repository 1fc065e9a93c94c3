//! Cancels jobs of this process that a person cancels elsewhere, on a page or another machine.

use std::collections::HashSet;
use std::time::Duration;

use jobs_core::{JobId, ProcessId};
use tokio::time::sleep;

use crate::Client;
use crate::observe::log;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// Asks the store at each interval which jobs of this process are to be cancelled.
pub(crate) struct CancellationLoop {
    pub(crate) jobs: Client,
    pub(crate) process: ProcessId,
    /// The interval of the heartbeats.
    pub(crate) interval: Duration,
    pub(crate) progress: LoopProgress,
    /// The jobs that were to be cancelled according to the last answer.
    pub(crate) requested: HashSet<JobId>,
}

impl ProcessLoop for CancellationLoop {
    const NAME: &'static str = "cancellation";

    /// Runs until it is aborted, so also while a stopping process waits for its jobs.
    async fn run(&mut self) {
        loop {
            self.progress.turn();
            sleep(self.interval).await;
            self.cancel().await;
        }
    }
}

impl CancellationLoop {
    async fn cancel(&mut self) {
        let shared = &self.jobs.shared;
        let cancelled: HashSet<JobId> = match shared.store.cancelled(self.process).await {
            Ok(cancelled) => cancelled.into_iter().collect(),
            Err(error) => return shared.events.store_failed("ask which jobs to cancel", &error),
        };
        for job in cancelled.difference(&self.requested) {
            log::cancelled(*job);
            shared.cancel_requests.request(*job);
        }
        // The claim of these has ended. Some may have done so between the answer and the request: nothing else forgets it then.
        for job in self.requested.difference(&cancelled) {
            shared.cancel_requests.remove(*job);
        }
        self.requested = cancelled;
    }
}
