//! Turns an error of a caller's driver into an error of this store.

use jobs_core::{BoxError, Error};
use tokio_postgres::error::SqlState;

use crate::error::{Constructor, connection_lost, describe_code};

/// The error of a driver with the messages of this store, for those who implement
/// [`Transaction`](jobs_core::Transaction) for another driver.
///
/// `code` is the SQLSTATE, as `23505`, and `message` the message of the server; an empty code if the driver does not
/// give it. Without a code the connection is taken to be lost.
pub fn refused(code: Option<&str>, message: &str, cause: impl Into<BoxError>) -> Error {
    let (constructor, text): (Constructor, String) = match code {
        Some("") => (Error::other, format!("the server says: {message}")),
        Some("42P01" | "3F000") => (Error::invalid, no_tables(message)),
        Some(code) => describe_code(&SqlState::from_code(code), message),
        None => connection_lost(),
    };
    constructor(format!("could not write to the jobs within the transaction: {text}")).with_source(cause)
}

fn no_tables(message: &str) -> String {
    format!(
        "its database has no tables of this client's store ({message}): use a client on the transaction's database, or \
         gather the jobs with `client.after_commit()` and enqueue them after the commit"
    )
}
