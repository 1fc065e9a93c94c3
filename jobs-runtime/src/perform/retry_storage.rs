//! How the retry is stored that a job's rules decided on.

use jobs_core::{Context, Decision, Due, Error, FailureDecision, NewJob, Outcome};

use crate::client::shared::Shared;

/// How a retry is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryStorage {
    /// With the settlement of the claimed job.
    Settlement,
    /// As a new job, since none is claimed.
    NewJob,
    /// Not at all: `inline:` has no store that keeps jobs.
    None,
}

/// A retry that could not be stored.
pub(crate) struct NotRetried {
    /// For the error's causes.
    pub(crate) reason: String,
    /// The store's error, if there is a store.
    pub(crate) error: Option<Error>,
}

impl RetryStorage {
    /// Stores that the job was put off, unless the settlement does that.
    ///
    /// # Errors
    /// The error of the store, or there is no store that keeps jobs.
    pub(crate) async fn put_off(self, shared: &Shared, context: &Context, decision: &Decision) -> Result<(), Error> {
        match self {
            Self::Settlement => Ok(()),
            Self::NewJob => enqueue(shared, context, decision).await,
            Self::None => Err(Error::invalid("the job put itself off, but `inline:` cannot wait")),
        }
    }

    /// Stores the retry, unless the settlement does that.
    pub(crate) async fn store(
        self,
        shared: &Shared,
        context: &Context,
        decided: &FailureDecision,
    ) -> Result<(), NotRetried> {
        match self {
            Self::Settlement => Ok(()),
            Self::NewJob => enqueue(shared, context, &decided.decision).await.map_err(|error| NotRetried {
                reason: format!("its retry could not be stored: {error}"),
                error: Some(error),
            }),
            Self::None => match decided.outcome {
                Outcome::Retried { wait } => Err(NotRetried {
                    reason: format!("a rule would try it again after {wait:?}, but `inline:` cannot wait"),
                    error: None,
                }),
                _ => Ok(()),
            },
        }
    }
}

/// Enqueues the job that is to run again.
async fn enqueue(shared: &Shared, context: &Context, decision: &Decision) -> Result<(), Error> {
    let execution = context.execution();
    let (wait, queue, priority, meta) = match decision {
        Decision::Retry { wait, queue, priority, meta, .. } => (wait, queue.as_ref(), *priority, meta),
        Decision::Continue { wait, meta } => (wait, None, None, meta),
        _ => return Ok(()),
    };
    let mut new = NewJob::new(execution.id(), execution.name.clone(), execution.arguments.clone());
    new.queue = queue.map_or_else(|| execution.queue.clone(), |queue| shared.naming.stored(queue));
    new.priority = priority.unwrap_or(execution.priority);
    new.version = execution.version;
    new.due = Due::In(*wait);
    new.meta.clone_from(meta);
    new.expires_at = execution.expires_at;
    new.signature = shared.registry.get(&execution.name).and_then(|known| known.definition.settings().signature);
    let _stored = shared.store.enqueue(&[new]).await?;
    Ok(())
}
