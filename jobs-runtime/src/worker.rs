//! A worker: selectors, places, and the coordinator that settles and claims for them.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Claim, Error, Listener, ProcessId, QueueSelector};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::Naming;
use crate::desk::Desk;
use crate::flight::Flight;
use crate::pace::Pace;
use crate::runner::Runner;
use crate::suspects::Suspects;

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
    pub(crate) runner: Runner,
    pub(crate) suspects: Arc<Suspects>,
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
        let mut runners = JoinSet::new();
        for _ in 0..self.worker.threads {
            runners.spawn(self.runner.clone().run());
        }
        let mut flight = Flight::new(&self);
        self.claim_until_quiet(&selectors, &mut flight).await;
        let mut returned = self.desk().give_back(0);
        self.wait_for_running(&mut flight).await;
        let forced = self.desk().running();
        // A job that does not await cannot be dropped; saying goodbye gives it back.
        let _given_up = timeout(ABORT_GRACE, runners.shutdown()).await;
        returned += forced;
        flight.land().await;
        returned
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.runner.desk
    }

    async fn claim_until_quiet(&self, selectors: &[(QueueSelector, u32)], flight: &mut Flight<'_>) {
        let mut wakeups = flight.store().wakeups().map(jobs_core::Wakeups::listen);
        while !self.quiet.is_cancelled() {
            flight.load(self.desk().take_settled());
            let room = self.room(&flight.pace);
            if flight.pace.is_stuck() && self.desk().give_back(room) > 0 {
                flight.carry(self.desk().take_settled());
            }
            let limit = room.saturating_sub(self.desk().waiting());
            let claim = Claim::new(self.process, self.draw(selectors), limit);
            match flight.fly(&claim).await {
                Ok(got) if got > 0 && got == limit => {}
                Ok(_) if flight.has_cargo() => {}
                Ok(_) => self.wait(&mut wakeups, limit == 0).await,
                Err(wait) => {
                    let _elapsed = timeout(wait, self.quiet.cancelled()).await;
                }
            }
        }
    }

    /// Free places, and some ahead.
    fn room(&self, pace: &Pace) -> usize {
        self.worker.threads.saturating_sub(self.desk().running()) + pace.ahead()
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
            let mut mark = self.runner.jobs.shared.entropy.next_u64() % total.max(1);
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
            () = self.desk().settled() => {}
            () = hint => {}
            () = self.quiet.cancelled() => {}
            () = sleep(self.poll) => {}
        }
    }

    /// Settles what ends until nothing runs or nobody wants to wait any longer.
    async fn wait_for_running(&self, flight: &mut Flight<'_>) {
        while self.desk().running() > 0 && !self.force.is_cancelled() {
            // What cannot be written now is carried on.
            let _written = flight.descend().await;
            tokio::select! {
                () = self.desk().settled() => {}
                () = self.force.cancelled() => {}
                () = sleep(self.poll) => {}
            }
        }
    }
}
