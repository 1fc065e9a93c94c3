//! Permits of concurrency limits: taken before a job is ready, given back when its claim ends.

use jobs_core::{Error, Timestamp};
use jobs_sql::Transaction;

use crate::SolidQueueStore;
use crate::limits::ConcurrencyLimit;
use crate::lists;
use crate::payload::{JobRow, storable};

const LOCK: &str = include_str!("../sql/semaphore/lock.sql");
const INSERT: &str = include_str!("../sql/semaphore/insert.sql");
const TAKE: &str = include_str!("../sql/semaphore/take.sql");
const SIGNAL: &str = include_str!("../sql/semaphore/signal.sql");
const BLOCK: &str = include_str!("../sql/semaphore/block.sql");
const NEXT_BLOCKED: &str = include_str!("../sql/semaphore/next_blocked.sql");
const DELETE_BLOCKED: &str = include_str!("../sql/semaphore/delete_blocked.sql");
const MAKE_READY: &str = include_str!("../sql/settle/make_ready.sql");
const DELETE_JOBS: &str = include_str!("../sql/settle/delete_jobs.sql");
const JOBS: &str = include_str!("../sql/settle/jobs.sql");
const KEYS: &str = include_str!("../sql/settle/keys.sql");

/// A row of `solid_queue_jobs` that has a limit which this program knows.
pub(crate) struct LimitedJob<'l> {
    pub(crate) row: i64,
    pub(crate) key: String,
    pub(crate) limit: &'l ConcurrencyLimit,
}

/// What became of a job that asked for a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Ready,
    Blocked,
    Discarded,
}

impl SolidQueueStore {
    /// Those of these rows that have a limit which this program knows, in the order of the rows.
    pub(crate) async fn limited<'s>(
        &'s self,
        transaction: &mut Transaction,
        rows: &[i64],
    ) -> Result<Vec<LimitedJob<'s>>, Error> {
        if self.queue.options.limits.is_empty() || rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut limited = Vec::new();
        for row in lists::query(transaction, KEYS, rows).await? {
            let (id, key) = (row.int(0)?, row.text(2)?.to_owned());
            if let Some(limit) = self.queue.options.limits.of(row.text(1)?) {
                limited.push(LimitedJob { row: id, key, limit });
            }
        }
        limited.sort_by_key(|job| rows.iter().position(|row| *row == job.row));
        Ok(limited)
    }
}

impl LimitedJob<'_> {
    /// Takes a permit: with one the job is ready, without one it waits for it, or is discarded if its class says so and it
    /// has never run.
    pub(crate) async fn admit(&self, transaction: &mut Transaction, now: Timestamp) -> Result<Admission, Error> {
        if self.take(transaction, now).await? {
            lists::execute(transaction, MAKE_READY, &[now.into()], &[self.row]).await?;
            return Ok(Admission::Ready);
        }
        if self.limit.discards && self.has_never_run(transaction).await? {
            lists::execute(transaction, DELETE_JOBS, &[], &[self.row]).await?;
            return Ok(Admission::Discarded);
        }
        self.block(transaction, now).await?;
        Ok(Admission::Blocked)
    }

    /// Whether this is a new job. One that ran, or that a person retries, is not lost without a trace.
    async fn has_never_run(&self, transaction: &mut Transaction) -> Result<bool, Error> {
        let rows = lists::query(transaction, JOBS, &[self.row]).await?;
        let Some(job) = rows.first().map(|row| JobRow::read(row, 0)).transpose()? else { return Ok(true) };
        Ok(job.updated_at == job.created_at && job.payload().is_ok_and(|payload| payload.attempts() == 0))
    }

    pub(crate) async fn block(&self, transaction: &mut Transaction, now: Timestamp) -> Result<(), Error> {
        transaction.execute(BLOCK, &[self.expires(now).into(), now.into(), self.row.into()]).await?;
        Ok(())
    }

    pub(super) fn expires(&self, now: Timestamp) -> Timestamp {
        storable(now + self.limit.duration)
    }

    /// Takes a permit, if one is free. The row of the key stays locked until the transaction ends, so that one who gives a
    /// permit back sees the job that is blocked now.
    async fn take(&self, transaction: &mut Transaction, now: Timestamp) -> Result<bool, Error> {
        let (key, expires) = (self.key.as_str(), self.expires(now));
        let found = transaction.query(LOCK, &[key.into()]).await?;
        if found.is_empty() {
            let left = i64::from(self.limit.to) - 1;
            let values = [key.into(), left.into(), expires.into(), now.into(), now.into()];
            if transaction.execute(INSERT, &values).await? > 0 {
                return Ok(true);
            }
        }
        Ok(transaction.execute(TAKE, &[expires.into(), now.into(), key.into()]).await? > 0)
    }

    /// Gives the permit of a job back, whose claim has just ended in this transaction, and hands it to the job that waits
    /// first.
    pub(crate) async fn signal(&self, transaction: &mut Transaction, now: Timestamp) -> Result<(), Error> {
        let values = [self.expires(now).into(), now.into(), self.key.as_str().into(), self.limit.to.into()];
        if transaction.execute(SIGNAL, &values).await? > 0 {
            self.release_next(transaction, now).await?;
        }
        Ok(())
    }

    /// Makes the job ready that waits first for a permit of this key, if one is free.
    pub(crate) async fn release_next(&self, transaction: &mut Transaction, now: Timestamp) -> Result<bool, Error> {
        let next = transaction.query(NEXT_BLOCKED, &[self.key.as_str().into()]).await?;
        let Some(next) = next.first() else { return Ok(false) };
        if !self.take(transaction, now).await? {
            return Ok(false);
        }
        lists::execute(transaction, MAKE_READY, &[now.into()], &[next.int(1)?]).await?;
        transaction.execute(DELETE_BLOCKED, &[next.int(0)?.into()]).await?;
        Ok(true)
    }
}
