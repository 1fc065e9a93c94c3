//! Creates and migrates the schema in steps. `PRAGMA user_version` stores the [`Schema`]: how many steps were taken.

use rusqlite::{Connection, TransactionBehavior};

use jobs_core::{Error, Schema, SchemaStatus};

use crate::error::{Result, StoreError};

const STEPS: &[&str] = &[
    include_str!("migrations/0001_jobs.sql"),
    include_str!("migrations/0002_unique_keys.sql"),
    include_str!("migrations/0003_errors_process.sql"),
    include_str!("migrations/0004_totals.sql"),
    include_str!("migrations/0005_recurring_tasks.sql"),
    include_str!("migrations/0006_returned.sql"),
    include_str!("migrations/0007_counts_expiry_slow_jobs.sql"),
    include_str!("migrations/0008_figures.sql"),
    include_str!("migrations/0009_process_details.sql"),
    include_str!("migrations/0010_claim_times.sql"),
    include_str!("migrations/0011_attempt_logs.sql"),
];

/// How many of these steps a program has to know to work on the newest schema. Raise it with a step after which an
/// older program would do harm, for example because it would not maintain what the step added: step 2 added unique
/// keys.
const LEAST: u16 = 2;

/// Takes the missing steps, all or none. Several processes may start at once: the first one takes the steps under the
/// write lock, and the others then find nothing to do.
pub(crate) fn migrate(connection: &mut Connection) -> Result<SchemaStatus> {
    if let Some(standing) = status(found(connection)?)? {
        return Ok(standing);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = found(&transaction)?;
    // Another process may have been first.
    if let Some(standing) = status(before)? {
        return Ok(standing);
    }
    // Checked under the lock only: before it, the tables may be those that another process has just made.
    if before.steps() == 0 && has_tables(&transaction)? {
        return Err(foreign());
    }
    for step in STEPS.iter().skip(usize::from(before.steps())) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", Schema::new(known(), LEAST).number())?;
    transaction.commit()?;
    Ok(SchemaStatus::Current)
}

/// Refuses a schema that would have to be migrated first.
pub(crate) fn check_up_to_date(connection: &Connection) -> Result<SchemaStatus> {
    let found = found(connection)?;
    if let Some(standing) = status(found)? {
        return Ok(standing);
    }
    if found.steps() == 0 && has_tables(connection)? { Err(foreign()) } else { Err(found.is_outdated(known()).into()) }
}

fn known() -> u16 {
    u16::try_from(STEPS.len()).unwrap_or(u16::MAX)
}

/// The status of a schema that needs no migration; `None` if steps are missing.
fn status(schema: Schema) -> Result<Option<SchemaStatus>> {
    match schema.status(known()) {
        SchemaStatus::Outdated => Ok(None),
        standing @ (SchemaStatus::Current | SchemaStatus::NewerCompatible) => Ok(Some(standing)),
        SchemaStatus::NewerIncompatible => Err(newer(schema.steps().into())),
    }
}

fn found(connection: &Connection) -> Result<Schema> {
    let number: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Schema::of(number).ok_or_else(|| newer(number))
}

/// Whether a file without our schema belongs to another program.
fn has_tables(connection: &Connection) -> Result<bool> {
    let count = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%')";
    Ok(connection.query_row(count, [], |row| row.get(0))?)
}

fn foreign() -> StoreError {
    StoreError::Other(Error::invalid(
        "the database belongs to another program: it has tables but not those of `jobs`; give the jobs a file of \
         their own",
    ))
}

fn newer(version: i32) -> StoreError {
    let known = known();
    StoreError::Other(Error::invalid(format!(
        "the database has schema {version}, and this version of `jobs-sqlite` knows no later one than {known}; \
         update the program, or go back to the database from before the update"
    )))
}
