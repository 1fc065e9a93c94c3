//! The store: one connection to Redis, and the calls of the contract.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jobs_core::{
    AttemptCounting, AttemptLogs, Claim, ClaimOrder, Dispatched, Enqueued, Entropy, Error, Execution, FigureStore,
    Guarantees, HeartbeatReply, Heartbeats, Identity, Inspect, Listener, Manage, NewJob, Notifier, Process,
    ProcessOrders, Recovered, Recovery, Recurring, RefusedJobs, Retention, Settled, Settlement, Store, StoreClock,
    StoreFuture, SystemEntropy, Timestamp, Uniqueness,
};

use crate::metrics::Runs;
use crate::payload::{Fleet, TimeUnit, Times, Version};
use crate::ruby_cron::CronServing;
use crate::work::claims::BATCHES;
use crate::work::{KnownClaims, ProcessView, Pushes};
use crate::{Rails, SidekiqOptions};
use jobs_redis::{Changes, LastReason, Link, PausedQueues};

/// Keeps jobs in the Redis of a Sidekiq fleet. See the [crate](crate) for what is where.
pub struct SidekiqStore {
    pub(crate) options: SidekiqOptions,
    pub(crate) link: Arc<Link>,
    pub(crate) clock: StoreClock,
    pub(crate) entropy: SystemEntropy,
    /// The Ruby processes that were alive at the last look.
    fleet: Mutex<Option<Fleet>>,
    /// The number of the next batch of claims.
    batches: AtomicU64,
    pub(crate) lost: jobs_redis::LostClaims<u64>,
    pub(crate) known: KnownClaims,
    /// Whether crashes of any jobs were counted at the last look.
    pub(crate) has_crashes: AtomicBool,
    /// The jobs that Redis refused to move.
    pub(crate) refused: RefusedMoves,
    /// Why a queue gives no jobs, as it was told last.
    pub(crate) told: LastReason,
    /// The members of the set of processes that are none, as they were told last.
    pub(crate) no_process: LastReason,
    /// The runs that the metrics page counts.
    pub(crate) runs: Runs,
    pub(crate) view: Mutex<ProcessView>,
    /// The jobs of sidekiq-cron, if they are served.
    pub(crate) cron: CronServing,
    pub(crate) changes: Arc<Changes>,
    pub(crate) pushes: Pushes,
}

/// The jobs that Redis refused to move, for each operation.
#[derive(Debug, Default)]
pub(crate) struct RefusedMoves {
    pub(crate) dispatch: RefusedJobs,
    pub(crate) recover: RefusedJobs,
}

impl SidekiqStore {
    /// What this store promises of the contract of stores.
    pub const GUARANTEES: Guarantees = Guarantees::ALL
        .with_identity(Identity::AtLeastOnce)
        .with_order(ClaimOrder::QueueFifo)
        .with_retention(Retention::FailedOnly)
        .with_uniqueness(Uniqueness::Unsupported)
        .with_attempts(AttemptCounting::AtFailure)
        .with_attempt_logs(AttemptLogs::Unsupported);

    async fn open(options: SidekiqOptions) -> Result<Self, Error> {
        let entropy = SystemEntropy::new();
        let link = Arc::new(Link::new(options.client.clone()));
        let changes = Arc::new(Changes::new(&link, options.namespace_prefix(), PausedQueues::Set("paused")));
        let store = Self {
            pushes: Pushes::new(Arc::clone(&link), Arc::clone(&changes), options.namespace_prefix()),
            link,
            clock: StoreClock::new(options.clock.clone()),
            fleet: Mutex::default(),
            batches: AtomicU64::new(entropy.next_u64() % BATCHES),
            entropy,
            lost: jobs_redis::LostClaims::default(),
            known: KnownClaims::default(),
            has_crashes: AtomicBool::new(true),
            refused: RefusedMoves::default(),
            told: LastReason::default(),
            no_process: LastReason::default(),
            runs: Runs::default(),
            view: Mutex::default(),
            cron: CronServing::default(),
            changes,
            options,
        };
        store.link.check_server().await?;
        store.look_at_fleet(&store.link).await?;
        Ok(store)
    }

    /// The unit in which times are written.
    pub(crate) fn unit(&self) -> TimeUnit {
        let of_fleet = || self.oldest_version().map(Version::unit);
        self.options.time_unit.or_else(of_fleet).unwrap_or(TimeUnit::Milliseconds)
    }

    /// The times of a job that is written, with what the fleet reads.
    pub(crate) fn times(&self, now: Timestamp, due: Timestamp) -> Times {
        let of_fleet = || self.oldest_version().map(Version::rails);
        let rails = self.options.rails.or_else(of_fleet).unwrap_or(Rails::V7_1);
        Times { unit: self.unit(), rails, now, due }
    }

    fn oldest_version(&self) -> Option<Version> {
        self.options.version.or_else(|| self.fleet().map(|fleet| fleet.oldest))
    }

    /// The Ruby processes that were alive at the last look.
    pub(crate) fn fleet(&self) -> Option<Fleet> {
        *self.fleet.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fleet_is(&self, fleet: Fleet) {
        *self.fleet.lock().unwrap_or_else(PoisonError::into_inner) = Some(fleet);
    }

    pub(crate) fn next_batch(&self) -> u64 {
        self.batches.fetch_add(1, Ordering::Relaxed) % BATCHES
    }

    /// A key with the namespace in front of it.
    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}{name}", self.options.namespace_prefix())
    }
}

impl SidekiqOptions {
    /// Opens the store. Nothing is written.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// Redis cannot be reached, the error [is transient](Error::is_transient) then; or it is older than 6.2.
    pub async fn connect(self) -> Result<SidekiqStore, Error> {
        SidekiqStore::open(self).await
    }
}

impl fmt::Debug for SidekiqStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SidekiqStore").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Notifier for SidekiqStore {
    fn listen(&self) -> Box<dyn Listener> {
        self.changes.subscribe()
    }
}

impl Store for SidekiqStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(self.enqueue_all(jobs))
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        Box::pin(self.dispatch_due(limit))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move { Ok(self.settle_then_claim(&[], Some(claim)).await?.1) })
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move { Ok(self.settle_then_claim(settlements, None).await?.0) })
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(self.beat(process, &self.link))
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(self.recover_silent(recovery))
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        Box::pin(self.settle_then_claim(settlements, Some(claim)))
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        Some(self)
    }

    fn figures(&self) -> Option<&dyn FigureStore> {
        Some(self)
    }

    fn process_orders(&self) -> Option<&dyn ProcessOrders> {
        Some(self)
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        Some(self)
    }

    fn heartbeats(&self) -> Option<&dyn Heartbeats> {
        Some(self)
    }

    fn guarantees(&self) -> Guarantees {
        Self::GUARANTEES
    }
}
