//! Opens and configures the two connections.

use std::path::Path;
use std::thread;
use std::time::Duration;

use jobs_core::{Error, SchemaStatus};
use jobs_store_util::create_private_file;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, StoreError, is_busy};
use crate::migrate::{check_up_to_date, migrate};

/// Pages kept in memory by the connection that writes, in KiB.
const WRITING_CACHE_KIB: i64 = 16 * 1024;

/// Pages kept in memory by the connection that reads, in KiB. A query of the whole table is rare and would fill any
/// cache without use.
const READING_CACHE_KIB: i64 = 2 * 1024;

/// The number of pages in the write-ahead log after which they are moved to the file. With a larger log, a page that is
/// written many times is moved once.
const CHECKPOINT_PAGES: i64 = 10_000;

/// The write-ahead log is cut to this many bytes after it was longer.
const LOG_LIMIT: i64 = 64 << 20;

/// What a connection needs to know of the options.
pub(crate) struct ConnectionSettings<'a> {
    pub(crate) path: &'a Path,
    pub(crate) busy_timeout: Duration,
    pub(crate) synchronous: &'static str,
    pub(crate) migrate: bool,
}

/// The connection that writes, and the status of the schema. Creates the file and its schema.
pub(crate) fn for_writing(settings: &ConnectionSettings<'_>) -> Result<(Connection, SchemaStatus)> {
    if settings.migrate {
        create_private_file(settings.path);
    }
    let mut connection = open(settings, WRITING_CACHE_KIB)?;
    if !settings.migrate {
        // Checked before anything is set, because the journal mode is stored in the file.
        check_up_to_date(&connection)?;
    }
    use_log(&connection, settings.busy_timeout)?;
    connection.pragma_update(None, "synchronous", settings.synchronous)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    let standing = migrate(&mut connection)?;
    Ok((connection, standing))
}

/// The connection that reads.
pub(crate) fn for_reading(settings: &ConnectionSettings<'_>) -> Result<Connection> {
    let connection = open(settings, READING_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open(settings: &ConnectionSettings<'_>, cache_kib: i64) -> Result<Connection> {
    // Without SQLITE_OPEN_URI, so that no character of a path has a special meaning.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(settings.path, flags)?;
    // Without it a statement whose LIMIT is a parameter is compiled anew for each value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_handler(Some(retry_while_busy(settings.busy_timeout)))?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

/// Switches write-ahead logging on. This needs the file exclusively, and `SQLite` does not call the busy handler for
/// it.
fn use_log(connection: &Connection, limit: Duration) -> Result<()> {
    let wait = retry_while_busy(limit);
    for attempt in 0.. {
        match connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0)) {
            Err(error) if is_busy(&error) && wait(attempt) => {}
            Err(error) => return Err(error.into()),
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(log_unavailable(&mode)),
        }
    }
    Ok(())
}

fn log_unavailable(mode: &str) -> StoreError {
    StoreError::Other(Error::other(format!(
        "the database cannot use write-ahead logging here (it stays in mode `{mode}`); put the file on a local disk"
    )))
}

/// Waits for a locked database. The first waits are short, because the transactions of this library are short;
/// `SQLite`'s own busy handler would soon sleep for a tenth of a second. Returns whether to try again.
fn retry_while_busy(limit: Duration) -> impl Fn(i32) -> bool + Send + 'static {
    move |attempt| {
        let waited = (0..attempt).map(pause).fold(Duration::ZERO, Duration::saturating_add);
        let again = waited < limit;
        if again {
            thread::park_timeout(pause(attempt).min(limit));
        }
        again
    }
}

fn pause(attempt: i32) -> Duration {
    match attempt {
        0..40 => Duration::from_micros(100),
        40..60 => Duration::from_millis(1),
        _ => Duration::from_millis(5),
    }
}
