//! Jobs are enqueued, those of callers at the same time together.

use std::sync::Arc;

use jobs_core::{Enqueued, Error, NewJob};
use jobs_sql::{Dialect, SqlArray, SqlValue, Transaction, repeat_deadlocked};
use jobs_store_util::{GroupCommit, SharedCall};

use crate::job::{NewColumns, columns_of};
use crate::row::storable;
use crate::store::StoreCore;

const DOING: &str = "enqueue jobs";

/// How many rows a statement inserts at most, and how many bytes of handlers. MySQL takes packets of 16 MiB.
const ROWS_MAX: usize = 500;
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// PostgreSQL takes one value for each column, however many rows there are.
const ROWS_MAX_POSTGRES: usize = 4000;

/// Callers that share a call store so many bytes of handlers in it at most; a larger job goes alone.
const SHARED_BYTES: usize = 1 << 20;

/// Stores single jobs for all callers of a handle.
pub(crate) struct SharedEnqueue(Arc<StoreCore>);

impl SharedEnqueue {
    pub(crate) fn new(core: &Arc<StoreCore>) -> Arc<GroupCommit<Self>> {
        GroupCommit::new(Self(Arc::clone(core)))
    }
}

impl SharedCall for SharedEnqueue {
    type Key = ();
    type Request = NewColumns;
    type Answer = ();

    const DOING: &'static str = DOING;

    fn has_room(&self, group: &[NewColumns]) -> bool {
        group.len() < ROWS_MAX && group.iter().map(|row| row.handler.len()).sum::<usize>() < SHARED_BYTES
    }

    async fn call(&self, _key: &(), group: &[NewColumns]) -> Result<Vec<()>, Error> {
        self.0.store_rows(group).await?;
        Ok(vec![(); group.len()])
    }
}

impl StoreCore {
    /// Stores rows, all or none.
    pub(crate) async fn store_rows(&self, rows: &[NewColumns]) -> Result<(), Error> {
        repeat_deadlocked(|| Box::pin(self.insert(rows))).await?;
        self.changes.notify();
        Ok(())
    }

    async fn insert(&self, rows: &[NewColumns]) -> Result<(), Error> {
        let _in_order = self.writing.lock().await;
        if self.statements.dialect == Dialect::Postgres && part_size(rows, ROWS_MAX_POSTGRES) == rows.len() {
            return self.database.run(&self.insert_postgres(), &arrays(rows), DOING).await.map(drop);
        }
        let mut transaction = self.database.begin(DOING).await?;
        self.insert_in(&mut transaction, rows).await?;
        transaction.commit().await
    }

    pub(crate) async fn insert_in(&self, transaction: &mut Transaction, mut rest: &[NewColumns]) -> Result<(), Error> {
        let is_postgres = self.statements.dialect == Dialect::Postgres;
        while !rest.is_empty() {
            let (part, others) = rest.split_at(part_size(rest, if is_postgres { ROWS_MAX_POSTGRES } else { ROWS_MAX }));
            if is_postgres {
                transaction.execute(&self.insert_postgres(), &arrays(part)).await?;
            } else {
                let values = vec!["(?, 0, ?, ?, ?, ?, ?)"; part.len()].join(", ");
                let statement = self.statements.fill(include_str!("../sql/insert.sql")).replace("{values}", &values);
                let values: Vec<SqlValue> = part.iter().flat_map(|row| self.values(row)).collect();
                transaction.execute(&statement, &values).await?;
            }
            rest = others;
        }
        Ok(())
    }

    /// The columns of new jobs.
    ///
    /// # Errors
    /// One of them cannot be kept by this store.
    pub(crate) fn new_rows(&self, jobs: &[NewJob]) -> Result<Vec<NewColumns>, Error> {
        jobs.iter().try_for_each(check)?;
        let now = self.clock.now();
        let columns = |job: &NewJob| {
            let row = columns_of(job, self.options.names, self.options.rails, now)?;
            check_length(job, row.handler.len(), self.limits.handler)?;
            Ok(row)
        };
        jobs.iter().map(columns).collect()
    }

    fn values(&self, row: &NewColumns) -> [SqlValue; 6] {
        let now = self.statements.time(row.now);
        [
            row.priority.into(),
            row.handler.as_str().into(),
            self.statements.time(row.due),
            row.queue.as_str().into(),
            now.clone(),
            now,
        ]
    }

    fn insert_postgres(&self) -> String {
        self.statements.fill(include_str!("../sql/insert.postgres.sql"))
    }
}

/// The values of rows for PostgreSQL, a list for each column.
fn arrays(rows: &[NewColumns]) -> [SqlValue; 5] {
    let texts =
        |of: fn(&NewColumns) -> &String| SqlArray::Texts(rows.iter().map(|row| Some(of(row).clone())).collect());
    [
        SqlArray::Ints(rows.iter().map(|row| row.priority.into()).collect()),
        texts(|row| &row.handler),
        SqlArray::Times(rows.iter().map(|row| storable(row.due)).collect()),
        texts(|row| &row.queue),
        SqlArray::Times(rows.iter().map(|row| storable(row.now)).collect()),
    ]
    .map(SqlValue::from)
}

/// The answers to an enqueue: this store takes every job for a new one.
pub(crate) fn answers(jobs: &[NewJob]) -> Vec<Enqueued> {
    jobs.iter().map(|job| Enqueued::New(job.id)).collect()
}

/// How many of these rows one statement inserts.
fn part_size(rows: &[NewColumns], rows_max: usize) -> usize {
    let mut bytes = 0_usize;
    let fits = |row: &&NewColumns| {
        bytes = bytes.saturating_add(row.handler.len());
        bytes <= BYTES_MAX
    };
    rows.iter().take(rows_max).take_while(fits).count().max(1)
}

/// Refuses a handler that its column would cut, or that the server would refuse.
fn check_length(job: &NewJob, bytes: usize, limit: usize) -> Result<(), Error> {
    if bytes <= limit {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the job `{}` ({}) has {bytes} bytes as Delayed Job stores it, and the column `handler` holds {limit}: make the column \
         `mediumtext` or `longtext`, or give the job less data",
        job.name, job.id
    )))
}

/// Refuses what the store cannot keep.
fn check(job: &NewJob) -> Result<(), Error> {
    job.check()?;
    job.check_not_unique("the store on Delayed Job's table")
}
