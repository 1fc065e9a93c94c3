//! The storing itself, in the midst of the enqueue callbacks, and what becomes of an enqueue around which they stood.

use std::sync::{Mutex, PoisonError};

use jobs_core::callback::{CallbackFuture, Stop, Verdict};
use jobs_core::{Enqueue, Enqueued, Error, Event, Failure, JobId, NewJob, Storing};

use crate::Jobs;
use crate::destination::Destination;

/// One job on its way into the store.
pub(crate) struct Deposit<'a, 'd> {
    jobs: &'a Jobs,
    version: u32,
    id: Option<JobId>,
    /// Taken by the storing, which happens once at most.
    destination: Mutex<Option<Destination<'d>>>,
    came_to: Mutex<CameTo>,
}

/// How far it came.
enum CameTo {
    /// No callback went on so far.
    Nothing,
    /// The store took it, or has one like it.
    Answered(Box<NewJob>, Enqueued),
    /// It was not admitted, or the store said no.
    Refused,
}

impl<'a, 'd> Deposit<'a, 'd> {
    pub(crate) fn new(jobs: &'a Jobs, version: u32, id: Option<JobId>, destination: Destination<'d>) -> Self {
        Self { jobs, version, id, destination: Mutex::new(Some(destination)), came_to: Mutex::new(CameTo::Nothing) }
    }

    async fn put(&self, draft: &Enqueue) -> Result<(Box<NewJob>, Enqueued), Error> {
        let new = self.jobs.admit(draft, self.version, self.id)?;
        let destination = self.destination.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut destination = destination.ok_or_else(|| Error::other("a callback stored the job twice"))?;
        let enqueued = self.jobs.put(&new, &mut destination).await?;
        Ok((Box::new(new), enqueued))
    }

    fn note(&self, came_to: CameTo) {
        *self.came_to.lock().unwrap_or_else(PoisonError::into_inner) = came_to;
    }

    /// What the caller is told.
    pub(crate) fn answer(self, draft: &Enqueue, verdict: Verdict) -> Result<Enqueued, Error> {
        let came_to = self.came_to.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (came_to, verdict) {
            (CameTo::Answered(new, enqueued), verdict) => {
                if let Err(Stop::Failed(failure)) = verdict {
                    // The job is stored; to answer with an error would invite the caller to store it twice.
                    let job = self.jobs.reference(&new);
                    self.jobs.shared.events.emit(|| Event::CallbackFailed(job, failure.record()));
                }
                Ok(enqueued)
            }
            (_, Ok(()) | Err(Stop::Halt)) => Ok(self.jobs.halted(draft)),
            (CameTo::Refused, Err(Stop::Failed(failure))) => {
                Err(failure.downcast().unwrap_or_else(|failure| callback_failed(draft.name, &failure)))
            }
            (CameTo::Nothing, Err(Stop::Failed(failure))) => Err(callback_failed(draft.name, &failure)),
        }
    }
}

impl Storing for Deposit<'_, '_> {
    fn store<'a>(&'a self, enqueue: &'a mut Enqueue) -> CallbackFuture<'a, Verdict> {
        Box::pin(async {
            match self.put(enqueue).await {
                Ok((new, enqueued)) => {
                    self.note(CameTo::Answered(new, enqueued));
                    // What comes after a storing is not for a job that is not stored.
                    if matches!(enqueued, Enqueued::New(_)) { Ok(()) } else { Err(Stop::Halt) }
                }
                Err(error) => {
                    self.note(CameTo::Refused);
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
