//! Looks at the tables when a store is opened: are they there, and do they have the columns that are needed?

use jobs_core::Error;
use jobs_sql::{Database, Dialect, SqlRow};

use super::statements::Statements;
use crate::DelayedJobOptions;

const DOING: &str = "look at the tables of Delayed Job";

/// The columns that are needed. Applications from before Delayed Job 3.0 have no `queue`.
const NEEDED: [&str; 12] = [
    "id",
    "priority",
    "attempts",
    "handler",
    "last_error",
    "run_at",
    "locked_at",
    "locked_by",
    "failed_at",
    "queue",
    "created_at",
    "updated_at",
];

/// How the types of whole numbers begin in the three databases.
const INTEGERS: [&str; 5] = ["bigint", "int", "mediumint", "smallint", "tinyint"];

/// How many bytes two columns hold, and whether times have a zone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColumnLimits {
    pub(crate) handler: usize,
    pub(crate) last_error: usize,
    /// As with `datetime_type = :timestamptz` of Rails on PostgreSQL.
    pub(crate) has_zoned_times: bool,
}

/// A column of the table.
struct TableColumn {
    name: String,
    kind: String,
    bytes_max: Option<usize>,
}

/// Checks the table of Delayed Job, and creates our own tables if the options say so.
///
/// # Errors
/// A table or a column is missing. The error [is invalid](Error::is_invalid) and says what to do.
pub(crate) async fn check_tables(
    database: &Database,
    statements: &Statements,
    options: &DelayedJobOptions,
) -> Result<ColumnLimits, Error> {
    let columns = columns(database, &options.table).await?;
    check_columns(&columns, &options.table)?;
    if options.creates_tables {
        let script = match database.dialect() {
            Dialect::Postgres => include_str!("../migrations/tables.postgres.sql"),
            Dialect::MySql => include_str!("../migrations/tables.mysql.sql"),
            Dialect::Sqlite => include_str!("../migrations/tables.sqlite.sql"),
        };
        if !has_own_tables(database, statements).await? {
            let doing = "create the tables of `jobs` beside that of Delayed Job";
            let created = database.run_script(&statements.fill(script), doing).await;
            // Of two programs that create them at the same time, PostgreSQL refuses one.
            if created.is_err() && !has_own_tables(database, statements).await? {
                created?;
            }
        }
    } else if !has_own_tables(database, statements).await? {
        return Err(Error::invalid(format!(
            "the tables `{0}_rs_processes`, `{0}_rs_paused` and `{0}_rs_cancellations` of `jobs` are missing beside `{0}`: run `jobsctl migrate`, which \
             creates them",
            options.table
        )));
    }
    let limit = |name: &str| columns.iter().find(|column| column.name == name).and_then(|column| column.bytes_max);
    Ok(ColumnLimits {
        handler: limit("handler").unwrap_or(usize::MAX),
        last_error: limit("last_error").unwrap_or(usize::MAX),
        has_zoned_times: columns.iter().any(|column| column.kind.contains("with time zone")),
    })
}

/// Whether our own tables can be read.
///
/// # Errors
/// It is not known, since the database cannot be reached now.
async fn has_own_tables(database: &Database, statements: &Statements) -> Result<bool, Error> {
    for table in ["{processes}", "{paused}", "{cancellations}"] {
        let look = statements.fill(&format!("SELECT COUNT(*) FROM {table}"));
        match database.query(&look, &[], DOING).await {
            Ok(_count) => {}
            Err(error) if error.is_transient() => return Err(error),
            Err(_missing) => return Ok(false),
        }
    }
    Ok(true)
}

async fn columns(database: &Database, table: &str) -> Result<Vec<TableColumn>, Error> {
    let name = table.rsplit_once('.').map_or(table, |(_schema, name)| name);
    let schema = table.rsplit_once('.').map(|(schema, _name)| schema);
    let (statement, of_schema) = match database.dialect() {
        Dialect::Sqlite => ("SELECT name, type, NULL FROM pragma_table_info(?)", ""),
        Dialect::Postgres => (
            "SELECT column_name::text, data_type::text, NULL::bigint FROM information_schema.columns WHERE table_name = ?",
            " AND table_schema = ANY (current_schemas(false))",
        ),
        Dialect::MySql => (
            "SELECT LOWER(column_name), data_type, CAST(character_octet_length AS SIGNED) FROM information_schema.columns WHERE table_name = ?",
            " AND table_schema = DATABASE()",
        ),
    };
    let (of_schema, values) = match schema {
        Some(schema) if database.dialect() != Dialect::Sqlite => {
            (" AND table_schema = ?", vec![name.into(), schema.into()])
        }
        _ => (of_schema, vec![name.into()]),
    };
    let rows = database.query(&format!("{statement}{of_schema}"), &values, DOING).await?;
    rows.iter().map(column).collect()
}

fn column(row: &SqlRow) -> Result<TableColumn, Error> {
    let bytes_max = row.int_or_null(2).and_then(|bytes| usize::try_from(bytes).ok());
    Ok(TableColumn { name: row.text(0)?.to_owned(), kind: row.text(1)?.to_ascii_lowercase(), bytes_max })
}

fn check_columns(columns: &[TableColumn], table: &str) -> Result<(), Error> {
    if columns.is_empty() {
        return Err(Error::invalid(format!(
            "there is no table `{table}` in this database: create it with `rails generate delayed_job:active_record` and \
             `rails db:migrate`, or name another one with `table=..`"
        )));
    }
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    if let Some(missing) = NEEDED.into_iter().find(|name| !has(name)) {
        let how = match missing {
            "queue" => "`rails generate delayed_job:upgrade` adds it",
            _ => "is it the table of Delayed Job?",
        };
        return Err(Error::invalid(format!("the table `{table}` has no column `{missing}`: {how}")));
    }
    let is_number = |kind: &str| INTEGERS.iter().any(|integer| kind.starts_with(integer)) && kind != "interval";
    if let Some(id) = columns.iter().find(|column| column.name == "id" && !is_number(&column.kind)) {
        return Err(Error::invalid(format!(
            "the column `id` of `{table}` is of the type `{}`, and the store needs whole numbers: use a table whose `id` is a \
             `bigint`, as `rails generate delayed_job:active_record` creates it",
            id.kind
        )));
    }
    Ok(())
}
