//! The capability to manage jobs and queues.

use std::time::Duration;

use jobs_core::{Due, JobId, Manage, StoreFuture};

use super::{manual, prune};
use crate::SqliteStore;
use crate::enqueue::unique_keys;

impl Manage for SqliteStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        let jobs = jobs.to_vec();
        self.writer.call("retry jobs", move |tx| manual::retry(tx, &jobs))
    }

    fn key_holder(&self, job: JobId) -> StoreFuture<'_, Option<JobId>> {
        let now = self.clock.now();
        self.reader.call("find the holder of a unique key", move |connection| unique_keys::blocks(connection, job, now))
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        let jobs = jobs.to_vec();
        self.writer.call("discard jobs", move |tx| manual::discard(tx, &jobs))
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        let jobs = jobs.to_vec();
        self.writer.call("reschedule jobs", move |tx| manual::reschedule(tx, &jobs, due))
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        let queue = queue.to_owned();
        self.writer.call("pause a queue", move |tx| manual::pause(tx, &queue))
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        let queue = queue.to_owned();
        self.writer.call("resume a queue", move |tx| manual::resume(tx, &queue))
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let now = self.clock.now();
            let cutoff = now - older_than;
            let horizon = prune::Horizon { now, cutoff };
            let find = move |connection: &_| {
                Ok((prune::prunable(connection, horizon, limit)?, unique_keys::has_expired(connection, now)?))
            };
            let (found, mut has_expired) = self.reader.call("find jobs to prune", find).await?;
            while has_expired {
                let most = limit.max(1);
                let forgotten = self
                    .writer
                    .call("remove expired unique keys", move |tx| unique_keys::remove_expired(tx, most))
                    .await?;
                has_expired = forgotten == most;
            }
            if found.is_empty() {
                return Ok(0);
            }
            self.writer.call("prune jobs", move |tx| prune::prune(tx, &found, cutoff)).await
        })
    }
}
