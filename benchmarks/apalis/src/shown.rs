//! Checks the file over a separate connection.

use bench_protocol::{Outcome, Task};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

/// A separate connection to the file, for checks.
pub(crate) struct Shown(SqliteConnection);

impl Shown {
    pub(crate) async fn open(task: &Task) -> Outcome<Self> {
        Ok(Self(SqliteConnectOptions::new().filename(task.database()).connect().await?))
    }

    /// The number of done jobs.
    pub(crate) async fn done(&mut self) -> Outcome<u64> {
        self.count("SELECT count(*) FROM Jobs WHERE status = 'Done'").await
    }

    /// Checks that `finished` jobs are done, `waiting` jobs are not, and that there are no others.
    pub(crate) async fn check(&mut self, finished: u64, waiting: u64) -> Outcome<()> {
        let found = (self.done().await?, self.count("SELECT count(*) FROM Jobs").await?);
        if found == (finished, finished + waiting) {
            return Ok(());
        }
        Err(format!("the file shows (finished, all) = {found:?}, it should be {finished}, {waiting} more").into())
    }

    async fn count(&mut self, statement: &'static str) -> Outcome<u64> {
        let count: i64 = sqlx::query_scalar(statement).fetch_one(&mut self.0).await?;
        Ok(u64::try_from(count)?)
    }

    /// Closes the connection.
    pub(crate) async fn close(self) -> Outcome<()> {
        Ok(self.0.close().await?)
    }
}
