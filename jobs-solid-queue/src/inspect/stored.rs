//! A job as the tables hold it: its row, and where it stands.

use jobs_core::{Error, JobRecord, ProcessId, State};
use jobs_sql::SqlRow;

use crate::SolidQueueStore;
use crate::payload::{ExecutionRow, JobRow};
use crate::work::process_row::of_name;

/// Jobs with where they stand, by these conditions.
const JOBS: &str = include_str!("../sql/inspect/jobs.sql");

/// A job as the tables hold it.
#[derive(Debug)]
pub(crate) struct StoredJob {
    pub(crate) row: JobRow,
    pub(crate) standing: ExecutionRow,
}

impl StoredJob {
    /// Reads a row of the statement of [`jobs_where`].
    ///
    /// # Errors
    /// It is no such row.
    pub(crate) fn read(row: &SqlRow) -> Result<Self, Error> {
        let job = JobRow::read(row, 0)?;
        // In the order in which Solid Queue looks for the state of a job.
        let standing = if job.finished_at.is_some() {
            ExecutionRow::Done
        } else if let Some(queue) = row.text_or_null(11) {
            ExecutionRow::Ready { queue: queue.to_owned(), priority: row.int_or_null(12).unwrap_or(job.priority) }
        } else if row.int_or_null(15).is_some() {
            let process = process_of(row.text_or_null(17), row.int_or_null(16));
            ExecutionRow::Claimed { process, since: row.time_or_null(21) }
        } else if row.int_or_null(18).is_some() {
            let error = row.text_or_null(19).map(str::to_owned);
            ExecutionRow::Failed { error, at: row.time_or_null(20).unwrap_or_default() }
        } else if let Some(due) = row.time_or_null(13) {
            ExecutionRow::Scheduled(due)
        } else if row.int_or_null(14).is_some() {
            ExecutionRow::Blocked
        } else {
            // Between two steps of a program that does not move jobs in one transaction.
            ExecutionRow::Nowhere
        };
        Ok(Self { row: job, standing })
    }

    pub(crate) fn record(self, store: &SolidQueueStore) -> JobRecord {
        self.row.record(self.standing, store.form().names)
    }
}

/// The process that holds a claim: by the name in its row if it is ours, otherwise by the number of its row.
pub(crate) fn process_of(name: Option<&str>, row: Option<i64>) -> Option<ProcessId> {
    name.and_then(of_name).or_else(|| row.map(ProcessId::new))
}

/// The statement that reads jobs by these conditions, in this order: see [`StoredJob::read`]. Its last value is the limit.
pub(crate) fn jobs_where(state: Option<State>, conditions: &str, newest_first: bool) -> String {
    let join = |of: State| if state == Some(of) { "INNER" } else { "LEFT" };
    JOBS.replace("{ready}", join(State::Ready))
        .replace("{scheduled}", join(State::Scheduled))
        .replace("{blocked}", join(State::Blocked))
        .replace("{claimed}", join(State::Claimed))
        .replace("{failed}", join(State::Failed))
        .replace("{conditions}", conditions)
        .replace("{position}", source(state).1)
        .replace("{direction}", if newest_first { "DESC" } else { "ASC" })
}

/// The table that lists the jobs of a state, and the column of the position in the list.
pub(crate) const fn source(state: Option<State>) -> (&'static str, &'static str) {
    match state {
        Some(State::Ready) => ("solid_queue_ready_executions r", "r.job_id"),
        Some(State::Scheduled) => ("solid_queue_scheduled_executions s", "s.job_id"),
        Some(State::Blocked) => ("solid_queue_blocked_executions b", "b.job_id"),
        Some(State::Claimed) => ("solid_queue_claimed_executions c", "c.job_id"),
        Some(State::Failed) => ("solid_queue_failed_executions f", "f.job_id"),
        Some(State::Finished | State::Discarded) | None => ("solid_queue_jobs j", "j.id"),
    }
}
