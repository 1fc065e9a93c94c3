//! The columns of a row after a change: what a failure, a retry or a crash makes of it. Pure.

use jobs_core::{ErrorRecord, Timestamp};

use crate::job::{RowComment, StoredJob, column_of_priority};
use crate::row::{Row, last_error_text};
use crate::store::ColumnLimits;

/// A row that is to be written, with what only we know of it.
#[derive(Debug)]
pub(crate) struct ChangedRow {
    pub(crate) row: Row,
    pub(crate) own: RowComment,
    before: RowComment,
    /// The errors that are known, also those of Ruby.
    errors: Vec<ErrorRecord>,
}

impl ChangedRow {
    /// The row as it is.
    pub(crate) fn of(job: StoredJob) -> Self {
        let errors = job.errors();
        Self { row: job.row, before: job.own.clone(), own: job.own, errors }
    }

    /// One more attempt has failed. The error is cut to what its column holds.
    pub(crate) fn failed(mut self, error: &ErrorRecord, limits: ColumnLimits) -> Self {
        self.row.attempts = self.row.attempts.saturating_add(1);
        error.append_to(&mut self.errors);
        self.own.errors.clone_from(&self.errors);
        self.row.last_error = Some(last_error_text(&error.bounded(), limits.last_error));
        self
    }

    /// Due at this time, with the mark that tells scheduled from ready jobs.
    pub(crate) const fn due(mut self, due: Timestamp, mark: Timestamp) -> Self {
        (self.row.run_at, self.row.updated_at) = (Some(due), Some(mark));
        self
    }

    /// Has failed for good at this time.
    pub(crate) const fn given_up(mut self, now: Timestamp) -> Self {
        (self.row.failed_at, self.row.updated_at) = (Some(now), Some(now));
        self
    }

    /// Replaces the metadata, unless it is what the job has anyway.
    pub(crate) fn with_meta(mut self, before: Option<&str>, meta: Option<&str>) -> Self {
        if before != meta {
            self.own.meta = meta.map(str::to_owned);
        }
        self
    }

    /// With another queue and priority, if these are given.
    pub(crate) fn moved(mut self, queue: Option<&str>, priority: Option<i32>) -> Self {
        if let Some(queue) = queue {
            self.row.queue = Some(queue.to_owned());
        }
        if let Some(priority) = priority {
            self.row.priority = column_of_priority(priority);
            self.own.priority = (priority == i32::MIN).then_some(priority);
        }
        self
    }

    /// The row to write. A handler is cut to what its column holds, and stays byte for byte if nothing changes in it.
    pub(crate) fn into_row(self, limits: ColumnLimits) -> Row {
        let mut row = self.row;
        if self.own != self.before {
            let yaml = RowComment::split(&row.handler).0.to_owned();
            row.handler = self.own.join_within(&yaml, limits.handler);
        }
        row
    }
}
