//! The status of a report, as users see it.

use std::path::PathBuf;

use jobs::{Client, JobId, State};

use crate::Failed;
use crate::progress::Progress;

/// The status of a report.
#[derive(Debug, PartialEq)]
pub(crate) enum Status {
    Queued,
    Running { done: u32, of: u32 },
    Done(PathBuf),
    Failed(String),
}

/// The status of the report of this job; `None` if there is no such job.
///
/// It is derived from the state of the job in the store: a status in a table of the application would still say
/// "running" after the process has died. Only the progress belongs to the application. A finished job is deleted after a
/// day (`keep_finished`), a failed one is kept until it is retried or discarded; what must be known for longer belongs in
/// a table of the application.
pub(crate) async fn status(client: &Client, progress: &Progress, id: JobId) -> Result<Option<Status>, Failed> {
    let Some(job) = client.find(id).await? else { return Ok(None) };
    Ok(Some(match job.state {
        State::Scheduled | State::Blocked | State::Ready => Status::Queued,
        State::Claimed => {
            let (done, of) = progress.of(id)?;
            Status::Running { done, of }
        }
        State::Finished => Status::Done(file_of(id)),
        State::Failed | State::Discarded => {
            Status::Failed(job.errors.last().map(|error| error.message.clone()).unwrap_or_default())
        }
    }))
}

/// The path of the finished report of this job.
pub(crate) fn file_of(id: JobId) -> PathBuf {
    PathBuf::from(format!("report-{id}.csv"))
}
