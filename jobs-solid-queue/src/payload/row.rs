//! A row of `solid_queue_jobs`.

use jobs_core::{DEFAULT_QUEUE, Error, JobId, Timestamp};
use jobs_sql::SqlRow;

use super::{RowPayload, id_of};

/// A row of `solid_queue_jobs`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct JobRow {
    pub(crate) id: i64,
    pub(crate) queue: String,
    pub(crate) class: String,
    pub(crate) arguments: Option<String>,
    /// As in the column: lower numbers first.
    pub(crate) priority: i64,
    pub(crate) active_job_id: Option<String>,
    pub(crate) scheduled_at: Option<Timestamp>,
    pub(crate) finished_at: Option<Timestamp>,
    pub(crate) concurrency_key: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl JobRow {
    /// Reads these columns of an answer, from this one on: `id`, `queue_name`, `class_name`, `arguments`, `priority`,
    /// `active_job_id`, `scheduled_at`, `finished_at`, `concurrency_key`, `created_at` and `updated_at`. What another
    /// program left NULL has its default.
    ///
    /// # Errors
    /// The row has no id. The error [is corrupt](Error::is_corrupt).
    pub(crate) fn read(row: &SqlRow, from: usize) -> Result<Self, Error> {
        let text = |column: usize| row.text_or_null(from + column).map(str::to_owned);
        let time = |column: usize| row.time_or_null(from + column);
        Ok(Self {
            id: row.int(from)?,
            queue: text(1).unwrap_or_else(|| DEFAULT_QUEUE.to_owned()),
            class: text(2).unwrap_or_default(),
            arguments: text(3),
            priority: row.int_or_null(from + 4).unwrap_or(0),
            active_job_id: text(5),
            scheduled_at: time(6),
            finished_at: time(7),
            concurrency_key: text(8),
            created_at: time(9).unwrap_or_default(),
            updated_at: time(10).unwrap_or_default(),
        })
    }

    /// The id of the job, which all its rows have in common.
    pub(crate) fn job_id(&self) -> JobId {
        id_of(self.active_job_id.as_deref(), self.id)
    }

    /// The serialized job.
    ///
    /// # Errors
    /// It cannot be read; the text says why.
    pub(crate) fn payload(&self) -> Result<RowPayload, &'static str> {
        RowPayload::parse(self.arguments.as_deref().ok_or("its `arguments` are NULL")?)
    }

    /// Whether a job that is done was discarded. Solid Queue has no such state: the job is finished there. Its row was changed
    /// after it had finished, which Ruby does not do.
    pub(crate) fn is_discarded(&self) -> bool {
        self.finished_at.is_some_and(|finished| self.updated_at > finished)
    }

    /// When the job was or is due for a worker. A retry by a person moves `updated_at` of a job that has not finished, and
    /// nothing else does. In MySQL `created_at` may be of another zone, so it is not said which of the two is later.
    pub(crate) fn due_at(&self) -> Timestamp {
        let scheduled = self.scheduled_at.unwrap_or(self.created_at);
        if self.updated_at != self.created_at && self.finished_at.is_none() {
            scheduled.max(self.updated_at)
        } else {
            scheduled
        }
    }
}
