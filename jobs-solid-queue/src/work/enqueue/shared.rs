//! The rows of new jobs are stored, those of callers at the same time together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jobs_core::{Error, Timestamp};
use jobs_sql::{Database, Dialect, SqlArray, SqlValue, Transaction, repeat_deadlocked};
use jobs_store_util::{GroupCommit, SharedCall};

use crate::lists;
use crate::payload::NewRow;

const STORED: &str = include_str!("../../sql/enqueue/stored.sql");
const STORE_POSTGRES: &str = include_str!("../../sql/enqueue/store.postgres.sql");
const INSERT_JOBS: &str = include_str!("../../sql/enqueue/insert_jobs.sql");
const ROWS_MYSQL: &str = include_str!("../../sql/enqueue/rows.mysql.sql");
const MAKE_READY: &str = include_str!("../../sql/enqueue/make_ready.sql");
const SCHEDULE: &str = include_str!("../../sql/settle/schedule.sql");
const DOING: &str = "enqueue jobs";

/// How many rows are inserted with one statement.
const ROWS_AT_ONCE: usize = 400;

/// Callers that share a call store so many jobs in it at most, and so many bytes of them; a larger job goes alone.
const SHARED_JOBS: usize = 500;
const SHARED_BYTES: usize = 1 << 20;

/// Stores jobs without limits of concurrency for all callers of a handle.
pub(crate) struct SharedEnqueue {
    database: Database,
}

impl SharedEnqueue {
    pub(crate) fn new(database: &Database) -> Arc<GroupCommit<Self>> {
        GroupCommit::new(Self { database: database.clone() })
    }

    /// Stores rows that are not stored yet, all or none. A call that is dropped is rolled back.
    pub(super) async fn store(&self, rows: &[NewRow]) -> Result<(), Error> {
        repeat_deadlocked(|| Box::pin(self.store_in_transaction(rows))).await
    }

    async fn store_in_transaction(&self, rows: &[NewRow]) -> Result<(), Error> {
        let mut transaction = self.database.begin(DOING).await?;
        if self.database.dialect() == Dialect::Postgres {
            transaction.query(STORE_POSTGRES, &arrays(rows)).await?;
        } else {
            StoredRows::store(&mut transaction, rows).await?;
        }
        transaction.commit().await
    }

    /// The same for a call that is never dropped: on PostgreSQL one statement.
    async fn store_shared(&self, rows: &[NewRow]) -> Result<(), Error> {
        if self.database.dialect() == Dialect::Postgres {
            return self.database.run(STORE_POSTGRES, &arrays(rows), DOING).await.map(drop);
        }
        self.store_in_transaction(rows).await
    }
}

impl SharedCall for SharedEnqueue {
    type Key = ();
    type Request = NewRow;
    type Answer = ();

    const DOING: &'static str = DOING;

    fn has_room(&self, group: &[NewRow]) -> bool {
        group.len() < SHARED_JOBS && group.iter().map(|row| row.arguments.len()).sum::<usize>() < SHARED_BYTES
    }

    async fn call(&self, _key: &(), group: &[NewRow]) -> Result<Vec<()>, Error> {
        repeat_deadlocked(|| Box::pin(self.store_shared(group))).await?;
        Ok(vec![(); group.len()])
    }
}

/// Each job once. A caller may repeat an enqueue of which it has no answer, also while the first one is under way.
fn each_once(rows: &[NewRow]) -> Vec<&NewRow> {
    let mut known = HashSet::with_capacity(rows.len());
    rows.iter().filter(|row| known.insert(row.active_job_id.as_str())).collect()
}

/// Rows that were just inserted.
pub(super) struct StoredRows {
    /// Their numbers, by the ids of their jobs.
    pub(super) numbers: HashMap<String, i64>,
    /// Those that are not ready before they have a permit.
    pub(super) limited: Vec<i64>,
}

impl StoredRows {
    /// Inserts the rows that are not stored yet. They are ready or scheduled, except those that are limited.
    pub(super) async fn store(transaction: &mut Transaction, rows: &[NewRow]) -> Result<Self, Error> {
        let rows = each_once(rows);
        let ids: Vec<&str> = rows.iter().map(|row| row.active_job_id.as_str()).collect();
        let stored = lists::query(transaction, STORED, &ids).await?;
        let stored: HashSet<&str> = stored.iter().filter_map(|row| row.text_or_null(0)).collect();
        let rows: Vec<&NewRow> = rows.into_iter().filter(|row| !stored.contains(row.active_job_id.as_str())).collect();
        let numbers = insert(transaction, &rows).await?;
        let (mut ready, mut later, mut limited) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let part = if row.is_limited() {
                &mut limited
            } else if row.is_due() {
                &mut ready
            } else {
                &mut later
            };
            part.extend(numbers.get(&row.active_job_id).copied());
        }
        if let Some(now) = rows.iter().map(|row| row.created_at).max() {
            lists::execute(transaction, MAKE_READY, &[now.into()], &ready).await?;
            schedule(transaction, &later, now).await?;
        }
        Ok(Self { numbers, limited })
    }
}

/// Inserts rows. Answers their numbers by the ids of their jobs: these rows alone, and no other row of the same job.
async fn insert(transaction: &mut Transaction, rows: &[&NewRow]) -> Result<HashMap<String, i64>, Error> {
    let mut inserted = HashMap::with_capacity(rows.len());
    for piece in rows.chunks(ROWS_AT_ONCE) {
        let values: Vec<Vec<SqlValue>> = piece.iter().copied().map(values).collect();
        let lists = vec![Dialect::list(values.first().map_or(1, Vec::len)); piece.len()].join(", ");
        let (statement, values) = (INSERT_JOBS.replace("{rows}", &lists), values.concat());
        let found = if transaction.dialect() == Dialect::MySql {
            // The numbers of one insert follow each other, so the first row of a job from there on is the one of this call.
            let first = transaction.insert(&statement, &values).await?;
            let ids: Vec<&str> = piece.iter().map(|row| row.active_job_id.as_str()).collect();
            lists::query_with(transaction, ROWS_MYSQL, &[first.into()], &ids).await?
        } else {
            transaction.query(&format!("{statement} RETURNING id, active_job_id"), &values).await?
        };
        for row in found {
            inserted.insert(row.text(1)?.to_owned(), row.int(0)?);
        }
    }
    Ok(inserted)
}

/// The values of a row in the order of [`INSERT_JOBS`].
pub(crate) fn values(row: &NewRow) -> Vec<SqlValue> {
    vec![
        row.queue.as_str().into(),
        row.class.as_str().into(),
        row.arguments.as_str().into(),
        row.priority.into(),
        row.active_job_id.as_str().into(),
        row.scheduled_at.into(),
        row.concurrency_key.clone().into(),
        row.created_at.into(),
        row.created_at.into(),
    ]
}

/// The values of rows in the order of [`STORE_POSTGRES`], a list for each column.
fn arrays(rows: &[NewRow]) -> [SqlValue; 8] {
    let rows = each_once(rows);
    let texts = |of: fn(&NewRow) -> &String| SqlArray::Texts(rows.iter().map(|row| Some(of(row).clone())).collect());
    let times = |of: fn(&NewRow) -> Timestamp| SqlArray::Times(rows.iter().copied().map(of).collect());
    [
        texts(|row| &row.queue),
        texts(|row| &row.class),
        texts(|row| &row.arguments),
        SqlArray::Ints(rows.iter().map(|row| row.priority.into()).collect()),
        texts(|row| &row.active_job_id),
        times(|row| row.scheduled_at),
        SqlArray::Texts(rows.iter().map(|row| row.concurrency_key.clone()).collect()),
        times(|row| row.created_at),
    ]
    .map(SqlValue::from)
}

/// Lets jobs wait for their times.
pub(crate) async fn schedule(transaction: &mut Transaction, rows: &[i64], now: Timestamp) -> Result<(), Error> {
    lists::execute(transaction, SCHEDULE, &[now.into()], rows).await?;
    Ok(())
}
