//! The store: one connection to Redis, and the calls of the contract.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jobs_core::{
    AttemptCounting, AttemptLogs, Claim, ClaimOrder, Dispatched, Enqueued, Entropy, Error, Execution, Guarantees,
    HeartbeatReply, Heartbeats, Identity, Inspect, Listener, Manage, NewJob, Notifier, Process, ProcessOrders,
    Recovered, Recovery, Recurring, RefusedJobs, Retention, Settled, Settlement, Store, StoreClock, StoreFuture,
    SystemEntropy, Uniqueness,
};
use jobs_redis::{Changes, LastReason, Link, PausedQueues};

use crate::work::{KnownRuns, ProcessSlots};
use crate::{ResqueOptions, keys};

/// Keeps jobs in the Redis of a Resque fleet. See the [crate](crate) for what is where.
pub struct ResqueStore {
    pub(crate) options: ResqueOptions,
    pub(crate) link: Link,
    pub(crate) clock: StoreClock,
    /// The number of the next claim.
    claims: AtomicU64,
    pub(crate) lost: jobs_redis::LostClaims<std::ops::Range<u64>>,
    pub(crate) known: KnownRuns,
    pub(crate) slots: Mutex<ProcessSlots>,
    pub(crate) changes: Arc<Changes>,
    /// The jobs that Redis refused to move, for each operation.
    pub(crate) refused: RefusedMoves,
    /// Why texts that are not jobs cannot be reported, as it was told last.
    pub(crate) told: LastReason,
    /// Why queues give no jobs, as it was told last.
    pub(crate) no_queue: LastReason,
    /// Whether it was told that members of the schedule are no seconds.
    pub(crate) has_told_no_seconds: AtomicBool,
    /// Tells this handle from others as the master of resque-scheduler.
    scheduler: String,
}

/// The jobs that Redis refused to move.
#[derive(Debug, Default)]
pub(crate) struct RefusedMoves {
    pub(crate) dispatch: RefusedJobs,
    pub(crate) recover: RefusedJobs,
}

/// Claims are numbered from a random number below this on: Lua counts exactly up to twice as far.
const FIRST_CLAIM: u64 = 1 << 52;

impl ResqueStore {
    /// What this store promises of the contract of stores.
    pub const GUARANTEES: Guarantees = Guarantees::ALL
        .with_identity(Identity::AtLeastOnce)
        .with_order(ClaimOrder::QueueFifo)
        .with_retention(Retention::FailedOnly)
        .with_uniqueness(Uniqueness::Unsupported)
        .with_attempts(AttemptCounting::AtFailure)
        .with_attempt_logs(AttemptLogs::Unsupported);

    async fn open(options: ResqueOptions) -> Result<Self, Error> {
        let entropy = SystemEntropy::new();
        let link = Link::new(options.client.clone());
        let store = Self {
            clock: StoreClock::new(options.clock.clone()),
            claims: AtomicU64::new(entropy.next_u64() % FIRST_CLAIM),
            lost: jobs_redis::LostClaims::default(),
            known: KnownRuns::default(),
            slots: Mutex::default(),
            changes: Arc::new(Changes::new(&link, options.keys.prefix(), PausedQueues::Keys(keys::PAUSE))),
            link,
            refused: RefusedMoves::default(),
            told: LastReason::default(),
            no_queue: LastReason::default(),
            has_told_no_seconds: AtomicBool::new(false),
            scheduler: format!("rust-{:016x}:{}", entropy.next_u64(), std::process::id()),
            options,
        };
        store.link.check_server().await?;
        store.read_clock(&store.link).await?;
        Ok(store)
    }

    /// The numbers of the next claims; the first of them.
    pub(crate) fn next_claims(&self, count: usize) -> u64 {
        self.claims.fetch_add(u64::try_from(count).unwrap_or(0), Ordering::Relaxed)
    }

    /// The name under which this handle is the master of resque-scheduler.
    pub(crate) fn scheduler_name(&self) -> String {
        self.scheduler.clone()
    }

    /// A key with the namespace in front of it.
    pub(crate) fn key(&self, name: &str) -> String {
        self.options.keys.key(name)
    }
}

impl ResqueOptions {
    /// Opens the store. Nothing is written.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// Redis cannot be reached, the error [is transient](Error::is_transient) then; or it is older than 6.2.
    pub async fn connect(self) -> Result<ResqueStore, Error> {
        ResqueStore::open(self).await
    }
}

impl fmt::Debug for ResqueStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResqueStore").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Notifier for ResqueStore {
    fn listen(&self) -> Box<dyn Listener> {
        self.changes.subscribe()
    }
}

impl Store for ResqueStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(self.enqueue_all(jobs))
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        Box::pin(self.dispatch_due(limit))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(self.claim_jobs(claim))
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(self.settle_jobs(settlements))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(self.beat(process, &self.link))
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(self.recover_silent(recovery))
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

    /// Each claimed job is what a worker performs, on Ruby's pages too.
    fn allows_prefetch(&self) -> bool {
        false
    }
}
