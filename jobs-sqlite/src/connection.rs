//! A connection as this store wants it.

use std::thread;
use std::time::Duration;

use jobs_core::{Error, Standing};
use rusqlite::{Connection, OpenFlags};

use crate::SqliteOptions;
use crate::error::{Result, Trouble, is_busy};
use crate::migrate::{is_up_to_date, migrate};

/// Pages kept in memory by the connection that writes, in KiB.
const WRITING_CACHE_KIB: i64 = 16 * 1024;

/// Those of the connection that looks. A look that reads the whole table is rare, and would fill any cache in vain.
const READING_CACHE_KIB: i64 = 2 * 1024;

/// Pages in the write-ahead log after which they are moved to the file. The more, the more often a page that
/// was written many times is moved once.
const CHECKPOINT_PAGES: i64 = 10_000;

/// The bytes that the write-ahead log is cut back to after it was longer.
const LOG_LIMIT: i64 = 64 << 20;

/// The one connection that writes, and how the schema stands; creates the file and its schema.
pub(crate) fn for_writing(options: &SqliteOptions) -> Result<(Connection, Standing)> {
    let mut connection = open(options, WRITING_CACHE_KIB)?;
    if !options.migrate {
        // Before anything is set: also the mode of the log would stay in the file.
        is_up_to_date(&connection)?;
    }
    use_log(&connection, options.busy_timeout)?;
    connection.pragma_update(None, "synchronous", options.synchronous.as_str())?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    let standing = migrate(&mut connection)?;
    Ok((connection, standing))
}

/// The connection that looks.
pub(crate) fn for_reading(options: &SqliteOptions) -> Result<Connection> {
    let connection = open(options, READING_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open(options: &SqliteOptions, cache_kib: i64) -> Result<Connection> {
    // Without SQLITE_OPEN_URI: a path is a path, whatever characters are in it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&options.path, flags)?;
    connection.busy_handler(Some(patience(options.busy_timeout)))?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

/// Write-ahead logging. Whoever switches it on needs the file alone, and `SQLite` does not wait for that.
fn use_log(connection: &Connection, limit: Duration) -> Result<()> {
    let wait = patience(limit);
    for turn in 0.. {
        match connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0)) {
            Err(error) if is_busy(&error) && wait(turn) => {}
            Err(error) => return Err(error.into()),
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(without_log(&mode)),
        }
    }
    Ok(())
}

fn without_log(mode: &str) -> Trouble {
    Trouble::Said(Error::other(format!(
        "the database cannot use write-ahead logging here (it stays in mode `{mode}`); put the file on a local disk"
    )))
}

/// How a locked database is waited for: often at first, for the transactions of this library are short;
/// `SQLite`'s own way would soon sleep for a tenth of a second. Answers whether to try again.
fn patience(limit: Duration) -> impl Fn(i32) -> bool + Send + 'static {
    move |turn| {
        let waited = (0..turn).map(pause).fold(Duration::ZERO, Duration::saturating_add);
        let again = waited < limit;
        if again {
            thread::park_timeout(pause(turn).min(limit));
        }
        again
    }
}

fn pause(turn: i32) -> Duration {
    match turn {
        0..40 => Duration::from_micros(100),
        40..60 => Duration::from_millis(1),
        _ => Duration::from_millis(5),
    }
}
