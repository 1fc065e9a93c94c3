//! The calls of the contract. Each runs in a task of its own: it is done as a whole, also if the caller does not wait for it.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use jobs_core::{
    AttemptCounting, AttemptLogs, Claim, ClaimOrder, Dispatched, Enqueued, Error, Execution, Guarantees,
    HeartbeatReply, Heartbeats, Identity, Inspect, Manage, NewJob, Notifier, Process, ProcessOrders, Recovered,
    Recovery, Retention, Settled, Settlement, Store, StoreFuture, Transactional, Uniqueness,
};
use jobs_sql::Dialect;
use jobs_store_util::GroupCommit;

use super::core::StoreCore;
use crate::DelayedJobOptions;
use crate::notifier::may_give_work;
use crate::work::{SharedEnqueue, UnansweredClaim, answers};

/// Keeps jobs in the table of Delayed Job. See the [crate](crate) for what is where.
pub struct DelayedJobStore {
    pub(crate) core: Arc<StoreCore>,
    enqueues: Arc<GroupCommit<SharedEnqueue>>,
}

impl DelayedJobStore {
    /// What this store promises of the contract of stores.
    pub const GUARANTEES: Guarantees = Guarantees::ALL
        .with_identity(Identity::AtLeastOnce)
        .with_order(ClaimOrder::PriorityThenDue)
        .with_retention(Retention::FailedOnly)
        .with_uniqueness(Uniqueness::Unsupported)
        .with_attempts(AttemptCounting::AtFailure)
        .with_attempt_logs(AttemptLogs::Unsupported);

    /// Does something with what the store shares, to its end.
    pub(crate) async fn run<T, F>(&self, work: impl FnOnce(Arc<StoreCore>) -> F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let done = tokio::spawn(work(Arc::clone(&self.core))).await;
        done.map_err(|_stopped| {
            Error::transient("the program stops, so the store on Delayed Job's table does nothing more")
        })?
    }

    async fn work(
        &self,
        settlements: &[Settlement],
        claim: Option<&Claim>,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        let claim = claim.filter(|claim| claim.limit > 0 && !claim.queues.is_empty()).cloned();
        let batch = self.core.next_batch();
        let unanswered = claim.as_ref().map(|claim| self.core.lost.begin(claim.process, batch));
        let is_given_up = unanswered.as_ref().map(UnansweredClaim::is_given_up).unwrap_or_default();
        let settlements = settlements.to_vec();
        let work = |core: Arc<StoreCore>| async move {
            let answer = core.settle_and_claim(&settlements, claim.as_ref(), batch, &is_given_up).await?;
            core.changes.notify_if(may_give_work(&settlements));
            Ok(answer)
        };
        let answer = self.run(work).await?;
        if let Some(unanswered) = unanswered {
            unanswered.arrived();
        }
        Ok(answer)
    }
}

impl DelayedJobOptions {
    /// Opens the store. Our own three tables are created if they are missing, unless
    /// [`create_tables`](Self::create_tables) says otherwise; the table of Delayed Job is not changed.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The database cannot be reached, the error [is transient](Error::is_transient) then. Or a table or column is missing; the
    /// error [is invalid](Error::is_invalid) and says what to do.
    pub async fn connect(self) -> Result<DelayedJobStore, Error> {
        let core = Arc::new(StoreCore::open(self).await?);
        Ok(DelayedJobStore { enqueues: SharedEnqueue::new(&core), core })
    }
}

impl fmt::Debug for DelayedJobStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DelayedJobStore").field("options", &self.core.options).finish_non_exhaustive()
    }
}

impl Store for DelayedJobStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut rows = self.core.new_rows(jobs)?;
            match rows.pop() {
                Some(row) if rows.is_empty() => self.enqueues.request((), row).await?,
                Some(last) => {
                    rows.push(last);
                    self.run(|core| async move { core.store_rows(&rows).await }).await?;
                }
                None => {}
            }
            Ok(answers(jobs))
        })
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        Box::pin(self.run(move |core| async move {
            let dispatched = core.dispatch_due(limit).await?;
            core.changes.notify_if(dispatched.ready > 0);
            Ok(dispatched)
        }))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move { Ok(self.work(&[], Some(claim)).await?.1) })
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move { Ok(self.work(settlements, None).await?.0) })
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(async move {
            let process = process.clone();
            self.run(|core| async move {
                let _in_order = core.writing.lock().await;
                core.beat(&process, &core.database).await
            })
            .await
        })
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        let recovery = *recovery;
        Box::pin(self.run(move |core| async move {
            let recovered = core.recover_silent(recovery).await?;
            core.changes.notify_if(!recovered.ready.is_empty());
            Ok(recovered)
        }))
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        Box::pin(self.work(settlements, Some(claim)))
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }

    fn transactional(&self) -> Option<&dyn Transactional> {
        (self.core.database.dialect() == Dialect::Postgres).then_some(self as &dyn Transactional)
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
