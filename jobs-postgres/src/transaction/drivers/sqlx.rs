//! `sqlx::Transaction` and `sqlx::PgConnection`.

use ::sqlx::query::Query;
use ::sqlx::{AssertSqlSafe, PgConnection, Postgres, Row};
use jobs_core::{Error, StoreFuture, Transaction};

use super::{Driver, PRODUCT};
use crate::refused;

impl Transaction<Driver> for ::sqlx::Transaction<'_, Postgres> {
    fn product(&self) -> &'static str {
        PRODUCT
    }

    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        run(self, statement, parameters)
    }
}

/// A connection on which a transaction was begun. Without one each statement is a transaction of its own.
impl Transaction<Driver> for PgConnection {
    fn product(&self) -> &'static str {
        PRODUCT
    }

    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        run(self, statement, parameters)
    }
}

fn run<'a>(
    connection: &'a mut PgConnection,
    statement: &'a str,
    parameters: &'a [Option<String>],
) -> StoreFuture<'a, Vec<String>> {
    Box::pin(async move {
        // The text is one of this crate's own; what users give is in the parameters.
        let query = ::sqlx::query(AssertSqlSafe(statement));
        let query = parameters.iter().fold(query, Query::bind);
        let rows = query.fetch_all(connection).await.map_err(driver_error)?;
        rows.iter().map(|row| row.try_get(0).map_err(driver_error)).collect()
    })
}

fn driver_error(error: ::sqlx::Error) -> Error {
    let database = error.as_database_error();
    let code = database.and_then(|message| Some(message.code()?.into_owned()));
    let message = database.map(|message| message.message().to_owned()).unwrap_or_default();
    refused(code.as_deref(), &message, error)
}
