//! The power to look.

use jobs_core::{Counts, Filter, Inspect, JobId, JobRecord, ProcessRecord, QueueRecord, StoreFuture};

use crate::{PostgresStore, look};

impl Inspect for PostgresStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        self.looking.call("find a job", move |session| async move { look::find(&session, id).await })
    }

    fn list<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<JobRecord>> {
        let filter = filter.clone();
        self.looking.call("list jobs", move |session| async move { look::list(&session, &filter).await })
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
}
