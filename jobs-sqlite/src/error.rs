//! Errors of `SQLite`, with messages that say what to do.

use jobs_core::Error;
use rusqlite::ErrorCode;

pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why an operation failed, before the message names the operation.
#[derive(Debug)]
pub(crate) enum StoreError {
    Driver(rusqlite::Error),
    Other(Error),
}

impl StoreError {
    /// The error with its message; `what` is the operation, as `claim`.
    pub(crate) fn into_error(self, what: &str) -> Error {
        match self {
            Self::Driver(error) => describe(what, error),
            Self::Other(error) => error,
        }
    }

    /// Whether the database refused a row: a constraint or a trigger of the user, which may raise any error.
    fn is_refused_row(&self) -> bool {
        let Self::Driver(error) = self else { return false };
        let code = error.sqlite_error_code();
        matches!(code, Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig))
    }
}

/// A result whose error is about one row. All other errors are returned as the outer one. `is_open` says whether the
/// transaction goes on: a trigger may roll it back as a whole.
pub(crate) fn refused_row<T>(result: Result<T>, is_open: bool) -> Result<Result<T>> {
    match result {
        Err(error) if !error.is_refused_row() || !is_open => Err(error),
        result => Ok(result),
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Driver(error)
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// A copy of an error of `SQLite`, to be sent to each call of a transaction. The driver's type is not `Clone`.
pub(crate) fn clone_driver_error(error: &rusqlite::Error) -> rusqlite::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => rusqlite::Error::SqliteFailure(*code, message.clone()),
        // BEGIN and COMMIT fail with the variant above only; the other variants are here for completeness.
        other => rusqlite::Error::ToSqlConversionFailure(other.to_string().into()),
    }
}

pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// The error of a store whose thread has ended.
pub(crate) fn thread_ended(what: &str) -> Error {
    Error::other(format!(
        "could not {what}: the thread of the SQLite store has ended, most likely by a panic (see the log); \
         open the store anew"
    ))
}

pub(crate) fn describe(what: &str, error: rusqlite::Error) -> Error {
    let (make, cause): (fn(String) -> Error, _) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            Error::transient,
            "another program holds the lock of the database for longer than `busy_timeout`; look for a long \
             transaction in it, or raise `busy_timeout`",
        ),
        Some(ErrorCode::DiskFull) => {
            (Error::transient, "there is no room left; free some on the disk, or prune finished jobs")
        }
        Some(ErrorCode::SystemIoFailure) => {
            (Error::transient, "the disk did not answer as it should; look at the system's log")
        }
        Some(ErrorCode::OutOfMemory) => (Error::transient, "there is not enough memory"),
        Some(ErrorCode::DatabaseCorrupt) => {
            (Error::corrupt, "the database is damaged; stop all programs on it and restore it from a backup")
        }
        Some(ErrorCode::NotADatabase) => {
            (Error::corrupt, "the file is not an SQLite database; name another one, or move it away")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            (Error::other, "the database is read-only; give this user the right to write the file and its folder")
        }
        Some(ErrorCode::CannotOpen) => {
            (Error::other, "the file cannot be opened; look whether its folder exists and this user may write in it")
        }
        _ => return Error::other(format!("could not {what}: {error}")).with_source(error),
    };
    make(format!("could not {what}: {cause}")).with_source(error)
}
