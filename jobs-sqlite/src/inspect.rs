//! The power to look.

use jobs_core::{Counts, Filter, Inspect, JobId, JobRecord, ProcessRecord, QueueRecord, StoreFuture};

use crate::{SqliteStore, look};

impl Inspect for SqliteStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.reader.call("find a job", move |connection| look::find(connection, id))
    }

    fn list<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<JobRecord>> {
        let filter = filter.clone();
        self.reader.call("list jobs", move |connection| look::list(connection, &filter))
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
}
