//! The capability to change jobs and queues manually.

use std::time::Duration;

use jobs_core::{Due, Error, JobId, Manage, ManualChange, State, StoreFuture, check_queue_name};
use jobs_sql::{Transaction, repeat_deadlocked};

use crate::DelayedJobStore;
use crate::inspect::Sought;
use crate::job::{StoredJob, state_of};
use crate::store::{StoreCore, read_row};
use crate::work::ChangedRow;

impl Manage for DelayedJobStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.change(jobs, ManualChange::Retry)
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        self.change(jobs, ManualChange::Discard)
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        self.change(jobs, ManualChange::Reschedule(due))
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            check_queue_name(queue)?;
            self.write_pause(include_str!("sql/pause.sql"), queue, "pause a queue").await
        })
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.write_pause(include_str!("sql/resume.sql"), queue, "resume a queue"))
    }

    /// There are no finished and discarded jobs to delete.
    fn prune(&self, _older_than: Duration, _limit: usize) -> StoreFuture<'_, u64> {
        Box::pin(std::future::ready(Ok(0)))
    }
}

/// Whether a change applies to jobs in this state.
fn applies_to(change: ManualChange, state: State) -> bool {
    match change {
        ManualChange::Retry => matches!(state, State::Failed | State::Scheduled),
        ManualChange::Discard => state != State::Claimed,
        ManualChange::Reschedule(_) => matches!(state, State::Ready | State::Scheduled),
    }
}

impl DelayedJobStore {
    fn change<'a>(&'a self, jobs: &'a [JobId], change: ManualChange) -> StoreFuture<'a, u64> {
        Box::pin(async move {
            let jobs = jobs.to_vec();
            self.run(move |core| async move { repeat_deadlocked(|| Box::pin(core.change(&jobs, change))).await }).await
        })
    }

    async fn write_pause(&self, statement: &'static str, queue: &str, doing: &'static str) -> Result<bool, Error> {
        let queue = queue.to_owned();
        self.run(move |core| async move {
            let mut transaction = core.database.begin(doing).await?;
            let changed = transaction.execute(&core.statements.fill(statement), &[queue.into()]).await?;
            transaction.commit().await?;
            core.changes.notify();
            Ok(changed > 0)
        })
        .await
    }
}

impl StoreCore {
    async fn change(&self, jobs: &[JobId], change: ManualChange) -> Result<u64, Error> {
        let rows = self.rows_of(jobs, Sought::All).await?;
        let _in_order = self.writing.lock().await;
        let mut transaction = self.database.begin("change jobs").await?;
        let (mut changed, mut discarded) = (0, Vec::new());
        for row in self.query_for(&mut transaction, include_str!("sql/rows_locked.sql"), &rows).await? {
            let job = StoredJob::of(read_row(&row)?);
            if !applies_to(change, state_of(&job.row)) {
                continue;
            }
            changed += 1;
            match change {
                ManualChange::Discard => discarded.push(job.row.id),
                ManualChange::Retry => self.retry_manually(&mut transaction, job).await?,
                ManualChange::Reschedule(due) => {
                    let due = due.at(self.clock.now());
                    let moved = ChangedRow::of(job).due(due, self.scheduled_mark(due));
                    self.write(&mut transaction, moved).await?;
                }
            }
        }
        self.execute_for(&mut transaction, include_str!("sql/delete.sql"), &[], &discarded).await?;
        transaction.commit().await?;
        self.changes.notify_if(changed > 0);
        Ok(changed)
    }

    /// Makes a job ready. One that has failed gets all its attempts of Ruby again.
    async fn retry_manually(&self, transaction: &mut Transaction, job: StoredJob) -> Result<(), Error> {
        let now = self.clock.now();
        let mut again = ChangedRow::of(job).due(now, now);
        if again.row.failed_at.take().is_some() {
            again.own.attempts_before = again.own.attempts_before.saturating_add(again.row.attempts);
            again.row.attempts = 0;
        }
        again.own.crashes = 0;
        self.write(transaction, again).await
    }
}
