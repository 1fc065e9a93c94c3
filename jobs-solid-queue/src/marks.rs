//! Marks that only Rust reads: rows of the semaphores, with keys that no class of Ruby has. They need no table of ours, Ruby shows them
//! nowhere, and its maintenance deletes those that have expired.

use jobs_core::{Error, Timestamp};
use jobs_sql::Transaction;

use crate::queue_database::QueueDatabase;

const SET: &str = include_str!("sql/semaphore/insert.sql");
const REMOVE: &str = include_str!("sql/mark/remove.sql");
const VALUE: &str = include_str!("sql/mark/value.sql");
const VALUES: &str = include_str!("sql/mark/values.sql");
const FORGET_EXPIRED: &str = include_str!("sql/mark/forget_expired.sql");

/// What the keys of a kind of marks begin with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarkPrefix(&'static str);

/// That a task of Ruby is paused: the key of the task.
pub(crate) const PAUSED_TASK: MarkPrefix = MarkPrefix("jobs-rs/paused-task/");
/// What a process is asked for: its id.
pub(crate) const ORDER: MarkPrefix = MarkPrefix("jobs-rs/order/");
/// That the job of a claim is to be cancelled: the number of the claim. The statements about them have it too.
pub(crate) const CANCEL: MarkPrefix = MarkPrefix("jobs-rs/cancel/");

impl MarkPrefix {
    fn key(self, name: &str) -> String {
        format!("{}{name}", self.0)
    }

    /// Sets a mark with this value. One that is there stays as it is.
    pub(crate) async fn set(
        self,
        transaction: &mut Transaction,
        name: &str,
        value: i64,
        times: MarkTimes,
    ) -> Result<(), Error> {
        let MarkTimes { now, expires } = times;
        let values = [self.key(name).into(), value.into(), expires.into(), now.into(), now.into()];
        transaction.execute(SET, &values).await.map(drop)
    }

    /// Takes a mark away.
    pub(crate) async fn remove(self, transaction: &mut Transaction, name: &str) -> Result<(), Error> {
        transaction.execute(REMOVE, &[self.key(name).into()]).await.map(drop)
    }

    /// The value of a mark.
    pub(crate) async fn value(self, transaction: &mut Transaction, name: &str) -> Result<Option<i64>, Error> {
        let rows = transaction.query(VALUE, &[self.key(name).into()]).await?;
        Ok(rows.first().and_then(|row| row.int_or_null(0)))
    }

    /// All marks of this kind: names and values.
    pub(crate) async fn all(self, queue: &QueueDatabase, doing: &'static str) -> Result<Vec<(String, i64)>, Error> {
        Ok(self.named(&queue.query(VALUES, &[self.key("%").into()], doing).await?))
    }

    /// The same as a transaction sees them.
    pub(crate) async fn all_in(self, transaction: &mut Transaction) -> Result<Vec<(String, i64)>, Error> {
        Ok(self.named(&transaction.query(VALUES, &[self.key("%").into()]).await?))
    }

    /// Forgets the marks of this kind that have expired.
    pub(crate) async fn forget_expired(self, transaction: &mut Transaction, now: Timestamp) -> Result<(), Error> {
        transaction.execute(FORGET_EXPIRED, &[self.key("%").into(), now.into()]).await.map(drop)
    }

    fn named(self, rows: &[jobs_sql::SqlRow]) -> Vec<(String, i64)> {
        let named = |row: &jobs_sql::SqlRow| {
            let name = row.text_or_null(0)?.strip_prefix(self.0)?;
            Some((name.to_owned(), row.int_or_null(1)?))
        };
        rows.iter().filter_map(named).collect()
    }
}

/// When a mark is set, and when it expires.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarkTimes {
    pub(crate) now: Timestamp,
    pub(crate) expires: Timestamp,
}
