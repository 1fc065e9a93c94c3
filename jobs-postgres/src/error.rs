//! What the server and the way to it say, in words that say what to do.

use jobs_core::Error;
use tokio_postgres::error::SqlState;

use crate::tls::distrust;

pub(crate) type Result<T, E = Trouble> = std::result::Result<T, E>;

/// Why an operation did not go through, before it is put into words.
#[derive(Debug)]
pub(crate) enum Trouble {
    Postgres(tokio_postgres::Error),
    Said(Error),
}

impl Trouble {
    /// In words; `what` is what was tried, as `claim`.
    pub(crate) fn into_error(self, what: &str) -> Error {
        match self {
            Self::Postgres(error) => in_words(what, error),
            Self::Said(error) => error,
        }
    }

    /// Whether the server took the statement back because another one was in its way.
    pub(crate) fn is_clash(&self) -> bool {
        let code = self.code();
        code == Some(&SqlState::T_R_DEADLOCK_DETECTED) || code == Some(&SqlState::T_R_SERIALIZATION_FAILURE)
    }

    /// Whether something that may be there once is there already.
    pub(crate) fn is_repeated(&self) -> bool {
        self.code() == Some(&SqlState::UNIQUE_VIOLATION)
    }

    /// Whether the server itself refused what it was asked, so that asking for less may help.
    pub(crate) fn is_refusal(&self) -> bool {
        self.code().is_some_and(|code| matches!(class(code), "22" | "23" | "54"))
    }

    /// Whether the server said what became of the statement: it came to nothing.
    pub(crate) fn is_answer(&self) -> bool {
        self.code().is_some() && !self.ends_connection()
    }

    /// Whether a pooler stands between, which does not know the settings of a session.
    pub(crate) fn is_pooler(&self) -> bool {
        let Self::Postgres(error) = self else { return false };
        error.as_db_error().is_some_and(|said| refuses_settings(said.message()))
    }

    /// Whether the connection is of no more use: the server said goodbye, what was prepared on it does not fit any
    /// longer, or it leads to a server that takes no writes while another may.
    pub(crate) fn ends_connection(&self) -> bool {
        let Self::Postgres(error) = self else { return false };
        let ends = |code: &SqlState| match (class(code), code.code()) {
            ("08" | "26", _) | ("25", READ_ONLY | "25P03" | "25P04") => true,
            ("0A", _) => error.as_db_error().is_some_and(|said| is_outdated_plan(said.message())),
            (_, code) => code.starts_with("57P"),
        };
        error.is_closed() || error.code().is_some_and(ends)
    }

    pub(crate) fn code(&self) -> Option<&SqlState> {
        match self {
            Self::Postgres(error) => error.code(),
            Self::Said(_) => None,
        }
    }
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}

/// The same error once more, for another one whom it concerns.
pub(crate) fn again(error: &Error) -> Error {
    let make = match error {
        error if error.is_transient() => Error::transient,
        error if error.is_conflict() => Error::conflict,
        error if error.is_corrupt() => Error::corrupt,
        error if error.is_invalid() => Error::invalid,
        _ => Error::other,
    };
    make(error.to_string())
}

/// The error of a store that is closed, or whose runtime has ended.
pub(crate) fn gone(what: &str) -> Error {
    Error::other(format!("could not {what}: the tokio runtime in which the store was opened has ended"))
}

/// The error of a server that does not answer.
pub(crate) fn silent(what: &str, waited: std::time::Duration) -> Error {
    Error::transient(format!(
        "could not {what}: the database did not answer within {waited:?}; look whether it is reachable, and for locks \
         that are held for long"
    ))
}

const READ_ONLY: &str = "25006";

/// What pgbouncer says to settings of a session. It has no code of its own for it.
fn refuses_settings(said: &str) -> bool {
    said.contains("startup parameter")
}

/// The server has no code of its own for it.
fn is_outdated_plan(said: &str) -> bool {
    said.contains("cached plan")
}

fn class(code: &SqlState) -> &str {
    code.code().get(..2).unwrap_or_default()
}

pub(crate) type Make = fn(String) -> Error;

pub(crate) fn in_words(what: &str, error: tokio_postgres::Error) -> Error {
    let (make, cause): (Make, String) = match error.as_db_error() {
        Some(said) => by_code(said.code(), said.message()),
        None if error.is_closed() => lost(),
        None => by_cause(&error),
    };
    make(format!("could not {what}: {cause}")).with_source(error)
}

/// The connection is gone.
pub(crate) fn lost() -> (Make, String) {
    let words = "the connection to the database was lost; whether it was done is not known, and it may be tried again";
    (Error::transient, words.into())
}

/// What is wrong between here and the server.
fn by_cause(error: &tokio_postgres::Error) -> (Make, String) {
    let cause = std::error::Error::source(error);
    let io = cause.and_then(|cause| cause.downcast_ref::<std::io::Error>());
    let words = cause.map_or_else(|| error.to_string(), ToString::to_string);
    match io {
        Some(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => (
            Error::transient,
            format!("no server listens there ({words}); look whether PostgreSQL runs, and at host and port of the URL"),
        ),
        Some(io) if io.kind() == std::io::ErrorKind::InvalidData => {
            (Error::other, format!("the server is not trusted: {} ({words})", distrust(io)))
        }
        Some(_) => (Error::transient, format!("the database cannot be reached: {words}")),
        None if words.contains("does not support TLS") => (
            Error::other,
            format!("the server does not encrypt ({words}); switch `ssl` on there, or write `sslmode=prefer`"),
        ),
        None if error.to_string().contains("connect") || error.to_string().contains("timeout") => {
            (Error::transient, format!("the database cannot be reached: {words}"))
        }
        None => (Error::other, format!("{error}: {words}")),
    }
}

/// What the server said, by the code that it gave.
pub(crate) fn by_code(code: &SqlState, said: &str) -> (Make, String) {
    let transient = |words: &str| (Error::transient as Make, format!("{words} ({said})"));
    let other = |words: &str| (Error::other as Make, format!("{words} ({said})"));
    match (class(code), code.code()) {
        ("08", _) if refuses_settings(said) => other(
            "a pooler stands between and does not take the `options` of the URL; leave them out and set them for the \
             user, as by ALTER ROLE .. SET",
        ),
        ("08", _) => transient("the connection to the database was lost"),
        ("40", _) => transient("another transaction stood in the way"),
        ("53", "53100") => transient("the server's disk is full; free some room, or prune finished jobs"),
        ("53", "53300") => {
            transient("the server has no free connection; raise `max_connections` or use fewer processes")
        }
        ("53", _) => transient("the server is short of memory or of another resource"),
        ("55", "55P03") => transient("a row or table is locked for longer than `lock_timeout`"),
        ("57", "57014") => transient("the statement was cancelled, by hand or by `statement_timeout`"),
        ("57" | "58", _) => transient("the server stops, starts or is in trouble"),
        ("25", READ_ONLY) => transient(
            "the server takes no writes: it is a replica, or `default_transaction_read_only` is on; name the primary, \
             or await its promotion",
        ),
        ("25", "25P03" | "25P04") => transient("the server gave up a transaction that took too long"),
        ("28", _) => {
            other("the server does not let this user in; look at user and password of the URL, and pg_hba.conf")
        }
        ("3D", _) => other("the database of the URL does not exist; create it, or name another one"),
        ("42", "42501") => {
            other("this user may not do that; grant it the rights on the schema, or CREATE on the database")
        }
        ("42", "42P01" | "3F000") | ("3F", _) => {
            other("the tables of the schema are gone; was it dropped? Open the store anew to create them")
        }
        ("23" | "54", _) => (Error::invalid, format!("the database cannot hold such a value ({said})")),
        ("22", _) => (Error::invalid, format!("a value is not one that the database takes ({said})")),
        ("XX", _) => (Error::corrupt, format!("the database is damaged; look at the server's log ({said})")),
        ("0A", _) if is_outdated_plan(said) => transient("the schema was changed meanwhile"),
        ("26", _) => {
            transient("a prepared statement is gone; if a pooler stands between, add `prepare=off` to the URL")
        }
        _ => (Error::other, format!("the server says: {said} (SQLSTATE {})", code.code())),
    }
}
