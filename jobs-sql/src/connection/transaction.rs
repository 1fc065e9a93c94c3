//! A transaction, and the statements in it.

use std::fmt;

use jobs_core::Error;

use super::lent::LentTransaction;
use super::server_connection::ServerConnection;
use super::sqlite::SqliteTransaction;
use crate::{Dialect, SqlRow, SqlValue};

pub(super) enum Open {
    Server(ServerConnection),
    Sqlite(SqliteTransaction),
    Lent(LentTransaction),
}

/// A transaction that may write. It is rolled back if it is dropped; one that a caller lends is left as it is.
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
            Open::Server(open) => open.dialect(),
            Open::Sqlite(_) => Dialect::Sqlite,
            Open::Lent(_) => Dialect::Postgres,
        }
    }

    /// Whether it is a transaction of a caller, which takes no statement that begins with `WITH`.
    pub const fn is_lent(&self) -> bool {
        matches!(self.open, Open::Lent(_))
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
        match &mut self.open {
            Open::Server(open) => Ok(open.execute(sql, values).await?.0),
            Open::Sqlite(open) => Ok(open.execute(sql, values, doing).await?.0),
            Open::Lent(open) => open.execute(statement, values).await,
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
        match &mut self.open {
            Open::Server(open) => open.query(sql, values).await,
            Open::Sqlite(open) => open.query(sql, values, doing).await,
            Open::Lent(open) => open.query(statement, values).await,
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
            Open::Server(open) if open.dialect() == Dialect::MySql => Ok(open.execute(sql, values).await?.1),
            Open::Sqlite(open) => Ok(open.execute(sql, values, doing).await?.1),
            Open::Server(_) | Open::Lent(_) => {
                let rows = self.query(&format!("{statement} RETURNING id"), values).await?;
                rows.first().map_or_else(|| Err(Error::corrupt("the database gave a new row no id")), |row| row.int(0))
            }
        }
    }

    /// Makes what was done durable.
    ///
    /// Not cancel safe: after a dropped call it is not known whether all of it was done, or nothing.
    ///
    /// # Errors
    /// The database cannot be reached or refuses; it is not known then whether it was done.
    pub async fn commit(self) -> Result<(), Error> {
        match self.open {
            Open::Server(open) => open.commit().await,
            Open::Sqlite(open) => open.commit(self.doing).await,
            // Its owner commits it.
            Open::Lent(_) => Ok(()),
        }
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("doing", &self.doing).finish_non_exhaustive()
    }
}
