//! Messages for the errors of the driver and of the server. They say what to do.

use jobs_core::Error;
use tokio_postgres::error::SqlState;

use super::certificate::explain_rejection;

pub(super) const READ_ONLY: &str = "25006";

/// Whether it is pgbouncer's message about settings of a session. It has no SQLSTATE of its own for this.
pub(super) fn refuses_settings(message: &str) -> bool {
    message.contains("startup parameter")
}

/// Whether a prepared statement does not fit the schema any more. The server has no SQLSTATE of its own for this.
pub(super) fn is_outdated_plan(message: &str) -> bool {
    message.contains("cached plan")
}

/// The class of an SQLSTATE: its first two characters.
pub(super) fn class(code: &SqlState) -> &str {
    code.code().get(..2).unwrap_or_default()
}

/// Constructors an error of one kind.
pub(crate) type Constructor = fn(String) -> Error;

/// The error of the operation `what`, as `claim`.
pub(super) fn describe(what: &str, error: tokio_postgres::Error) -> Error {
    let (constructor, cause): (Constructor, String) = match error.as_db_error() {
        Some(error) => describe_code(error.code(), error.message()),
        None if error.is_closed() => connection_lost(),
        None => describe_cause(&error),
    };
    constructor(format!("could not {what}: {cause}")).with_source(error)
}

pub(crate) fn connection_lost() -> (Constructor, String) {
    let message =
        "the connection to the database was lost; it is not known whether the call was done, and it may be tried again";
    (Error::transient, message.into())
}

/// The message for an error that did not come from the server.
fn describe_cause(error: &tokio_postgres::Error) -> (Constructor, String) {
    let cause = std::error::Error::source(error);
    let io = cause.and_then(|cause| cause.downcast_ref::<std::io::Error>());
    let text = cause.map_or_else(|| error.to_string(), ToString::to_string);
    match io {
        Some(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => (
            Error::transient,
            format!("no server listens there ({text}); look whether PostgreSQL runs, and at host and port of the URL"),
        ),
        Some(io) if io.kind() == std::io::ErrorKind::InvalidData => {
            (Error::other, format!("the server is not trusted: {} ({text})", explain_rejection(io)))
        }
        Some(_) => (Error::transient, format!("the database cannot be reached: {text}")),
        None if text.contains("does not support TLS") => (
            Error::other,
            format!("the server does not encrypt ({text}); switch `ssl` on there, or write `sslmode=prefer`"),
        ),
        None if error.to_string().contains("connect") || error.to_string().contains("timeout") => {
            (Error::transient, format!("the database cannot be reached: {text}"))
        }
        None => (Error::other, format!("{error}: {text}")),
    }
}

/// The message for an error of the server, by its SQLSTATE.
pub(crate) fn describe_code(code: &SqlState, message: &str) -> (Constructor, String) {
    let transient = |text: &str| (Error::transient as Constructor, format!("{text} ({message})"));
    let other = |text: &str| (Error::other as Constructor, format!("{text} ({message})"));
    match (class(code), code.code()) {
        ("08", _) if refuses_settings(message) => other(
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
        ("55", "55P03") => transient("a row or table was locked for longer than `lock_timeout`"),
        ("57", "57014") => transient("the statement was cancelled manually or by `statement_timeout`"),
        ("57" | "58", _) => transient("the server stops, starts or has an internal error"),
        ("25", READ_ONLY) => transient(
            "the server takes no writes: it is a replica, or `default_transaction_read_only` is on; name the primary, \
             or await its promotion",
        ),
        ("25", "25P03" | "25P04") => transient("the server ended a transaction that took too long"),
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
        ("23" | "54", _) => (Error::invalid, format!("the database cannot hold such a value ({message})")),
        ("22", "22P05" | "22021") => (
            Error::invalid,
            format!(
                "the encoding of the database lacks a character ({message}); leave it out, or use a database with the \
                 encoding UTF8"
            ),
        ),
        ("22", _) => (Error::invalid, format!("a value is not one that the database takes ({message})")),
        ("XX", _) => (Error::corrupt, format!("the database is damaged; look at the server's log ({message})")),
        ("0A", _) if is_outdated_plan(message) => transient("the schema was changed meanwhile"),
        ("26", _) => {
            transient("a prepared statement is gone; if a pooler stands between, add `prepare=off` to the URL")
        }
        _ => (Error::other, format!("the server says: {message} (SQLSTATE {})", code.code())),
    }
}
