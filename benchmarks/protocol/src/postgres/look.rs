//! What the database says, asked over a connection of its own.

use tokio_postgres::{Client, NoTls};

use super::Server;
use crate::Outcome;

/// A look into the database.
pub struct Look(Client);

impl Look {
    /// Connects. To be called within a tokio runtime.
    ///
    /// # Errors
    /// There is no way to the server.
    pub async fn open(url: &str) -> Outcome<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        Ok(Self(client))
    }

    /// The one number that the query gives; 0 for `NULL`.
    ///
    /// # Errors
    /// The query fails, or gives no single number.
    pub async fn number(&self, query: &str) -> Outcome<u64> {
        let row = self.0.query_one(query, &[]).await?;
        Ok(u64::try_from(row.try_get::<_, Option<i64>>(0)?.unwrap_or(0))?)
    }

    /// Runs statements that give nothing.
    ///
    /// # Errors
    /// One of them fails.
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
