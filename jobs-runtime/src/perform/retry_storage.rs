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

async fn enqueue(shared: &Shared, context: &Context, decision: &Decision) -> Result<(), Error> {
    let Decision::Retry { wait, queue, priority, meta, .. } = decision else { return Ok(()) };
    let execution = context.execution();
    let mut new = NewJob::new(execution.id(), execution.name.clone(), execution.arguments.clone());
    new.queue = queue.as_ref().map_or_else(|| execution.queue.clone(), |queue| shared.naming.stored(queue));
    new.priority = priority.unwrap_or(execution.priority);
    new.version = execution.version;
    new.due = Due::In(*wait);
    new.meta.clone_from(meta);
    let _stored = shared.store.enqueue(&[new]).await?;
    Ok(())
}
