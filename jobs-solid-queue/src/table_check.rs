//! Finds out at the start what is wrong with the tables. It looks at columns, because the tables have no version.

use jobs_core::Error;
use jobs_sql::Dialect;

use crate::queue_database::QueueDatabase;

const CHECK_TABLES: &str = include_str!("sql/process/check_tables.sql");
const NARROW_COLUMNS: &str = include_str!("sql/process/narrow_columns.sql");
const ZONED_TIMES: &str = include_str!("sql/process/zoned_times.sql");
const DOING: &str = "find the tables of Solid Queue";

/// The highest number of a job that a column with 32 bits holds.
const NARROW_MAX: i64 = i32::MAX as i64;

/// Refuses tables that are not there, or too old, or whose numbers of jobs are used up. Answers whether their times have a zone.
pub(crate) async fn check_tables(queue: &QueueDatabase) -> Result<bool, Error> {
    match queue.query(CHECK_TABLES, &[], DOING).await {
        Err(error) if !error.is_transient() => {
            return Err(error.context(
                "this database has no tables of Solid Queue 0.8 or newer; run the migrations of the Rails application, name \
                 the database of its `queue` connection, or add `create_tables=yes` to the URL if there is no Rails application",
            ));
        }
        answer => drop(answer?),
    }
    if queue.dialect() != Dialect::Postgres {
        return Ok(false);
    }
    check_widths(queue).await?;
    let zoned = queue.query(ZONED_TIMES, &[], DOING).await?;
    Ok(zoned.first().is_some_and(|row| row.int_or_null(0).is_some_and(|columns| columns > 0)))
}

async fn check_widths(queue: &QueueDatabase) -> Result<(), Error> {
    let rows = queue.query(NARROW_COLUMNS, &[], DOING).await?;
    let Some(row) = rows.first().filter(|row| row.int_or_null(0).is_some_and(|columns| columns > 0)) else {
        return Ok(());
    };
    let (highest, advice) = (row.int(1)?, "change these columns to bigint, as Solid Queue 0.9 has them");
    if highest >= NARROW_MAX {
        return Err(Error::other(format!(
            "the columns `job_id` of these tables have 32 bits, and the jobs are numbered up to {highest} already, so no \
             new job can be stored; {advice}"
        )));
    }
    tracing::warn!(highest, "the columns `job_id` of these tables have 32 bits, and end at {NARROW_MAX}; {advice}");
    Ok(())
}
