//! The capability to manage jobs and queues.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Due, JobId, Manage, RefusedJob, StoreFuture, check_queue_name};
use tokio_postgres::types::ToSql;

use crate::PostgresStore;
use crate::codec::bind::{Id, count, due_params, ids, micros};
use crate::codec::nul_escape::escape_nul;
use crate::connection::retry_conflicts::retry_conflicts;
use crate::connection::session::Session;
use crate::enqueue::unique_keys::{blocked_by_key, key_holder};
use crate::error::Result;
use crate::statements::Sql;
use crate::work::refusable::{Upkeep, UpkeepCall};

impl Manage for PostgresStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        let (jobs, now) = (ids(jobs), self.now());
        self.notify_after(self.admin.call("retry jobs", move |session| async move {
            retry_conflicts(|| session.transaction(retry(&session, &jobs, now))).await
        }))
    }

    fn key_holder(&self, job: JobId) -> StoreFuture<'_, Option<JobId>> {
        let now = self.now();
        self.admin
            .call("find the holder of a unique key", move |session| async move { key_holder(&session, job, now).await })
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        let (jobs, now) = (ids(jobs), self.now());
        self.admin.call("discard jobs", move |session| async move {
            query_count(&session, Sql::ManualDiscard, &[&now, &jobs]).await
        })
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        let (jobs, now, (due, wait)) = (ids(jobs), self.now(), due_params(due));
        self.notify_after(self.admin.call("reschedule jobs", move |session| async move {
            query_count(&session, Sql::Reschedule, &[&now, &jobs, &due, &wait]).await
        }))
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        let checked = check_queue_name(queue);
        let queue = escape_nul(queue).into_owned();
        let pausing = self
            .admin
            .call("pause a queue", move |session| async move { changes_a_row(&session, Sql::Pause, &queue).await });
        Box::pin(async move {
            checked?;
            pausing.await
        })
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        let queue = escape_nul(queue).into_owned();
        self.notify_after(
            self.admin.call("resume a queue", move |session| async move {
                changes_a_row(&session, Sql::Resume, &queue).await
            }),
        )
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        let (now, refused) = (self.now(), Arc::clone(&self.refused));
        let upkeep = Upkeep::Prune { older_than: micros(older_than) };
        self.admin.call("prune jobs", move |session| async move {
            let refused = &refused.prune;
            let call = UpkeepCall { session: &session, upkeep, now, refused };
            let done = retry_conflicts(|| call.run(limit)).await?;
            Ok(RefusedJob::error(&done.refused).map_or(Ok(done.changed), Err)?)
        })
    }
}

/// Retries the jobs whose unique key is not held by another job.
async fn retry(session: &Session, jobs: &[Id], now: Option<i64>) -> Result<u64> {
    let blocked = blocked_by_key(session, jobs, now).await?;
    let free: Vec<Id> = jobs.iter().copied().filter(|Id(job)| !blocked.contains(job)).collect();
    let row = session.query_one(Sql::ManualRetry, &[&now, &free]).await?;
    Ok(count(row.try_get(0)?))
}

async fn query_count(session: &Arc<Session>, sql: Sql, params: &[&(dyn ToSql + Sync)]) -> Result<u64> {
    let row = retry_conflicts(|| session.query_one(sql, params)).await?;
    Ok(count(row.try_get(0)?))
}

async fn changes_a_row(session: &Arc<Session>, sql: Sql, queue: &String) -> Result<bool> {
    Ok(!session.query(sql, &[queue]).await?.is_empty())
}
