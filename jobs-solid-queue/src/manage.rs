//! The capability to change jobs and queues manually: each job leaves its state in the transaction that moves it.

use std::collections::HashMap;
use std::time::Duration;

use jobs_core::{Due, Error, JobId, Manage, ManualChange, State, StoreFuture, Timestamp, check_queue_name};
use jobs_sql::{Dialect, SqlValue, Transaction, repeat_deadlocked};

use crate::SolidQueueStore;
use crate::inspect::{StoredJob, jobs_where, source};
use crate::lists;
use crate::payload::{ExecutionRow, RowPayload, active_job_id_of, failed_record, row_of, storable};

const ROWS: &str = include_str!("sql/manage/rows.sql");
const LEAVE: &str = include_str!("sql/manage/leave.sql");
const RETRY: &str = include_str!("sql/manage/retry.sql");
const LOCK_DONE: &str = include_str!("sql/manage/lock_done.sql");
const SCHEDULE_AT: &str = include_str!("sql/manage/schedule_at.sql");
const RESCHEDULE: &str = include_str!("sql/manage/reschedule.sql");
const DISCARD: &str = include_str!("sql/manage/discard.sql");
const SCHEDULE: &str = include_str!("sql/settle/schedule.sql");
const DELETE_JOBS: &str = include_str!("sql/settle/delete_jobs.sql");
const PAUSE: &str = include_str!("sql/manage/pause.sql");
const RESUME: &str = include_str!("sql/manage/resume.sql");
const PRUNE: &str = include_str!("sql/manage/prune.sql");
const PRUNE_MYSQL: &str = include_str!("sql/manage/prune.mysql.sql");

/// A row that is changed so much after it finished is that of a discarded job.
const A_MOMENT: Duration = Duration::from_micros(1);

/// How many jobs are changed in one transaction, so that no lock is held long.
const AT_ONCE: usize = 500;

impl Manage for SolidQueueStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(self.change_all(jobs, ManualChange::Retry, "retry jobs"))
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(self.change_all(jobs, ManualChange::Discard, "discard jobs"))
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        Box::pin(self.change_all(jobs, ManualChange::Reschedule(due), "reschedule jobs"))
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            check_queue_name(queue)?;
            self.written(PAUSE, &[queue.into(), self.queue.now().into()], "pause a queue").await.map(|rows| rows > 0)
        })
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let is_resumed = self.written(RESUME, &[queue.into()], "resume a queue").await? > 0;
            self.changes.notify_if(is_resumed);
            Ok(is_resumed)
        })
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let statement = if self.queue.dialect() == Dialect::MySql { PRUNE_MYSQL } else { PRUNE };
            let before = storable(self.queue.now() - older_than);
            self.written(statement, &[before.into(), limit.into()], "delete finished jobs").await
        })
    }
}

impl SolidQueueStore {
    /// Runs one statement; how many rows it changed.
    async fn written(&self, statement: &str, values: &[SqlValue], doing: &'static str) -> Result<u64, Error> {
        let mut transaction = self.queue.begin(doing).await?;
        let rows = transaction.execute(statement, values).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    async fn change_all(&self, jobs: &[JobId], change: ManualChange, doing: &'static str) -> Result<u64, Error> {
        let mut changed = 0;
        for some in jobs.chunks(AT_ONCE) {
            changed += repeat_deadlocked(|| Box::pin(self.change_some(some, change, doing))).await?;
            self.changes.notify();
        }
        Ok(changed)
    }

    async fn change_some(&self, some: &[JobId], change: ManualChange, doing: &'static str) -> Result<u64, Error> {
        let (mut transaction, mut changed) = (self.queue.begin(doing).await?, 0);
        for stored in self.stored(&mut transaction, some).await? {
            changed += u64::from(self.change_manually(&mut transaction, stored, change).await?);
        }
        transaction.commit().await?;
        Ok(changed)
    }

    /// The last rows of these jobs, each once, in the order of the jobs.
    async fn stored(&self, transaction: &mut Transaction, jobs: &[JobId]) -> Result<Vec<StoredJob>, Error> {
        let ids: Vec<String> = jobs.iter().map(|job| active_job_id_of(*job)).collect();
        let last = lists::query(transaction, ROWS, &ids).await?;
        let mut rows = last.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
        rows.extend(jobs.iter().filter_map(|job| row_of(*job)));
        let limit = rows.len().to_string();
        let statement = jobs_where(None, "j.id IN {ids}", false).replace("LIMIT ?", &format!("LIMIT {limit}"));
        let found = lists::query(transaction, &statement, &rows).await?;
        let found = found.iter().map(|row| StoredJob::read(row).map(|stored| (stored.row.job_id(), stored)));
        let mut found: HashMap<JobId, StoredJob> = found.collect::<Result<_, Error>>()?;
        Ok(jobs.iter().filter_map(|job| found.remove(job)).collect())
    }

    async fn change_manually(
        &self,
        transaction: &mut Transaction,
        stored: StoredJob,
        change: ManualChange,
    ) -> Result<bool, Error> {
        match change {
            ManualChange::Retry => self.retry_one(transaction, stored).await,
            ManualChange::Discard => self.discard_one(transaction, stored).await,
            ManualChange::Reschedule(due) => {
                let due = storable(due.at(self.queue.now()));
                self.reschedule_one(transaction, &stored, due).await
            }
        }
    }

    async fn retry_one(&self, transaction: &mut Transaction, stored: StoredJob) -> Result<bool, Error> {
        let (now, row) = (self.queue.now(), stored.row.id);
        match &stored.standing {
            ExecutionRow::Scheduled(_) => {
                if !leave(transaction, State::Scheduled, row).await? {
                    return Ok(false);
                }
                transaction.execute(SCHEDULE_AT, &[now.into(), row.into()]).await?;
            }
            ExecutionRow::Failed { .. } => {
                if !leave(transaction, State::Failed, row).await? {
                    return Ok(false);
                }
                let payload = ended(&stored).map(RowPayload::retried_by_person);
                self.run_once_more(transaction, &stored, payload, now).await?;
            }
            ExecutionRow::Done if stored.row.is_discarded() => {
                if transaction.query(LOCK_DONE, &[row.into()]).await?.is_empty() {
                    return Ok(false);
                }
                let payload = stored.row.payload().ok().map(RowPayload::retried_by_person);
                self.run_once_more(transaction, &stored, payload, now).await?;
            }
            _ => return Ok(false),
        }
        self.admit_rows(transaction, &[row], now).await?;
        Ok(true)
    }

    /// Writes that a job runs again. What cannot be read stays as it is.
    async fn run_once_more(
        &self,
        transaction: &mut Transaction,
        stored: &StoredJob,
        payload: Option<RowPayload>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let text = self.text_of(stored, payload);
        transaction.execute(RETRY, &[text.into(), now.into(), stored.row.id.into()]).await?;
        Ok(())
    }

    fn text_of(&self, stored: &StoredJob, payload: Option<RowPayload>) -> Option<String> {
        payload.map(|payload| payload.text(self.queue.dialect())).or_else(|| stored.row.arguments.clone())
    }

    async fn discard_one(&self, transaction: &mut Transaction, stored: StoredJob) -> Result<bool, Error> {
        let (now, row) = (self.queue.now(), stored.row.id);
        let state = match &stored.standing {
            ExecutionRow::Ready { .. } => State::Ready,
            ExecutionRow::Scheduled(_) => State::Scheduled,
            ExecutionRow::Blocked => State::Blocked,
            ExecutionRow::Failed { .. } => State::Failed,
            _ => return Ok(false),
        };
        if !leave(transaction, state, row).await? {
            return Ok(false);
        }
        if state == State::Ready {
            // It had a permit, if it needs one.
            self.signal_rows(transaction, &[row]).await?;
        }
        if self.queue.options.preserves_finished_jobs {
            let payload = ended(&stored).filter(|_| state == State::Failed);
            let values = [self.text_of(&stored, payload).into(), now.into(), (now + A_MOMENT).into(), row.into()];
            transaction.execute(DISCARD, &values).await?;
        } else {
            lists::execute(transaction, DELETE_JOBS, &[], &[row]).await?;
        }
        Ok(true)
    }

    async fn reschedule_one(
        &self,
        transaction: &mut Transaction,
        stored: &StoredJob,
        due: Timestamp,
    ) -> Result<bool, Error> {
        let row = stored.row.id;
        let (is_ready, moved) = match &stored.standing {
            ExecutionRow::Ready { .. } => (true, leave(transaction, State::Ready, row).await?),
            ExecutionRow::Scheduled(_) => {
                (false, transaction.execute(RESCHEDULE, &[due.into(), row.into()]).await? > 0)
            }
            _ => (false, false),
        };
        if moved {
            transaction.execute(SCHEDULE_AT, &[due.into(), row.into()]).await?;
        }
        if moved && is_ready {
            self.signal_rows(transaction, &[row]).await?;
            lists::execute(transaction, SCHEDULE, &[self.queue.now().into()], &[row]).await?;
        }
        Ok(moved)
    }
}

/// Takes a job out of a state; `false` if another program was faster.
pub(crate) async fn leave(transaction: &mut Transaction, state: State, row: i64) -> Result<bool, Error> {
    let (table, _) = source(Some(state));
    let table = table.split(' ').next().unwrap_or(table);
    Ok(transaction.execute(&LEAVE.replace("{table}", table), &[row.into()]).await? > 0)
}

/// A failed job with its last attempt counted and the error of it among the others; `None` if it cannot be read.
fn ended(stored: &StoredJob) -> Option<RowPayload> {
    let payload = stored.row.payload().ok()?.counted();
    let failed = match &stored.standing {
        ExecutionRow::Failed { error: Some(error), at } => Some(failed_record(error, payload.attempts(), *at)),
        _ => None,
    };
    Some(payload.with_errors(failed.as_ref()))
}
