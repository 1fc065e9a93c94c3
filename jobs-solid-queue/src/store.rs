//! The store on Solid Queue's tables.

use std::fmt;
use std::sync::Arc;

use jobs_core::{
    AttemptLogs, Claim, Dispatched, Enqueued, Error, Execution, Guarantees, HeartbeatReply, Heartbeats, Identity,
    Inspect, Manage, NewJob, Notifier, Process, ProcessOrders, Recovered, Recovery, Recurring, Retention, Settled,
    Settlement, Store, StoreFuture, Transactional, Uniqueness,
};
use jobs_sql::{Changes, Dialect, repeat_deadlocked};
use jobs_store_util::GroupCommit;

use crate::payload::RowForm;
use crate::queue_database::QueueDatabase;
use crate::table_check::check_tables;
use crate::work::{
    DroppedCall, ExactNames, LastMaintenance, LostCommits, ProcessView, SharedEnqueue, UndeclaredLimits,
};
use crate::{SolidQueueOptions, create_tables};

const NEWEST: &str = include_str!("sql/claim/newest.sql");

/// Keeps jobs in the tables of Solid Queue. See the [crate](crate) for what is where.
pub struct SolidQueueStore {
    pub(crate) queue: QueueDatabase,
    pub(crate) view: ProcessView,
    pub(crate) lost: LostCommits,
    pub(crate) dropped_claim: DroppedCall,
    pub(crate) dropped_dispatch: DroppedCall,
    /// When the limits of jobs that run and wait were looked after.
    pub(crate) maintained: LastMaintenance,
    /// When all permits that ran out were deleted.
    pub(crate) cleaned: LastMaintenance,
    pub(crate) undeclared: UndeclaredLimits,
    pub(crate) exact_names: ExactNames,
    pub(crate) changes: Arc<Changes>,
    pub(crate) enqueues: Arc<GroupCommit<SharedEnqueue>>,
    /// Times in the tables have a zone.
    pub(crate) has_zoned_times: bool,
}

impl SolidQueueStore {
    /// What this store promises of the contract of stores, while it keeps finished jobs.
    pub const GUARANTEES: Guarantees = Guarantees::ALL
        .with_identity(Identity::AtLeastOnce)
        .with_uniqueness(Uniqueness::Unsupported)
        .with_attempt_logs(AttemptLogs::Unsupported);

    /// What it promises with its options: without [kept jobs](SolidQueueOptions::preserve_finished_jobs) less.
    pub(crate) const fn guarantees_of(options: &SolidQueueOptions) -> Guarantees {
        if options.preserves_finished_jobs {
            Self::GUARANTEES
        } else {
            Self::GUARANTEES.with_retention(Retention::FailedOnly)
        }
    }

    /// The form in which it writes jobs.
    pub(crate) const fn form(&self) -> RowForm {
        let options = &self.queue.options;
        RowForm { names: options.names, rails: options.rails, dialect: self.queue.dialect() }
    }
}

impl SolidQueueOptions {
    /// Opens the store. Nothing is written, except the tables if [they are to be created](Self::create_tables). A file of
    /// `SQLite` that is not there is made, and its journal mode becomes WAL.
    ///
    /// Cancel safe, except that MySQL keeps the tables that were created before.
    ///
    /// # Errors
    /// The database cannot be reached, the error [is transient](Error::is_transient) then; or the tables are not there, are
    /// too old or cannot be created.
    pub async fn connect(self) -> Result<SolidQueueStore, Error> {
        let queue = QueueDatabase::open(self).await?;
        if queue.options.creates_tables {
            create_tables(&queue.database).await?;
        }
        let has_zoned_times = check_tables(&queue).await?;
        let changes = Changes::new(&queue.database, NEWEST, queue.options.polling_interval);
        Ok(SolidQueueStore {
            enqueues: SharedEnqueue::new(&queue.database),
            queue,
            view: ProcessView::default(),
            lost: LostCommits::default(),
            dropped_claim: DroppedCall::default(),
            dropped_dispatch: DroppedCall::default(),
            maintained: LastMaintenance::default(),
            cleaned: LastMaintenance::default(),
            undeclared: UndeclaredLimits::default(),
            exact_names: ExactNames::default(),
            changes,
            has_zoned_times,
        })
    }
}

impl fmt::Debug for SolidQueueStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SolidQueueStore").field("options", &self.queue.options).finish_non_exhaustive()
    }
}

impl Store for SolidQueueStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let enqueued = self.enqueue_all(jobs).await?;
            self.changes.notify_if(!jobs.is_empty());
            Ok(enqueued)
        })
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        Box::pin(async move {
            let dispatched = repeat_deadlocked(|| Box::pin(self.dispatch_due(limit))).await?;
            self.changes.notify_if(dispatched.ready > 0);
            Ok(dispatched)
        })
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move { Ok(self.settle_then_claim(&[], Some(claim)).await?.1) })
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move { Ok(self.settle_then_claim(settlements, None).await?.0) })
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(repeat_deadlocked(move || Box::pin(self.beat(process, &self.queue))))
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(async move {
            let recovered = self.recover_silent(recovery).await?;
            self.changes.notify_if(!recovered.ready.is_empty());
            Ok(recovered)
        })
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        Box::pin(self.settle_then_claim(settlements, Some(claim)))
    }

    fn transactional(&self) -> Option<&dyn Transactional> {
        (self.queue.dialect() == Dialect::Postgres).then_some(self as &dyn Transactional)
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        Some(self)
    }

    fn heartbeats(&self) -> Option<&dyn Heartbeats> {
        Some(self)
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

    fn guarantees(&self) -> Guarantees {
        Self::guarantees_of(&self.queue.options)
    }
}
