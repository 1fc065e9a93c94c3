//! What a person asks of processes: to be quiet or to stop, in the rows of the processes, and to cancel jobs, in a table of ours.

use std::collections::HashSet;

use jobs_core::{Error, JobId, ProcessId, ProcessOrder, ProcessOrders, StoreFuture};
use jobs_sql::repeat_deadlocked;

use super::claim_names::process_of;
use super::processes::status_of;
use crate::DelayedJobStore;
use crate::inspect::Sought;
use crate::job::StoredJob;
use crate::store::{StoreCore, read_row};

const CANCEL_DOING: &str = "cancel a job";
const CANCELLED_DOING: &str = "ask which jobs to cancel";

impl ProcessOrders for DelayedJobStore {
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool> {
        Box::pin(self.run(move |core| async move { repeat_deadlocked(|| Box::pin(core.order(process, order))).await }))
    }

    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>> {
        Box::pin(self.run(move |core| async move { repeat_deadlocked(|| Box::pin(core.request_cancel(job))).await }))
    }

    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>> {
        Box::pin(self.core.cancelled_of(process))
    }
}

impl StoreCore {
    async fn order(&self, process: ProcessId, order: ProcessOrder) -> Result<bool, Error> {
        let mut transaction = self.database.begin("ask a process").await?;
        let find = self.statements.fill(include_str!("../sql/process_find.sql"));
        let found = transaction.query(&find, &[process.get().into()]).await?;
        let Some(row) = found.first().filter(|row| row.time_or_null(1).is_none()) else { return Ok(false) };
        if status_of(row.text(2)?) >= order.status() {
            return Ok(false);
        }
        let write = self.statements.fill(include_str!("../sql/process_order.sql"));
        transaction.execute(&write, &[order.status().as_str().into(), process.get().into()]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn request_cancel(&self, job: JobId) -> Result<Option<ProcessId>, Error> {
        let rows = self.rows_of(&[job], Sought::Newest).await?;
        let rows = self.read_for(include_str!("../sql/rows.sql"), &rows, CANCEL_DOING).await?;
        let rows = rows.iter().map(read_row).collect::<Result<Vec<_>, _>>()?;
        let held =
            rows.into_iter().rev().find_map(|row| Some((row.id, row.locked_by.filter(|_| row.failed_at.is_none())?)));
        let Some((row, claim)) = held else { return Ok(None) };
        let Some(process) = process_of(&claim) else {
            return Err(Error::unsupported(format!(
                "`{claim}` performs the job, a worker of Ruby that cannot be asked"
            )));
        };
        let mut transaction = self.database.begin(CANCEL_DOING).await?;
        let find = self.statements.fill(include_str!("../sql/process_find.sql"));
        let found = transaction.query(&find, &[process.get().into()]).await?;
        if found.first().is_none_or(|row| row.time_or_null(1).is_some()) {
            return Ok(None);
        }
        transaction.execute(&self.statements.fill(include_str!("../sql/cancel_forget.sql")), &[]).await?;
        let keep = self.statements.fill(include_str!("../sql/cancel.sql"));
        transaction.execute(&keep, &[row.into(), claim.into()]).await?;
        transaction.commit().await?;
        Ok(Some(process))
    }

    /// Most of the time nothing is to be cancelled, and no row of a job is read.
    async fn cancelled_of(&self, process: ProcessId) -> Result<Vec<JobId>, Error> {
        let requests = self.read(include_str!("../sql/cancellations.sql"), &[], CANCELLED_DOING).await?;
        let mut claims = HashSet::new();
        for request in &requests {
            claims.insert((request.int(0)?, request.text(1)?.to_owned()));
        }
        claims.retain(|(_, claim)| process_of(claim) == Some(process));
        let rows: Vec<i64> = claims.iter().map(|(row, _)| *row).collect();
        let mut jobs = Vec::new();
        for row in self.read_for(include_str!("../sql/rows.sql"), &rows, CANCELLED_DOING).await? {
            let row = read_row(&row)?;
            let is_held = row.locked_by.clone().is_some_and(|claim| claims.contains(&(row.id, claim)));
            if is_held && row.failed_at.is_none() {
                jobs.push(StoredJob::of(row).id());
            }
        }
        Ok(jobs)
    }
}
