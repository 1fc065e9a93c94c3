//! What people see of a report.

use std::path::PathBuf;

use jobs::{JobId, Jobs, State};

use crate::Failed;
use crate::progress::Progress;

/// How a report stands.
#[derive(Debug, PartialEq)]
pub(crate) enum Status {
    Queued,
    Running { done: u32, of: u32 },
    Done(PathBuf),
    Failed(String),
}

/// How the report of this job stands; `None` if there is no such job.
///
/// The state is the job's own, which the store keeps: a status of ours beside it would still say "running" after the
/// process has died. Only the progress is the application's. A finished job is forgotten after a day (`keep_finished`),
/// a failed one stays until somebody acts; what must be known for longer belongs in a table of yours.
pub(crate) async fn status(jobs: &Jobs, progress: &Progress, id: JobId) -> Result<Option<Status>, Failed> {
    let Some(job) = jobs.find(id).await? else { return Ok(None) };
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

/// Where the report of this job is, once it is done.
pub(crate) fn file_of(id: JobId) -> PathBuf {
    PathBuf::from(format!("report-{id}.csv"))
}
