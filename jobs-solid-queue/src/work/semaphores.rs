//! Permits of concurrency limits: taken before a job is ready, given back when its claim ends.

use std::collections::HashMap;
use std::time::Duration;

use jobs_core::{Error, Timestamp};
use jobs_sql::Transaction;

use crate::SolidQueueStore;
use crate::limits::{ConcurrencyLimit, DEFAULT_DURATION};
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

const DISPATCHER_OF_RUBY: &str = include_str!("../sql/process/dispatcher_of_ruby.sql");

/// Ruby's `process_alive_threshold`: a process that has been silent for so long is dead.
const ALIVE_FOR: Duration = Duration::from_secs(5 * 60);

/// A row of `solid_queue_jobs` that has a concurrency limit.
pub(crate) struct LimitedJob<'l> {
    pub(crate) row: i64,
    pub(crate) key: String,
    class: String,
    /// The limit of its class, if it is declared here. Of another one this program does not know how many permits there are: one is taken
    /// where Ruby has counted them, and given back if none is free.
    limit: Option<&'l ConcurrencyLimit>,
}

/// What became of a job that asked for a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Ready,
    Blocked,
    Discarded,
}

impl SolidQueueStore {
    /// Those of these rows that have a limit, by their keys, those of one key in the order of the rows: two programs that lock
    /// permits in one order do not wait for each other.
    pub(crate) async fn limited<'s>(
        &'s self,
        transaction: &mut Transaction,
        rows: &[i64],
    ) -> Result<Vec<LimitedJob<'s>>, Error> {
        let mut limited = Vec::new();
        for row in lists::query(transaction, KEYS, rows).await? {
            let (class, key) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
            let limit = self.queue.options.limits.of(&class);
            limited.push(LimitedJob { row: row.int(0)?, key, class, limit });
        }
        let places: HashMap<i64, usize> = rows.iter().copied().zip(0..).collect();
        limited.sort_by_cached_key(|job| (job.key.clone(), places.get(&job.row).copied()));
        Ok(limited)
    }

    /// Makes a job ready, if it gets a permit or needs none: of a limit that is not declared here a permit is taken where Ruby
    /// counts them and looks after the jobs that wait.
    pub(crate) async fn admit_limited(
        &self,
        transaction: &mut Transaction,
        job: &LimitedJob<'_>,
        now: Timestamp,
    ) -> Result<Admission, Error> {
        if job.limit.is_none() && !(job.is_counted(transaction).await? && self.ruby_dispatches(transaction).await?) {
            lists::execute(transaction, MAKE_READY, &[now.into()], &[job.row]).await?;
            return Ok(Admission::Ready);
        }
        job.admit(transaction, now).await
    }

    /// Gives back the permits of jobs whose claims have just ended, in the order of their keys.
    pub(crate) async fn signal_all(
        &self,
        transaction: &mut Transaction,
        jobs: &[LimitedJob<'_>],
        now: Timestamp,
    ) -> Result<(), Error> {
        for job in jobs {
            if job.limit.is_none() {
                self.undeclared.has_run(&job.class);
            }
            job.signal(transaction, now).await?;
        }
        Ok(())
    }

    /// Whether a dispatcher of Ruby is alive, which looks after the limits of Ruby's classes.
    pub(crate) async fn ruby_dispatches(&self, transaction: &mut Transaction) -> Result<bool, Error> {
        let alive_since = storable(self.queue.now() - ALIVE_FOR);
        Ok(!transaction.query(DISPATCHER_OF_RUBY, &[alive_since.into()]).await?.is_empty())
    }
}

impl LimitedJob<'_> {
    async fn is_counted(&self, transaction: &mut Transaction) -> Result<bool, Error> {
        Ok(!transaction.query(LOCK, &[self.key.as_str().into()]).await?.is_empty())
    }

    /// Takes a permit: with one the job is ready, without one it waits for it, or is discarded if its class says so and it
    /// has never run.
    async fn admit(&self, transaction: &mut Transaction, now: Timestamp) -> Result<Admission, Error> {
        if self.take(transaction, now).await? {
            lists::execute(transaction, MAKE_READY, &[now.into()], &[self.row]).await?;
            return Ok(Admission::Ready);
        }
        if self.limit.is_some_and(|limit| limit.discards) && self.has_never_run(transaction).await? {
            lists::execute(transaction, DELETE_JOBS, &[], &[self.row]).await?;
            return Ok(Admission::Discarded);
        }
        transaction.execute(BLOCK, &[self.expires(now).into(), now.into(), self.row.into()]).await?;
        Ok(Admission::Blocked)
    }

    /// Whether this is a new job. One that ran, or that a person retries, is not lost without a trace.
    async fn has_never_run(&self, transaction: &mut Transaction) -> Result<bool, Error> {
        let rows = lists::query(transaction, JOBS, &[self.row]).await?;
        let Some(job) = rows.first().map(|row| JobRow::read(row, 0)).transpose()? else { return Ok(true) };
        Ok(job.updated_at == job.created_at && job.payload().is_ok_and(|payload| payload.attempts() == 0))
    }

    /// Until when a permit is held that is taken now; of a limit that is not declared here for the duration that Ruby has
    /// unless a class says another one.
    pub(super) fn expires(&self, now: Timestamp) -> Timestamp {
        storable(now + self.limit.map_or(DEFAULT_DURATION, |limit| limit.duration))
    }

    /// How many permits there are; of a limit that is not declared here the least that there can be.
    fn permits(&self) -> u32 {
        self.limit.map_or(1, |limit| limit.to)
    }

    /// Takes a permit, if one is free. The row of the key stays locked until the transaction ends, so that one who gives a
    /// permit back sees the job that is blocked now.
    async fn take(&self, transaction: &mut Transaction, now: Timestamp) -> Result<bool, Error> {
        let (key, expires) = (self.key.as_str(), self.expires(now));
        if transaction.query(LOCK, &[key.into()]).await?.is_empty() {
            let left = i64::from(self.permits()) - 1;
            let values = [key.into(), left.into(), expires.into(), now.into(), now.into()];
            if transaction.execute(INSERT, &values).await? > 0 {
                return Ok(true);
            }
        }
        let values = [expires.into(), expires.into(), now.into(), key.into()];
        Ok(transaction.execute(TAKE, &values).await? > 0)
    }

    /// Gives the permit of a job back, whose claim has just ended in this transaction, and hands it to the job that waits
    /// first. Of a limit that is not declared here one is given back if none is free.
    async fn signal(&self, transaction: &mut Transaction, now: Timestamp) -> Result<(), Error> {
        let expires = self.expires(now);
        let values = [expires.into(), expires.into(), now.into(), self.key.as_str().into(), self.permits().into()];
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
