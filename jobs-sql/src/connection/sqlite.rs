//! Transactions on a file of SQLite: one connection, one transaction at a time, on tokio's threads for blocking calls.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jobs_core::Error;
use jobs_store_util::create_private_file;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::value::written_time;
use crate::{Cell, SqlRow, SqlValue, error};

/// How long a transaction waits for one of another program. Rails waits as long.
const BUSY: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(super) struct SqliteFile {
    writer: Arc<Mutex<Connection>>,
    /// A query does not wait for a transaction of this program, nor for a call that stands still in the middle of one.
    reader: Arc<Mutex<Connection>>,
}

/// A transaction. A connection that was dropped with an open one is rolled back by the next.
pub(super) struct SqliteTransaction {
    connection: Option<OwnedMutexGuard<Connection>>,
}

impl SqliteFile {
    pub(super) async fn open(path: &Path) -> Result<Self, Error> {
        let path: PathBuf = path.to_owned();
        let connect_both = move || Ok((connect(&path)?, connect(&path)?));
        let (writer, reader) = blocking(connect_both, "open a file").await?;
        Ok(Self { writer: Arc::new(Mutex::new(writer)), reader: Arc::new(Mutex::new(reader)) })
    }

    /// Begins a transaction that has the right to write from its beginning: one that asks later may be refused.
    pub(super) async fn begin(&self, doing: &'static str) -> Result<SqliteTransaction, Error> {
        let mut transaction = locked(&self.writer).await;
        let begin = |connection: &mut Connection| {
            if !connection.is_autocommit() {
                connection.execute_batch("ROLLBACK")?;
            }
            connection.execute_batch("BEGIN IMMEDIATE")
        };
        transaction.with(doing, begin).await?;
        Ok(transaction)
    }

    /// The rows of a query that writes nothing, outside of a transaction.
    pub(super) async fn query(
        &self,
        sql: String,
        values: &[SqlValue],
        doing: &'static str,
    ) -> Result<Vec<SqlRow>, Error> {
        locked(&self.reader).await.query(sql, values, doing).await
    }
}

async fn locked(connection: &Arc<Mutex<Connection>>) -> SqliteTransaction {
    SqliteTransaction { connection: Some(Arc::clone(connection).lock_owned().await) }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // `:memory:` and `file:..` are names of SQLite, and no paths.
    if path != Path::new(":memory:") && !path.to_string_lossy().starts_with("file:") {
        create_private_file(path);
    }
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    // As Rails 8 sets them.
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
    Ok(connection)
}

impl SqliteTransaction {
    async fn with<T: Send + 'static>(
        &mut self,
        doing: &'static str,
        call: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let Some(mut connection) = self.connection.take() else {
            return Err(Error::transient(format!("a call was interrupted while the database was to {doing}")));
        };
        let (connection, answer) = blocking(
            move || {
                let answer = call(&mut connection);
                Ok((connection, answer))
            },
            doing,
        )
        .await?;
        self.connection = Some(connection);
        answer.map_err(|cause| error::of_file(cause, doing))
    }

    /// How many rows were changed, and the id of the row that was inserted last.
    pub(super) async fn execute(
        &mut self,
        sql: String,
        values: &[SqlValue],
        doing: &'static str,
    ) -> Result<(u64, i64), Error> {
        let values = values.to_vec();
        let run = move |connection: &mut Connection| {
            let changed = connection.prepare_cached(&sql)?.execute(params_from_iter(&values))?;
            Ok((u64::try_from(changed).unwrap_or(u64::MAX), connection.last_insert_rowid()))
        };
        self.with(doing, run).await
    }

    pub(super) async fn query(
        &mut self,
        sql: String,
        values: &[SqlValue],
        doing: &'static str,
    ) -> Result<Vec<SqlRow>, Error> {
        let values = values.to_vec();
        let run = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let columns = statement.column_count();
            let rows = statement.query_map(params_from_iter(&values), |row| {
                (0..columns).map(|column| Ok(cell(row.get_ref(column)?))).collect::<Result<_, _>>().map(SqlRow)
            })?;
            rows.collect()
        };
        self.with(doing, run).await
    }

    pub(super) async fn commit(mut self, doing: &'static str) -> Result<(), Error> {
        self.with(doing, |connection| connection.execute_batch("COMMIT")).await
    }
}

/// Gives back what a transaction that ends without a commit holds.
impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take().filter(|connection| !connection.is_autocommit()) {
            // If it fails, the next transaction tries again.
            let _rolled_back = connection.execute_batch("ROLLBACK");
        }
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Real(number) => Cell::Text(number.to_string()),
        ValueRef::Text(text) | ValueRef::Blob(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Null => Cell::Null,
    }
}

impl ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Int(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
            Self::Time(time) => Ok(time.map_or_else(|| rusqlite::types::Null.into(), |time| written_time(time).into())),
            Self::Bool(is) => is.to_sql(),
            Self::Array(_) => Err(rusqlite::Error::ToSqlConversionFailure("SQLite has no arrays".into())),
        }
    }
}

async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> rusqlite::Result<T> + Send + 'static,
    doing: &'static str,
) -> Result<T, Error> {
    let answer = tokio::task::spawn_blocking(call).await;
    answer
        .map_err(|_stopped| Error::transient(format!("the program stops, so the database cannot {doing}")))?
        .map_err(|cause| error::of_file(cause, doing))
}
