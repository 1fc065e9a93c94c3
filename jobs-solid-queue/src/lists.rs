//! Statements about many rows: the lists of their values, in pieces that every database takes.

use jobs_core::Error;
use jobs_sql::{Dialect, SqlRow, SqlValue, Transaction};

/// Of so many values a statement is about at most. `SQLite` takes 32,766 values in one statement.
const AT_ONCE: usize = 4096;

/// Runs a statement about rows, `IN {ids}`, after values of its own. Answers how many rows were changed.
pub(crate) async fn execute<T: Clone + Into<SqlValue>>(
    transaction: &mut Transaction,
    statement: &str,
    values: &[SqlValue],
    ids: &[T],
) -> Result<u64, Error> {
    let mut changed = 0;
    for piece in ids.chunks(AT_ONCE) {
        let (statement, values) = with_ids(transaction.dialect(), statement, values, piece);
        changed += transaction.execute(&statement, &values).await?;
    }
    Ok(changed)
}

/// The rows of a query about rows, `IN {ids}`.
pub(crate) async fn query<T: Clone + Into<SqlValue>>(
    transaction: &mut Transaction,
    statement: &str,
    ids: &[T],
) -> Result<Vec<SqlRow>, Error> {
    query_with(transaction, statement, &[], ids).await
}

/// As [`query`], after values of its own.
pub(crate) async fn query_with<T: Clone + Into<SqlValue>>(
    transaction: &mut Transaction,
    statement: &str,
    values: &[SqlValue],
    ids: &[T],
) -> Result<Vec<SqlRow>, Error> {
    let mut rows = Vec::new();
    for piece in ids.chunks(AT_ONCE) {
        let (statement, values) = with_ids(transaction.dialect(), statement, values, piece);
        rows.extend(transaction.query(&statement, &values).await?);
    }
    Ok(rows)
}

/// Runs an insert of rows, `VALUES {rows}`, all with the same number of values.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    statement: &str,
    rows: &[Vec<SqlValue>],
) -> Result<(), Error> {
    let columns = rows.first().map_or(1, Vec::len).max(1);
    for piece in rows.chunks(AT_ONCE / columns) {
        let lists = vec![Dialect::list(columns); piece.len()].join(", ");
        transaction.execute(&statement.replace("{rows}", &lists), &piece.concat()).await?;
    }
    Ok(())
}

fn with_ids<T: Clone + Into<SqlValue>>(
    dialect: Dialect,
    statement: &str,
    values: &[SqlValue],
    ids: &[T],
) -> (String, Vec<SqlValue>) {
    let (statement, list) = dialect.with_list(statement, ids);
    (statement, [values, &list].concat())
}
