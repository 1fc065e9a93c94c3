//! A transaction, and the statements in it.

use std::fmt;

use jobs_core::Error;
use sqlx::{MySql, Postgres};

use super::server;
use super::sqlite::SqliteTransaction;
use crate::{Dialect, SqlRow, SqlValue, error};

pub(super) enum Open {
    Postgres(sqlx::Transaction<'static, Postgres>),
    MySql(sqlx::Transaction<'static, MySql>),
    Sqlite(SqliteTransaction),
}

/// A transaction that may write. It is rolled back if it is dropped.
pub struct Transaction {
    open: Open,
    doing: &'static str,
}

impl Transaction {
    pub(super) const fn new(open: Open, doing: &'static str) -> Self {
        Self { open, doing }
    }

    /// The SQL that it understands.
    pub const fn dialect(&self) -> Dialect {
        match &self.open {
            Open::Postgres(_) => Dialect::Postgres,
            Open::MySql(_) => Dialect::MySql,
            Open::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Runs a [statement](Dialect::sql) and answers how many rows it changed.
    ///
    /// Not cancel safe: after a dropped call the transaction has to be dropped too, which rolls it back.
    ///
    /// # Errors
    /// The database refuses it or cannot be reached; a unique key that exists [is a conflict](Error::is_conflict). The
    /// transaction has to be dropped then.
    pub async fn execute(&mut self, statement: &str, values: &[SqlValue]) -> Result<u64, Error> {
        let (sql, doing) = (self.dialect().sql(statement), self.doing);
        let failed = |cause| error::of_server(cause, doing);
        match &mut self.open {
            Open::Postgres(open) => server::execute_postgres(open, sql, values).await.map_err(failed),
            Open::MySql(open) => Ok(server::execute_mysql(open, sql, values).await.map_err(failed)?.0),
            Open::Sqlite(open) => Ok(open.execute(sql, values, doing).await?.0),
        }
    }

    /// Runs a [statement](Dialect::sql) that selects.
    ///
    /// Not cancel safe, as [`execute`](Self::execute).
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub async fn query(&mut self, statement: &str, values: &[SqlValue]) -> Result<Vec<SqlRow>, Error> {
        let (sql, doing) = (self.dialect().sql(statement), self.doing);
        let failed = |cause| error::of_server(cause, doing);
        match &mut self.open {
            Open::Postgres(open) => server::query_postgres(open, sql, values).await.map_err(failed),
            Open::MySql(open) => server::query_mysql(open, sql, values).await.map_err(failed),
            Open::Sqlite(open) => open.query(sql, values, doing).await,
        }
    }

    /// Runs an insert of one row and answers the number that the database gave it in the column `id`.
    ///
    /// Not cancel safe, as [`execute`](Self::execute).
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub async fn insert(&mut self, statement: &str, values: &[SqlValue]) -> Result<i64, Error> {
        let (sql, doing) = (self.dialect().sql(statement), self.doing);
        match &mut self.open {
            Open::Postgres(_) => {
                let rows = self.query(&format!("{statement} RETURNING id"), values).await?;
                rows.first().map_or_else(|| Err(Error::corrupt("the database gave a new row no id")), |row| row.int(0))
            }
            Open::MySql(open) => {
                let failed = |cause| error::of_server(cause, doing);
                Ok(server::execute_mysql(open, sql, values).await.map_err(failed)?.1)
            }
            Open::Sqlite(open) => Ok(open.execute(sql, values, doing).await?.1),
        }
    }

    /// Makes what was done durable.
    ///
    /// Not cancel safe: after a dropped call it is not known whether all of it was done, or nothing.
    ///
    /// # Errors
    /// The database cannot be reached or refuses; it is not known then whether it was done.
    pub async fn commit(self) -> Result<(), Error> {
        let failed = |cause| error::of_server(cause, self.doing);
        match self.open {
            Open::Postgres(open) => open.commit().await.map_err(failed),
            Open::MySql(open) => open.commit().await.map_err(failed),
            Open::Sqlite(open) => open.commit(self.doing).await,
        }
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("doing", &self.doing).finish_non_exhaustive()
    }
}
