//! A database: a pool of connections to a server, or one connection to a file.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use jobs_core::{Error, Timestamp};
use sqlx::mysql::{MySqlPool, MySqlPoolOptions};
use sqlx::postgres::{PgPool, PgPoolOptions};

use super::Transaction;
use super::server_connection::{Pooled, ServerConnection};
use super::sqlite::SqliteFile;
use super::transaction::Open;
use crate::{Dialect, SqlRow, SqlValue, error};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// How many connections to a server are open at most, if nothing else is asked for.
const CONNECTIONS: u32 = 5;

/// No statement waits for a lock for ever, or runs for ever. Times that go into columns with a zone are in UTC. None of the stores is worth compiling: the planner may think so of
/// one that reads the first rows of a large table, and half a second is lost each time.
const POSTGRES_SESSION: &str =
    "SET lock_timeout = '10s'; SET statement_timeout = '30s'; SET jit = off; SET TimeZone = 'UTC'";

/// Rails' own level of isolation is that of the server, by default repeatable reads, whose gap locks make claims wait for each
/// other. Without strict mode a server cuts texts that are too long. No statement waits for a lock as long as by default, and
/// none runs for ever: `MariaDB` and MySQL have different words for that, and MySQL has it for queries alone.
const MYSQL_SESSION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
     SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'); \
     SET SESSION innodb_lock_wait_timeout = 10 /*M!100101 , SESSION max_statement_time = 30 */ \
     /*!50708 , SESSION max_execution_time = 30000 */";

#[derive(Clone)]
enum Backend {
    Postgres(PgPool),
    MySql(MySqlPool),
    Sqlite(SqliteFile),
}

/// What a call uses.
enum Lent<'d> {
    Server(ServerConnection),
    File(&'d SqliteFile),
}

/// A database of one of the three kinds. `Debug` shows the kind alone, and a clone shares the connections.
#[derive(Clone)]
pub struct Database {
    driver: Backend,
}

impl Database {
    /// The database of a URL of its driver: `postgres://..`, `mysql://..` or `sqlite:path`. Options of a store are not part of
    /// it; what follows `?` is for the driver.
    ///
    /// A connection to a server is made now. A statement waits for a lock for ten seconds there at most, and the server ends
    /// it after 30 seconds; after 35 seconds without an answer the connection is closed, and another one is made for the next
    /// call. The error [is transient](Error::is_transient) each time. MySQL is in strict mode. A file that does not exist is
    /// created, and its journal mode becomes WAL.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The URL is of another form (the error [is invalid](Error::is_invalid)), or the database cannot be reached; the error
    /// [is transient](Error::is_transient) then. It does not show the URL.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let opening = |cause| error::of_server(cause, "be opened");
        let driver = match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => {
                let options = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(CONNECT_WITHIN);
                let options = options.after_connect(|connection, _| {
                    Box::pin(async move { sqlx::raw_sql(POSTGRES_SESSION).execute(connection).await.map(drop) })
                });
                let target = url.parse().map_err(unreadable)?;
                Backend::Postgres(options.connect_with(target).await.map_err(opening)?)
            }
            Some(("mysql", _)) => {
                let options = MySqlPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(CONNECT_WITHIN);
                let options = options.after_connect(|connection, _| {
                    Box::pin(async move { sqlx::raw_sql(MYSQL_SESSION).execute(connection).await.map(drop) })
                });
                let target = url.parse().map_err(unreadable)?;
                Backend::MySql(options.connect_with(target).await.map_err(opening)?)
            }
            Some(("sqlite", path)) => Backend::Sqlite(SqliteFile::open(Path::new(path)).await?),
            _ => return Err(unreadable(sqlx::Error::Configuration("unknown scheme".into()))),
        };
        Ok(Self { driver })
    }

    /// The SQL that it understands.
    pub const fn dialect(&self) -> Dialect {
        match &self.driver {
            Backend::Postgres(_) => Dialect::Postgres,
            Backend::MySql(_) => Dialect::MySql,
            Backend::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Begins a transaction that may write; `doing` is for errors, as `claim jobs`. Without
    /// [`commit`](Transaction::commit) it is rolled back. On `SQLite` there is one at a time in a program.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The database cannot be reached, or, on `SQLite`, another program writes for longer than five seconds.
    pub async fn begin(&self, doing: &'static str) -> Result<Transaction, Error> {
        let open = match self.lent(doing).await? {
            Lent::File(file) => Open::Sqlite(file.begin(doing).await?),
            Lent::Server(mut connection) => {
                connection.begin().await?;
                Open::Server(connection)
            }
        };
        Ok(Transaction::new(open, doing))
    }

    /// The rows of a query that writes nothing. It has no transaction of its own: on a server it is one statement on one
    /// connection, and on `SQLite` it does not wait for a program that writes.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The database cannot be reached, or refuses the statement.
    pub async fn query(&self, statement: &str, values: &[SqlValue], doing: &'static str) -> Result<Vec<SqlRow>, Error> {
        let sql = self.dialect().sql(statement);
        match self.lent(doing).await? {
            Lent::File(file) => file.query(sql, values, doing).await,
            Lent::Server(mut connection) => connection.query(sql, values).await,
        }
    }

    /// Runs one statement as a transaction of its own, and answers its rows.
    ///
    /// Not cancel safe: after a dropped call it is not known whether it was done.
    ///
    /// # Errors
    /// The database cannot be reached, or refuses the statement; if the connection broke, it is not known whether it was done.
    pub async fn run(&self, statement: &str, values: &[SqlValue], doing: &'static str) -> Result<Vec<SqlRow>, Error> {
        if self.dialect() != Dialect::Sqlite {
            return self.query(statement, values, doing).await;
        }
        let mut transaction = self.begin(doing).await?;
        let rows = transaction.query(statement, values).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    /// A connection to the server, or the file.
    async fn lent(&self, doing: &'static str) -> Result<Lent<'_>, Error> {
        let failed = |cause| error::of_server(cause, doing);
        let pooled = match &self.driver {
            Backend::Sqlite(file) => return Ok(Lent::File(file)),
            Backend::Postgres(pool) => Pooled::Postgres(pool.acquire().await.map_err(failed)?),
            Backend::MySql(pool) => Pooled::MySql(pool.acquire().await.map_err(failed)?),
        };
        Ok(Lent::Server(ServerConnection::new(pooled, doing)))
    }

    /// Runs statements one after the other that have no values, as those of a schema: each ends with `;` at the end of a line.
    ///
    /// Not cancel safe on MySQL, which keeps what was done; the other databases do all of it or nothing.
    ///
    /// # Errors
    /// As [`query`](Self::query). MySQL keeps what was created before the error.
    pub async fn run_script(&self, script: &str, doing: &'static str) -> Result<(), Error> {
        let mut transaction = self.begin(doing).await?;
        for statement in script.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
            transaction.execute(statement.trim_end_matches(';'), &[]).await?;
        }
        transaction.commit().await
    }

    /// The time of the database server; for a file that of this machine.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn server_time(&self) -> Result<Timestamp, Error> {
        let statement = match self.dialect() {
            Dialect::Postgres => "SELECT clock_timestamp() AT TIME ZONE 'utc'",
            Dialect::MySql => "SELECT UTC_TIMESTAMP(6)",
            Dialect::Sqlite => "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
        };
        let rows = self.query(statement, &[], "tell its time").await?;
        rows.first().map_or_else(|| Err(Error::corrupt("the database does not tell its time")), |row| row.time(0))
    }
}

fn unreadable(_secret: sqlx::Error) -> Error {
    Error::invalid(
        "the address of the database cannot be read; write `postgres://user:password@host/database`, \
         `mysql://user:password@host/database` or `sqlite:path/to/file.sqlite3` (in a password `%40` stands for `@`)",
    )
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("dialect", &self.dialect()).finish_non_exhaustive()
    }
}
