//! Shows that the process lives, takes back the jobs of dead ones, forgets old finished ones.

use std::time::Duration;

use jobs_core::{Error, Event, Phase, Process, Pulse, Recovery};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::Jobs;

/// How many finished jobs are forgotten in one call.
const PRUNE_BATCH: usize = 1000;

pub(crate) struct Maintenance {
    pub(crate) jobs: Jobs,
    pub(crate) process: Process,
    pub(crate) heartbeat: Duration,
    pub(crate) recovery: Recovery,
    pub(crate) keep_finished: Duration,
    pub(crate) quiet: CancellationToken,
}

impl Maintenance {
    /// Runs until it is aborted; the first beat was done by whoever started this.
    pub(crate) async fn run(mut self) {
        let mut next_prune = Instant::now();
        loop {
            self.recover().await;
            if Instant::now() >= next_prune {
                next_prune = Instant::now() + PRUNE_INTERVAL;
                self.prune().await;
            }
            sleep(self.heartbeat).await;
            if self.quiet.is_cancelled() {
                self.process.phase = Phase::Quiet;
            }
            self.beat().await;
        }
    }

    async fn beat(&self) {
        let shared = &self.jobs.shared;
        match shared.store.heartbeat(&self.process).await {
            Ok(Pulse::Alive) => {}
            Ok(Pulse::Revived) => shared.events.emit(|| Event::Revived(self.process.id)),
            Err(error) => self.store_failed("record a heartbeat", &error),
        }
    }

    async fn recover(&self) {
        let shared = &self.jobs.shared;
        match shared.store.recover(&self.recovery).await {
            Ok(done) if done.processes.is_empty() && done.ready.is_empty() && done.poisoned.is_empty() => {}
            Ok(done) => shared.events.emit(|| Event::Recovered {
                processes: done.processes,
                ready: done.ready.len(),
                poisoned: done.poisoned,
            }),
            Err(error) => self.store_failed("recover", &error),
        }
    }

    async fn prune(&self) {
        let Some(manage) = self.jobs.shared.store.manage() else { return };
        let mut total = 0;
        loop {
            match manage.prune(self.keep_finished, PRUNE_BATCH).await {
                Ok(0) => break,
                Ok(count) => total += count,
                Err(error) => return self.store_failed("prune", &error),
            }
        }
        if total > 0 {
            self.jobs.shared.events.emit(|| Event::Pruned(total));
        }
    }

    fn store_failed(&self, operation: &'static str, error: &Error) {
        self.jobs.shared.events.emit(|| Event::StoreFailed { operation, message: error.to_string() });
    }
}

/// How often finished jobs are pruned.
const PRUNE_INTERVAL: Duration = Duration::from_secs(60);
