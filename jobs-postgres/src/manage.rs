//! The power to act by hand.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Due, JobId, Manage, StoreFuture, check_queue_name};
use tokio_postgres::types::ToSql;

use crate::PostgresStore;
use crate::again::again;
use crate::bind::{Id, ids, micros, moment, number, rows};
use crate::error::Result;
use crate::session::Session;
use crate::statements::Sql;
use crate::text::stored;
use crate::unique::kept_back;

impl Manage for PostgresStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        let (jobs, now) = (ids(jobs), self.now());
        self.stir(self.looking.call("retry jobs", move |session| async move {
            again(|| session.transaction(retry(&session, &jobs, now))).await
        }))
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        let (jobs, now) = (ids(jobs), self.now());
        self.looking.call("discard jobs", move |session| async move {
            count(&session, Sql::DiscardByHand, &[&now, &jobs]).await
        })
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        let (jobs, now, (due, wait)) = (ids(jobs), self.now(), moment(due));
        self.stir(self.looking.call("reschedule jobs", move |session| async move {
            count(&session, Sql::Reschedule, &[&now, &jobs, &due, &wait]).await
        }))
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        let checked = check_queue_name(queue);
        let queue = stored(queue).into_owned();
        let pausing = self
            .looking
            .call("pause a queue", move |session| async move { touches(&session, Sql::Pause, &queue).await });
        Box::pin(async move {
            checked?;
            pausing.await
        })
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        let queue = stored(queue).into_owned();
        self.stir(
            self.looking
                .call("resume a queue", move |session| async move { touches(&session, Sql::Resume, &queue).await }),
        )
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        let now = self.now();
        self.looking.call("prune jobs", move |session| async move {
            count(&session, Sql::Prune, &[&now, &micros(older_than), &rows(limit)]).await
        })
    }
}

/// Those that no other job keeps back.
async fn retry(session: &Session, jobs: &[Id], now: Option<i64>) -> Result<u64> {
    let kept = kept_back(session, jobs, now).await?;
    let free: Vec<Id> = jobs.iter().copied().filter(|Id(job)| !kept.contains(job)).collect();
    let row = session.query_one(Sql::RetryByHand, &[&now, &free]).await?;
    Ok(number(row.try_get(0)?))
}

async fn count(session: &Arc<Session>, sql: Sql, params: &[&(dyn ToSql + Sync)]) -> Result<u64> {
    let row = again(|| session.query_one(sql, params)).await?;
    Ok(number(row.try_get(0)?))
}

async fn touches(session: &Arc<Session>, sql: Sql, queue: &String) -> Result<bool> {
    Ok(!session.query(sql, &[queue]).await?.is_empty())
}
