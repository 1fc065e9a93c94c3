//! Forgets finished and discarded jobs once they are old.

use std::time::Duration;

use jobs_core::{Event, Manage};
use tokio::time::sleep;

use crate::Jobs;

/// How often.
const INTERVAL: Duration = Duration::from_secs(60);

/// How many in one call.
const BATCH: usize = 1000;

/// A loop of its own, so that heartbeats do not wait for it however much there is to forget.
pub(crate) struct Pruning {
    pub(crate) jobs: Jobs,
    pub(crate) keep_finished: Duration,
}

impl Pruning {
    /// Runs until it is aborted.
    pub(crate) async fn run(self) {
        let Some(manage) = self.jobs.shared.store.manage() else { return };
        loop {
            self.prune(manage).await;
            sleep(INTERVAL).await;
        }
    }

    async fn prune(&self, manage: &dyn Manage) {
        let events = &self.jobs.shared.events;
        let mut total = 0;
        loop {
            match manage.prune(self.keep_finished, BATCH).await {
                Ok(0) => break,
                Ok(count) => total += count,
                Err(error) => {
                    events.emit(|| Event::StoreFailed { operation: "prune", message: error.to_string() });
                    break;
                }
            }
        }
        if total > 0 {
            events.emit(|| Event::Pruned(total));
        }
    }
}
