//! Checks the database over a separate connection.

use tokio_postgres::{Client, NoTls};

use super::Server;
use crate::Outcome;

/// A separate connection to the database, for checks.
pub struct Look(Client);

impl Look {
    /// Connects. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub async fn open(url: &str) -> Outcome<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        Ok(Self(client))
    }

    /// The single number that the query returns; 0 for `NULL`.
    ///
    /// # Errors
    /// The query failed, or did not return a single number.
    pub async fn number(&self, query: &str) -> Outcome<u64> {
        let row = self.0.query_one(query, &[]).await?;
        Ok(u64::try_from(row.try_get::<_, Option<i64>>(0)?.unwrap_or(0))?)
    }

    /// The names and numbers that the query returns.
    ///
    /// # Errors
    /// The query failed, or did not return a text and a number.
    pub async fn numbers(&self, query: &str) -> Outcome<Vec<(String, u64)>> {
        let rows = self.0.query(query, &[]).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, u64::try_from(row.try_get::<_, i64>(1)?)?))).collect()
    }

    /// Runs statements without a result.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn run(&self, statements: &str) -> Outcome<()> {
        Ok(self.0.batch_execute(statements).await?)
    }

    /// The server's processes, if they run on this machine.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn server(&self) -> Outcome<Option<Server>> {
        Ok(Server::of_backend(self.number("SELECT pg_backend_pid()::bigint").await?))
    }
}
