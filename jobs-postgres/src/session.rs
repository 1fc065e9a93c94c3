//! One connection that is open.

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
use crate::statements::{Sql, Texts};

/// A connection with the statements that were prepared on it.
#[derive(Debug)]
pub(crate) struct Session {
    client: Client,
    texts: Arc<Texts>,
    prepared: Vec<(Sql, Statement)>,
    /// What serves it on the other side; not known behind a pooler.
    backend: Option<Backend>,
    /// The task that moves the bytes.
    carrier: AbortHandle,
    /// Whether it was given up here before the driver noticed.
    given_up: AtomicBool,
}

/// A process of the server that serves one connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backend {
    pid: i32,
    /// In microseconds since 1970, by the server's clock.
    since: i64,
}

impl Session {
    pub(crate) fn new(client: Client, texts: Arc<Texts>, carrier: AbortHandle) -> Self {
        Self { client, texts, prepared: Vec::new(), backend: None, carrier, given_up: AtomicBool::new(false) }
    }

    /// Prepares statements, all in one round trip.
    pub(crate) async fn prepare(&mut self, statements: &[Sql]) -> Result<()> {
        let preparing = statements.iter().map(|sql| self.client.prepare_typed(self.texts.of(*sql), sql.types()));
        let prepared = try_join_all(preparing).await?;
        self.prepared = statements.iter().copied().zip(prepared).collect();
        Ok(())
    }

    /// Asks who serves it. False if that may change with each transaction, since a pooler stands between.
    /// Transactions that are left open end after `patience`.
    pub(crate) async fn meet_backend(&mut self, patience: Duration) -> Result<bool> {
        let row = self.query_one(Sql::Backend, &[&format!("{}ms", patience.as_millis())]).await?;
        let is_ours: bool = row.try_get(2)?;
        if is_ours {
            self.backend = Some(Backend { pid: row.try_get(0)?, since: row.try_get(1)? });
        }
        Ok(is_ours)
    }

    pub(crate) const fn backend(&self) -> Option<Backend> {
        self.backend
    }

    /// Ends what served other connections, if the server lets this user do so.
    pub(crate) async fn end(&self, lost: &[Backend]) -> Result<()> {
        for Backend { pid, since } in lost {
            match self.query(Sql::EndBackend, &[pid, since]).await {
                Err(trouble) if !trouble.is_answer() => return Err(trouble),
                _ => {}
            }
        }
        Ok(())
    }

    /// Runs a statement. It is sent when the future is polled first, so what is polled in order runs in order.
    pub(crate) async fn query(&self, sql: Sql, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        if let Some(statement) = self.prepared(sql) {
            return Ok(self.client.query(statement, params).await?);
        }
        let typed: Vec<_> = params.iter().copied().zip(sql.types().iter().cloned()).collect();
        Ok(self.client.query_typed(self.texts.of(sql), &typed).await?)
    }

    /// Runs a statement with its ids the other way round.
    pub(crate) async fn query_backwards(&self, sql: Sql, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        let typed: Vec<_> = params.iter().copied().zip(sql.types().iter().cloned()).collect();
        Ok(self.client.query_typed(&self.texts.of(sql).replace("/*DESC*/", "DESC"), &typed).await?)
    }

    /// Runs a statement that answers with one row at least.
    pub(crate) async fn query_one(&self, sql: Sql, params: &[&(dyn ToSql + Sync)]) -> Result<Row> {
        let rows = self.query(sql, params).await?;
        let row = rows.into_iter().next();
        row.ok_or_else(|| jobs_core::Error::other("the server answered without the row it was asked for").into())
    }

    /// The statement, if it stays prepared here.
    pub(crate) fn prepared(&self, sql: Sql) -> Option<&Statement> {
        self.prepared.iter().find(|(prepared, _)| *prepared == sql).map(|(_, statement)| statement)
    }

    /// Begins a `COPY` of rows of these types to the server.
    pub(crate) async fn copy_in(&self, copy: &Statement, types: &[Type]) -> Result<BinaryCopyInWriter> {
        Ok(BinaryCopyInWriter::new(self.client.copy_in(copy).await?, types))
    }

    /// Runs a statement that takes nothing and has no answer, outside of any transaction.
    pub(crate) async fn command(&self, sql: Sql) -> Result<()> {
        self.run(self.texts.of(sql)).await
    }

    /// Runs words that have no answer, as `BEGIN`.
    pub(crate) async fn run(&self, words: &str) -> Result<()> {
        Ok(self.client.batch_execute(words).await?)
    }

    /// Runs `work` as one transaction, which is taken back if it fails. For connections that serve one call at a time.
    pub(crate) async fn transaction<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.between("BEGIN", work).await
    }

    /// Runs looks that all see the same moment.
    pub(crate) async fn at_one_moment<T>(&self, looks: impl Future<Output = Result<T>>) -> Result<T> {
        self.between("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", looks).await
    }

    async fn between<T>(&self, begin: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.run(begin).await?;
        match work.await {
            Ok(done) => {
                self.run("COMMIT").await?;
                Ok(done)
            }
            Err(trouble) => {
                // The first error is the one to tell; a connection that cannot even roll back is made anew.
                let _rolled_back = self.run("ROLLBACK").await;
                Err(trouble)
            }
        }
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Whether it was cut here, and not by the server or on the way.
    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Acquire)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_given_up() || self.client.is_closed()
    }

    /// Cuts the connection: all that is in flight on it fails.
    pub(crate) fn cut(&self) {
        self.given_up.store(true, Ordering::Release);
        self.carrier.abort();
    }
}
