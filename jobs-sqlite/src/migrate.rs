//! The schema, grown step by step. `PRAGMA user_version` counts the steps that were taken.

use rusqlite::{Connection, TransactionBehavior};

use jobs_core::Error;

use crate::error::{Result, Trouble};

const STEPS: &[&str] = &[
    include_str!("migrations/0001_jobs.sql"),
    include_str!("migrations/0002_unique_keys.sql"),
    include_str!("migrations/0003_errors_process.sql"),
    include_str!("migrations/0004_recurring_tasks.sql"),
];

/// Takes the steps that are missing, all or none. Several processes may start at once: the first one takes
/// them under the write lock, the others then find nothing to do.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    if taken(connection)? == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = taken(&transaction)?;
    // Only under the lock: before it, the tables may be those that another process has just made.
    if before == 0 && has_tables(&transaction)? {
        return Err(foreign());
    }
    for step in STEPS.iter().skip(before) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", i64::try_from(STEPS.len()).unwrap_or(i64::MAX))?;
    Ok(transaction.commit()?)
}

fn taken(connection: &Connection) -> Result<usize> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = STEPS.len();
    match usize::try_from(version) {
        Ok(steps) if steps <= known => Ok(steps),
        _ => Err(newer(version, known)),
    }
}

/// Whether a file without our schema is somebody else's.
fn has_tables(connection: &Connection) -> Result<bool> {
    let count = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%')";
    Ok(connection.query_row(count, [], |row| row.get(0))?)
}

fn foreign() -> Trouble {
    Trouble::Said(Error::invalid(
        "the database belongs to another program: it has tables but not those of `jobs`; give the jobs a file of \
         their own",
    ))
}

fn newer(version: i64, known: usize) -> Trouble {
    Trouble::Said(Error::invalid(format!(
        "the database has schema {version}, and this version of `jobs-sqlite` knows no later one than {known}; \
         update the program, or go back to the database from before the update"
    )))
}
