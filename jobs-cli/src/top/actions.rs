//! The changes that a user makes in the live view.

use jobs::{Error, JobId};

use crate::store::OpenStore;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Pause(String),
    Resume(String),
    Retry(JobId),
    Discard(JobId),
}

impl Action {
    /// The question that the user must confirm first.
    pub(crate) fn question(&self) -> String {
        match self {
            Self::Pause(queue) => format!("pause the queue `{queue}`?"),
            Self::Resume(queue) => format!("resume the queue `{queue}`?"),
            Self::Retry(job) => format!("retry the job {job}?"),
            Self::Discard(job) => format!("discard the job {job}?"),
        }
    }
}

/// Performs the action, and returns a message about its result.
pub(crate) async fn perform(store: &OpenStore, action: Action) -> Result<String, Error> {
    let manage = store.manage()?;
    let changed = |count: u64, done: &str| match count {
        0 => "the job is no longer in this state".to_owned(),
        _ => format!("the job is {done}"),
    };
    Ok(match action {
        Action::Pause(queue) => {
            manage.pause(&queue).await?;
            format!("`{queue}` is paused: running jobs continue, no more are claimed")
        }
        Action::Resume(queue) => {
            manage.resume(&queue).await?;
            format!("`{queue}` is resumed")
        }
        Action::Retry(job) => {
            let count = manage.retry(&[job]).await?;
            let holder = if count == 0 { manage.key_holder(job).await? } else { None };
            match holder {
                Some(holder) => format!("another job, {holder}, holds its unique key"),
                None => changed(count, "ready again"),
            }
        }
        Action::Discard(job) => changed(manage.discard(&[job]).await?, "discarded"),
    })
}
