//! `diesel_async::AsyncPgConnection`, within its `transaction`.

use ::diesel_async::{AsyncPgConnection, RunQueryDsl};
use diesel::deserialize::{self, QueryableByName};
use diesel::pg::Pg;
use diesel::query_builder::BoxedSqlQuery;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::row::NamedRow;
use diesel::sql_types::{Nullable, Text};
use jobs_core::{Error, StoreFuture, Transaction};

use super::{Driver, PRODUCT};
use crate::refused;

/// A connection on which a transaction was begun. Without one each statement is a transaction of its own.
impl Transaction<Driver> for AsyncPgConnection {
    fn product(&self) -> &'static str {
        PRODUCT
    }

    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        Box::pin(async move {
            let query = diesel::sql_query(statement).into_boxed::<Pg>();
            let query = parameters.iter().fold(query, BoxedSqlQuery::bind::<Nullable<Text>, _>);
            let rows: Vec<Answer> = query.load(self).await.map_err(driver_error)?;
            Ok(rows.into_iter().map(|row| row.0).collect())
        })
    }
}

struct Answer(String);

impl QueryableByName<Pg> for Answer {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        NamedRow::get::<Text, String>(row, "answer").map(Self)
    }
}

/// Diesel names the kinds that it knows and keeps the codes of others to itself.
fn driver_error(error: DieselError) -> Error {
    let (code, message) = match &error {
        DieselError::DatabaseError(kind, message) => (code(*kind), message.message().to_owned()),
        other => (Some(""), other.to_string()),
    };
    refused(code, &message, error)
}

const fn code(kind: DatabaseErrorKind) -> Option<&'static str> {
    match kind {
        DatabaseErrorKind::UniqueViolation => Some("23505"),
        DatabaseErrorKind::ForeignKeyViolation => Some("23503"),
        DatabaseErrorKind::NotNullViolation => Some("23502"),
        DatabaseErrorKind::CheckViolation => Some("23514"),
        DatabaseErrorKind::SerializationFailure => Some("40001"),
        DatabaseErrorKind::ReadOnlyTransaction => Some("25006"),
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => None,
        _ => Some(""),
    }
}
