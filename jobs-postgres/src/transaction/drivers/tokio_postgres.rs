//! `tokio_postgres::Transaction`.

use ::tokio_postgres::types::{ToSql, Type};
use jobs_core::{Error, StoreFuture, Transaction};

use super::{Driver, PRODUCT};
use crate::refused;

impl Transaction<Driver> for ::tokio_postgres::Transaction<'_> {
    fn product(&self) -> &'static str {
        PRODUCT
    }

    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        Box::pin(async move {
            let typed = |parameter: &'a Option<String>| (parameter as &(dyn ToSql + Sync), Type::TEXT);
            let typed: Vec<_> = parameters.iter().map(typed).collect();
            let rows = self.query_typed(statement, &typed).await.map_err(driver_error)?;
            rows.iter().map(|row| row.try_get(0).map_err(driver_error)).collect()
        })
    }
}

fn driver_error(error: ::tokio_postgres::Error) -> Error {
    let code = error.code().map(|code| code.code().to_owned());
    let message = error.as_db_error().map(|message| message.message().to_owned()).unwrap_or_default();
    refused(code.as_deref(), &message, error)
}
