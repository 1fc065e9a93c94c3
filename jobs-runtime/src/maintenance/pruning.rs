//! Removes finished and discarded jobs once they are old.

use std::time::Duration;

use jobs_core::events::Pruned;
use tokio::time::sleep;

use crate::Client;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// How often.
pub(crate) const INTERVAL: Duration = Duration::from_secs(60);

/// How many in one call.
const BATCH: usize = 1000;

/// A loop of its own, so that heartbeats do not wait for it.
pub(crate) struct Pruning {
    pub(crate) jobs: Client,
    pub(crate) keep_finished: Duration,
    pub(crate) progress: LoopProgress,
}

impl ProcessLoop for Pruning {
    const NAME: &'static str = "pruning";

    /// Runs until it is aborted.
    async fn run(&mut self) {
        loop {
            self.prune().await;
            sleep(INTERVAL).await;
        }
    }
}

impl Pruning {
    async fn prune(&self) {
        let shared = &self.jobs.shared;
        let mut total = 0;
        loop {
            self.progress.turn();
            match shared.store.prune(self.keep_finished, BATCH).await {
                Ok(0) => break,
                Ok(count) => total += count,
                Err(error) => {
                    shared.events.store_failed("prune", &error);
                    break;
                }
            }
        }
        if total > 0 {
            shared.events.emit(|| Pruned::new(total));
        }
    }
}
