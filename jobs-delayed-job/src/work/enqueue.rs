//! Jobs are enqueued.

use jobs_core::{Enqueued, Error, NewJob};
use jobs_sql::{SqlValue, Transaction, repeat_deadlocked};

use crate::job::{NewColumns, columns_of};
use crate::store::StoreCore;

/// How many rows a statement inserts at most, and how many bytes of handlers. MySQL takes packets of 16 MiB.
const ROWS_MAX: usize = 500;
const BYTES_MAX: usize = 4 * 1024 * 1024;

impl StoreCore {
    pub(crate) async fn enqueue_all(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        let rows = self.new_rows(jobs)?;
        if !rows.is_empty() {
            repeat_deadlocked(|| Box::pin(self.insert(&rows))).await?;
        }
        Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
    }

    async fn insert(&self, rows: &[NewColumns]) -> Result<(), Error> {
        let _in_order = self.writing.lock().await;
        let mut transaction = self.database.begin("enqueue jobs").await?;
        self.insert_in(&mut transaction, rows).await?;
        transaction.commit().await
    }

    pub(crate) async fn insert_in(&self, transaction: &mut Transaction, mut rest: &[NewColumns]) -> Result<(), Error> {
        while !rest.is_empty() {
            let (part, others) = rest.split_at(part_size(rest));
            let values = vec!["(?, 0, ?, ?, ?, ?, ?)"; part.len()].join(", ");
            let statement = self.statements.fill(include_str!("../sql/insert.sql")).replace("{values}", &values);
            let values: Vec<SqlValue> = part.iter().flat_map(|row| self.values(row)).collect();
            transaction.execute(&statement, &values).await?;
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
}

/// How many of these rows one statement inserts.
fn part_size(rows: &[NewColumns]) -> usize {
    let mut bytes = 0_usize;
    let fits = |row: &&NewColumns| {
        bytes = bytes.saturating_add(row.handler.len());
        bytes <= BYTES_MAX
    };
    rows.iter().take(ROWS_MAX).take_while(fits).count().max(1)
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
