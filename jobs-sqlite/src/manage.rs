//! The power to act by hand.

use std::time::Duration;

use jobs_core::{Due, JobId, Manage, StoreFuture};

use crate::{SqliteStore, by_hand, unique};

impl Manage for SqliteStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        let jobs = jobs.to_vec();
        self.writer.call("retry jobs", move |turn| by_hand::retry(turn, &jobs))
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        let jobs = jobs.to_vec();
        self.writer.call("discard jobs", move |turn| by_hand::discard(turn, &jobs))
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        let jobs = jobs.to_vec();
        self.writer.call("reschedule jobs", move |turn| by_hand::reschedule(turn, &jobs, due))
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        let queue = queue.to_owned();
        self.writer.call("pause a queue", move |turn| by_hand::pause(turn, &queue))
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        let queue = queue.to_owned();
        self.writer.call("resume a queue", move |turn| by_hand::resume(turn, &queue))
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let now = self.clock.now();
            let cutoff = now.before(older_than);
            let horizon = by_hand::Horizon { now, cutoff };
            let find = move |connection: &_| {
                Ok((by_hand::prunable(connection, horizon, limit)?, unique::expired(connection, now)?))
            };
            let (found, mut are_expired) = self.reader.call("find jobs to prune", find).await?;
            while are_expired {
                let most = limit.max(1);
                let forgotten = self.writer.call("forget unique keys", move |turn| unique::forget(turn, most)).await?;
                are_expired = forgotten == most;
            }
            if found.is_empty() {
                return Ok(0);
            }
            self.writer.call("prune jobs", move |turn| by_hand::prune(turn, &found, cutoff)).await
        })
    }
}
