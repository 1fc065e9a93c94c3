//! A connection to a server, lent by its pool. No call waits for ever for a server that stands still.

use std::time::Duration;

use jobs_core::Error;
use sqlx::pool::PoolConnection;
use sqlx::{MySql, Postgres};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::server;
use crate::{Dialect, SqlRow, SqlValue, error};

/// How long a statement may take. The server ends its own after 30 seconds, so one that takes longer has no server.
const ANSWERS_WITHIN: Duration = Duration::from_secs(35);

/// How long it may take to end what a dropped call left behind.
const TIDIED_WITHIN: Duration = Duration::from_secs(5);

pub(super) enum Pooled {
    Postgres(PoolConnection<Postgres>),
    MySql(PoolConnection<MySql>),
}

/// A connection, until it is dropped. One whose server did not answer is closed, and the pool makes another one.
pub(super) struct ServerConnection {
    /// `None` after the server did not answer.
    pooled: Option<Pooled>,
    dialect: Dialect,
    doing: &'static str,
    has_transaction: bool,
    /// A statement was sent whose answer has not been read.
    is_waiting: bool,
}

/// Sends a statement and waits for its answer.
macro_rules! answered {
    ($self:ident, $pooled:ident => $call:expr) => {{
        let doing = $self.doing;
        let Some($pooled) = &mut $self.pooled else { return Err(no_answer(doing)) };
        $self.is_waiting = true;
        let answer = timeout(ANSWERS_WITHIN, $call).await;
        $self.is_waiting = false;
        if answer.is_err() {
            $self.close();
        }
        match answer {
            Ok(answer) => answer.map_err(|cause| error::of_server(cause, doing)),
            Err(_elapsed) => Err(no_answer(doing)),
        }
    }};
}

impl ServerConnection {
    pub(super) const fn new(pooled: Pooled, doing: &'static str) -> Self {
        let dialect = match &pooled {
            Pooled::Postgres(_) => Dialect::Postgres,
            Pooled::MySql(_) => Dialect::MySql,
        };
        Self { pooled: Some(pooled), dialect, doing, has_transaction: false, is_waiting: false }
    }

    pub(super) const fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        self.has_transaction = true;
        answered!(self, pooled => pooled.run("BEGIN"))
    }

    pub(super) async fn commit(mut self) -> Result<(), Error> {
        answered!(self, pooled => pooled.run("COMMIT"))?;
        self.has_transaction = false;
        Ok(())
    }

    /// How many rows were changed, and, on MySQL, the id of the row that was inserted last.
    pub(super) async fn execute(&mut self, sql: String, values: &[SqlValue]) -> Result<(u64, i64), Error> {
        answered!(self, pooled => pooled.execute(sql, values))
    }

    pub(super) async fn query(&mut self, sql: String, values: &[SqlValue]) -> Result<Vec<SqlRow>, Error> {
        answered!(self, pooled => pooled.query(sql, values))
    }

    /// Closes the connection without a word to the server.
    fn close(&mut self) {
        if let Some(pooled) = self.pooled.take() {
            pooled.close();
        }
    }
}

/// Ends the transaction, and reads the answer that a dropped call waited for.
impl Drop for ServerConnection {
    fn drop(&mut self) {
        let Some(pooled) = self.pooled.take().filter(|_| self.has_transaction || self.is_waiting) else { return };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(pooled.tidy())),
            Err(_stopped) => pooled.close(),
        }
    }
}

impl Pooled {
    async fn run(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(open) => sqlx::raw_sql(sql).execute(&mut **open).await.map(drop),
            Self::MySql(open) => sqlx::raw_sql(sql).execute(&mut **open).await.map(drop),
        }
    }

    async fn execute(&mut self, sql: String, values: &[SqlValue]) -> Result<(u64, i64), sqlx::Error> {
        match self {
            Self::Postgres(open) => Ok((server::execute_postgres(open, sql, values).await?, 0)),
            Self::MySql(open) => server::execute_mysql(open, sql, values).await,
        }
    }

    async fn query(&mut self, sql: String, values: &[SqlValue]) -> Result<Vec<SqlRow>, sqlx::Error> {
        match self {
            Self::Postgres(open) => server::query_postgres(open, sql, values).await,
            Self::MySql(open) => server::query_mysql(open, sql, values).await,
        }
    }

    async fn tidy(mut self) {
        if !matches!(timeout(TIDIED_WITHIN, self.run("ROLLBACK")).await, Ok(Ok(()))) {
            self.close();
        }
    }

    fn close(self) {
        match self {
            Self::Postgres(open) => drop(open.detach()),
            Self::MySql(open) => drop(open.detach()),
        }
    }
}

fn no_answer(doing: &str) -> Error {
    Error::transient(format!(
        "the database did not answer within {} seconds while it was to {doing}; it is not known whether it was done, and it \
         may be tried again",
        ANSWERS_WITHIN.as_secs()
    ))
}
