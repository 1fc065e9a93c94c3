//! The store as the runtime calls it: panics become errors, and the lengths of answers are checked.
//!
//! Any crate may implement [`Store`], so its mistakes must not end a loop or lose a settlement.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    Claim, Decision, Dispatched, Enqueued, Error, Execution, HeartbeatReply, HeartbeatSender, JobId, JobRecord,
    NewFigures, NewJob, Process, ProcessId, Recovered, Recovery, RecurringTask, RecurringTasks, Settled, Settlement,
    Store, StoreExt, StoreFuture, Tick, TickOutcome,
};

use crate::guard::{GuardedFuture, catch_payload};

/// Calls a store and checks what it does. Futures are not boxed anew.
#[derive(Clone, Debug)]
pub(crate) struct CheckedStore {
    inner: Arc<dyn Store>,
}

impl CheckedStore {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner }
    }

    /// The store itself.
    pub(crate) fn inner(&self) -> &Arc<dyn Store> {
        &self.inner
    }

    pub(crate) async fn enqueue(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        let answers = without_panics("enqueue", || self.inner.enqueue(jobs)).await?;
        same_length("enqueue", jobs.len(), answers)
    }

    pub(crate) async fn dispatch(&self, limit: usize) -> Result<Dispatched, Error> {
        without_panics("dispatch", || self.inner.dispatch(limit)).await
    }

    pub(crate) async fn settle(&self, settlements: &[Settlement]) -> Result<Vec<Settled>, Error> {
        let answers = without_panics("settle", || self.inner.settle(settlements)).await?;
        same_length("settle", settlements.len(), answers)
    }

    pub(crate) async fn settle_and_claim(
        &self,
        settlements: &[Settlement],
        claim: &Claim,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        const OPERATION: &str = "settle and claim";
        let (settled, executions) =
            without_panics(OPERATION, || self.inner.settle_and_claim(settlements, claim)).await?;
        match same_length(OPERATION, settlements.len(), settled) {
            Ok(settled) => Ok((settled, executions)),
            Err(error) => {
                self.release(executions).await;
                Err(error)
            }
        }
    }

    /// Gives jobs back whose claim came with a wrong answer: the store does not know that the answer was rejected.
    async fn release(&self, executions: Vec<Execution>) {
        let releases: Vec<_> = executions.into_iter().map(|execution| execution.settle(Decision::Release)).collect();
        if !releases.is_empty() {
            // If this fails too, the jobs are released when the process says goodbye.
            let _released = without_panics("settle", || self.inner.settle(&releases)).await;
        }
    }

    pub(crate) async fn heartbeat(&self, process: &Process) -> Result<HeartbeatReply, Error> {
        without_panics("record a heartbeat", || self.inner.heartbeat(process)).await
    }

    /// By the sender, if there is one.
    pub(crate) async fn heartbeat_by(
        &self,
        sender: Option<&dyn HeartbeatSender>,
        process: &Process,
    ) -> Result<HeartbeatReply, Error> {
        match sender {
            Some(sender) => without_panics("record a heartbeat", || sender.heartbeat(process)).await,
            None => self.heartbeat(process).await,
        }
    }

    pub(crate) async fn recover(&self, recovery: &Recovery) -> Result<Recovered, Error> {
        without_panics("recover", || self.inner.recover(recovery)).await
    }

    /// Asks the process that has claimed the job to cancel it. `None` if there is none.
    pub(crate) async fn cancel(&self, job: JobId) -> Result<Option<ProcessId>, Error> {
        let orders = self.inner.require_process_orders()?;
        without_panics("cancel a job", || orders.cancel(job)).await
    }

    /// Which jobs of a process are to be cancelled. A store without this capability says none.
    pub(crate) async fn cancelled(&self, process: ProcessId) -> Result<Vec<JobId>, Error> {
        let Some(orders) = self.inner.process_orders() else { return Ok(Vec::new()) };
        without_panics("ask which jobs to cancel", || orders.cancelled(process)).await
    }

    /// Removes finished and discarded jobs that are older. A store without this capability has nothing to remove.
    pub(crate) async fn prune(&self, older_than: Duration, limit: usize) -> Result<u64, Error> {
        let Some(manage) = self.inner.manage() else { return Ok(0) };
        without_panics("prune", || manage.prune(older_than, limit)).await
    }

    /// The stored job; `None` also if the store has no capability to query.
    pub(crate) async fn find(&self, id: JobId) -> Result<Option<JobRecord>, Error> {
        let Some(inspect) = self.inner.inspect() else { return Ok(None) };
        without_panics("find a job", || inspect.find(id)).await
    }

    pub(crate) async fn add_figures(&self, new: &NewFigures) -> Result<(), Error> {
        let figures = self.inner.require_figures()?;
        without_panics("add figures", || figures.add(new)).await
    }

    pub(crate) async fn declare(&self, tasks: &[RecurringTask]) -> Result<(), Error> {
        let recurring = self.inner.require_recurring()?;
        without_panics("declare recurring tasks", || recurring.declare(tasks)).await
    }

    pub(crate) async fn recurring_tasks(&self) -> Result<RecurringTasks, Error> {
        let recurring = self.inner.require_recurring()?;
        without_panics("list recurring tasks", || recurring.tasks()).await
    }

    pub(crate) async fn ticks(&self, ticks: &[Tick]) -> Result<Vec<TickOutcome>, Error> {
        let recurring = self.inner.require_recurring()?;
        let answers = without_panics("take ticks", || recurring.ticks(ticks)).await?;
        same_length("take ticks", ticks.len(), answers)
    }
}

/// One answer for each of the items that the store was given.
///
/// # Errors
/// There are more or fewer answers.
pub(crate) fn same_length<T>(operation: &str, expected: usize, answers: Vec<T>) -> Result<Vec<T>, Error> {
    if answers.len() == expected {
        return Ok(answers);
    }
    let count = answers.len();
    Err(Error::other(format!(
        "the store answered `{operation}` with {count} results for {expected} items; this is a bug in the store"
    )))
}

/// Makes a call to the store; a panic in it becomes an error.
pub(crate) async fn without_panics<'a, T>(
    operation: &str,
    call: impl FnOnce() -> StoreFuture<'a, T>,
) -> Result<T, Error> {
    let mut future = GuardedFuture::new(catch_payload(call).map_err(|panic| panicked(operation, &panic))?);
    let answer = poll_fn(|context| future.poll(context)).await;
    answer.map_err(|panic| panicked(operation, &panic))?
}

/// As [`without_panics`], for a call that blocks.
pub(crate) fn caught<T>(operation: &str, call: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_payload(call).map_err(|panic| panicked(operation, &panic))?
}

fn panicked(operation: &str, message: &str) -> Error {
    Error::other(format!("the store panicked in `{operation}`: {message}"))
}
