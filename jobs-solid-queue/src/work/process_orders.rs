//! The capability to ask processes of ours to be quiet, to stop, or to cancel a job, by marks. Processes of Ruby take signals on their
//! own machines.

use std::collections::HashMap;
use std::time::Duration;

use jobs_core::{
    Error, JobId, ProcessId, ProcessOrder, ProcessOrders, ProcessRecord, ProcessStatus, StoreFuture, Timestamp,
};
use jobs_sql::{Transaction, repeat_deadlocked};

use super::process_row::{Metadata, name_of, of_name};
use crate::SolidQueueStore;
use crate::marks::{CANCEL, MarkTimes, ORDER};
use crate::payload::{active_job_id_of, id_of, row_of};

const ROWS: &str = include_str!("../sql/process/rows.sql");
const NAME: &str = include_str!("../sql/process/name.sql");
const CLAIM_OF_JOB: &str = include_str!("../sql/process/claim_of_job.sql");
const CANCELLED: &str = include_str!("../sql/process/cancelled.sql");

/// A process follows an order within seconds. One that does not come back for so long is dead.
const ORDER_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// No job runs for so long after it was asked to end.
const REQUEST_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl ProcessOrders for SolidQueueStore {
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool> {
        Box::pin(repeat_deadlocked(move || Box::pin(self.ask(process, order))))
    }

    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>> {
        Box::pin(repeat_deadlocked(move || Box::pin(self.request_cancel(job))))
    }

    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>> {
        Box::pin(async move {
            let rows = self.queue.query(CANCELLED, &[name_of(process).into()], "ask which jobs to cancel").await?;
            rows.iter().map(|row| Ok(id_of(row.text_or_null(1), row.int(0)?))).collect()
        })
    }
}

impl SolidQueueStore {
    async fn ask(&self, process: ProcessId, order: ProcessOrder) -> Result<bool, Error> {
        let mut transaction = self.queue.begin("ask a process").await?;
        let rows = transaction.query(ROWS, &[name_of(process).into()]).await?;
        let known = rows.first().and_then(|row| Metadata::parse(row.text_or_null(1)).process());
        let Some(known) = known else {
            is_not_of_ruby(&mut transaction, process).await?;
            return Ok(false);
        };
        let asked = asked_status(&mut transaction, process).await?;
        if asked.max(Some(known.phase)) >= Some(order.status()) {
            return Ok(false);
        }
        let times = times(self.queue.now(), ORDER_KEPT);
        ORDER.forget_expired(&mut transaction, times.now).await?;
        ORDER.remove(&mut transaction, &process.to_string()).await?;
        ORDER.set(&mut transaction, &process.to_string(), value_of(order.status()), times).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn request_cancel(&self, job: JobId) -> Result<Option<ProcessId>, Error> {
        let mut transaction = self.queue.begin("cancel a job").await?;
        let claims = transaction.query(CLAIM_OF_JOB, &[active_job_id_of(job).into(), row_of(job).into()]).await?;
        let Some(claim) = claims.first() else { return Ok(None) };
        let Some(name) = claim.text_or_null(2) else { return Ok(None) };
        let Some(process) = of_name(name) else {
            return Err(Error::unsupported(format!("`{name}` runs the job, a process of Ruby that cannot be asked")));
        };
        if Metadata::parse(claim.text_or_null(3)).process().is_none() {
            return Ok(None);
        }
        let times = times(self.queue.now(), REQUEST_KEPT);
        CANCEL.forget_expired(&mut transaction, times.now).await?;
        CANCEL.set(&mut transaction, &claim.int(0)?.to_string(), 0, times).await?;
        transaction.commit().await?;
        Ok(Some(process))
    }

    /// Gives the processes the status that they are asked for.
    pub(crate) async fn show_orders_in(&self, records: &mut [ProcessRecord]) -> Result<(), Error> {
        let asked: HashMap<String, i64> =
            ORDER.all(&self.queue, "read orders to processes").await?.into_iter().collect();
        for ProcessRecord { process, .. } in records {
            let asked = asked.get(&process.id.to_string()).and_then(|value| status_of(*value));
            process.phase = asked.map_or(process.phase, |asked| asked.max(process.phase));
        }
        Ok(())
    }
}

/// The status that a process is asked for.
pub(super) async fn asked_status(
    transaction: &mut Transaction,
    process: ProcessId,
) -> Result<Option<ProcessStatus>, Error> {
    Ok(ORDER.value(transaction, &process.to_string()).await?.and_then(status_of))
}

/// Forgets what a process is asked for.
pub(super) async fn forget_order(transaction: &mut Transaction, process: ProcessId) -> Result<(), Error> {
    ORDER.remove(transaction, &process.to_string()).await
}

/// Refuses the number of a row of Ruby.
async fn is_not_of_ruby(transaction: &mut Transaction, process: ProcessId) -> Result<(), Error> {
    let rows = transaction.query(NAME, &[process.get().into()]).await?;
    match rows.first().map(|row| row.text_or_null(0).unwrap_or("it")) {
        Some(name) if of_name(name).is_none() => Err(Error::unsupported(format!(
            "`{name}` is a process of Ruby, which takes no orders in the database: send its supervisor SIGTERM on its machine"
        ))),
        _ => Ok(()),
    }
}

fn times(now: Timestamp, kept: Duration) -> MarkTimes {
    MarkTimes { now, expires: now + kept }
}

const fn value_of(status: ProcessStatus) -> i64 {
    match status {
        ProcessStatus::Running => 0,
        ProcessStatus::Quiet => 1,
        ProcessStatus::Stopped => 2,
    }
}

fn status_of(value: i64) -> Option<ProcessStatus> {
    [ProcessStatus::Quiet, ProcessStatus::Stopped].into_iter().find(|status| value_of(*status) == value)
}
