//! The capability to manage jobs and queues.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Due, JobId, Manage, RefusedJob, StoreFuture};

use super::{manual, prune};
use crate::SqliteStore;
use crate::connection::write_tx::WriteTx;
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
            let refused = Arc::clone(&self.refused);
            let left_out = refused.prune.left_out(now);
            let find = move |connection: &_| {
                let found = prune::prunable(connection, horizon, limit, &left_out)?;
                Ok((found, unique_keys::has_expired(connection, now)?))
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
            let prune = move |tx: &WriteTx<'_>| prune::prune(tx, &found, cutoff, &refused.prune);
            let (removed, refused) = self.writer.call("prune jobs", prune).await?;
            RefusedJob::error(&refused).map_or(Ok(removed), Err)
        })
    }
}
