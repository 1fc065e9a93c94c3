//! The coordinator of a worker: claims jobs for its executors and settles what they have performed.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Listener, Notifier};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::perform::claim_performer::ClaimPerformer;
use crate::supervision::liveness::Liveness;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::{Ended, Supervisor};
use crate::worker::executor::JobExecutor;
use crate::worker::run_queue::RunQueue;
use crate::worker::settle_loop::{Exchanged, SettleClaim};

/// How long dropped jobs get to reach their next await.
const ABORT_GRACE: Duration = Duration::from_millis(500);

/// A worker that runs.
pub(crate) struct Coordinator {
    pub(crate) concurrency: usize,
    pub(crate) performer: Arc<ClaimPerformer>,
    pub(crate) queue: Arc<RunQueue>,
    /// It outlives a restart of the loop, so that no settlement is lost.
    pub(crate) batch: SettleClaim,
    pub(crate) liveness: Arc<Liveness>,
    /// Claim no more.
    pub(crate) quiet: CancellationToken,
    /// Do not wait for running jobs.
    pub(crate) force: CancellationToken,
    pub(crate) poll: Duration,
    pub(crate) progress: LoopProgress,
}

impl Coordinator {
    /// Works until `quiet`, then until all running jobs have ended or `force`. Returns how many jobs were released.
    pub(crate) async fn run(mut self) -> usize {
        let mut executors = JoinSet::new();
        for _ in 0..self.concurrency {
            executors.spawn(self.executor().run());
        }
        let mut supervisor = Supervisor::new("worker", self.performer.jobs.shared.events.clone());
        while supervisor.run(Box::pin(self.claim_until_quiet())).await == Ended::Panicked {}
        let mut returned = self.queue.release(0);
        while supervisor.run(Box::pin(self.wait_for_running())).await == Ended::Panicked {}
        let forced = self.queue.running();
        // A job that does not await cannot be dropped. The store releases it when the process says goodbye.
        let _given_up = timeout(ABORT_GRACE, executors.shutdown()).await;
        returned += forced + self.queue.declined();
        self.batch.flush_all(&self.force).await;
        returned
    }

    fn executor(&self) -> JobExecutor {
        JobExecutor {
            performer: Arc::clone(&self.performer),
            queue: Arc::clone(&self.queue),
            liveness: Arc::clone(&self.liveness),
            // A token of its own, since the copies of one token share a lock, which every job takes.
            quiet: self.quiet.child_token(),
        }
    }

    async fn claim_until_quiet(&mut self) {
        let mut listener = self.performer.jobs.store().notifier().map(Notifier::listen);
        while !self.quiet.is_cancelled() {
            self.progress.turn();
            self.batch.collect(self.queue.take_completed());
            let capacity = self.capacity();
            if self.batch.prefetch.is_stalled() && self.queue.release(capacity) > 0 {
                self.batch.push(self.queue.take_completed());
            }
            let limit = if self.batch.held.is_full() { 0 } else { capacity.saturating_sub(self.queue.len()) };
            match self.batch.exchange(limit).await {
                Ok(Exchanged::MayHaveMore) => {}
                Ok(_) if self.batch.has_pending() => {}
                Ok(exchanged) => self.wait(&mut listener, exchanged == Exchanged::NoneWanted).await,
                Err(wait) => {
                    let _elapsed = timeout(wait, self.quiet.cancelled()).await;
                }
            }
        }
    }

    /// Free slots, and the jobs to claim ahead.
    fn capacity(&self) -> usize {
        self.concurrency.saturating_sub(self.queue.running()) + self.batch.prefetch.limit()
    }

    /// Waits for something to settle, a hint that there is work (unless none can be taken), or the poll.
    async fn wait(&self, listener: &mut Option<Box<dyn Listener>>, is_full: bool) {
        let hint = async {
            match listener {
                Some(listener) if !is_full => listener.recv().await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.queue.wait_completed() => {}
            () = hint => {}
            () = self.quiet.cancelled() => {}
            () = sleep(self.poll) => {}
        }
    }

    /// Settles what ends until nothing runs, or until `force`.
    async fn wait_for_running(&mut self) {
        while self.queue.running() > 0 && !self.force.is_cancelled() {
            self.progress.turn();
            // What cannot be written now stays pending.
            let _written = self.batch.flush().await;
            tokio::select! {
                () = self.queue.wait_completed() => {}
                () = self.force.cancelled() => {}
                () = sleep(self.poll) => {}
            }
        }
    }
}
