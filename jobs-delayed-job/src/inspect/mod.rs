//! The capability to read what is stored.

mod figures;
mod find;
mod page;

pub(crate) use find::Sought;

use jobs_core::{
    Counts, Error, Filter, Inspect, JobId, JobRecord, JobStats, Page, ProcessRecord, QueueRecord, StoreFuture,
};

use crate::DelayedJobStore;

impl Inspect for DelayedJobStore {
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        Box::pin(async move {
            let found = self.core.rows_of(&[id], Sought::Newest).await?;
            Ok(self.core.jobs_in(&found).await?.pop())
        })
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        Box::pin(self.core.read_page(filter))
    }

    fn counts(&self) -> StoreFuture<'_, Counts> {
        Box::pin(self.core.read_counts())
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        Box::pin(self.core.read_queues())
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        Box::pin(self.core.read_processes())
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        Box::pin(async move {
            let mut stats = self.stats_at(self.core.clock.now()).await?;
            stats.dispatch_latency = self.core.dispatch_latency().await?;
            Ok::<_, Error>(stats)
        })
    }
}
