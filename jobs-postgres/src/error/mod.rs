//! Errors of the driver and of the server.

mod certificate;
mod messages;

use jobs_core::Error;
use tokio_postgres::error::SqlState;

pub(crate) use self::messages::{Constructor, connection_lost, describe_code};
use self::messages::{READ_ONLY, class, describe, is_outdated_plan, refuses_settings};

pub(crate) type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why an operation failed, before the message names the operation.
#[derive(Debug)]
pub(crate) enum StoreError {
    Driver(tokio_postgres::Error),
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

    /// Whether the server rolled the transaction back because it conflicted with another one.
    pub(crate) fn is_transaction_conflict(&self) -> bool {
        let code = self.code();
        code == Some(&SqlState::T_R_DEADLOCK_DETECTED) || code == Some(&SqlState::T_R_SERIALIZATION_FAILURE)
    }

    pub(crate) fn is_unique_violation(&self) -> bool {
        self.code() == Some(&SqlState::UNIQUE_VIOLATION)
    }

    /// Whether the server refused a row, so that a call without this row may succeed: a value, a constraint, a policy, or
    /// a trigger of the user, which may raise any SQLSTATE. All other errors are about the connection or the whole server.
    pub(crate) fn is_refused_row(&self) -> bool {
        let is_about_a_row = |code: &SqlState| match class(code) {
            "08" | "0A" | "25" | "26" | "28" | "3D" | "3F" | "40" | "53" | "55" | "57" | "58" | "XX" => false,
            "42" => *code == SqlState::INSUFFICIENT_PRIVILEGE,
            _ => true,
        };
        self.is_definite() && self.code().is_some_and(is_about_a_row)
    }

    /// Whether it is certain that the statement had no effect, because the server itself reported the error.
    pub(crate) fn is_definite(&self) -> bool {
        self.code().is_some() && !self.ends_connection()
    }

    /// Whether it is the error of a pooler that does not know the settings of a session.
    pub(crate) fn is_from_pooler(&self) -> bool {
        let Self::Driver(error) = self else { return false };
        error.as_db_error().is_some_and(|error| refuses_settings(error.message()))
    }

    /// Whether the connection must be replaced: the server closed it, its prepared statements are outdated, or it leads
    /// to a server that takes no writes while another one may.
    pub(crate) fn ends_connection(&self) -> bool {
        let Self::Driver(error) = self else { return false };
        let ends = |code: &SqlState| match (class(code), code.code()) {
            ("08" | "26", _) | ("25", READ_ONLY | "25P03" | "25P04") => true,
            ("0A", _) => error.as_db_error().is_some_and(|error| is_outdated_plan(error.message())),
            (_, code) => code.starts_with("57P"),
        };
        error.is_closed() || error.code().is_some_and(ends)
    }

    pub(crate) fn code(&self) -> Option<&SqlState> {
        match self {
            Self::Driver(error) => error.code(),
            Self::Other(_) => None,
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Driver(error)
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// The error of a store whose tokio runtime has ended.
pub(crate) fn runtime_closed(what: &str) -> Error {
    Error::other(format!("could not {what}: the tokio runtime in which the store was opened has ended"))
}

/// The error of a call that the server did not answer in time.
pub(crate) fn timed_out(what: &str, waited: std::time::Duration) -> Error {
    Error::transient(format!(
        "could not {what}: the database did not answer within {waited:?}; look whether it is reachable, and for locks \
         that are held for long"
    ))
}
