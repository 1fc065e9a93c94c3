//! A store that gives every weaker guarantee, and behaves so: as one in front of the data of another job system.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{
    AttemptCounting, AttemptLogs, Claim, ClaimOrder, ClaimToken, Decision, Enqueued, Error, Execution, Fencing, Filter,
    Guarantees, History, Identity, JobId, JobRecord, Manage as _, NewJob, Page, Retention, Settled, Settlement, State,
    Store, StoreFuture, Tick, TickOutcome, Uniqueness,
};
use jobs_core::{Inspect as _, Recurring as _};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

/// Refuses unique keys, claims without regard to priorities, numbers no claims, counts no attempt of a process that died,
/// and forgets finished jobs and all errors but the last.
pub(crate) struct LimitedStore {
    memory: MemoryStore,
    kept: Mutex<BTreeMap<JobId, Kept>>,
}

/// What the store in memory does not know of a job.
#[derive(Clone, Copy, Default)]
struct Kept {
    priority: i32,
    /// The token of the last claim.
    token: Option<ClaimToken>,
}

impl LimitedStore {
    pub(crate) fn new(memory: MemoryStore) -> Self {
        Self { memory, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<JobId, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The job as the store in memory gets it, where all priorities are equal.
    fn without_priority(&self, job: &NewJob) -> NewJob {
        self.kept().entry(job.id).or_insert(Kept { priority: job.priority, token: None });
        let mut job = job.clone();
        job.priority = 0;
        job
    }

    /// The execution as it is given out: each claim has the same number.
    fn given_out(&self, mut execution: Execution) -> Execution {
        let mut kept = self.kept();
        let kept = kept.entry(execution.id()).or_default();
        kept.token = Some(execution.token);
        execution.token.claim = 7;
        execution.priority = kept.priority;
        execution.attempt -= execution.crashes;
        execution
    }

    /// The settlement with the number of the last claim, if that was by the same process.
    fn numbered(&self, settlement: &Settlement) -> Settlement {
        let mut kept = self.kept();
        let kept = kept.entry(settlement.token.job).or_default();
        let same_process = kept.token.filter(|token| token.process == settlement.token.process);
        let mut decision = settlement.decision.clone();
        if let Decision::Retry { priority, .. } = &mut decision {
            kept.priority = priority.take().unwrap_or(kept.priority);
        }
        let unknown = ClaimToken::new(settlement.token.job, settlement.token.process, -1);
        Settlement::new(same_process.unwrap_or(unknown), decision)
    }

    fn shown(&self, mut job: JobRecord) -> JobRecord {
        job.priority = self.kept().get(&job.id).map_or(job.priority, |kept| kept.priority);
        job.attempts = job.attempts.saturating_sub(job.crashes + u32::from(job.state == State::Claimed));
        job.errors.drain(..job.errors.len().saturating_sub(1));
        job
    }

    /// Removes all jobs that are finished or discarded.
    async fn forget_done(&self) -> Result<(), Error> {
        self.memory.prune(Duration::ZERO, usize::MAX).await.map(drop)
    }
}

fn refuse_keys(jobs: &[NewJob]) -> Result<(), Error> {
    if jobs.iter().any(|job| job.unique_key.is_some()) {
        return Err(Error::unsupported("this store has no unique keys"));
    }
    Ok(())
}

impl PassThrough for LimitedStore {
    fn inner(&self) -> &dyn Store {
        &self.memory
    }

    fn guarantees(&self) -> Guarantees {
        Guarantees::ALL
            .with_identity(Identity::AtLeastOnce)
            .with_order(ClaimOrder::QueueFifo)
            .with_fencing(Fencing::PerProcess)
            .with_history(History::LastError)
            .with_retention(Retention::FailedOnly)
            .with_uniqueness(Uniqueness::Unsupported)
            .with_attempts(AttemptCounting::AtFailure)
            .with_attempt_logs(AttemptLogs::Unsupported)
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            refuse_keys(jobs)?;
            let jobs: Vec<_> = jobs.iter().map(|job| self.without_priority(job)).collect();
            self.memory.enqueue(&jobs).await
        })
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move {
            let claimed = self.memory.claim(claim).await?;
            Ok(claimed.into_iter().map(|execution| self.given_out(execution)).collect())
        })
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let batch: Vec<_> = settlements.iter().map(|settlement| self.numbered(settlement)).collect();
            let settled = self.memory.settle(&batch).await?;
            self.forget_done().await?;
            Ok(settled)
        })
    }

    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        Box::pin(async move { Ok(self.memory.find(id).await?.map(|job| self.shown(job))) })
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        Box::pin(async move {
            let mut page = self.memory.page(filter).await?;
            page.jobs = page.jobs.into_iter().map(|job| self.shown(job)).collect();
            Ok(page)
        })
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(async move {
            let discarded = self.memory.discard(jobs).await?;
            self.forget_done().await?;
            Ok(discarded)
        })
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        Box::pin(async move {
            let mut ticks = ticks.to_vec();
            for tick in &mut ticks {
                refuse_keys(tick.job.as_slice())?;
                tick.job = tick.job.take().map(|job| self.without_priority(&job));
            }
            self.memory.ticks(&ticks).await
        })
    }
}
