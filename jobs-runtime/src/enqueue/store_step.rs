//! The innermost step of the enqueue callback chain: stores the job and records the result.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use jobs_core::callback::{CallbackFuture, Stop, Verdict};
use jobs_core::events::CallbackFailed;
use jobs_core::{Enqueued, Error, ErrorRecord, Failure, JobDraft, JobId, NewJob, Storing};

use crate::client::shared::Shared;
use crate::enqueue::destination::{EnqueueOutcome, Target};
use crate::guard::record_of;

/// Stores one job.
pub(crate) struct StoreStep<'a, 't> {
    shared: &'a Shared,
    version: u32,
    id: Option<JobId>,
    /// Taken by the storing, which happens once at most.
    target: Mutex<Option<Target<'t>>>,
    progress: Mutex<EnqueueProgress>,
}

/// How far the chain of callbacks came.
enum EnqueueProgress {
    /// A callback stopped before the storing.
    NotReached,
    /// The store answered.
    Answered(Box<NewJob>, EnqueueOutcome),
    /// The job was not admitted, or the store refused it.
    Refused,
}

impl<'a, 't> StoreStep<'a, 't> {
    pub(crate) fn new(shared: &'a Shared, version: u32, id: Option<JobId>, target: Target<'t>) -> Self {
        let progress = Mutex::new(EnqueueProgress::NotReached);
        Self { shared, version, id, target: Mutex::new(Some(target)), progress }
    }

    async fn store_job(&self, draft: &JobDraft) -> Result<(Box<NewJob>, EnqueueOutcome), Error> {
        let new = self.shared.admit(draft, self.version, self.id)?;
        let target = self.target.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut target = target.ok_or_else(|| Error::other("a callback stored the job twice"))?;
        let outcome = self.shared.store_one(&new, &mut target).await?;
        Ok((Box::new(new), outcome))
    }

    fn record(&self, progress: EnqueueProgress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// The answer to the caller, after the callbacks.
    pub(crate) fn outcome(self, draft: &JobDraft, verdict: Verdict) -> Result<EnqueueOutcome, Error> {
        let progress = self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (progress, verdict) {
            (EnqueueProgress::Answered(new, outcome), verdict) => {
                if let Err(Stop::Failed(failure)) = verdict {
                    // The job is stored. An error would invite the caller to store it twice.
                    let job = self.shared.new_job(&new);
                    self.shared.events.emit(|| CallbackFailed::new(job, record_of(&failure)));
                }
                Ok(outcome)
            }
            (_, Ok(()) | Err(Stop::Halt)) => {
                self.shared.report_halted(draft);
                Ok(EnqueueOutcome::Halted)
            }
            (EnqueueProgress::Refused, Err(Stop::Failed(failure))) => {
                Err(failure.downcast().unwrap_or_else(|failure| callback_failed(draft.name, &failure)))
            }
            (EnqueueProgress::NotReached, Err(Stop::Failed(failure))) => Err(callback_failed(draft.name, &failure)),
        }
    }
}

impl Storing for StoreStep<'_, '_> {
    fn store<'a>(&'a self, enqueue: &'a mut JobDraft) -> CallbackFuture<'a, Verdict> {
        Box::pin(async {
            match self.store_job(enqueue).await {
                Ok((new, outcome)) => {
                    self.record(EnqueueProgress::Answered(new, outcome));
                    // After callbacks are for jobs that are stored.
                    let is_new = matches!(outcome, EnqueueOutcome::Stored(Enqueued::New(_)));
                    if is_new { Ok(()) } else { Err(Stop::Halt) }
                }
                Err(error) => {
                    self.record(EnqueueProgress::Refused);
                    // The caller gets this very error, unless a callback replaces it.
                    Err(Stop::Failed(Failure::from_error(error)))
                }
            }
        })
    }
}

/// The error of an enqueue around which a callback failed.
pub(crate) fn callback_failed(name: &str, failure: &Failure) -> Error {
    let message = format!("a callback around the enqueue of `{name}` failed: {failure}");
    Error::other(message).with_source(CallbackError(record_of(failure)))
}

/// What a callback around an enqueue failed with, as the source of the error that the caller gets.
#[derive(Debug)]
pub(crate) struct CallbackError(pub(crate) ErrorRecord);

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for CallbackError {}
