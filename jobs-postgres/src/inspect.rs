//! The power to look.

use jobs_core::{Counts, Filter, Inspect, JobId, JobRecord, JobStats, Page, ProcessRecord, QueueRecord, StoreFuture};

use crate::stats::stats;
use crate::{PostgresStore, list, look};

impl Inspect for PostgresStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.looking.call("find a job", move |session| async move { look::find(&session, id).await })
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        let filter = filter.clone();
        self.looking.call("list jobs", move |session| async move { list::page(&session, &filter).await })
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.looking.call("count jobs", |session| async move { look::counts(&session).await })
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        let now = self.now();
        self.looking.call("list queues", move |session| async move { look::queues(&session, now).await })
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.looking.call("list processes", |session| async move { look::processes(&session).await })
    }

    /// The jobs that are not done are read once, a million in some 0.2 s, whatever is said of them. Finished jobs are not
    /// counted, and the totals come from numbers that the store writes anyway.
    fn stats(&self) -> StoreFuture<'_, JobStats> {
        let (now, schema) = (self.now(), self.schema.clone());
        self.looking.call("count what is there", move |session| async move { stats(&session, now, &schema).await })
    }
}
