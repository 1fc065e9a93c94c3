//! New jobs are stored.

use std::collections::{HashMap, HashSet};

use jobs_core::{Enqueued, Error, NewJob, Timestamp};
use jobs_sql::{Dialect, SqlValue, Transaction};

use super::semaphores::Admission;
use crate::SolidQueueStore;
use crate::lists;
use crate::payload::{NewRow, active_job_id_of};

const STORED: &str = include_str!("../sql/enqueue/stored.sql");
const INSERT_JOBS: &str = include_str!("../sql/enqueue/insert_jobs.sql");
const ROWS_MYSQL: &str = include_str!("../sql/enqueue/rows.mysql.sql");
const MAKE_READY: &str = include_str!("../sql/enqueue/make_ready.sql");

/// How many rows are inserted with one statement.
const ROWS_AT_ONCE: usize = 400;

impl SolidQueueStore {
    pub(crate) async fn enqueue_all(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let mut transaction = self.queue.begin("enqueue jobs").await?;
        let answers = self.store_new(&mut transaction, jobs).await?;
        transaction.commit().await?;
        Ok(answers)
    }

    /// Stores jobs that are not stored yet, each ready, scheduled or blocked.
    pub(crate) async fn store_new(
        &self,
        transaction: &mut Transaction,
        jobs: &[NewJob],
    ) -> Result<Vec<Enqueued>, Error> {
        jobs.iter().try_for_each(check)?;
        let now = self.queue.now();
        let rows = self.rows_of(transaction, jobs, now).await?;
        let inserted = insert(transaction, &rows).await?;
        let numbers = |rows: &[&NewRow]| {
            rows.iter().filter_map(|row| inserted.get(&row.active_job_id).copied()).collect::<Vec<_>>()
        };
        let (due, later): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.scheduled_at <= now);
        let (limited, free): (Vec<&NewRow>, Vec<&NewRow>) = due.into_iter().partition(|row| self.is_limited(row));
        lists::execute(transaction, MAKE_READY, &[now.into()], &numbers(&free)).await?;
        self.schedule(transaction, &numbers(&later), now).await?;
        let discarded = self.admit(transaction, &numbers(&limited), now).await?;
        let answer = |job: &NewJob| match inserted.get(&active_job_id_of(job.id)) {
            Some(row) if discarded.contains(row) => Enqueued::Halted,
            _ => Enqueued::New(job.id),
        };
        Ok(jobs.iter().map(answer).collect())
    }

    /// The rows of the jobs that are not stored yet, each once.
    async fn rows_of(
        &self,
        transaction: &mut Transaction,
        jobs: &[NewJob],
        now: Timestamp,
    ) -> Result<Vec<NewRow>, Error> {
        let ids: Vec<String> = jobs.iter().map(|job| active_job_id_of(job.id)).collect();
        let stored = lists::query(transaction, STORED, &ids).await?;
        let mut known: HashSet<String> =
            stored.iter().filter_map(|row| row.text_or_null(0).map(str::to_owned)).collect();
        let mut rows = Vec::with_capacity(jobs.len());
        for (job, id) in jobs.iter().zip(ids) {
            if known.insert(id) {
                let mut row = NewRow::of(job, self.form(), now)?;
                row.concurrency_key = self.queue.options.limits.key_of(&row.class, job);
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn is_limited(&self, row: &NewRow) -> bool {
        row.concurrency_key.is_some() && self.queue.options.limits.of(&row.class).is_some()
    }

    /// Lets limited jobs take their permits one after the other. Answers which of them were discarded.
    async fn admit(&self, transaction: &mut Transaction, rows: &[i64], now: Timestamp) -> Result<HashSet<i64>, Error> {
        let mut discarded = HashSet::new();
        for job in self.limited(transaction, rows).await? {
            if job.admit(transaction, now).await? == Admission::Discarded {
                discarded.insert(job.row);
            }
        }
        Ok(discarded)
    }
}

/// Inserts rows. Answers their numbers by the ids of their jobs: these rows alone, and no other row of the same job.
async fn insert(transaction: &mut Transaction, rows: &[NewRow]) -> Result<HashMap<String, i64>, Error> {
    let mut inserted = HashMap::with_capacity(rows.len());
    for piece in rows.chunks(ROWS_AT_ONCE) {
        let values: Vec<Vec<SqlValue>> = piece.iter().map(values).collect();
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

/// Checks what this store refuses in every job.
///
/// # Errors
/// As [`NewJob::check`]; and if the job is unique, the error [is unsupported](Error::is_unsupported) then.
pub(crate) fn check(job: &NewJob) -> Result<(), Error> {
    job.check()?;
    if job.unique_key.is_some() {
        return Err(Error::unsupported(format!(
            "the job `{}` is unique, and the tables of Solid Queue have no unique keys; leave out `unique`, or limit its concurrency",
            job.name
        )));
    }
    Ok(())
}
