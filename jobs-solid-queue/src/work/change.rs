//! Settlements that change the serialized form of a job: it runs again, has failed, or is discarded.

use std::collections::HashMap;
use std::time::Duration;

use jobs_core::{Decision, Error, Timestamp, corrupt_record};
use jobs_sql::{Dialect, Transaction};

use super::enqueue::shared::values;
use super::settle::SettlePlan;
use crate::SolidQueueStore;
use crate::lists;
use crate::payload::{JobRow, MYSQL_TEXT_BYTES, NewRow, Next, RowPayload};

const JOBS: &str = include_str!("../sql/settle/jobs.sql");
const INSERT_JOBS: &str = include_str!("../sql/enqueue/insert_jobs.sql");
const UPDATE_ARGUMENTS: &str = include_str!("../sql/settle/update_arguments.sql");
const UPDATE_JOB: &str = include_str!("../sql/settle/update_job.sql");

/// A run that is to be repeated.
struct Again<'d> {
    wait: Duration,
    queue: Option<&'d str>,
    priority: Option<i32>,
}

impl SolidQueueStore {
    /// Writes the serialized forms that change, and plans the rest.
    pub(super) async fn change(
        &self,
        transaction: &mut Transaction,
        plan: &mut SettlePlan<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let changed = std::mem::take(&mut plan.changed);
        let jobs = self.job_rows(transaction, &changed.iter().map(|(row, _)| *row).collect::<Vec<_>>()).await?;
        let jobs: HashMap<i64, &JobRow> = jobs.iter().map(|job| (job.id, job)).collect();
        for (row, decision) in changed {
            let Some(job) = jobs.get(&row) else { continue };
            match job.payload() {
                Ok(payload) => self.change_one(transaction, plan, job, payload, decision, now).await?,
                Err(why) => plan.failed.push((row, corrupt_record(why, now))),
            }
        }
        Ok(())
    }

    async fn change_one(
        &self,
        transaction: &mut Transaction,
        plan: &mut SettlePlan<'_>,
        job: &JobRow,
        payload: RowPayload,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<(), Error> {
        match decision {
            Decision::Retry { wait, queue, priority, meta, error } => {
                let again = Again { wait: *wait, queue: queue.as_deref(), priority: *priority };
                let payload = payload.failed(error, meta.as_deref()).counted();
                self.run_again(transaction, plan, job, payload, &again, now).await
            }
            Decision::Continue { wait, meta } => {
                let again = Again { wait: *wait, queue: None, priority: None };
                self.run_again(transaction, plan, job, payload.with_meta(meta.as_deref()), &again, now).await
            }
            Decision::Fail { meta, error } => {
                plan.failed.push((job.id, error.clone()));
                self.update_arguments(transaction, job.id, &payload.failed(error, meta.as_deref())).await
            }
            Decision::Discard { error } => {
                plan.discarded.push(job.id);
                self.update_arguments(transaction, job.id, &payload.discarded(error.as_ref())).await
            }
            _ => Ok(()),
        }
    }

    /// A job that Rust enqueued waits in its row. The row of a job that Ruby enqueued ends, and another one waits, as
    /// Active Job's `retry_on` makes it.
    async fn run_again(
        &self,
        transaction: &mut Transaction,
        plan: &mut SettlePlan<'_>,
        job: &JobRow,
        payload: RowPayload,
        again: &Again<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let is_ours = payload.is_ours();
        let next = Next { queue: again.queue, priority: again.priority, now, due: now + again.wait };
        let next = NewRow::of_next(job, payload, &next, self.form());
        if is_ours {
            plan.scheduled.push(job.id);
            return Self::update_job(transaction, job.id, &next, now).await;
        }
        // Before the row that ends, which may be deleted.
        let values = values(&next);
        let insert = INSERT_JOBS.replace("{rows}", &Dialect::list(values.len()));
        plan.scheduled.push(transaction.insert(&insert, &values).await?);
        let ends = if self.queue.options.preserves_finished_jobs { &mut plan.finished } else { &mut plan.deleted };
        ends.push(job.id);
        Ok(())
    }

    async fn update_job(transaction: &mut Transaction, row: i64, next: &NewRow, now: Timestamp) -> Result<(), Error> {
        let values = [
            next.arguments.as_str().into(),
            next.queue.as_str().into(),
            next.priority.into(),
            next.scheduled_at.into(),
            now.into(),
            row.into(),
        ];
        transaction.execute(UPDATE_JOB, &values).await?;
        Ok(())
    }

    /// Writes the serialized form of a job. One that is too long for MySQL's column even without its errors is left as it was,
    /// so that it stops nothing else.
    pub(crate) async fn update_arguments(
        &self,
        transaction: &mut Transaction,
        row: i64,
        payload: &RowPayload,
    ) -> Result<(), Error> {
        let text = payload.text(transaction.dialect());
        if transaction.dialect() == Dialect::MySql && text.len() > MYSQL_TEXT_BYTES {
            tracing::warn!(row, bytes = text.len(), "what is known of the attempts of a job does not fit into its row");
            return Ok(());
        }
        transaction.execute(UPDATE_ARGUMENTS, &[text.into(), row.into()]).await?;
        Ok(())
    }

    /// The rows of these numbers.
    pub(crate) async fn job_rows(&self, transaction: &mut Transaction, rows: &[i64]) -> Result<Vec<JobRow>, Error> {
        lists::query(transaction, JOBS, rows).await?.iter().map(|row| JobRow::read(row, 0)).collect()
    }
}
