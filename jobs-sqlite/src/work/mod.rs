//! The calls of workers and of their maintenance: dispatch, claim, settle, heartbeat, recover.

pub(crate) mod claim;
mod claimable;
pub(crate) mod dispatch;
mod open_changes;
pub(crate) mod open_queues;
pub(crate) mod paused_queues;
pub(crate) mod processes;
mod ready_jobs;
pub(crate) mod recover;
mod row_ranges;
pub(crate) mod settle;

use jobs_core::{JobId, RefusedJob, RefusedJobs, Timestamp};

use crate::error::{Result, StoreError};

/// Leaves a job out that the database refused to change. The error is the refusal, if too many are left out.
pub(crate) fn refuse(
    what: &str,
    job: JobId,
    error: StoreError,
    refused: &RefusedJobs,
    now: Timestamp,
) -> Result<RefusedJob> {
    let error = error.into_error(&format!("{what} job {job}"));
    Ok(refused.refuse(job, now, error.to_string()).ok_or(error)?)
}
