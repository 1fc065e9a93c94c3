//! New jobs as the columns of a statement.

use jobs_core::{NewJob, Timestamp};

use crate::codec::bind::{Id, due_params};
use crate::codec::columns::{Column, UniformColumn};
use crate::codec::nul_escape::escape_nul;
use crate::codec::parameter::Parameter;

/// The columns of `enqueue`.
#[derive(Default)]
pub(crate) struct NewJobColumns {
    /// `NULL` for a job that must not be stored.
    pub(crate) ids: Vec<Option<Id>>,
    pub(crate) due: Column<i64>,
    pub(crate) waits: UniformColumn<i64>,
    pub(crate) priorities: UniformColumn<i32>,
    pub(crate) expires: Column<i64>,
    pub(crate) versions: UniformColumn<i64>,
    pub(crate) queues: UniformColumn<String>,
    pub(crate) names: UniformColumn<String>,
    pub(crate) unique_keys: Column<String>,
    pub(crate) concurrency_keys: Column<String>,
    pub(crate) batches: Column<String>,
    pub(crate) metas: Column<String>,
    pub(crate) arguments: Vec<String>,
}

impl NewJobColumns {
    pub(crate) fn of<'a>(jobs: impl Iterator<Item = &'a NewJob>) -> Self {
        let mut columns = Self::default();
        for (row, job) in jobs.enumerate() {
            columns.push(row, job);
        }
        columns
    }

    /// The parameters of the statement, in their order. The ids are a separate argument, because duplicates have none
    /// there.
    pub(crate) fn parameters<'a>(
        &'a self,
        ids: &'a Vec<Option<Id>>,
        now: &'a dyn Parameter,
    ) -> [&'a dyn Parameter; 14] {
        [
            now,
            ids,
            &self.due.0,
            &self.waits.values,
            &self.priorities.values,
            &self.expires.0,
            &self.versions.values,
            &self.queues.values,
            &self.names.values,
            &self.unique_keys.0,
            &self.concurrency_keys.0,
            &self.batches.0,
            &self.metas.0,
            &self.arguments,
        ]
    }

    /// When the job of this row is due, if it is stored at `now`.
    pub(crate) fn due_at(&self, row: usize, now: i64) -> i64 {
        self.due.get(row).copied().unwrap_or_else(|| now + self.waits.get(row).copied().unwrap_or_default())
    }

    fn push(&mut self, row: usize, job: &NewJob) {
        let (due, wait) = due_params(job.due);
        self.ids.push(Some(Id(job.id)));
        self.due.set(row, due);
        self.waits.push(wait);
        self.priorities.push(job.priority);
        self.expires.set(row, job.expires_at.map(Timestamp::as_micros));
        self.versions.push(i64::from(job.version));
        self.queues.push(escape_nul(&job.queue));
        self.names.push(escape_nul(&job.name));
        self.unique_keys.set(row, job.unique_key.map(|key| key.to_string()));
        self.concurrency_keys.set_text(row, job.concurrency_key.as_deref());
        self.batches.set_text(row, job.batch_id.as_deref());
        self.metas.set_text(row, job.meta.as_deref());
        self.arguments.push(escape_nul(&job.arguments).into_owned());
    }
}
