//! The power to look.

use jobs_core::{Counts, Filter, Inspect, JobId, JobRecord, JobStats, Page, ProcessRecord, QueueRecord, StoreFuture};

use crate::{SqliteStore, list, look};

impl Inspect for SqliteStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.reader.call("find a job", move |connection| look::find(connection, id))
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        let filter = filter.clone();
        self.reader.call("list jobs", move |connection| list::page(connection, &filter))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        self.reader.call("count jobs", look::counts)
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        let now = self.clock.now();
        self.reader.call("list queues", move |connection| look::queues(connection, now))
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        self.reader.call("list processes", look::processes)
    }

    /// Jobs are counted in their indexes, on a connection that no writer waits for: a million ready ones in some 0.2 s, a
    /// million scheduled or failed ones in some 0.05 s. Finished jobs are not counted, and the totals are kept where the
    /// store writes anyway.
    fn stats(&self) -> StoreFuture<'_, JobStats> {
        let now = self.clock.now();
        self.reader.call("count what is there", move |connection| look::stats(connection, now))
    }
}
