//! Finds, cancels and reschedules one stored job.

use jobs_core::events::ManuallyChanged;
use jobs_core::{CancelOutcome, Due, Error, JobId, JobRecord, ProcessId, State, StoreFuture, cancel_by};

use crate::Client;

/// What a call that changes one stored job did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeOutcome {
    /// The job is changed as requested.
    Changed,
    /// A process performs the job now. Nothing stored was changed.
    Running {
        /// The process that performs it; `None` if it is one of other software that the store does not list.
        process: Option<ProcessId>,
        /// Whether its cancellation was requested, of this process or through the store. Only [`cancel`](Client::cancel) does so.
        cancel_requested: bool,
    },
    /// The job is in this state and does not wait any more.
    AlreadyDone(State),
    /// There is no such job, or it has been pruned.
    NotFound,
}

impl ChangeOutcome {
    /// Whether the job is changed as requested.
    pub const fn is_changed(self) -> bool {
        matches!(self, Self::Changed)
    }

    const fn running(process: Option<ProcessId>) -> Self {
        Self::Running { process, cancel_requested: false }
    }
}

/// How often a job may change its state between the change and the query before that is an error.
const ATTEMPTS: usize = 8;

impl Client {
    /// The job as it is stored: its state, its attempts and their errors; `None` if there is none or it has been pruned.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The store has no such capability, or the call failed.
    pub async fn find(&self, id: JobId) -> Result<Option<JobRecord>, Error> {
        self.inspect()?.find(id).await
    }

    /// Discards the job if it is not done and no process performs it: a job that waits, or a job that failed.
    ///
    /// If the job runs, its cancellation is requested:
    /// [`Context::is_cancelled`](jobs_core::Context::is_cancelled) is true from now on, and in another process after at most its
    /// heartbeat interval. If the attempt ends in an error, the job is discarded without regard to its rules. If the attempt
    /// succeeds, the job is finished. The request ends with the attempt.
    ///
    /// It cannot be requested of another process through a store without
    /// [`process_orders`](jobs_core::Store::process_orders), nor of one that is dead or of other software.
    ///
    /// Cancel safe: the job is discarded or unchanged. A caller that drops the future does not learn which.
    ///
    /// # Errors
    /// The store does not have these capabilities, or a call failed.
    pub async fn cancel(&self, id: JobId) -> Result<ChangeOutcome, Error> {
        let ask = |process| -> StoreFuture<'_, _> {
            Box::pin(async move {
                if process != self.shared.process {
                    return self.shared.store.cancel(id).await;
                }
                self.shared.cancel_requests.request(id);
                Ok(Some(process))
            })
        };
        Ok(match cancel_by(self.inspect()?, self.manage()?, id, &ask).await? {
            CancelOutcome::Discarded => ChangeOutcome::Changed,
            CancelOutcome::Requested(process) => {
                self.shared.events.emit(|| ManuallyChanged::jobs("cancel", vec![id], 1));
                ChangeOutcome::Running { process: Some(process), cancel_requested: true }
            }
            CancelOutcome::Dead(process) => ChangeOutcome::running(Some(process)),
            CancelOutcome::OutOfReach(process) => ChangeOutcome::running(process),
            CancelOutcome::Done(state) => ChangeOutcome::AlreadyDone(state),
            _ => ChangeOutcome::NotFound,
        })
    }

    /// Sets another time for a ready or scheduled job. A job that is due now becomes ready at once.
    ///
    /// Cancel safe: the time is set or unchanged. A caller that drops the future does not learn which.
    ///
    /// # Errors
    /// The store does not have these capabilities, or a call failed.
    pub async fn reschedule(&self, id: JobId, due: Due) -> Result<ChangeOutcome, Error> {
        for _ in 0..ATTEMPTS {
            if self.manage()?.reschedule(&[id], due).await? > 0 {
                return Ok(ChangeOutcome::Changed);
            }
            if let Some(reached) = self.why_not_rescheduled(id).await? {
                return Ok(reached);
            }
        }
        Err(Error::transient(format!("the job {id} changed its state during each attempt; try again")))
    }

    /// Why a job got no other time; `None` if it can get it by now.
    async fn why_not_rescheduled(&self, id: JobId) -> Result<Option<ChangeOutcome>, Error> {
        let Some(record) = self.find(id).await? else { return Ok(Some(ChangeOutcome::NotFound)) };
        Ok(match record.state {
            State::Claimed => Some(ChangeOutcome::running(record.claimed_by)),
            State::Scheduled | State::Ready => None,
            state => Some(ChangeOutcome::AlreadyDone(state)),
        })
    }
}
