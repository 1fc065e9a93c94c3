//! The changes that a user makes in the live view.

use jobs::{Error, JobId};
use jobs_core::counted;

use crate::commands::{Cancelled, cancel_one};
use crate::store::OpenStore;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Pause(String),
    Resume(String),
    Retry(Vec<JobId>),
    Discard(Vec<JobId>),
    Cancel(Vec<JobId>),
}

impl Action {
    /// The question that the user must confirm first.
    pub(crate) fn question(&self) -> String {
        match self {
            Self::Pause(queue) => format!("pause the queue `{queue}`?"),
            Self::Resume(queue) => format!("resume the queue `{queue}`?"),
            Self::Retry(jobs) => format!("retry {}?", the_jobs(jobs)),
            Self::Discard(jobs) => format!("discard {}?", the_jobs(jobs)),
            Self::Cancel(jobs) => format!("cancel {}?", the_jobs(jobs)),
        }
    }
}

fn the_jobs(jobs: &[JobId]) -> String {
    match jobs {
        [job] => format!("the job {job}"),
        jobs => counted(jobs.len() as u64, "job"),
    }
}

/// Performs the action, and returns a message about its result.
pub(crate) async fn perform(store: &OpenStore, action: Action) -> Result<String, Error> {
    let manage = store.manage()?;
    match action {
        Action::Pause(queue) => {
            manage.pause(&queue).await?;
            Ok(format!("`{queue}` is paused: running jobs continue, no more are claimed"))
        }
        Action::Resume(queue) => {
            manage.resume(&queue).await?;
            Ok(format!("`{queue}` is resumed"))
        }
        Action::Retry(jobs) => {
            let count = manage.retry(&jobs).await?;
            let holder = match *jobs {
                [job] if count == 0 => manage.key_holder(job).await?,
                _ => None,
            };
            Ok(match holder {
                Some(holder) => format!("another job, {holder}, holds its unique key"),
                None => changed(count, &jobs, "ready again"),
            })
        }
        Action::Discard(jobs) => Ok(changed(manage.discard(&jobs).await?, &jobs, "discarded")),
        Action::Cancel(jobs) => cancel(store, &jobs).await,
    }
}

/// Cancels the jobs, and says of the first that was not discarded at once why it was not.
async fn cancel(store: &OpenStore, jobs: &[JobId]) -> Result<String, Error> {
    let (mut count, mut reason) = (0, None);
    for job in jobs {
        match cancel_one(store, *job).await {
            Ok(Cancelled::Discarded) => count += 1,
            Ok(cancelled) => reason = reason.or_else(|| Some(cancelled.describe(*job))),
            Err(error) if count == 0 => return Err(error),
            Err(error) => {
                reason = Some(error.to_string());
                break;
            }
        }
    }
    Ok(match (jobs, reason) {
        ([_], Some(why)) => why,
        (_, Some(why)) => format!("{count} of {} are discarded: {why}", counted(jobs.len() as u64, "job")),
        (_, None) => changed(count, jobs, "cancelled"),
    })
}

fn changed(count: u64, jobs: &[JobId], done: &str) -> String {
    let all = jobs.len() as u64;
    match (count, all) {
        (0, 1) => "the job is no longer in this state".to_owned(),
        (1, 1) => format!("the job is {done}"),
        _ if count == all => format!("{all} jobs are {done}"),
        _ => format!("{count} of {all} jobs are {done}, the others are not in a state for it"),
    }
}
