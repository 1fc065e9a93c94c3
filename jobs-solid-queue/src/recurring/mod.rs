//! The capability to keep recurring tasks, in the tables of Solid Queue: a tick is taken once over the schedulers of both sides.

mod pause_marks;
mod task_row;
mod ticks;

use jobs_core::{
    Error, Recurring, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Tick, TickOutcome, Timestamp,
};
use jobs_sql::{SqlValue, Transaction, repeat_deadlocked};
use task_row::{TaskRow, values};

use crate::SolidQueueStore;
use crate::lists;

const TASKS: &str = include_str!("../sql/recurring/tasks.sql");
const LOCK: &str = include_str!("../sql/recurring/lock.sql");
const INSERT: &str = include_str!("../sql/recurring/insert.sql");
const UPDATE: &str = include_str!("../sql/recurring/update.sql");
const DESCRIBE: &str = include_str!("../sql/recurring/describe.sql");
const DELETE: &str = include_str!("../sql/recurring/delete.sql");
const DOING: &str = "change a recurring task";

impl Recurring for SolidQueueStore {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            for task in tasks {
                self.declare_one(task).await?;
            }
            self.forget_undeclared().await
        })
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        Box::pin(async move {
            let now = self.queue.now();
            let rows = self.task_rows().await?;
            let mut records: Vec<RecurringRecord> = rows.iter().map(|row| row.record(self.form(), now)).collect();
            records.sort_by(|one, other| one.task.key.cmp(&other.task.key));
            Ok(RecurringTasks::new(now, records))
        })
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        Box::pin(async move {
            let outcomes = repeat_deadlocked(|| Box::pin(self.take_ticks(ticks))).await?;
            self.changes.notify_if(outcomes.iter().any(|outcome| matches!(outcome, TickOutcome::Enqueued(_))));
            Ok(outcomes)
        })
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.change_task(key, |record, _| record.pause()))
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.change_task(key, RecurringRecord::resume))
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let mut transaction = self.queue.begin(DOING).await?;
            let rows = transaction.execute(DELETE, &[key.into()]).await?;
            Self::mark_paused(&mut transaction, key, false, self.queue.now()).await?;
            transaction.commit().await?;
            Ok(rows > 0)
        })
    }
}

impl SolidQueueStore {
    async fn task_rows(&self) -> Result<Vec<TaskRow>, Error> {
        let paused = self.paused_tasks().await?;
        let rows = self.queue.query(TASKS, &[], "read recurring tasks").await?;
        rows.iter().map(|row| TaskRow::read(row, &paused)).collect()
    }

    /// The rows of these tasks, locked.
    async fn lock_tasks(&self, transaction: &mut Transaction, keys: &[&str]) -> Result<Vec<TaskRow>, Error> {
        let rows = lists::query(transaction, LOCK, keys).await?;
        let paused = Self::paused_tasks_in(transaction).await?;
        let mut rows = rows.iter().map(|row| TaskRow::read(row, &paused)).collect::<Result<Vec<_>, _>>()?;
        // The collation of MySQL takes keys for one that differ in their letters' case.
        rows.retain(|row| keys.contains(&row.key.as_str()));
        Ok(rows)
    }

    async fn declare_one(&self, task: &RecurringTask) -> Result<(), Error> {
        let now = self.queue.now();
        let mut transaction = self.queue.begin(DOING).await?;
        let new = RecurringRecord::new(task.clone(), now);
        let mut row: Vec<SqlValue> = vec![task.key.as_str().into()];
        row.extend(values(&new, self.form())?);
        row.extend([now.into(), now.into()]);
        if transaction.execute(INSERT, &row).await? == 0 {
            for row in self.lock_tasks(&mut transaction, &[&task.key]).await? {
                let mut record = row.record(self.form(), now);
                record.declare(task, now);
                self.write_task(&mut transaction, &row, &record, now).await?;
            }
        }
        transaction.commit().await
    }

    async fn forget_undeclared(&self) -> Result<(), Error> {
        let now = self.queue.now();
        for row in self.task_rows().await? {
            if !row.is_of_ruby && row.record(self.form(), now).is_forgotten(now) {
                self.forget_task(&row.key).await?;
            }
        }
        Ok(())
    }

    async fn change_task(
        &self,
        key: &str,
        change: impl Fn(&mut RecurringRecord, Timestamp) -> bool + Send,
    ) -> Result<bool, Error> {
        let now = self.queue.now();
        let mut transaction = self.queue.begin(DOING).await?;
        let mut has_changed = false;
        for row in self.lock_tasks(&mut transaction, &[key]).await? {
            let mut record = row.record(self.form(), now);
            if change(&mut record, now) {
                self.write_task(&mut transaction, &row, &record, now).await?;
                has_changed = true;
            }
        }
        transaction.commit().await?;
        Ok(has_changed)
    }

    /// Writes a record into its locked row. Of a task of Ruby only our own data are written.
    async fn write_task(
        &self,
        transaction: &mut Transaction,
        row: &TaskRow,
        record: &RecurringRecord,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = || SqlValue::from(row.key.as_str());
        if row.is_of_ruby {
            transaction.execute(DESCRIBE, &[row.description_with(record).into(), key()]).await?;
            if row.is_paused != record.paused {
                Self::mark_paused(transaction, &row.key, record.paused, now).await?;
            }
        } else {
            let mut values = values(record, self.form())?;
            values.extend([now.into(), key()]);
            transaction.execute(UPDATE, &values).await?;
        }
        Ok(())
    }
}
