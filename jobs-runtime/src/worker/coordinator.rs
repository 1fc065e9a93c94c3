//! A worker: selectors, places, and the coordinator that settles and claims for them.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Claim, Error, Listener, ProcessId, QueueSelector};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::Naming;
use crate::worker::crash_quarantine::CrashQuarantine;
use crate::worker::executor::JobExecutor;
use crate::worker::prefetch::Prefetch;
use crate::worker::run_queue::RunQueue;
use crate::worker::settle_loop::SettleClaim;

/// Which queues to serve, and how many jobs at once.
///
/// The default serves all queues with ten places, as Sidekiq did before it halved them.
#[derive(Clone, Debug)]
pub struct Worker {
    queues: Vec<Selection>,
    threads: usize,
    order: Order,
}

#[derive(Clone, Debug)]
struct Selection {
    selector: String,
    weight: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// The first queue is emptied before the next is looked at.
    Strict,
    /// The order is drawn anew for each claim; a queue of weight 3 comes first three times as often as one of 1.
    Weighted,
}

impl Default for Worker {
    fn default() -> Self {
        Self::new(["*"])
    }
}

impl Worker {
    /// A worker for these selectors (`mail`, `mail*`, `*`), the first before the second, with ten places.
    pub fn new<S: Into<String>>(selectors: impl IntoIterator<Item = S>) -> Self {
        let queues = selectors.into_iter().map(|selector| Selection { selector: selector.into(), weight: 1 });
        Self { queues: queues.collect(), threads: 10, order: Order::Strict }
    }

    /// A worker that draws the order of its queues by weight for each claim, as Sidekiq's `queue,weight`.
    pub fn weighted<S: Into<String>>(selectors: impl IntoIterator<Item = (S, u32)>) -> Self {
        let queues = selectors.into_iter();
        let queues = queues.map(|(selector, weight)| Selection { selector: selector.into(), weight: weight.max(1) });
        Self { queues: queues.collect(), threads: 10, order: Order::Weighted }
    }

    /// How many jobs run at once. 0 is read as 1.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// How many jobs run at once.
    pub const fn places(&self) -> usize {
        self.threads
    }

    /// The selectors, checked, with the names of the store.
    ///
    /// # Errors
    /// One of them cannot be a selector, or there is none.
    pub(crate) fn selectors(&self, naming: &Naming) -> Result<Weighted, Error> {
        if self.queues.is_empty() {
            return Err(Error::invalid("a worker has no queues; give it at least one, or `*` for all"));
        }
        let stored = |selector: &str| if selector == "*" { "*".to_owned() } else { naming.stored(selector) };
        self.queues.iter().map(|one| Ok((stored(&one.selector).parse()?, one.weight))).collect()
    }
}

/// Selectors as the store knows them, with their weights.
pub(crate) type Weighted = Vec<(QueueSelector, u32)>;

/// How long aborted jobs get to reach their next await.
const ABORT_GRACE: Duration = Duration::from_millis(500);

/// A worker at work.
pub(crate) struct Coordinator {
    pub(crate) worker: Worker,
    pub(crate) executor: JobExecutor,
    pub(crate) quarantine: Arc<CrashQuarantine>,
    pub(crate) process: ProcessId,
    /// Claim no more.
    pub(crate) quiet: CancellationToken,
    /// Do not wait for what runs.
    pub(crate) force: CancellationToken,
    pub(crate) poll: Duration,
}

impl Coordinator {
    /// Works until `quiet`, then until what runs has ended or `force`. Gives how many jobs were given back.
    pub(crate) async fn run(self, selectors: Weighted) -> usize {
        let mut executors = JoinSet::new();
        for _ in 0..self.worker.threads {
            executors.spawn(self.executor.clone().run());
        }
        let mut batch = SettleClaim::new(&self);
        self.claim_until_quiet(&selectors, &mut batch).await;
        let mut returned = self.queue().release(0);
        self.wait_for_running(&mut batch).await;
        let forced = self.queue().running();
        // A job that does not await cannot be dropped; saying goodbye gives it back.
        let _given_up = timeout(ABORT_GRACE, executors.shutdown()).await;
        returned += forced;
        batch.flush_all().await;
        returned
    }

    pub(crate) fn queue(&self) -> &RunQueue {
        &self.executor.queue
    }

    async fn claim_until_quiet(&self, selectors: &[(QueueSelector, u32)], batch: &mut SettleClaim<'_>) {
        let mut wakeups = batch.store().wakeups().map(jobs_core::Wakeups::listen);
        while !self.quiet.is_cancelled() {
            batch.collect(self.queue().take_completed());
            let capacity = self.capacity(&batch.prefetch);
            if batch.prefetch.is_stalled() && self.queue().release(capacity) > 0 {
                batch.push(self.queue().take_completed());
            }
            let limit = capacity.saturating_sub(self.queue().len());
            let claim = Claim { process: self.process, queues: self.draw(selectors), limit };
            match batch.exchange(&claim).await {
                Ok(got) if got > 0 && got == limit => {}
                Ok(_) if batch.has_pending() => {}
                Ok(_) => self.wait(&mut wakeups, limit == 0).await,
                Err(wait) => {
                    let _elapsed = timeout(wait, self.quiet.cancelled()).await;
                }
            }
        }
    }

    /// Free places, and some ahead.
    fn capacity(&self, prefetch: &Prefetch) -> usize {
        self.worker.threads.saturating_sub(self.queue().running()) + prefetch.limit()
    }

    /// The selectors in the order of this claim.
    fn draw(&self, selectors: &[(QueueSelector, u32)]) -> Vec<QueueSelector> {
        let mut left: Vec<_> = selectors.iter().collect();
        if self.worker.order == Order::Strict {
            return left.into_iter().map(|(selector, _)| selector.clone()).collect();
        }
        let mut drawn = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let total: u64 = left.iter().map(|(_, weight)| u64::from(*weight)).sum();
            let mut mark = self.executor.jobs.shared.entropy.next_u64() % total.max(1);
            let hit = left.iter().position(|(_, weight)| {
                let here = mark < u64::from(*weight);
                mark = mark.saturating_sub(u64::from(*weight));
                here
            });
            drawn.push(left.remove(hit.unwrap_or(0)).0.clone());
        }
        drawn
    }

    /// Waits for something to settle, a hint that there is work (unless all places are taken), or the poll.
    async fn wait(&self, wakeups: &mut Option<Box<dyn Listener>>, full: bool) {
        let hint = async {
            match wakeups {
                Some(listener) if !full => listener.heard().await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.queue().wait_completed() => {}
            () = hint => {}
            () = self.quiet.cancelled() => {}
            () = sleep(self.poll) => {}
        }
    }

    /// Settles what ends until nothing runs or nobody wants to wait any longer.
    async fn wait_for_running(&self, batch: &mut SettleClaim<'_>) {
        while self.queue().running() > 0 && !self.force.is_cancelled() {
            // What cannot be written now is pending on.
            let _written = batch.flush().await;
            tokio::select! {
                () = self.queue().wait_completed() => {}
                () = self.force.cancelled() => {}
                () = sleep(self.poll) => {}
            }
        }
    }
}
