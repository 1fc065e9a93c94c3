//! The storing itself, in the midst of the enqueue callbacks, and what becomes of an enqueue around which they stood.

use std::sync::{Mutex, PoisonError};

use jobs_core::callback::{CallbackFuture, Stop, Verdict};
use jobs_core::{Enqueue, Enqueued, Error, Event, Failure, JobId, NewJob, Storing};

use crate::Jobs;
use crate::enqueue::destination::Destination;

/// One job on its way into the store.
pub(crate) struct StoreStep<'a, 'd> {
    jobs: &'a Jobs,
    version: u32,
    id: Option<JobId>,
    /// Taken by the storing, which happens once at most.
    destination: Mutex<Option<Destination<'d>>>,
    progress: Mutex<EnqueueProgress>,
}

/// How far it came.
enum EnqueueProgress {
    /// No callback went on so far.
    NotReached,
    /// The store took it, or has one like it.
    Answered(Box<NewJob>, Enqueued),
    /// It was not admitted, or the store said no.
    Refused,
}

impl<'a, 'd> StoreStep<'a, 'd> {
    pub(crate) fn new(jobs: &'a Jobs, version: u32, id: Option<JobId>, destination: Destination<'d>) -> Self {
        Self {
            jobs,
            version,
            id,
            destination: Mutex::new(Some(destination)),
            progress: Mutex::new(EnqueueProgress::NotReached),
        }
    }

    async fn put(&self, draft: &Enqueue) -> Result<(Box<NewJob>, Enqueued), Error> {
        let new = self.jobs.admit(draft, self.version, self.id)?;
        let destination = self.destination.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut destination = destination.ok_or_else(|| Error::other("a callback stored the job twice"))?;
        let enqueued = self.jobs.put(&new, &mut destination).await?;
        Ok((Box::new(new), enqueued))
    }

    fn note(&self, progress: EnqueueProgress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// What the caller is told.
    pub(crate) fn answer(self, draft: &Enqueue, verdict: Verdict) -> Result<Enqueued, Error> {
        let progress = self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (progress, verdict) {
            (EnqueueProgress::Answered(new, enqueued), verdict) => {
                if let Err(Stop::Failed(failure)) = verdict {
                    // The job is stored; to answer with an error would invite the caller to store it twice.
                    let job = self.jobs.reference(&new);
                    self.jobs.shared.events.emit(|| Event::CallbackFailed(job, failure.record()));
                }
                Ok(enqueued)
            }
            (_, Ok(()) | Err(Stop::Halt)) => Ok(self.jobs.halted(draft)),
            (EnqueueProgress::Refused, Err(Stop::Failed(failure))) => {
                Err(failure.downcast().unwrap_or_else(|failure| callback_failed(draft.name, &failure)))
            }
            (EnqueueProgress::NotReached, Err(Stop::Failed(failure))) => Err(callback_failed(draft.name, &failure)),
        }
    }
}

impl Storing for StoreStep<'_, '_> {
    fn store<'a>(&'a self, enqueue: &'a mut Enqueue) -> CallbackFuture<'a, Verdict> {
        Box::pin(async {
            match self.put(enqueue).await {
                Ok((new, enqueued)) => {
                    self.note(EnqueueProgress::Answered(new, enqueued));
                    // What comes after a storing is not for a job that is not stored.
                    if matches!(enqueued, Enqueued::New(_)) { Ok(()) } else { Err(Stop::Halt) }
                }
                Err(error) => {
                    self.note(EnqueueProgress::Refused);
                    // The caller gets this very error, unless a callback makes another of it.
                    Err(Stop::Failed(Failure::from_error(error)))
                }
            }
        })
    }
}

fn callback_failed(name: &str, failure: &Failure) -> Error {
    Error::other(format!("a callback around the enqueue of `{name}` failed: {failure}"))
}
