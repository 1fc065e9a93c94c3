//! The capability to inspect jobs, queues and processes, and to manage them.

use jobs_core::{Counts, Filter, Inspect, JobId, JobRecord, JobStats, Page, ProcessRecord, QueueRecord, StoreFuture};

mod figures;
mod list;
mod manage;
mod queries;
mod stats;

use crate::PostgresStore;

impl Inspect for PostgresStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.admin.call("find a job", move |session| async move { queries::find(&session, id).await })
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        let (filter, encoding) = (filter.clone(), self.encoding);
        self.admin.call("list jobs", move |session| async move { list::page(&session, &filter, encoding).await })
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.admin.call("count jobs", |session| async move { queries::counts(&session).await })
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        let now = self.now();
        self.admin.call("list queues", move |session| async move { queries::queues(&session, now).await })
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.admin.call("list processes", |session| async move { queries::processes(&session).await })
    }

    /// The jobs that are not done are read once, a million in about 0.2 s. Finished jobs are not counted: their number
    /// and the totals are stored.
    fn stats(&self) -> StoreFuture<'_, JobStats> {
        let (now, schema) = (self.now(), self.schema.clone());
        self.admin.call("count what is there", move |session| async move { stats::stats(&session, now, &schema).await })
    }
}
