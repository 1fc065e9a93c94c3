//! Statements on PostgreSQL and on MySQL.

use chrono::{DateTime, NaiveDateTime, Utc};
use sqlx::mysql::{MySqlArguments, MySqlRow};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{
    AssertSqlSafe, Column, Decode, MySql, MySqlConnection, PgConnection, Postgres, Row as _, TypeInfo, ValueRef,
};

use crate::value::{of_naive, to_naive};
use crate::{Cell, SqlArray, SqlRow, SqlValue};

type SqlxResult<T> = Result<T, sqlx::Error>;

// Both drivers have the same methods and no common trait that would keep these short.
macro_rules! bind_all {
    ($query:expr, $values:expr, $array:expr) => {
        $values.iter().fold($query, |query, value| match value {
            SqlValue::Int(number) => query.bind(*number),
            SqlValue::Text(text) => query.bind(text.clone()),
            SqlValue::Time(time) => query.bind(time.map(to_naive)),
            SqlValue::Bool(is) => query.bind(*is),
            SqlValue::Array(array) => $array(query, array),
        })
    };
}

fn postgres(sql: String, values: &[SqlValue]) -> Query<'static, Postgres, PgArguments> {
    let array = |query: Query<'static, Postgres, PgArguments>, array: &SqlArray| match array {
        SqlArray::Ints(numbers) => query.bind(numbers.clone()),
        SqlArray::Texts(texts) => query.bind(texts.clone()),
        SqlArray::Times(times) => query.bind(times.iter().copied().map(to_naive).collect::<Vec<_>>()),
    };
    bind_all!(sqlx::query(AssertSqlSafe(sql)), values, array)
}

fn mysql(sql: String, values: &[SqlValue]) -> Query<'static, MySql, MySqlArguments> {
    // It has no arrays: the server misses a value then, and refuses the statement.
    let array = |query, _: &SqlArray| query;
    bind_all!(sqlx::query(AssertSqlSafe(sql)), values, array)
}

pub(super) async fn execute_postgres(open: &mut PgConnection, sql: String, values: &[SqlValue]) -> SqlxResult<u64> {
    Ok(postgres(sql, values).execute(open).await?.rows_affected())
}

/// How many rows were changed, and the id of the row that was inserted last.
pub(super) async fn execute_mysql(
    open: &mut MySqlConnection,
    sql: String,
    values: &[SqlValue],
) -> SqlxResult<(u64, i64)> {
    let done = mysql(sql, values).execute(open).await?;
    Ok((done.rows_affected(), i64::try_from(done.last_insert_id()).unwrap_or(i64::MAX)))
}

pub(super) async fn query_postgres(
    open: &mut PgConnection,
    sql: String,
    values: &[SqlValue],
) -> SqlxResult<Vec<SqlRow>> {
    let rows = postgres(sql, values).fetch_all(open).await?;
    rows.iter().map(row_of_postgres).collect()
}

pub(super) async fn query_mysql(
    open: &mut MySqlConnection,
    sql: String,
    values: &[SqlValue],
) -> SqlxResult<Vec<SqlRow>> {
    let rows = mysql(sql, values).fetch_all(open).await?;
    rows.iter().map(row_of_mysql).collect()
}

fn row_of_postgres(row: &PgRow) -> SqlxResult<SqlRow> {
    let cells = row.columns().iter().map(|column| {
        let value = row.try_get_raw(column.ordinal())?;
        let kind = value.type_info().name().to_owned();
        let decoded = match kind.as_str() {
            _ if value.is_null() => Ok(Cell::Null),
            "INT2" => <i16 as Decode<'_, Postgres>>::decode(value).map(|number| Cell::Int(number.into())),
            "INT4" => <i32 as Decode<'_, Postgres>>::decode(value).map(|number| Cell::Int(number.into())),
            "INT8" => <i64 as Decode<'_, Postgres>>::decode(value).map(Cell::Int),
            "BOOL" => <bool as Decode<'_, Postgres>>::decode(value).map(|is| Cell::Int(is.into())),
            "TIMESTAMP" => {
                <NaiveDateTime as Decode<'_, Postgres>>::decode(value).map(|time| Cell::Time(of_naive(time)))
            }
            "TIMESTAMPTZ" => {
                let time = <DateTime<Utc> as Decode<'_, Postgres>>::decode(value);
                time.map(|time| Cell::Time(of_naive(time.naive_utc())))
            }
            _ => <String as Decode<'_, Postgres>>::decode(value).map(Cell::Text),
        };
        decoded.map_err(sqlx::Error::Decode)
    });
    cells.collect::<SqlxResult<Vec<_>>>().map(SqlRow)
}

fn row_of_mysql(row: &MySqlRow) -> SqlxResult<SqlRow> {
    let cells = row.columns().iter().map(|column| {
        let value = row.try_get_raw(column.ordinal())?;
        let kind = value.type_info().name().to_owned();
        let decoded = match kind.as_str() {
            _ if value.is_null() => Ok(Cell::Null),
            "DATETIME" | "TIMESTAMP" => {
                <NaiveDateTime as Decode<'_, MySql>>::decode(value).map(|time| Cell::Time(of_naive(time)))
            }
            kind if kind.contains("INT") || kind == "BOOLEAN" => {
                <i64 as Decode<'_, MySql>>::decode(value).map(Cell::Int)
            }
            _ => <String as Decode<'_, MySql>>::decode(value).map(Cell::Text),
        };
        decoded.map_err(sqlx::Error::Decode)
    });
    cells.collect::<SqlxResult<Vec<_>>>().map(SqlRow)
}
