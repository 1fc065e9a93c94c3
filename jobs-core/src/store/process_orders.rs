//! What a person asks of processes through a store: to be quiet, to stop, or to cancel a job.

use super::{Manage, Store, StoreExt, StoreFuture};
use crate::{Error, Inspect, JobId, ProcessId, ProcessOrder, State};

/// Passes orders to processes, also on other machines. A process learns of an order by the
/// [answer](crate::HeartbeatReply::Asked) to each of its heartbeats until it has followed it, so within one heartbeat interval.
/// It asks as often which of its jobs are to be [cancelled](Self::cancelled).
pub trait ProcessOrders: Send + Sync {
    /// Asks a process to be quiet or to stop. Returns whether that is new: a registered process has this id, and its status
    /// and what it was asked before are less than that. [`ProcessRecord`](crate::ProcessRecord) shows the status that the
    /// process is asked for.
    ///
    /// # Errors
    /// As [`Store`](crate::Store). The error [is unsupported](crate::Error::is_unsupported) if it is a process of other software
    /// that cannot be asked.
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool>;

    /// Asks the process that has claimed a job to cancel it, and returns that process. `None` if no registered process has
    /// claimed the job, and then nothing is kept. The request is about this one claim: it ends with it, and a later claim of the
    /// job is not cancelled by it. A repeated request changes nothing.
    ///
    /// # Errors
    /// As [`Store`](crate::Store). The error [is unsupported](crate::Error::is_unsupported) if the job is claimed by a process of
    /// other software, which cannot be asked.
    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>>;

    /// Which of the jobs that a process has claimed are to be cancelled, in no order. A job is among them until its claim ends.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>>;
}

/// What became of a request to cancel a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CancelOutcome {
    /// The job waited or had failed: it is discarded.
    Discarded,
    /// This process runs the job and is asked to cancel it.
    Requested(ProcessId),
    /// This process has claimed the job and is not registered any more: the job will be recovered.
    Dead(ProcessId),
    /// The job runs in a process that cannot be asked through this store; `None` if it is one of other software.
    OutOfReach(Option<ProcessId>),
    /// The job is in this state: there is nothing to cancel.
    Done(State),
    /// There is no such job, or it has been pruned.
    NotFound,
}

/// How often a job may change its state between the change and the query before that is an error.
const ATTEMPTS: usize = 8;

/// Discards the job if it waits or has failed, by `manage`, which may report what it changes. Asks the process that runs it
/// otherwise: see [`ProcessOrders::cancel`].
///
/// Cancel safe: the job is cancelled or unchanged. A caller that drops the future does not learn which.
///
/// # Errors
/// The store cannot show its jobs, or a call failed. The error [is transient](Error::is_transient) if the job changed its state during
/// each attempt.
pub async fn cancel(store: &dyn Store, manage: &dyn Manage, id: JobId) -> Result<CancelOutcome, Error> {
    let inspect = store.require_inspect()?;
    let ask =
        |_process| -> StoreFuture<'_, _> { Box::pin(async move { store.require_process_orders()?.cancel(id).await }) };
    cancel_by(inspect, manage, id, &ask).await
}

/// As [`cancel`], with another way to ask the process that runs the job, by what [`ProcessOrders::cancel`] says.
///
/// Cancel safe if `ask` is: the job is cancelled or unchanged. A caller that drops the future does not learn which.
///
/// # Errors
/// As those of [`cancel`].
pub async fn cancel_by<'a>(
    inspect: &dyn Inspect,
    manage: &dyn Manage,
    id: JobId,
    ask: &(dyn Fn(ProcessId) -> StoreFuture<'a, Option<ProcessId>> + Sync),
) -> Result<CancelOutcome, Error> {
    for _ in 0..ATTEMPTS {
        if manage.discard(&[id]).await? > 0 {
            return Ok(CancelOutcome::Discarded);
        }
        let Some(job) = inspect.find(id).await? else { return Ok(CancelOutcome::NotFound) };
        match (job.state, job.claimed_by) {
            (State::Claimed, None) => return Ok(CancelOutcome::OutOfReach(None)),
            (State::Claimed, Some(process)) => match ask(process).await {
                Ok(Some(asked)) => return Ok(CancelOutcome::Requested(asked)),
                Ok(None) if is_held_by(inspect, id, process).await? => return Ok(CancelOutcome::Dead(process)),
                Ok(None) => {}
                Err(error) if error.is_unsupported() => return Ok(CancelOutcome::OutOfReach(Some(process))),
                Err(error) => return Err(error),
            },
            (state, _) if state.is_done() => return Ok(CancelOutcome::Done(state)),
            _ => {}
        }
    }
    Err(Error::transient(format!("the job {id} changed its state during each attempt; try again")))
}

async fn is_held_by(inspect: &dyn Inspect, id: JobId, process: ProcessId) -> Result<bool, Error> {
    Ok(inspect.find(id).await?.is_some_and(|job| job.claimed_by == Some(process)))
}
