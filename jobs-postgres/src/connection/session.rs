//! One open connection, and the statements that are prepared on it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::task::AbortHandle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, Statement};

use crate::error::Result;
use crate::statements::{Sql, Statements};

/// Begins a snapshot. Its queries have conditions that may be left out, so they are planned with their values: the settings
/// of the connections are for plans that serve all values, and such a plan reads an index from its start to its end, however
/// few ids are asked for.
const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
    SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_sort = on";

/// As [`BEGIN_SNAPSHOT`], for queries that read a table through: where that is not allowed, its costs hide all others, and the
/// planner may sort a million rows to group them.
const BEGIN_SNAPSHOT_OF_TABLES: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
    SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_sort = on; SET LOCAL enable_seqscan = on";

/// A connection with its prepared statements.
#[derive(Debug)]
pub(crate) struct Session {
    client: Client,
    statements: Arc<Statements>,
    prepared: Vec<(Sql, Statement)>,
    /// The server's backend of this connection; `None` behind a pooler.
    backend: Option<Backend>,
    io_task: AbortHandle,
    /// Whether this side closed the connection, which the driver does not notice at once.
    is_abandoned: AtomicBool,
    /// Whether many jobs of paused queues were ready at the last claim from all queues.
    is_paused_backlog_long: AtomicBool,
}

/// A process of the server that serves one connection. The start time is part of it because process numbers are reused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backend {
    pid: i32,
    /// In microseconds since 1970, by the server's clock.
    started_at: i64,
}

impl Session {
    pub(crate) fn new(client: Client, statements: Arc<Statements>, io_task: AbortHandle) -> Self {
        let [is_abandoned, is_paused_backlog_long] = [AtomicBool::new(false), AtomicBool::new(false)];
        Self { client, statements, prepared: Vec::new(), backend: None, io_task, is_abandoned, is_paused_backlog_long }
    }

    /// Whether many jobs of paused queues were ready at the last claim from all queues.
    pub(crate) fn is_paused_backlog_long(&self) -> bool {
        self.is_paused_backlog_long.load(Ordering::Relaxed)
    }

    /// Notes down whether many jobs of paused queues are ready.
    pub(crate) fn set_paused_backlog_long(&self, is_long: bool) {
        self.is_paused_backlog_long.store(is_long, Ordering::Relaxed);
    }

    /// Prepares statements, all in one round trip.
    pub(crate) async fn prepare(&mut self, statements: &[Sql]) -> Result<()> {
        let preparing = statements.iter().map(|sql| self.client.prepare_typed(self.statements.text(*sql), sql.types()));
        let prepared = try_join_all(preparing).await?;
        self.prepared = statements.iter().copied().zip(prepared).collect();
        Ok(())
    }

    /// Reads which backend serves the connection. Returns false if a pooler stands between, which may give the
    /// connection another backend for each transaction. The server ends transactions that are idle for longer than
    /// `call_timeout`.
    pub(crate) async fn identify_backend(&mut self, call_timeout: Duration) -> Result<bool> {
        let row = self.query_one(Sql::Backend, &[&format!("{}ms", call_timeout.as_millis())]).await?;
        let is_direct: bool = row.try_get(2)?;
        if is_direct {
            self.backend = Some(Backend { pid: row.try_get(0)?, started_at: row.try_get(1)? });
        }
        Ok(is_direct)
    }

    pub(crate) const fn backend(&self) -> Option<Backend> {
        self.backend
    }

    /// Terminates the backends of lost connections, if the server lets this user do so.
    pub(crate) async fn terminate(&self, lost: &[Backend]) -> Result<()> {
        for Backend { pid, started_at } in lost {
            match self.query(Sql::EndBackend, &[pid, started_at]).await {
                // The user may lack the right. Then the backend ends by itself when it writes to the lost connection.
                Err(error) if !error.is_definite() => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Runs a statement. It is sent when the future is first polled, so statements run in the order of their first
    /// polls.
    pub(crate) async fn query(&self, sql: Sql, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        if let Some(statement) = self.prepared(sql) {
            return Ok(self.client.query(statement, params).await?);
        }
        let typed: Vec<_> = params.iter().copied().zip(sql.types().iter().cloned()).collect();
        Ok(self.client.query_typed(self.statements.text(sql), &typed).await?)
    }

    /// Runs a statement with the order of its ids reversed.
    pub(crate) async fn query_descending(&self, sql: Sql, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        let typed: Vec<_> = params.iter().copied().zip(sql.types().iter().cloned()).collect();
        Ok(self.client.query_typed(&self.statements.text(sql).replace("/*DESC*/", "DESC"), &typed).await?)
    }

    /// Runs a statement that returns at least one row.
    pub(crate) async fn query_one(&self, sql: Sql, params: &[&(dyn ToSql + Sync)]) -> Result<Row> {
        let rows = self.query(sql, params).await?;
        let row = rows.into_iter().next();
        row.ok_or_else(|| jobs_core::Error::other("the server answered without the row it was asked for").into())
    }

    /// The prepared statement; `None` if it is not prepared on this connection.
    pub(crate) fn prepared(&self, sql: Sql) -> Option<&Statement> {
        self.prepared.iter().find(|(prepared, _)| *prepared == sql).map(|(_, statement)| statement)
    }

    /// Begins a `COPY` of rows of these types to the server.
    pub(crate) async fn copy_in(&self, copy: &Statement, types: &[Type]) -> Result<BinaryCopyInWriter> {
        Ok(BinaryCopyInWriter::new(self.client.copy_in(copy).await?, types))
    }

    /// Runs a statement without parameters and without result rows, outside of any transaction.
    pub(crate) async fn execute(&self, sql: Sql) -> Result<()> {
        self.execute_text(self.statements.text(sql)).await
    }

    /// Runs a command such as `BEGIN`.
    pub(crate) async fn execute_text(&self, command: &str) -> Result<()> {
        Ok(self.client.batch_execute(command).await?)
    }

    /// Runs `work` in a transaction, which is rolled back if it fails. For connections that run one call at a time.
    pub(crate) async fn transaction<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.transaction_begun_by("BEGIN", work).await
    }

    /// Runs queries that all see the same snapshot.
    pub(crate) async fn snapshot<T>(&self, queries: impl Future<Output = Result<T>>) -> Result<T> {
        self.transaction_begun_by(BEGIN_SNAPSHOT, queries).await
    }

    /// As [`snapshot`](Self::snapshot), for queries that read tables through.
    pub(crate) async fn snapshot_of_tables<T>(&self, queries: impl Future<Output = Result<T>>) -> Result<T> {
        self.transaction_begun_by(BEGIN_SNAPSHOT_OF_TABLES, queries).await
    }

    async fn transaction_begun_by<T>(&self, begin: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.execute_text(begin).await?;
        match work.await {
            Ok(done) => {
                self.execute_text("COMMIT").await?;
                Ok(done)
            }
            Err(error) => {
                // The first error is the one to report. A connection that cannot roll back is lost and will be
                // replaced.
                let _rolled_back = self.execute_text("ROLLBACK").await;
                Err(error)
            }
        }
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Whether this side closed the connection; not the server, and not the network.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.is_abandoned.load(Ordering::Acquire)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_abandoned() || self.client.is_closed()
    }

    /// Closes the connection at once: all calls in flight on it fail.
    pub(crate) fn abandon(&self) {
        self.is_abandoned.store(true, Ordering::Release);
        self.io_task.abort();
    }
}
