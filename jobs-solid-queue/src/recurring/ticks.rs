//! Ticks are taken: the job and the row of its tick in one transaction. The unique index decides between schedulers.

use std::collections::HashSet;

use jobs_core::{Error, NewJob, State, Tick, TickBatch, TickOutcome, Timestamp};
use jobs_sql::Transaction;

use crate::SolidQueueStore;
use crate::lists;
use crate::manage::leave;
use crate::payload::active_job_id_of;
use crate::work::check_new;

const TAKEN: &str = include_str!("../sql/recurring/taken.sql");
const TAKE: &str = include_str!("../sql/recurring/take.sql");
const ROW: &str = include_str!("../sql/inspect/last_row.sql");
const DELETE_JOBS: &str = include_str!("../sql/settle/delete_jobs.sql");

impl SolidQueueStore {
    pub(super) async fn take_ticks(&self, ticks: &[Tick]) -> Result<Vec<TickOutcome>, Error> {
        ticks.iter().filter_map(|tick| tick.job.as_ref()).try_for_each(check_new)?;
        let now = self.queue.now();
        let mut transaction = self.queue.begin("take ticks of recurring tasks").await?;
        let keys: HashSet<&str> = ticks.iter().map(|tick| tick.key.as_str()).collect();
        let rows = self.lock_tasks(&mut transaction, &keys.into_iter().collect::<Vec<_>>()).await?;
        let records = rows.iter().map(|row| row.record(self.form(), now));
        let open = Self::open_ticks(&mut transaction, ticks).await?;
        let batch = TickBatch::new(open, records, now);
        let enqueued = self.store_new(&mut transaction, batch.jobs()).await?;
        let lost = self.take_for(&mut transaction, ticks, batch.jobs(), now).await?;
        let (mut outcomes, changed) = batch.finish(&enqueued);
        for (outcome, tick) in outcomes.iter_mut().zip(ticks) {
            let is_lost = tick.job.as_ref().is_some_and(|job| lost.contains(&active_job_id_of(job.id)));
            if is_lost || (*outcome == TickOutcome::Skipped && tick.job.is_some()) {
                *outcome = TickOutcome::Taken;
            }
        }
        for record in changed {
            let Some(row) = rows.iter().find(|row| row.key == record.task.key) else { continue };
            self.write_task(&mut transaction, row, &record, now).await?;
        }
        transaction.commit().await?;
        Ok(outcomes)
    }

    /// The ticks as they are asked for. One that a scheduler of Ruby has taken has no job to store.
    async fn open_ticks(transaction: &mut Transaction, ticks: &[Tick]) -> Result<Vec<Tick>, Error> {
        let mut open = Vec::with_capacity(ticks.len());
        for tick in ticks {
            let values = [tick.key.as_str().into(), tick.at.into()];
            let is_taken = tick.job.is_some() && !transaction.query(TAKEN, &values).await?.is_empty();
            open.push(Tick::new(&*tick.key, tick.at, tick.job.clone().filter(|_| !is_taken)));
        }
        Ok(open)
    }

    /// Writes the rows of the ticks whose jobs were just stored. Answers the jobs of ticks that another scheduler took
    /// meanwhile; they are deleted again.
    async fn take_for(
        &self,
        transaction: &mut Transaction,
        ticks: &[Tick],
        jobs: &[NewJob],
        now: Timestamp,
    ) -> Result<HashSet<String>, Error> {
        let mut lost = HashSet::new();
        for job in jobs {
            let Some(tick) = ticks.iter().find(|tick| tick.job.as_ref().is_some_and(|of| of.id == job.id)) else {
                continue;
            };
            let id = active_job_id_of(job.id);
            let rows = transaction.query(ROW, &[id.as_str().into()]).await?;
            let Some(row) = rows.first().and_then(|row| row.int_or_null(0)) else { continue };
            let values = [row.into(), tick.key.as_str().into(), tick.at.into(), now.into()];
            if transaction.execute(TAKE, &values).await? == 0 {
                // Only a ready job holds a permit.
                if leave(transaction, State::Ready, row).await? {
                    self.signal_rows(transaction, &[row]).await?;
                }
                lists::execute(transaction, DELETE_JOBS, &[], &[row]).await?;
                lost.insert(id);
            }
        }
        Ok(lost)
    }
}
