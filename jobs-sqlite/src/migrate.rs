//! The schema, grown step by step. `PRAGMA user_version` has the [`Schema`]: how many steps were taken.

use rusqlite::{Connection, TransactionBehavior};

use jobs_core::{Error, Schema, Standing};

use crate::error::{Result, Trouble};

const STEPS: &[&str] = &[
    include_str!("migrations/0001_jobs.sql"),
    include_str!("migrations/0002_unique_keys.sql"),
    include_str!("migrations/0003_errors_process.sql"),
    include_str!("migrations/0004_totals.sql"),
    include_str!("migrations/0005_recurring_tasks.sql"),
];

/// How many of these steps a program has to know to work on what all of them make. To be raised with a step after which an
/// older program would do harm, as when it would not keep what the step brought: 2 gave unique jobs their keys.
const LEAST: u16 = 2;

/// Takes the steps that are missing, all or none. Several processes may start at once: the first one takes
/// them under the write lock, the others then find nothing to do.
pub(crate) fn migrate(connection: &mut Connection) -> Result<Standing> {
    if let Some(standing) = taken(found(connection)?)? {
        return Ok(standing);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = found(&transaction)?;
    // Another process may have been first.
    if let Some(standing) = taken(before)? {
        return Ok(standing);
    }
    // Only under the lock: before it, the tables may be those that another process has just made.
    if before.steps() == 0 && has_tables(&transaction)? {
        return Err(foreign());
    }
    for step in STEPS.iter().skip(usize::from(before.steps())) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", Schema::new(known(), LEAST).number())?;
    transaction.commit()?;
    Ok(Standing::Known)
}

/// Refuses a schema on which something would have to be done first.
pub(crate) fn is_up_to_date(connection: &Connection) -> Result<Standing> {
    let found = found(connection)?;
    if let Some(standing) = taken(found)? {
        return Ok(standing);
    }
    if found.steps() == 0 && has_tables(connection)? { Err(foreign()) } else { Err(found.is_outdated(known()).into()) }
}

fn known() -> u16 {
    u16::try_from(STEPS.len()).unwrap_or(u16::MAX)
}

/// How a schema stands to this program if nothing is left to do; `None` if steps are outstanding.
fn taken(schema: Schema) -> Result<Option<Standing>> {
    match schema.standing(known()) {
        Standing::Older => Ok(None),
        standing @ (Standing::Known | Standing::Newer) => Ok(Some(standing)),
        Standing::TooNew => Err(newer(schema.steps().into())),
    }
}

fn found(connection: &Connection) -> Result<Schema> {
    let number: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Schema::of(number).ok_or_else(|| newer(number))
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

fn newer(version: i32) -> Trouble {
    let known = known();
    Trouble::Said(Error::invalid(format!(
        "the database has schema {version}, and this version of `jobs-sqlite` knows no later one than {known}; \
         update the program, or go back to the database from before the update"
    )))
}
