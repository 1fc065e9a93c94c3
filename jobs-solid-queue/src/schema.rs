//! The tables as Rails makes them, for tests and for programs without Rails.

use jobs_core::Error;
use jobs_sql::{Database, Dialect};

/// The statements that make the tables of Solid Queue on this database, each with `;` at its end. They leave alone what exists.
pub const fn tables(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => include_str!("migrations/tables.postgres.sql"),
        Dialect::MySql => include_str!("migrations/tables.mysql.sql"),
        Dialect::Sqlite => include_str!("migrations/tables.sqlite.sql"),
    }
}

/// Makes the [tables] that do not exist, with their indexes.
///
/// On PostgreSQL and `SQLite` all are made or none. MySQL keeps what was made before an error; the call can be repeated.
///
/// Not cancel safe on MySQL, in the same way.
///
/// # Errors
/// The database cannot be reached, or the user may not create tables.
pub async fn create_tables(database: &Database) -> Result<(), Error> {
    database.run_script(tables(database.dialect()), "create the tables of Solid Queue").await
}
