//! Stops the parts of a runtime in order and within the time limit.

use std::time::Duration;

use jobs_core::events::{RuntimeQuieted, RuntimeStopped};
use jobs_core::{Process, ProcessStatus};
use tokio::task::JoinSet;
use tokio::time::{error::Elapsed, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::maintenance::figures;
use crate::supervision::heartbeat_thread::HeartbeatThread;

/// How long a call to the store may take at the end, after the shutdown time-out. It is generous: if the last settlement is
/// not written, its job runs again.
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// The three requests that reach every loop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    /// Claim no more. Running jobs see it as cancellation only with `stop`.
    pub(crate) quiet: CancellationToken,
    /// End when all running jobs have ended.
    pub(crate) stop: CancellationToken,
    /// End at once.
    pub(crate) force: CancellationToken,
}

impl Tokens {
    /// Requests a stop in order.
    pub(crate) fn request_stop(&self) {
        self.quiet.cancel();
        self.stop.cancel();
    }
}

/// Waits for a request to stop, then stops everything in order. It enforces the time limit itself, so that a runtime also
/// ends if the future of `stop` was dropped.
pub(crate) struct ShutdownTask {
    pub(crate) jobs: Client,
    pub(crate) process: Process,
    pub(crate) tokens: Tokens,
    /// How long running jobs may go on after the request to stop.
    pub(crate) limit: Duration,
    pub(crate) workers: JoinSet<usize>,
    pub(crate) background_tasks: JoinSet<()>,
    pub(crate) heartbeats: HeartbeatThread,
}

impl ShutdownTask {
    pub(crate) async fn run(mut self, ended: CancellationToken) {
        let shared = &self.jobs.shared;
        self.tokens.quiet.cancelled().await;
        shared.events.emit(|| RuntimeQuieted::new(self.process.id));
        let returned = join_workers(&mut self.workers, &self.tokens, self.limit).await;
        self.tokens.stop.cancelled().await;
        // Heartbeats go on until the last settlement is written, so that other processes do not recover its job.
        let _ended = timeout(GRACE, self.heartbeats.stopper().stop()).await;
        if let Some(counter) = &shared.attempts {
            let _added = timeout(GRACE, figures::add(shared, counter, None)).await;
        }
        let _ended = timeout(GRACE, self.background_tasks.shutdown()).await;
        self.process.phase = ProcessStatus::Stopped;
        match timeout(GRACE, shared.store.heartbeat(&self.process)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => shared.events.store_failed("say goodbye", &error),
            Err(elapsed) => self.no_goodbye(elapsed),
        }
        shared.events.emit(|| RuntimeStopped::new(self.process.id, returned));
        ended.cancel();
    }

    fn no_goodbye(&self, elapsed: Elapsed) {
        let error = jobs_core::Error::transient(format!("no answer within {GRACE:?}")).with_source(elapsed);
        self.jobs.shared.events.store_failed("say goodbye", &error);
    }
}

/// Waits for the workers to end, at most until the limit. Returns how many jobs were released.
async fn join_workers(workers: &mut JoinSet<usize>, tokens: &Tokens, limit: Duration) -> usize {
    let mut returned = 0;
    let joined = async {
        while let Some(worker) = workers.join_next().await {
            // A worker that was aborted does not know how many it released.
            returned += worker.unwrap_or(0);
        }
    };
    tokio::select! {
        () = joined => {}
        // Its store does not answer, so what it has claimed is left to recovery.
        () = expire(tokens, limit) => workers.abort_all(),
    }
    returned
}

/// Ready when the workers had the time of the limit to end, and then the grace to end at once.
async fn expire(tokens: &Tokens, limit: Duration) {
    tokens.stop.cancelled().await;
    tokio::select! {
        () = sleep(limit) => tokens.force.cancel(),
        () = tokens.force.cancelled() => {}
    }
    sleep(GRACE).await;
}
