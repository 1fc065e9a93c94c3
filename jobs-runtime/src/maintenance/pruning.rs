//! Removes finished and discarded jobs once they are old.

use std::collections::HashSet;
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

/// How many errors in one pass. Each may name another job that the database refuses to delete.
const ERRORS: usize = 10;

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
    /// One pass: all jobs that are old. It goes on after an error that is not transient, since the next call leaves out the job
    /// that the database refused; the same message a second time says that this store does not.
    async fn prune(&self) {
        let shared = &self.jobs.shared;
        let (mut total, mut messages) = (0, HashSet::new());
        loop {
            self.progress.turn();
            match shared.store.prune(self.keep_finished, BATCH).await {
                Ok(0) => break,
                Ok(count) => total += count,
                Err(error) => {
                    shared.events.store_failed("prune", &error);
                    let is_new = messages.insert(error.to_string());
                    if error.is_transient() || !is_new || messages.len() == ERRORS {
                        break;
                    }
                }
            }
        }
        if total > 0 {
            shared.events.emit(|| Pruned::new(total));
        }
    }
}
