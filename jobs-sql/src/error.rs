//! Errors of the three databases as errors of a store.

use jobs_core::Error;
use rusqlite::ErrorCode;

/// The classes of SQLSTATE of a server that cannot do it now: no connection, a rollback, no resources, stopped by an operator.
const LATER_CLASSES: [&str; 4] = ["08", "40", "53", "57"];
/// The same as whole codes: read-only, a lock that was not free.
const LATER_STATES: [&str; 2] = ["25006", "55P03"];
/// The same of MySQL and `MariaDB`: too many connections, shutdown, table full, lock wait time-out, deadlock, read-only (three
/// forms), too many sessions of a user, the query or the connection was killed, the disk is full, and the statement took too
/// long (two forms).
const LATER_NUMBERS: [u16; 14] = [1040, 1053, 1114, 1205, 1213, 1290, 1792, 1836, 1203, 1317, 1927, 1021, 1969, 3024];

/// The error of a store while it did this, as `claim jobs`. A unique key that exists [is a conflict](Error::is_conflict).
pub(crate) fn of_server(error: sqlx::Error, doing: &str) -> Error {
    let Some(refusal) = error.as_database_error() else {
        let message = format!(
            "the database cannot be reached to {doing}; it is not known whether it was done, and it may be tried again"
        );
        let is_away = matches!(
            error,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
        );
        let store_error = if is_away {
            Error::transient(message)
        } else {
            Error::other(format!("the database cannot {doing}: {error}"))
        };
        return store_error.with_source(error);
    };
    let message = format!("the database cannot {doing}: {}", refusal.message());
    let number =
        refusal.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().map(sqlx::mysql::MySqlDatabaseError::number);
    let is_later = match number {
        Some(number) => LATER_NUMBERS.contains(&number),
        None => refusal.code().is_some_and(|code| {
            LATER_STATES.contains(&&*code) || LATER_CLASSES.iter().any(|class| code.starts_with(class))
        }),
    };
    let store_error = if refusal.is_unique_violation() {
        Error::conflict(message)
    } else if is_later {
        Error::transient(message)
    } else {
        Error::other(message)
    };
    store_error.with_source(error)
}

/// The states in which a server ended a transaction because another one was in its way: serialization, deadlock.
const DEADLOCK_STATES: [&str; 2] = ["40001", "40P01"];

/// Whether the server ended the transaction because it and another one waited for each other. Nothing of it was done, and
/// repeated as a whole it may succeed at once.
pub(crate) fn is_deadlock(error: &Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<sqlx::Error>());
    let Some(refusal) = source.and_then(sqlx::Error::as_database_error) else { return false };
    refusal.code().is_some_and(|code| DEADLOCK_STATES.contains(&&*code))
}

/// The error of a store while it did this, of `SQLite`.
pub(crate) fn of_file(error: rusqlite::Error, doing: &str) -> Error {
    let message = format!("the database cannot {doing}: {error}");
    let is_unique = error.sqlite_error().is_some_and(|sqlite| {
        [rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE, rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY]
            .contains(&sqlite.extended_code)
    });
    let store_error = match error.sqlite_error_code() {
        _ if is_unique => Error::conflict(message),
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen,
        ) => Error::transient(message),
        _ => Error::other(message),
    };
    store_error.with_source(error)
}
