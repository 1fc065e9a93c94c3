//! The schema, grown step by step. `jobs_schema` has the [`Schema`]: how many steps were taken.

use jobs_core::{Error, Schema, Standing};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::error::{Result, Trouble};
use crate::statements::for_schema;

const STEPS: &[&str] = &[
    include_str!("migrations/0001_jobs.sql"),
    include_str!("migrations/0002_unique_keys.sql"),
    include_str!("migrations/0003_totals.sql"),
    include_str!("migrations/0004_recurring_tasks.sql"),
    include_str!("migrations/0005_one_order.sql"),
];

/// The tables that another program must not have where ours are to be.
const TABLES: [&str; 9] =
    ["jobs", "done", "errors", "processes", "holders", "paused_queues", "tallies", "unique_keys", "recurring_tasks"];

/// How many of these steps a program has to know to work on what all of them make. To be raised with a step after which an
/// older program would do harm, as when it would not keep what the step brought: 2 gave unique jobs their keys.
const LEAST: u16 = 2;

/// Takes the steps that are missing, all or none. Several processes may start at once: the first one takes them
/// under a lock, the others then find nothing to do.
///
/// After an error the connection is in a transaction that came to nothing, and is to be dropped.
pub(crate) async fn migrate(client: &Client, schema: &str) -> Result<Standing> {
    if let Some(found) = found(client, schema).await?
        && let Some(standing) = taken(found, schema)?
    {
        return is_whole(client, schema).await.map(|()| standing);
    }
    client.batch_execute("BEGIN").await?;
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('jobs:' || $1, 0))";
    client.query_typed(lock, &[(&schema, Type::TEXT)]).await?;
    let before = found(client, schema).await?;
    if before.is_none() {
        // Only under the lock: before it, the tables may be those that another process has just made.
        begin(client, schema).await?;
    }
    let before = before.unwrap_or(Schema::new(0, 0));
    // Another process may have been first.
    let standing = taken(before, schema)?;
    if standing.is_none() {
        take(client, schema, before.steps()).await?;
    }
    client.batch_execute("COMMIT").await?;
    Ok(standing.unwrap_or(Standing::Known))
}

/// Takes the steps after the first so many.
async fn take(client: &Client, schema: &str, taken: u16) -> Result<()> {
    for step in STEPS.iter().skip(taken.into()) {
        client.batch_execute(&for_schema(step, schema)).await?;
    }
    let number = Schema::new(known(), LEAST).number();
    let note = format!("UPDATE {{schema}}.jobs_schema SET version = {number}");
    Ok(client.batch_execute(&for_schema(&note, schema)).await?)
}

/// Refuses a schema on which something would have to be done first.
pub(crate) async fn is_up_to_date(client: &Client, schema: &str) -> Result<Standing> {
    let found = found(client, schema).await?.unwrap_or(Schema::new(0, 0));
    match taken(found, schema)? {
        Some(standing) => is_whole(client, schema).await.map(|()| standing),
        None => Err(found.is_outdated(known()).into()),
    }
}

fn known() -> u16 {
    u16::try_from(STEPS.len()).unwrap_or(u16::MAX)
}

/// How a schema stands to this program if nothing is left to do; `None` if steps are outstanding.
fn taken(found: Schema, schema: &str) -> Result<Option<Standing>> {
    match found.standing(known()) {
        Standing::Older => Ok(None),
        standing @ (Standing::Known | Standing::Newer) => Ok(Some(standing)),
        Standing::TooNew => Err(newer(schema, found.steps().into())),
    }
}

/// What is noted of the tables; `None` if ours are not there at all.
async fn found(client: &Client, schema: &str) -> Result<Option<Schema>> {
    if tables(client, schema, &["jobs_schema"]).await?.is_empty() {
        return Ok(None);
    }
    let rows = client.query_typed(&for_schema("SELECT version FROM {schema}.jobs_schema", schema), &[]).await?;
    let number: i32 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    Schema::of(number).map(Some).ok_or_else(|| newer(schema, number))
}

/// Whether no table was dropped since: better said now than by each call.
async fn is_whole(client: &Client, schema: &str) -> Result<()> {
    let found = tables(client, schema, &TABLES).await?;
    if found.len() == TABLES.len() { Ok(()) } else { Err(halved(schema, &found)) }
}

/// Which of these tables are in the schema.
async fn tables(client: &Client, schema: &str, names: &[&str]) -> Result<Vec<String>> {
    let query = "SELECT relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                 WHERE nspname = $1 AND relname = ANY ($2) ORDER BY relname";
    let rows = client.query_typed(query, &[(&schema, Type::TEXT), (&names, Type::TEXT_ARRAY)]).await?;
    rows.iter().map(|row: &Row| Ok(row.try_get(0)?)).collect()
}

async fn begin(client: &Client, schema: &str) -> Result<()> {
    let found = tables(client, schema, &TABLES).await?;
    if !found.is_empty() {
        return Err(foreign(schema, &found));
    }
    let exists = "SELECT FROM pg_namespace WHERE nspname = $1";
    if client.query_typed(exists, &[(&schema, Type::TEXT)]).await?.is_empty() {
        client.batch_execute(&for_schema("CREATE SCHEMA {schema}", schema)).await?;
    }
    let note = "CREATE TABLE {schema}.jobs_schema (version integer NOT NULL);
                INSERT INTO {schema}.jobs_schema (version) VALUES (0)";
    Ok(client.batch_execute(&for_schema(note, schema)).await?)
}

fn halved(schema: &str, found: &[String]) -> Trouble {
    let lacks = TABLES.iter().filter(|table| !found.iter().any(|found| found == *table));
    let lacks = lacks.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Trouble::Said(Error::corrupt(format!(
        "the schema `{schema}` lacks tables that were made with it ({lacks}); restore them from a backup, or drop the \
         schema to begin with an empty one"
    )))
}

fn foreign(schema: &str, tables: &[String]) -> Trouble {
    let tables = tables.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Trouble::Said(Error::invalid(format!(
        "the schema `{schema}` has tables of another program where those of `jobs` would be ({tables}); give the jobs \
         a schema of their own, as `?schema=background`"
    )))
}

fn newer(schema: &str, version: i32) -> Trouble {
    let known = known();
    Trouble::Said(Error::invalid(format!(
        "the schema `{schema}` is at version {version}, and this version of `jobs-postgres` knows no later one than \
         {known}; update the program, or go back to the database from before the update"
    )))
}
