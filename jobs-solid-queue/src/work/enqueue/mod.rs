//! New jobs are stored.

pub(crate) mod shared;

use std::collections::HashSet;

use jobs_core::{Enqueued, Error, NewJob, Timestamp};
use jobs_sql::{Transaction, repeat_deadlocked};

use self::shared::StoredRows;
use super::semaphores::Admission;
use crate::SolidQueueStore;
use crate::payload::{NewRow, active_job_id_of};

const DOING: &str = "enqueue jobs";

impl SolidQueueStore {
    pub(crate) async fn enqueue_all(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        let mut rows = self.new_rows(jobs)?;
        // A limited job waits for the row of its permits, and others are not to wait for it.
        if rows.iter().any(NewRow::is_limited) {
            return repeat_deadlocked(|| Box::pin(self.enqueue_limited(jobs, &rows))).await;
        }
        match rows.pop() {
            Some(row) if rows.is_empty() => self.enqueues.request((), row).await?,
            Some(last) => {
                rows.push(last);
                self.enqueues.shared_call().store(&rows).await?;
            }
            None => {}
        }
        Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
    }

    async fn enqueue_limited(&self, jobs: &[NewJob], rows: &[NewRow]) -> Result<Vec<Enqueued>, Error> {
        let mut transaction = self.queue.begin(DOING).await?;
        let answers = self.store_rows(&mut transaction, jobs, rows).await?;
        transaction.commit().await?;
        Ok(answers)
    }

    /// Stores jobs that are not stored yet, each ready, scheduled or blocked.
    pub(crate) async fn store_new(
        &self,
        transaction: &mut Transaction,
        jobs: &[NewJob],
    ) -> Result<Vec<Enqueued>, Error> {
        let rows = self.new_rows(jobs)?;
        self.store_rows(transaction, jobs, &rows).await
    }

    async fn store_rows(
        &self,
        transaction: &mut Transaction,
        jobs: &[NewJob],
        rows: &[NewRow],
    ) -> Result<Vec<Enqueued>, Error> {
        let stored = StoredRows::store(transaction, rows).await?;
        let discarded = self.admit(transaction, &stored.limited, self.queue.now()).await?;
        let answer = |job: &NewJob| match stored.numbers.get(&active_job_id_of(job.id)) {
            Some(row) if discarded.contains(row) => Enqueued::Halted,
            _ => Enqueued::New(job.id),
        };
        Ok(jobs.iter().map(answer).collect())
    }

    /// The rows of jobs.
    fn new_rows(&self, jobs: &[NewJob]) -> Result<Vec<NewRow>, Error> {
        jobs.iter().try_for_each(check)?;
        let now = self.queue.now();
        let rows = jobs.iter().map(|job| {
            let mut row = NewRow::of(job, self.form(), now)?;
            row.concurrency_key = self.queue.options.limits.key_of(&row.class, job);
            Ok(row)
        });
        rows.collect()
    }

    /// Lets limited jobs take their permits one after the other. Answers which of them were discarded.
    async fn admit(&self, transaction: &mut Transaction, rows: &[i64], now: Timestamp) -> Result<HashSet<i64>, Error> {
        let mut discarded = HashSet::new();
        for job in self.limited(transaction, rows).await? {
            if self.admit_limited(transaction, &job, now).await? == Admission::Discarded {
                discarded.insert(job.row);
            }
        }
        Ok(discarded)
    }
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
