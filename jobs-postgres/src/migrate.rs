//! Creates and migrates the schema in steps. The table `jobs_schema` stores the [`Schema`]: how many steps were taken.

use jobs_core::{Error, Schema, SchemaStatus};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::error::{Result, StoreError};
use crate::statements::with_schema;

const STEPS: &[&str] = &[
    include_str!("migrations/0001_jobs.sql"),
    include_str!("migrations/0002_unique_keys.sql"),
    include_str!("migrations/0003_totals.sql"),
    include_str!("migrations/0004_recurring_tasks.sql"),
    include_str!("migrations/0005_one_order.sql"),
    include_str!("migrations/0006_two_orders.sql"),
    include_str!("migrations/0007_expiry_slow_jobs.sql"),
    include_str!("migrations/0008_figures.sql"),
    include_str!("migrations/0009_process_details.sql"),
    include_str!("migrations/0010_claim_times.sql"),
    include_str!("migrations/0011_attempt_logs.sql"),
];

/// The tables of this store. Before they are created, none of these names may be taken by another program.
pub(crate) const TABLES: [&str; 13] = [
    "jobs",
    "done",
    "errors",
    "processes",
    "holders",
    "paused_queues",
    "tallies",
    "unique_keys",
    "recurring_tasks",
    "figures",
    "deploys",
    "cancellations",
    "finished_logs",
];

/// How many of these steps a program has to know to work on the newest schema. Raise it with a step after which an
/// older program would do harm, for example because it would not maintain what the step added: step 2 added unique
/// keys.
const LEAST: u16 = 2;

/// Takes the missing steps, all or none. Several processes may start at once: the first one takes the steps under a
/// lock, and the others then find nothing to do.
///
/// After an error the connection is in a failed transaction and must be dropped.
pub(crate) async fn migrate(client: &Client, schema: &str) -> Result<SchemaStatus> {
    if let Some(found) = found(client, schema).await?
        && let Some(standing) = status(found, schema)?
    {
        return check_complete(client, schema).await.map(|()| standing);
    }
    client.batch_execute("BEGIN").await?;
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('jobs:' || $1, 0))";
    client.query_typed(lock, &[(&schema, Type::TEXT)]).await?;
    let before = found(client, schema).await?;
    if before.is_none() {
        // Checked under the lock only: before it, the tables may be those that another process has just made.
        create_schema(client, schema).await?;
    }
    let before = before.unwrap_or(Schema::new(0, 0));
    // Another process may have been first.
    let standing = status(before, schema)?;
    if standing.is_none() {
        take_steps(client, schema, before.steps()).await?;
    }
    client.batch_execute("COMMIT").await?;
    Ok(standing.unwrap_or(SchemaStatus::Current))
}

/// Takes the steps after the first `taken` ones.
async fn take_steps(client: &Client, schema: &str, taken: u16) -> Result<()> {
    for step in STEPS.iter().skip(taken.into()) {
        client.batch_execute(&with_schema(step, schema)).await?;
    }
    let number = Schema::new(known(), LEAST).number();
    let note = format!("UPDATE {{schema}}.jobs_schema SET version = {number}");
    Ok(client.batch_execute(&with_schema(&note, schema)).await?)
}

/// Refuses a schema that would have to be migrated first.
pub(crate) async fn check_up_to_date(client: &Client, schema: &str) -> Result<SchemaStatus> {
    let found = found(client, schema).await?.unwrap_or(Schema::new(0, 0));
    match status(found, schema)? {
        Some(standing) => check_complete(client, schema).await.map(|()| standing),
        None => Err(found.is_outdated(known()).into()),
    }
}

fn known() -> u16 {
    u16::try_from(STEPS.len()).unwrap_or(u16::MAX)
}

/// The status of a schema that needs no migration; `None` if steps are missing.
fn status(found: Schema, schema: &str) -> Result<Option<SchemaStatus>> {
    match found.status(known()) {
        SchemaStatus::Outdated => Ok(None),
        standing @ (SchemaStatus::Current | SchemaStatus::NewerCompatible) => Ok(Some(standing)),
        SchemaStatus::NewerIncompatible => Err(newer(schema, found.steps().into())),
    }
}

/// The stored schema number; `None` if there are no tables of this store.
async fn found(client: &Client, schema: &str) -> Result<Option<Schema>> {
    if tables(client, schema, &["jobs_schema"]).await?.is_empty() {
        return Ok(None);
    }
    let rows = client.query_typed(&with_schema("SELECT version FROM {schema}.jobs_schema", schema), &[]).await?;
    let number: i32 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    Schema::of(number).map(Some).ok_or_else(|| newer(schema, number))
}

/// Checks that no table was dropped. Otherwise each call would fail later, with a less helpful message.
async fn check_complete(client: &Client, schema: &str) -> Result<()> {
    let found = tables(client, schema, &TABLES).await?;
    if found.len() == TABLES.len() { Ok(()) } else { Err(incomplete(schema, &found)) }
}

/// Which of these tables are in the schema.
async fn tables(client: &Client, schema: &str, names: &[&str]) -> Result<Vec<String>> {
    let query = "SELECT relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                 WHERE nspname = $1 AND relname = ANY ($2) ORDER BY relname";
    let rows = client.query_typed(query, &[(&schema, Type::TEXT), (&names, Type::TEXT_ARRAY)]).await?;
    rows.iter().map(|row: &Row| Ok(row.try_get(0)?)).collect()
}

async fn create_schema(client: &Client, schema: &str) -> Result<()> {
    let found = tables(client, schema, &TABLES).await?;
    if !found.is_empty() {
        return Err(foreign(schema, &found));
    }
    let exists = "SELECT FROM pg_namespace WHERE nspname = $1";
    if client.query_typed(exists, &[(&schema, Type::TEXT)]).await?.is_empty() {
        client.batch_execute(&with_schema("CREATE SCHEMA {schema}", schema)).await?;
    }
    let note = "CREATE TABLE {schema}.jobs_schema (version integer NOT NULL);
                INSERT INTO {schema}.jobs_schema (version) VALUES (0)";
    Ok(client.batch_execute(&with_schema(note, schema)).await?)
}

fn incomplete(schema: &str, found: &[String]) -> StoreError {
    let lacks = TABLES.iter().filter(|table| !found.iter().any(|found| found == *table));
    let lacks = lacks.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    StoreError::Other(Error::corrupt(format!(
        "the schema `{schema}` lacks tables that were made with it ({lacks}); restore them from a backup, or drop the \
         schema to begin with an empty one"
    )))
}

fn foreign(schema: &str, tables: &[String]) -> StoreError {
    let tables = tables.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    StoreError::Other(Error::invalid(format!(
        "the schema `{schema}` has tables of another program where those of `jobs` would be ({tables}); give the jobs \
         a schema of their own, as `?schema=background`"
    )))
}

fn newer(schema: &str, version: i32) -> StoreError {
    let known = known();
    StoreError::Other(Error::invalid(format!(
        "the schema `{schema}` is at version {version}, and this version of `jobs-postgres` knows no later one than \
         {known}; update the program, or go back to the database from before the update"
    )))
}
