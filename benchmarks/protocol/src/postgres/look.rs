//! Checks the database over a separate connection.

use tokio_postgres::{Client, NoTls};

use super::Server;
use crate::Outcome;

/// A separate connection to the database, for checks.
pub enum Look {
    /// To PostgreSQL, whose queries are SQL.
    Postgres(Client),
    /// To Redis, whose queries are Lua.
    #[cfg(feature = "redis")]
    Redis(redis::aio::MultiplexedConnection),
}

impl Look {
    /// Connects. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub async fn open(url: &str) -> Outcome<Self> {
        #[cfg(feature = "redis")]
        if url.starts_with("redis://") {
            return Ok(Self::Redis(redis::Client::open(url)?.get_multiplexed_async_connection().await?));
        }
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        Ok(Self::Postgres(client))
    }

    /// The single number that the query returns; 0 for `NULL`.
    ///
    /// # Errors
    /// The query failed, or did not return a single number.
    pub async fn number(&self, query: &str) -> Outcome<u64> {
        match self {
            Self::Postgres(client) => {
                let row = client.query_one(query, &[]).await?;
                Ok(u64::try_from(row.try_get::<_, Option<i64>>(0)?.unwrap_or(0))?)
            }
            #[cfg(feature = "redis")]
            Self::Redis(connection) => {
                Ok(redis::cmd("EVAL").arg(query).arg(0).query_async(&mut connection.clone()).await?)
            }
        }
    }

    /// The names and numbers that the query returns.
    ///
    /// # Errors
    /// The query failed, or did not return a text and a number.
    pub async fn numbers(&self, query: &str) -> Outcome<Vec<(String, u64)>> {
        let rows = self.client()?.query(query, &[]).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, u64::try_from(row.try_get::<_, i64>(1)?)?))).collect()
    }

    /// Runs statements without a result.
    ///
    /// # Errors
    /// A statement failed.
    pub async fn run(&self, statements: &str) -> Outcome<()> {
        Ok(self.client()?.batch_execute(statements).await?)
    }

    /// The server's processes, if they run on this machine.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn server(&self) -> Outcome<Option<Server>> {
        Ok(Server::of_backend(self.number("SELECT pg_backend_pid()::bigint").await?))
    }

    fn client(&self) -> Outcome<&Client> {
        match self {
            Self::Postgres(client) => Ok(client),
            #[cfg(feature = "redis")]
            Self::Redis(_) => Err("this step needs PostgreSQL".into()),
        }
    }
}
