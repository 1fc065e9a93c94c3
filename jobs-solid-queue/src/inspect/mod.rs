//! The capability to read what is stored, of both sides.

mod figures;
mod page;
mod stored;

use jobs_core::{
    Counts, Cursor, Error, Filter, Inspect, JobId, JobRecord, JobStats, Page, ProcessRecord, QueueRecord, StoreFuture,
};
pub(crate) use stored::{StoredJob, jobs_where, source};

use crate::SolidQueueStore;
use crate::payload::row_of;

impl Inspect for SolidQueueStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        Box::pin(self.find_record(id))
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        Box::pin(self.read_page(filter))
    }

    /// Lists are in the order of the rows, not of the ids.
    fn cursor_at(&self, job: &JobRecord) -> Cursor {
        page::cursor_at(job)
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        Box::pin(self.read_counts())
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        Box::pin(self.read_queues())
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        Box::pin(self.read_processes())
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        Box::pin(self.read_stats())
    }
}

impl SolidQueueStore {
    /// The last row of the job of this id, otherwise the row of this number.
    async fn find_record(&self, id: JobId) -> Result<Option<JobRecord>, Error> {
        let row = self.last_row(id).await?.or_else(|| row_of(id));
        let Some(row) = row else { return Ok(None) };
        let rows =
            self.queue.query(&jobs_where(None, "j.id = ?", false), &[row.into(), 1.into()], "find a job").await?;
        Ok(rows.first().map(StoredJob::read).transpose()?.map(|stored| stored.record(self)))
    }
}
