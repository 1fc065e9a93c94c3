//! `sea_orm::DatabaseTransaction`.

use ::sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, RuntimeErr, Statement, Value};
use jobs_core::{Error, StoreFuture, Transaction};

use super::{Driver, PRODUCT};
use crate::refused;

impl Transaction<Driver> for DatabaseTransaction {
    fn product(&self) -> &'static str {
        match self.get_database_backend() {
            DbBackend::Postgres => PRODUCT,
            DbBackend::MySql => "MySQL",
            DbBackend::Sqlite => "SQLite",
            _ => "another product",
        }
    }

    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        Box::pin(async move {
            let values = parameters.iter().cloned().map(Value::from);
            let statement = Statement::from_sql_and_values(DbBackend::Postgres, statement, values);
            let rows = self.query_all_raw(statement).await.map_err(driver_error)?;
            rows.iter().map(|row| row.try_get_by_index(0).map_err(driver_error)).collect()
        })
    }
}

fn driver_error(error: DbErr) -> Error {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = &error else {
        return refused(None, "", error);
    };
    let database = cause.as_database_error();
    let code = database.and_then(|message| Some(message.code()?.into_owned()));
    let message = database.map(|message| message.message().to_owned()).unwrap_or_default();
    refused(code.as_deref(), &message, error)
}
